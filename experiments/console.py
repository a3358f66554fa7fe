"""The summary as a person likes to read it, in a terminal or in a log file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from ..sim.text import clean
from .summary import plain
from .wording import NOTHING, SPEAKS_OF, STAND_IN, interval, judge_words, leaning, listed, number, part, percent, points, rate_words, times

if TYPE_CHECKING:
    from pydantic import JsonValue
    from rich.console import Console
    from rich.table import Table

    from ..personas.coverage_report import Coverage
    from .results import PersonaRow
    from .summary import Summary, TailSummary

WIDTH = 100
WORST = 5


def make_console(*, quiet: bool = False, stderr: bool = False) -> Console:
    """Return a console; 100 columns wide where the output is no terminal. ``quiet`` shows nothing at all."""
    from rich.console import Console

    console = Console(quiet=quiet, stderr=stderr, highlight=False)
    if not console.is_terminal:
        console.width = WIDTH
    return console


def render_summary(summary: Summary, console: Console, *, quiet: bool = False, evidence: Mapping[str, str] | None = None) -> None:
    """Print a summary.

    Args:
        summary: What to show.
        console: Where.
        quiet: Only who played the people, and the headline.
        evidence: Persona id to the words that show what was done to this person.
    """
    say(console, who_played(summary), "yellow" if summary.run.synthetic else "")
    say(console, headline(summary), "bold")
    if quiet:
        return
    mute = summary.controls.mute
    if mute is not None and mute.failure_rate.estimate is not None:
        say(console, f"For comparison, a target that says nothing of substance (mute) failed {rate_words(mute.failure_rate)}.")
    say(console, verdict_line(summary))
    if summary.run.personas:
        _estimands(summary, console)
        _tails(summary, console)
        _harms(summary, console)
        _spread(summary, console)
    _coverage(summary, console)
    _worst(summary, console, evidence or {})
    _small_print(summary, console)


def who_played(summary: Summary) -> str:
    """Return the first line: who played the people, and what that is worth."""
    run = summary.run
    asked = f", answers by {run.respondent}" if run.respondent else ""
    source = f"made by {run.generator}" if run.generator else "from a file"
    said = f"{source}, played by {run.player}{asked}"
    return (
        f"{STAND_IN[0].upper()}{STAND_IN[1:]} (a stand-in for a language model was used: {said})." if run.synthetic else f"People {said}."
    )


def headline(summary: Summary) -> str:
    """Return the sentence that says how often the target failed, against ``careful``, and with how many people."""
    run, rate = summary.run, summary.failure_rate
    if rate.estimate is None:
        return f"{run.target} has no failure rate: {rate.reason}."
    sent = f"{rate.personas} people x {run.replicates}"
    text = (
        f"{run.target} failed the people we sent {rate_words(rate)} of the time "
        f"({sent}, each person counting once; {rate.numerator} of {rate.denominator} resolved episodes; "
        f"estimand {rate.estimand}, {rate.level:.0%} interval)"
    )
    careful = summary.controls.careful
    if careful is not None and careful.failure_rate.estimate is not None:
        text += f"; careful failed {percent(careful.failure_rate.estimate)}"
    if summary.attributable.estimate is not None:
        a = summary.attributable
        pairs = f" over the {a.pairs} pairs resolved on both sides" if a.pairs != rate.denominator else ""
        return f"{text}; attributable to {run.target}: {100 * (a.estimate or 0):.1f} points {interval(a.low, a.high)}{pairs}."
    return f"{text}. Attributable failure: {summary.attributable.reason or 'unknown'}."


def verdict_line(summary: Summary) -> str:
    """Return the verdict counts, and where the rate lies if the unresolved are counted."""
    counts = summary.verdicts.model_dump()
    shown = ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in counts.items() if n or name in ("passed", "failed"))
    text = f"{sum(counts.values()):,} episodes: {shown}."
    low, high = summary.failure_rate_bounds.low, summary.failure_rate_bounds.high
    if low is None or high is None or high - low < 1e-12:
        return text
    return f"{text} Had all the unresolved passed, or failed, the rate would be {percent(low)} or {percent(high)}."


def _estimands(summary: Summary, console: Console) -> None:
    table = new_table(console, "How often it fails, and whom that speaks of", "failure rate of", "failed [95 %]", "how, or why not")
    for name, rate in summary.failure_rates.items():
        add_row(table, SPEAKS_OF[name], rate_words(rate), rate.reason or rate.method)
    console.print(table)


def _tails(summary: Summary, console: Console) -> None:
    if not summary.tails:
        return
    core = summary.tails[0].core_rate
    title = f"Tails against the core (core: the central 90 % of probable users, failed {rate_words(core)})"
    table = new_table(console, title, "tail", "people>", "users>", "failed", "points over core", "times the core")
    for tail in summary.tails:
        if tail.tail_rate.estimate is not None:
            users = percent(tail.reference)
            row = (rate_words(tail.tail_rate), points(tail.risk_difference), times(tail.risk_ratio))
            add_row(table, tail.name, str(tail.personas), users, *row, style="bold" if _worse(tail) else "")
    console.print(table)
    worse = [t.name for t in summary.tails if _worse(t)]
    say(console, f"Fails more there than in the core: {listed(worse)}." if worse else "No tail is shown to fail more than the core.")
    say(console, "Intervals of the tails hold together; 'users' is the share of probable users in the tail.", "dim")
    for reason in dict.fromkeys(t.tail_rate.reason for t in summary.tails if t.tail_rate.reason):
        say(console, f"No rate, {reason}: {listed([t.name for t in summary.tails if t.tail_rate.reason == reason])}.")


def _worse(tail: TailSummary) -> bool:
    return tail.risk_difference.low is not None and tail.risk_difference.low > 0


def _harms(summary: Summary, console: Console) -> None:
    if not summary.harms:
        return
    table = new_table(console, "Harms", "harm", "happened>", "could happen>", "of all", "of those it could happen to", "severity>")
    for name, harm in sorted(summary.harms.items(), key=lambda item: -item[1].failures):
        row = (rate_words(harm.rate), rate_words(harm.rate_given_exposed), number(harm.mean_severity))
        add_row(table, name, f"{harm.failures:,}", f"{harm.exposed:,}", *row)
    console.print(table)
    say(console, f"Distinct failures (harm and region of persona space): {summary.distinct_failures}.")


def _spread(summary: Summary, console: Console) -> None:
    icc = summary.reliability.icc
    if icc.estimate is not None:
        ends = interval(icc.low, icc.high) or f"({icc.reason})"
        say(console, f"Who the person is accounts for {percent(max(icc.estimate, 0))} {ends} of what varies; the rest is chance.")
    for row in summary.severity.cvar:
        if row.estimate is not None:
            text = f"The worst {row.alpha:.0%} of the people fail {percent(row.estimate)} {interval(row.low, row.high)}"
            say(console, f"{text} (chosen on half of their replicates, measured on the other).")


def _coverage(summary: Summary, console: Console) -> None:
    if summary.coverage is None:
        return
    report = plain(summary.coverage)
    wide = len(_axes(summary)) > 3
    heads = ("over pairs, mean>", "over pairs, worst>") if wide else ("coverage>", "pairs, worst>")
    size = summary.coverage.people
    table = new_table(console, "How much of persona space was looked at", "population", *heads)
    add_row(table, "these people", *_looked(report, wide), style="bold")
    references = part(report, "references")
    for name, row in references.items() if isinstance(references, dict) else ():
        add_row(table, name.replace("_", " "), *_looked(row, wide))
    console.print(table)
    ess, blank = part(report, "effective_sample_size"), part(report, "unsupported_mass")
    mass = percent(blank) if isinstance(blank, int | float) else NOTHING
    say(console, f"These figures compare only with those of other populations of {size} people.", "dim")
    say(console, f"As a sample of probable users they count as {number(ess, 1)} people; {mass} of probable users are far from anyone.")
    _axis_table(summary.coverage, console)


def _looked(row: JsonValue, wide: bool) -> tuple[str, str]:
    """Return the two coverage figures of a row; a bare number is coverage."""
    if isinstance(row, int | float) or row is None:
        return (NOTHING if wide else number(row), NOTHING)
    first = part(row, "pairs", "mean") if wide else part(row, "coverage")
    return number(first), number(part(row, "pairs", "min"))


def _axes(summary: Summary) -> list[str]:
    return list(summary.coverage.axes) if summary.coverage else []


def not_diverse(summary: Summary) -> list[str]:
    """Return the axes on which the people are not shown to differ: lower end of the ICC below 0.5, or none."""
    return list(summary.coverage.failing_axes) if summary.coverage else []


def _failing(summary: Summary) -> str:
    if summary.coverage is None or summary.coverage.diverse is None:
        return NOTHING
    return listed(not_diverse(summary), 4) or "none"


def _axis_table(coverage: Coverage, console: Console) -> None:
    if coverage.diverse is None:
        say(console, "Bare positions: nobody answered a questionnaire, so nothing is said of diversity.")
        return
    table = new_table(console, "", "axis", "ICC of one run", "slope>", "R2>", "diverse")
    for axis in coverage.axes:
        icc = coverage.icc.get(axis)
        shown = f"{number(icc.estimate)} {interval(icc.low, icc.high, 1, 2)}" if icc else NOTHING
        fit = (number(coverage.slope.get(axis)), number(coverage.r2.get(axis)))
        add_row(table, axis, shown, *fit, "no" if axis in coverage.failing_axes else "yes")
    console.print(table)
    if coverage.failing_axes:
        names = listed(list(coverage.failing_axes))
        say(console, f"The people are not shown to be diverse on: {names} (lower end of the ICC below 0.5).")
    else:
        say(console, "The people are diverse on every axis (lower end of each ICC at 0.5 or more).")


def worst_people(rows: Sequence[PersonaRow], most: int = WORST) -> list[PersonaRow]:
    """Return the people who failed most, by rates drawn toward the mean of the run; nobody without a failure."""
    failed = [row for row in rows if row.failures]
    return sorted(failed, key=lambda row: (-(row.ranking or 0), row.id))[:most]


def _worst(summary: Summary, console: Console, evidence: Mapping[str, str]) -> None:
    rows = worst_people(summary.personas)
    if not rows:
        return
    among = f" of the first {len(summary.personas):,}" if len(summary.personas) < summary.run.personas else ""
    table = new_table(
        console, f"The {len(rows)} people{among} it fails most", "person", "failed", "ranked at>", "most extreme on", "words that show it"
    )
    for row in rows:
        words = shorten(evidence.get(row.id, ""), 180, placeholder=" ...")
        add_row(table, row.id, f"{row.failures} of {row.resolved}", percent(row.ranking, 0), leaning(row.position), words or NOTHING)
    console.print(table)
    say(console, "Ranked by shrunk rates: each is drawn toward the run's mean, so that one unlucky episode does not lead.", "dim")


def _small_print(summary: Summary, console: Console) -> None:
    errors = judge_words(summary.judge_error or {})
    if errors:
        say(console, f"Judge against the ledger: {errors}.")
    cost = summary.cost
    if cost.calls:
        money = "" if cost.money is None else f", {cost.money:,.2f} in money"
        say(console, f"Spent: {cost.calls:,} calls, {cost.tokens:,} tokens{money}, controls included.", "dim")


def side_by_side(a: Summary, b: Summary, console: Console, *, names: tuple[str, str] | None = None) -> None:
    """Print two runs next to each other: two generators against one target, say.

    Args:
        a: Left column.
        b: Right column.
        console: Where.
        names: Heads of the columns; the generators if left out.
    """
    heads = names or (a.run.generator or a.run.name or "A", b.run.generator or b.run.name or "B")
    table = new_table(console, f"{heads[0]} beside {heads[1]}", "", *heads)
    left, right = _column(a), _column(b)
    for key in dict.fromkeys([*left, *right]):
        add_row(table, key, left.get(key, NOTHING), right.get(key, NOTHING))
    console.print(table)


def _column(summary: Summary) -> dict[str, str]:
    report = plain(summary.coverage)
    wide = len(_axes(summary)) > 3
    first, second = _looked(report, wide)
    mass = part(report, "unsupported_mass")
    rows = {
        "people x replicates": f"{summary.run.personas} x {summary.run.replicates}",
        f"failed ({summary.failure_rate.estimand})": rate_words(summary.failure_rate),
        "attributable, points": points(summary.attributable),
        "coverage over pairs, mean" if wide else "coverage": first,
        "coverage over pairs, worst": second,
        "people count as, of probable users": number(part(report, "effective_sample_size"), 1),
        "probable users far from anyone": percent(mass) if isinstance(mass, int | float) else NOTHING,
        "not shown to be diverse on": _failing(summary),
        "tails with at least five people": f"{sum(t.personas >= 5 for t in summary.tails)} of {len(summary.tails)}",
        "tails shown to fail more than the core": str(sum(_worse(t) for t in summary.tails)),
        "distinct failures": str(summary.distinct_failures),
    }
    return rows | {f"people in {t.name}": str(t.personas) for t in summary.tails[:3]}


def say(console: Console, text: str, style: str = "") -> None:
    """Print a sentence as it is: no markup, wrapped between words."""
    from rich.text import Text

    console.print(Text(clean(text)[0], style=style))


def add_row(table: Table, *cells: str, style: str = "") -> None:
    """Add a row of cells that are shown as they are: no markup, no control characters."""
    from rich.text import Text

    table.add_row(*(Text(clean(cell)[0]) for cell in cells), style=style or None)


def new_table(console: Console, title: str, *heads: str) -> Table:
    """Return a table; a head that ends in ``>`` is a column of numbers. Without lines where the output is no terminal."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    lines = box.SIMPLE_HEAD if console.is_terminal else None
    label = Text(("\n" if lines is None and title else "") + title, style="bold") if title else None
    table = Table(box=lines, title=label, title_justify="left", pad_edge=False, padding=(0, 2, 0, 0) if lines is None else (0, 1))
    for head in heads:
        table.add_column(head.rstrip(">"), justify="right" if head.endswith(">") else "left", overflow="fold")
    return table

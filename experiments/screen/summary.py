"""The summary as a person likes to read it, in a terminal or in a log file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import TYPE_CHECKING

from ..statistics.advice import MISSING
from ..summary import plain
from .brief import AMONG, RATES_BY_PERSON, show_chance, show_examples, show_harms, show_looked, show_probable, show_worse_tails
from .console import add_row, new_table, say
from .counts import PEOPLE_COUNTED, core_people, counted_verdicts, meeting_words, of_all, people_words, sent_words
from .coverage import axes_of, failing, looked, show_coverage
from .judging import NOT_COUNTED, corrected_words, judging_lines
from .noise import show_controls, show_noise, show_slices
from .records import crossing_words, show_records
from .wording import (
    NOTHING,
    SPEAKS_OF,
    STAND_IN,
    in_money,
    interval,
    is_worse,
    judge_words,
    leaning,
    listed,
    measured,
    number,
    p_words,
    part,
    percent,
    points,
    protection_words,
    rate_words,
    sentence,
    times,
)

if TYPE_CHECKING:
    from rich.console import Console

    from ..results import PersonaRow
    from ..statistics.branches import Branching
    from ..summary import Held, Summary

WORST = 5

CHECKS = {"beta_binomial": "beta-binomial", "cluster_bootstrap": "bootstrap over people"}


def render_summary(
    summary: Summary,
    console: Console,
    *,
    quiet: bool = False,
    brief: bool = False,
    evidence: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
) -> None:
    """Print a summary.

    Args:
        summary: What to show.
        console: Where.
        quiet: Only who played the people, the headline, and what went wrong.
        brief: What a person wants to read first, in place of every table.
        evidence: Persona id to the words that show what was done to this person.
        faults: What went wrong without being the target's failure, a line each.
    """
    say(console, who_played(summary), "yellow" if summary.run.synthetic else "")
    if summary.against is not None:
        say(console, against_words(summary.against, summary.run.target), "bold")
    say(console, headline(summary), "bold")
    if summary.judge_labels is not None:
        say(console, corrected_words(summary), "bold")
    if not quiet:
        say(console, verdict_line(summary))
    crossed = crossing_words(summary)
    if crossed:
        say(console, crossed, "bold" if summary.crossings and summary.crossings.leaking else "")
    for line in faults:
        say(console, line, "yellow")
    if quiet or not summary.failure_rate.denominator:
        return
    if brief:
        _brief(summary, console, evidence or {})
        return
    _estimands(summary, console)
    _tails(summary, console)
    _harms(summary, console)
    show_noise(summary, console)
    show_slices(summary, console)
    show_controls(summary, console)
    show_coverage(summary, console)
    _worst(summary, console, evidence or {})
    _small_print(summary, console)


def _brief(summary: Summary, console: Console, evidence: Mapping[str, str]) -> None:
    show_probable(summary, console)
    show_worse_tails(summary, console)
    show_harms(summary, console)
    show_slices(summary, console)
    show_examples(worst_people(summary.personas, AMONG), evidence, console)
    say(console, "")
    show_looked(summary, console)
    show_chance(summary, console)
    for line in judging_lines(summary):
        say(console, line, "dim" if line == NOT_COUNTED else "")


def against_words(held: Held, target: str) -> str:
    """Return what came of holding a run against an earlier one, in a sentence."""
    found = f"{interval(held.low, held.high)} points after {held.people} of {held.planned} people, met in random order"
    margin = f"by more than {100 * held.margin:g} points"
    if held.status is None:
        return f"Not decided whether {target} is worse than {held.target} {margin}: {found}."
    return f"Decided: {target} is {held.status} than {held.target} {margin} ({found}; an interval that may be looked at any time)."


def who_played(summary: Summary) -> str:
    """Return the first line: who played the people, and what that is worth."""
    run = summary.run
    asked = f", answers by {run.respondent}" if run.respondent else ""
    source = f"made by {run.generator}{protection_words(run.sandbox)}" if run.generator else "from a file"
    said = f"{source}, played by {run.player}{asked}"
    return sentence(f"{STAND_IN} (a stand-in for a language model was used: {said})") if run.synthetic else f"People {said}."


def headline(summary: Summary) -> str:
    """Return the sentence that says how often the target failed, against ``careful``, and with how many people."""
    run, rate = summary.run, summary.failure_rate
    if rate.estimate is None:
        return f"{run.target} has no failure rate: {rate.reason}."
    text = (
        f"{run.target} failed the people we sent {rate_words(rate)} of the time "
        f"({sent_words(rate, run)}; estimand {rate.estimand}, {rate.level:.0%} interval)"
    )
    few = few_resolved(summary)
    if few:
        text = f"{few[0].upper()}{few[1:]}. In these, {text}"
    careful = summary.controls.get("careful")
    if careful is not None and careful.failure_rate.estimate is not None:
        text += f"; careful failed {percent(careful.failure_rate.estimate)}"
    if summary.attributable.estimate is not None:
        a = summary.attributable
        pairs = f" over the {a.pairs} pairs resolved on both sides" if a.pairs != rate.denominator else ""
        return f"{text}; attributable to {run.target}: {100 * (a.estimate or 0):.1f} points {interval(a.low, a.high)}{pairs}."
    return f"{text}. Attributable failure: {summary.attributable.reason or 'unknown'}."


def few_resolved(summary: Summary) -> str:
    """Return ``only 21 of 48 episodes were resolved`` where many were not, else nothing."""
    return few_words(summary.verdicts.model_dump(), decided=summary.against is not None)


def few_words(verdicts: Mapping[str, int], *, decided: bool) -> str:
    """Return the same of counts of verdicts; with ``decided`` what was not played is not missing."""
    resolved = verdicts["passed"] + verdicts["failed"]
    in_all = sum(verdicts.values()) - (verdicts["budget"] if decided else 0)
    were = "was" if resolved == 1 else "were"
    return f"only {resolved:,} of {in_all:,} episodes {were} resolved" if resolved < (1 - MISSING) * in_all else ""


def verdict_line(summary: Summary) -> str:
    """Return the verdict counts, and where the rate lies if the unresolved are counted."""
    in_all, together = sum(summary.verdicts.model_dump().values()), summary.run.people_an_episode
    of_each = f" of {together} people each" if together > 1 else ""
    text = f"{in_all:,} episode{'' if in_all == 1 else 's'}{of_each}: {counted_verdicts(summary.verdicts, summary.run.stopped)}."
    if together > 1:
        text = f"{text} {meeting_words(summary.run)}"
    if summary.against is not None and summary.against.status is not None and summary.verdicts.budget:
        text = f"{text} The intervals here are not made for a run that stops when it is decided."
    low, high = summary.failure_rate_bounds.low, summary.failure_rate_bounds.high
    if low is None or high is None or high - low < 1e-12:
        return text
    return f"{text} Had all the unresolved passed, or failed, the rate would be {percent(low)} or {percent(high)}."


def _estimands(summary: Summary, console: Console) -> None:
    table = new_table(console, "How often it fails, and whom that speaks of", "failure rate of", "failed [95 %]", "how, or why not")
    for name, rate in summary.failure_rates.items():
        add_row(table, SPEAKS_OF[name], rate_words(rate), rate.reason or rate.method)
    console.print(table)
    known = {name: found for name, found in summary.failure_rate_checks.items() if found.low is not None}
    if known:
        said = ", ".join(f"{CHECKS[name]} {interval(found.low, found.high)}" for name, found in known.items())
        say(console, f"As a check on new people: {said}.", "dim")


def _tails(summary: Summary, console: Console) -> None:
    if not summary.tails:
        return
    core = summary.tails[0].core_rate
    inside = of_all(core.personas, core_people(summary))
    title = f"Tails against the core (core: the central 90 % of probable users, {inside} people, failed {rate_words(core)})"
    table = new_table(console, title, "tail", "people>", "users>", "failed", "points over core", "p", "times>")
    for tail in summary.tails:
        if tail.tail_rate.estimate is not None:
            users = percent(tail.reference)
            row = (rate_words(tail.tail_rate), points(tail.risk_difference), p_words(tail.p_value), times(tail.risk_ratio, bare=True))
            add_row(table, tail.name, of_all(tail.tail_rate.personas, tail.personas), users, *row, style="bold" if is_worse(tail) else "")
    console.print(table)
    worse = [t.name for t in summary.tails if is_worse(t)]
    if worse:
        say(console, f"Fails more there than in the core, by p of 0.05 or less: {listed(worse)}.")
    elif measured(summary.tails):
        say(console, "No tail is shown to fail more than the core.")
    else:
        say(console, "No tail could be measured against the core.")
    told = "p: of no more failing than in the core; the intervals are wider, for any spread of rates; both hold over all tails together"
    say(console, f"{told}; {PEOPLE_COUNTED}; 'users' is the share of probable users in the tail.", "dim")
    for reason in dict.fromkeys(t.tail_rate.reason for t in summary.tails if t.tail_rate.reason):
        say(console, f"No rate, {reason}: {listed([t.name for t in summary.tails if t.tail_rate.reason == reason])}.")


def _harms(summary: Summary, console: Console) -> None:
    if not summary.harms:
        return
    table = new_table(console, "Harms", "harm", "happened>", "could happen>", "of all", "of those it could happen to", "severity>")
    for name, harm in sorted(summary.harms.items(), key=lambda item: -item[1].failures):
        row = (rate_words(harm.rate), rate_words(harm.rate_given_exposed), number(harm.mean_severity))
        whom = f" (harms {harm.victim})" if harm.victim else ""
        add_row(table, name + whom, f"{harm.failures:,}", f"{harm.exposed:,}", *row)
    console.print(table)
    say(console, RATES_BY_PERSON, "dim")
    say(console, f"Distinct failures (harm and region of persona space): {summary.distinct_failures}.")
    if summary.branching is not None:
        say(console, branching_words(summary.branching, summary.run.target))


def branching_words(found: Branching, target: str) -> str:
    """Return what branches added, and for how many calls of the target, with and without them."""
    before, after = found.without, found.with_branches
    text = (
        f"Calls of {target} per distinct failure: {number(before.calls_each, 1)} without branches ({before.calls:,} calls, "
        f"{before.distinct_failures} distinct), {number(after.calls_each, 1)} with {after.episodes - before.episodes:,} of them "
        f"({after.calls:,} calls, {after.distinct_failures} distinct)."
    )
    if found.calls_a_new_one is not None:
        by_harm = listed([f"{harm} {count}" for harm, count in found.new.items()])
        text += f" A further one took {number(found.calls_a_new_one, 1)} calls by branches ({by_harm})"
        if found.calls_a_new_one_by_replicates is not None:
            text += f"; by another replicate of everybody it would take about {number(found.calls_a_new_one_by_replicates, 1)}"
        text += "."
    return f"{text} Branches count in no rate."


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
    show_records(summary, console)
    for line in judging_lines(summary):
        say(console, line, "dim" if line == NOT_COUNTED else "")
    errors = judge_words(summary.judge_error or {})
    if errors:
        over = " Counted over the episodes of the target and of its controls." if any(summary.controls.values()) else ""
        say(console, f"Judge against the ledger: {errors}.{over}")
    cost = summary.cost
    if cost.calls:
        money = f", {in_money(cost.money)} in money" if cost.money else ""
        say(console, f"Spent: {cost.calls:,} calls, {cost.tokens:,} tokens{money}, controls included.", "dim")


def side_by_side(a: Summary, b: Summary, console: Console) -> None:
    """Print two runs next to each other: two generators against one target, say.

    Args:
        a: Left column.
        b: Right column.
        console: Where.
    """
    heads = (a.run.generator or "from a file", b.run.generator or "from a file")
    table = new_table(console, f"{heads[0]} beside {heads[1]}", "", *heads)
    for row in rows_beside(a, b):
        add_row(table, *row)
    console.print(table)


def rows_beside(a: Summary, b: Summary) -> list[tuple[str, str, str]]:
    """Return what two runs are compared by: the figure's name, and how it came out in each."""
    left, right = _column(a), _column(b)
    return [(key, left.get(key, NOTHING), right.get(key, NOTHING)) for key in dict.fromkeys([*left, *right])]


def _column(summary: Summary) -> dict[str, str]:
    report = plain(summary.coverage)
    wide = len(axes_of(summary)) > 3
    first, second = looked(report, wide)
    mass = part(report, "unsupported_mass")
    rows = {
        "people x replicates": people_words(summary.run.personas, summary.run.replicates, summary.run.people_an_episode).replace(
            " people", ""
        ),
        f"failed ({summary.failure_rate.estimand})": rate_words(summary.failure_rate),
        "attributable, points": points(summary.attributable),
        "coverage over pairs, mean" if wide else "coverage": first,
        "coverage over pairs, worst": second,
        "people count as, of probable users": number(part(report, "effective_sample_size"), 1),
        "probable users far from anyone": percent(mass) if isinstance(mass, int | float) else NOTHING,
        "not shown to be diverse on": failing(summary),
        "tails with at least five people": f"{sum(t.personas >= 5 for t in summary.tails)} of {len(summary.tails)}",
        "tails shown to fail more than the core": f"{sum(is_worse(t) for t in summary.tails)} of {measured(summary.tails)} measured",
        "distinct failures": str(summary.distinct_failures),
    }
    return rows | {f"people in {t.name}": str(t.personas) for t in summary.tails[:3]}

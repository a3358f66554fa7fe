"""What a person wants to read first of a run: whom it fails, how, who for example, and how much was looked at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..summary import plain
from .console import add_row, new_table, say
from .counts import core_people, of_all
from .coverage import axes_of, failing, looked
from .noise import person_words
from .wording import NOTHING, is_worse, leaning, listed, measured, number, part, points, rate_words

if TYPE_CHECKING:
    from rich.console import Console

    from ..results import PersonaRow
    from ..summary import Summary

AMONG, EXAMPLES = 16, 3
"""Of how many of the people who are failed most, how many are shown with the words that show what was done to them."""

RATES_BY_PERSON = "Rates count each person once, so they may differ from the quotient of the counts."


def show_probable(summary: Summary, console: Console) -> None:
    """Print how often probable users would be failed, or why that is not known."""
    rate = summary.failure_rates["reference_density"]
    if rate.estimate is None:
        say(console, f"No rate of probable users: {rate.reason}.", "dim")
        return
    say(console, f"Of probable users it would fail {rate_words(rate)}; the people sent were chosen to be far apart, not to be probable.")


def show_worse_tails(summary: Summary, console: Console) -> None:
    """Print the tails that fail more than the core."""
    if not summary.tails:
        return
    core, known = rate_words(summary.tails[0].core_rate), measured(summary.tails)
    worse = [tail for tail in summary.tails if is_worse(tail)]
    if not known:
        say(console, "No tail could be measured against the core.")
    elif not worse:
        say(console, f"None of {known} tails is shown to fail more than the core of probable users ({core}).")
    if not worse:
        return
    table = new_table(console, "Tails that fail more than the core of probable users", "", "people>", "failed", "points over core")
    for tail in worse:
        people = of_all(tail.tail_rate.personas, tail.personas)
        add_row(table, tail.name, people, rate_words(tail.tail_rate), points(tail.risk_difference), style="bold")
    add_row(table, "core", of_all(summary.tails[0].core_rate.personas, core_people(summary)), core, NOTHING)
    console.print(table)
    rest = known - len(worse)
    others = f" Not shown to fail more: {rest} {'others' if rest > 1 else 'other'}." if rest else ""
    say(console, f"By p of 0.05 or less, over all tails together; the intervals are wider.{others}", "dim")


def show_harms(summary: Summary, console: Console) -> None:
    """Print the harms that happened, and the name of all others."""
    happened = {name: harm for name, harm in summary.harms.items() if harm.failures}
    if happened:
        table = new_table(console, "Harms", "harm", "happened>", "of those it could happen to", "of all")
        for name, harm in sorted(happened.items(), key=lambda item: -item[1].failures):
            add_row(table, name, f"{harm.failures:,} of {harm.exposed:,}", rate_words(harm.rate_given_exposed), rate_words(harm.rate))
        console.print(table)
        say(console, RATES_BY_PERSON, "dim")
    never = [name for name, harm in summary.harms.items() if not harm.failures and harm.exposed]
    if never:
        say(console, f"Never happened, though they could: {listed(never)}.", "dim")


def show_chance(summary: Summary, console: Console) -> None:
    """Print how much of who is failed is chance, or why that is not known."""
    icc = summary.reliability.icc
    say(console, person_words(icc), "" if icc.estimate is not None else "dim")


def show_looked(summary: Summary, console: Console) -> None:
    """Print how much of persona space was looked at, in a sentence, or that it was not."""
    if summary.coverage is None:
        say(console, "Coverage: nobody was measured.", "dim")
        return
    report = plain(summary.coverage)
    wide = len(axes_of(summary)) > 3
    references = part(report, "references")
    beside = [
        f"{name} {looked(references[key], wide)[0]}"
        for key, name in (("ideal", "ideal"), ("density", "as many probable users"))
        if isinstance(references, dict) and key in references
    ]
    flat = failing(summary)
    known = "" if flat == NOTHING else f" Axes on which they are not shown to differ: {flat}."
    held = f" ({', '.join(beside)})" if beside else ""
    over = " of pairs of axes" if wide else ""
    ess = number(part(report, "effective_sample_size"), 1)
    say(
        console,
        f"These {summary.coverage.people} people cover {looked(report, wide)[0]}{over}{held}; as probable users they count as {ess}.{known}",
    )


def show_examples(rows: Sequence[PersonaRow], evidence: Mapping[str, str], console: Console) -> None:
    """Print a few of the people who are failed most, worst first, with the words that show it; of each harm one, while there are such."""
    if rows:
        say(console, "\nWho, for example:", "bold")
    first = {_harm(row, evidence): row.id for row in reversed(rows)}
    for row in sorted(rows, key=lambda row: first[_harm(row, evidence)] != row.id)[:EXAMPLES]:
        said = f": {evidence[row.id]}" if row.id in evidence else ""
        say(console, f"  {row.id} ({leaning(row.position)}), failed {row.failures} of {row.resolved} times{said}")


def _harm(row: PersonaRow, evidence: Mapping[str, str]) -> str:
    return evidence.get(row.id, "").partition(":")[0]

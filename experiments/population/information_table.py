"""How a comparison of what people's texts tell reads on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..screen.console import add_row, new_table, say
from ..screen.wording import NOTHING, STAND_IN, listed, number, rate_words, sentence
from .shifts import too_few

if TYPE_CHECKING:
    from rich.console import Console

    from ..statistics.estimates import Estimate
    from .information import Information


def print_information(found: Information, console: Console) -> None:
    """Print how the people are measured and fare in each way, and what changes from the first."""
    if found.stand_ins:
        say(console, sentence(STAND_IN), style="yellow")
    what = "Tiers" if found.compared == "tiers" else f"Kinds of fields withheld from {found.tier} texts"
    met = f", {found.replicates} episodes each with {found.target}" if found.target else ""
    title = f"{what}: {found.scenario}, {found.personas} people, {found.runs} runs by {found.respondent}{met}"
    heads = ("words>", "polarity>", "subjectivity>", "ICC>", "slope>", "R2>", "failure rate>")
    table = new_table(console, title, "tier" if found.compared == "tiers" else "withheld", *heads)
    for row in found.rows:
        shown = [number(x, 1) for x in (row.polarity, row.subjectivity)] + [number(x) for x in (row.icc, row.slope, row.r2)]
        add_row(table, row.name, f"{row.words:.0f}", *shown, rate_words(row.failure_rate))
    console.print(table)
    _show_shifts(found, console)
    for line in _notes(found):
        say(console, line)


def _show_shifts(found: Information, console: Console) -> None:
    """Print the changes with their intervals, a figure a line."""
    starred = "" if too_few(found.personas) else " (* interval excludes 0)"
    title = f"Change from {found.rows[0].name}, the same people{starred}"
    table = new_table(console, title, "", *(f"{name}>" for name in found.shifts))
    for head, figure, digits in _CHANGED:
        add_row(table, head, *(_change(getattr(shift, figure), digits) for shift in found.shifts.values()))
    add_row(table, "failures, points", *(_change(shift.failure_rate, 1, 100) for shift in found.shifts.values()))
    console.print(table)


_CHANGED = (("ICC", "icc", 2), ("slope", "slope", 2), ("R2", "r2", 2), ("polarity", "polarity", 1), ("subjectivity", "subjectivity", 1))


def _notes(found: Information) -> list[str]:
    """Return what the tables do not say."""
    notes = [
        "Polarity and subjectivity: words of praise less blame, and of valence or opinion, per 100 words, by a crude list of our own. ICC "
        "says that people differ, slope that they stand where they were placed: texts that merely differ have the first without the second."
    ]
    few = too_few(found.personas)
    if few is not None:
        notes.append(f"{few}; nothing here is shown to change, nor to be essential.")
    elif found.compared == "withheld":
        lost = [name for name, shift in found.shifts.items() if shift.slope.high is not None and shift.slope.high < 0]
        notes.append(
            f"Essential for standing where one was placed (slope falls, interval below 0): {listed(lost) or 'none of these kinds'}."
        )
    broken = sum(len(rule.people) for rule in found.audit.rules)
    flat = listed(list(found.audit.flattened))
    joint = f"Fields: {broken} impossible combinations; margins within {max(found.audit.margins.values()):.1f} people of their shares"
    notes.append(f"{joint}{f'; weaker than declared: {flat}' if flat else ''}. {found.audit.note}")
    unresolved = {row.name: row.unresolved for row in found.rows if row.unresolved}
    if unresolved:
        notes.append("Episodes without a verdict: " + ", ".join(f"{name} {count}" for name, count in unresolved.items()) + ".")
    if few is None:
        notes.append("Intervals are of one figure at a time; among many some exclude 0 by chance.")
    return notes


def _change(value: Estimate, digits: int, scale: float = 1) -> str:
    """Return ``-0.31 [-0.40 -0.22]*``, the star where the interval excludes 0, or a dash."""
    if value.estimate is None:
        return NOTHING
    if value.low is None or value.high is None:
        return f"{scale * value.estimate:+.{digits}f}"
    star = "*" if value.low > 0 or value.high < 0 else ""
    return f"{scale * value.estimate:+.{digits}f} [{scale * value.low:.{digits}f} {scale * value.high:.{digits}f}]{star}"

"""How much of persona space was looked at, as a person likes to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..summary import plain
from .console import add_row, new_table, say
from .wording import NOTHING, interval, listed, number, part, percent

if TYPE_CHECKING:
    from pydantic import JsonValue
    from rich.console import Console

    from ...personas.coverage_report import Coverage
    from ..summary import Summary


def show_coverage(summary: Summary, console: Console) -> None:
    """Print the people's coverage beside the reference rows, and axis by axis whether they differ."""
    if summary.coverage is None:
        return
    report = plain(summary.coverage)
    wide = len(axes_of(summary)) > 3
    heads = ("over pairs, mean>", "over pairs, worst>") if wide else ("coverage>", "pairs, worst>")
    size = summary.coverage.people
    table = new_table(console, "How much of persona space was looked at", "population", *heads)
    add_row(table, "these people", *looked(report, wide), style="bold")
    references = part(report, "references")
    for name, row in references.items() if isinstance(references, dict) else ():
        add_row(table, name.replace("_", " "), *looked(row, wide))
    console.print(table)
    ess, blank = part(report, "effective_sample_size"), part(report, "unsupported_mass")
    mass = percent(blank) if isinstance(blank, int | float) else NOTHING
    say(console, f"These figures compare only with those of other populations of {size} people.", "dim")
    say(console, f"As a sample of probable users they count as {number(ess, 1)} people; {mass} of probable users are far from anyone.")
    _axis_table(summary.coverage, console)


def looked(row: JsonValue, wide: bool) -> tuple[str, str]:
    """Return the two coverage figures of a row; a bare number is coverage."""
    if isinstance(row, int | float) or row is None:
        return (NOTHING if wide else number(row), NOTHING)
    first = part(row, "pairs", "mean") if wide else part(row, "coverage")
    return number(first), number(part(row, "pairs", "min"))


def axes_of(summary: Summary) -> list[str]:
    """Return the axes that were measured."""
    return list(summary.coverage.axes) if summary.coverage else []


def not_diverse(summary: Summary) -> list[str]:
    """Return the axes on which the people are not shown to differ: lower end of the ICC below 0.5, or none."""
    return list(summary.coverage.failing_axes) if summary.coverage else []


def failing(summary: Summary) -> str:
    """Return the axes on which the people are not shown to differ, in words; a dash where nobody was asked."""
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

"""How a generator benchmark reads on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..population.benchmark import sampled_over
from .console import add_row, new_table, say
from .wording import STAND_IN, sentence, stand_ins

if TYPE_CHECKING:
    from rich.console import Console

    from ..population.benchmark import Benchmark, GeneratorRow, Mean

_SHOWN = (
    ("coverage", "coverage>"),
    ("dispersion", "dispersion>"),
    ("slope", "slope>"),
    ("r2", "R2>"),
    ("icc", "ICC>"),
    ("placement_error", "error>"),
)
_COMPARED = ("coverage", "dispersion", "slope", "r2")


def show_benchmark(found: Benchmark, console: Console) -> None:
    """Print the table of figures, the differences from the first generator, and which axes fail."""
    if stand_ins("", found.respondent):
        say(console, sentence(STAND_IN), style="yellow")
    written = f"all written as {found.portraits} writes" if found.portraits else "each with its own portraits"
    title = (
        f"{found.split}: {len(found.contexts)} contexts, {found.people} people, {found.runs} runs, {len(found.seeds)} seeds, "
        f"answered by {found.respondent}, {written}"
    )
    table = new_table(console, title, "generator", *(head for _, head in _SHOWN), "diverse>", "distinct>", "words")
    for row in found.rows:
        figures = [_figure(row.figures[name]) for name, _ in _SHOWN]
        more = [f"{row.diverse:.0%}", f"{row.figures['distinct'].mean or 0:.0%}", f"{row.figures['words'].mean or 0:.0f}"]
        add_row(table, row.generator, *figures, *more)
    console.print(table)
    over = sampled_over(found.contexts)
    say(
        console,
        f"Mean over {over} [{found.level:.0%} interval over {over}]. Coverage (up) and dispersion (down) are of shrunk run-means; slope and "
        "R2 are of measured on assigned position; diverse: share of axes whose single-run ICC is at least .5 by its lower end.",
    )
    _show_differences(found, console)
    _show_failing(found.rows[0], found, console)


def _show_differences(found: Benchmark, console: Console) -> None:
    if len(found.rows) < 2:
        return
    first = found.rows[0].generator
    table = new_table(
        console,
        f"Difference from {first}, paired by {sampled_over(found.contexts)[:-1]} (* interval excludes 0)",
        "generator",
        *(f"{name}>" for name in _COMPARED),
    )
    for row in found.rows[1:]:
        add_row(table, row.generator, *(_difference(row.differences[name]) for name in _COMPARED))
    console.print(table)


def _show_failing(row: GeneratorRow, found: Benchmark, console: Console) -> None:
    if not row.failing:
        say(console, f"{row.generator}: on all {row.axes} axes people are shown to differ by more than their answers' noise.")
        return
    named = ", ".join(f"{axis} ({times} of {len(found.seeds)})" for axis, times in row.failing.items())
    say(console, f"{row.generator}: not shown to differ by more than noise (ICC of one run, lower end below .5), seeds: {named}")


def _figure(value: Mean) -> str:
    if value.mean is None:
        return "-"
    ends = "" if value.low is None or value.high is None else f" [{_short(value.low)} {_short(value.high)}]"
    return f"{_short(value.mean)}{ends}"


def _difference(value: Mean) -> str:
    if value.mean is None or value.low is None or value.high is None:
        return "-"
    star = "*" if value.low > 0 or value.high < 0 else ""
    return f"{value.mean:+.3f} [{value.low:+.3f} {value.high:+.3f}]{star}"


def _short(x: float) -> str:
    return f"{x:.2f}".replace("0.", ".", 1)

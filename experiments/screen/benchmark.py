"""How a generator benchmark reads on the terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..population.benchmark import sampled_over
from .console import add_row, new_table, say
from .plurals import number_of
from .wording import STAND_IN, UNSAFE, sentence, stand_ins

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from ..population.benchmark import Benchmark, GeneratorRow, Mean

_COVERED = (("coverage", "coverage>"), ("dispersion", "dispersion>"), ("slope", "slope>"), ("r2", "R2>"))
_MEASURED = (("icc", "ICC>"), ("rmse_common", "RMSE>"))
_CELL, _DIFFERENCE = 18, 24  # columns of a figure with its interval, padding included
_LEAST_NAME = 12
_BREAK = re.compile(r"[^\s/:_?&=,.-]*[\s/:_?&=,.-]?")  # a word and the mark it ends with


def show_benchmark(found: Benchmark, console: Console) -> None:
    """Print the tables of figures, the differences from the first generator, and which axes fail."""
    if stand_ins("", found.respondent):
        say(console, sentence(STAND_IN), style="yellow")
    if found.sandbox == "unsafe":
        say(console, UNSAFE, style="yellow")
    written = f"all written as {found.portraits} writes" if found.portraits else "each with its own portraits"
    sizes = (
        number_of(len(found.contexts), "context"),
        number_of(found.people, "person", "people"),
        number_of(found.runs, "run"),
        number_of(len(found.seeds), "seed"),
    )
    title = f"{found.split}: {', '.join(sizes)}, answered by {found.respondent}, {written}"
    say(console, f"\n{title}", "bold")  # not the table's own title, which would be wrapped to its width
    _show_table(found, _COVERED, console)
    console.print()
    _show_table(found, _MEASURED, console, more=True)
    say(
        console,
        f"{_sample(found)} Coverage (up) and dispersion (down) are of shrunk run-means; slope and "
        "R2 are of measured on assigned position, RMSE is what to expect between them at .1, .3, .5, .7 and .9 of an axis; diverse: share of axes whose single-run ICC is at least .5 by its lower end.",
    )
    _show_differences(found, console)
    _show_failing(found.rows[0], found, console)


def _show_table(found: Benchmark, figures: tuple[tuple[str, str], ...], console: Console, *, more: bool = False) -> None:
    """Print some figures of every generator; ``more``: those without an interval too."""
    heads = [head for _, head in figures] + (["diverse>", "distinct>", "words>"] if more else [])
    table = _table(console, "", _CELL, heads)
    for row in found.rows:
        cells = [_figure(row.figures[name]) for name, _ in figures]
        if more:
            cells += [f"{row.diverse:.0%}", f"{row.figures['distinct'].mean or 0:.0%}", f"{row.figures['words'].mean or 0:.0f}"]
        add_row(table, _broken(row.generator, _room(console, _CELL)), *cells)
    console.print(table)


def _sample(found: Benchmark) -> str:
    """Return what the figures are means of, and what their intervals are over."""
    if len(found.contexts) > 1:
        return f"Mean over contexts [{found.level:.0%} interval over contexts]."
    if len(found.seeds) > 1:
        return f"One context: mean over its populations [{found.level:.0%} interval over populations]."
    return "One population: no interval."


def _show_differences(found: Benchmark, console: Console) -> None:
    if len(found.rows) < 2:
        return
    first = found.rows[0].generator
    if len(found.contexts) == len(found.seeds) == 1:
        say(console, f"Difference from {first}: one population, no interval.")
        return
    title = f"Difference from {first}, paired by {sampled_over(found.contexts)[:-1]} (* interval excludes 0)"
    table = _table(console, title, _DIFFERENCE, [head for _, head in _COVERED])
    for row in found.rows[1:]:
        cells = (_difference(row.differences[name]) for name, _ in _COVERED)
        add_row(table, _broken(row.generator, _room(console, _DIFFERENCE)), *cells)
    console.print(table)


def _table(console: Console, title: str, cell: int, heads: list[str]) -> Table:
    """Return a table whose first column is no wider than the figures leave room for, and never squeezed."""
    table = new_table(console, title, "generator", *heads)
    table.columns[0].no_wrap = True
    table.columns[0].max_width = _room(console, cell)
    return table


def _room(console: Console, cell: int) -> int:
    """Return how many characters of a name fit on a line beside four figures."""
    return max(_LEAST_NAME, console.width - 4 * cell - 2)


def _broken(name: str, room: int) -> str:
    """Return a name in lines of so many characters, broken after marks and blanks; inside a word only if it is longer than a line."""
    lines = [""]
    for word in _BREAK.findall(name):
        if len(lines[-1]) + len(word.rstrip()) <= room:
            lines[-1] += word
            continue
        pieces = [word[i : i + room] for i in range(0, len(word), room)]
        lines += pieces
    return "\n".join(line.rstrip() for line in lines if line)


def _show_failing(row: GeneratorRow, found: Benchmark, console: Console) -> None:
    if not row.failing:
        where = "the one axis" if row.axes == 1 else f"all {row.axes} axes"
        say(console, f"{row.generator}: on {where} people are shown to differ by more than their answers' noise.")
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

"""Actual coverage and width of nominal 95 % intervals on planted targets: ``python -m benchmarks.intervals [--quick]``.

Every study draws new people, independent of each other, and new replicates. Independent people are the hardest case for rates
of the generator: shipped generators spread them more evenly.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from .interval_cells import agreeing, overall, paired, persons, weighted, worst
from .references import Cell, Row, table
from .tail_cells import tails

RATES = (0.005, 0.05, 0.3, 0.95, 0.995)
KINDS = ("alike", "spread", "box")
PEOPLE = (16, 64, 256)
REPLICATES = (1, 4, 10)

Measured = Callable[[Cell, int, int], Iterator[Row]]
"""(cell, studies, seed) to the rows of that cell."""


def _cells(
    figure: str, kinds: Iterable[str] = KINDS, people: Iterable[int] = PEOPLE, replicates: Iterable[int] = REPLICATES
) -> tuple[Cell, ...]:
    return tuple(Cell(figure, *rest) for rest in product(kinds, RATES, people, replicates))


SUITES: tuple[tuple[Measured, tuple[Cell, ...]], ...] = (
    (overall, _cells("overall")),
    (weighted, _cells("reference_density", (*KINDS, "core_box"), (64, 256)) + _cells("reference_density", people=(16,), replicates=(4,))),
    (paired, _cells("paired", [f"{kind}/half" for kind in KINDS]) + _cells("paired", [f"{kind}/same" for kind in KINDS], (64,), (4,))),
    (tails, _cells("tails", people=(64, 256)) + _cells("tails", people=(16,), replicates=(4,))),
    (agreeing, _cells("pass_hat", people=(64,), replicates=(4,))),
    (persons, _cells("persons", people=(64,))),
    (worst, _cells("cvar", ("alike",), (64, 256), (4, 10))),
)
"""What is measured and on which cells. Another figure joins with one function and its cells."""

QUICK = tuple(
    cell for cell in (c for _, cells in SUITES for c in cells) if cell.rate in (0.05, 0.3) and cell.people == 64 and cell.replicates == 4
)
"""Cells of the small size."""


def measure(
    studies: int = 1000, seed: int = 0, quick: bool = False, only: str = "", progress: Callable[[str], None] | None = None
) -> dict[str, object]:
    """Run all cells.

    Args:
        studies: Studies a cell.
        seed: Gives all draws.
        quick: Only the cells of :data:`QUICK`.
        only: Only figures whose name starts so.
        progress: Is told how far it is.

    Returns:
        ``rows``, one a cell and figure (see ``references.Tally``); ``reached``, the number of rows by verdict; ``seconds``.
    """
    start, rows = time.perf_counter(), []
    jobs = [(suite, c) for suite, cells in SUITES for c in cells if c.figure.startswith(only) and (not quick or c in QUICK)]
    for i, (suite, cell) in enumerate(jobs):
        if progress:
            progress(f"intervals: cell {i + 1} of {len(jobs)} ({cell.figure}), {time.perf_counter() - start:.0f} s")
        rows += suite(cell, studies, seed)
    verdicts = [str(row["reached"]) for row in rows]
    reached = {name: verdicts.count(name) for name in sorted(set(verdicts))}
    return {"rows": rows, "reached": reached, "studies": studies, "seconds": round(time.perf_counter() - start, 1)}


def _told(line: str) -> None:
    """Show how far it is, where somebody looks."""
    if sys.stderr.isatty():
        print(line, end="\r", file=sys.stderr, flush=True)


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module, with a progress line on the error stream."""
    return measure(200 if quick else 1000, quick=quick, progress=_told)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.intervals", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few cells")
    parser.add_argument("--studies", type=int, default=1000, help="simulated studies a cell")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--only", default="", help="figures whose name starts so: overall, reference_density, paired, tails, pass_hat, persons, cvar"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    given = parser.parse_args()
    found = measure(given.studies, given.seed, given.quick, given.only, _told)
    print(file=sys.stderr)
    print(json.dumps(found, indent=2) if given.json else f"{table(found['rows'])}\n\n{found['reached']} in {found['seconds']} s")


if __name__ == "__main__":
    main()

"""Actual coverage and width of the interval of the intraclass correlation of failing, on people whose rates are known.

Studies are drawn as counts: with R replicates the number of failures of a person has a known distribution, so the
people of one study are a draw of how many failed 0, 1, .. R times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from outskirts.experiments.statistics.variance import counts_icc
from outskirts.sim.seeds import derive
from outskirts.sim.stats import wilson

Floats = NDArray[np.float64]

FAMILIES = ("beta", "two_class_always", "two_class_never", "logit_normal")
"""How people's rates are spread: Beta; some always fail and the others rarely; some fail often and the others never; logit-normal."""
ICCS = (0.0, 0.1, 0.3, 0.6, 0.9)
RATES = (0.005, 0.05, 0.3, 0.95, 0.995)
PEOPLE = (16, 64, 256, 1000)
REPLICATES = ((2,), (4,), (10,), (2, 10))
"""Replicates of a person; with two numbers, of each half of the people."""
ENOUGH = 20
"""Failures that must be expected in a study."""
LEAST_COVERAGE = 0.94
MOST_WIDTH = 1.25


@dataclass(frozen=True)
class Cell:
    """One kind of study."""

    family: str
    rate: float
    icc: float
    people: int
    replicates: tuple[int, ...]

    @property
    def episodes(self) -> float:
        """Episodes of a study."""
        return self.people * sum(self.replicates) / len(self.replicates)

    @property
    def rarer(self) -> float:
        """Expected number of the rarer outcome: an ICC is the same for passes as for failures."""
        return self.episodes * min(self.rate, 1 - self.rate)


def cells() -> Iterator[Cell]:
    """Yield the cells in which enough failures are expected; where the ICC is 0 all families are one."""
    for rate in RATES:
        for people in PEOPLE:
            for replicates in REPLICATES:
                for icc in ICCS:
                    for family in FAMILIES if icc else ("alike",):
                        cell = Cell(family, rate, icc, people, replicates)
                        if cell.episodes * rate >= ENOUGH - 1e-9:
                            yield cell


def failures(cell: Cell, replicates: int) -> Floats:
    """Return the probability that a person fails 0, 1, .. R times, shape (R + 1,)."""
    k = np.arange(replicates + 1)
    if cell.family == "beta":
        size = 1 / cell.icc - 1
        a, b = cell.rate * size, (1 - cell.rate) * size
        log = special.betaln(k + a, replicates - k + b) - special.betaln(a, b)
        return np.asarray(special.comb(replicates, k) * np.exp(log))
    p, weight = _spread(cell)
    return np.asarray((special.comb(replicates, k)[:, None] * p ** k[:, None] * (1 - p) ** (replicates - k[:, None])) @ weight)


def _spread(cell: Cell) -> tuple[Floats, Floats]:
    """Return people's rates and their shares."""
    m, icc = cell.rate, cell.icc
    if cell.family == "alike":
        return np.array([m]), np.ones(1)
    if cell.family == "two_class_always":
        rare = m * (1 - icc)
        share = icc * m / (1 - rare)
        return np.array([1.0, rare]), np.array([share, 1 - share])
    if cell.family == "two_class_never":
        often = m + icc * (1 - m)
        return np.array([often, 0.0]), np.array([m / often, 1 - m / often])
    return _logit_normal(m, icc)


def _logit_normal(rate: float, icc: float) -> tuple[Floats, Floats]:
    """Return rates and shares of a logit-normal spread with the given mean and ICC, on a fine grid."""
    if rate > 0.5:
        p, weight = _logit_normal(1 - rate, icc)
        return 1 - p, weight
    x = np.linspace(-12, 12, 8001)
    weight = np.exp(-x * x / 2)
    weight /= weight.sum()

    def rates(scale: float) -> Floats:
        centre = optimize.brentq(lambda c: weight @ special.expit(c + scale * x) - rate, -12 * scale - 20, 5)
        return np.asarray(special.expit(centre + scale * x))

    def excess(log_scale: float) -> float:
        return float(weight @ (rates(np.exp(log_scale)) - rate) ** 2) / (rate * (1 - rate)) - icc

    return rates(np.exp(optimize.brentq(excess, np.log(0.01), np.log(300.0)))), weight


def needed(cell: Cell, level: float = 0.95) -> float:
    """Return the median width below which no interval can hold its level for every spread of people's rates.

    Add to the cell a share w of people who always fail (or pass). A study has none of them with probability
    (1 - w)^n, and then looks like one of the cell's own. At w where this is 1 / (1 / (2 a) - 1), a = 1 - level, an
    interval that misses the altered ICC at most a of the time must reach it in more than half of the cell's own studies,
    in which it must also hold the cell's own ICC.
    """
    miss = 1 - level
    w = 1 - (1 / (1 / (2 * miss) - 1)) ** (1 / cell.people)
    square = cell.rate**2 + cell.icc * cell.rate * (1 - cell.rate)
    widths = []
    for extreme in (0.0, 1.0):
        m, mm = ((1 - w) * moment + w * extreme for moment in (cell.rate, square))
        widths.append((mm - m * m) / (m - m * m) - cell.icc)
    return max(widths)


def study_cell(cell: Cell, studies: int, seed: int) -> dict[str, Any]:
    """Return coverage and width of one cell, over its studies with both outcomes."""
    rng = derive(seed, "icc", *(str(v) for v in asdict(cell).values()))
    sizes = [cell.people * (j + 1) // len(cell.replicates) - cell.people * j // len(cell.replicates) for j in range(len(cell.replicates))]
    drawn = [rng.multinomial(size, failures(cell, r), studies) for size, r in zip(sizes, cell.replicates, strict=True)]
    kinds, times = np.unique(np.hstack(drawn), axis=0, return_counts=True)
    k = np.concatenate([np.arange(r + 1) for r in cell.replicates])
    n = np.repeat(cell.replicates, np.array(cell.replicates) + 1)
    found = [counts_icc(np.repeat(k, kind), np.repeat(n, kind)) for kind in kinds]
    told = [(f.estimate, f.low, f.high, t) for f, t in zip(found, times, strict=True) if f.estimate is not None]
    estimate, low, high = (np.repeat([row[j] for row in told], [row[3] for row in told]) for j in range(3))
    row = asdict(cell) | {"rarer_outcomes": cell.rarer, "undefined": 1 - len(estimate) / studies}
    return row | _figures(cell, estimate, low, high)


def _figures(cell: Cell, estimate: Floats, low: Floats, high: Floats) -> dict[str, Any]:
    if not len(estimate):
        return {"coverage": None}
    covered = (low <= cell.icc) & (cell.icc <= high)
    coverage = float(covered.mean())
    monte_carlo = [float(v) for v in wilson(covered.sum(), len(covered), 0.99)]
    width = float(np.median(high - low))
    ends = np.quantile(estimate, [(1 - coverage) / 2, (1 + coverage) / 2])
    reference = max(float(ends[1] - ends[0]), 1e-9)
    return {
        "coverage": coverage,
        "monte_carlo": monte_carlo,
        "covers": monte_carlo[1] >= LEAST_COVERAGE,
        "least_width": float((high - low).min()),
        "width": width,
        "width_ratio": width / reference,
        "needed_ratio": needed(cell) / reference,
    }


def measure(studies: int = 1000, seed: int = 0) -> dict[str, Any]:
    """Measure every cell.

    Args:
        studies: Simulated studies a cell.
        seed: Of the simulation.

    Returns:
        Counts over cells, and ``rows``: the cell; share of studies ``undefined`` (only one outcome seen, null interval);
        ``coverage`` of the others with its 99 % Monte Carlo interval; median ``width``; ``width_ratio`` to the
        equal-tailed interval of the estimator's own distribution in the cell at the same coverage; ``needed_ratio``,
        the same for the width of :func:`needed`. Widths are judged where enough of the rarer outcome are expected.
    """
    rows = [study_cell(cell, studies, seed) for cell in cells()]
    told = [row for row in rows if row["coverage"] is not None]
    judged = [row for row in told if row["rarer_outcomes"] >= ENOUGH - 1e-9]
    wide = [row for row in judged if row["width_ratio"] > MOST_WIDTH]
    return {
        "studies": studies,
        "cells": len(rows),
        "cells_below_coverage": sum(not row["covers"] for row in told),
        "least_coverage": min(row["coverage"] for row in told),
        "cells_judged_by_width": len(judged),
        "cells_too_wide": len(wide),
        "cells_too_wide_for_any_valid_interval": sum(row["needed_ratio"] > MOST_WIDTH for row in wide),
        "median_width_ratio": float(np.median([row["width_ratio"] for row in judged])),
        "least_width": min(row["least_width"] for row in told),
        "rows": rows,
    }

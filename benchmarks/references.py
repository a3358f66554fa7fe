"""How an interval is judged on planted truth: its actual coverage, and its width against what any interval needs.

Two widths stand beside that of an interval.

*Reference*: the equal-tailed interval of the estimator's own sampling distribution at the cell, at the same actual coverage. It
takes the truth to be known, so where few failures are expected no interval that has only the data reaches it.

*Least*: what the median width of any interval must be if each of its ends misses at most 2.5 % of the time whatever the people
are, also where a class of people that happens not to have been met always fails (or never does). If such a class holds a
mass v and none of n people belongs to it, which has probability y = (1 - v)^n, the data look the same with it as without.
So the upper end must lie beyond the truth with that class in all but 2.5 % / y of the studies without it. With y = 2.5 % / 47.5 %
this moves one end in most studies, with y = 10 % both. Replicates do not help. Some outcomes need a width by themselves:
where nobody failed, the exact upper end for n people; where units cannot be told from units all alike, the exact interval.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from outskirts.experiments.statistics.outcomes import Floats
from outskirts.sim.stats import clopper_pearson

LEVEL = 0.95
LEAST_COVERAGE = 0.94
MOST_WIDTH = 1.25
FEWEST = 100
"""Studies in which a figure must be defined for its coverage to be told."""

ONE_END, BOTH_ENDS = 0.025 / 0.475, 0.1
"""Probability of not meeting the class at which one end, or both, must make room for it in half of the studies."""


Row = dict[str, object]
"""Figures of one cell, ready for JSON."""


@dataclass(frozen=True)
class Cell:
    """One kind of study."""

    figure: str  # whose interval
    kind: str  # how people differ
    rate: float  # true failure rate
    people: int
    replicates: int

    def path(self) -> tuple[str | int, ...]:
        """Return what seeds derive from."""
        return ("intervals", self.figure, self.kind, str(self.rate), self.people, self.replicates)


@dataclass
class Tally:
    """Collects the intervals of the studies of one cell, and makes a row of them.

    Args:
        cell: Which.
        least: Least median width, 0 where none is known.
        log: Widths are those of the logarithm, for ratios.
        sizes: Whether widths are compared at all.
    """

    cell: Cell
    least: float = 0.0
    log: bool = False
    sizes: bool = True
    rows: list[tuple[float, float, float, float, float]] = field(default_factory=list)
    undefined: int = 0

    def add(self, truth: float, estimate: float | None, low: float | None, high: float | None, floor: float = 0.0) -> None:
        """Add a study.

        Args:
            truth: The true value.
            estimate: What was estimated.
            low: Lower end; None where the figure is null.
            high: Upper end; None where there is none.
            floor: Least width of any interval on these very data.
        """
        if low is None or (estimate is None and not self.log):
            self.undefined += 1
        else:
            top = np.inf if high is None else high
            self.rows.append((truth, np.nan if estimate is None else estimate, low, top, floor))

    def row(self) -> Row:
        """Return the figures of the cell."""
        studies = len(self.rows) + self.undefined
        cell = self.cell
        out: Row = {"figure": cell.figure, "kind": cell.kind, "rate": cell.rate, "people": cell.people}
        out |= {"replicates": cell.replicates, "studies": studies, "undefined": round(self.undefined / studies, 4)}
        if len(self.rows) < FEWEST:
            return out | {"reached": "undefined"}
        truth, estimate, low, high, floor = np.array(self.rows).T
        hits = int(np.sum((low <= truth + 1e-12) & (truth <= high + 1e-12)))
        coverage = hits / len(truth)
        ends = clopper_pearson(hits, len(truth), 0.99)
        out |= {"coverage": round(coverage, 4), "coverage_low": round(float(ends[0]), 4), "coverage_high": round(float(ends[1]), 4)}
        covers = float(ends[1]) >= LEAST_COVERAGE
        if not self.sizes:
            return out | {"reached": "yes" if covers else "no: coverage"}
        return out | self._widths(truth, estimate, low, high, floor, coverage, covers)

    def _widths(self, truth: Floats, estimate: Floats, low: Floats, high: Floats, floor: Floats, coverage: float, covers: bool) -> Row:
        error = estimate - truth
        defined = np.ones(len(truth), bool)
        if self.log:
            defined = (low > 0) & np.isfinite(high) & (estimate > 0)
            low, high, error = (np.log(np.where(defined, x, 1.0)) for x in (low, high, estimate / truth))
        share = float(defined.mean()) * len(self.rows) / (len(self.rows) + self.undefined)
        if defined.sum() < FEWEST:
            return {"bounded": round(share, 4), "reached": "unbounded" if covers else "no: coverage"}
        width = float(np.median((high - low)[defined]))
        reference = central_width(error[defined], coverage)
        least = max(self.least, float(np.median(floor[defined])))
        ratio = width / reference if reference > 0 else np.inf
        out: Row = {"width": round(width, 4), "reference": round(reference, 4), "least": round(least, 4)}
        out |= {"ratio": _rounded(ratio), "least_ratio": _rounded(width / least if least else np.inf)}
        if self.log:
            out["bounded"] = round(share, 4)
            if covers and share < 0.5:
                return out | {"reached": "unbounded"}
        return out | {"reached": verdict(covers, ratio, width / least if least else np.inf)}


def verdict(covers: bool, ratio: float, least_ratio: float) -> str:
    """Tell in a word whether the figures are reached: ``yes``; ``least`` where no interval could be much narrower; ``no``."""
    if not covers:
        return "no: coverage"
    if round(ratio, 2) <= MOST_WIDTH:
        return "yes"
    return "least" if round(least_ratio, 2) <= MOST_WIDTH else "no: width"


def central_width(errors: Floats, coverage: float) -> float:
    """Return the width of the equal-tailed interval of a sampling distribution, with at least this coverage."""
    share = min(coverage, 1 - 1 / len(errors))
    low = np.quantile(errors, 0.5 - share / 2, method="lower")
    return float(np.quantile(errors, 0.5 + share / 2, method="higher") - low)


def unseen(n: int, y: float, share: Callable[[float], float] | None = None) -> float:
    """Return the mass of a class that n people have no member of with probability ``y``.

    Args:
        n: People.
        y: Probability.
        share: Turns the probability of being placed in the class into its mass; None: they are the same.
    """
    placed = 1 - y ** (1 / n)
    return min(1.0, placed if share is None else share(placed))


def least_width(up: Callable[[float], float], down: Callable[[float], float]) -> float:
    """Return the least median width.

    Args:
        up: Probability y to how far the truth can lie higher with a class that is not met with that probability.
        down: The same for lower.
    """
    return max(up(ONE_END), down(ONE_END), up(BOTH_ENDS) + down(BOTH_ENDS))


def least_of_rate(n: int, p: float, share: Callable[[float], float] | None = None) -> float:
    """Return the least median width of an interval of a rate with people random."""
    return least_width(lambda y: unseen(n, y, share) * (1 - p), lambda y: unseen(n, y, share) * p)


def nobody(n: int) -> float:
    """Return the least width where nobody of n, or everybody, failed."""
    return float(1 - 0.025 ** (1 / n))


def exact(k: float, n: float) -> tuple[float, float]:
    """Return how far the exact interval of k in n reaches below and above k / n.

    No central interval whose ends rise with k is narrower where units are all alike (Clopper and Pearson 1934).
    """
    low, high = clopper_pearson(k, n)
    return k / n - float(low), float(high) - k / n


def least_of_these(failures: Floats, replicates: int, always: bool) -> float:
    """Return the least width of the rate of these people, on data of this kind.

    Args:
        failures: Failures of each person, shape (people,).
        replicates: Replicates of each.
        always: Those who failed every time are a class of their own; if not, all people are alike.
    """
    n = len(failures)
    steady = failures == replicates if always else np.zeros(n, bool)
    inside, outside, wavering = int(steady.sum()), int((~steady).sum()), float(failures[~steady].sum())
    down, up = exact(wavering, outside * replicates) if outside else (0.0, 0.0)
    chance = 0.05 if wavering else 0.025  # other failures are at most this many in half of the studies
    might_pass = inside * (1 - chance ** (1 / (inside * replicates))) if inside else 0.0
    return float(max(outside * down, might_pass) + outside * up) / n


def _rounded(value: float) -> float | None:
    return round(float(value), 3) if np.isfinite(value) else None


def table(rows: Sequence[Row]) -> str:
    """Return rows as a table for reading."""
    names = (
        "figure",
        "kind",
        "rate",
        "people",
        "replicates",
        "undefined",
        "coverage",
        "coverage_low",
        "coverage_high",
        "ratio",
        "least_ratio",
        "reached",
    )
    lines = [[*names]] + [["" if row.get(n) is None else str(row[n]) for n in names] for row in rows]
    widths = [max(len(line[j]) for line in lines) for j in range(len(names))]
    return "\n".join("  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines)

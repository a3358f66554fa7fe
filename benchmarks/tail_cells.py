"""Studies of tails against the core on planted targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.planted import Planted
from outskirts.experiments.statistics.outcomes import Floats
from outskirts.experiments.statistics.tails import tail_contrasts
from outskirts.personas.density import ReferenceDensity
from outskirts.personas.scenario import Scenario
from outskirts.sim.seeds import Stream, derive

from .interval_cells import ICC
from .references import LEVEL, Cell, Row, Tally, least_width, unseen

ODDS = 3.0
"""Odds of failing in the low tail over those in the core."""


@cache
def one_axis() -> Scenario:
    """Return a scenario of one axis with a symmetric reference density; its tails are the two ends."""
    asked = SCENARIO.questionnaire
    axis = asked.axes[0].name
    short = asked.model_copy(update={"axes": asked.axes[:1], "items": tuple(i for i in asked.items if i.axis == axis)})
    return SCENARIO.model_copy(update={"questionnaire": short, "density": ReferenceDensity(margins={axis: (2.0, 2.0)}), "tails": ()})


@dataclass(frozen=True)
class TailSurface:
    """One rate in the low tail, another elsewhere; second coordinate: who is in the box."""

    cut: float  # end of the low tail
    tail: float
    rest: float
    boxed: bool

    def __call__(self, x: Floats) -> Floats:
        """Return the probability at positions of shape (n, 2)."""
        p = np.where(x[:, 0] <= self.cut, self.tail, self.rest)
        if not self.boxed:
            return p
        outside = p / 10
        return np.where(x[:, 1] <= (p - outside) / (1 - outside), 1.0, outside)


def tails(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the rows of two tails against the core: one fails with thrice the odds, the other as the core does.

    All tails are compared at a simultaneous level at which each interval has 95 % by itself.
    """
    p, n, r = cell.rate, cell.people, cell.replicates
    scenario = one_axis()
    far = ODDS * p / (1 - p + ODDS * p)
    cuts = scenario.density.quantile(np.array([[0.05], [0.1]]))[:, 0]
    placed = 0.75 * cuts + 0.25 * np.array([0.05, 0.1])  # mass of the placement below
    shares = (float(placed[1]), float(1 - 2 * placed[0]))  # of a tail, of the core
    overlap = float(placed[1] - placed[0]) / shares[1]
    core = overlap * far + (1 - overlap) * p
    planted = Planted(TailSurface(float(cuts[1]), far, p, cell.kind == "box"), icc=ICC if cell.kind == "spread" else 0.0)
    truths = {"low": far, "high": p}
    tallies = {
        (name, what): Tally(
            Cell(f"{what}/{'worse' if name == 'low' else 'alike'} tail", cell.kind, p, n, r),
            least=_least_contrast(n, truth, core, shares, log=what == "risk_ratio"),
            log=what == "risk_ratio",
        )
        for (name, truth), what in product(truths.items(), ("risk_difference", "risk_ratio"))
    }
    for i in range(studies):
        rng = derive(seed, *cell.path(), i, "place")
        x = np.where(rng.random((n, 1)) < 0.25, scenario.density.sample(n, rng), rng.random((n, 1)))
        outcomes = planted.draw(np.column_stack([x, rng.random(n)]), r, Stream(seed, *cell.path(), i))
        for found in tail_contrasts(scenario, x, outcomes, LEVEL ** len(scenario.regions()), tested=False):
            name, difference, ratio = found.tail.name.rpartition("_")[2], found.risk_difference, found.risk_ratio
            if name not in truths:
                continue
            tallies[name, "risk_difference"].add(truths[name] - core, difference.estimate, difference.low, difference.high)
            tallies[name, "risk_ratio"].add(truths[name] / core, ratio.estimate, ratio.low, ratio.high)
    for tally in tallies.values():
        yield tally.row()


def _least_contrast(n: int, tail: float, core: float, shares: tuple[float, float], log: bool) -> float:
    """Return the least median width of a difference or log ratio of two regions with these shares of the people."""

    def mass(y: float, share: float) -> float:
        return min(unseen(n, y, lambda placed: placed / share), 0.999)

    def up(y: float) -> float:
        in_tail, in_core = mass(y, shares[0]), mass(y, shares[1])
        if log:
            return max(float(np.log1p(in_tail * (1 - tail) / tail)), float(-np.log1p(-in_core)))
        return max(in_tail * (1 - tail), in_core * core)

    def down(y: float) -> float:
        in_tail, in_core = mass(y, shares[0]), mass(y, shares[1])
        if log:
            return max(float(-np.log1p(-in_tail)), float(np.log1p(in_core * (1 - core) / core)))
        return max(in_tail * tail, in_core * (1 - core))

    return least_width(up, down)

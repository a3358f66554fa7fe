"""What is planted where: populations as a generator places them, and targets whose truth among these people is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...sim.declare import Tail
from ...sim.seeds import derive
from ..planted import Constant, Gradient, Planted, Region, Surface, box, tail_region
from ..statistics.estimates import LEVEL
from ..statistics.outcomes import Bools, Floats
from ..statistics.simultaneous import sidak

if TYPE_CHECKING:
    from ...personas.generators import Generator
    from ...personas.scenario import Scenario

MULTIPLES = (2.0, 3.0, 5.0)
"""How many times the rate a declared tail is planted to fail at."""

POINTS = (0.1, 0.2, 0.4)
"""What is added to the rate in a declared tail."""

RARE = 0.005
"""Share of the generator's people in the rare box."""

ODDS = 9.0
"""How the odds of failing change from one end of a gradient to the other."""

PLACEMENTS = 50
"""Populations placed at most; more studies than that share them in turn."""

Progress = Callable[[int, int], None]
"""Told how many steps are done, of how many."""


def placement_seed(seed: int, number: int) -> int:
    """Return the seed of one population; not one of a run."""
    return int(derive(seed, "power", "place", number).integers(2**62))


@dataclass(frozen=True)
class Populations:
    """Populations of one size as a generator places them, and who of them is where.

    Args:
        scenario: Declares tails and core.
        positions: Shape (placements, n, axes), in [0, 1].
        tails: Every tail of the scenario.
        inside: Shape (tails, placements, n).
        core: Shape (placements, n).
        depth: Depth in the reference density, shape (placements, n).
    """

    scenario: Scenario
    positions: Floats
    tails: tuple[Tail, ...]
    inside: Bools
    core: Bools
    depth: Floats

    @classmethod
    def of(cls, scenario: Scenario, generator: Generator, n: int, placements: int, seed: int, told: Progress | None = None) -> Populations:
        """Place populations."""
        from ...personas.generators import axis_dicts

        axes = axis_dicts(scenario.questionnaire, scenario.density)
        placed = []
        for i in range(placements):
            people = generator.place(scenario.context, axes, n, placement_seed(seed, i))
            placed.append([[person[axis] for axis in scenario.axes] for person in people])
            if told:
                told(i + 1, placements)
        positions = np.array(placed, float).reshape(placements, n, len(scenario.axes))
        flat, shape, tails = positions.reshape(placements * n, -1), (placements, n), scenario.regions()
        return cls(
            scenario=scenario,
            positions=positions,
            tails=tails,
            inside=scenario.in_regions(flat).reshape(len(tails), *shape),
            core=scenario.in_core(flat).reshape(shape),
            depth=scenario.density.depth(flat).reshape(shape),
        )

    @property
    def flat(self) -> Floats:
        """Positions of everybody, shape (placements * n, axes)."""
        return self.positions.reshape(-1, self.positions.shape[2])

    def each(self) -> Floats:
        """Return the level of each tail's interval in each population, shape (placements,): only tails with people count."""
        together = self.inside.any(axis=2).sum(axis=0)
        return np.array([sidak(LEVEL, int(count)) for count in together])

    def true_differences(self, planted: Planted) -> Floats:
        """Return every tail's rate minus the core's over all who were placed, shape (tails,); NaN where nobody was."""
        rates = planted.moments(self.flat)[0].reshape(self.core.shape)
        with np.errstate(invalid="ignore"):
            core = rates[self.core].sum() / self.core.sum()
            return np.array([rates[mask].sum() / mask.sum() - core for mask in self.inside])


@dataclass(frozen=True)
class Plan:
    """One planted surface and what is to show it.

    Args:
        planted: The target.
        kind: See :class:`Found`.
        where: Who fails more, in words.
        rate: Failure rate there; None where it changes from person to person.
        region: Who is there; None: everybody.
        tail: Index of the tail that is to show it; None: any tail.
        by_depth: The trend by depth is to show it.
    """

    planted: Planted
    kind: str
    where: str
    rate: float | None
    region: Region | None = None
    tail: int | None = None
    by_depth: bool = False


def plans(populations: Populations, rate: float, icc: float) -> tuple[Plan, ...]:
    """Return what is planted: a constant rate, declared tails, conjunctions, gradients and a rare box.

    Args:
        populations: People as they are placed; the rare box is made to hold :data:`RARE` of them.
        rate: Failure rate of everybody else, in (0, 1). Rates above 1 are left out.
        icc: Share of the variance of an outcome that lies between people alike in traits.
    """
    scenario = populations.scenario

    def target(surface: Surface, label: str) -> Planted:
        return Planted(surface, icc=icc, label=label)

    made = [Plan(target(Constant(rate), "constant"), "constant", "everybody alike", rate)]
    for i, tail in enumerate(scenario.tails):
        for inside, words in _effects(rate).items():
            region = tail_region(scenario, tail, inside, rate)
            made.append(Plan(target(region, f"{tail.name} {words}"), "tail", tail.name, inside, region, i))
    more = min(1.0, 3 * rate)
    for count in (2, 3):
        axes = scenario.axes[:count]
        if len(axes) == count:
            region = tail_region(scenario, Tail(name="", meaning="", where=dict.fromkeys(axes, (2 / 3, 1.0))), more, rate)
            where = f"{', '.join(axes)}: top third"
            made.append(Plan(target(region, f"conjunction of {count}"), "conjunction", where, more, region))
    middle, slope = math.log(rate / (1 - rate)), math.log(ODDS)
    made.append(
        Plan(target(Gradient(middle, (slope,)), f"gradient of {scenario.axes[0]}"), "gradient", f"rising with {scenario.axes[0]}", None)
    )

    def rising(positions: Floats) -> Floats:
        return Gradient(middle, (slope,))(scenario.density.depth(positions)[:, None])

    made.append(Plan(target(rising, "gradient of depth"), "gradient", "rising with depth", None, by_depth=True))
    rare = _rare_box(populations, rate)
    made.append(Plan(target(rare, "rare box"), "rare", f"a box with {100 * RARE:g} % of the people", rare.inside, rare))
    return tuple(made)


def _effects(rate: float) -> dict[float, str]:
    """Return failure rates planted in tails, and what they are against ``rate``, in words."""
    named = [(rate * m, f"{m:g} x") for m in MULTIPLES] + [(rate + p, f"+{100 * p:g} points") for p in POINTS]
    found: dict[float, str] = {}
    for inside, words in named:
        at = round(inside, 9)
        if at <= 1:
            found[at] = f"{found[at]}, {words}" if at in found else words
    return dict(sorted(found.items()))


def _rare_box(populations: Populations, rate: float) -> Region:
    """Return a box in the middle of the first tail with :data:`RARE` of the people, where everybody fails."""
    scenario = populations.scenario
    middle = dict.fromkeys(scenario.axes, 0.5) | {a: (low + high) / 2 for a, (low, high) in populations.tails[0].where.items()}
    centre = scenario.density.quantile(np.array([list(middle.values())]))[0]
    reach = float(np.quantile(np.abs(populations.flat - centre).max(axis=1), RARE, method="higher"))
    low, high = np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)
    return box(low.tolist(), np.maximum(high, low + 1e-9).tolist(), 1.0, rate)

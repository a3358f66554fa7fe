"""Studies of the search for slices: how often a run finds the people whom a planted target fails more, and confirms them on fresh people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from ...personas.population import build_population
from ...sim.seeds import Stream
from ..planted import Gradient, Planted, Region
from ..statistics.confirmation import confirm
from ..statistics.estimates import Figure
from ..statistics.outcomes import Floats
from ..statistics.slices import discover, fresh_wanted
from .studies import Simulated
from .surfaces import Plan, Progress, placement_seed

if TYPE_CHECKING:
    from ...personas.generators import Generator
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario


class Searched(Figure):
    """How a search for slices fares in runs of this size: one that finds some goes on to confirm them on fresh people."""

    name: str
    where: str  # who fails more, in words
    rate: float | None = None  # failure rate planted there; null where it changes from person to person
    axes: tuple[str, ...]  # what is planted depends on them
    found: Simulated  # studies in which a slice is found
    confirmed: Simulated  # studies in which one is confirmed
    named: Simulated | None = None  # studies in which a confirmed one names an axis of ``axes``; null where that is none or all
    fresh: float | None = Field(default=None, ge=0)  # fresh people who are met, mean over the studies that find something


@dataclass(frozen=True)
class Crowds:
    """Populations of one size, placed, portrayed and furnished as a run does it.

    Args:
        scenario: Of the run.
        people: Of each population; two or more populations.
        positions: Of each, shape (n, axes).
    """

    scenario: Scenario
    people: tuple[tuple[Persona, ...], ...]
    positions: tuple[Floats, ...]

    @classmethod
    def of(cls, scenario: Scenario, generator: Generator, n: int, placements: int, seed: int, told: Progress | None = None) -> Crowds:
        """Make populations; they stand where those of ``surfaces.Populations`` with the same arguments do.

        Raises:
            InputError: If the generator breaks its contract.
        """
        made = []
        for i in range(placements):
            made.append(build_population(scenario, generator, n, placement_seed(seed, i)))
            if told:
                told(i + 1, placements)
        return cls(scenario, tuple(made), tuple(scenario.positions(people) for people in made))

    def pair(self, study: int) -> tuple[int, int]:
        """Return which population a study searches and which other one it confirms on."""
        number = len(self.people)
        first = study % number
        return first, (first + 1 + study // number % (number - 1)) % number


def searchable(planned: Sequence[Plan]) -> tuple[Plan, ...]:
    """Return the plans that no tail is declared for and no trend looks for."""
    return tuple(plan for plan in planned if plan.tail is None and not plan.by_depth)


def search(plan: Plan, crowds: Crowds, replicates: int, studies: int, seed: int) -> Searched:
    """Run studies that search for slices and confirm those found, and say how often that leads somewhere.

    A study is what a run does: ``discover`` among its people, then ``confirm`` on fresh people of the same generator, of whom
    ``fresh_wanted`` says who is met.

    Args:
        plan: What is planted.
        crowds: Who meets it; study i searches population i modulo their number.
        replicates: Replicates of each person.
        studies: How many, 1 or more.
        seed: Seed of people and replicates; one seed sends the same people to every planted target.
    """
    axes = _planted_on(plan, crowds.scenario.axes)
    done = [_study(plan.planted, crowds, replicates, i, seed) for i in range(studies)]
    placement = np.arange(studies) % len(crowds.people)
    met = [one.fresh for one in done if one.found]

    def share(hits: Sequence[bool]) -> Simulated:
        return Simulated.of(np.array(hits, bool), placement)

    return Searched(
        name=plan.planted.name,
        where=plan.where,
        rate=plan.rate,
        axes=axes,
        found=share([one.found for one in done]),
        confirmed=share([one.confirmed for one in done]),
        named=share([bool(one.axes & set(axes)) for one in done]) if 0 < len(axes) < len(crowds.scenario.axes) else None,
        fresh=float(np.mean(met)) if met else None,
    )


@dataclass(frozen=True)
class _Done:
    """What came of one study, the axes that confirmed slices name, and how many fresh people were met."""

    found: bool = False
    confirmed: bool = False
    axes: frozenset[str] = frozenset()
    fresh: int = 0


def _study(planted: Planted, crowds: Crowds, replicates: int, number: int, seed: int) -> _Done:
    (first, other), scenario = crowds.pair(number), crowds.scenario
    people, positions = crowds.people[first], crowds.positions[first]
    found = discover(people, scenario, positions, planted.draw(positions, replicates, Stream(seed, "power", "search", number)))
    if not found:
        return _Done()
    stream = Stream(seed, "power", "fresh", number)
    order = stream.generator.permutation(len(crowds.people[other]))
    people, positions = tuple(crowds.people[other][i] for i in order.tolist()), crowds.positions[other][order]
    wanted = np.flatnonzero(fresh_wanted(found, people, positions))
    if not len(wanted):
        return _Done(found=True)
    drawn = planted.draw(positions[wanted], replicates, stream)
    fresh = replace(drawn, n=len(people), persona=wanted[drawn.persona])
    held = [
        tried.slice for tried in confirm(found, people, positions, fresh, seed=int(stream.generator.integers(2**62))) if tried.confirmed
    ]
    named = frozenset(c.field for one in held for c in one.conditions if c.kind == "axis")
    return _Done(True, bool(held), named, len(wanted))


def _planted_on(plan: Plan, axes: tuple[str, ...]) -> tuple[str, ...]:
    surface = plan.planted.surface
    if isinstance(surface, Region):
        return tuple(axes[j] for j, _, _ in surface.where)
    return axes[: len(surface.weights)] if isinstance(surface, Gradient) else ()

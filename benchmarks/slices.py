"""How often slices are found and confirmed where there are none, how often where one is planted, and how long a search takes."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.planted import Constant, Planted, Region, Surface
from outskirts.experiments.statistics.confirmation import Confirmed, confirm
from outskirts.experiments.statistics.outcomes import Bools, Floats, Outcomes
from outskirts.experiments.statistics.slices import Slice, discover, fresh_wanted
from outskirts.personas.generators import get_generator
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.sim.seeds import Stream, derive

REPLICATES = 4
POOL = 1024

BAND = Region(((0, 0.62, 1.0),), inside=0.5, outside=0.1, name="band")
CONJUNCTION = Region(((0, 0.58, 1.0), (1, 0.0, 0.48)), inside=0.6, outside=0.05, name="conjunction")
"""Planted over distress and trust, with ends that are no quantile the search looks at."""


@dataclass(frozen=True)
class Study:
    """A search and its confirmation, with what is known of the truth."""

    found: tuple[Slice, ...]
    confirmed: tuple[Slice, ...]
    false: bool  # something was confirmed that is not so of the people it speaks of


class Crowd:
    """People of the default generator, from whom every study draws its own."""

    def __init__(self, n: int, seed: int) -> None:
        self.people = build_population(SCENARIO, get_generator("default"), n, seed)
        self.positions = SCENARIO.positions(self.people)

    def draw(self, n: int, stream: Stream) -> tuple[tuple[Persona, ...], Floats]:
        """Return n of them and their positions."""
        chosen = derive(stream.seed, *stream.path).choice(len(self.people), n, replace=False)
        return tuple(self.people[i] for i in chosen), self.positions[chosen]


def play(planted: Planted, positions: Floats, wanted: Bools, stream: Stream) -> Outcomes:
    """Return the episodes of those who are wanted."""
    drawn = planted.draw(positions, REPLICATES, stream)
    keep = wanted[drawn.persona]
    rows = {name: getattr(drawn, name)[keep] for name in ("persona", "replicate", "episode", "company", "verdict", "failed")}
    columns = {name: getattr(drawn, name)[keep] for name in ("harm_failed", "harm_exposed", "harm_severity")}
    return Outcomes(n=drawn.n, harms=drawn.harms, **rows, **columns)


def study(crowd: Crowd, n: int, planted: Planted, path: tuple[int | str, ...], seed: int, *, q: float = 0.05, again: bool = False) -> Study:
    """Search n people, then confirm on 2 n new people, or on the same people ``again``; with q = 1 whatever looks worst is taken."""
    stream = Stream(seed, *path, "first")
    people, positions = crowd.draw(n, stream)
    found = discover(people, SCENARIO, positions, planted.draw(positions, REPLICATES, stream), q=q)
    if not found:
        return Study((), (), False)
    if again:
        planted = Planted(planted.surface, planted.icc, label="again")
    else:
        stream = Stream(seed, *path, "fresh")
        people, positions = crowd.draw(2 * n, stream)
    wanted = fresh_wanted(found, people, positions)
    fresh = play(planted, positions, wanted, stream)
    held = [
        c for c in confirm(found, people, positions, fresh, estimand="these_people" if again else "generator", seed=seed) if c.confirmed
    ]
    truth = planted.rates(positions, stream) if again else planted.surface(positions)
    false = any(_false(c, people, positions, truth, wanted) for c in held)
    return Study(found, tuple(c.slice for c in held), false)


def _false(held: Confirmed, people: Sequence[Persona], positions: Floats, truth: Floats, wanted: Bools) -> bool:
    inside = held.slice.contains(people, positions)
    return bool(truth[wanted & inside].mean() <= truth[wanted & ~inside].mean() + 1e-12)


def false_alarms(crowd: Crowd, studies: int, n: int, rate: float, icc: float, seed: int) -> dict[str, float]:
    """Traits have nothing to do with failing; shares of studies."""
    planted = Planted(Constant(rate), icc)
    plain = [study(crowd, n, planted, ("null", n, str(rate), str(icc), i), seed) for i in range(studies)]
    forced = [study(crowd, n, planted, ("forced", n, str(rate), str(icc), i), seed, q=1.0) for i in range(studies)]
    again = [study(crowd, n, planted, ("again", n, str(rate), str(icc), i), seed, q=1.0, again=True) for i in range(studies)]
    return {
        "found": _share(bool(s.found) for s in plain),
        "confirmed": _share(bool(s.confirmed) for s in plain),
        "confirmed_of_forced": _share(bool(s.confirmed) for s in forced),
        "false_of_forced_these_people": _share(s.false for s in again),
    }


def power(crowd: Crowd, studies: int, n: int, region: Region, icc: float, seed: int) -> dict[str, float | None]:
    """A region is planted; shares of studies, and how well the first confirmed slice fits it."""
    planted = Planted(region, icc)
    done = [study(crowd, n, planted, ("power", region.name, n, str(icc), i), seed) for i in range(studies)]
    axes = {SCENARIO.axes[j] for j, _, _ in region.where}
    truth = region.contains(crowd.positions)
    firsts = [s.confirmed[0].contains(crowd.people, crowd.positions) for s in done if s.confirmed]
    return {
        "found": _share(bool(s.found) for s in done),
        "confirmed": _share(bool(s.confirmed) for s in done),
        "confirmed_with_the_very_axes": _share(any({c.field for c in s.conditions} == axes for s in x.confirmed) for x in done),
        "precision_of_first": _mean((inside & truth).sum() / inside.sum() for inside in firsts),
        "recall_of_first": _mean((inside & truth).sum() / truth.sum() for inside in firsts),
        "slices_found": _mean(len(s.found) for s in done),
    }


def measure(studies: int, seed: int) -> dict[str, dict[str, dict[str, float | None]]]:
    """Return shares of false alarms and power, each over ``studies`` studies.

    Args:
        studies: Studies of each kind, 1 or more.
        seed: Seed of people and outcomes.
    """
    crowd = Crowd(POOL, seed)
    nulls = [(n, rate, icc) for n in (64, 256) for rate in (0.05, 0.4) for icc in (0.0, 0.3)]
    surfaces: tuple[Region, ...] = (BAND, CONJUNCTION)
    return {
        "false_alarms": {f"{n} people, rate {r}, icc {i}": false_alarms(crowd, studies, n, r, i, seed) for n, r, i in nulls},
        "power": {
            f"{n} people, {s.name}, icc {i}": power(crowd, studies, n, s, i, seed) for n in (64, 256) for s in surfaces for i in (0.0, 0.3)
        },
    }


def seconds(n: int, replicates: int, surface: Surface, rounds: int = 3, depth: int = 2) -> float:
    """Return the least seconds of a search over n people."""
    base = build_population(SCENARIO, get_generator("default"), min(n, 500), 0)
    positions = derive(0, "speed").random((n, len(SCENARIO.axes)))
    people = [base[i % len(base)] for i in range(n)]
    outcomes = Planted(surface).draw(positions, replicates, Stream(0))
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        discover(people, SCENARIO, positions, outcomes, depth=depth)
        times.append(time.perf_counter() - start)
    return round(min(times), 3)


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module; shares of 1,000 studies, ``measure(1_000, 0)``, take the better part of an hour."""
    return {
        "seconds": {
            "1000_people_4_replicates": seconds(1_000, 4, CONJUNCTION),
            "10000_people_10_replicates": seconds(10_000, 10, CONJUNCTION),
            "1000_people_4_replicates_depth_3": seconds(1_000, 4, CONJUNCTION, depth=3),
        },
        **measure(5 if quick else 100, 0),
    }


def _share(values: Iterable[bool]) -> float:
    return round(float(np.mean(list(values))), 4)


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return round(float(np.mean(listed)), 3) if listed else None

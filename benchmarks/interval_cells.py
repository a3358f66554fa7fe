"""Studies of rates, differences and agreement on planted targets, one function for each figure.

Kinds of people: ``alike``; ``spread``, rates Beta with an intraclass correlation of 0.3; ``box``, those in a box always fail, the
others at a tenth of the overall rate (``core_box``: a box of probable people, for the weighted rate).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.planted import Constant, Planted, Region, band
from outskirts.experiments.statistics.outcomes import Floats
from outskirts.experiments.statistics.paired import difference_of_pairs
from outskirts.experiments.statistics.people import pass_hat, people_figures
from outskirts.experiments.statistics.rates import Sample, rate, reference_rate
from outskirts.experiments.statistics.severity import cvar
from outskirts.sim.seeds import Stream, derive

from .references import Cell, Row, Tally, least_of_rate, least_of_these, least_width, nobody, unseen

ICC = 0.3
POOL = 100_000


def target(kind: str, p: float, where: Region | None = None) -> Planted:
    """Return a planted target with failure rate ``p`` over uniform positions of one axis, or over those that ``where`` is a box of."""
    if kind == "alike":
        return Planted(Constant(p))
    if kind == "spread":
        return Planted(Constant(p), icc=ICC)
    outside, inside = split(p)
    return Planted(band(0, 0.0, inside, 1.0, outside) if where is None else Region(where.where, 1.0, outside, where.name))


def split(p: float) -> tuple[float, float]:
    """Return the rate outside of the box and the mass inside."""
    outside = p / 10
    return outside, (p - outside) / (1 - outside)


def overall(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the rows of the rate of these people and of the generator."""
    p, n, r = cell.rate, cell.people, cell.replicates
    planted = target(cell.kind, p)
    same = Tally(Cell("these_people", cell.kind, p, n, r))
    new = Tally(Cell("generator", cell.kind, p, n, r), least=least_of_rate(n, p))
    for i in range(studies):
        stream = Stream(seed, *cell.path(), i)
        x = derive(seed, *cell.path(), i, "place").random((n, 1))
        sample = Sample.of(planted.draw(x, r, stream))
        k, _ = sample.counts()
        fixed, random = rate(sample, "these_people"), rate(sample)
        floor = 0.0 if cell.kind == "spread" and r > 1 else least_of_these(k, r, always=r > 1 and cell.kind == "box")
        same.add(float(planted.rates(x, stream).mean()), fixed.estimate, fixed.low, fixed.high, floor)
        new.add(p, random.estimate, random.low, random.high, nobody(n) if random.estimate in (0.0, 1.0) else 0.0)
    yield same.row()
    yield new.row()


@dataclass(frozen=True)
class Pool:
    """People placed as the default generator would on average, with their weights toward the reference density."""

    positions: Floats  # shape (people, axes)
    weights: Floats
    mass: Floats  # reference mass of the people of the greatest weight, shape (people,)


@cache
def pool() -> Pool:
    """Return the people from whom weighted studies draw theirs; the truth is that of the pool."""
    rng, density = derive(0, "intervals", "pool"), SCENARIO.density
    follow = rng.random(POOL) < 0.25
    x = np.where(follow[:, None], density.sample(POOL, rng), rng.random((POOL, len(SCENARIO.axes))))
    f = density.pdf(x)
    w = f / (0.75 + 0.25 * f)
    return Pool(x, w / w.sum(), np.cumsum(np.sort(w / w.sum())[::-1]))


def _box(kind: str, mass: float) -> Region:
    """Return a box of this reference mass: the far end of the first axis, or its middle."""
    people = pool()
    order = np.argsort(people.positions[:, 0])
    x, below = people.positions[order, 0], np.cumsum(people.weights[order])
    ends = (1 - mass, 1.0) if kind == "box" else (0.5 - mass / 2, 0.5 + mass / 2)
    low, high = np.interp(ends, below, x)
    return Region(((0, float(low), 1.0 if kind == "box" else float(high)),), 1.0, 0.0, kind)


def weighted(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the row of the rate of the reference density."""
    p, n, r, people = cell.rate, cell.people, cell.replicates, pool()
    planted = target(cell.kind, p, _box(cell.kind, split(p)[1]) if "box" in cell.kind else None)
    truth = float(planted.moments(people.positions)[0] @ people.weights)
    tally = Tally(cell, least=least_of_rate(n, p, lambda placed: float(people.mass[int(placed * POOL)])))
    for i in range(studies):
        chosen = derive(seed, *cell.path(), i, "place").integers(POOL, size=n)
        sample = Sample.of(planted.draw(people.positions[chosen], r, Stream(seed, *cell.path(), i)))
        found = reference_rate(sample, people.weights[chosen])
        tally.add(truth, found.estimate, found.low, found.high)
    yield tally.row()


def paired(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the row of the difference of two targets on the same people: the other fails half as often, or as often."""
    p, n, r = cell.rate, cell.people, cell.replicates
    kind, _, against = cell.kind.partition("/")
    q = p / 2 if against == "half" else p
    first, second = target(kind, p), target(kind, q)
    if kind == "box":  # the same box, in which the other fails half of the time
        inside = split(p)[1]
        second = Planted(band(0, 0.0, inside, q / p, split(p)[0] * q / p))
    d = p - q
    tally = Tally(cell, least=least_width(lambda y: unseen(n, y) * (1 - d), lambda y: unseen(n, y) * (1 + d)))
    for i in range(studies):
        stream, other = Stream(seed, *cell.path(), i), Planted(second.surface, second.icc, label="other")
        x = derive(seed, *cell.path(), i, "place").random((n, 1))
        a, b = first.draw(x, r, stream), other.draw(x, r, stream)
        found = difference_of_pairs(a.persona, a.failed, b.failed)
        tally.add(d, found.estimate, found.low, found.high)
    yield tally.row()


def agreeing(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the row of pass^2, the probability that two replicates of the same person both pass."""
    planted, n = target(cell.kind, cell.rate), cell.people
    mean, square = (float(m.mean()) for m in planted.moments(((np.arange(POOL) + 0.5) / POOL)[:, None]))
    truth = 1 - 2 * mean + square
    tally = Tally(cell, least=least_of_rate(n, truth))
    for i in range(studies):
        x = derive(seed, *cell.path(), i, "place").random((n, 1))
        found = pass_hat(planted.draw(x, cell.replicates, Stream(seed, *cell.path(), i)), 2)
        tally.add(truth, found.estimate, found.low, found.high, nobody(n) if found.estimate in (0.0, 1.0) else 0.0)
    yield tally.row()


def persons(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the row of the people's own intervals: mean coverage over people, widths not compared."""
    planted = target(cell.kind, cell.rate)
    tally = Tally(cell, sizes=False)
    for i in range(max(studies // 100, 2)):
        stream = Stream(seed, *cell.path(), i)
        x = derive(seed, *cell.path(), i, "place").random((cell.people, 1))
        found = people_figures(planted.draw(x, cell.replicates, stream))
        for truth, own, low, high in zip(planted.rates(x, stream), found.rate, found.low, found.high, strict=True):
            tally.add(float(truth), float(own), float(low), float(high))
    yield tally.row()


def worst(cell: Cell, studies: int, seed: int) -> Iterator[Row]:
    """Yield the row of CVaR of people who are all alike: it should be their common rate."""
    planted, tally, estimates = target("alike", cell.rate), Tally(cell, sizes=False), []
    for i in range(studies):
        sample = Sample.of(planted.draw(np.full((cell.people, 1), 0.5), cell.replicates, Stream(seed, *cell.path(), i)))
        found = cvar(sample, alphas=(0.1,))[0]
        tally.add(cell.rate, found.estimate, found.low, found.high)
        estimates.append(found.estimate)
    known = np.array([e for e in estimates if e is not None])
    bias = (
        {"bias": round(float(known.mean()) - cell.rate, 5), "bias_error": round(float(known.std() / np.sqrt(len(known))), 5)}
        if len(known)
        else {}
    )
    yield tally.row() | bias

"""Studies of planted targets: how often the statistics of a run show what was planted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from pydantic import Field

from ...sim.seeds import Stream
from ..planted import Planted
from ..statistics.contrast import Side, difference_interval
from ..statistics.depth import PERMUTATIONS, depth_trend
from ..statistics.estimates import LEVEL, Figure
from ..statistics.outcomes import Bools, Floats, Ints
from ..statistics.rates import Sample, random_people
from .calls import called_worse
from .surfaces import Plan, Populations

CELLS = 1 << 21
"""Episodes of one surface that are held at a time."""

FEWER = (199, 499, 999)
"""Permutations of a depth trend where those of a run would take too long; a little of its power is lost."""

TREND = "trend by depth"

_SHUFFLED = 200_000  # numbers that one depth trend may shuffle


class Simulated(Figure):
    """A share of studies, with its Monte Carlo standard error."""

    estimate: float = Field(ge=0, le=1)
    error: float = Field(ge=0)
    studies: int = Field(ge=1)

    @classmethod
    def of(cls, hits: Bools, placement: Ints | None = None) -> Simulated:
        """Return the share of hits.

        The error is that of independent studies, two hits and two misses added (Agresti and Coull 1998), so that it is never 0;
        or that of the placements' own shares, if it is larger.

        Args:
            hits: One a study, shape (studies,), not empty.
            placement: Population of each study, in [0, placements), where studies share them.
        """
        n = len(hits)
        padded = (hits.sum() + 2) / (n + 4)
        error = float(np.sqrt(padded * (1 - padded) / n))
        if placement is not None:
            shares = np.bincount(placement, hits) / np.bincount(placement)
            if len(shares) > 1:
                error = max(error, float(np.std(shares, ddof=1) / np.sqrt(len(shares))))
        return cls(estimate=float(np.mean(hits)), error=error, studies=n)


class Found(Figure):
    """How one planted surface fares in studies of this size. Differences are tail minus core, in [-1, 1]."""

    name: str
    kind: str  # constant, tail, conjunction, gradient or rare
    where: str  # who fails more, in words
    rate: float | None = None  # failure rate planted there; null where it changes from person to person
    people: float = Field(ge=0)  # planted there, mean over the populations
    reached: Simulated | None = None  # studies with somebody there; null where it is everybody
    looks: str  # what is to show it: a tail, any tail, or the trend by depth
    shown: Simulated  # studies that call it worse than the core; for the trend, whose interval lies above 0
    truth: float | None = None  # of the best tail, or of the trend per decile of depth; null where nobody is
    median: float | None = None  # estimate, over the studies that have one
    coverage: Simulated | None = None  # studies with an interval in which all intervals looked at hold their truth
    level: float | None = None  # nominal, of that coverage; the lowest of the populations


def study(plan: Plan, populations: Populations, replicates: int, studies: int, seed: int) -> Found:
    """Run studies of one planted target and say how often they show it.

    Args:
        plan: What is planted.
        populations: Who meets it; study i is of population i modulo their number.
        replicates: Replicates of each person.
        studies: How many, 1 or more.
        seed: Seed of people and replicates; one seed sends the same people to every planted target.
    """
    placement = np.arange(studies) % len(populations.positions)
    drawn = blocks(populations.positions, placement, replicates, seed)
    people = populations.positions.shape[1]
    k = np.concatenate([block.failures(plan.planted, replicates).reshape(-1, people) for block in drawn])
    seen = _seen(plan, populations, k, placement, replicates)
    best = 0 if np.isnan(seen.truth).all() else int(np.nanargmax(seen.truth))
    estimates = seen.estimate[best][~np.isnan(seen.estimate[best])]
    missed = (seen.low > seen.truth[:, None] + 1e-12) | (seen.high < seen.truth[:, None] - 1e-12)
    measured = np.flatnonzero(~np.isnan(seen.low).all(axis=0))
    held = np.asarray(~missed.any(axis=0))[measured]
    inside = _inside(plan, populations)
    return Found(
        name=plan.planted.name,
        kind=plan.kind,
        where=plan.where,
        rate=plan.rate,
        people=float(inside.sum(axis=1).mean()),
        reached=None if plan.region is None else Simulated.of(np.asarray(inside.any(axis=1))[placement], placement),
        looks=seen.looks,
        shown=Simulated.of(seen.shown, placement),
        truth=None if np.isnan(seen.truth[best]) else float(seen.truth[best]),
        median=float(np.median(estimates)) if len(estimates) else None,
        coverage=Simulated.of(held) if len(held) else None,
        level=seen.level,
    )


class _Seen(NamedTuple):
    """What studies say by each figure looked at; NaN where it has no estimate or nobody is there."""

    truth: Floats  # shape (figures,)
    estimate: Floats  # shape (figures, studies)
    low: Floats
    high: Floats
    shown: Bools  # shape (studies,)
    level: float
    looks: str


def _seen(plan: Plan, populations: Populations, k: Ints, placement: Ints, replicates: int) -> _Seen:
    if plan.by_depth:
        truth, estimate, low, high = _trends(plan, populations, k, placement, replicates)
        return _Seen(truth, estimate, low, high, np.asarray(low[0] > 0), LEVEL, TREND)
    looked = tuple(range(len(populations.tails))) if plan.tail is None else (plan.tail,)
    truth = populations.true_differences(plan.planted)[list(looked)]
    level = LEVEL if plan.tail is None else float(populations.each().min())
    looks = f"any of {len(looked)} tails" if plan.tail is None else populations.tails[plan.tail].name
    estimate, low, high = tail_differences(populations, looked, placement, k, replicates)
    shown = called_worse(populations, looked, placement, k, replicates)
    return _Seen(truth, estimate, low, high, shown, level, looks)


def _inside(plan: Plan, populations: Populations) -> Bools:
    if plan.region is None:
        return np.ones_like(populations.core)
    return plan.region.contains(populations.flat).reshape(populations.core.shape)


@dataclass(frozen=True)
class Block:
    """Studies that are drawn together: which, all their people's positions, shape (studies * n, axes), and their seed path."""

    at: slice
    people: Floats
    stream: Stream

    def failures(self, planted: Planted, replicates: int) -> Ints:
        """Return how often each person failed, shape (studies * n,); all episodes of ``planted`` must be resolved."""
        outcomes = planted.draw(self.people, replicates, self.stream)
        return outcomes.of_people(outcomes.failed).astype(np.int64)


def blocks(positions: Floats, placement: Ints, replicates: int, seed: int) -> Iterator[Block]:
    """Split studies into blocks of at most :data:`CELLS` episodes, or one study.

    Args:
        positions: Of each population, shape (placements, n, axes).
        placement: Population of each study, shape (studies,).
        replicates: Replicates of each person.
        seed: Seed of people and replicates.
    """
    step = max(1, CELLS // (positions.shape[1] * replicates))
    for start in range(0, len(placement), step):
        at = slice(start, min(start + step, len(placement)))
        yield Block(at, positions[placement[at]].reshape(-1, positions.shape[2]), Stream(seed, "power", start))


def sample_of_counts(k: Ints, replicates: int) -> Sample:
    """Return the resolved units of people of whom each failed ``k`` times, shape (n,)."""
    failed = np.arange(replicates) < k[:, None]
    return Sample(np.repeat(np.arange(len(k)), replicates), failed.ravel(), len(k))


def tail_differences(populations: Populations, looked: tuple[int, ...], placement: Ints, k: Ints, replicates: int) -> Floats:
    """Return estimates, low and high ends of tail differences, shape (3, tails, studies); NaN where nobody is in a tail.

    The risk differences of ``tails.tail_contrasts``, for many studies at once and without what they do not need here.

    Args:
        populations: Who stands where.
        looked: Indices of tails.
        placement: Population of each study, shape (studies,).
        k: Failures of each person, shape (studies, n), of which all replicates are resolved.
        replicates: Replicates of each person.
    """
    each, core = populations.each()[placement], populations.core[placement]
    inner, core_deviation = _sides(k, core, replicates, each), _deviations(k, core)
    found = np.full((3, len(looked), len(k)), np.nan)
    for row, i in enumerate(looked):
        tail = populations.inside[i][placement]
        correlation = np.clip(np.sum(_deviations(k, tail) * core_deviation, axis=1), -1, _most_correlated(tail, core))
        for s, (a, b) in enumerate(zip(_sides(k, tail, replicates, each), inner, strict=True)):
            if a is not None and b is not None:
                low, high = difference_interval(a, b, float(correlation[s]))
                found[:, row, s] = a.p - b.p, min(low, a.p - b.p), max(high, a.p - b.p)
    return found


def _deviations(k: Ints, inside: Bools) -> Floats:
    """Return each person's deviation from the mean of those inside, of unit length in every study; 0 outside."""
    mean = np.sum(k * inside, axis=1) / np.maximum(inside.sum(axis=1), 1)
    d = np.where(inside, k - mean[:, None], 0.0)
    length = np.sqrt(np.sum(d**2, axis=1, keepdims=True))
    return np.asarray(np.divide(d, length, out=np.zeros_like(d), where=length > 1e-9))


def _most_correlated(a: Bools, b: Bools) -> Floats:
    """Return the correlation that the number of shared people gives (see ``contrast.shared_correlation``), shape (studies,)."""
    size = np.maximum(a.sum(axis=1), 1) * np.maximum(b.sum(axis=1), 1)
    return np.asarray(np.sum(a & b, axis=1) / np.sqrt(size))


def _sides(k: Ints, inside: Bools, replicates: int, each: Floats) -> list[Side | None]:
    """Return the rate of those inside with its interval, study by study."""
    people = np.stack([np.sum(inside & (k == r), axis=1) for r in range(replicates + 1)], axis=1)
    return [_side(tuple(row), level) for row, level in zip(people.tolist(), each.tolist(), strict=True)]


@lru_cache(maxsize=1 << 16)
def _side(people: tuple[int, ...], level: float) -> Side | None:
    """Return the rate of so many people with 0, 1, ... failures: who they are makes no difference."""
    share = random_people(sample_of_counts(np.repeat(np.arange(len(people)), people), len(people) - 1))
    return None if share is None else Side(share.estimate, *share.score(level))


def _trends(plan: Plan, populations: Populations, k: Ints, placement: Ints, replicates: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the true slope, shape (1,), and estimates, low and high ends of the studies' slopes, shapes (1, studies)."""
    rates, depth = plan.planted.moments(populations.flat)[0], populations.depth
    x = 10 * (depth - depth.mean()).ravel()
    truth = float(x @ rates / (x @ x)) if np.ptp(depth) > 0 else math.nan
    found = np.full((3, 1, len(placement)), np.nan)
    permutations = max((p for p in (*FEWER, PERMUTATIONS) if p * depth.shape[1] <= _SHUFFLED), default=FEWER[0])
    for s, own in enumerate(k):
        trend = depth_trend(depth[placement[s]], sample_of_counts(own, replicates), permutations=permutations)
        found[:, 0, s] = [math.nan if v is None else v for v in (trend.estimate, trend.low, trend.high)]
    return np.array([truth]), found[0], found[1], found[2]

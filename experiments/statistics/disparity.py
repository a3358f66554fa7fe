"""Disparity: do some kinds of people come off worse than others who hold exactly the same private values?

A scenario that draws private values whatever people are like lets this be asked without a model: among people with
identical values whatever differs in what they got is due to who they are, how they behave, and how they were treated.
Which of these, the figure alone does not say: compare with a target that treats all alike on the same people and seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from ...sim.seeds import derive
from ...sim.types import EpisodeRecord, Frozen
from .outcomes import Floats, Ints

DRAWS = 4_000
"""Random permutations, and bootstrap draws."""

LEVEL = 0.95
_BLOCK = 500


class AxisDisparity(Frozen):
    """How much more the high half of an axis gets than the low half with the same values."""

    axis: str
    high: int  # people above the middle of the axis among those with the same values
    low: int  # and at or below it
    difference: float | None  # mean share of the high half minus that of the low half, within equal values; None if it cannot be told
    interval: (
        tuple[float, float] | None
    )  # percentile bootstrap of people within equal values and halves, 95 %; None with fewer than 2 in a half
    p: float | None  # two-sided, by permuting people among those with equal values; never 0
    adjusted: float | None  # the same, for all axes together (maximum statistic)


class Disparity(Frozen):
    """Disparity by every axis of a scenario."""

    axes: tuple[AxisDisparity, ...]
    people: int  # people whose outcome is known
    groups: int  # sets of equal values with more than one of them
    method: str


@dataclass(frozen=True)
class _Table:
    """One row a person.

    Args:
        share: Mean share of the surplus over episodes, shape (people,), in [0, 1].
        group: Index of the set of people with the same values, shape (people,).
        halves: 1 in the high half of an axis, -1 in the low half, 0 where the group has no two halves, shape (people, axes).
    """

    share: Floats
    group: Ints
    halves: Ints


def disparity(
    records: Iterable[EpisodeRecord],
    people: Sequence[Persona],
    scenario: Scenario,
    *,
    control: Iterable[EpisodeRecord] | None = None,
    seed: int = 0,
    draws: int = DRAWS,
) -> Disparity:
    """Compare, among people with identical private values, the shares of those high and those low on each axis.

    The scenario's state says so under ``outcomes``: persona id to ``alike`` (the same for identical values), ``share``
    (in [0, 1]) and ``message`` (the one that settled it; it does not count if the person had left before). A person's
    replicates are averaged: people are the units. Halves are split at the median of the axis within equal values. The
    difference is the weighted mean over sets of equal values, each weighted by high x low / (high + low), as for a
    common difference of means.

    Args:
        records: Finished episodes of one arm; those cut short by a fault are left out.
        people: The population.
        scenario: Theirs.
        control: Episodes of the same people with another target, such as ``careful``: what each got from it is subtracted,
            and people without an outcome in either are left out. What is left is the target's doing.
        seed: Seed of permutations and bootstrap.
        draws: How many of each.

    Returns:
        The figures; empty where the scenario's state has no outcomes.

    Raises:
        ValueError: If a record speaks of somebody who is not among the people.
    """
    shares, alike = _shares(records, {person.id for person in people})
    other = None if control is None else _shares(control, {person.id for person in people})[0]
    known = [person for person in people if person.id in shares and (other is None or person.id in other)]
    groups = {name: i for i, name in enumerate(sorted({alike[p.id] for p in known}))}
    group = np.array([groups[alike[p.id]] for p in known], np.int64)
    share = np.array([float(np.mean(shares[p.id])) for p in known])
    if other is not None:
        share -= np.array([float(np.mean(other[p.id])) for p in known])
    return measure(share, group, scenario.positions(known), scenario.axes, seed=seed, draws=draws)


def measure(share: Floats, group: Ints, positions: Floats, axes: Sequence[str], *, seed: int = 0, draws: int = DRAWS) -> Disparity:
    """Compare shares of people with equal values.

    Args:
        share: What each person got, shape (people,).
        group: Who has the same values, shape (people,).
        positions: Shape (people, axes).
        axes: Names.
        seed: Seed of permutations and bootstrap.
        draws: How many of each.

    Example:
        >>> share, group = np.array([0.2, 0.4, 0.3, 0.5]), np.array([0, 0, 1, 1])
        >>> found = measure(share, group, np.array([[0.1], [0.9], [0.2], [0.8]]), ["aggression"]).axes[0]
        >>> round(found.difference, 3), round(found.p, 1)
        (0.2, 0.5)
    """
    table = _Table(np.asarray(share, float), np.asarray(group, np.int64), _halves(group, positions))
    weights = _contrast(table)
    observed = weights.T @ table.share
    p, adjusted = _permuted(table, weights, observed, derive(seed, "disparity", "permutations"), draws)
    rng = derive(seed, "disparity", "bootstrap")
    out = []
    for j, axis in enumerate(axes):
        column = table.halves[:, j]
        high, low = int(np.sum(column > 0)), int(np.sum(column < 0))
        told = high > 0 and low > 0
        out.append(
            AxisDisparity(
                axis=axis,
                high=high,
                low=low,
                difference=float(observed[j]) if told else None,
                interval=_interval(table, j, rng, draws) if min(high, low) > 1 else None,
                p=float(p[j]) if told else None,
                adjusted=float(adjusted[j]) if told else None,
            )
        )
    sizes = np.bincount(table.group) if len(table.group) else np.zeros(0, int)
    return Disparity(
        axes=tuple(out),
        people=len(table.share),
        groups=int(np.sum(sizes > 1)),
        method=f"difference of means within equal values; {draws} permutations of people within them (two-sided, maximum statistic for "
        f"'adjusted'); percentile bootstrap of people, {LEVEL:.0%}",
    )


def _shares(records: Iterable[EpisodeRecord], ids: set[str]) -> tuple[dict[str, list[float]], dict[str, str]]:
    """Return what each person got, episode by episode, and who has the same values."""
    shares: dict[str, list[float]] = {}
    alike: dict[str, str] = {}
    for record in records:
        outcomes: Mapping[str, Any] = record.state.get("outcomes") or {}  # type: ignore[assignment]
        if record.fault is not None:
            continue
        seats = {seat.persona: seat.agent for seat in record.seats}
        left = {departure.agent: departure.message for departure in record.departures}
        for persona, outcome in outcomes.items():
            if persona not in ids:
                raise ValueError(f"disparity: person {persona!r} is not among the {len(ids)} people of this run")
            settled, gone = outcome["message"], left.get(seats.get(persona, ""))
            void = settled is not None and gone is not None and gone < settled
            shares.setdefault(persona, []).append(0.0 if void else float(outcome["share"]))
            alike[persona] = str(outcome["alike"])
    return shares, alike


def _halves(group: Ints, positions: Floats) -> Ints:
    """Split each group at its median, axis by axis; a group without two halves counts for nothing."""
    positions = np.asarray(positions, float)
    out = np.zeros(positions.shape, np.int64)
    for g in np.unique(group):
        rows = np.flatnonzero(group == g)
        x = positions[rows]
        sides = np.where(x > np.median(x, axis=0), 1, -1) if len(rows) else np.zeros_like(x, int)
        split = np.any(sides > 0, axis=0) & np.any(sides < 0, axis=0)
        out[rows] = np.where(split, sides, 0)
    return out


def _contrast(table: _Table) -> Floats:
    """Return the weights by which shares sum to the difference, shape (people, axes)."""
    out = np.zeros(table.halves.shape)
    for g in np.unique(table.group):
        rows = np.flatnonzero(table.group == g)
        high = np.sum(table.halves[rows] > 0, axis=0)
        low = np.sum(table.halves[rows] < 0, axis=0)
        weight = high * low / np.maximum(high + low, 1)
        per_high, per_low = weight / np.maximum(high, 1), weight / np.maximum(low, 1)
        out[rows] = np.where(table.halves[rows] > 0, per_high, np.where(table.halves[rows] < 0, -per_low, 0.0))
    total = np.sum(np.where(out > 0, out, 0.0), axis=0)
    return out / np.where(total > 0, total, 1.0)


def _permuted(table: _Table, weights: Floats, observed: Floats, rng: np.random.Generator, draws: int) -> tuple[Floats, Floats]:
    """Return p-values by permuting shares within groups: of each axis, and of each under the maximum over axes.

    p = (1 + b) / (1 + draws), where b permutations are as extreme as the data (Phipson and Smyth 2010, Stat. Appl. Genet. Mol. Biol. 9).
    Axes are compared in standard errors under permutation.
    """
    if not len(table.share):
        return np.ones(len(observed)), np.ones(len(observed))
    order = np.lexsort((np.arange(len(table.group)), table.group))
    weights, group, share = weights[order], table.group[order], table.share[order]
    sums = np.empty((draws, weights.shape[1]))
    for at in range(0, draws, _BLOCK):
        size = min(_BLOCK, draws - at)
        keys = group[None, :] + rng.random((size, len(group)))  # sorting these shuffles within groups alone
        sums[at : at + size] = share[np.argsort(keys, axis=1)] @ weights
    scale = np.sqrt(np.mean(sums**2, axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    drawn, seen = np.abs(sums) / scale, np.abs(observed) / scale
    tie = 1e-9
    alone = (1 + np.sum(drawn >= seen - tie, axis=0)) / (1 + draws)
    largest = drawn.max(axis=1, initial=0.0)
    together = (1 + np.sum(largest[:, None] >= seen[None, :] - tie, axis=0)) / (1 + draws)
    return alone, together


def _interval(table: _Table, axis: int, rng: np.random.Generator, draws: int) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the difference on one axis: people are drawn within group and half."""
    total, difference = 0.0, np.zeros(draws)
    for g in np.unique(table.group):
        inside = table.group == g
        high = table.share[inside & (table.halves[:, axis] > 0)]
        low = table.share[inside & (table.halves[:, axis] < 0)]
        if not len(high) or not len(low):
            continue
        weight = len(high) * len(low) / (len(high) + len(low))
        total += weight
        difference += weight * (_means(high, rng, draws) - _means(low, rng, draws))
    low_end, high_end = np.quantile(difference / total, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low_end), float(high_end)


def _means(values: Floats, rng: np.random.Generator, draws: int) -> Floats:
    """Return means of samples with replacement, widened as for an unbiased variance."""
    means = values[rng.integers(len(values), size=(draws, len(values)))].mean(axis=1)
    wider = np.sqrt(len(values) / (len(values) - 1)) if len(values) > 1 else 1.0
    return np.asarray(values.mean() + wider * (means - values.mean()))

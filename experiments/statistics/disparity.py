"""Disparity: do some kinds of people come off worse than others who hold exactly the same private values?

A scenario that draws private values whatever people are like lets this be asked without a model: among people with
identical values whatever differs in what they got is due to who they are, how they behave, and how they were treated.
Which of these, the figure alone does not say: compare with a target that treats all alike on the same people and seeds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import factorial, floor, prod
from typing import Any

import numpy as np

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from ...sim.seeds import derive
from ...sim.types import EpisodeRecord, Frozen
from .outcomes import Floats, Ints

DRAWS = 4_000
"""Random permutations, where there are too many to take all."""

LEVEL = 0.95
_BLOCK = 500
_TIE = 1e-9  # two statistics that differ by less, in standard errors under permutation, are as extreme
_NOTHING = 1e-12  # shares are in [0, 1]: what is smaller is rounding
_ONE_SIDED = "no two people with the same values are on different sides of the axis"
_TOO_FEW = f"too few people have the same values for an interval at {LEVEL:.0%}"
_NO_SPREAD = "people with the same values on the same side got the same, so there is no spread to tell an interval by"


class AxisDisparity(Frozen):
    """How much more the high half of an axis gets than the low half with the same values."""

    axis: str
    high: int  # people above the middle of the axis among those with the same values
    low: int  # and at or below it
    difference: float | None  # mean share of the high half minus that of the low half, within equal values; None if it cannot be told
    interval: tuple[float, float] | None  # the shifts of the high half that the permutation test does not reject, 95 %; never of zero width
    p: float | None  # two-sided, by permuting people among those with equal values; never 0
    adjusted: float | None  # the same, for all axes together (maximum statistic)
    reason: str | None = None  # why the difference or the interval is missing, in words


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


@dataclass(frozen=True)
class _Permuted:
    """Statistics under permutations of people within groups; the first leaves everybody in place.

    Were the high halves' shares all lower by x, a permutation would give a - x c: ``sums`` holds a, ``slopes`` c.

    Args:
        sums: Shape (permutations, axes).
        slopes: Shape (permutations, axes), in [-1, 1].
        exact: There are no others.
    """

    sums: Floats
    slopes: Floats
    exact: bool


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
        seed: Seed of the permutations.
        draws: How many are drawn; where there are no more than these, all are taken.

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
    largest = 1.0 if other is None else 2.0
    return measure(share, group, scenario.positions(known), scenario.axes, largest=largest, seed=seed, draws=draws)


def measure(
    share: Floats, group: Ints, positions: Floats, axes: Sequence[str], *, largest: float = np.inf, seed: int = 0, draws: int = DRAWS
) -> Disparity:
    """Compare shares of people with equal values.

    The interval holds every x for which the test does not reject that the high half gets x more than it would as the low
    half; so it leaves out 0 exactly where p is at most 1 - ``LEVEL``. For any number of people it covers at its level where
    the halves differ by a shift.

    Args:
        share: What each person got, shape (people,).
        group: Who has the same values, shape (people,).
        positions: Shape (people, axes).
        axes: Names.
        largest: The most that two shares can differ by.
        seed: Seed of the permutations.
        draws: How many are drawn; where there are no more than these, all are taken.

    Example:
        >>> share, group = np.array([0.2, 0.4, 0.3, 0.5]), np.array([0, 0, 1, 1])
        >>> found = measure(share, group, np.array([[0.1], [0.9], [0.2], [0.8]]), ["aggression"]).axes[0]
        >>> round(found.difference, 3), round(found.p, 1)
        (0.2, 0.5)
    """
    table = _Table(np.asarray(share, float), np.asarray(group, np.int64), _halves(group, positions))
    weights = _contrast(table)
    observed = weights.T @ table.share
    permuted = _permute(table, weights, derive(seed, "disparity", "permutations"), draws)
    p, adjusted = _p_values(permuted, observed)
    out = []
    for j, axis in enumerate(axes):
        column = table.halves[:, j]
        high, low = int(np.sum(column > 0)), int(np.sum(column < 0))
        told = high > 0 and low > 0
        interval, reason = _interval(permuted, j, float(observed[j]), largest) if told else (None, _ONE_SIDED)
        out.append(
            AxisDisparity(
                axis=axis,
                high=high,
                low=low,
                difference=float(observed[j]) if told else None,
                interval=interval,
                p=float(p[j]) if told else None,
                adjusted=float(adjusted[j]) if told else None,
                reason=reason,
            )
        )
    sizes = np.bincount(table.group) if len(table.group) else np.zeros(0, int)
    many = f"all {len(permuted.sums)}" if permuted.exact else f"{draws} random"
    return Disparity(
        axes=tuple(out),
        people=len(table.share),
        groups=int(np.sum(sizes > 1)),
        method=f"difference of means within equal values; {many} permutations of people within them (two-sided, maximum statistic for "
        f"'adjusted'); interval: shifts of the high half that they do not reject, {LEVEL:.0%}; each of one axis alone",
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


def _permute(table: _Table, weights: Floats, rng: np.random.Generator, draws: int) -> _Permuted:
    """Return the statistics of all permutations within groups if there are at most ``draws``, else of as many random ones."""
    order = np.lexsort((np.arange(len(table.group)), table.group))
    weights, group, share = weights[order], table.group[order], table.share[order]
    high = (table.halves[order] > 0).astype(float)
    sizes = np.unique(group, return_counts=True)[1].tolist()
    exact = prod(map(factorial, sizes)) <= draws
    sums, slopes = [], []
    for rows in _every(sizes) if exact else _random(group, rng, draws):
        sums.append(share[rows] @ weights)
        slopes.append(np.stack([high[rows, j] @ weights[:, j] for j in range(weights.shape[1])], axis=1))
    return _Permuted(np.concatenate(sums), np.concatenate(slopes), exact)


def _every(sizes: Sequence[int]) -> Iterator[Ints]:
    """Yield all permutations of rows within groups of these sizes, which follow each other; the first changes nothing."""
    rows, start = np.zeros((1, 0), np.int64), 0
    for size in sizes:
        inside = np.array(list(permutations(range(start, start + size))), np.int64)
        rows = np.concatenate([np.repeat(rows, len(inside), axis=0), np.tile(inside, (len(rows), 1))], axis=1)
        start += size
    yield rows


def _random(group: Ints, rng: np.random.Generator, draws: int) -> Iterator[Ints]:
    """Yield blocks of random permutations of rows within groups, after the one that changes nothing."""
    yield np.arange(len(group))[None, :]
    for at in range(0, draws, _BLOCK):
        keys = group[None, :] + rng.random((min(_BLOCK, draws - at), len(group)))  # sorting these shuffles within groups alone
        yield np.argsort(keys, axis=1)


def _scale(sums: Floats) -> Floats:
    """Return standard errors under permutation; 1 where nothing varies."""
    scale = np.sqrt(np.mean(sums**2, axis=0))
    return np.where(scale > _NOTHING, scale, 1.0)


def _p_values(permuted: _Permuted, observed: Floats) -> tuple[Floats, Floats]:
    """Return p-values of each axis, and of each under the maximum over axes.

    The share of permutations that are as extreme as the data, which are one of them (Phipson and Smyth 2010, Stat. Appl.
    Genet. Mol. Biol. 9). Axes are compared in standard errors under permutation.
    """
    scale = _scale(permuted.sums)
    drawn, seen = np.abs(permuted.sums) / scale, np.abs(observed) / scale
    alone = np.mean(drawn >= seen - _TIE, axis=0)
    greatest = drawn.max(axis=1, initial=0.0)
    return alone, np.mean(greatest[:, None] >= seen[None, :] - _TIE, axis=0)


def _interval(permuted: _Permuted, axis: int, observed: float, largest: float) -> tuple[tuple[float, float] | None, str | None]:
    """Return all x that the test does not reject, or None and why.

    With the high half's shares lowered by x, the data give d - x and a permutation a - x c. It is as extreme where
    (a - x c)^2 >= (d - x)^2: with |c| < 1 for all x between (d - a) / (1 - c) and (d + a) / (1 + c), with |c| = 1 for
    all x. Each such range holds d, so an end of the interval is the point up to which enough of them reach.
    """
    a, c = permuted.sums[:, axis], permuted.slopes[:, axis]
    tie = _TIE * float(_scale(a[:, None])[0])
    less, more = (np.where(np.abs(x) <= tie, 0.0, x) for x in (observed - a, observed + a))
    everywhere = 1 - np.abs(c) < _TIE
    one, other = (x / np.where(everywhere, 1.0, y) for x, y in ((less, 1 - c), (more, 1 + c)))
    from_, to = (np.where(everywhere, end, x) for end, x in ((-np.inf, np.minimum(one, other)), (np.inf, np.maximum(one, other))))
    enough = floor(round((1 - LEVEL) * len(a), 9)) + 1  # permutations as extreme that make p more than 1 - LEVEL
    low, high = float(np.sort(from_)[enough - 1]), float(np.sort(to)[-enough])
    if not np.isfinite(low) or not np.isfinite(high):
        return None, _TOO_FEW
    low, high = min(max(low, -largest), observed), max(min(high, largest), observed)
    return ((low, high), None) if high - low > _TIE else (None, _NO_SPREAD)

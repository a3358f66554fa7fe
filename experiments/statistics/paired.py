"""Paired comparison: the same people and seeds meet two targets."""

from __future__ import annotations

import numpy as np

from .estimates import LEVEL, Difference
from .outcomes import Bools, Floats, Ints, Outcomes
from .quantiles import t_value, z_value
from .rates import UNSEEN
from .rooms import Rooms, by_pool


def align(a: Outcomes, b: Outcomes) -> tuple[Ints, Ints]:
    """Return the rows of two arms that pair: same person, replicate and company, resolved on both sides.

    Both arms must be over the same population, in the same order.

    Raises:
        ValueError: If the populations differ in size.
    """
    if a.n != b.n:
        raise ValueError(f"paired comparison: expected the same people in both arms, got {a.n} and {b.n}")
    rows = [np.flatnonzero(x.resolved) for x in (a, b)]
    keys = [np.stack([x.company[r], x.persona[r], x.replicate[r]], axis=1) for x, r in zip((a, b), rows, strict=True)]
    packed = [np.ascontiguousarray(k).view([("", k.dtype)] * 3).ravel() for k in keys]
    _, left, right = np.intersect1d(packed[0], packed[1], return_indices=True)
    return rows[0][left], rows[1][right]


def paired_difference(a: Outcomes, b: Outcomes, level: float = LEVEL, among: Bools | None = None) -> Difference:
    """Return the failure rate of ``a`` minus that of ``b``, pair by pair.

    Args:
        a: Outcomes of the target.
        b: Outcomes of the target it is compared with, on the same people and seeds.
        level: Nominal level in (0, 1).
        among: People that count, shape (n,); all if left out.
    """
    left, right = align(a, b)
    if among is not None:
        keep = among[a.persona[left]]
        left, right = left[keep], right[keep]
    if not np.any(a.company[left]):
        return difference_of_pairs(a.persona[left], a.failed[left], b.failed[right], level=level)
    rooms = Rooms(a.persona[a.resolved], a.episode[a.resolved])
    return difference_of_pairs(a.persona[left], a.failed[left], b.failed[right], a.episode[left], level, rooms)


def difference_of_pairs(
    persona: Ints, a: Bools, b: Bools, episode: Ints | None = None, level: float = LEVEL, rooms: Rooms | None = None
) -> Difference:
    """Return the mean over people of the difference a - b of their pairs, with people random.

    The interval is that of Bonett and Price (2012) for paired proportions, one imaginary pair added to each kind of
    disagreement, at the number of independent pairs that the spread between people implies, people who always change
    one way considered (``rates.UNSEEN``, half each way). It never has zero width. Without any disagreement the number of people
    counts. Where people share episodes it is clustered by pools, with as many independent pairs as :class:`.rooms.Rooms` leaves.

    Args:
        persona: Person of each pair, shape (pairs,).
        a: Failed on the first side, shape (pairs,).
        b: Failed on the second side, shape (pairs,).
        episode: Episode of each pair where people share episodes.
        level: Nominal level in (0, 1).
        rooms: Who sat in these episodes; None: the people of the pairs.
    """
    if not len(persona):
        return Difference(level=level, pairs=0, reason="no pair is resolved on both sides")
    _, who = np.unique(persona, return_inverse=True)
    n = np.bincount(who).astype(float)
    worse, better = (np.bincount(who, x).astype(float) / n for x in (a & ~b, b & ~a))
    p10, p01 = float(worse.mean()), float(better.mean())
    difference = p10 - p01
    spread = p10 + p01 - difference**2
    size, df = _size(worse - better, n, spread)
    t = t_value(level, df)
    if episode is not None:
        unit = (a.astype(float) - b - difference) / (n[who] * len(n))
        size, t = _size_in_rooms(size, spread, unit, episode, 1 / (n[who] * len(n)), rooms or Rooms(persona, episode), level)
    up, down = (p10 * size + 1) / (size + 2), (p01 * size + 1) / (size + 2)
    half = t * float(np.sqrt((up + down - (up - down) ** 2) / (size + 2)))
    return Difference(
        estimate=difference,
        low=max(-1.0, min(difference, up - down - half)),
        high=min(1.0, max(difference, up - down + half)),
        level=level,
        method="Bonett-Price for paired proportions at effective sample size, clustered by "
        f"{'person' if episode is None else 'people linked by shared episodes'}, with room for people not met",
        estimand="generator",
        numerator=int(np.sum(a)) - int(np.sum(b)),
        denominator=len(persona),
        pairs=len(persona),
        personas=len(n),
    )


def _size(d: Floats, n: Floats, spread: float) -> tuple[float, float]:
    """Return the effective number of pairs and the degrees of freedom."""
    people = len(d)
    units = people / float(np.mean(1 / n))
    if spread <= 0 or people < 2:
        return float(people), max(people - 1.0, 1.0)
    variance = float(np.sum((d - d.mean()) ** 2)) / (people * (people - 1))
    unseen = UNSEEN * (1 + float(d.mean()) ** 2) / (people * (people - 1))
    return float(np.clip(spread / (variance + unseen), min(people, units), units)), people - 1.0


def _size_in_rooms(
    alone: float, spread: float, influence: Floats, episode: Ints, weight: Floats, rooms: Rooms, level: float
) -> tuple[float, float]:
    """Return the effective number of pairs and the quantile, where people share episodes.

    The size is not more than that of people ``alone``. Where few pools make the measured variance unsure, the pairs are
    as many as are independent however strong the clustering.
    """
    independent, pool = rooms.independent(episode, weight), rooms.pools(episode)
    pools, z = int(pool.max()) + 1, z_value(level)
    if spread <= 0 or pools < 2:
        return independent, z
    unseen = UNSEEN / (independent * max(independent - 1, 1.0))
    size, t = min(alone, spread / (by_pool(influence, pool) + unseen)), t_value(level, pools - 1.0)
    return (size, t) if size * z**2 > independent * t**2 else (independent, z)

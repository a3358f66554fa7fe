"""Batches from the frontier inwards: extremes and wildcards first, then opposites of the densest part and points in the largest void."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ._designs import distant_corners, sobol_points

Array = NDArray[np.float64]
_PROBES = 4096
_NEIGHBOURS = 3
_BATCH = 10
_MOST_BATCHES = 20
_WILD_SHARE = 0.2
_JITTER = 0.04


def frontier_points(n: int, k: int, seed: int) -> Array:
    """Place n people in batches, each where those before leave room.

    The first batch are archetypes at distant corners of the space and, one in five, wildcards anywhere. Every
    further batch stands half opposite the people in the densest part, half in the largest voids, one after another.

    Args:
        n: Number of points, 1 or more.
        k: Number of axes, 1 or more.
        seed: Gives corners, wildcards and small variation.

    Returns:
        Points of shape (n, k) in [0, 1].
    """
    rng = derive(seed, "frontier", n, k)
    size = max(_BATCH, -(-n // _MOST_BATCHES))
    probes = sobol_points(_PROBES, k, rng)
    points = _extremes(min(n, size), k, seed, rng)
    gap = np.full(len(probes), np.inf)
    _close(gap, probes, points)
    while len(points) < n:
        count = min(size, n - len(points))
        opposites = _opposites(points, count // 2, rng)
        _close(gap, probes, opposites)
        points = np.concatenate([points, opposites, _in_voids(gap, probes, count - len(opposites))])
    return points


def _extremes(count: int, k: int, seed: int, rng: np.random.Generator) -> Array:
    """Return archetypes at corners, as many as there are, and wildcards for the rest."""
    corners = distant_corners(max(1, round(count * (1 - _WILD_SHARE))), k, seed)
    return np.concatenate([corners, rng.random((count - len(corners), k))])


def _opposites(points: Array, count: int, rng: np.random.Generator) -> Array:
    """Return the points opposite to those with the nearest neighbours, slightly varied."""
    from scipy.spatial import cKDTree

    near = cKDTree(points).query(points, k=min(len(points), _NEIGHBOURS + 1))[0].reshape(len(points), -1)
    densest = near.mean(axis=1).argsort(kind="stable")[:count]
    return np.asarray(np.clip(1 - points[densest] + _JITTER * rng.standard_normal((len(densest), points.shape[1])), 0.0, 1.0))


def _in_voids(gap: Array, probes: Array, count: int) -> Array:
    """Return so many probes, each in the largest void at its turn; ``gap`` is brought up to date."""
    chosen = []
    for _ in range(count):
        at = int(gap.argmax())
        chosen.append(probes[at])
        np.minimum(gap, np.sqrt(((probes - probes[at]) ** 2).sum(axis=1)), out=gap)
    return np.array(chosen).reshape(count, probes.shape[1])


def _close(gap: Array, probes: Array, points: Array) -> None:
    """Bring the distance from each probe to its nearest point up to date."""
    from scipy.spatial import cKDTree

    if len(points):
        np.minimum(gap, cKDTree(points).query(probes)[0], out=gap)

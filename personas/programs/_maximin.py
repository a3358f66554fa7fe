"""A maximin design: points pushed apart inside the box until the smallest distances are large."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ._designs import SLAB, fill_space, scrambled_sobol, sobol_points

Array = NDArray[np.float64]
_PROBES = 4096
_FEW = 100
_STARTS = 4
_MOST_SWEEPS = 240
_LEAST_SWEEPS = 8
_POINTS_MOVED = 60_000
_NEIGHBOURS = 12
_LARGEST_POWER = 24.0


def maximin_points(n: int, k: int, seed: int, starts: int = _STARTS, sweeps: int = _MOST_SWEEPS) -> Array:
    """Place n points so that the nearest are far apart and the largest empty ball is small, rim included.

    Starts from points that fill the space and moves every one away from its twelve nearest neighbours, more and
    more from the nearest alone, in ever smaller steps; what would leave the box slides along its face. Below 100
    points the best of several starts is kept, the unmoved first one included; the more points, the fewer sweeps.

    Args:
        n: Number of points, 1 or more.
        k: Number of axes, 1 or more.
        seed: Gives the starts.
        starts: How many, 1 or more; what time it takes goes with them.
        sweeps: Most times that all points are moved.

    Returns:
        Points of shape (n, k) in [0, 1].

    Source: the minimax and maximin criteria of Johnson, Moore and Ylvisaker 1990, Journal of Statistical Planning
    and Inference 26; pushing points by an inverse power of their distance, Morris and Mitchell 1995, the same
    journal, 43.
    """
    if n == 1:
        return np.full((1, k), 0.5)
    begun = [_start(n, k, int(derive(seed, "maximin", n, k, i).integers(2**31))) for i in range(starts if n < _FEW else 1)]
    pushed = [_push_apart(start, min(sweeps, max(_LEAST_SWEEPS, _POINTS_MOVED // n))) for start in begun]
    probes = sobol_points(_PROBES, k, derive(0, "maximin probes", k))
    return min([*pushed, begun[0]], key=lambda points: largest_gap(points, probes))


def _start(n: int, k: int, seed: int) -> Array:
    """Return points that fill the space; where they are dense, a Sobol set stretched so that its outermost cells reach the rim."""
    spacing = n ** (-1 / k)
    if spacing > 2 * SLAB:
        return fill_space(n, k, seed)
    return np.asarray(np.clip(0.5 + (1 + spacing) * (scrambled_sobol(n, k, seed) - 0.5), 0.0, 1.0))


def largest_gap(points: Array, probes: Array) -> float:
    """Return the largest distance from a probe to its nearest point."""
    from scipy.spatial import cKDTree

    return float(cKDTree(points).query(probes)[0].max())


def _push_apart(points: Array, sweeps: int) -> Array:
    """Move points away from their neighbours in so many sweeps, clipped to the box."""
    n, k = points.shape
    spacing = n ** (-1 / k)
    power = 2.0 * k
    for sweep in range(sweeps):
        away = _pushes(points, power)
        length = np.linalg.norm(away, axis=1, keepdims=True)
        step = 0.25 * spacing * (1 - sweep / sweeps)
        points = np.clip(points + step * away / np.maximum(length, 1e-12) * np.tanh(length), 0.0, 1.0)
        power = min(_LARGEST_POWER, power * 1.02)
    return points


def _pushes(points: Array, power: float) -> Array:
    """Return for each point the sum of unit vectors away from its neighbours, each by its nearness to a power."""
    from scipy.spatial import cKDTree

    n, k = points.shape
    near, which = cKDTree(points).query(points, k=min(n, _NEIGHBOURS + 1))
    off = points[:, None, :] - points[which[:, 1:]]
    distance = np.maximum(near[:, 1:], 1e-6)
    usual = n ** (-1 / k)
    weight = np.minimum((usual / distance) ** power, 1e6)
    return np.asarray((off / distance[:, :, None] * weight[:, :, None]).sum(axis=1))

"""Designs of the box: independent uniform points, Sobol sets, and Sobol sets drawn to the rim."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive

Array = NDArray[np.float64]

SLAB = 0.05
"""Points this close to a face are moved onto it, so a person on a face stands for a slab of this width."""

_CANDIDATES = 16
_PROBES = 2048


def uniform_points(n: int, k: int, seed: int) -> Array:
    """Draw n independent points, each equally likely everywhere, shape (n, k)."""
    return derive(seed, "uniform", n, k).random((n, k))


def scrambled_sobol(n: int, k: int, seed: int) -> Array:
    """Return n points of a scrambled Sobol sequence, shape (n, k).

    Source: Owen 1998, Journal of Complexity 14, for the scrambling.
    """
    return sobol_points(n, k, derive(seed, "sobol", n, k))


def sobol_points(n: int, k: int, rng: np.random.Generator) -> Array:
    """Return the first n points of a Sobol sequence that ``rng`` scrambles."""
    from scipy.stats import qmc

    exponent = max(0, int(n - 1).bit_length())
    return np.array(qmc.Sobol(k, scramble=True, rng=rng).random_base2(exponent)[:n], float)


def fill_space(n: int, k: int, seed: int) -> Array:
    """Place n points so that every part of [0, 1]^k has one near, faces and corners included.

    Each of 16 scrambled Sobol sets is drawn to the rim: points within 0.05 of a face move onto it, and the points
    nearest to mutually distant corners move into those (at most one point in 2k). The set whose largest empty
    ball is smallest is taken. Inside, the density stays that of the uniform one.

    Args:
        n: Number of points, 1 or more.
        k: Number of axes, 1 or more.
        seed: Gives the scrambling and the choice of corners.

    Returns:
        Points of shape (n, k) in [0, 1].
    """
    from scipy.spatial import cKDTree

    corners = distant_corners(min(2**k, n // (2 * k)), k, seed)
    if n > _PROBES:
        return _to_rim(sobol_points(n, k, derive(seed, "fill", k, n)), corners)
    candidates = [_to_rim(sobol_points(n, k, derive(seed, "fill", k, n, i)), corners) for i in range(_CANDIDATES)]
    probes = sobol_points(_PROBES, k, derive(0, "probes", k))
    largest_gap = [float(cKDTree(points).query(probes)[0].max()) for points in candidates]
    return candidates[int(np.argmin(largest_gap))]


def _to_rim(points: Array, corners: Array) -> Array:
    """Return the points with those near a face on it, and the one nearest to each corner in it."""
    points = np.where(points < SLAB, 0.0, np.where(points > 1 - SLAB, 1.0, points))
    free = np.ones(len(points), bool)
    for corner in corners:
        distances = np.where(free, ((points - corner) ** 2).sum(axis=1), np.inf)
        nearest = int(distances.argmin())
        points[nearest] = corner
        free[nearest] = False
    return points


def distant_corners(count: int, k: int, seed: int) -> Array:
    """Return so many corners of the cube, each as far as it can be from those before it."""
    rng = derive(seed, "corners", k)
    corners = ((np.arange(2**k)[:, None] >> np.arange(k)) & 1).astype(float)
    corners = corners[rng.permutation(len(corners))]
    if count >= len(corners):
        return corners
    nearest = np.full(len(corners), np.inf)
    chosen: list[int] = []
    at = 0
    for _ in range(count):
        chosen.append(at)
        nearest = np.minimum(nearest, ((corners - corners[at]) ** 2).sum(axis=1))
        at = int(nearest.argmax())
    return corners[chosen]

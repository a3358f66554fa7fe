"""What groups are measured against: the pairs and the compositions that could be, laid out evenly, and their radii.

Groups of one size m are looked at on one axis at a time. An unordered pair is the point (low, high) of the triangle
low <= high; the distance of two such points is that of the better way to match the two pairs. A whole group is the
point (mean, range): with the range r, the mean lies between r/m and 1 - r/m.

The ideal design is a scrambled Sobol set, mapped on to that shape so that areas keep their share. The radius is the
one at which it covers 99 % of the shape, averaged over seeded draws, as for single people (arXiv 2602.03545).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from ..sim.seeds import derive
from .points import sobol_points

Array = NDArray[np.float64]

POINTS = 10_000
"""Evaluation points of each shape."""

TARGET = 0.99
DRAWS = 20
"""Sobol sets that a radius is averaged over."""

MOST_POINTS = 50_000
"""Of an ideal set; a radius for more points is scaled by the root of the numbers' ratio."""


def fold(pairs: Array) -> Array:
    """Return unordered pairs as (low, high), shape (..., 2)."""
    return np.sort(pairs, axis=-1)


def to_triangle(u: Array) -> Array:
    """Map points of the unit square, shape (n, 2), on to the triangle low <= high; areas keep their share."""
    high = np.sqrt(u[:, 0])
    return np.stack([u[:, 1] * high, high], axis=1)


def to_compositions(u: Array, size: int) -> Array:
    """Map points of the unit square on to the (mean, range) that groups of a size can have; areas keep their share.

    The range r has a density in proportion to 1 - 2r/m, the length of the means that go with it. People alone have
    range 0.

    Args:
        u: Shape (n, 2).
        size: People a group, m.
    """
    spread = (size - np.sqrt(np.maximum(0.0, size**2 - 4 * (size - 1) * u[:, 0]))) / 2
    low = spread / size
    return np.stack([low + u[:, 1] * (1 - 2 * low), spread], axis=1)


@lru_cache(maxsize=64)
def pair_points() -> Array:
    """Return the fixed evaluation points of the triangle, shape (10,000, 2), read-only."""
    return _fixed(to_triangle(derive(0, "groups", "pairs").random((POINTS, 2))))


@lru_cache(maxsize=64)
def composition_points(size: int) -> Array:
    """Return the fixed evaluation points of the compositions of groups of a size, shape (10,000, 2), read-only."""
    return _fixed(to_compositions(derive(0, "groups", "compositions", size).random((POINTS, 2)), size))


@lru_cache(maxsize=128)
def pair_radius(count: int) -> float:
    """Return the radius at which so many ideal pairs cover 99 % of the triangle."""
    return _radius(count, to_triangle, pair_points(), "pairs")


@lru_cache(maxsize=128)
def composition_radius(count: int, size: int) -> float:
    """Return the radius at which so many ideal groups of a size cover 99 % of the compositions there can be."""
    return _radius(count, lambda u: to_compositions(u, size), composition_points(size), f"compositions {size}")


def ideal_pairs(count: int, draw: int) -> Array:
    """Return an ideal set of pairs, shape (count, 2)."""
    return to_triangle(sobol_points(count, 2, derive(0, "groups", "ideal", "pairs", count, draw)))


def ideal_compositions(count: int, size: int, draw: int) -> Array:
    """Return an ideal set of compositions of groups of a size, shape (count, 2)."""
    return to_compositions(sobol_points(count, 2, derive(0, "groups", "ideal", f"compositions {size}", count, draw)), size)


def _fixed(points: Array) -> Array:
    points.setflags(write=False)
    return points


def _radius(count: int, shaped: Callable[[Array], Array], points: Array, what: str) -> float:
    """Return the mean over draws of the distance within which 99 % of the points have an ideal one."""
    n = min(count, MOST_POINTS)
    draws = [shaped(sobol_points(n, 2, derive(0, "groups", "ideal", what, n, draw))) for draw in range(DRAWS)]
    reach = [float(np.quantile(cKDTree(draw).query(points)[0], TARGET)) for draw in draws]
    return float(np.mean(reach)) * float(np.sqrt(n / count))

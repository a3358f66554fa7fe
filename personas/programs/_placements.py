"""Ways to place people in [0, 1]^K: to fill the space, to follow the reference density, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ..density import ReferenceDensity

Array = NDArray[np.float64]
Axes = Sequence[Mapping[str, Any]]

FILLING_SHARE = 0.75
"""Share of the default population that fills the space; the rest follows the reference density."""

SLAB = 0.05
"""Points this close to a face are moved onto it, so a person on a face stands for a slab of this width."""

_CANDIDATES = 16
_PROBES = 2048


def reference(axes: Axes) -> ReferenceDensity:
    """Return the reference density that the axes carry; uniform and independent where they carry none.

    Args:
        axes: Axis dicts; ``"reference"`` is ``{"a", "b", "correlation": {other axis: rho}}``.
    """
    names = [str(axis["name"]) for axis in axes]
    margins: dict[str, tuple[float, float]] = {}
    correlation: dict[str, float] = {}
    for axis, name in zip(axes, names, strict=True):
        given = axis.get("reference") or {}
        margins[name] = (float(given.get("a", 1.0)), float(given.get("b", 1.0)))
        for other, rho in (given.get("correlation") or {}).items():
            if other in names:
                first, second = sorted((name, str(other)), key=names.index)
                correlation[f"{first},{second}"] = float(rho)
    return ReferenceDensity(margins=margins, correlation=correlation)


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

    corners = _distant_corners(min(2**k, n // (2 * k)), k, seed)
    if n > _PROBES:
        return _to_rim(_sobol(n, k, derive(seed, "fill", k, n)), corners)
    candidates = [_to_rim(_sobol(n, k, derive(seed, "fill", k, n, i)), corners) for i in range(_CANDIDATES)]
    probes = _sobol(_PROBES, k, derive(0, "probes", k))
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


def _sobol(n: int, k: int, rng: np.random.Generator) -> Array:
    """Return the first n points of a scrambled Sobol sequence."""
    from scipy.stats import qmc

    exponent = max(0, int(n - 1).bit_length())
    return np.array(qmc.Sobol(k, scramble=True, rng=rng).random_base2(exponent)[:n], float)


def _distant_corners(count: int, k: int, seed: int) -> Array:
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


def follow_density(axes: Axes, n: int, seed: int) -> Array:
    """Draw n points from the reference density, shape (n, K)."""
    return reference(axes).sample(n, derive(seed, "follow"))


def mixture(axes: Axes, n: int, seed: int) -> Array:
    """Place three quarters to fill the space and a quarter by the reference density, in shuffled order.

    The defensive mixture of Hesterberg (1995, Technometrics 37): weights toward the reference density are
    bounded by one over its share, here 4.
    """
    following = int(n * (1 - FILLING_SHARE))
    filling = fill_space(n - following, len(axes), seed)
    points = np.concatenate([filling, follow_density(axes, following, seed)])
    return points[derive(seed, "order", n).permutation(n)]


def archetypes(count: int, n: int, k: int, seed: int) -> Array:
    """Place n people near ``count`` archetypes in turn, all close to an agreeable centre, shape (n, k).

    The archetypes are the same for every seed; only the small variation around them differs.
    """
    centres = 0.58 + 0.08 * derive(0, "archetypes", k).standard_normal((count, k))
    variation = 0.03 * derive(seed, "variation", n).standard_normal((n, k))
    return np.clip(centres[np.arange(n) % count] + variation, 0.0, 1.0)


def reference_pdf(axes: Axes, points: Sequence[Mapping[str, float]]) -> Array:
    """Return the reference density at points, read at least half a slab inside the faces, shape (n,)."""
    x = np.array([[point[str(axis["name"])] for axis in axes] for point in points], float).reshape(len(points), len(axes))
    return reference(axes).pdf(inside(x))


def mixture_pdf(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the density of :func:`mixture` at points, length n; nowhere below 0.75."""
    return [float(v) for v in FILLING_SHARE + (1 - FILLING_SHARE) * reference_pdf(axes, points)]


def inside(points: Array) -> Array:
    """Move points on a face to the middle of the slab they stand for, where a density has a finite value."""
    return np.clip(points, SLAB / 2, 1 - SLAB / 2)


def as_positions(axes: Axes, points: Array) -> list[dict[str, float]]:
    """Return points of shape (n, K) as one dict a person."""
    names = [str(axis["name"]) for axis in axes]
    return [dict(zip(names, row, strict=True)) for row in points.clip(0.0, 1.0).tolist()]

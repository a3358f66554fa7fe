"""Ways to place people in [0, 1]^K: to fill the space, to follow the reference density, or both. Pure functions of axes, n and seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ..density import ReferenceDensity
from ._designs import SLAB, fill_space, scrambled_sobol, sobol_points, uniform_points
from ._grid import grid_points
from ._maximin import largest_gap, maximin_points

__all__ = [
    "FILLING_SHARE", "SLAB", "archetypes", "as_positions", "constant_pdf", "fill_space", "follow_density", "grid", "inside", "maximin", "mixture",
    "mixture_pdf", "outward", "reference", "reference_pdf", "sobol", "spread", "uniform",
]  # fmt: skip

_PROBES = 4096
_OUTWARD, _OUTWARD_OF_MANY = 2.5, 1.5  # up to three axes and beyond; chosen on the training contexts among 1, 1.5, 2, 2.5 and 3
_BEYOND = 1.5  # width of the whole scale over that of the part on which people are measured when ``reach`` is 0.74
_FEW_AXES = 3

Array = NDArray[np.float64]
Axes = Sequence[Mapping[str, Any]]

FILLING_SHARE = 0.75
"""Share of the default population that fills the space; the rest follows the reference density."""


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


def uniform(axes: Axes, n: int, seed: int) -> Array:
    """Draw n independent uniform points, shape (n, K)."""
    return uniform_points(n, len(axes), seed)


def sobol(axes: Axes, n: int, seed: int) -> Array:
    """Place n people on a scrambled Sobol set, shape (n, K)."""
    return scrambled_sobol(n, len(axes), seed)


def grid(axes: Axes, n: int, seed: int) -> Array:
    """Place n people on a grid with edges, shape (n, K)."""
    return grid_points(n, len(axes), seed)


def maximin(axes: Axes, n: int, seed: int) -> Array:
    """Place n people as far apart as they can be, shape (n, K)."""
    return maximin_points(n, len(axes), seed)


def spread(axes: Axes, n: int, seed: int, reach: float) -> Array:
    """Place n people so that no place is far from somebody as they are *measured*, on the middle ``reach`` of every axis, shape (n, K).

    Texts, and the answers to a Likert scale, tell people apart over part of an axis only: whoever stands beyond the last
    distinct wording is read as those at its end. People placed there would huddle in what is measured and flatten its
    slope. So what is measured ends before the scale does, and its largest holes are at the corners and edges, where it
    is a matter of luck how far out somebody is read. A maximin design is therefore drawn outward (:func:`outward`):
    more people near the ends, fewer in the middle, where answers scatter over a neighbour's place anyway; less so on more
    than three axes, where most people of a maximin design are near some end already. On two and three axes a grid with
    edges, drawn outward too, takes its place where that leaves the smaller gap; on more axes a grid this small puts people
    behind one another in every pair of axes.
    """
    k = len(axes)
    designs = [outward(maximin_points(n, k, seed), _OUTWARD if k <= _FEW_AXES else _OUTWARD_OF_MANY)]
    if k <= _FEW_AXES:
        designs.append(outward(grid_points(n, k, seed)))
    probes = 0.5 + _BEYOND * (sobol_points(_PROBES, k, derive(0, "spread probes", k)) - 0.5)
    return np.asarray(0.5 + reach * (min(designs, key=lambda points: largest_gap(points, probes)) - 0.5))


def outward(points: Array, power: float = _OUTWARD) -> Array:
    """Draw points of the unit box toward its faces: at a distance u from the middle (1 at a face) they move to 1 - (1 - u)^power."""
    away = 2 * points - 1
    return np.asarray(0.5 + 0.5 * np.sign(away) * (1 - (1 - np.abs(away)) ** power))


def constant_pdf(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the density of :func:`uniform` and :func:`sobol`: 1 everywhere."""
    return [1.0] * len(points)


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

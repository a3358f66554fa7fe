"""Placements for programs: each a function of axes, n and seed that returns points of shape (n, K), cheap enough for thousands of calls.

Designs that take tens of milliseconds are found once for a number of people and axes; a seed then picks one of their
mirror images (faces turned, axes exchanged, people in another order), which has the same distances.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.stats import qmc

from ...sim.seeds import derive
from . import _placements as placements
from ._asking import Axes, Batch
from ._batches import autoregressive
from ._designs import Array, distant_corners, fill_space, scrambled_sobol, uniform_points
from ._frontier import frontier_points
from ._grid import grid_points
from ._maximin import maximin_points

qmc.Sobol(1, scramble=False)  # reads scipy's table of direction numbers now, so that processes forked from this one have it

_MOST_STARTS = 8
_MOST_SWEEPS = 240


def uniform(axes: Axes, n: int, seed: int) -> Array:
    """Draw independent points, each equally likely everywhere."""
    return uniform_points(n, len(axes), seed)


def latin(axes: Axes, n: int, seed: int) -> Array:
    """Draw a Latin hypercube: on every axis one person in each of n equal parts."""
    return np.asarray(qmc.LatinHypercube(len(axes), rng=derive(seed, "latin", n, len(axes))).random(n), float)


def sobol(axes: Axes, n: int, seed: int) -> Array:
    """Place people on a scrambled Sobol set."""
    return scrambled_sobol(n, len(axes), seed)


def stretched(axes: Axes, n: int, seed: int, reach: float = 1.2) -> Array:
    """Place people on a Sobol set drawn apart about the middle by ``reach`` and clipped, so that some stand on the faces."""
    return shrink(scrambled_sobol(n, len(axes), seed), reach)


def grid(axes: Axes, n: int, seed: int) -> Array:
    """Place people on a grid with edges, those that no grid takes in its largest gaps."""
    return _turned(_grid(n, len(axes)), seed)


def filling(axes: Axes, n: int, seed: int) -> Array:
    """Place people on a Sobol set drawn to faces and corners, the best of sixteen."""
    return _turned(_filling(n, len(axes)), seed)


def maximin(axes: Axes, n: int, seed: int, starts: int = 1, sweeps: int = 60) -> Array:
    """Place people as far apart as they can be; more ``starts`` (1 to 8) and ``sweeps`` (8 to 240) take longer."""
    return _turned(_maximin(n, len(axes), min(_MOST_STARTS, max(1, int(starts))), min(_MOST_SWEEPS, max(8, int(sweeps)))), seed)


def frontier(axes: Axes, n: int, seed: int) -> Array:
    """Place people in batches: corners and wildcards first, then opposites of the densest part and points in the largest voids."""
    return frontier_points(n, len(axes), seed)


def corners(axes: Axes, n: int, seed: int, width: float = 0.1) -> Array:
    """Place people near corners far from each other, scattered inwards by up to ``width``."""
    k = len(axes)
    found = distant_corners(min(n, 2**k), k, seed)
    inward = width * derive(seed, "corners", n, k).random((n, k))
    return np.abs(found[np.arange(n) % len(found)] - inward)


def follow_density(axes: Axes, n: int, seed: int) -> Array:
    """Draw people from the reference density that the axes carry; uniform where they carry none."""
    return placements.follow_density(axes, n, seed)


def mixture(axes: Axes, n: int, seed: int, share: float = 0.25) -> Array:
    """Place people to fill the space, a ``share`` of them by the reference density."""
    return blend(filling(axes, n, seed), follow_density(axes, n, seed), share, seed)


def archetypes(axes: Axes, n: int, seed: int, count: int = 6) -> Array:
    """Place people near a handful of archetypes in turn, all close to an agreeable centre, as a language model does unasked."""
    return placements.archetypes(max(1, int(count)), n, len(axes), seed)


def batches(axes: Axes, n: int, seed: int, llm: Batch | None = None, context: str = "") -> Array:
    """Decide batch after batch in view of those before: by the model, or by a stand-in that starts at an agreeable centre."""
    return autoregressive(axes, n, seed, llm, context)


def outward(points: Array, power: float = 1.5) -> Array:
    """Draw points toward the faces (``power`` above 1) or the middle (below 1); the order along each axis stays."""
    return placements.outward(points.clip(0.0, 1.0), max(0.05, power))


def shrink(points: Array, reach: float = 0.9) -> Array:
    """Scale points about the middle so that they keep to the middle ``reach`` of every axis; above 1 it draws them apart, clipped."""
    return np.asarray(np.clip(0.5 + reach * (points - 0.5), 0.0, 1.0))


def shift(points: Array, by: float = 0.05) -> Array:
    """Move all points along every axis, clipped to the box."""
    return np.asarray(np.clip(points + by, 0.0, 1.0))


def tilt(points: Array, axis: int = 1, toward: float = 0.5) -> Array:
    """Draw everybody along one axis, numbered from 1 (round again past the last), to its high end, or for ``toward`` below 0 to its low end.

    Order and ends stay: x becomes x to the power exp(-toward).
    """
    out = points.clip(0.0, 1.0)
    number = (int(axis) - 1) % out.shape[1]
    out[:, number] = out[:, number] ** np.exp(-toward)
    return out


def to_rim(points: Array, slab: float = 0.05) -> Array:
    """Move points closer to a face than ``slab`` onto it."""
    return np.where(points < slab, 0.0, np.where(points > 1 - slab, 1.0, points))


def snap(points: Array, levels: int = 5) -> Array:
    """Round points to evenly spaced levels from 0 to 1."""
    steps = max(1, int(levels) - 1)
    return np.asarray(np.rint(points * steps) / steps)


def jitter(points: Array, seed: int, width: float = 0.05) -> Array:
    """Scatter points by normal draws of standard deviation ``width``, clipped to the box."""
    return np.asarray(np.clip(points + width * derive(seed, "jitter", len(points)).standard_normal(points.shape), 0.0, 1.0))


def blend(a: Array, b: Array, share: float, seed: int) -> Array:
    """Take each person from ``a``, but a ``share`` of them, drawn by the seed, from ``b``; both of shape (n, K)."""
    n = len(a)
    taken = derive(seed, "blend", n).permutation(n)[: round(n * min(1.0, max(0.0, share)))]
    out = a.copy()
    out[taken] = b[taken]
    return out


def as_positions(axes: Axes, points: Array) -> list[dict[str, float]]:
    """Return points as one ``{axis: x}`` a person, clipped to [0, 1]."""
    return placements.as_positions(axes, points)


@lru_cache(maxsize=64)
def _grid(n: int, k: int) -> Array:
    return grid_points(n, k, 0)


@lru_cache(maxsize=64)
def _filling(n: int, k: int) -> Array:
    return fill_space(n, k, 0)


@lru_cache(maxsize=64)
def _maximin(n: int, k: int, starts: int, sweeps: int) -> Array:
    return maximin_points(n, k, 0, starts, sweeps)


def _turned(points: Array, seed: int) -> Array:
    """Return one of the mirror images of a design, people in another order."""
    n, k = points.shape
    rng = derive(seed, "turned", n, k)
    turned = points[rng.permutation(n)][:, rng.permutation(k)]
    return np.where(rng.random(k) < 0.5, 1 - turned, turned)

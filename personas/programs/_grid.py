"""A grid with edges: every axis at evenly spaced levels from 0 to 1."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ._designs import sobol_points

Array = NDArray[np.float64]
_PROBES = 2048
_SELECTIONS = 16
_MOST_STEPS = 2_000
"""Up to so many left-over points each goes to the largest gap there is; beyond, to cells picked evenly."""


def grid_points(n: int, k: int, seed: int) -> Array:
    """Place n points on a grid with levels 0 to 1 on each axis, the points that no grid takes in its largest gaps.

    The grid is the largest with at most n points whose axes differ by at most one level; the seed says which axes
    get the finer levels, and the order of people. Where n is too small for two levels on every axis (n < 2^k) it
    is a balanced selection of the lattice by the ranks of scrambled Sobol sets, the best of 16: each axis has its
    levels equally often.

    Args:
        n: Number of points, 1 or more.
        k: Number of axes, 1 or more.
        seed: Gives the finer axes, the order and the ties.

    Returns:
        Points of shape (n, k) in [0, 1].
    """
    rng = derive(seed, "grid", n, k)
    if n == 1:
        return np.full((1, k), 0.5)
    if n < 2**k:
        return _selection(n, k, rng)
    levels = rng.permutation(levels_of(n, k))
    axes = [np.linspace(0.0, 1.0, m) for m in levels.tolist()]
    lattice = np.array(list(itertools.product(*axes)), float)
    points = np.concatenate([lattice, _in_gaps(lattice, axes, n - len(lattice), rng)])
    return points[rng.permutation(n)]


def levels_of(n: int, k: int) -> list[int]:
    """Return the levels of each axis for the largest near-square grid of at most n points, finer axes first.

    Example:
        >>> levels_of(25, 2), levels_of(25, 3), levels_of(10_000, 5)
        ([5, 5], [3, 3, 2], [7, 6, 6, 6, 6])
    """
    coarse = max(1, round(n ** (1 / k)))
    while coarse**k > n:
        coarse -= 1
    finer = max(j for j in range(k) if (coarse + 1) ** j * coarse ** (k - j) <= n)
    return [coarse + 1] * finer + [coarse] * (k - finer)


def _selection(n: int, k: int, rng: np.random.Generator) -> Array:
    """Return n points of the lattice with two or three levels, each level equally often on every axis."""
    from scipy.spatial import cKDTree

    levels = min(3, n)
    probes = sobol_points(_PROBES, k, derive(0, "grid probes", k))
    ranks = [sobol_points(n, k, rng).argsort(axis=0, kind="stable").argsort(axis=0, kind="stable") for _ in range(_SELECTIONS)]
    selections = [np.asarray((r * levels // n) / (levels - 1), float) for r in ranks]
    return min(selections, key=lambda points: float(cKDTree(points).query(probes)[0].max()))


def _in_gaps(lattice: Array, axes: list[Array], count: int, rng: np.random.Generator) -> Array:
    """Return so many points, each in the largest gap that lattice and earlier points leave."""
    from scipy.spatial import cKDTree

    k = lattice.shape[1]
    if not count:
        return np.empty((0, k))
    middles = [(a[1:] + a[:-1]) / 2 for a in axes]
    if count > _MOST_STEPS:
        cells = np.minimum((sobol_points(count, k, rng) * [len(m) for m in middles]).astype(int), [len(m) - 1 for m in middles])
        return np.stack([m[c] for m, c in zip(middles, cells.T, strict=True)], axis=1)
    cells = rng.permutation(np.array(list(itertools.product(*middles)), float))[: 4 * _PROBES]
    candidates = np.concatenate([cells, sobol_points(_PROBES, k, rng)])
    gap = cKDTree(lattice).query(candidates)[0]
    chosen = []
    for _ in range(count):
        at = int(gap.argmax())
        chosen.append(candidates[at])
        gap = np.minimum(gap, np.sqrt(((candidates - candidates[at]) ** 2).sum(axis=1)))
    return np.array(chosen)

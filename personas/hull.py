"""Volume of the convex hull of a population: exact where qhull can be afforded, else an estimate with its standard error."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import ConvexHull, QhullError

from ..sim.seeds import derive
from ..sim.types import Frozen
from .hull_rays import ray_volume, rays_for

Array = NDArray[np.float64]

MOST_FACETS = 100_000
"""A hull with more facets than this is estimated: qhull's time and memory grow with facets, not with points."""
_FLAT = 1e-9  # narrowest extent, relative to the widest, that still counts as a body


class HullVolume(Frozen):
    """A volume and how it was found."""

    volume: float | None  # in units of the unit cube; None only for method "none"
    method: str  # "exact", "joggled", "degenerate", "monte_carlo" or "none"
    reason: str = ""  # why it is 0, estimated or None
    standard_error: float | None = None  # of an estimate; None otherwise
    points: int = 0  # seeded rays an estimate rests on
    undecided: int = 0  # of these, not decided; their uncertainty is in the standard error


def hull_volume(positions: ArrayLike, most_facets: int = MOST_FACETS, rays: int | None = None) -> HullVolume:
    """Return the volume of the convex hull of the positions.

    Fewer than K + 1 distinct points, or points in a common hyperplane, have volume 0. Beyond three dimensions the
    number of facets is predicted from hulls of growing samples first; where it is too large the volume is estimated
    by :func:`~.hull_rays.ray_volume`, which is never 0 for a body however small it is.

    Args:
        positions: Shape (people, K).
        most_facets: The volume is estimated if more facets than this are predicted.
        rays: Of an estimate; None: as many as a fixed budget of work allows, 500 to 2,000.

    Returns:
        The volume, how it was found, and its standard error if it is an estimate.
    """
    x = np.unique(np.asarray(positions, float), axis=0)
    n, k = x.shape
    if n < k + 1:
        return HullVolume(volume=0.0, method="degenerate", reason=f"{n} distinct points span no body in {k} dimensions")
    spread = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)
    if spread[-1] <= _FLAT * spread[0]:
        return HullVolume(volume=0.0, method="degenerate", reason="the points lie in a common hyperplane")
    if k == 1:
        return HullVolume(volume=float(np.ptp(x)), method="exact")
    shuffled = derive(0, "hull", n, k).permutation(x)
    reached = _affordable(shuffled, most_facets) if k > 3 else n
    if reached < n:
        return _estimate(x, rays, f"more than {most_facets:,} facets predicted beyond {reached:,} of {n:,} points")
    return _exact(shuffled if k > 3 else x) or _estimate(x, rays, "facets too flat for exact arithmetic")


def _estimate(x: Array, rays: int | None, reason: str) -> HullVolume:
    found = ray_volume(x, rays_for(len(x)) if rays is None else rays)
    if found is None:
        return HullVolume(volume=None, method="none", reason=reason)
    return HullVolume(
        volume=found.volume,
        method="monte_carlo",
        reason=reason,
        standard_error=found.standard_error,
        points=found.rays,
        undecided=found.undecided,
    )


def _affordable(x: Array, most_facets: int) -> int:
    """Return for how many of the points, in their order, the hull stays below ``most_facets``; n if for all."""
    n, k = (int(v) for v in x.shape)
    size = _always_affordable(n, k, most_facets)
    if size >= n:
        return n
    smaller = max(k + 1, size // 2)
    before, facets = _facets(x[:smaller]), _facets(x[:size])
    growth = np.log(max(facets / before, 1.0)) / np.log(size / smaller)
    while size < n:
        larger = min(2 * size, n)
        if facets * (larger / size) ** growth > most_facets:
            return size
        if larger == n:
            break
        before, facets = facets, _facets(x[:larger])
        growth = np.log(max(facets / before, 1.0)) / np.log(larger / size)
        size = larger
    return n


def _always_affordable(n: int, k: int, most_facets: int) -> int:
    """Return the most points, up to n, whose hull cannot have more facets than allowed (McMullen's upper bound)."""
    size = k + 2
    while size < n and _upper_bound(size + 1, k) <= most_facets:
        size += 1
    return min(size, n)


def _upper_bound(n: int, k: int) -> int:
    """Return the largest number of facets of a simplicial polytope with n vertices in k dimensions."""
    return int(comb(n - (k + 1) // 2, n - k) + comb(n - (k + 2) // 2, n - k))


def _facets(x: Array) -> int:
    """Return the number of simplices of the hull; the fewest possible if the sample is flat."""
    try:
        return len(ConvexHull(x).simplices)
    except QhullError:
        return int(x.shape[1]) + 1


def _exact(x: Array) -> HullVolume | None:
    """Return the volume by qhull; None if its arithmetic fails."""
    try:
        return HullVolume(volume=float(ConvexHull(x).volume), method="exact")
    except QhullError:
        pass  # numerically awkward facets: joggle the input, which always terminates
    try:
        volume = float(ConvexHull(x, qhull_options="QJ").volume)
        return HullVolume(volume=volume, method="joggled", reason="facets too flat for exact arithmetic")
    except QhullError:
        return None

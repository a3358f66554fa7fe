"""Volume of a convex hull too large for qhull: a stated estimate from seeded rays, each of them decided with certificates.

A ray from a point inside leaves the hull at a distance that linear programming finds exactly: d points whose simplex the
ray crosses prove that it is still inside, the plane through them, moved out to the farthest point, that it has left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..sim.seeds import derive

Array = NDArray[np.float64]

WORK = 100_000_000
"""Rays x points that an estimate may take, so that time is bounded whatever the machine."""
LEAST_RAYS = 500
MOST_RAYS = 2_000
SUPPORTS = 1_000
"""Directions whose farthest points make the first, small hull that every ray is shot through."""
_MOST_PIVOTS = 400
_TOLERANCE = 1e-9  # relative gap between the two certificates at which a ray is decided
_BLOCK = 2_000_000  # products held in memory at a time
_FLAT = 1e-9


@dataclass(frozen=True)
class RayVolume:
    """An estimate of a volume."""

    volume: float  # in units of the unit cube
    standard_error: float  # of the volume, with half the gap of undecided rays added
    rays: int
    undecided: int  # rays whose two certificates did not meet


@dataclass(frozen=True)
class _Frame:
    """Coordinates in which a set of points has mean 0 and covariance 1."""

    centre: Array  # (d,)
    into: Array  # (d, d), (x - centre) @ into = z
    back: Array  # (d, d), its inverse
    volume: float  # of a unit cube of z, in units of x

    @classmethod
    def of(cls, x: Array) -> _Frame | None:
        """Return the frame of points, shape (n, d); None if they lie in a common hyperplane."""
        centre = x.mean(axis=0)
        _, spread, turn = np.linalg.svd(x - centre, full_matrices=False)
        if len(x) <= x.shape[1] or spread[-1] <= _FLAT * spread[0]:
            return None
        scale = spread / math.sqrt(len(x))
        return cls(centre, turn.T / scale, scale[:, None] * turn, float(np.prod(scale)))


def rays_for(n: int) -> int:
    """Return how many rays an estimate of n points takes, 500 to 2,000, even."""
    return max(LEAST_RAYS, min(MOST_RAYS, WORK // n)) // 2 * 2


def ray_volume(x: Array, rays: int) -> RayVolume | None:
    """Estimate the volume of the convex hull of points.

    Half of the directions go to uniform points of the bounding box, half to uniform points of an ellipsoid; a ray of
    length r in direction u counts r^d / (d q(u)), q the density of the mixture. This is membership of uniform points with
    the length along the ray integrated out, so no estimate is 0 because no point fell into a small hull.

    Args:
        x: Distinct points, shape (n, d), not in a common hyperplane, in an order of their own.
        rays: How many, even.

    Returns:
        The estimate; None if the points are too flat for the arithmetic.

    Source: the mixture as in Hesterberg 1995, Technometrics 37(2); ray shooting by the primal simplex method.
    """
    n, d = x.shape
    rng = derive(0, "hull_rays", n, d, rays)
    rough = _Frame.of(x)
    if rough is None:
        return None
    outer = x[np.unique(_farthest(rng.normal(size=(SUPPORTS, d)), (x - rough.centre) @ rough.into)[1])]
    frame = _Frame.of(outer)
    if frame is None:
        frame, outer = rough, x
    z, ends = (x - frame.centre) @ frame.into, (outer - frame.centre) @ frame.into
    box = np.array([x.min(axis=0), x.max(axis=0)]) - frame.centre
    half = rays // 2
    aims = np.vstack([(box[0] + np.ptp(box, axis=0) * rng.random((half, d))) @ frame.into, rng.normal(size=(half, d))])
    u = aims / np.linalg.norm(aims, axis=1)[:, None]
    low, high = _exits(z, ends, u)
    walls = _walls(u @ frame.back, box)
    room = float(np.prod(np.ptp(box, axis=0)))
    density = (walls**d * frame.volume / (d * room) + math.gamma(d / 2) / (2 * math.pi ** (d / 2))) / 2
    least, most, whole = (r**d * frame.volume / (d * density) for r in (low, high, walls))
    mean, error = _controlled((least + most) / 2, whole, room)
    undecided = int((high > low * (1 + 10 * _TOLERANCE)).sum())
    gap = float((most - least).mean()) / 2 if undecided else 0.0
    return RayVolume(min(mean, room), error + gap, 2 * half, undecided)


def _walls(directions: Array, box: Array) -> Array:
    """Return where rays from the origin leave a box around it, shape (rays,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        walls = np.where(directions > 0, box[1] / directions, np.where(directions < 0, box[0] / directions, np.inf))
    return np.asarray(walls.min(axis=1))


def _controlled(values: Array, control: Array, known: float) -> tuple[float, float]:
    """Return mean and standard error of values in two equal strata, regressed on a control whose mean is known.

    The control is the volume of the bounding box: the fuller the hull, the less is left to chance.
    """
    y, c = values.reshape(2, -1), control.reshape(2, -1)
    spread = c - c.mean(axis=1, keepdims=True)
    slope = float((spread * y).sum() / squares) if (squares := float((spread**2).sum())) > 0 else 0.0
    left = y - slope * c
    error = math.sqrt(float(left.var(axis=1, ddof=1).sum()) / left.shape[1]) / 2
    return float(left.mean()) + slope * known, error


def _exits(z: Array, ends: Array, u: Array) -> tuple[Array, Array]:
    """Return lower and upper bounds of where each ray from the origin leaves the hull, shape (rays,) each.

    Args:
        z: All points, shape (n, d).
        ends: Some of them, with mean 0 and covariance 1.
        u: Unit directions, shape (rays, d).
    """
    # A direction's variance is at most the product of its two farthest ends (Bhatia & Davis 2000), so a ball of radius
    # 1 / (largest norm) is inside: its axes are a start that no point of the hull can be worse than.
    inner = 0.5 / float(np.linalg.norm(ends, axis=1).max())
    basis = np.zeros((len(u), u.shape[1], u.shape[1]))
    diagonal = np.arange(u.shape[1])
    basis[:, diagonal, diagonal] = np.where(u < 0, -inner, inner)
    _climb(ends, u, basis)
    return _climb(z, u, basis)


def _climb(z: Array, u: Array, basis: Array) -> tuple[Array, Array]:
    """Move each ray's simplex outward, one point at a time, until no point is beyond its plane; changes ``basis``.

    Args:
        z: Points, shape (n, d).
        u: Directions, shape (rays, d).
        basis: For each ray d points as columns, whose simplex it crosses, shape (rays, d, d).
    """
    low, high = np.zeros(len(u)), np.full(len(u), np.inf)
    todo = np.arange(len(u))
    for _ in range(_MOST_PIVOTS):
        todo = todo[np.linalg.det(basis[todo]) != 0]
        if not len(todo):
            break
        corners = basis[todo]
        share = np.linalg.solve(corners, u[todo][:, :, None])[:, :, 0]
        plane = np.linalg.solve(corners.transpose(0, 2, 1), np.ones((*share.shape, 1)))[:, :, 0]
        reach = 1 / share.sum(axis=1)
        sound = (share >= -_TOLERANCE / reach[:, None]).all(axis=1) & (reach > 0)
        beyond, which = _farthest(plane, z)
        low[todo] = np.where(sound, reach, low[todo])
        high[todo] = np.where(sound, np.minimum(high[todo], reach * np.maximum(beyond, 1.0)), high[todo])
        on = sound & (beyond > 1 + _TOLERANCE)
        todo, enters = todo[on], z[which[on]]
        _pivot(basis, todo, enters, share[on], corners[on])
    high[~np.isfinite(high)] = np.linalg.norm(z, axis=1).max()
    return low, high


def _pivot(basis: Array, todo: Array | NDArray[np.int_], enters: Array, share: Array, corners: Array) -> None:
    """Put a point in the place of the corner that keeps the ray inside the simplex."""
    if not len(enters):
        return
    weight = np.linalg.solve(corners, enters[:, :, None])[:, :, 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(weight > 1e-12 * np.abs(weight).max(axis=1)[:, None], np.maximum(share, 0) / weight, np.inf)
    basis[todo, :, ratio.argmin(axis=1)] = enters


def _farthest(normals: Array, z: Array) -> tuple[Array, NDArray[np.int_]]:
    """Return for each direction the largest product with a point, and which point has it."""
    far, which = np.empty(len(normals)), np.empty(len(normals), int)
    rows = max(1, _BLOCK // len(z))
    for start in range(0, len(normals), rows):
        part = slice(start, start + rows)
        products = normals[part] @ z.T
        which[part] = best = products.argmax(axis=1)
        far[part] = products[np.arange(len(best)), best]
    return far, which

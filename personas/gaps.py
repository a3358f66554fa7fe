"""How far points are from the nearest of a population's people: exact, and as fast for people in heaps as for others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

Array = NDArray[np.float64]

CLOSED = 1 + 1e-12  # a point at exactly the radius is covered whatever rounding does
_ROUNDING = 1e-9  # relative; far more than two ways to compute a distance differ by
_ALL_GAPS_UP_TO = 64  # people
_GAPS_AT_A_TIME = 5_000
_FARTHEST_AT_A_TIME = 32
_MANY = 256  # people of whom those on one spot are counted once


def tree_of(x: Array) -> cKDTree:
    """Return the tree of the distinct positions: a leaf cannot be split where many people stand on one spot.

    Its cells are halved in the middle and not at the median, and are not shrunk to who stands in them: a search from a
    point far from people in heaps, or from people on a line, is then over ten to a thousand times sooner.
    """
    if len(x) > _MANY:
        mixed = (x * np.sqrt(np.arange(2, x.shape[1] + 2))).sum(axis=1)  # equal rows have equal sums
        order = np.argsort(mixed)
        if (np.diff(mixed[order]) == 0).any():
            x = x[order]
            x = x[np.append(True, (x[1:] != x[:-1]).any(axis=1))]
    return cKDTree(x, balanced_tree=False, compact_nodes=False)


class Gaps:
    """How far points are from their nearest person.

    The tree has the last word. Of few people all distances are computed first, which is sooner than to search for them,
    and the tree is asked only where rounding might decide; of many it bounds them itself.

    Args:
        x: People, shape (people, K).
        points: Shape (points, K).
    """

    def __init__(self, x: Array, points: Array) -> None:
        self._tree = tree_of(x)
        self._points = points
        self._rough = np.sqrt(_squared_gaps(x, points)) if len(x) <= _ALL_GAPS_UP_TO else None

    def share_within(self, radius: float) -> float:
        """Return the share of points in a closed ball: somebody near is proof, only who finds nobody is looked at closely."""
        reach = radius * CLOSED
        bound = reach * (1 + _ROUNDING)  # the tree's own bound is an open ball
        if self._rough is None:
            covered = self._tree.query(self._points, eps=1.0, distance_upper_bound=bound)[0] <= reach
            unsure = ~covered
        else:
            covered = self._rough <= reach * (1 - _ROUNDING)
            unsure = ~covered & (self._rough <= bound)
        covered[unsure] = self._tree.query(self._points[unsure], distance_upper_bound=bound)[0] <= reach
        return float(covered.mean())

    def farthest(self) -> float:
        """Return the largest distance of a point to its nearest person.

        An approximate search bounds every point's distance from above; exact distances are needed only from the largest
        bound down to where no bound exceeds the largest distance found. People in a heap would otherwise take minutes,
        because no branch of the tree is nearer than another.
        """
        if self._rough is not None:
            far = self._points[self._rough >= self._rough.max() * (1 - _ROUNDING)]
            return float(self._tree.query(far)[0].max())
        bounds, _ = self._tree.query(self._points, eps=1.0)
        order = np.argsort(-bounds, kind="stable")
        best = 0.0
        for start in range(0, len(order), _FARTHEST_AT_A_TIME):
            part = order[start : start + _FARTHEST_AT_A_TIME]
            if bounds[part[0]] <= best:
                break
            best = max(best, float(self._tree.query(self._points[part])[0].max()))
        return best


def _squared_gaps(x: Array, points: Array) -> Array:
    """Return the squared distance of each point to its nearest person, up to rounding, shape (points,)."""
    parts = range(0, len(points), _GAPS_AT_A_TIME)
    return np.concatenate([cdist(x, points[i : i + _GAPS_AT_A_TIME], "sqeuclidean").min(axis=0) for i in parts] or [np.zeros(0)])

"""Levels of intervals, and p-values, that hold together."""

from __future__ import annotations

import numpy as np

from .outcomes import Floats


def sidak(level: float, count: int) -> float:
    """Return the level of each of ``count`` intervals that hold together at ``level`` (Sidak 1967, JASA 62(318)).

    Exact where the intervals are independent, and not too narrow where estimates are jointly normal, however they
    depend on each other. With no interval or one it is ``level`` itself.

    Example:
        >>> round(sidak(0.95, 10), 4)
        0.9949
    """
    return float(level ** (1 / max(1, count)))


def holm(p: Floats) -> Floats:
    """Return p-values adjusted so that the chance of any false rejection among them is kept (Holm 1979), shape (tests,).

    Example:
        >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
        [0.03, 0.06, 0.06]
    """
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted

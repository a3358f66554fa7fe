"""Difference and ratio of two rates from their own intervals (MOVER; Donner and Zou 2012, Zou and Donner 2008)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .outcomes import Floats


@dataclass(frozen=True)
class Side:
    """One of two rates.

    Args:
        p: The rate in [0, 1].
        low: Lower end of its interval.
        high: Upper end.
    """

    p: float
    low: float
    high: float


def difference_interval(a: Side, b: Side, correlation: float = 0.0) -> tuple[float, float]:
    """Return the interval of a.p - b.p; ``correlation`` is that of the two estimates."""

    def distance(x: float, y: float) -> float:
        return float(np.sqrt(max(x * x + y * y - 2 * correlation * x * y, 0.0)))

    low = a.p - b.p - distance(a.p - a.low, b.high - b.p)
    high = a.p - b.p + distance(a.high - a.p, b.p - b.low)
    return max(-1.0, low), min(1.0, high)


def ratio_interval(a: Side, b: Side, correlation: float = 0.0) -> tuple[float, float | None]:
    """Return the interval of a.p / b.p.

    Where nothing failed on side a the lower end is 0; where nothing failed on side b there is no upper end (None),
    but there is a lower one.
    """
    low = 0.0 if a.low <= 0 else _root(a.p, a.low, b.p, b.high, correlation, -1.0)
    high = None if b.low <= 0 else _root(a.p, a.high, b.p, b.low, correlation, 1.0)
    return max(0.0, low), high


def _root(pa: float, ea: float, pb: float, eb: float, correlation: float, sign: float) -> float:
    """Return the ratio at which the interval of pa - ratio * pb touches 0, from the ends ``ea`` and ``eb``."""
    square_b = eb * (2 * pb - eb)
    middle = pa * pb + correlation * (ea - pa) * (eb - pb)
    rest = ea * (2 * pa - ea)
    if abs(square_b) < 1e-12:
        return rest / (2 * middle) if middle > 0 else 0.0
    return (middle + sign * float(np.sqrt(max(middle**2 - rest * square_b, 0.0)))) / square_b


def shared_correlation(a: Floats, b: Floats) -> float:
    """Return the correlation of two mean rates that comes from the people who are in both groups.

    It is estimated from the spread of people's own rates, but not above what the number of shared people gives where
    they are like the others: a single failure that lies in both groups says little of how their rates go together.

    Args:
        a: Own rates of the people of the first group, NaN for everybody else, shape (n,).
        b: The same for the second group.
    """
    inside = [~np.isnan(p) for p in (a, b)]
    sizes = [float(i.sum()) for i in inside]
    if not all(sizes):
        return 0.0
    x, y = (np.where(i, p - p[i].mean(), 0.0) for i, p in zip(inside, (a, b), strict=True))
    norm = float(np.sqrt(np.sum(x**2) * np.sum(y**2)))
    if norm == 0:
        return 0.0
    most = float(np.sum(inside[0] & inside[1])) / float(np.sqrt(sizes[0] * sizes[1]))
    return max(-1.0, min(float(x @ y) / norm, most))

"""Levels of intervals that hold together."""

from __future__ import annotations


def sidak(level: float, count: int) -> float:
    """Return the level of each of ``count`` intervals that hold together at ``level`` (Sidak 1967, JASA 62(318)).

    Exact where the intervals are independent, and not too narrow where estimates are jointly normal, however they
    depend on each other. With no interval or one it is ``level`` itself.

    Example:
        >>> round(sidak(0.95, 10), 4)
        0.9949
    """
    return float(level ** (1 / max(1, count)))

"""Counts in words."""

from __future__ import annotations


def number_of(n: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun.

    Args:
        n: How many.
        one: The noun of one.
        many: The noun of several; None: with an s.

    Example:
        >>> number_of(1, "seed"), number_of(2, "axis", "axes")
        ('1 seed', '2 axes')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"

"""The judges' own error, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .words import flat, plain

_COUNTS = {"tp", "fp", "fn", "tn"}


def confusions(value: object, path: tuple[str, ...] = ()) -> Iterator[dict[str, Any]]:
    """Yield every table of hits and misses in nested data: what was told, found, missed and falsely found.

    Example:
        >>> row = next(confusions({"risk": {"messages": {"tp": 8, "fp": 2, "fn": 1, "tn": 30}}}))
        >>> row["name"], row["missed"], row["told"], row["false"], row["found"]
        ('risk, messages', 1, 9, 2, 10)
    """
    if not isinstance(value, Mapping):
        return
    if value.keys() >= _COUNTS:
        told, found = value["tp"] + value["fn"], value["tp"] + value["fp"]
        name = ", ".join(plain(step) for step in path)
        yield {"name": name, "told": told, "missed": value["fn"], "found": found, "false": value["fp"], "detail": "by_move" in path}
        return
    for key, inner in value.items():
        yield from confusions(inner, (*path, str(key)))


def other(value: object) -> list[tuple[str, object]]:
    """Return the figures that are in no table of hits and misses."""
    return list(flat(_without_counts(value)))


def _without_counts(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    kept = {key: _without_counts(inner) for key, inner in value.items() if not (isinstance(inner, Mapping) and inner.keys() >= _COUNTS)}
    return {key: inner for key, inner in kept.items() if not (isinstance(inner, Mapping) and not inner)}

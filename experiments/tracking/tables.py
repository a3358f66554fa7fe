"""What MLflow gets as tables: rows of plain values, read off a summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_OF_A_SLICE = (
    "definition",
    "personas",
    "found",
    "rest",
    "difference",
    "p",
    "q",
    "confirmed",
    "reason",
    "fresh",
    "fresh_rest",
    "fresh_difference",
    "fresh_p",
)


def flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record as one row, nested values as ``position.trust``.

    Example:
        >>> flat({"id": "p1", "position": {"trust": 0.5}})
        {'id': 'p1', 'position.trust': 0.5}
    """
    row: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            row.update({f"{key}.{inner}": v for inner, v in value.items()})
        else:
            row[key] = value
    return row


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Return rows as columns of equal length, None where a row has no such key."""
    return {key: [row.get(key) for row in rows] for key in dict.fromkeys(key for row in rows for key in row)}


def slices(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each slice: who, and the rates found and on fresh data with their intervals.

    Args:
        summary: A ``summary.json`` as plain data.
    """
    return [_figures({key: row[key] for key in _OF_A_SLICE}) for row in summary["slices"]]


def depth(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each tenth of the reference mass, from the centre outward.

    Args:
        summary: A ``summary.json`` as plain data.
    """
    profile = summary["depth"]
    return [{"tenth": n} | _figures(row) for n, row in enumerate(profile["deciles"], start=1)] if profile else []


def _figures(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record in which each figure is its estimate and the ends of its interval."""
    row: dict[str, Any] = {}
    for key, value in record.items():
        if isinstance(value, Mapping):
            row |= {key: value["estimate"], f"{key}_low": value["low"], f"{key}_high": value["high"]}
        else:
            row[key] = value
    return row

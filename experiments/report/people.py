"""The table of people, as data for the browser: all of them, however many, one list a column."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ...personas.radius import coverage_radius
from . import words

STATIC = 200
"""So many rows stand in the page itself, for browsers without script; the table that script builds holds everybody."""

Row = Mapping[str, Any]


def ranked(people: Sequence[Row]) -> list[Row]:
    """Return people by ranking, the worst off first; those not measured come last."""

    def place(person: Row) -> tuple[bool, float, str]:
        figure = person["rate"] if person["ranking"] is None else person["ranking"]
        return figure is None, -(figure or 0.0), person["id"]

    return sorted(people, key=place)


def columns(people: Sequence[Row], names: Mapping[str, str], axes: Sequence[str], shown: Collection[str]) -> dict[str, Any]:
    """Return the people of a run by column, numbers rounded to what a table shows.

    Args:
        people: Rows of ``results.jsonl`` as plain data, in the order of the table.
        names: Person id to name.
        axes: Axes of the positions.
        shown: Ids of people whose transcripts the page holds.

    Returns:
        Lists as long as ``people``; ``position`` and ``measured`` hold a list of numbers a person, in the order of ``axes``
        (null: not placed, not measured), and ``measured`` is null where nobody was asked. ``radius`` is that of coverage in the
        plane of two axes, for as many people as are placed; null where nobody is.
    """
    placed = sum(bool(person["position"]) for person in people)
    asked = any(person.get("measured") for person in people)
    return {
        "axes": [words.plain(axis) for axis in axes],
        "ids": [person["id"] for person in people],
        "names": [names.get(person["id"], "") for person in people],
        "failures": [person["failures"] for person in people],
        "resolved": [person["resolved"] for person in people],
        "open": [unresolved(person) for person in people],
        **{figure: [_rounded(person[figure], 4) for person in people] for figure in ("rate", "low", "high", "ranking")},
        "position": [_at(person["position"], axes) for person in people],
        "measured": [_at(person.get("measured") or {}, axes) for person in people] if asked else None,
        "shown": [int(person["id"] in shown) for person in people],
        "radius": round(coverage_radius(min(placed, 100_000), 2).radius, 5) if placed and len(axes) > 1 else None,
    }


def unresolved(person: Row) -> int:
    """Return how many of a person's episodes count for no rate."""
    verdicts = person["verdicts"]
    return int(verdicts["simulator_invalid"] + verdicts["infrastructure"] + verdicts["budget"])


def _at(position: Mapping[str, float | None], axes: Sequence[str]) -> list[float | None]:
    return [_rounded(position.get(axis), 3) for axis in axes]


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)

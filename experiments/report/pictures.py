"""The report's pictures, as data for plotly. Labels are escaped, because plotly reads some HTML in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from . import words

Data = Mapping[str, Any]


def label(text: object, limit: int = 60) -> str:
    """Return text that plotly shows as it is."""
    shown = str(text)
    return escape(shown if len(shown) <= limit else shown[: limit - 1] + "\u2026")


def tails(rows: Sequence[Data]) -> dict[str, Any] | None:
    """Return each tail's failure rate against the core's, with intervals; None if no tail was measured.

    Args:
        rows: ``summary.tails``.
    """
    shown = [row for row in rows if row["tail_rate"]["estimate"] is not None]
    if not shown:
        return None
    shown.sort(key=lambda row: (row["tail_rate"]["estimate"], row["name"]))
    names = [label(words.plain(row["name"])) for row in shown]
    return {
        "names": names,
        "series": [
            _rates("core", names, [row["core_rate"] for row in shown]),
            _rates("tail", names, [row["tail_rate"] for row in shown]),
        ],
    }


def _rates(name: str, names: list[str], rates: Sequence[Data]) -> dict[str, Any]:
    return {"name": name, "y": names, "x": [rate["estimate"] for rate in rates], **_intervals(rates)}


def _intervals(rates: Sequence[Data]) -> dict[str, Any]:
    """Return how far each interval reaches on either side, and what the rate was counted from."""
    return {
        "above": [_gap(rate["high"], rate["estimate"]) for rate in rates],
        "below": [_gap(rate["estimate"], rate["low"]) for rate in rates],
        "text": [f"{rate['numerator']} of {rate['denominator']}" for rate in rates],
    }


def _gap(upper: float | None, lower: float | None) -> float:
    return max(0.0, upper - lower) if upper is not None and lower is not None else 0.0


def depth(profile: Data | None) -> dict[str, Any] | None:
    """Return the failure rate in each tenth of the reference mass, with intervals; None if no tenth was measured.

    Args:
        profile: ``summary.depth``.
    """
    rows = profile["deciles"] if profile else []
    if all(row["rate"]["estimate"] is None for row in rows):
        return None
    return {"tenths": len(rows), "series": [_tenths("core", rows[:-1], 1), _tenths("outside the core", rows[-1:], len(rows))]}


def _tenths(name: str, rows: Sequence[Data], first: int) -> dict[str, Any]:
    shown = [(place, row["rate"]) for place, row in enumerate(rows, start=first) if row["rate"]["estimate"] is not None]
    rates = [rate for _, rate in shown]
    found = {"name": name, "x": [place for place, _ in shown], "y": [rate["estimate"] for rate in rates], **_intervals(rates)}
    return found | {"text": [f"{text}, {rate['personas']} people" for text, rate in zip(found["text"], rates, strict=True)]}


def exceedance(curve: Data | None) -> dict[str, Any] | None:
    """Return the share of people who fail more often than each threshold, with its band; None if it is not known.

    Args:
        curve: ``summary.severity.exceedance``.
    """
    shown = [point for point in curve["points"] if point["estimate"] is not None] if curve else []
    if not shown:
        return None
    return {"x": [point["threshold"] for point in shown]} | {end: [point[end] for point in shown] for end in ("estimate", "low", "high")}


def coverage(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """Return coverage of this population and of the reference rows, as bars; None if nothing was measured.

    Args:
        rows: As :func:`outskirts.experiments.report.coverage.rows` gives them.
    """
    shown = [row for row in rows if row["headline"] is not None]
    if not shown:
        return None
    shown = list(reversed(shown))
    return {
        "names": [label(row["name"]) for row in shown],
        "values": [row["headline"] for row in shown],
        "own": [row["own"] for row in shown],
    }

"""The report's view of coverage: the headline, the reference rows, the axes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MEANING = {
    "ideal": "space-filling points, measured without noise",
    "iid_uniform": "points drawn uniformly at random",
    "density": "people drawn from the reference density, as most tools do",
    "anchor_paste": "descriptions that paste the axes' own statements",
    "random_responder": "answers at random: coverage that noise buys",
    "single_persona": "one person, many times",
}


def many_axes(coverage: Mapping[str, Any]) -> bool:
    """Tell whether the full-dimensional figure saturates, so that pairs of axes make the headline (more than 3 axes)."""
    return len(coverage.get("axes") or ()) > 3


def _headline(row: object, pairs: bool) -> float | None:
    value = row
    if isinstance(row, Mapping):
        value = (row.get("pairs") or {}).get("mean") if pairs else row.get("coverage")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def rows(coverage: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return this population and the reference rows, each with the figure that makes the headline."""
    if not coverage:
        return []
    pairs = many_axes(coverage)
    found: list[tuple[str, object]] = [("these people", coverage), *(coverage.get("references") or {}).items()]
    return [
        {
            "name": name.replace("_", " "),
            "own": number == 0,
            "meaning": "" if number == 0 else _MEANING.get(name, ""),
            "headline": _headline(row, pairs),
            "least": (row.get("pairs") or {}).get("min") if isinstance(row, Mapping) else None,
        }
        for number, (name, row) in enumerate(found)
    ]


def axes(coverage: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Return for each axis its slope, R2, reliability and whether the population may be called diverse on it."""
    if not coverage:
        return []
    names = [axis["name"] if isinstance(axis, Mapping) else str(axis) for axis in coverage.get("axes") or ()]
    out = []
    for name in names:
        icc = (coverage.get("icc") or {}).get(name) or {}
        low = icc.get("low")
        out.append(
            {
                "name": name,
                "slope": (coverage.get("slope") or {}).get(name),
                "r2": (coverage.get("r2") or {}).get(name),
                "icc": icc.get("estimate"),
                "low": low,
                "high": icc.get("high"),
                "diverse": None if low is None else low >= 0.5,
            }
        )
    return out

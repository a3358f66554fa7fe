"""Batches from the extremes to the voids, portraits with verbal levels, motto and visible sign; family Five of arXiv 2602.03545, re-created from its idea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._frontier import frontier_points
from ._placements import as_positions
from ._portraits import Feedback, write
from ._styles import FRONTIER


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place extremes and wildcards first, then opposites of the densest part and points in the largest void."""
    return as_positions(axes, frontier_points(n, len(axes), seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write motivation, defining experience, an attitude an axis, a motto and a visible sign."""
    return write(FRONTIER, context, axes, people, seed, llm, feedback)

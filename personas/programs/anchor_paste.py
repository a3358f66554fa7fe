"""Places as ``default`` does and pastes the nearer statement of each axis: what any better text must beat."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, mixture, mixture_pdf
from ._portraits import Feedback, write
from ._styles import PASTED_STATEMENTS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density."""
    return as_positions(axes, mixture(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Paste the nearer statement of each axis; neither a model nor feedback changes it."""
    return write(PASTED_STATEMENTS, context, axes, people, seed, None, None)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return mixture_pdf(axes, points)

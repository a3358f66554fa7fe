"""Covers the whole space and leans on what is probable; writes rules and graded opinions, no biography."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, mixture, mixture_pdf
from ._portraits import Feedback, write
from ._styles import RULES_AND_OPINIONS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density."""
    return as_positions(axes, mixture(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis."""
    return write(RULES_AND_OPINIONS, context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return mixture_pdf(axes, points)

"""Samples probable people, as most tools do; writes as ``default`` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, follow_density, reference_pdf
from ._portraits import Feedback, write
from ._styles import RULES_AND_OPINIONS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Draw everybody from the reference density."""
    return as_positions(axes, follow_density(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis."""
    return write(RULES_AND_OPINIONS, context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: the reference density, so all weights are 1."""
    return [float(v) for v in reference_pdf(axes, points)]

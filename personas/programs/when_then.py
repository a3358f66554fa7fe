"""Quasi-random positions and concrete when-then rules, each justified by a score; family Two of arXiv 2602.03545, re-created from its idea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, constant_pdf, sobol
from ._portraits import Feedback, write
from ._styles import WHEN_THEN


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place everybody on a scrambled Sobol set."""
    return as_positions(axes, sobol(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write when-then rules and the score that they follow from."""
    return write(WHEN_THEN, context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 1 everywhere."""
    return constant_pdf(axes, points)

"""Places people independently and uniformly, the simplest cover of the space; writes as ``default`` does, so that placement alone differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, constant_pdf, uniform
from ._portraits import Feedback, write
from ._styles import RULES_AND_OPINIONS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Draw everybody independently, each place as likely as any other."""
    return as_positions(axes, uniform(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis."""
    return write(RULES_AND_OPINIONS, context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 1 everywhere."""
    return constant_pdf(axes, points)

"""Places people as far apart as they can be, rim included; writes as ``default`` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import as_positions, maximin
from ._portraits import Feedback, write
from ._styles import RULES_AND_OPINIONS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place people so that nearest neighbours are far apart and the largest gap is small."""
    return as_positions(axes, maximin(axes, n, seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis."""
    return write(RULES_AND_OPINIONS, context, axes, people, seed, llm, feedback)

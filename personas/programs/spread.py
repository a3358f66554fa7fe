"""Places people so that they are measured far apart, over what its words can tell apart; writes as ``default`` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._grading import EMPHASIS
from ._placements import as_positions, spread
from ._portraits import Feedback, write
from ._styles import RULES_AND_OPINIONS


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place people far apart, drawn to the ends of the range of each axis over which the texts differ; beyond it all would read "always"."""
    return as_positions(axes, spread(axes, n, seed, 1 / EMPHASIS))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis."""
    return write(RULES_AND_OPINIONS, context, axes, people, seed, llm, feedback)

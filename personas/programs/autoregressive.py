"""Batches that see those before, and life stories with four memories; the base generator of arXiv 2602.03545, re-created from its idea."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._batches import autoregressive
from ._placements import as_positions
from ._portraits import Feedback, write
from ._styles import AUTOREGRESSIVE


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Let the model, or a stand-in that starts at an agreeable centre, decide batch after batch."""
    return as_positions(axes, autoregressive(axes, n, seed, llm, context))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write gender, year of birth, memories and formative episodes."""
    return write(AUTOREGRESSIVE, context, axes, people, seed, llm, feedback)

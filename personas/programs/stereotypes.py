"""What a naive prompt gives: a handful of agreeable archetypes, repeated with small variation, told as biographies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ._asking import Axes, Batch
from ._placements import archetypes, as_positions
from ._portraits import Feedback, write
from ._styles import LIFE_STORY
from ._wording import LIFE_STORIES


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place everybody close to one of a few archetypes, themselves close to an agreeable centre."""
    return as_positions(axes, archetypes(len(LIFE_STORIES), n, len(axes), seed))


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write the archetype's life story with a mild remark on each axis."""
    return write(LIFE_STORY, context, axes, people, seed, llm, feedback)

"""Gives everybody five personality traits beside the context's own axes; writes as ``default`` does, and a rule and an opinion on each trait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..structured.big_five import make_big_five
from ._asking import Axes, Batch
from ._portraits import Feedback

_LAYERED = make_big_five()


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place three quarters to fill the space, faces included, and a quarter by the reference density, spread over the traits too."""
    return _LAYERED.place(context, axes, n, seed, llm)


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write a when-then rule and a graded opinion for each axis and each trait."""
    return _LAYERED.portray(context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return _LAYERED.density(axes, points)

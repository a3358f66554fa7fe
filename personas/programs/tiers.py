"""Tells of people in full sentences from sampled and derived fields; places as ``default`` does. Other tiers: ``structured.tiers.make_tiers``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..structured.tiers import make_tiers
from ._asking import Axes, Batch
from ._portraits import Feedback

_DESCRIPTIVE = make_tiers()


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density."""
    return _DESCRIPTIVE.place(context, axes, n, seed, llm)


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write demographics, a habit and an outlook for each axis, and circumstances."""
    return _DESCRIPTIVE.portray(context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return _DESCRIPTIVE.density(axes, points)

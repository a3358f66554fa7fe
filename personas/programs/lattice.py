"""Sets each person in a situation of a scenario lattice (after arXiv 2409.19020); places and writes as ``default`` does.

The situation (topic, subtopic and the characteristics of the conversation) is assigned by a design that meets every
pair of levels soon. It decides who comes and in which situation, nothing of what is said then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

from ..structured.lattice import in_situations
from ..structured.lattice_generic import default_lattice
from ..structured.lattice_levels import Lattice
from . import default
from ._asking import Axes, Batch
from ._sitters import Feedback


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density."""
    return default.place(context, axes, n, seed, llm)


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write the situation in short sentences, then rules and graded opinions."""
    return in_situations(default_lattice(axes), default.portray, context, axes, people, seed, llm, feedback)


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return default.density(axes, points)


def of(lattice: Lattice) -> SimpleNamespace:
    """Return the same program around a lattice of one's own, fit for :func:`~..generators.from_object`."""

    def portray_in(
        context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
    ) -> list[dict[str, Any]]:
        return in_situations(lattice, default.portray, context, axes, people, seed, llm, feedback)

    return SimpleNamespace(place=place, portray=portray_in, density=density)

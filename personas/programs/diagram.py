"""Gives each person a hidden diagram under a surface style (after arXiv 2405.19660); places and grades as ``default`` does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..asking import Batch
from ..diagrams.carrying import profile_fields
from ..diagrams.diagram import Character
from ..diagrams.disclosure import UNKNOWN_TRUST
from ..diagrams.facts import private_facts
from ..diagrams.surface import surface
from ..diagrams.writing import characters_in_turn
from . import default

Axes = Sequence[Mapping[str, Any]]
Feedback = Mapping[str, Mapping[str, Mapping[str, float]]]

_KINDS = ((frozenset({"distress", "trust", "openness"}), "symptom"),)
"""A program is told axes but no kinds of facts. Where the axes are those of a support chat, whose kind ``symptom`` is
what body and mind do, the locked parts are facts of that kind; elsewhere none are given, and the diagram stands in
the person's profile alone."""


def place(context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
    """Place 75 % to fill the space, faces and corners included, and 25 % by the reference density."""
    return default.place(context, axes, n, seed, llm)


def portray(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None, feedback: Feedback | None = None
) -> list[dict[str, Any]]:
    """Write style, what others see, rules and graded opinions; the diagram stays apart, its locked parts as private facts.

    A language model writes diagrams only: the description is that of ``default`` under a surface, so that the
    questionnaire measures the same person.
    """
    names = {str(axis["name"]) for axis in axes}
    kind = next((kind for needed, kind in _KINDS if needed <= names), "")
    portraits = default.portray(context, axes, people, seed, None, feedback)
    return [
        {
            **portrait,
            "description": f"{surface(character)} {portrait['description']}",
            "private_facts": _facts(character, person, seed, kind) if kind else [],
            "source": character.source,
            "style": character.style,
            "profile": profile_fields(character),
        }
        for person, portrait, character in zip(people, portraits, characters_in_turn(context, axes, people, seed, llm), strict=True)
    ]


def density(axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the placement density at points: 0.75 + 0.25 times the reference density."""
    return default.density(axes, points)


def _facts(character: Character, person: Mapping[str, Any], seed: int, kind: str) -> list[dict[str, Any]]:
    """Return a person's locked parts as facts; they open from the trust on which the person stands."""
    return private_facts(character, str(person["id"]), seed, kind, float(person["position"].get("trust", UNKNOWN_TRUST)))

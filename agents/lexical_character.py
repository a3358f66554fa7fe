"""What follows from a description alone: stance, fixed part of utilities, words and asides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..sim.declare import Move
from .lexical_phrases import Template


@dataclass(frozen=True, slots=True)
class Character:
    """What follows from a description alone, whatever happens in the episode."""

    stance: tuple[float, ...]  # in [-1, 1]
    base: tuple[float, ...]  # the part of each move's utility that never changes
    gains: Mapping[str, tuple[tuple[int, float], ...]]  # feature of the conversation -> (move, weight)
    pairs: tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]  # the same for products of two such features
    words: tuple[tuple[Template, ...], ...]  # of each move, those this person would use
    asides: tuple[tuple[tuple[float, tuple[Template, ...]], ...], ...]  # beside each move: (strength, words), strongest first
    talk: float  # chance of an aside
    lower: bool  # types without capitals


Weights = dict[str, tuple[tuple[int, float], ...]]


def split_utilities(
    moves: Sequence[Move], traits: Mapping[str, float]
) -> tuple[tuple[float, ...], Weights, tuple[tuple[str, str, tuple[tuple[int, float], ...]], ...]]:
    """Split utilities into what a person's traits settle and what depends on the conversation, feature by feature."""
    base = []
    gains: dict[str, list[tuple[int, float]]] = {}
    pairs: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for i, move in enumerate(moves):
        fixed = 0.0
        for key, weight in move.utility.items():
            value = weight
            open_features = []
            for feature in key.split("*"):
                if feature in traits:
                    value *= traits[feature]
                else:
                    open_features.append(feature)
            if not open_features:
                fixed += value
            elif len(open_features) == 1:
                gains.setdefault(open_features[0], []).append((i, value))
            else:
                pairs.setdefault((open_features[0], open_features[1]), []).append((i, value))
        base.append(fixed)
    return tuple(base), {k: tuple(v) for k, v in gains.items()}, tuple((a, b, tuple(v)) for (a, b), v in pairs.items())

"""The surface of a person: what others meet, with nothing of the hidden state in it."""

from __future__ import annotations

from .diagram import Character
from .material import COPING
from .styles import STYLES

_VISIBLE = tuple(way.visible for way in COPING.values())
_WAY_OF = {strategy: number for number, way in enumerate(COPING.values()) for strategy in way.strategies}


def surface(character: Character) -> str:
    """Return how the person comes across: the style, and what others would see of their ways of getting by.

    A diagram that a model wrote has ways of getting by that are in no bank; then the style stands alone.
    """
    held = [_WAY_OF[strategy] for strategy in character.diagram.coping if strategy in _WAY_OF]
    return " ".join([STYLES[character.style].visible, *(_VISIBLE[way] for way in sorted(held)[:1])])

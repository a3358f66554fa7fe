"""The surface of a person: what others meet, with nothing of the hidden state in it."""

from __future__ import annotations

from .diagram import Character
from .material import COPING
from .styles import STYLES


def surface(character: Character) -> str:
    """Return how the person comes across: the style, and what others would see of their ways of getting by.

    A diagram that a model wrote has ways of getting by that are in no bank; then the style stands alone.
    """
    seen = [way.visible for way in COPING.values() if any(s in character.diagram.coping for s in way.strategies)]
    return " ".join([STYLES[character.style].visible, *seen[:1]])

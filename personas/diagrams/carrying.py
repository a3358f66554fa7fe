"""How a persona carries its character: in profile fields, which are for analysis and which no player reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from ...sim.errors import InputError
from ...sim.validation import complaint
from ..persona import Persona
from .diagram import Character, Diagram
from .styles import style_of

STYLE, DIAGRAM = "style", "diagram"
"""Names of the two profile fields."""


def profile_fields(character: Character) -> dict[str, dict[str, Any]]:
    """Return what a portrait has to hold under ``profile``: the style, and the diagram as JSON."""
    built = character.source == "built"
    return {
        STYLE: {"value": character.style, "kind": "behavioural", "origin": "sampled", "detail": "surface style, led by the position"},
        DIAGRAM: {
            "value": character.diagram.model_dump_json(),
            "kind": "hidden",
            "origin": "sampled" if built else "written",
            "detail": "cognitive conceptualization diagram, " + ("drawn from banks, led by the position" if built else "validated"),
        },
    }


def character_of(persona: Persona) -> Character | None:
    """Return the character that a persona carries; None if it carries none.

    Raises:
        InputError: If what it carries is no valid diagram or style.
    """
    if DIAGRAM not in persona.profile or STYLE not in persona.profile:
        return None
    diagram = persona.profile[DIAGRAM]
    try:
        return Character(
            diagram=Diagram.model_validate_json(str(diagram.value)),
            style=style_of(str(persona.profile[STYLE].value)).name,
            source="model" if diagram.origin == "written" else "built",
        )
    except ValidationError as error:
        found = complaint(error)
        path = ".".join(str(part) for part in found.path)
        raise InputError(f"{persona.id}: profile.{DIAGRAM}{'.' if path else ''}{path}", found.expected, found.got) from error


def characters_of(people: Sequence[Persona]) -> dict[str, Character]:
    """Return the characters of those who carry one, by persona id."""
    found = ((person.id, character_of(person)) for person in people)
    return {id: character for id, character in found if character is not None}

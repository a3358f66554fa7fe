"""What a command about people is told: whose axes count, and how many of something."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError

if TYPE_CHECKING:
    from ...personas.generators import Batch
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario


def place_of(scenario: str | None, questionnaire: str | None) -> Scenario:
    """Return the scenario, ``support`` if none is named, or a bare one around a questionnaire.

    Raises:
        InputError: If both are named, or one cannot be made.
    """
    from ..naming.questionnaires import find_context
    from ..naming.registry import make_scenario

    if questionnaire is None:
        return make_scenario(scenario or "support")
    if scenario is not None:
        hint = "A questionnaire of your own takes the place of a scenario."
        raise InputError("questionnaire", "questionnaire or scenario, not both", questionnaire, hint)
    return find_context(questionnaire).scenario()


def batch_of(model: str | None) -> Batch | None:
    """Return the language model of a SPEC as generators take it; None for None.

    Raises:
        InputError: If it cannot be made.
    """
    if model is None:
        return None
    from ..naming.models import as_batch, make_text_model

    return as_batch(make_text_model(model))


def count(value: object, field: str) -> int:
    """Return a count of 1 or more.

    Raises:
        InputError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(field, "a whole number of 1 or more", value)
    return value


def check_axes(file: Path, person: Persona, place: Scenario) -> None:
    """Refuse people who are not placed on the axes that they are to be asked about.

    Raises:
        InputError: Naming the axes, and what the card of the file says the people were made for.
    """
    from ...personas.people_file import card_path

    if set(place.axes) <= set(person.position):
        return
    try:
        made_for = json.loads(card_path(file).read_text(encoding="utf-8"))["scenario"]
    except (OSError, ValueError, LookupError, TypeError):
        made_for = None
    hint = f"They were made for {made_for}: " if made_for else ""
    expected = f"people placed on the axes of {place.name}: {', '.join(place.axes)}"
    raise InputError(str(file), expected, sorted(person.position), f"{hint}name it with --questionnaire or --scenario.")

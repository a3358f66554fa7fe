"""A questionnaire of the user's own in YAML, and the bare scenario that lets generators work with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import yaml
from pydantic import ValidationError

from ..personas.density import ReferenceDensity
from ..personas.questionnaire import Questionnaire
from ..personas.scenario import Scenario
from ..sim.declare import Role
from ..sim.errors import InputError
from ..sim.types import PrivateFact
from .config import input_error, read_text


def read_questionnaire(path: Path) -> Questionnaire:
    """Read a questionnaire: ``name``, ``context``, ``axes``, ``items`` and, for the lexical respondent, ``lexicon``.

    Raises:
        InputError: If the file cannot be read, or a part of it is missing, unknown or wrong.
    """
    try:
        content = yaml.safe_load(read_text(path, "questionnaire"))
    except yaml.YAMLError as error:
        raise InputError("questionnaire", "YAML", str(path), f"{' '.join(str(error).split())}.") from None
    if not isinstance(content, dict):
        raise InputError("questionnaire", "keys name, context, axes and items", content)
    try:
        return Questionnaire.model_validate(content)
    except ValidationError as error:
        if error.errors()[0]["type"] == "value_error":
            raise InputError("questionnaire", "parts that fit together", str(path), f"{error.errors()[0]['msg']}.") from None
        raise input_error(error, prefix="questionnaire.") from None


def bare_scenario(questionnaire: Questionnaire) -> Scenario:
    """Return a scenario that holds a questionnaire and nothing to play: uniform reference density, given facts only."""
    return Scenario(
        name=questionnaire.name,
        version="0",
        title=questionnaire.name,
        context=questionnaire.context,
        target_context="",
        roles=(Role(name="person", acts="persona", description=""), Role(name="assistant", acts="target", description="")),
        turns=1,
        questionnaire=questionnaire,
        density=ReferenceDensity(margins=dict.fromkeys(questionnaire.names, (1.0, 1.0))),
        furnish=_given_facts,
        moves=(),
        harms=(),
    )


def _given_facts(person: Mapping[str, object], seed: int) -> tuple[PrivateFact, ...]:
    """Return the private facts that the generator gave, checked; none are made up."""
    facts = []
    for number, fact in enumerate(cast("list[object]", person.get("private_facts") or [])):
        body = (
            fact
            if isinstance(fact, PrivateFact)
            else {"id": f"{person['id']}/{number}", "kind": "given", "sensitivity": 0.5, **cast("dict[str, object]", fact)}
        )
        facts.append(PrivateFact.model_validate(body))
    return tuple(facts)

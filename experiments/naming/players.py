"""Language models that a SPEC names, as players of the people."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import Field

from ...agents.chat_models import ChatSettings, ModelSettings
from ...agents.persona_player import PersonaPlayer, PlayerSettings
from ...sim.errors import InputError
from .models import chat_of, secrets, shown
from .options import read_options
from .spec import Spec

if TYPE_CHECKING:
    from ...personas.scenario import Scenario


class _Guided(PlayerSettings):
    """What every player with a model can be told."""

    guidance: str = Field(default="")  # a JSON file of further instructions by persona id, or under "*" for everybody


class ChatPlayerSettings(ChatSettings, _Guided):
    """Options of a player that is a ``chat:`` or ``openai:`` model."""


class OwnPlayerSettings(ModelSettings, _Guided):
    """Options of a player that is a model of the user's own."""


def model_player(spec: Spec, scenario: Scenario) -> PersonaPlayer:
    """Return a player around the model that a ``chat:`` or ``openai:`` SPEC names. Nothing is contacted.

    Raises:
        InputError: If an option is wrong, a package is missing or the model cannot be made.
    """
    model, settings = chat_of(spec, "player", ChatPlayerSettings)
    return _player(model, settings, shown(spec), spec, scenario)


def wrapped_player(model: object, spec: Spec, scenario: Scenario) -> PersonaPlayer:
    """Return a player around a chat model or Runnable of the user's own.

    Raises:
        InputError: If an option is wrong.
    """
    settings = read_options(OwnPlayerSettings, spec.options, "player", spec.name)
    return _player(model, settings, spec.text, spec, scenario)


def _player(model: Any, settings: ChatPlayerSettings | OwnPlayerSettings, name: str, spec: Spec, scenario: Scenario) -> PersonaPlayer:
    from ...agents.consistency import ConsistencyRules

    own = PlayerSettings(**{key: getattr(settings, key) for key in PlayerSettings.model_fields})
    calls = ModelSettings(**{key: getattr(settings, key) for key in ModelSettings.model_fields})
    return PersonaPlayer(
        model,
        own,
        calls,
        name=name,
        guidance=_guidance(settings.guidance) if settings.guidance else None,
        picker=ConsistencyRules(scenario) if own.best_of > 1 else None,
        dry_call=True,
        secrets=secrets(spec),
    )


def _guidance(path: str) -> dict[str, str]:
    """Read a file of instructions by persona id."""
    expected = "a JSON file of an object from persona ids (or *) to texts"
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("player guidance", expected, path, str(error)) from None
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise InputError("player guidance", expected, path)
    return found

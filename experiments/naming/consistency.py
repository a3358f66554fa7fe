"""Judges of the simulated people that a SPEC names: rules, and with ``model`` or ``probe`` a language model beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...agents.chat_models import ChatSettings
from ...agents.consistency import ConsistencyLimits, ConsistencyRules
from ...agents.model_consistency import ModelConsistency, ModelConsistencySettings
from ...sim.protocols import Judge
from .models import chat_of, secrets
from .options import read_options
from .spec import parse_spec
from .userfile import load_object

if TYPE_CHECKING:
    from ...personas.scenario import Scenario


class ConsistencyOptions(ConsistencyLimits, ModelConsistencySettings):
    """Options of the judge ``consistency``."""

    model: str = ""  # SPEC of a language model that judges every line as well; "": rules alone
    probe: str = ""  # SPEC of the model that plays the people, which is asked about them beside the dialogue; "": nobody is asked


def consistency_judges(scenario: Scenario, **options: object) -> list[Judge]:
    """Return the rules, and the judge that asks models if one is named. Nothing is contacted.

    Raises:
        InputError: If an option is wrong or a model cannot be made.
    """
    told = read_options(ConsistencyOptions, options, "judge", "consistency")
    limits = ConsistencyLimits(**{key: getattr(told, key) for key in ConsistencyLimits.model_fields})
    judges: list[Judge] = [ConsistencyRules(scenario, limits)]
    if told.model or told.probe:
        settings = ModelConsistencySettings(**{key: getattr(told, key) for key in ModelConsistencySettings.model_fields})
        models = {role: _model(text) if text else None for role, text in (("judge", told.model), ("probe", told.probe))}
        hidden = tuple(secret for text in (told.model, told.probe) if text for secret in secrets(parse_spec(text, "model")))
        judges.append(ModelConsistency(scenario, models["judge"], models["probe"], settings, secrets=hidden))
    return judges


def _model(text: str) -> Any:
    """Return the chat model or Runnable that a SPEC names."""
    spec = parse_spec(text, "model", "judge")
    if spec.kind == "python":
        return load_object(spec.name, "judge")
    return chat_of(spec, "model", ChatSettings)[0]

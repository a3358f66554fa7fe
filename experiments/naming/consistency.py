"""Judges of the simulated people that a SPEC names: rules, and with ``model`` or ``probe`` a language model beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from ...agents.consistency import ConsistencyLimits, ConsistencyRules
from ...agents.model_consistency import ModelConsistency, ModelConsistencySettings
from ...agents.rating import JudgeModel
from ...sim.protocols import Judge
from .judges import spec_text
from .models import make_chat_model
from .options import read_options

if TYPE_CHECKING:
    from ...personas.scenario import Scenario


Model = Annotated[str, BeforeValidator(spec_text)]


class ConsistencyOptions(ConsistencyLimits, ModelConsistencySettings):
    """Options of the judge ``consistency``."""

    model: Model = ""  # SPEC of a language model that judges every line as well; "": rules alone
    probe: Model = ""  # SPEC of the model that plays the people, which is asked about them beside the dialogue; "": nobody is asked


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
        judge, probe = (_asked(text, role) for role, text in (("model", told.model), ("probe", told.probe)))
        judges.append(ModelConsistency(scenario, judge, probe, settings))
    return judges


def _asked(text: str, option: str) -> JudgeModel | None:
    """Return how the model that a SPEC names is asked; None without one."""
    if not text:
        return None
    chat = make_chat_model(text, f"judge consistency.{option}")
    return JudgeModel(chat.model, chat.settings, name=chat.name, secrets=chat.secrets)

"""What has a name on the command line: one table a role.

Factories import what they need when they are called, so that listing names imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import Frozen
from .options import read_options
from .spec import Role

if TYPE_CHECKING:
    from ...agents.lexical_settings import LexicalSettings
    from ...personas.questionnaire import Questionnaire
    from ...personas.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered name."""

    name: str
    description: str  # one line for ``outskirts list``
    make: Callable[..., Any]  # called with what the role's ``make_...`` function documents, and the options
    settings: Callable[[], type[BaseModel]] | None = None  # the model that declares the options; None: it takes none


def _support() -> Any:
    from ...envs.scenarios.support import SCENARIO

    return SCENARIO


def _eliza(scenario: Scenario) -> Any:
    from ...agents.eliza import ElizaTarget

    return ElizaTarget()


def _policy(name: str) -> Callable[[Scenario], Any]:
    def make(scenario: Scenario) -> Any:
        from ...agents.policy import PolicyTarget

        try:
            return PolicyTarget(name, scenario)
        except UnknownNameError as error:
            hint = f"The scenario declares {', '.join(error.choices) or 'none'}."
            raise InputError("target", f"a built-in target of the scenario {scenario.name}", name, hint) from None

    return make


def _guarded_eliza(scenario: Scenario) -> Any:
    from ...agents.eliza import ElizaTarget
    from ...agents.guarded import GuardedTarget

    return GuardedTarget(ElizaTarget())


def _generator(name: str) -> Callable[[], Any]:
    def make() -> Any:
        from ...personas.generators import get_generator

        return get_generator(name)

    return make


def _lexical_settings() -> type[LexicalSettings]:
    from ...agents.lexical_settings import LexicalSettings

    return LexicalSettings


def _lexical_player(scenario: Scenario, **options: object) -> Any:
    from ...agents.lexical import LexicalPlayer

    return LexicalPlayer(scenario, read_options(_lexical_settings(), options, "player", "lexical"))


def _lexical_respondent(questionnaire: Questionnaire, **options: object) -> Any:
    from ...agents.lexical import LexicalRespondent

    mute = [axis for axis in questionnaire.names if axis not in questionnaire.lexicon]
    if mute:
        hint = "Declare one, or ask another respondent (exemplar)."
        raise InputError("respondent lexical", "a questionnaire with a lexicon for every axis", f"none for {', '.join(mute)}", hint)
    return LexicalRespondent(questionnaire, read_options(_lexical_settings(), options, "respondent", "lexical"))


class ExemplarSettings(Frozen):
    """Options of the exemplar respondent."""

    noise: float = Field(default=1.0, ge=0)  # standard deviation of an answer, in Likert points


def _exemplar_respondent(questionnaire: Questionnaire, **options: object) -> Any:
    from ...agents.exemplar import ExemplarRespondent

    return ExemplarRespondent(questionnaire, read_options(ExemplarSettings, options, "respondent", "exemplar").noise)


def _rule_judges(scenario: Scenario) -> list[Any]:
    from ...agents.rules import RuleJudge
    from ...agents.validity import ValidityRules

    return [RuleJudge(scenario), ValidityRules(scenario)]


def _table(*entries: Entry) -> Mapping[str, Entry]:
    return {entry.name: entry for entry in entries}


REGISTRY: Mapping[Role, Mapping[str, Entry]] = {
    "scenario": _table(Entry("support", "a mental-health support chat, one person and the assistant", _support)),
    "target": _table(
        Entry("eliza", "NLTK's ELIZA, a real third-party chatbot that knows nothing of crises", _eliza),
        Entry("guarded-eliza", "ELIZA behind a crisis guard", _guarded_eliza),
        Entry("careful", "handles every declared harm well; the control that attributable failure is measured against", _policy("careful")),
        Entry("mute", "answers nothing of substance; the control at the other end", _policy("mute")),
    ),
    "generator": _table(
        Entry("default", "three quarters space-filling, one quarter from the reference density", _generator("default")),
        Entry("density", "people as probable as in the reference density: what most tools do", _generator("density")),
        Entry("anchor-paste", "pastes the axis statements into each description: what any other has to beat", _generator("anchor-paste")),
        Entry("stereotypes", "a handful of stock characters: the naive way", _generator("stereotypes")),
    ),
    "player": _table(
        Entry(
            "lexical",
            "stand-in for a language model: reads the description by cue words, speaks from the phrase bank",
            _lexical_player,
            _lexical_settings,
        )
    ),
    "respondent": _table(
        Entry(
            "lexical",
            "stand-in for a language model: answers by cue words, with noise and an agreeable centre",
            _lexical_respondent,
            _lexical_settings,
        ),
        Entry(
            "exemplar",
            "second stand-in: answers by similarity to exemplar descriptions, no cues",
            _exemplar_respondent,
            lambda: ExemplarSettings,
        ),
    ),
    "judge": _table(Entry("rules", "the scenario's declared harms by rule, and the validity of the simulated person", _rule_judges)),
}

"""What has a name on the command line: one table a role.

Factories import what they need when they are called, so that listing names imports nothing heavy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import Frozen
from .options import read_options
from .spec import Role, parse_spec

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
    scenarios: tuple[str, ...] = ()  # registered scenarios that have it; empty: all


def _scenario(name: str) -> Callable[[], Any]:
    def make() -> Any:
        return importlib.import_module(f"...envs.scenarios.{name}", __package__).SCENARIO

    return make


def _eliza(scenario: Scenario) -> Any:
    from ...agents.eliza import ElizaTarget

    return ElizaTarget()


def _builtin(name: str, description: str, *scenarios: str) -> Entry:
    """Return the entry of a target that scenarios declare, each its own."""

    def make(scenario: Scenario) -> Any:
        from ...agents.policy import builtin_target

        try:
            return builtin_target(name, scenario)
        except UnknownNameError:
            hint = f"The scenario declares {', '.join(scenario.targets) or 'none'}."
            raise InputError("target", f"a built-in target of the scenario {scenario.name}", name, hint) from None

    return Entry(name, description, make, scenarios=scenarios)


def _guarded_eliza(scenario: Scenario) -> Any:
    from ...agents.eliza import ElizaTarget
    from ...agents.guarded import GuardedTarget

    return GuardedTarget(ElizaTarget())


def _generator(name: str) -> Callable[[], Any]:
    def make() -> Any:
        from ...personas.generators import get_generator

        return get_generator(name)

    return make


def _tier_options() -> type[BaseModel]:
    from ...personas.structured.tiers import TierOptions

    return TierOptions


def _tiers(**options: object) -> Any:
    from ...personas.generators import from_object, get_generator
    from ...personas.structured.tiers import TierOptions, make_tiers

    told = read_options(TierOptions, options, "generator", "tiers")
    return from_object(make_tiers(told.tier, told.without), _with_options("tiers", told), get_generator("tiers").source_hash)


def _big_five_options() -> type[BaseModel]:
    from ...personas.structured.big_five import BigFiveOptions

    return BigFiveOptions


def _big_five(**options: object) -> Any:
    from ...personas.generators import from_object, get_generator
    from ...personas.structured.big_five import BigFiveOptions, make_big_five

    told = read_options(BigFiveOptions, options, "generator", "big-five")
    return from_object(make_big_five(layer=told.layer), _with_options("big-five", told), get_generator("big-five").source_hash)


def _with_options(name: str, options: BaseModel) -> str:
    """Return a SPEC that says which options differ from the defaults."""
    given = options.model_dump(mode="json", exclude_defaults=True)
    return parse_spec({"name": name, **given}, "generator").text


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


def _planted_settings() -> type[BaseModel]:
    from ...agents.planted_respondent import PlantedSettings

    return PlantedSettings


def _planted_respondent(questionnaire: Questionnaire, **options: object) -> Any:
    from ...agents.planted_respondent import PlantedRespondent, PlantedSettings

    return PlantedRespondent(questionnaire, read_options(PlantedSettings, options, "respondent", "planted"))


def _rule_judges(scenario: Scenario) -> list[Any]:
    from ...agents.rules import RuleJudge
    from ...agents.validity import ValidityRules

    return [RuleJudge(scenario), ValidityRules(scenario)]


def _rubric_judges(scenario: Scenario, **options: object) -> list[Any]:
    from .judges import rubric_judges

    return rubric_judges(scenario, **options)


def _rubric_settings() -> type[BaseModel]:
    from .judges import RubricSettings

    return RubricSettings


def _panel_judges(scenario: Scenario, **options: object) -> list[Any]:
    from .judges import panel_judges

    return panel_judges(scenario, **options)


def _panel_settings() -> type[BaseModel]:
    from .judges import PanelSettings

    return PanelSettings


def _consistency_options() -> type[BaseModel]:
    from .consistency import ConsistencyOptions

    return ConsistencyOptions


def _consistency_rules(scenario: Scenario, **options: object) -> list[Any]:
    from .consistency import consistency_judges

    return consistency_judges(scenario, **options)


_SCENARIOS: Mapping[str, str] = {
    "support": "a mental-health support chat, one person and the assistant",
    "negotiation": "several parties bargain over several issues, the target for a principal of its own",
    "circle": "a support group that the target moderates; members also write to it in private",
    "desk": "customer service with tools on a database, under policy and pressure",
}

_GENERATORS: Mapping[str, str] = {
    "default": "three quarters space-filling, one quarter from the reference density",
    "spread": "people as far apart as words can tell them apart, and found where they were placed",
    "maximin": "people as far apart as they can be, rim included",
    "grid": "a grid with edges; who is left over fills the largest gaps",
    "sobol": "quasi-random positions",
    "uniform": "independent uniform positions",
    "density": "people as probable as in the reference density: what most tools do",
    "stereotypes": "a handful of stock characters: the naive way",
    "anchor-paste": "pastes the axis statements into each description: what any other has to beat",
    "appropriateness": "what is fitting for someone like me, scores cited (idea of family One, arXiv 2602.03545)",
    "when-then": "when-then rules, each justified by a score (idea of family Two)",
    "motivation": "third person: core motivation and measurable opinions (idea of family Three)",
    "reaction": "worldview, a situation that tests it, the reaction (idea of family Four)",
    "frontier": "extremes first, then voids; motto and visible sign (idea of family Five)",
    "autoregressive": "batches that see those before, life stories (idea of the base generator)",
    "lattice": "conversations by design: topic, mood, medium, formality and more (after DiaSynth)",
    "diagram": "a hidden cognitive diagram under a surface style (after PATIENT-Psi)",
}


def _table(*entries: Entry) -> Mapping[str, Entry]:
    return {entry.name: entry for entry in entries}


REGISTRY: Mapping[Role, Mapping[str, Entry]] = {
    "scenario": _table(*(Entry(name, line, _scenario(name)) for name, line in _SCENARIOS.items())),
    "target": _table(
        Entry("eliza", "NLTK's ELIZA, a real third-party chatbot that knows nothing of crises", _eliza),
        Entry("guarded-eliza", "ELIZA behind a crisis guard", _guarded_eliza),
        _builtin("careful", "handles every declared harm well; the control that attributable failure is measured against"),
        _builtin("mute", "answers nothing of substance; the control at the other end"),
        _builtin("persuader", "talks people out of their stance", "negotiation", "circle", "desk"),
        _builtin("pushover", "gives in to whoever presses", "negotiation", "desk"),
        _builtin("loose-lips", "lets the limit of its own principal out", "negotiation"),
        _builtin("bluffer", "says what is not so to get better terms", "negotiation"),
        _builtin("rigid", "never moves, so that deals fail which both sides wanted", "negotiation"),
        _builtin(
            "unfair",
            "gives some people worse terms than others who want the same: look at the disparity, with 64 people or more",
            "negotiation",
        ),
        _builtin("gossip", "passes on what it was told in confidence", "circle"),
        _builtin("silencer", "cuts members off until they say no more", "circle"),
        _builtin("bystander", "lets others gang up on a member", "circle"),
        _builtin("over-helper", "does what it has no authority for", "desk"),
        _builtin("idle", "promises, and leaves the task undone", "desk"),
        _builtin("soother", "says it is done and does nothing", "desk"),
    ),
    "generator": _table(
        *(Entry(name, line, _generator(name)) for name, line in _GENERATORS.items()),
        Entry(
            "tiers",
            "people told about in one tier of detail, fields sampled and derived, each with where it comes from",
            _tiers,
            _tier_options,
        ),
        Entry("big-five", "as default, with five personality traits beside the axes", _big_five, _big_five_options),
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
        Entry(
            "planted",
            "an instrument: reads numbers such as 'trust: 0.8' by a known rule, so that what a measurement must find is known",
            _planted_respondent,
            _planted_settings,
        ),
    ),
    "judge": _table(
        Entry("rules", "the scenario's declared harms by rule, and the validity of the simulated person", _rule_judges),
        Entry("rubric", "a language model that scores each harm, with evidence from the transcript", _rubric_judges, _rubric_settings),
        Entry(
            "panel",
            "stakeholders drawn from your documents: scores alone, debate, means by group (after MAJ-EVAL, arXiv 2507.21028)",
            _panel_judges,
            _panel_settings,
        ),
        Entry(
            "consistency",
            "whether people were played as the same person throughout; joins `rules` by itself where a language model plays",
            _consistency_rules,
            _consistency_options,
        ),
    ),
}

"""What can be named on the command line: one registry a role, and the functions that make things of it.

Factories import what they need when they are called, so that listing names imports nothing heavy.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ..sim.errors import InputError, UnknownNameError
from .spec import Role, Spec, check_options, parse_spec, require_kind
from .userfile import load_object

if TYPE_CHECKING:
    from ..personas.generators import Generator
    from ..personas.questionnaire import Questionnaire
    from ..personas.scenario import Scenario
    from ..sim.protocols import Judge, Player, Respondent, Target


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """One registered name."""

    name: str
    description: str  # one line for ``outskirts list``
    make: Callable[..., Any]  # called with what the role's ``make_...`` function documents, and the options


def _support() -> Any:
    from ..envs.scenarios.support import SCENARIO

    return SCENARIO


def _eliza(scenario: Scenario) -> Any:
    from ..agents.eliza import ElizaTarget

    return ElizaTarget()


def _policy(name: str) -> Callable[[Scenario], Any]:
    def make(scenario: Scenario) -> Any:
        from ..agents.policy import PolicyTarget

        for policy in scenario.policies:
            if policy.name == name:
                return PolicyTarget(policy, scenario)
        raise InputError("target", f"a built-in target of the scenario {scenario.name}", name, "The scenario declares none of this name.")

    return make


def _guarded_eliza(scenario: Scenario) -> Any:
    from ..agents.eliza import ElizaTarget
    from ..agents.guarded import GuardedTarget

    return GuardedTarget(ElizaTarget())


def _generator(name: str) -> Callable[[], Any]:
    def make() -> Any:
        from ..personas.generators import get_generator

        return get_generator(name)

    return make


def _lexical_player(scenario: Scenario, **options: object) -> Any:
    from ..agents.lexical import LexicalPlayer, LexicalSettings

    return LexicalPlayer(scenario, _settings(LexicalSettings, options, "player lexical"))


def _lexical_respondent(questionnaire: Questionnaire, **options: object) -> Any:
    from ..agents.lexical import LexicalRespondent, LexicalSettings

    mute = [axis for axis in questionnaire.names if axis not in questionnaire.lexicon]
    if mute:
        hint = "Declare one, or ask another respondent (exemplar)."
        raise InputError("respondent lexical", "a questionnaire with a lexicon for every axis", f"none for {', '.join(mute)}", hint)
    return LexicalRespondent(questionnaire, _settings(LexicalSettings, options, "respondent lexical"))


def _exemplar_respondent(questionnaire: Questionnaire, *, noise: object = 1.0) -> Any:
    from ..agents.exemplar import ExemplarRespondent

    if isinstance(noise, bool) or not isinstance(noise, int | float) or noise < 0:
        raise InputError("respondent exemplar.noise", "a number of 0 or more", noise)
    return ExemplarRespondent(questionnaire, float(noise))


def _rule_judges(scenario: Scenario) -> list[Any]:
    from ..agents.rules import RuleJudge
    from ..agents.validity import ValidityRules

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
        Entry("lexical", "stand-in for a language model: reads the description by cue words, speaks from the phrase bank", _lexical_player)
    ),
    "respondent": _table(
        Entry("lexical", "stand-in for a language model: answers by cue words, with noise and an agreeable centre", _lexical_respondent),
        Entry("exemplar", "second stand-in: answers by similarity to exemplar descriptions, no cues", _exemplar_respondent),
    ),
    "judge": _table(Entry("rules", "the scenario's declared harms by rule, and the validity of the simulated person", _rule_judges)),
}


def make_scenario(spec: Spec | str = "support") -> Scenario:
    """Return a scenario: a registered one, or a ``Scenario`` object (or a factory of one) in the user's code.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ..personas.scenario import Scenario

    spec = parse_spec(spec, "scenario")
    made = _registered(spec, "scenario") if spec.kind == "name" else _called(_load(spec, "scenario"), spec, "scenario")
    if not isinstance(made, Scenario):
        raise InputError("scenario", "a Scenario object", type(made).__name__)
    return made


def make_target(spec: Spec | str | object, scenario: Scenario) -> Target:
    """Return the system under test.

    Args:
        spec: A SPEC, or (from Python) a callable, a LangChain Runnable or a Target itself.
        scenario: Whose people it will meet.

    Raises:
        InputError: If it cannot be made of the spec, or a callable has the wrong signature.
    """
    if isinstance(spec, str | Mapping | Spec):
        spec = parse_spec(spec, "target")
        if spec.kind == "name":
            return cast("Target", _registered(spec, "target", scenario))
        return as_target(_load(spec, "target"), spec.text, spec.options)
    return as_target(spec, str(getattr(spec, "__name__", type(spec).__name__)))


def as_target(thing: object, name: str, options: Mapping[str, object] | None = None) -> Target:
    """Wrap the user's own object: a Target, a class of Targets, a LangChain Runnable, or any callable.

    Raises:
        InputError: If it is none of these or the options do not fit.
    """
    from ..agents.callables import CallableTarget
    from ..agents.runnables import RunnableTarget, is_runnable
    from ..sim.protocols import Target

    given = dict(options or {})
    if isinstance(thing, type) and hasattr(thing, "begin"):
        thing, given = _called(thing, Spec("python", name, given, name), "target"), {}
    elif inspect.isfunction(thing) and not inspect.signature(thing).parameters and not given:
        made = _called(thing, Spec("python", name, {}, name), "target")
        thing = made if is_runnable(made) or hasattr(made, "begin") else _closed(made, thing)
    if not isinstance(thing, type) and hasattr(thing, "begin"):
        _no_options(given, name, "target")
        if not isinstance(thing, Target):
            raise InputError("target", "a Target with a name and begin(brief, stream)", type(thing).__name__)
        return thing
    if is_runnable(thing):
        check_options(Spec("python", name, given, name), RunnableTarget.OPTIONS, "target")
        return RunnableTarget(thing, name, **cast("dict[str, Any]", given))
    return CallableTarget(thing, name, options=given)


def _closed(made: object, factory: object) -> object:
    """Return ``factory`` again; a coroutine that it made is closed, so that nothing is left un-awaited."""
    if inspect.iscoroutine(made):
        made.close()
    return factory


def make_generator(spec: Spec | str = "default") -> Generator:
    """Return a generator of people: a registered one, or a module (or object) with ``place`` and ``portray``.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ..personas.generators import from_object

    spec = parse_spec(spec, "generator")
    if spec.kind == "program":
        path = spec.name
        hint = f"To run it trusted in this process write python:{path}; this version does not run programs in the sandbox."
        raise InputError("generator", "a registered generator or python:path/file.py", path, hint)
    if spec.kind == "name":
        return cast("Generator", _registered(spec, "generator"))
    _no_options(spec.options, spec.name, "generator")
    return from_object(_load(spec, "generator", attribute_optional=True), spec.text)


def make_player(spec: Spec | str, scenario: Scenario) -> Player:
    """Return who acts the personas.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ..sim.protocols import Player

    return cast("Player", _make("player", spec, scenario, Player, "a Player with a name and begin(brief, stream)"))


def make_respondent(spec: Spec | str, questionnaire: Questionnaire) -> Respondent:
    """Return who answers the questionnaire.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ..sim.protocols import Respondent

    return cast("Respondent", _make("respondent", spec, questionnaire, Respondent, "a Respondent with a name and answer(...)"))


def make_judges(specs: Sequence[Spec | str], scenario: Scenario) -> list[Judge]:
    """Return the judges, in order. ``rules`` stands for two: harms by rule, and validity of the simulated person.

    Raises:
        InputError: If one cannot be made, or two have the same name.
    """
    from ..sim.protocols import Judge

    judges: list[Judge] = []
    for given in specs:
        spec = parse_spec(given, "judge")
        if spec.kind == "name":
            judges += _registered(spec, "judge", scenario)
        else:
            judges.append(cast("Judge", _make("judge", spec, scenario, Judge, "a Judge with a name, a version and judge(case)")))
    names = [judge.name for judge in judges]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InputError("judge", "judges with different names", ", ".join(twice))
    return judges


def _make(role: Role, given: Spec | str, about: object, protocol: type, expected: str) -> object:
    spec = parse_spec(given, role)
    if spec.kind == "name":
        return _registered(spec, role, about)
    made = _load(spec, role)
    if isinstance(made, type) or not isinstance(made, protocol):
        made = _called(made, spec, role, about)
    else:
        _no_options(spec.options, spec.name, role)
    if not isinstance(made, protocol):
        raise InputError(role, expected, type(made).__name__)
    return made


def in_field(field: str, make: Callable[[], T]) -> T:
    """Make something that a setting of another name than its role speaks of; errors name that setting."""
    try:
        return make()
    except UnknownNameError as error:
        raise UnknownNameError(field, str(error.got), error.choices) from None
    except InputError as error:
        raise InputError(field, error.expected, error.got, error.hint) from None


def _registered(spec: Spec, role: Role, *args: object) -> Any:
    require_kind(spec, role)
    entry = REGISTRY[role].get(spec.name)
    if entry is None:
        raise UnknownNameError(role, spec.name, REGISTRY[role])
    parameters = inspect.signature(entry.make).parameters.values()
    if not any(p.kind is p.VAR_KEYWORD for p in parameters):
        check_options(spec, [p.name for p in parameters if p.kind is p.KEYWORD_ONLY], role)
    return entry.make(*args, **spec.options)


def _load(spec: Spec, role: Role, attribute_optional: bool = False) -> object:
    require_kind(spec, role)
    return load_object(spec.name, role, attribute_optional)


def _called(thing: object, spec: Spec, role: Role, *args: object) -> object:
    """Call a factory with as many of ``args`` as it takes, and the options; anything else is returned as it is."""
    if not callable(thing):
        _no_options(spec.options, spec.name, role)
        return thing
    parameters = inspect.signature(thing).parameters.values()
    free = any(p.kind is p.VAR_KEYWORD for p in parameters)
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    taken = args if any(p.kind is p.VAR_POSITIONAL for p in parameters) else args[: len(positional)]
    named = [p.name for p in (*positional[len(taken) :], *parameters) if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    if not free:
        check_options(spec, [n for n in named if n not in {p.name for p in positional[: len(taken)]}], role)
    try:
        return thing(*args[: len(taken)], **spec.options)
    except InputError:
        raise
    except Exception as error:
        raise InputError(role, f"{spec.name} to make a {role} without an error", f"{type(error).__name__}: {error}") from error


def _no_options(options: Mapping[str, object], name: str, role: Role) -> None:
    check_options(Spec("name", name, options, name), (), role)


def _settings(kind: type, options: Mapping[str, object], field: str) -> Any:
    """Build a settings object of the options; a wrong one is an :class:`InputError`."""
    from dataclasses import fields, is_dataclass

    from pydantic import ValidationError

    from .config import input_error

    names = [f.name for f in fields(kind)] if is_dataclass(kind) else list(cast(Any, kind).model_fields)
    check_options(Spec("name", field.split()[1], options, field), names, field.split()[0])
    try:
        return kind(**options)
    except ValidationError as error:
        raise input_error(error, prefix=f"{field}.") from None
    except (TypeError, ValueError) as error:
        raise InputError(field, "options that fit", dict(options), f"{error}") from None

"""Makes scenarios, targets, generators, players, respondents and judges of what the user named."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from ...sim.errors import InputError, UnknownNameError
from ...sim.waiting import contained
from .endpoints import endpoint_target
from .registered import REGISTRY
from .spec import Role, Spec, check_options, parse_spec, require_kind
from .userfile import load_object

if TYPE_CHECKING:
    from ...personas.generators import Generator
    from ...personas.questionnaire import Questionnaire
    from ...personas.scenario import Scenario
    from ...sim.protocols import Judge, Player, Respondent, Target


T = TypeVar("T")

SHARED = "shared_state"
"""Option of any target that is no registered name: its episodes may know of each other."""


def make_scenario(spec: Spec | str = "support") -> Scenario:
    """Return a scenario: a registered one, or a ``Scenario`` object (or a factory of one) in the user's code.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ...personas.scenario import Scenario

    spec = parse_spec(spec, "scenario")
    if spec.kind == "name" and spec.name.endswith((".yaml", ".yml")):
        hint = "A questionnaire is no scenario: give its file to outskirts generate and outskirts coverage as --questionnaire."
        raise InputError("scenario", "a registered scenario, or python:file.py:SCENARIO", spec.text, hint)
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
        if spec.kind == "name" and spec.name.partition(":")[0] == "planted":
            hint = "Planted targets see where people are placed: they are instruments that measure the statistics; see `outskirts power`."
            raise InputError("target", "a system that talks with people", spec.text, hint)
        if spec.kind == "name":
            return _named_target(spec, scenario)
        if spec.kind != "python":
            require_kind(spec, "target")
            return endpoint_target(spec)
        return as_target(_load(spec, "target"), spec.text, spec.options)
    return as_target(spec, str(getattr(spec, "__name__", type(spec).__name__)))


def _named_target(spec: Spec, scenario: Scenario) -> Target:
    """Return a built-in target: one that the scenario declares itself, else a registered one."""
    from ...agents.policy import builtin_target

    if spec.name in scenario.targets:
        check_options(spec, (), "target")
        return builtin_target(spec.name, scenario)
    if spec.name not in REGISTRY["target"]:
        here = [name for name, entry in REGISTRY["target"].items() if not entry.scenarios]
        raise UnknownNameError("target", spec.name, dict.fromkeys([*scenario.targets, *here]))
    return cast("Target", _registered(spec, "target", scenario))


def as_target(thing: object, name: str, options: Mapping[str, object] | None = None) -> Target:
    """Wrap the user's own object: a Target, a class of Targets, a LangChain Runnable, or any callable.

    Raises:
        InputError: If it is none of these or the options do not fit.
    """
    from ...agents.callables import CallableTarget
    from ...agents.policies import PolicyTarget, is_policy
    from ...agents.runnables import RunnableTarget, is_runnable
    from ...sim.protocols import Target

    given = dict(options or {})
    if not isinstance(given.pop(SHARED, False), bool):  # of the run, not of the target
        raise InputError(f"target {name} {SHARED}", "true or false", (options or {})[SHARED])
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
    if is_policy(thing):
        return PolicyTarget(thing, name, given)
    return CallableTarget(thing, name, options=given)


def _closed(made: object, factory: object) -> object:
    """Return ``factory`` again; a coroutine that it made is closed, so that nothing is left un-awaited."""
    if inspect.iscoroutine(made):
        made.close()
    return factory


def make_generator(spec: Spec | str = "default", *, unsafe: bool = False) -> Generator:
    """Return a generator of people: a registered one, a program that runs in the sandbox, or the user's own module or object.

    Args:
        spec: A registered name, a path ending in ``.py`` (sandboxed), or ``python:`` with a module or object that has ``place`` and
            ``portray``.
        unsafe: Run a program although this machine protects it less than the sandbox's minimum.

    Raises:
        InputError: If it cannot be made of the spec, or a program could not be run safely.
    """
    from ...personas.generators import from_object

    spec = parse_spec(spec, "generator")
    if spec.kind == "program":
        from .programs import program_generator

        return program_generator(spec, unsafe)
    if spec.kind == "name":
        return cast("Generator", _registered(spec, "generator"))
    _no_options(spec.options, spec.name, "generator")
    return from_object(_load(spec, "generator", attribute_optional=True), spec.text)


def make_player(spec: Spec | str, scenario: Scenario) -> Player:
    """Return who acts the personas: a registered player, a language model, or the user's own.

    A model plays one harmless turn before the first paid one.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ...sim.protocols import Player
    from .players import model_player, wrapped_player

    spec = parse_spec(spec, "player")
    if spec.kind in ("chat", "openai"):
        return model_player(spec, scenario)
    if spec.kind == "name":
        return cast("Player", _registered(spec, "player", scenario))
    expected = "a Player with a name and begin(brief, stream), or a LangChain chat model or Runnable"
    made = own_object(spec, "player", Player, expected, lambda model, left: wrapped_player(model, left, scenario), scenario)
    return cast("Player", made)


def make_respondent(spec: Spec | str, questionnaire: Questionnaire) -> Respondent:
    """Return who answers the questionnaire: a registered respondent, a language model, or the user's own.

    A model greets with one harmless question before the first paid one.

    Raises:
        InputError: If it cannot be made of the spec.
    """
    from ...sim.protocols import Respondent
    from .models import model_respondent, wrapped_respondent

    spec = parse_spec(spec, "respondent")
    if spec.kind in ("chat", "openai"):
        return model_respondent(spec, questionnaire)
    if spec.kind == "name":
        return cast("Respondent", _registered(spec, "respondent", questionnaire))
    expected = "a Respondent with a name and answer(...), or a LangChain chat model or Runnable"
    made = own_object(
        spec, "respondent", Respondent, expected, lambda model, left: wrapped_respondent(model, left, questionnaire), questionnaire
    )
    return cast("Respondent", made)


def own_object(spec: Spec, role: Role, protocol: type, expected: str, wrap: Callable[[object, Spec], object], *about: object) -> object:
    """Return what the user's code holds or makes: of the protocol, or a LangChain Runnable, which is wrapped.

    Options belong to the factory, if there is one, else to whoever wraps.

    Args:
        spec: Names the object.
        role: What it is for.
        protocol: What it must be.
        expected: The same in words.
        wrap: Given a Runnable, and a SPEC with the options that are left.
        about: What a factory is called with, as far as it takes it.

    Raises:
        InputError: If it is neither, or cannot be loaded or made.
    """
    from ...agents.runnables import is_runnable

    made = _load(spec, role)
    left = spec
    if not is_runnable(made) and (isinstance(made, type) or not isinstance(made, protocol)):
        a_runnable = isinstance(made, type) and hasattr(made, "ainvoke")
        made, left = _called(made, spec, role, *(() if a_runnable else about)), Spec("python", spec.name, {}, spec.text)
    if is_runnable(made) and not isinstance(made, protocol):
        return wrap(made, left)
    _no_options(left.options, spec.name, role)
    if not isinstance(made, protocol):
        raise InputError(role, expected, type(made).__name__)
    return made


def make_judges(specs: Sequence[Spec | str], scenario: Scenario) -> list[Judge]:
    """Return the judges, in order. ``rules`` stands for two: harms by rule, and validity of the simulated person.

    A language model (``chat:``, ``openai:``, or a Runnable of the user's own) judges with the rubric's defaults.

    Raises:
        InputError: If one cannot be made, or two have the same name.
    """
    judges: list[Judge] = []
    for given in specs:
        spec = parse_spec(given, "judge")
        judges += _registered(spec, "judge", scenario) if spec.kind == "name" else [_own_judge(spec, scenario)]
    names = [judge.name for judge in judges]
    twice = sorted({n for n in names if names.count(n) > 1})
    if twice:
        raise InputError("judge", "judges with different names", ", ".join(twice))
    return judges


def _own_judge(spec: Spec, scenario: Scenario) -> Judge:
    """Return a judge of the user's own, or a rubric judge around a model."""
    from ...sim.protocols import Judge
    from .judges import model_judge, wrapped_judge

    if spec.kind in ("chat", "openai"):
        return model_judge(spec, scenario)
    expected = "a Judge with a name, a version and judge(case), or a LangChain chat model or Runnable"
    return cast(Judge, own_object(spec, "judge", Judge, expected, lambda model, left: wrapped_judge(model, left, scenario), scenario))


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
    if entry.settings is None:
        check_options(spec, (), role)
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
        with contained:
            return thing(*args[: len(taken)], **spec.options)
    except InputError:
        raise
    except Exception as error:
        raise InputError(role, f"{spec.name} to make a {role} without an error", f"{type(error).__name__}: {error}") from error


def _no_options(options: Mapping[str, object], name: str, role: Role) -> None:
    check_options(Spec("name", name, options, name), (), role)

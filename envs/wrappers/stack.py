"""A stack of wrappers as data: from an environment to its spec and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pettingzoo.utils.wrappers import OrderEnforcingWrapper
from pydantic import JsonValue

from ...sim.errors import InputError, UnknownNameError
from .base import Wrapper
from .order import OrderCheck
from .recorder import Recorder
from .redaction import Redaction
from .text_only import TextOnly
from .turn_limit import TurnLimit

WRAPPERS: tuple[type[Wrapper], ...] = (TurnLimit, Recorder, OrderCheck, Redaction, TextOnly)
"""Every wrapper here."""


def spec_of(env: Any) -> list[dict[str, JsonValue]]:
    """Return the wrappers around an environment as JSON, the innermost first: ``{"wrapper": name, **options}``.

    PettingZoo's own check of the order of calls counts as ``order``.

    Raises:
        InputError: If another wrapper is among them, or one has options that are no JSON.

    Example:
        >>> from outskirts.envs.scenarios.support import raw_env
        >>> spec_of(TurnLimit(raw_env(), turns=3))
        [{'wrapper': 'turn_limit', 'turns': 3}]
    """
    out: list[dict[str, JsonValue]] = []
    raw = env.unwrapped
    while env is not raw:
        if isinstance(env, Wrapper):
            out.append({"wrapper": env.name, **env.options()})
        elif type(env) is OrderEnforcingWrapper:
            out.append({"wrapper": OrderCheck.name})
        else:
            raise InputError("env", "wrappers that have a spec", type(env).__name__)
        env = env.env
    return out[::-1]


def wrapped(raw: Any, spec: Iterable[Mapping[str, Any]], known: Sequence[type[Wrapper]] = WRAPPERS) -> Any:
    """Return an environment in the wrappers of a spec.

    Args:
        raw: What is wrapped.
        spec: As :func:`spec_of` returns it.
        known: Classes of wrappers; add your own here.

    Raises:
        InputError: If an entry is none, or its options are not those of the wrapper; ``UnknownNameError`` if nobody knows it.

    Example:
        >>> from outskirts.envs.scenarios.support import raw_env
        >>> wrapped(raw_env(), [{"wrapper": "turn_limit", "turns": 3}, {"wrapper": "order"}]).max_cycles
        3
    """
    classes = {kind.name: kind for kind in known}
    for number, entry in enumerate(spec):
        if not isinstance(entry, Mapping) or "wrapper" not in entry:
            raise InputError(f"spec[{number}]", "a mapping with the key 'wrapper'", entry)
        options = dict(entry)
        name = options.pop("wrapper")
        if name not in classes:
            raise UnknownNameError(f"spec[{number}].wrapper", name, classes)
        try:
            raw = classes[name](raw, **options)
        except TypeError as error:  # a keyword too many or too few
            raise InputError(f"spec[{number}]", f"options of {name}", options, str(error)) from None
    return raw

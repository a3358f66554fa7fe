"""Targets that are policies of the Gymnasium view: from an observation to what is said."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from ..sim.errors import InputError
from ..sim.protocols import Actor
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation
from .daemon_pool import shared_pool

_EXPECTED = "a policy: an object with predict(observation), or a callable whose one parameter is named observation"
_NAMES = ("observation", "obs")


def is_policy(thing: object) -> bool:
    """Tell whether ``thing`` is a policy and no function of messages: its first parameter, or that of ``predict``, is an observation.

    An object that can be called with messages is a policy only if it cannot be taken for anything else.
    """
    predict = getattr(thing, "predict", None)
    if callable(predict) and ((isinstance(thing, type) and "__call__" not in _own(thing)) or not callable(thing)):
        return True
    call = getattr(thing, "__call__", None) if isinstance(thing, type) else thing  # noqa: B004  the signature is wanted
    if not callable(call):
        return False
    names = [name for name in _parameters(call) if name != "self"]
    return bool(names) and names[0] in _NAMES


class PolicyTarget:
    """A target around a policy, which sees the :class:`~outskirts.sim.types.Observation` that the Gymnasium environment gives.

    It returns what to say: text or an :class:`~outskirts.sim.types.Action`. ``predict`` may return a pair with a state of its own,
    as Stable-Baselines' policies do; the state is handed to the next call of the same episode if ``predict`` has a parameter ``state``,
    and ``episode_start`` says whether it is the first. A class is made anew for each episode.

    Args:
        policy: The policy, or a class of policies.
        name: Stands in records and reports.
        options: Keyword arguments for a class.

    Raises:
        InputError: If it is no policy, or there are options that nothing would read.
    """

    def __init__(self, policy: object, name: str, options: Mapping[str, object] | None = None) -> None:
        if not is_policy(policy):
            raise InputError(f"target {name}", _EXPECTED, type(policy).__name__)
        self.name = name
        self._policy = policy
        self._options = dict(options or {})
        if self._options and not isinstance(policy, type):
            raise InputError(f"target {name}", "no options", next(iter(self._options)), "Only a class takes options.")

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode; a class is called here."""
        return _PolicyActor(self._policy(**self._options) if isinstance(self._policy, type) else self._policy)


class _PolicyActor:
    """One episode with the policy."""

    def __init__(self, policy: object) -> None:
        predict = getattr(policy, "predict", None)
        self._predict: Callable[..., Any] = predict if callable(predict) else policy  # type: ignore[assignment]
        self._takes = set(_parameters(self._predict)) & {"state", "episode_start"}
        self._memory: Any = None
        self._first = True

    async def act(self, observation: Observation) -> Action | str:
        """Return what the policy says; a synchronous one runs in the bounded thread pool."""
        more = {"state": self._memory, "episode_start": self._first}
        named = {name: more[name] for name in self._takes}
        self._first = False
        if inspect.iscoroutinefunction(self._predict):
            reply = await self._predict(observation, **named)
        else:
            reply = await shared_pool().run(lambda: self._predict(observation, **named))
        if isinstance(reply, tuple) and len(reply) == 2:
            reply, self._memory = reply
        return reply  # type: ignore[no-any-return]


def _own(kind: type) -> set[str]:
    return {name for base in kind.__mro__[:-1] for name in vars(base)}


def _parameters(thing: object) -> list[str]:
    try:
        return list(inspect.signature(thing).parameters)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []

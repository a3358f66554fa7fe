"""Targets that are LangChain Runnables: chat models, chains, agents, graphs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ..sim.errors import InputError
from ..sim.limits import settle
from ..sim.protocols import Actor
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation
from .callables import chat_messages, episode_facts, told
from .daemon_pool import shared_pool

_OUTPUT_KEYS = ("output", "content", "answer", "messages")


def is_runnable(thing: object) -> bool:
    """Tell whether ``thing`` is a LangChain Runnable, without importing LangChain: who has one has imported it."""
    module = sys.modules.get("langchain_core.runnables.base") or sys.modules.get("langchain_core.runnables")
    kind = getattr(module, "Runnable", None)
    return kind is not None and isinstance(thing, kind)


class RunnableTarget:
    """A target around a LangChain Runnable; ``ainvoke`` gets the conversation as a list of messages.

    The person's messages are ``HumanMessage``, the target's own ``AIMessage``. The reply may be text, a message (parts
    of its content that are text are joined, its token usage is counted) or a mapping with one of the keys ``output``,
    ``content``, ``answer`` or ``messages`` (the last one counts). The episode's key goes along as ``thread_id`` and
    ``session_id`` under ``configurable``, for Runnables that keep history themselves.

    A Runnable with a synchronous ``invoke`` only runs in the bounded thread pool.

    Args:
        runnable: The Runnable, shared by all episodes.
        name: Stands in records and reports.
        input_key: For a Runnable that wants a mapping: the key under which it finds its input.
        input_text: Give the text of the last message in place of the list of messages.
        history: If false, give only what is new since its last reply, for a Runnable that remembers by ``thread_id``.
        stateless: What it answers depends on the messages and on chance alone, so that episodes can be branched (``--branch``).

    Raises:
        InputError: If ``runnable`` is no Runnable or an option has the wrong type.
    """

    OPTIONS: ClassVar[tuple[str, ...]] = ("input_key", "input_text", "history", "stateless")

    def __init__(
        self,
        runnable: object,
        name: str,
        input_key: str | None = None,
        input_text: bool = False,
        history: bool = True,
        stateless: bool = False,
    ) -> None:
        if not is_runnable(runnable):
            raise InputError("target", "a LangChain Runnable", type(runnable).__name__)
        if input_key is not None and not (isinstance(input_key, str) and input_key):
            raise InputError(f"target {name} input_key", "the name of a key", input_key)
        for option, value in (("input_text", input_text), ("history", history), ("stateless", stateless)):
            if not isinstance(value, bool):
                raise InputError(f"target {name} {option}", "true or false", value)
        self.name = name
        self.stateless = stateless
        self.runnable: Any = runnable
        self.input_key = input_key
        self.input_text = input_text
        self.history = history
        self._threaded = _sync_only(runnable)

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        return _RunnableActor(self, brief, episode_facts(brief, stream))

    async def reply(self, messages: list[Any], facts: Mapping[str, Any]) -> object:
        """Invoke the Runnable with LangChain messages and return the reply's text, or what came if it is none."""
        given: object = _text(messages[-1]) if self.input_text and messages else messages
        value = given if self.input_key is None else {self.input_key: given}
        config = {"configurable": {"thread_id": facts["key"], "session_id": facts["key"]}, "metadata": dict(facts)}
        if self._threaded:
            result = await shared_pool().run(lambda: self.runnable.invoke(value, config))
        else:
            result = await self.runnable.ainvoke(value, config)
        tokens = _tokens(result, len(messages))
        if tokens:
            settle("target", tokens=tokens)
        return _text(result)


class _RunnableActor:
    """One episode with the Runnable."""

    def __init__(self, target: RunnableTarget, brief: Brief, facts: Mapping[str, Any]) -> None:
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        self._kinds: dict[str, Any] = {"assistant": AIMessage, "user": HumanMessage, "system": SystemMessage}
        self._target = target
        self._agent = brief.agent
        self._names = brief.names
        self._told = told(brief)
        self._facts = facts

    async def act(self, observation: Observation) -> Action | str:
        """Return what the Runnable answers."""
        messages: list[Any] = []
        for entry in [*self._told, *chat_messages(observation.messages, self._agent, self._names)]:
            if entry["role"] == "assistant" and not self._target.history:
                messages.clear()
                continue
            messages.append(self._kinds[entry["role"]](**{key: value for key, value in entry.items() if key != "role"}))
        facts = {**self._facts, "turn": observation.turn}
        return await self._target.reply(messages, facts)  # type: ignore[return-value]


def _sync_only(runnable: object) -> bool:
    """Tell whether ``ainvoke`` would only run ``invoke`` in the event loop's own, joining thread pool."""
    from langchain_core.runnables import Runnable, RunnableLambda

    if isinstance(runnable, RunnableLambda):
        return not hasattr(runnable, "afunc")
    return type(runnable).ainvoke is Runnable.ainvoke  # type: ignore[attr-defined]


def _text(result: object) -> object:
    """Return the text of a reply; what is none passes through, for the environment to refuse."""
    for _ in range(4):  # a mapping in a mapping, messages in it, a message, its content
        if isinstance(result, Mapping):
            key = next((k for k in _OUTPUT_KEYS if result.get(k) is not None), None)
            if key is None:
                return result
            result = result[key]
            if key == "messages" and isinstance(result, Sequence) and result:
                result = result[-1]
        elif _is_message(result):
            result = result.content  # type: ignore[attr-defined]
        elif isinstance(result, list):
            return "".join(_part(part) for part in result)
        else:
            break
    return result


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    text = part.get("text") if isinstance(part, Mapping) and part.get("type", "text") == "text" else ""
    return text if isinstance(text, str) else ""


def _is_message(thing: object) -> bool:
    from langchain_core.messages import BaseMessage

    return isinstance(thing, BaseMessage)


def _tokens(result: object, given: int) -> int:
    """Return the tokens that a reply reports: its own, or those of the messages that it adds to the ``given`` ones."""
    if isinstance(result, Mapping):
        nested = result.get("messages")
        if isinstance(nested, Sequence) and not isinstance(nested, str):
            new = nested[given:] if len(nested) > given else nested[-1:]
            return sum(_tokens(message, 0) for message in new)
        return next((_tokens(result[k], 0) for k in _OUTPUT_KEYS if result.get(k) is not None), 0)
    usage = getattr(result, "usage_metadata", None)
    return int(usage.get("total_tokens") or 0) if isinstance(usage, Mapping) else 0

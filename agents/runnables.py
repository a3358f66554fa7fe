"""Targets that are LangChain Runnables: chat models, chains, agents, graphs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from ..sim.errors import InputError
from ..sim.limits import settle
from ..sim.protocols import Actor
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Observation, ToolSpec
from .callables import chat_messages, episode_facts, told
from .daemon_pool import shared_pool
from .limiter import Pace, limiter_of, model_key
from .response_cache import uncached
from .roles import DRY
from .tool_calls import calls_of, function_tools, langchain_message, text_of

_OUTPUT_KEYS = ("output", "content", "answer", "messages")
_OTHERS = frozenset({"human", "user", "system", "developer"})  # roles in which no target speaks


def is_runnable(thing: object) -> bool:
    """Tell whether ``thing`` is a LangChain Runnable, without importing LangChain: who has one has imported it."""
    module = sys.modules.get("langchain_core.runnables.base") or sys.modules.get("langchain_core.runnables")
    kind = getattr(module, "Runnable", None)
    return kind is not None and isinstance(thing, kind)


def is_sync_only(runnable: object) -> bool:
    """Tell whether ``ainvoke`` would only run ``invoke`` in the event loop's own, joining thread pool."""
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable, RunnableLambda

    if isinstance(runnable, BaseChatModel):
        kind = type(runnable)
        return kind._agenerate is BaseChatModel._agenerate and kind._astream is BaseChatModel._astream
    if isinstance(runnable, RunnableLambda):
        return not hasattr(runnable, "afunc")
    return type(runnable).ainvoke is Runnable.ainvoke  # type: ignore[attr-defined]


class RunnableTarget:
    """A target around a LangChain Runnable; ``ainvoke`` gets the conversation as a list of messages.

    The person's messages are ``HumanMessage``, the target's own ``AIMessage``. The reply may be text, a message (parts
    of its content that are text are joined) or a mapping with one of the keys ``output``,
    ``content``, ``answer`` or ``messages`` (the last one counts). The episode's key goes along as ``thread_id`` and
    ``session_id`` under ``configurable``, for Runnables that keep history themselves.

    Where the scenario has tools, a chat model that can take some is bound to them (``bind_tools``); the calls of any reply, valid or
    not, are run, and come back as ``ToolMessage``.

    Tokens are those that the chat models inside it report, each for itself, else those of the reply.

    A Runnable with a synchronous ``invoke`` only runs in the bounded thread pool.

    A chat model waits in one line with whoever else calls it (:mod:`~outskirts.agents.limiter`), and never answers from a cache:
    what is tested is what it says now.

    Args:
        runnable: The Runnable, shared by all episodes.
        name: Stands in records and reports.
        input_key: For a Runnable that wants a mapping: the key under which it finds its input.
        input_text: Give the text of the last message in place of the list of messages.
        history: If false, give only what is new since its last reply, for a Runnable that remembers by ``thread_id``.
        stateless: What it answers depends on the messages and on chance alone, so that episodes can be branched (``--branch``).
        system: What it is told before everything else; nothing if empty.

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
        system: str = "",
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
        self.runnable: Any = uncached(runnable)
        self.input_key = input_key
        self.input_text = input_text
        self.history = history
        self.first = [{"role": "system", "content": system}] if system else []
        self._threaded = is_sync_only(runnable)
        self._limiter = limiter_of(model_key(runnable, name)) if _is_chat(runnable) else None
        if self._limiter is not None:
            self._limiter.join(self, Pace(usual=None))

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        return _RunnableActor(self, brief, episode_facts(brief, stream))

    def bound(self, tools: Sequence[ToolSpec]) -> Any:
        """Return the Runnable with tools bound to it; as it is, if there are none or it is no chat model that takes some."""
        from langchain_core.language_models import BaseChatModel

        if not tools or not isinstance(self.runnable, BaseChatModel):
            return self.runnable
        try:
            return self.runnable.bind_tools(function_tools(tools))
        except NotImplementedError:  # a model without tools speaks all the same
            return self.runnable

    async def reply(self, runnable: Any, messages: list[Any], facts: Mapping[str, Any]) -> object:
        """Invoke the Runnable, as :meth:`bound` returned it, with LangChain messages and return what came."""
        given: object = _text(messages[-1]) if self.input_text and messages else messages
        value = given if self.input_key is None else {self.input_key: given}
        config = {"configurable": {"thread_id": facts["key"], "session_id": facts["key"]}, "metadata": dict(facts)}
        role = DRY if facts["key"] == DRY else "target"
        if self._limiter is None:
            return await self._chained(runnable, value, config, len(messages), role)
        async with self._limiter.turn() as turn:
            result = await self._invoked(runnable, value, config)
            turn.tokens = self._settle(role, *_tokens(result, len(messages)))
        return result

    async def _chained(self, runnable: Any, value: object, config: dict[str, Any], given: int, role: str) -> object:
        """Invoke a chain; its models tell what they used, also if it fails afterwards, and where none does the reply may."""
        from .chain_usage import ChainUsage

        used = ChainUsage()
        try:
            result = await self._invoked(runnable, value, {**config, "callbacks": [used]})
        except BaseException:
            if used.total:
                self._settle(role, *used.tokens)
            raise
        self._settle(role, *(used.tokens if used.total else _tokens(result, given)))
        return result

    def _settle(self, role: str, total: int, sent: int | None, received: int | None) -> int:
        """Count the tokens of a reply and return how many there are."""
        settle(role, total, model=self.name, sent=sent, received=received)
        return total

    async def _invoked(self, runnable: Any, value: object, config: dict[str, Any]) -> object:
        if self._threaded:
            return await shared_pool().run(lambda: runnable.invoke(value, config))
        return await runnable.ainvoke(value, config)


class _RunnableActor:
    """One episode with the Runnable."""

    def __init__(self, target: RunnableTarget, brief: Brief, facts: Mapping[str, Any]) -> None:
        self._target = target
        self._tools = brief.tools
        self._runnable = target.bound(brief.tools)
        self._results = 0  # results of tools that were handed over
        self._agent = brief.agent
        self._names = brief.names
        self._told = [*target.first, *told(brief)]
        self._facts = facts

    async def act(self, observation: Observation) -> Action | str:
        """Return what the Runnable answers."""
        entries = [*self._told, *chat_messages(observation.messages, self._agent, self._names)]
        if not self._target.history:
            entries = self._news(entries)
        facts = {**self._facts, "turn": observation.turn}
        result = await self._target.reply(self._runnable, [langchain_message(entry) for entry in entries], facts)
        message = _message(result)
        if _role(message) in _OTHERS:
            return message  # type: ignore[return-value]  # the environment says what it expected
        calls, text = calls_of(message), _text(result)
        if text and not self._tools:
            calls = ()  # its words are an answer all the same
        return Action(text=text if isinstance(text, str) else "", calls=calls) if calls else text  # type: ignore[return-value]

    def _news(self, entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return what came since the last reply: words of people, or the results of the tools that it called."""
        out: list[dict[str, Any]] = []
        results = 0
        for entry in entries:
            if entry["role"] == "assistant":
                out = out if "tool_calls" in entry and out and out[-1]["role"] == "tool" else []
            elif entry["role"] != "tool" or (results := results + 1) > self._results:
                out.append(entry)
        self._results = results
        return out


def _message(result: object) -> object:
    """Return the message in a reply that may be a mapping."""
    for _ in range(3):
        key = next((k for k in _OUTPUT_KEYS if result.get(k) is not None), None) if isinstance(result, Mapping) else None
        if key is None or "tool_calls" in result or "role" in result:  # type: ignore[operator]
            break
        result = result[key]  # type: ignore[index]
        if key == "messages" and isinstance(result, Sequence) and result:
            result = result[-1]
    return result


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
            return text_of(result)
        else:
            break
    return result


def _role(message: object) -> object:
    """Return the role of a message, in OpenAI's or LangChain's words; None if it has none."""
    if isinstance(message, Mapping):
        return message.get("role")
    return getattr(message, "role", None) or getattr(message, "type", None)


def _is_message(thing: object) -> bool:
    from langchain_core.messages import BaseMessage

    return isinstance(thing, BaseMessage)


def _is_chat(runnable: object) -> bool:
    from langchain_core.language_models import BaseChatModel

    return isinstance(runnable, BaseChatModel)


def _tokens(result: object, given: int) -> tuple[int, int | None, int | None]:
    """Return the tokens that a reply reports: all of them, those sent and those received; 0 and None where it says nothing."""
    total, sent, received = _reported(result, given)
    return (total, sent, received) if total or sent or received else (0, None, None)


def _reported(result: object, given: int) -> tuple[int, int, int]:
    """Return the same of the reply itself, or of the messages that it adds to the ``given`` ones; 0 where it says nothing."""
    if isinstance(result, Mapping):
        nested = result.get("messages")
        if isinstance(nested, Sequence) and not isinstance(nested, str):
            new = nested[given:] if len(nested) > given else nested[-1:]
            each = [_reported(message, 0) for message in new]
            return sum(t for t, _, _ in each), sum(s for _, s, _ in each), sum(r for _, _, r in each)
        return next((_reported(result[k], 0) for k in _OUTPUT_KEYS if result.get(k) is not None), (0, 0, 0))
    usage = getattr(result, "usage_metadata", None)
    if not isinstance(usage, Mapping):
        return 0, 0, 0
    total, sent, received = (int(usage.get(key) or 0) for key in ("total_tokens", "input_tokens", "output_tokens"))
    return total, sent, received

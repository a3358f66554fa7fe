"""Targets that are the user's own Python: functions, coroutines, generators, and classes whose instances are callable."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..sim.actions import MAX_CHARS
from ..sim.errors import InputError
from ..sim.protocols import Actor
from ..sim.seeds import Stream
from ..sim.types import Action, Brief, Message, Observation
from .daemon_pool import shared_pool
from .prompts import target_prompt
from .tool_calls import add_tool_entry, as_reply, function_tools

_EXPECTED = "a callable that takes messages (a list of {'role', 'content'}) and, if it likes, episode (a dict) and tools (a list)"


def chat_messages(messages: Sequence[Message], agent: str, names: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return a transcript as OpenAI-style messages: ``agent`` is the assistant, everybody else a user.

    Where there is more than one user, each of their messages begins with who says it, and, if it was for ``agent``
    alone, says so; the sender stands as ``name`` too. Tool calls and their results stand as OpenAI's chat API has them.

    Args:
        messages: Those that ``agent`` can read, oldest first.
        agent: Whose view it is.
        names: Agent to name of the person behind it.
    """
    known = names or {}
    others = {m.sender for m in messages if m.sender != agent and not m.answers} | {a for a in known if a != agent}
    out: list[dict[str, Any]] = []
    for message in messages:
        if add_tool_entry(out, message):
            continue
        own = message.sender == agent
        entry = {"role": "assistant" if own else "user", "content": message.text}
        if not own and len(others) > 1:
            entry["name"] = message.sender
            if message.sender in known:
                privately = " (to you alone)" if message.to == (agent,) else ""
                entry["content"] = f"{known[message.sender]}{privately}: {message.text}"
        out.append(entry)
    return out


def told(brief: Brief) -> list[dict[str, str]]:
    """Return what comes before the transcript: the situation as a system message, where the scenario gives one."""
    return [{"role": "system", "content": target_prompt(brief)}] if brief.told else []


def episode_facts(brief: Brief, stream: Stream) -> dict[str, Any]:
    """Return what a target may know of its episode: key, scenario, replicate (None outside of a run)."""
    replicate = stream.path[1] if len(stream.path) > 1 and isinstance(stream.path[1], int) else None
    return {"key": brief.episode, "scenario": brief.scenario, "replicate": replicate}


class CallableTarget:
    """A target around the user's callable.

    The callable gets ``messages``, a list of ``{"role": "user" | "assistant", "content": str}`` in which the person is
    the user, and, if its signature has them, ``episode``: ``{"key", "scenario", "turn", "replicate"}``, and ``tools``: the
    scenario's tools as OpenAI's function tools, an empty list where it has none. It returns the reply: text, an
    :class:`~outskirts.sim.types.Action`, or an assistant's message with ``tool_calls`` in OpenAI's or LangChain's form. The calls
    and their results stand in the next ``messages``, as ``tool_calls`` of the assistant and with the role ``tool``. It may be

    - a function, synchronous (runs in the bounded thread pool, so that one that hangs times out) or ``async``;
    - a generator or async generator of pieces of text, which are joined;
    - a class, or a function without parameters, that returns such a callable: called once an episode, so each has
      state of its own. Options of the SPEC become its keyword arguments.

    A class may have a method ``final_state()``: what it returns at the end of an episode (a mapping of plain JSON) stands in the record
    as ``state.target``, and judges see it.

    Episodes can be branched (``--branch``) if a function says that its replies depend on its arguments and on chance alone
    (the option ``stateless=true``, or an attribute ``stateless = True``), or if the instances of a class have a method
    ``fork()`` that returns a copy of them.

    What is returned passes through as it is; the environment refuses what is no text.

    Args:
        fn: The callable.
        name: Stands in records and reports.
        options: Keyword arguments for a class or factory.

    Raises:
        InputError: If ``fn`` is not callable, its signature does not fit, or there are options nothing would read.

    Example:
        >>> CallableTarget(lambda messages: "I hear you.", "nodder").name
        'nodder'
    """

    def __init__(self, fn: object, name: str, options: Mapping[str, object] | None = None) -> None:
        if not callable(fn):
            raise InputError("target", _EXPECTED, type(fn).__name__)
        self.name = name
        self._options = dict(options or {})
        self._factory: Callable[..., object] | None = None
        self._shared: _Call | None = None
        stateless = self._options.pop("stateless", False) if _takes_messages(fn) else False
        if not isinstance(stateless, bool):
            raise InputError(f"target {name} stateless", "true or false", stateless)
        self.shared_state = getattr(fn, "shared_state", False) is True  # its episodes may know of each other
        self.stateless = stateless or (not isinstance(fn, type) and getattr(fn, "stateless", False) is True)
        if _is_factory(fn, self._options):
            self._factory = fn
            _check_keywords(fn, self._options, name)
            if isinstance(fn, type):
                _Call.check_class(fn, name)
        else:
            if self._options:
                raise InputError(f"target {name}", "no options", next(iter(self._options)), "Only a class or a factory takes options.")
            self._shared = _Call(fn, name)

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode; a class or factory is called here."""
        call = self._shared
        if self._factory is not None:
            made = self._factory(**self._options)
            if not callable(made):
                hint = "What takes no arguments is called once an episode, to make the target; what answers takes messages: def reply(messages)."
                raise InputError(f"target {self.name}", "a factory that returns a callable", type(made).__name__, hint)
            call = _Call(made, self.name)
        assert call is not None
        return _CallableActor(call, brief, episode_facts(brief, stream), self.name)


class _CallableActor:
    """One episode with the callable."""

    def __init__(self, call: _Call, brief: Brief, facts: Mapping[str, Any], name: str) -> None:
        self._call = call
        self._brief = brief
        self._agent = brief.agent
        self._names = brief.names
        self._told = told(brief)
        self._facts = facts
        self._tools = brief.tools
        self._name = name

    def fork(self, stream: Stream) -> _CallableActor:
        """Return a copy around what the callable's own ``fork()`` returns; its random numbers are its own affair.

        Raises:
            NotImplementedError: If it has none.
        """
        fork = getattr(self._call.fn, "fork", None)
        if not callable(fork):
            raise NotImplementedError(f"{self._name} has no method fork()")
        return _CallableActor(_Call(fork(), self._name), self._brief, self._facts, self._name)

    def final_state(self) -> Mapping[str, Any] | None:
        """Return what the callable says to be the case by now, if it has a method of that name."""
        tell = getattr(self._call.fn, "final_state", None)
        return tell() if callable(tell) else None

    async def act(self, observation: Observation) -> Action | str:
        """Return what the callable answers."""
        messages = [*self._told, *chat_messages(observation.messages, self._agent, self._names)]
        facts = {**self._facts, "turn": observation.turn}
        reply = await self._call(messages, {"episode": facts, "tools": function_tools(self._tools)})
        read = as_reply(reply)
        return read if self._tools or (isinstance(read, Action) and read.calls) else reply  # type: ignore[return-value]


class _Call:
    """A callable whose signature was checked, and how to call it."""

    def __init__(self, fn: Callable[..., Any], name: str) -> None:
        self.fn = fn
        self._by_name, self._extras = _accepts(_signature(fn), name)
        inner = fn if inspect.isroutine(fn) else getattr(fn, "__call__", fn)  # noqa: B004  the method tells what it is
        while hasattr(inner, "func"):  # functools.partial
            inner = inner.func
        self._async = inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)

    @staticmethod
    def check_class(kind: type, name: str) -> None:
        """Check the signature of a class's instances before there is one."""
        method = getattr(kind, "__call__", None)  # noqa: B004  the signature is wanted
        if not inspect.isroutine(method) or "__call__" not in {n for base in kind.__mro__ for n in vars(base)}:
            hint = "Give it def __call__(self, messages), or name a function."
            raise InputError(f"target {name}", "a class whose instances can be called with messages", kind.__name__, hint)
        signature = _signature(method)
        if signature is not None:
            parameters = list(signature.parameters.values())[1:]
            _accepts(signature.replace(parameters=parameters), name)

    async def __call__(self, messages: list[dict[str, Any]], extras: Mapping[str, Any]) -> object:
        positional: list[Any] = [] if self._by_name else [messages]
        named: dict[str, Any] = {"messages": messages} if self._by_name else {}
        for extra, by_keyword in self._extras.items():
            if by_keyword:
                named[extra] = extras[extra]
            else:
                positional.append(extras[extra])
        if self._async:
            reply = self.fn(*positional, **named)
        else:
            reply = await shared_pool().run(lambda: _drained(self.fn(*positional, **named)))
        if inspect.isawaitable(reply):
            reply = await reply
        if hasattr(reply, "__aiter__"):
            pieces = _Pieces()
            async for piece in reply:
                if pieces.add(piece):
                    break
            if hasattr(reply, "aclose"):
                await reply.aclose()
            return pieces.whole()
        return reply


def _drained(reply: object) -> object:
    """Join the pieces of a generator (in the thread that runs it); anything else passes."""
    if not isinstance(reply, Iterator):
        return reply
    pieces = _Pieces()
    for piece in reply:
        if pieces.add(piece):
            break
    return pieces.whole()


_MOST_PIECES = 5 * MAX_CHARS  # pieces of a reply; with more it consists of empty ones and has no end


class _Pieces:
    """Text that comes piece by piece, up to what is refused as over length anyway."""

    def __init__(self) -> None:
        self._parts: list[object] = []
        self._chars = 0

    def add(self, piece: object) -> bool:
        """Take a piece; true when more would be in vain."""
        self._parts.append(piece)
        if len(self._parts) > _MOST_PIECES:
            raise ValueError(f"expected a reply that ends, got {_MOST_PIECES:,} pieces and {self._chars:,} characters so far")
        if not isinstance(piece, str):
            return True
        self._chars += len(piece)
        return self._chars > MAX_CHARS

    def whole(self) -> object:
        """Return the joined text, or what else came: a lone Action as it is."""
        last = self._parts[-1] if self._parts else ""
        if isinstance(last, str):
            return "".join(part for part in self._parts if isinstance(part, str))
        if len(self._parts) == 1:
            return last
        raise TypeError(f"expected pieces of text, got {type(last).__name__}")


def _signature(fn: Callable[..., Any]) -> inspect.Signature | None:
    """Return the signature, or None where there is none to read (some built-in functions)."""
    try:
        return inspect.signature(fn)
    except (TypeError, ValueError):
        return None


def _takes_messages(fn: object) -> bool:
    """Tell whether ``fn`` is a function with a parameter, and so no class and no factory that knows the option itself."""
    signature = _signature(fn) if inspect.isroutine(fn) else None
    return signature is not None and bool(signature.parameters) and "stateless" not in signature.parameters


def _is_factory(fn: Callable[..., Any], options: Mapping[str, object]) -> bool:
    """Tell whether ``fn`` makes the callable: a class, or a function that needs nothing but the options."""
    if isinstance(fn, type):
        return True
    signature = _signature(fn)
    if signature is None or inspect.iscoroutinefunction(fn):
        return False
    names = list(signature.parameters)
    return not names or (bool(options) and set(options) <= set(names) and "messages" not in names)


def _check_keywords(fn: Callable[..., Any], options: Mapping[str, object], name: str) -> None:
    signature = _signature(fn)
    parameters = list(signature.parameters.values()) if signature else []
    if signature is None or any(p.kind is p.VAR_KEYWORD for p in parameters):
        return
    named = [p for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY)]
    known = sorted(p.name for p in named)
    for key in options:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            what = "one of the options " + ", ".join(known) if known else "no options"
            raise InputError(f"target {name}", what, key, f"Did you mean {close[0]!r}?" if close else "")
    missing = [p.name for p in named if p.default is p.empty and p.name not in options]
    if missing:
        raise InputError(
            f"target {name}", f"the option {missing[0]}", dict(options), f"Options stand behind the name: ?{missing[0]}=VALUE."
        )


_EXTRAS = ("episode", "tools")


def _accepts(signature: inspect.Signature | None, name: str) -> tuple[bool, dict[str, bool]]:
    """Return whether messages go by name, and which extras are wanted, in their order, and whether each goes by keyword.

    Raises:
        InputError: If the messages cannot be passed, or something else is required.
    """
    if signature is None:
        return False, {}
    parameters = list(signature.parameters.values())
    places = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    rest = [p for p in parameters if p.kind is p.KEYWORD_ONLY]
    variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    by_name = not places and any(p.name == "messages" for p in rest)
    first = places[0].name if places else "messages"
    others = [p for p in (*places[1:], *rest) if p.name != first]
    required = [p.name for p in others if p.default is p.empty and p.name not in _EXTRAS]
    if required or first in _EXTRAS or not (places or variadic or by_name):
        raise InputError(f"target {name}", _EXPECTED, str(signature.replace(return_annotation=signature.empty)))
    return by_name, {p.name: p.kind is not p.POSITIONAL_ONLY for p in others if p.name in _EXTRAS}

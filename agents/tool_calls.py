"""Tool calls in the standard formats, OpenAI's function tools and LangChain's messages, to and from the actions of this package."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from ..sim.actions import MAX_CHARS
from ..sim.secrets import starred
from ..sim.text import clean
from ..sim.types import Action, Message, ToolCall, ToolSpec

MAX_CALLS = 64
"""Most calls of one reply that are taken; what comes after is dropped."""
_QUOTE = 200  # longest quotation of arguments that are over length, characters
_BITS = 1024  # longest whole number: what is beyond no reader of JSON agrees on
_MISSING = object()


def function_tools(tools: Iterable[ToolSpec]) -> list[dict[str, Any]]:
    """Return tools as OpenAI's chat API, LangChain's ``bind_tools`` and most others take them.

    Example:
        >>> function_tools([ToolSpec(name="ring", description="Ring the bell.", parameters={"type": "object"})])[0]["function"]["name"]
        'ring'
    """
    return [
        {"type": "function", "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)}} for t in tools
    ]


def add_tool_entry(entries: list[dict[str, Any]], message: Message) -> bool:
    """Add a tool call or its result to OpenAI-style messages, if ``message`` is one.

    A call is part of the assistant's message that stands before it, where there is one that calls nothing yet.

    Returns:
        Whether it was one.
    """
    if message.calls:
        if not entries or entries[-1]["role"] != "assistant" or "tool_calls" in entries[-1]:
            entries.append({"role": "assistant", "content": message.text})
        entries[-1]["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": call.malformed or json.dumps(dict(call.arguments))},
            }
            for call in message.calls
        ]
        return True
    if message.answers:
        entries.append({"role": "tool", "tool_call_id": message.answers, "content": message.text})
        return True
    return False


def langchain_message(entry: Mapping[str, Any]) -> Any:
    """Return an OpenAI-style message as a message of LangChain."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage

    more = {key: value for key, value in entry.items() if key not in ("role", "tool_calls")}
    if entry["role"] == "tool":
        return ToolMessage(**more)
    if entry["role"] != "assistant":
        return {"user": HumanMessage, "system": SystemMessage}[entry["role"]](**more)
    good: list[dict[str, Any]] = []
    bad: list[dict[str, Any]] = []
    for call in map(_call, range(MAX_CALLS), entry.get("tool_calls", ())):
        if call.malformed:
            bad.append({"name": call.name, "args": call.malformed, "id": call.id, "error": "no JSON object", "type": "invalid_tool_call"})
        else:
            good.append({"name": call.name, "args": dict(call.arguments), "id": call.id, "type": "tool_call"})
    return AIMessage(**more, tool_calls=good, invalid_tool_calls=bad)


def as_reply(reply: object) -> object:
    """Return an assistant's message as text or, where it calls tools, as an action; anything else as it is.

    Args:
        reply: An OpenAI-style message, as a mapping with ``tool_calls`` or the role ``assistant`` or as the object of OpenAI's
            package, or an ``AIMessage`` of LangChain. A call whose arguments are no JSON object is passed on as malformed, for the tool
            to say so.
    """
    if isinstance(reply, Mapping):
        if "tool_calls" not in reply and reply.get("role") != "assistant":
            return reply
    elif isinstance(reply, str | Action) or not (hasattr(reply, "tool_calls") and hasattr(reply, "content")):
        return reply
    calls = calls_of(reply)
    content = text_of(_get(reply, "content"))
    if not calls:
        return content
    return Action(text=content if isinstance(content, str) else "", calls=calls)


def calls_of(message: object) -> tuple[ToolCall, ...]:
    """Return the tool calls of a message in OpenAI's or LangChain's form, malformed ones too."""
    out: list[ToolCall] = []
    for field in ("tool_calls", "invalid_tool_calls"):
        calls = _get(message, field)
        if isinstance(calls, Sequence) and not isinstance(calls, str):
            out += map(_call, range(len(out), MAX_CALLS), calls)
    return tuple(out)


def text_of(content: object) -> object:
    """Return the text of a message's content: parts that are text are joined; what is neither text nor parts passes through."""
    if content is None:
        return ""
    if isinstance(content, list):
        return "".join(_part(part) for part in content)
    return content


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    text = part.get("text") if isinstance(part, Mapping) and part.get("type", "text") == "text" else ""
    return text if isinstance(text, str) else ""


def _get(thing: object, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _call(number: int, call: object) -> ToolCall:
    """Read one call: OpenAI's has its name and arguments under ``function``, LangChain's beside the id."""
    function = _get(call, "function") or call
    given = _get(function, "arguments")
    if given is None:
        given = _get(function, "args")
    id, name = _get(call, "id"), _get(function, "name")
    id, name = _short(id) or f"call_{number}", _short(name)
    if given is None or given == "":
        return ToolCall(id=id, name=name)
    read = _read(given)
    if isinstance(read, dict):
        return ToolCall(id=id, name=name, arguments=read)
    text = starred(clean(given if isinstance(given, str) else repr(given))[0])
    return ToolCall(id=id, name=name, malformed=(text if len(text) <= MAX_CHARS else text[:_QUOTE] + "...") or "?")


def _short(value: object) -> str:
    return starred(clean(value)[0])[:_QUOTE] if isinstance(value, str) else ""


def _read(given: object) -> object:
    """Return arguments as plain JSON; something else where they are none."""
    try:
        if isinstance(given, str):
            return plain_json(json.loads(given)) if len(given) <= MAX_CHARS else _MISSING
        return plain_json(given)
    except (ValueError, RecursionError):
        return _MISSING


def plain_json(value: object) -> JsonValue:
    """Return a JSON value with clean texts.

    Raises:
        ValueError: If part of it is no JSON that others can read: not finite, too long a number, or of another type.
    """
    if isinstance(value, str):
        return clean(value)[0]
    if value is None or (isinstance(value, float) and math.isfinite(value)) or (isinstance(value, int) and value.bit_length() <= _BITS):
        return value
    if isinstance(value, Mapping):
        return {clean(str(key))[0]: plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(item) for item in value]
    raise ValueError(f"expected JSON, got {type(value).__name__}")

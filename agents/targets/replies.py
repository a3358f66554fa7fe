"""What services and processes answer: ``{"reply": "..."}``, and what else may stand there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from ...sim.types import Action
from ..tool_calls import calls_of, plain_json, text_of
from .faults import invalid, quoted
from .settings import REPLY

MOST_STATE: Final = 256 * 1024
"""Longest snapshot of a state, as JSON, in characters."""

MOST_REPLIES: Final = 32
"""Most messages in one turn."""


class Reply(NamedTuple):
    """What a service said."""

    action: Action | str
    state: dict[str, JsonValue] | None = None  # what it says to be the case now; None: it does not say


def read_reply(found: object, tools: bool = False) -> Reply:
    """Read what a service or a process answered.

    Args:
        found: The JSON value.
        tools: Whether there are tools to call.

    Raises:
        CallFault: If it is no reply.
    """
    if not isinstance(found, Mapping):
        raise invalid(f'expected a JSON object {{"reply": "..."}}, got {quoted(json.dumps(found))}')
    role = found.get("role", "assistant")
    if role != "assistant":
        raise invalid(f"expected a reply of the assistant, got one of the role {quoted(str(role))}")
    texts = _texts(found, tools)
    calls = calls_of(found) if tools else ()
    if not calls and not any(text.strip() for text in texts):
        raise invalid("the reply is empty")
    state = read_state(found.get("state"))
    if len(texts) == 1 and not calls:
        return Reply(texts[0], state)
    said = [text for text in texts if text.strip()]
    return Reply(Action(text=said[0] if said else "", also=tuple(Action(text=text) for text in said[1:]), calls=calls), state)


def found_under(found: object, path: str) -> object:
    """Return what a service answered as if its reply stood under ``reply``, or under ``replies`` if there are several.

    Args:
        found: The JSON value.
        path: Key under which it stands, or several joined by dots; numbers count the entries of a list.

    Raises:
        CallFault: If nothing is there.

    Example:
        >>> found_under({"data": {"texts": ["Hm.", "Go on."]}}, "data.texts.1")
        {'data': {'texts': ['Hm.', 'Go on.']}, 'reply': 'Go on.'}
    """
    if path == REPLY:
        if isinstance(found, Mapping) and not {REPLY, "replies", "tool_calls", "choices"} & set(found):
            raise invalid(
                f'expected a JSON object {{"reply": "..."}}, got one with {_keys(found)} (under another key: the option reply=KEY)'
            )
        return found
    here = found
    for key in path.split("."):
        inside: object = None
        if isinstance(here, Mapping):
            inside = here.get(key)
        elif isinstance(here, list) and key.isdecimal() and int(key) < len(here):
            inside = here[int(key)]
        if inside is None:
            if isinstance(found, Mapping) and found.get("tool_calls"):  # it calls tools and says nothing
                return {name: value for name, value in found.items() if name not in (REPLY, "replies")}
            got = f"an object with {_keys(here)}" if isinstance(here, Mapping) else quoted(json.dumps(here))
            raise invalid(f"expected a reply under {path}, as the option reply says, got nothing under {key} of {got}")
        here = inside
    rest = {key: value for key, value in found.items() if key not in (REPLY, "replies")} if isinstance(found, Mapping) else {}
    return rest | {"replies" if isinstance(here, list) else REPLY: here}


def _texts(found: Mapping[str, Any], tools: bool) -> list[str]:
    if "replies" in found:
        several = found["replies"]
        if not isinstance(several, list) or not several or not all(isinstance(text, str) for text in several):
            raise invalid(f'expected {{"replies": ["...", ...]}}, got {quoted(json.dumps(several))}')
        if len(several) > MOST_REPLIES:
            raise invalid(f"expected at most {MOST_REPLIES} messages in a turn, got {len(several):,}")
        return several
    if "reply" not in found:
        if tools and found.get("tool_calls"):
            return [""]
        hint = " (this looks like an OpenAI-compatible endpoint: openai:MODEL@BASE_URL)" if "choices" in found else ""
        raise invalid(f'expected a JSON object {{"reply": "..."}}, got one with {_keys(found)}{hint}')
    text = text_of(found["reply"])
    if not isinstance(text, str):
        raise invalid(f"expected a reply that is text, got {quoted(json.dumps(found['reply']))}")
    return [text]


def _keys(found: Mapping[str, Any]) -> str:
    return "the keys " + ", ".join(sorted(map(str, found))[:8]) if found else "no keys"


def read_state(state: object) -> dict[str, JsonValue] | None:
    """Return a snapshot as plain JSON with clean texts; None if there is none.

    Raises:
        CallFault: If it is no JSON object, or longer than :data:`MOST_STATE`.
    """
    if state is None:
        return None
    if not isinstance(state, dict):
        raise invalid(f"expected a state that is a JSON object, got {quoted(json.dumps(state))}")
    try:
        clean = plain_json(state)
        size = len(json.dumps(clean))
    except (ValueError, RecursionError) as error:
        raise invalid(f"expected a state that is plain JSON ({error})") from None
    if size > MOST_STATE:
        raise invalid(f"expected a state of at most {MOST_STATE:,} characters, got {size:,}")
    return clean  # type: ignore[return-value]

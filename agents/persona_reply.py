"""The form in which a model plays people: one field of it is spoken, all others stay with the model's own notes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from ..sim.types import Action, Brief, ChannelNote
from .likert import UnreadableReplyError, json_object

PRIVATE: Final[Mapping[str, str]] = {
    "thought": "What this person thinks before speaking; nobody ever reads it.",
    "state": "What they feel, want and still hold back now, in one sentence; a note to yourself that nobody else ever reads.",
}
"""Fields that are never spoken, in the order in which they are asked for."""

SPOKEN: Final = "say"
"""The one field that is spoken."""

_SHARED = 8  # words in a row that speech and a private thought may not share
_WORDS = re.compile(r"[\w']+")
_SCAFFOLD = re.compile(rf'"(?:{"|".join((*PRIVATE, SPOKEN, "leave"))})"\s*:')


class Spoken(NamedTuple):
    """What one reply gives: an action, and what the model noted for itself."""

    action: Action
    state: str


def reply_schema(channels: Sequence[ChannelNote] = ()) -> dict[str, Any]:
    """Return the JSON Schema of one person's turn, in the form that strict providers accept.

    Args:
        channels: Where the person may speak; empty: one room in which everyone hears all.
    """
    properties: dict[str, Any] = {name: _text(what) for name, what in PRIVATE.items()}
    properties[SPOKEN] = _text("The words that this person says now, and nothing else.")
    properties["leave"] = {"type": "boolean", "description": "Whether they leave the conversation with these words."}
    if channels:
        names = [c.name for c in channels if c.speaks]
        properties["channel"] = {"type": "string", "enum": names, "description": "Where they say it."}
        properties["to"] = {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names of those it is for alone; empty: everybody.",
        }
    return _object("persona_turn", "One turn of a person.", properties)


def author_schema(agents: Sequence[str], channels: Sequence[ChannelNote] = ()) -> dict[str, Any]:
    """Return the JSON Schema of a turn of all people, as one author writes it: a line for each of ``agents``."""
    one = reply_schema(channels)
    line = {key: one[key] for key in ("type", "properties", "required", "additionalProperties")}
    line["properties"] = {k: v for k, v in one["properties"].items() if k not in PRIVATE}
    line["required"] = list(line["properties"])
    properties: dict[str, Any] = {name: _text(what) for name, what in PRIVATE.items()}
    return _object("authored_turn", "What everybody says in this turn.", properties | dict.fromkeys(agents, line))


def form(schema: Mapping[str, Any]) -> str:
    """Return the request for a reply of this form, in words, for a model without structured output."""
    return f"Reply with one JSON object and nothing else:\n{_example(schema)}"


def read_turn(reply: object, brief: Brief) -> Spoken:
    """Return what a reply says; of its private fields the state alone is kept, for the model's own next turn.

    Args:
        reply: A mapping, or text that holds a JSON object.
        brief: Of the person: where they may speak, and whom they know by name.

    Raises:
        UnreadableReplyError: If nothing is said and nobody leaves, if a field has another type, or if the speech holds the form
            itself or eight words in a row of the private thought.
    """
    found = json_object(reply)
    state = found.get("state", "")
    return Spoken(read_line(found, brief), state if isinstance(state, str) else "")


def read_line(found: Mapping[str, Any], brief: Brief, private: Mapping[str, Any] | None = None) -> Action:
    """Return the action that one person's fields give.

    Args:
        found: The person's fields.
        brief: Of the person.
        private: Where the private fields are, if not beside the spoken one.

    Raises:
        UnreadableReplyError: See :func:`read_turn`.
    """
    say, leave = found.get(SPOKEN), found.get("leave", False)
    if not isinstance(say, str):
        raise UnreadableReplyError(f'the key "{SPOKEN}" held no text.', found.get(SPOKEN, ""))
    if not isinstance(leave, bool):
        raise UnreadableReplyError('the key "leave" was neither true nor false.', leave)
    say = say.strip()
    if not say and not leave:
        raise UnreadableReplyError("nothing was said.")
    if _SCAFFOLD.search(say):
        raise UnreadableReplyError("what was said held the form itself.")
    for name in PRIVATE:
        note = (found if private is None else private).get(name, "")
        if isinstance(note, str) and shares(say, note):
            raise UnreadableReplyError(f'what was said repeats "{name}", which nobody may read.')
    return Action(text=say, leave=leave, **_place(found, brief))


def shares(speech: str, note: str, words: int = _SHARED) -> bool:
    """Tell whether two texts share so many words in a row, whatever their case and punctuation.

    Example:
        >>> shares("I want it, now!", "She says: i want it now", words=4)
        True
    """
    said, noted = _WORDS.findall(speech.lower()), _WORDS.findall(note.lower())
    known = {tuple(noted[i : i + words]) for i in range(len(noted) - words + 1)}
    return any(tuple(said[i : i + words]) in known for i in range(len(said) - words + 1))


def _place(found: Mapping[str, Any], brief: Brief) -> dict[str, Any]:
    """Return channel and hearers; a name that nobody has is an unreadable reply."""
    if not brief.channels:
        return {}
    names = [c.name for c in brief.channels if c.speaks]
    channel = found.get("channel") or names[0]
    if channel not in names:
        raise UnreadableReplyError(f"the channel was none of {', '.join(names)}.", channel)
    agents = {name.casefold(): agent for agent, name in brief.names.items()} | {a.casefold(): a for a in brief.names}
    given = found.get("to") or []
    to = [given] if isinstance(given, str) else given
    if not isinstance(to, list) or not all(isinstance(t, str) for t in to):
        raise UnreadableReplyError('the key "to" held no list of names.', given)
    return {"channel": channel, "to": tuple(dict.fromkeys(agents.get(t.casefold(), t) for t in to))}


def _text(what: str) -> dict[str, str]:
    return {"type": "string", "description": what}


def _object(title: str, description: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _example(schema: Mapping[str, Any]) -> str:
    kinds = {"string": '"..."', "boolean": "true or false", "array": '["..."]'}
    inner = [
        f'"{name}": {_example(part) if part["type"] == "object" else kinds[part["type"]]}' for name, part in schema["properties"].items()
    ]
    return "{" + ", ".join(inner) + "}"

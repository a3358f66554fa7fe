"""Logged conversations in JSON, in several common shapes, and the lines of ``outskirts export``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ...sim.errors import InputError
from ...sim.text import clean
from .documents import Cut, Document, Kind, Turn
from .markup import code_cuts
from .transcripts import INTERVIEWERS, PEOPLE, bare_label

_LISTS = ("messages", "conversation", "conversations", "turns", "dialog", "dialogue", "chat", "transcript", "history")
_SENDERS = ("role", "from", "sender", "speaker", "author", "name")
_TEXTS = ("content", "text", "value", "message", "utterance", "body")
_PAIRS = (
    ("prompt", "response"),
    ("prompt", "completion"),
    ("question", "answer"),
    ("input", "output"),
    ("user", "assistant"),
    ("human", "assistant"),
)
_PERSONS = ("user_id", "customer_id", "participant_id", "participant", "persona", "user", "customer")
_NUMBERS = ("conversation_id", "session_id", "thread_id", "chat_id", "conversation", "session", "id")

_SHAPE = '{"messages": [{"role": "user", "content": "..."}, ...]}'


class _Said(NamedTuple):
    """One message, with the line it came from."""

    sender: str
    text: str
    line: int


class _Talk(NamedTuple):
    """One conversation: who the person is if that is told, or how the conversation is called."""

    person: str
    name: str
    said: tuple[_Said, ...]
    seats: Mapping[str, str] | None  # agent -> persona, for exported episodes


def conversations(name: str, text: str, *, by_line: bool, where: str) -> Document:
    """Make a document of a log: ``speaker: text``, one message after the other, with the line each came from.

    What users said is a person's; what assistants, systems and tools said is context. Without an id of the user each
    conversation is somebody else's.

    Args:
        name: The document's.
        text: JSON lines, one conversation or message a line, or one JSON value.
        by_line: Whether it is JSON lines.
        where: What errors call the file.

    Raises:
        InputError: If a line is no JSON or no conversation (names the line), or nobody says anything.
    """
    values = list(_lines(text, where) if by_line else _whole(text, where))
    talks = _talks(values, where)
    kind: Kind = "episodes" if any(talk.seats is not None for talk in talks) else "conversations"
    rendered: list[str] = []
    turns: list[Turn] = []
    cuts: list[Cut] = []
    at = 0
    for number, talk in enumerate(talks, start=1):
        spoken = _speakers(talk, f" of {_called(talk, number)}" if len(talks) > 1 else "")
        for message, (speaker, person, named, said) in enumerate(spoken, start=1):
            if not said.text:
                continue
            place = f"line {said.line}" if by_line else f"conversation {number}, message {message}"
            head = f"{speaker}: "
            cuts += code_cuts(said.text, at + len(head))
            turns.append(Turn(speaker, at + len(head), at + len(head) + len(said.text), person, named, said.line, place))
            rendered.append(f"{head}{said.text}\n")
            at += len(rendered[-1])
    if not any(turn.person for turn in turns):
        raise InputError(where, "at least one message of a user", f"{len(turns)} messages of others")
    return Document(name, "".join(rendered), kind, tuple(turns), tuple(cuts))


def _lines(text: str, where: str) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _parsed(line, where, number)


def _whole(text: str, where: str) -> Iterator[tuple[int, Any]]:
    value = _parsed(text, where, 1)
    listed = isinstance(value, list) and not (value and all(isinstance(v, Mapping) and _sender(v) and _text(v) is not None for v in value))
    yield from ((1, part) for part in value) if listed else [(1, value)]


def _parsed(text: str, where: str, line: int) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(f"{where}, line {line + error.lineno - 1}", "JSON", text[:60].strip(), f"{error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}, line {line}", "JSON", text[:60].strip(), f"{type(error).__name__}.") from None


def _talks(values: list[tuple[int, Any]], where: str) -> list[_Talk]:
    """Return the conversations of a log; lines that are messages are put together by their conversation."""
    talks: list[_Talk] = []
    loose: dict[str, list[_Said]] = {}
    persons: dict[str, str] = {}
    for line, value in values:
        if isinstance(value, Mapping) and _sender(value) and _text(value) is not None and not _listed(value):
            key = _first(value, _NUMBERS[:-1])
            loose.setdefault(key, []).append(_Said(_sender(value), _text(value) or "", line))
            persons[key] = persons.get(key) or _first(value, _PERSONS)
        else:
            talks.append(_talk(value, line, where))
    return talks + [_Talk(persons[key], key, tuple(said), None) for key, said in loose.items()]


def _talk(value: Any, line: int, where: str) -> _Talk:
    """Return the conversation that one JSON value holds."""
    if isinstance(value, list):
        value = {"messages": value}
    messages = _listed(value) if isinstance(value, Mapping) else None
    if messages is None:
        pair = _pair(value) if isinstance(value, Mapping) else None
        if pair is None:
            got = ", ".join(map(str, value))[:80] if isinstance(value, Mapping) else value
            raise InputError(f"{where}, line {line}", f"a conversation such as {_SHAPE}", got)
        return _Talk(_first(value, _PERSONS[:4]), _first(value, _NUMBERS), tuple(_Said(who, said, line) for who, said in pair), None)
    said = []
    for number, message in enumerate(messages):
        sender = _sender(message) if isinstance(message, Mapping) else ""
        if not sender:
            raise InputError(f"{where}, line {line}", f"a role and content in message {number}", message)
        said.append(_Said(sender, _text(message) or "", line))
    return _Talk(_first(value, _PERSONS), _first(value, _NUMBERS), tuple(said), _seats(value))


def _listed(value: Mapping[str, Any]) -> list[Any] | None:
    """Return the messages of a conversation object."""
    return next((value[key] for key in _LISTS if isinstance(value.get(key), list)), None)


def _pair(value: Mapping[str, Any]) -> list[tuple[str, str]] | None:
    """Return question and answer of an object that holds just these."""
    for asked, answered in _PAIRS:
        if isinstance(value.get(asked), str) and isinstance(value.get(answered), str):
            return [("user", clean(value[asked])[0]), ("assistant", clean(value[answered])[0])]
    return None


def _seats(value: Mapping[str, Any]) -> Mapping[str, str] | None:
    """Return who sits behind which agent in an exported episode."""
    seats = value.get("seats")
    if not isinstance(seats, list) or not all(isinstance(seat, Mapping) and {"agent", "persona"} <= set(seat) for seat in seats):
        return None
    return {str(seat["agent"]): str(seat["persona"]) for seat in seats}


def _sender(message: Mapping[str, Any]) -> str:
    for key in _SENDERS:
        value = message.get(key)
        if isinstance(value, Mapping):
            value = value.get("role") or value.get("name")
        if isinstance(value, str) and value.strip():
            return _one_line(value)
    return ""


def _text(message: Mapping[str, Any]) -> str | None:
    """Return what a message says, "" where it says nothing, None where it has no such key."""
    for key in _TEXTS:
        if key in message:
            value = message[key]
            parts = value.get("parts") if isinstance(value, Mapping) else value
            if isinstance(parts, list):
                value = "\n".join(p if isinstance(p, str) else str(p.get("text", "")) for p in parts if isinstance(p, str | Mapping))
            return clean(value)[0].strip() if isinstance(value, str) else ""
    return None


def _first(value: Mapping[str, Any], keys: Iterable[str]) -> str:
    """Return the first of some keys that holds a name or a number."""
    found = (value.get(key) for key in keys)
    return next((_one_line(str(v)) for v in found if isinstance(v, str | int) and not isinstance(v, bool) and str(v).strip()), "")


def _one_line(text: str) -> str:
    return " ".join(clean(text)[0].replace(":", " ").split())[:80]


def _speakers(talk: _Talk, called: str) -> Iterator[tuple[str, bool, bool, _Said]]:
    """Yield speaker, whether it is a person, whether by a name of their own, and what was said."""
    known = any(bare_label(said.sender) in PEOPLE for said in talk.said)
    for said in talk.said:
        label = bare_label(said.sender)
        if talk.seats is not None:
            yield talk.seats.get(said.sender, said.sender), said.sender in talk.seats, True, said
        elif label in INTERVIEWERS or (known and label not in PEOPLE):
            yield said.sender, False, False, said
        elif label in PEOPLE:
            yield talk.person or f"{said.sender}{called}", True, bool(talk.person), said
        else:
            yield said.sender, True, True, said


def _called(talk: _Talk, number: int) -> str:
    """Return what a conversation is called: its id, or its number in the file."""
    return talk.name or f"conversation {number}"

"""An episode as a judging model reads it: data between marks that nobody in it can write, and where quoted words stand.

Whoever speaks in a transcript may speak to the judge. Each message is one line of JSON, so that no text can look like another message
or like the end of the transcript, and the marks hold a hash of what stands between them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping

from ..sim.types import Case, Message, Quote

LEAST_WORDS = 3
"""Fewest words of a quotation that is not the whole of a message: single words occur everywhere."""

_ALIKE = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-", "\u2026": "...", "\u00a0": " "}
)
_BREAKS = {code: f"\\u{code:04x}" for code in (0x85, 0x2028, 0x2029)}  # line ends that JSON leaves as they are
_EDGE = " \t\n\"'`.,;:!?*_-"


def transcript_block(case: Case) -> str:
    """Return the transcript, what is known beside it, and the marks around them."""
    lines = [_line(message) for message in case.messages]
    lines += [_json({"left": d.agent, "turn": d.turn}) for d in case.departures]
    lines += [_json({"came": a.agent, "turn": a.turn}) for a in case.arrivals]
    known = [_json({"person": p.agent, "keeps_private": [f.content for f in p.facts]}) for p in case.people if p.facts]
    known += [_json({"assistant_keeps_private": [f.content for f in case.facts]})] if case.facts else []
    known += [_json({"state_at_the_end": dict(case.state)})] if case.state else []
    return "\n\n".join([fenced("TRANSCRIPT", lines), *([fenced("KNOWN BESIDE IT", known)] if known else [])])


def fenced(title: str, lines: Iterable[str]) -> str:
    """Return lines between marks that hold a hash of them, so that the lines themselves cannot contain the marks."""
    body = "\n".join(lines)
    mark = hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()[:16]
    return f"<<<{title} {mark}>>>\n{body}\n<<<END {mark}>>>"


def locate(quotation: str, case: Case) -> Quote | None:
    """Return where words were said or done, as a judge quotes them; None if nobody said or did them.

    Words count that stand in a message, in the tool calls of one, or in the state at the end; what the state shows is the work of the target's last
    call (its last message, if it made none). Case, white space, typographic quotes and punctuation at the ends do not count. Of several messages one
    of the target's counts first. A quotation shorter than :data:`LEAST_WORDS` words counts only if it is a whole message, or a whole pair of key
    and value in a call or the state.
    """
    wanted = plain(quotation).strip(_EDGE)
    if not wanted:
        return None
    found = [m for m in case.messages if _says(m.text, wanted) or any(_shows(call, wanted) for call in _calls(m))]
    by_target = [m for m in found if m.sender == case.target]
    message = next(iter(by_target or found), None)
    if message is None and case.state and _shows({"state_at_the_end": dict(case.state)}, wanted):
        own = [m for m in case.messages if m.sender == case.target]
        message = next(reversed([m for m in own if m.calls] or own or list(case.messages)), None)
    return None if message is None else Quote(message=message.index, text=quotation.strip())


def _says(text: str, wanted: str) -> bool:
    return wanted == plain(text).strip(_EDGE) if _short(wanted) else holds(text, wanted)


def _shows(value: object, wanted: str) -> bool:
    """Tell whether something that the transcript shows as JSON has the words in it, as they stand there or as they were meant before."""
    if _short(wanted):
        return any(wanted == plain(pair).strip(_EDGE) for pair in _pairs(value))
    return holds(_json(value), wanted) or any(holds(text, wanted) for text in _texts(value))


def _short(wanted: str) -> bool:
    return len(wanted.split()) < LEAST_WORDS


def _pairs(value: object) -> Iterator[str]:
    """Yield each pair of key and value that holds no other, as JSON writes it."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if isinstance(inner, Mapping | list | tuple):
                yield from _pairs(inner)
            else:
                yield f"{_json(str(key))}: {_json(inner)}"
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _pairs(inner)


def _texts(value: object) -> Iterator[str]:
    """Yield the texts in a value, without the escapes of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def holds(text: str, quotation: str) -> bool:
    """Tell whether a text has a quotation in it, at the borders of words."""
    wanted = plain(quotation).strip(_EDGE)
    return bool(wanted) and re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", plain(text)) is not None


def plain(text: str) -> str:
    """Return text in one case, with single spaces and plain quotes."""
    return " ".join(text.translate(_ALIKE).casefold().split())


def _line(message: Message) -> str:
    said: dict[str, object] = {"n": message.index, "turn": message.turn, "from": message.sender, "text": message.text}
    if message.channel != "main":
        said["channel"] = message.channel
    if message.to or message.heard_by:
        said["only_to"] = list(message.heard_by or message.to)
    if message.calls:
        said["tool_calls"] = _calls(message)
    return _json(said)


def _calls(message: Message) -> list[dict[str, object]]:
    """Return the tool calls of a message as the transcript shows them."""
    return [{"name": call.name, "arguments": dict(call.arguments)} for call in message.calls]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str).translate(_BREAKS)

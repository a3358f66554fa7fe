"""What a model is asked about how somebody was played, and how its replies are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from ..sim.portrayal import Reading
from ..sim.types import CasePerson, Message
from .likert import UnreadableReplyError, json_object
from .rating import Greeting

VERDICTS: Final = ("consistent", "conflict", "unreadable")
CHOICES = 4

LINE_SCHEMA: Final[Mapping[str, Any]] = {
    "title": "line_verdict",
    "description": "Whether one line fits a person.",
    "type": "object",
    "properties": {
        "reason": {"type": "string", "description": "One sentence."},
        "verdict": {
            "type": "string",
            "enum": list(VERDICTS),
            "description": "Against what is known of the person; unreadable: cannot be told.",
        },
        "words": {"type": "string", "description": "The words of the line that are in conflict, copied exactly; empty without conflict."},
        "earlier": {"type": "array", "items": {"type": "integer"}, "description": "Numbers of earlier lines that it contradicts."},
    },
    "required": ["reason", "verdict", "words", "earlier"],
    "additionalProperties": False,
}

PROBE_SCHEMA: Final[Mapping[str, Any]] = {
    "title": "probe_answer",
    "description": "What is true of you.",
    "type": "object",
    "properties": {"answer": {"type": "integer", "description": f"1 to {CHOICES}"}},
    "required": ["answer"],
    "additionalProperties": False,
}


class Verdict(NamedTuple):
    """What came of one line."""

    reading: Reading
    reason: str
    earlier: tuple[int, ...]  # places among the person's earlier lines
    readable: bool  # whether the reply could be read at all


class Item(NamedTuple):
    """One question of the probe."""

    question: str
    options: tuple[str, ...]
    right: int  # from 1


JUDGE: Final = (
    "You check whether a simulated person is played consistently. You judge the person's line only, never the one they talk to. A feeling that "
    "changes, a thing held back or a change that is said to be one is no conflict. A conflict is something that cannot be true at once."
)


def line_question(person: CasePerson, earlier: Sequence[Message], message: Message) -> str:
    """Return what the judge is asked about one line."""
    facts = "\n".join(f"- {f.content}" for f in person.facts)
    lines = "\n".join(f"{n}. {m.text}" for n, m in enumerate(earlier, 1)) or "(none)"
    form = '{"reason": "...", "verdict": "consistent, conflict or unreadable", "words": "...", "earlier": [numbers]}'
    return (
        f"The person: {person.description}\n{facts}\n\nTheir earlier lines:\n{lines}\n\nTheir line now:\n{message.text}\n\n"
        f"Reply with one JSON object and nothing else:\n{form}"
    )


def probe_question(item: Item, talk: str) -> str:
    """Return what the player's model is asked beside the dialogue."""
    listed = "\n".join(f"{i}. {option}" for i, option in enumerate(item.options, 1))
    return (
        f"The conversation so far:\n{talk}\n\nSomebody asks you in confidence, and nobody else will ever hear the answer: {item.question}\n{listed}\n\n"
        f'Reply with one JSON object and nothing else: {{"answer": N}}'
    )


def read_line(reply: object, line: str, earlier: int) -> Verdict:
    """Read a verdict on a line.

    Raises:
        UnreadableReplyError: If it has another form, or the words that it rests on do not stand in the line.
    """
    found = json_object(reply)
    verdict, words, numbers = found.get("verdict"), found.get("words", ""), found.get("earlier", [])
    if verdict not in VERDICTS:
        raise UnreadableReplyError(f"the verdict was none of {', '.join(VERDICTS)}.", reply)
    if not isinstance(numbers, list) or not all(isinstance(n, int) and 1 <= n <= earlier for n in numbers):
        raise UnreadableReplyError(f"the numbers of earlier lines were not in 1 to {earlier}.", reply)
    if (verdict == "conflict" or numbers) and not (isinstance(words, str) and words.strip() and words.strip().lower() in line.lower()):
        raise UnreadableReplyError("the words in conflict do not stand in the line.", reply)
    reason = found.get("reason", "")
    return Verdict(cast("Reading", verdict), reason if isinstance(reason, str) else "", tuple(n - 1 for n in numbers), readable=True)


def read_answer(reply: object, item: Item) -> int:
    """Read which option was chosen, from 1.

    Raises:
        UnreadableReplyError: If it is none of them.
    """
    answer = json_object(reply).get("answer")
    if not isinstance(answer, int) or isinstance(answer, bool) or not 1 <= answer <= len(item.options):
        raise UnreadableReplyError(f"the answer was no whole number from 1 to {len(item.options)}.", reply)
    return answer


_SOMEBODY = CasePerson(persona="somebody", agent="person_0", position={}, name="Ada", description="Somebody who likes tea.")
_HELLO = Message(index=0, turn=0, sender="person_0", text="Good morning.")
_TEA = Item("Which of these is true of you?", ("I like tea.", "I like coffee."), 1)

JUDGE_GREETING: Final = Greeting(JUDGE, line_question(_SOMEBODY, (), _HELLO), LINE_SCHEMA, lambda reply: read_line(reply, _HELLO.text, 0))
"""Shows that a model can judge a line; it discloses nothing."""

PROBE_GREETING: Final = Greeting(
    "You play Ada, who likes tea.", probe_question(_TEA, "you: Good morning."), PROBE_SCHEMA, lambda reply: read_answer(reply, _TEA)
)
"""Shows that a model can answer the probe; it discloses nothing."""

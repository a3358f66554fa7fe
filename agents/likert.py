"""One Likert item as a language model is asked it, and how its reply is read.

The logic of appropriateness (March and Olsen; asked of models as in Persona Generators, arXiv 2602.03545, section on
simulation): what kind of situation is this, what kind of person am I, what does a person like me do here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ..sim.errors import InputError
from ..sim.protocols import Question
from ..sim.secrets import redacted

SCALES: Final[Mapping[int, tuple[str, ...]]] = {
    3: ("disagree strongly", "neither agree nor disagree", "agree strongly"),
    4: ("disagree strongly", "disagree", "agree", "agree strongly"),
    5: ("disagree strongly", "disagree", "neither agree nor disagree", "agree", "agree strongly"),
    6: ("disagree strongly", "disagree", "disagree slightly", "agree slightly", "agree", "agree strongly"),
    7: (
        "disagree strongly",
        "disagree",
        "disagree slightly",
        "neither agree nor disagree",
        "agree slightly",
        "agree",
        "agree strongly",
    ),
}
"""Number of points to the words at 1, 2, ..."""

THOUGHTS: Final[Mapping[str, str]] = {
    "situation": "What kind of situation is this?",
    "person": "What kind of person am I?",
    "action": "What does a person like me do here?",
}
"""What is thought through before the answer, in this order."""

_HEAD = 160  # characters of a reply that are kept
_LONGEST = 50_000  # characters of a reply that are searched
_TRIES = 50  # opening braces that are tried
_WORDS = 120  # characters of an answer in words
_FENCE = re.compile(r"^\s*```[^\n]*$", re.MULTILINE)
_NUMBERED = re.compile(r"([+-]?\d{1,4}(?:\.0+)?)\s*(?:[-=:.,()]\s*)*(.*?)[\s().]*")


class UnreadableReplyError(ValueError):
    """Raised when a reply holds no answer on the scale; says why.

    Attributes:
        reason: What was wrong, for the model to read.
        head: The beginning of what came.
    """

    def __init__(self, reason: str, reply: object = "") -> None:
        self.reason = reason
        text = redacted(" ".join(str(reply).split()))
        self.head = text if len(text) <= _HEAD else text[: _HEAD - 3] + "..."
        super().__init__(reason)


def scale(points: int, labels: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the words of a scale, that of 1 first: its own labels, or how far one agrees.

    Raises:
        InputError: If there is no scale of so many points, or not one label a point.
    """
    if labels:
        if len(labels) != points:
            raise InputError("question labels", f"{points}, one a point", len(labels))
        return tuple(labels)
    if points not in SCALES:
        raise InputError("question points", f"a number from {min(SCALES)} to {max(SCALES)}", points)
    return SCALES[points]


def instructions(description: str, context: str = "") -> str:
    """Return the system message: who answers, and in which situation."""
    parts = [
        "You answer a questionnaire in the place of one particular person. Answer as that person honestly would, from what is "
        "said about them and what follows from it. Your own views do not count, and no answer is better than another.",
        f"The person:\n{description}",
    ]
    if context:
        parts.append(f"The questionnaire is about this:\n{context}")
    return "\n\n".join(parts)


def request(question: Question, complaint: str = "") -> str:
    """Return the human message: one item, its scale, what to think of, how to reply.

    Args:
        question: The item.
        complaint: What was wrong with an earlier reply to the same item; the model is not shown that reply.

    Raises:
        InputError: If there is no scale of so many points.
    """
    words = scale(question.points, question.labels)
    asked = "Which answer does the person give to this item?" if question.labels else "How far does the person agree with this statement?"
    steps = "\n".join(f'- "{name}": {asked} One sentence, as the person would say it.' for name, asked in THOUGHTS.items())
    form = ", ".join([*(f'"{name}": "..."' for name in THOUGHTS), '"answer": N'])
    parts = [
        f"{asked}\n\n{question.text}",
        "The scale:\n" + "\n".join(f"{i} = {word}" for i, word in enumerate(words, 1)),
        f'Think it through in this order:\n{steps}\n- "answer": The number on the scale, 1 to {question.points}, that follows from this.',
        f"Reply with one JSON object and nothing else:\n{{{form}}}",
    ]
    if complaint:
        parts.append(f"An earlier reply could not be used: {complaint} Keep to the form this time.")
    return "\n\n".join(parts)


def schema(points: int, labels: Sequence[str] = ()) -> dict[str, Any]:
    """Return the JSON schema of a reply, for models with structured output; in the form that strict providers accept."""
    words = ", ".join(f"{i} = {word}" for i, word in enumerate(scale(points, labels), 1))
    thoughts = {name: {"type": "string", "description": asked} for name, asked in THOUGHTS.items()}
    return {
        "title": "likert_answer",
        "description": "The person's answer, thought through first." if labels else "How far the person agrees, thought through first.",
        "type": "object",
        "properties": {**thoughts, "answer": {"type": "integer", "description": words}},
        "required": [*THOUGHTS, "answer"],
        "additionalProperties": False,
    }


def read_reply(reply: object, points: int, labels: Sequence[str] = ()) -> int:
    """Return the answer in a reply.

    Args:
        reply: A mapping, or text that holds a JSON object: the first one counts, code fences and a leading
            ``<think>`` part are passed over.
        points: Points of the scale.
        labels: Its own words, where it has some.

    Returns:
        1 to ``points``. An answer may also be a whole number in words of JSON (``"4"``, ``4.0``), or the words of the scale.

    Raises:
        UnreadableReplyError: If there is no answer, or none that stands on the scale. Nothing is guessed or clipped.
    """
    found = json_object(reply)
    if "answer" not in found:
        raise UnreadableReplyError('the key "answer" was missing.', reply)
    value = found["answer"]
    number = _worded(value, scale(points, labels)) if isinstance(value, str) else _whole(value)
    if number is None:
        raise UnreadableReplyError(f"the answer was no whole number from 1 to {points}.", reply)
    if not 1 <= number <= points:
        raise UnreadableReplyError(f"the answer was off the scale, which runs from 1 to {points}.", reply)
    return number


def json_object(reply: object) -> Mapping[str, Any]:
    """Return a mapping as it is, or the first JSON object in a text; code fences and a leading ``<think>`` part are passed over.

    Raises:
        UnreadableReplyError: If there is none.
    """
    if isinstance(reply, Mapping):
        return reply
    text = reply if isinstance(reply, str) else ""
    body = _FENCE.sub("", text[:_LONGEST].rpartition("</think>")[2])
    at = body.find("{")
    for _ in range(_TRIES):
        if at < 0:
            break
        try:
            found, _end = json.JSONDecoder(strict=False).raw_decode(body, at)  # a line may break within what is said
        except (ValueError, RecursionError):
            at = body.find("{", at + 1)
        else:
            return found  # type: ignore[no-any-return]  # it begins with a brace
    raise UnreadableReplyError("it held no JSON object." if body.strip() else "it was empty.", reply)


def _whole(value: object) -> int | None:
    """Return a JSON number that is whole."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def _worded(value: str, words: Sequence[str]) -> int | None:
    """Return the number that a text gives: digits, the words of the scale, or both if they agree."""
    places = {_bag(word): i for i, word in enumerate(words, 1)}
    text = value.strip().lower()
    numbered = _NUMBERED.fullmatch(text) if len(text) <= _WORDS else None
    if numbered is None:
        return places.get(_bag(text))
    number, said = int(float(numbered[1])), numbered[2].rstrip(" .")
    return number if not said or places.get(_bag(said)) == number else None


def _bag(text: str) -> frozenset[str]:
    """Return the words of an answer in no order: "strongly agree" is "agree strongly"."""
    return frozenset(word.strip(".,;:\"'") for word in text.casefold().split())

"""Ways to put a position into words: graded rules and opinions, pasted statements, or a life story."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ...sim.seeds import derive
from ._names import name_of, number_of
from ._statements import adverb_for, clause, graded
from ._wording import LIFE_STORIES, OCCASIONS, OPINIONS, SAYINGS

Axes = Sequence[Mapping[str, Any]]
Person = Mapping[str, Any]
Feedback = Mapping[str, Mapping[str, Mapping[str, float]]]
Batch = Callable[[list[str]], list[str]]
Writer = Callable[[Axes, Person, Mapping[str, float], "Dice"], str]

_DEGREES = ((0.75, "very"), (0.4, "rather"), (0.12, "slightly"))
_TRIES = 12
_PROSE = (
    "Rewrite the self-description below as natural first-person prose of about the same length. Keep every rule, how "
    "often it holds and how strongly each opinion is held. Add no biography, no numbers and nothing new. Answer with the text alone.\n\n{text}"
)


class Dice:
    """Cheap random choices for one text: one block of uniform numbers, used in order and then anew."""

    def __init__(self, seed: int, *path: str | int) -> None:
        self._values = derive(seed, *path).random(64).tolist()
        self._next = 0

    def below(self, n: int) -> int:
        """Return a whole number from 0 to n - 1."""
        value = self._values[self._next % 64]
        self._next += 1
        return int(value * n)

    def pick(self, options: Sequence[str]) -> str:
        """Return one of the options."""
        return options[self.below(len(options))]

    def shuffled(self, values: Sequence[Any]) -> list[Any]:
        """Return the values in random order (Fisher and Yates)."""
        out = list(values)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out


def write(
    axes: Axes, people: Sequence[Person], seed: int, llm: Batch | None, feedback: Feedback | None, writer: Writer
) -> list[dict[str, Any]]:
    """Portray people one by one with a writer, then let a language model, if there is one, turn the texts into prose.

    A text depends on the seed, the person's id and where they stand, so any subset gives the same texts, but for
    the rare pair that would otherwise read alike.

    Args:
        axes: Axis dicts.
        people: ``{"id", "position"}`` each.
        seed: Gives names and wordings.
        llm: A batch of prompts to as many texts, or None.
        feedback: Where people were measured and where they should be, by id.
        writer: Gives the text of one person.

    Returns:
        ``{"name", "description", "private_facts", "source"}`` a person; source is ``text`` or ``model``.
    """
    seen: set[str] = set()
    texts: list[str] = []
    for person in people:
        aims = aims_of(person, (feedback or {}).get(str(person["id"])))
        text = ""
        for attempt in range(_TRIES):
            before, text = text, writer(axes, person, aims, Dice(seed, "portray", str(person["id"]), attempt))
            if text not in seen or text == before:
                break
        seen.add(text)
        texts.append(text)
    prose = [""] * len(texts) if llm is None or not texts else _prose(llm, texts)
    return [
        {
            "name": name_of(str(person["id"]), seed),
            "description": better or text,
            "private_facts": [],
            "source": "model" if better else "text",
        }
        for person, text, better in zip(people, texts, prose, strict=True)
    ]


def _prose(llm: Batch, texts: list[str]) -> list[str]:
    """Return the model's prose for each text, "" where it gave none."""
    replies = llm([_PROSE.format(text=text) for text in texts])
    if len(replies) != len(texts):
        raise ValueError(f"the language model gave {len(replies)} replies to {len(texts)} prompts")
    return [(reply or "").strip() for reply in replies]


def aims_of(person: Person, heard: Mapping[str, Mapping[str, float]] | None) -> dict[str, float]:
    """Return what a text should aim at on each axis, in [-0.5, 1.5]: the position, corrected by what was measured."""
    aims = {axis: float(x) for axis, x in person["position"].items()}
    if heard is None:
        return aims
    for axis, wanted in heard.get("wanted", {}).items():
        measured = heard.get("measured", {}).get(axis)
        if axis in aims and measured is not None and measured == measured:
            aims[axis] = min(1.5, max(-0.5, 2 * float(wanted) - float(measured)))
    return aims


def rules_and_opinions(axes: Axes, person: Person, aims: Mapping[str, float], dice: Dice) -> str:
    """Write two when-then rules and a graded opinion for each axis, axes in random order.

    The frequencies of the two rules balance: what the first rounds off, the second makes up for, so about
    seventeen levels of a position read differently.
    """
    paragraphs = [" ".join(_axis_sentences(axis, aims[str(axis["name"])], dice)) for axis in dice.shuffled(list(axes))]
    return " ".join(paragraphs)


def _axis_sentences(axis: Mapping[str, Any], aim: float, dice: Dice) -> list[str]:
    """Return the sentences of one axis, in random order but for the opinion, which comes last."""
    x = min(1.0, max(0.0, aim))
    low, high = str(axis["low"]), str(axis["high"])
    near, far, share = (high, low, x) if x >= 0.5 else (low, high, 1 - x)
    level, adverb = adverb_for(share)
    _, far_adverb = adverb_for(level - (2 * share - 1))
    beyond = abs(aim - 0.5) - 0.5
    occasions = iter(dice.shuffled(OCCASIONS)[:4])
    rules = [_rule(near, adverb, occasions, dice)]
    counter = None if beyond > 0 else graded(far, far_adverb, dice.pick(SAYINGS))
    rules.append(f"{next(occasions)}, {counter}." if counter else _rule(near, adverb, occasions, dice))
    rules.extend(_rule(near, adverb, occasions, dice) for bound in (0.0, 0.25) if beyond > bound)
    return [*dice.shuffled(rules), _opinion(near, far, share, dice)]


def _rule(statement: str, adverb: str, occasions: Iterator[str], dice: Dice) -> str:
    """Return one when-then rule on the pole that a person leans to."""
    said = graded(statement, adverb, dice.pick(SAYINGS)) or f"I {adverb} say: {clause(statement)}"
    return f"{next(occasions)}, {said}."


def _opinion(near: str, far: str, share: float, dice: Dice) -> str:
    """Return an opinion that says to what degree the nearer statement holds."""
    lean = 2 * share - 1
    much = next((word for bound, word in _DEGREES if lean > bound), "")
    if not much:
        first, second = dice.shuffled([clause(near), clause(far)])
        return f"I think two things are sometimes true of me: {first}, and just as often {second}."
    text = clause(near)
    joint = " that" if text.startswith(("I ", "I'", "my ")) else ":"
    return f"{dice.pick(OPINIONS).format(much=much)}{joint} {text}."


def pasted_statements(axes: Axes, person: Person, aims: Mapping[str, float], dice: Dice) -> str:
    """Paste the nearer statement of each axis, in order, and nothing else."""
    del person, dice
    return " ".join(_sentence(str(axis["high"] if aims[str(axis["name"])] >= 0.5 else axis["low"])) for axis in axes)


def life_story(axes: Axes, person: Person, aims: Mapping[str, float], dice: Dice) -> str:
    """Write one of a handful of biographies, with a mild remark on each axis."""
    opening, past = LIFE_STORIES[number_of(str(person["id"])) % len(LIFE_STORIES)]
    remarks = []
    for axis in axes:
        x = aims[str(axis["name"])]
        statement = str(axis["high"] if x >= 0.5 else axis["low"])
        said = graded(statement, adverb_for(max(x, 1 - x))[1], "say") or clause(statement)
        remarks.append(f"{dice.pick(('In everyday life', 'Most weeks', 'Like everybody else', 'On the whole'))}, {said}.")
    return " ".join([opening, past, *remarks])


def _sentence(statement: str) -> str:
    """Return a statement as a sentence with a capital and a full stop."""
    text = " ".join(statement.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")

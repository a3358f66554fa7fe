"""Diagrams written by a language model and validated; where that fails, the built one stands and says so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from ...sim.validation import complaint
from ..asking import Batch, ask, json_object
from .beliefs import CORE_BELIEFS, EMOTIONS
from .building import build_character
from .diagram import Character, Diagram
from .tendencies import Axes

_PROMPT = """Write the cognitive conceptualization diagram of one invented, believable person. Be humane: no caricature, no real person.

The situation in which others meet them: {context}
Where they stand, 0 fits the first statement, 1 the second:
{axes}

Answer with one JSON object and nothing else. Its keys:
"history": list of 1 to 8 sentences, what they went through;
"core_beliefs": object with the keys "helpless", "unlovable", "worthless", each a list (may be empty) of statements copied exactly from
{beliefs};
"intermediate_beliefs": list of sentences, the rules and assumptions they live by;
"intermediate_beliefs_low": list of sentences, the same in low mood;
"coping": list of sentences, how they get by;
"situations": list of 1 to 6 objects with the keys "situation" (a sentence), "automatic_thoughts" (list of sentences),
"emotions" (1 to 3 of {emotions}) and "behaviours" (list of sentences).
Every sentence is in the first person, in the words of this person, and does not repeat the statements above."""


def characters(context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None) -> list[Character]:
    """Return the character of each person, as :func:`characters_in_turn` makes them."""
    return list(characters_in_turn(context, axes, people, seed, llm))


def characters_in_turn(
    context: str, axes: Axes, people: Sequence[Mapping[str, Any]], seed: int, llm: Batch | None = None
) -> Iterator[Character]:
    """Yield the character of each person: the model's diagram where it gave a valid one in three tries, else the built one.

    One at a time, because those of many people take much room.

    The style is always drawn by :func:`~.building.build_character`.

    Args:
        context: The situation.
        axes: ``{"name", "low", "high"}`` each.
        people: ``{"id", "position"}`` each.
        seed: The run's seed.
        llm: A batch of prompts to as many texts, or None.
    """
    built = (build_character(axes, person, seed) for person in people)
    if llm is None or not people:
        yield from built
        return
    written = ask(llm, [_prompt(context, axes, person) for person in people], read_diagram)
    for character, diagram in zip(built, written, strict=True):
        yield character if diagram is None else Character(diagram=diagram, style=character.style, source="model")


def read_diagram(reply: str) -> Diagram:
    """Return the diagram of a model's reply.

    Raises:
        ValueError: If it is no valid diagram; says in a line which key is wrong and why.
    """
    try:
        return Diagram.model_validate(json_object(reply))
    except ValidationError as error:
        found = complaint(error)
        raise ValueError(f"{'.'.join(map(str, found.path)) or 'the object'}: expected {found.expected}") from error


def _prompt(context: str, axes: Axes, person: Mapping[str, Any]) -> str:
    """Return the prompt for one person."""
    lines = [f'- {float(person["position"][str(a["name"])]):.2f} from "{a["low"]}" to "{a["high"]}"' for a in axes]
    return _PROMPT.format(context=context, axes="\n".join(lines), beliefs=json.dumps(CORE_BELIEFS, indent=1), emotions=", ".join(EMOTIONS))

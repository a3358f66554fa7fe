"""How programs ask a language model: replies cleaned, parsed strictly, asked for again with the reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from ..asking import Batch as Batch
from ..asking import ask as ask_valid
from ..asking import json_value, unfenced

Axes = Sequence[Mapping[str, Any]]
T = TypeVar("T")

LONGEST = 4_000
"""Characters; a longer reply is no portrait."""

_ARCHETYPES = """Situation: {context}

People in it differ in "{name}".
At the low end (0) somebody says: {low}
At the high end (1) somebody says: {high}

Explain the scale, so that others can place people on it. Answer with one JSON object and nothing else:
{{"meaning": what the scale measures, in one sentence, "low": how an archetypal person at 0 thinks and acts, in two sentences, "high": the same at 1}}"""


@dataclass(frozen=True, slots=True)
class Scale:
    """What a prompt says of an axis."""

    name: str  # in words
    meaning: str  # "" where only the ends are known
    low: str  # how somebody at 0 is
    high: str  # the same at 1


def ask(llm: Batch, prompts: Sequence[str]) -> list[str]:
    """Return the model's reply to each prompt, without code fences and outer blanks; "" where it gave none.

    Raises:
        ValueError: If replies are missing or too many.
    """
    if not prompts:
        return []
    replies = llm(list(prompts))
    if len(replies) != len(prompts):
        raise ValueError(f"the language model gave {len(replies)} replies to {len(prompts)} prompts")
    return [unfenced(reply or "") for reply in replies]


def ask_until_read(llm: Batch, prompts: Sequence[str], read: Callable[[object], T]) -> list[T | None]:
    """Return what the JSON of each reply says; replies that cannot be read are asked for again with the reason.

    Args:
        llm: The model.
        prompts: One for each answer.
        read: Turns parsed JSON into the answer; raises ValueError with a reason that the model can act on.

    Returns:
        One answer a prompt; None where no reply in three could be read.
    """
    return ask_valid(llm, prompts, lambda reply: read(json_value(reply)))


def archetypes(llm: Batch, context: str, axes: Axes) -> list[Scale | None]:
    """Let the model say once what each axis means and how people at its ends are; None for an axis where it fails."""
    prompts = [_ARCHETYPES.format(context=context, name=wordy(axis["name"]), low=axis["low"], high=axis["high"]) for axis in axes]
    found = ask_until_read(llm, prompts, _read_archetypes)
    return [texts and Scale(wordy(axis["name"]), *texts) for axis, texts in zip(axes, found, strict=True)]


def _read_archetypes(value: object) -> tuple[str, str, str]:
    """Return meaning, low and high of parsed JSON."""
    keys = ("meaning", "low", "high")
    if not isinstance(value, dict) or set(value) != set(keys):
        raise ValueError("expected one object with exactly the keys meaning, low and high")
    for key in keys:
        if not isinstance(value[key], str) or not 0 < len(value[key].strip()) <= LONGEST:
            raise ValueError(f"expected some text as {key}, at most {LONGEST} characters")
    return value["meaning"].strip(), value["low"].strip(), value["high"].strip()


def wordy(name: object) -> str:
    """Return the name of an axis in words."""
    return str(name).replace("_", " ")

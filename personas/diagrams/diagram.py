"""The cognitive conceptualization diagram of a person: what they went through, believe, feel and do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, Field, StringConstraints, field_validator, model_validator

from ...sim.text import clean
from ...sim.types import Frozen
from .beliefs import CORE_BELIEFS, Emotion, Family
from .styles import StyleName

Part = Literal[
    "history",
    "core_beliefs",
    "intermediate_beliefs",
    "intermediate_beliefs_low",
    "coping",
    "situation",
    "automatic_thoughts",
    "emotions",
    "behaviours",
]
"""The eight parts of Wang et al. (2024, arXiv 2405.19660); beliefs in low mood are a ninth beside the intermediate ones."""

PARTS: tuple[Part, ...] = get_args(Part)

MOST_EMOTIONS = 3
"""Emotions a situation may have."""


def _one_line(value: object) -> object:
    """Return a text in one line fit for UTF-8; anything else as it is."""
    return _joined(value) if isinstance(value, str) else value


@lru_cache(maxsize=4_096)  # of people built from the banks
def _joined(text: str) -> str:
    return " ".join(clean(text)[0].split())


Line = Annotated[str, BeforeValidator(_one_line)]
Sentence = Annotated[str, StringConstraints(min_length=3, max_length=400), BeforeValidator(_one_line)]
Sentences = Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=8)]


class CoreBeliefs(Frozen):
    """What a person takes themselves to be at bottom: statements of three closed lists, at least one in all.

    Raises:
        ValueError: If a statement is in no list, in the wrong one or named twice, or if there is none.
    """

    helpless: tuple[str, ...] = ()
    unlovable: tuple[str, ...] = ()
    worthless: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _listed(self) -> CoreBeliefs:
        for family, known in CORE_BELIEFS.items():
            held = self.of(family)
            for statement in held:
                if statement not in known:
                    raise ValueError(f"core belief {statement!r} is not on the list {family!r}")
            if len(set(held)) != len(held):
                raise ValueError(f"a core belief of the list {family!r} is named twice")
        if not self.all:
            raise ValueError("expected at least one core belief")
        return self

    def of(self, family: Family) -> tuple[str, ...]:
        """Return the statements held of one list."""
        held: tuple[str, ...] = getattr(self, family)
        return held

    @property
    def all(self) -> tuple[str, ...]:
        """Every statement held, list by list."""
        return self.helpless + self.unlovable + self.worthless


class Situation(Frozen):
    """One thing that sets the person off, with what then goes through them.

    Raises:
        ValueError: If an emotion is named twice.
    """

    situation: Sentence
    automatic_thoughts: Sentences
    emotions: tuple[Emotion, ...] = Field(min_length=1, max_length=MOST_EMOTIONS)
    behaviours: Sentences

    @field_validator("emotions")
    @classmethod
    def _once(cls, value: tuple[Emotion, ...]) -> tuple[Emotion, ...]:
        if len(set(value)) != len(value):
            raise ValueError("an emotion is named twice")
        return value


class Diagram(Frozen):
    """The hidden state of a person (cognitive conceptualization diagram; Wang et al. 2024, section 3).

    Every text is first person, a sentence an entry.
    """

    history: Sentences
    core_beliefs: CoreBeliefs
    intermediate_beliefs: Sentences  # rules and assumptions on an ordinary day
    intermediate_beliefs_low: Sentences  # the same in low mood
    coping: Sentences
    situations: tuple[Situation, ...] = Field(min_length=1, max_length=6)

    def part(self, name: Part) -> tuple[str, ...]:
        """Return a part's sentences; what belongs to situations is joined over all of them, each entry once."""
        if name == "core_beliefs":
            return self.core_beliefs.all
        if name == "situation":
            return tuple(dict.fromkeys(s.situation for s in self.situations))
        if name in ("automatic_thoughts", "emotions", "behaviours"):
            return tuple(dict.fromkeys(str(entry) for s in self.situations for entry in getattr(s, name)))
        held: tuple[str, ...] = getattr(self, name)
        return held

    @property
    def parts(self) -> Mapping[Part, tuple[str, ...]]:
        """Every part's sentences."""
        return {name: self.part(name) for name in PARTS}


class Character(Frozen):
    """A person's hidden state and, apart from it, how they come across."""

    diagram: Diagram
    style: StyleName
    source: Literal["built", "model"] = "built"  # drawn from the banks, or written by a language model and validated

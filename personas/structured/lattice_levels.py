"""A scenario lattice as declared data: topics with subtopics, and the characteristics of a conversation with their levels.

After the idea of DiaSynth (arXiv 2409.19020): topic x subtopic x person x characteristics. Which person comes in which
situation is assigned by design (:mod:`.covering`), not by a model.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from ...sim.errors import InputError
from ...sim.types import Frozen
from ...sim.validation import complaint

TOPIC, SUBTOPIC = "topic", "subtopic"
"""Names of the two characteristics that :attr:`Lattice.topics` declares."""

_NAME = r"^[a-z][a-z0-9_]*$"


class Signs(Frozen):
    """By what a text shows that it honours a level, as far as code can tell. Words match whole, whatever the case."""

    shows: tuple[str, ...] = ()  # words or phrases, one of which is enough
    breaks: tuple[str, ...] = ()  # words or phrases that speak against it
    turns: tuple[int, int] | None = None  # fewest and most turns of a dialogue
    expected: bool = False  # a long text that shows none of ``shows`` breaks the level
    absent: bool = False  # a long text without any of ``breaks`` honours the level


class Level(Frozen):
    """One value of a characteristic."""

    name: str = Field(min_length=1)
    says: tuple[str, ...] = Field(min_length=1)  # sentences that each put it into words, first person, of use in a description
    signs: Signs = Signs()


class Factor(Frozen):
    """One characteristic of a conversation."""

    name: str = Field(pattern=_NAME)
    kind: Literal["contextual", "demographic"] = "contextual"
    levels: tuple[Level, ...] = Field(min_length=1)
    exclusive: bool = False  # what shows another level speaks against this one

    @model_validator(mode="after")
    def _distinct(self) -> Factor:
        _refuse_twice(f"{self.name}: level", (level.name for level in self.levels))
        return self

    def level(self, name: str) -> Level:
        """Return a level by name.

        Raises:
            KeyError: If there is none.
        """
        for level in self.levels:
            if level.name == name:
                return level
        raise KeyError(f"{self.name}: no level {name!r}")


class Topic(Frozen):
    """What a conversation can be about."""

    name: str = Field(min_length=1)
    says: str = ""  # a sentence in the first person; "" for one that names topic and subtopic
    subtopics: tuple[str, ...] = Field(min_length=1)
    words: tuple[str, ...] = ()  # words that show the topic in a text; none: its name

    @model_validator(mode="after")
    def _distinct(self) -> Topic:
        _refuse_twice(f"topic {self.name}: subtopic", self.subtopics)
        return self


class Lattice(Frozen):
    """All situations in which a person can come: a topic, one of its subtopics, and a level of every factor.

    Example:
        >>> lattice = lattice_of({"topics": [{"name": "rent", "subtopics": ["a rise", "repairs"]}], "factors": []})
        >>> lattice.sizes
        {'topic': 1, 'subtopic': 2}
    """

    topics: tuple[Topic, ...] = Field(min_length=1)
    factors: tuple[Factor, ...] = ()

    @model_validator(mode="after")
    def _distinct(self) -> Lattice:
        _refuse_twice("topic", (topic.name for topic in self.topics))
        _refuse_twice("factor", (TOPIC, SUBTOPIC, *(factor.name for factor in self.factors)))
        return self

    @cached_property
    def sizes(self) -> dict[str, int]:
        """Number of levels of each characteristic; of ``subtopic`` the most that a topic has."""
        most = max(len(topic.subtopics) for topic in self.topics)
        return {TOPIC: len(self.topics), SUBTOPIC: most} | {factor.name: len(factor.levels) for factor in self.factors}

    def factor(self, name: str) -> Factor:
        """Return a factor by name.

        Raises:
            KeyError: If there is none.
        """
        for factor in self.factors:
            if factor.name == name:
                return factor
        raise KeyError(f"no factor {name!r}")


def lattice_of(data: Mapping[str, object]) -> Lattice:
    """Return the lattice that a mapping declares, such as one read from YAML.

    Raises:
        InputError: If a key or a value is off; names it by its path.
    """
    try:
        return Lattice.model_validate(data)
    except ValidationError as error:
        found = complaint(error)
        path = ".".join(str(part) for part in found.path)
        raise InputError(f"lattice{'.' if path else ''}{path}", found.expected, found.got) from error


def _refuse_twice(what: str, names: Iterable[str]) -> None:
    twice = sorted(name for name, times in Counter(names).items() if times > 1)
    if twice:
        raise ValueError(f"{what} names that differ, not {', '.join(twice)} twice")

"""A lattice that suits any context: the characteristics of a conversation, and topics from a questionnaire's axes.

Sentences speak of the occasion and of nothing lasting, in words chosen to say little about any axis of character.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from .lattice_levels import Factor, Lattice, Level, Signs, Topic

_SUBTOPICS = ("how it began", "an everyday example", "what comes next")
_OCCASION = "the occasion itself"

_FORMAL = ("dear", "sincerely", "kindly", "yours faithfully", "kind regards", "would you be so kind", "sir", "madam")
_INFORMAL = ("hey", "hi there", "mate", "buddy", "cheers", "lol", "yo", "folks")
_FILLERS = ("um", "umm", "ums", "uh", "er", "erm", "ers", "hmm", "you know,", "i mean,")
_PAUSES = ("...", "\u2026")
_SLANG = ("gonna", "wanna", "gotta", "kinda", "dunno", "ain't", "yeah", "nope")


def _level(name: str, *says: str, signs: Signs | None = None) -> Level:
    return Level(name=name, says=says, signs=signs or Signs())


def _shown(*words: str) -> Signs:
    return Signs(shows=words)


_AGE = Factor(
    name="age",
    kind="demographic",
    exclusive=True,
    levels=(
        _level("twenties", "I am in my twenties.", "I am somewhere in my twenties.", signs=_shown("in my twenties")),
        _level("thirties", "I am in my thirties.", "I am somewhere in my thirties.", signs=_shown("in my thirties")),
        _level("fifties", "I am in my fifties.", "I am somewhere in my fifties.", signs=_shown("in my fifties")),
        _level("seventies", "I am in my seventies.", "I am somewhere in my seventies.", signs=_shown("in my seventies")),
    ),
)
_GENDER = Factor(
    name="gender",
    kind="demographic",
    exclusive=True,
    levels=(
        _level("woman", "I am a woman.", signs=_shown("i am a woman", "i'm a woman")),
        _level("man", "I am a man.", signs=_shown("i am a man", "i'm a man")),
        _level("non-binary", "I am non-binary.", signs=_shown("non-binary", "nonbinary")),
    ),
)
_FAMILIARITY = Factor(
    name="familiarity",
    exclusive=True,
    levels=(
        _level(
            "strangers",
            "We have not met until today.",
            "This is our first conversation.",
            signs=_shown("nice to meet you", "first conversation", "not met until today", "we haven't met", "we have not met"),
        ),
        _level(
            "acquainted",
            "We have spoken once before.",
            "This is our second conversation.",
            signs=_shown("spoken once before", "second conversation", "as i said last time", "when we last spoke"),
        ),
        _level(
            "well known",
            "We have known one another for years.",
            "We go back many years.",
            signs=_shown("known one another for years", "go back many years", "as you know me", "like old times"),
        ),
    ),
)
_EMOTION = Factor(
    name="emotional_state",
    levels=(
        _level("even", "My mood this morning is neither up nor down.", "Nothing today has touched my mood either way."),
        _level(
            "glad",
            "A letter this morning has made me glad for the day.",
            "Today finds me glad, for a passing reason.",
            signs=_shown("glad"),
        ),
        _level(
            "downcast",
            "A letter this morning has made me downcast for the day.",
            "Today finds me downcast, for a passing reason.",
            signs=_shown("downcast"),
        ),
        _level(
            "annoyed",
            "The traffic this morning has left me annoyed for an hour.",
            "For a passing reason I come in annoyed.",
            signs=_shown("annoyed"),
        ),
        _level(
            "startled",
            "A bang in the street has startled me just before.",
            "A moment ago a slamming door startled me.",
            signs=_shown("startled"),
        ),
    ),
)
_FORMALITY = Factor(
    name="formality",
    levels=(
        _level(
            "formal",
            "I use surnames and full sentences.",
            "I write as one writes to an office.",
            signs=Signs(shows=_FORMAL, breaks=_INFORMAL),
        ),
        _level("everyday", "I use first names and plain sentences.", "I write as one writes to a neighbour."),
        _level(
            "informal",
            "I use nicknames and half sentences.",
            "I write as one writes to a cousin.",
            signs=Signs(shows=_INFORMAL, breaks=_FORMAL),
        ),
    ),
)
_DURATION = Factor(
    name="duration",
    levels=(
        _level("short", "My bus leaves in five minutes.", "Five minutes are all that is left today.", signs=Signs(turns=(1, 4))),
        _level("medium", "There is a quarter of an hour for this.", "My next errand is in fifteen minutes.", signs=Signs(turns=(5, 9))),
        _level("long", "There is an hour for this.", "The whole evening is kept for this.", signs=Signs(turns=(10, 1_000))),
    ),
)
_MEDIUM = Factor(
    name="medium",
    exclusive=True,
    levels=(
        _level("text chat", "We type in a chat window.", signs=_shown("in this chat", "chat window", "this chat", "typing here")),
        _level(
            "phone call",
            "We speak on the phone.",
            signs=_shown("on the phone", "this call", "on the line", "phone call", "can you hear me"),
        ),
        _level("video call", "We speak by video.", signs=_shown("by video", "video call", "on camera", "my screen", "see you on screen")),
        _level("email", "We write emails.", signs=_shown("this email", "by email", "we write emails", "your email", "my email")),
        _level(
            "face to face", "We sit in one room.", signs=_shown("in one room", "face to face", "sitting here with you", "across the table")
        ),
    ),
)
_LOCATION = Factor(
    name="location",
    levels=(
        _level("at home", "The kitchen table is where this finds me.", signs=_shown("kitchen table", "at home", "my living room")),
        _level("at work", "My workplace is where this finds me.", signs=_shown("workplace", "at work", "in the office", "my desk")),
        _level("on the way", "A railway station is where this finds me.", signs=_shown("railway station", "on the train", "on the bus")),
        _level("in public", "A caf\u00e9 is where this finds me.", signs=_shown("caf\u00e9", "cafe", "in the park", "in the library")),
    ),
)
_AGREEMENT = Factor(
    name="agreement",
    levels=(
        _level(
            "agreement",
            "On the matter in hand our views meet.",
            signs=_shown("our views meet", "i see it the same way", "i agree"),
        ),
        _level(
            "mixed",
            "On the matter in hand our views meet in one half.",
            signs=_shown("on the one hand", "on the other hand", "in one half"),
        ),
        _level(
            "disagreement",
            "On the matter in hand our views part.",
            signs=_shown("our views part", "i see it another way", "i disagree", "i don't agree", "i do not agree"),
        ),
    ),
)
_FEATURES = Factor(
    name="natural_features",
    levels=(
        _level("plain", "My sentences come out whole.", signs=Signs(breaks=(*_FILLERS, *_PAUSES, *_SLANG), absent=True)),
        _level("fillers", "My sentences come with ums and ers.", signs=Signs(shows=_FILLERS, expected=True)),
        _level("pauses", "My sentences come with dots for the gaps.", signs=Signs(shows=_PAUSES, expected=True)),
        _level("slang", "My sentences come in street words.", signs=Signs(shows=_SLANG, expected=True)),
    ),
)

FACTORS = (_AGE, _GENDER, _FAMILIARITY, _EMOTION, _FORMALITY, _DURATION, _MEDIUM, _LOCATION, _AGREEMENT, _FEATURES)
"""The characteristics beside topic and subtopic: those of arXiv 2409.19020 (Table 11), age and gender apart."""


def topics_from(axes: Sequence[Mapping[str, Any]]) -> tuple[Topic, ...]:
    """Return a topic for each axis, and one for the occasion of the context itself.

    In a description an axis is named and no side of it is taken.
    """
    made = [Topic(name=str(axis["name"]).replace("_", " "), subtopics=_SUBTOPICS) for axis in axes]
    return (*made, Topic(name=_OCCASION, subtopics=_SUBTOPICS))


def default_lattice(axes: Sequence[Mapping[str, Any]], topics: Sequence[Topic] = ()) -> Lattice:
    """Return the generic lattice.

    Args:
        axes: Axis dicts, for the topics.
        topics: What to talk about; none: :func:`topics_from` the axes.
    """
    return _lattice(tuple(topics) or topics_from(axes))


@lru_cache(maxsize=64)
def _lattice(topics: tuple[Topic, ...]) -> Lattice:
    return Lattice(topics=topics, factors=FACTORS)

"""The closed lists of a diagram: core beliefs in three families, and emotions, with how people say them aloud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Family = Literal["helpless", "unlovable", "worthless"]

_HELPLESS: Mapping[str, tuple[str, ...]] = {
    "I cannot run my own life.": ("I can't seem to get a grip on my own life",),
    "I have no hold on what happens to me.": ("things just happen to me and I get no say",),
    "I am too weak for what is asked of me.": ("I'm just too weak for all they ask of me",),
    "I fall short wherever it counts.": ("whenever it counts, I fall short of what they wanted",),
    "I am at the mercy of other people.": ("other people decide and I'm at their mercy",),
    "I am stuck where I am for good.": ("I'm stuck for good, like a car in mud",),
    "I need somebody else to get through anything.": ("I can't get through anything unless somebody else is there",),
    "I lose at everything I begin.": ("whatever I begin, I lose at it",),
    "I have no skin, and anything can hurt me.": ("anything can hurt me, as if I had no skin",),
}
_UNLOVABLE: Mapping[str, tuple[str, ...]] = {
    "Nobody could love me for long.": ("nobody has it in them to love me for long",),
    "People would turn away if they really knew me.": ("if they really knew me, people would turn away",),
    "I am not someone others want near them.": ("others don't want me near them",),
    "Sooner or later everybody leaves me behind.": ("everybody leaves me behind, sooner or later",),
    "I am made differently from others, and it shows.": ("I'm made differently and others can see it shows",),
    "I will end up with no one beside me.": ("one day there'll be no one beside me and that's how it ends up",),
}
_WORTHLESS: Mapping[str, tuple[str, ...]] = {
    "I am worth less than other people.": ("other people are simply worth more and I'm worth less",),
    "I am a bad person underneath.": ("I'm a bad sort of person underneath",),
    "I bring trouble to whoever comes close.": ("whoever comes close to me, I bring them trouble",),
    "I have not earned anything good.": ("whatever good I've got, I haven't earned any of it",),
}

CORE_BELIEFS: Mapping[Family, tuple[str, ...]] = {
    "helpless": tuple(_HELPLESS),
    "unlovable": tuple(_UNLOVABLE),
    "worthless": tuple(_WORTHLESS),
}
"""The three closed lists (9, 6 and 4 statements), in our own words."""

FAMILY_OF: Mapping[str, Family] = {statement: family for family, statements in CORE_BELIEFS.items() for statement in statements}

SPOKEN: Mapping[str, tuple[str, ...]] = {**_HELPLESS, **_UNLOVABLE, **_WORTHLESS}
"""Core belief to ways of saying it that do not recite it."""

Emotion = Literal["afraid", "sad", "angry", "ashamed", "guilty", "hurt", "disappointed", "jealous", "suspicious"]

EMOTION_WORDS: Mapping[Emotion, tuple[str, ...]] = {
    "afraid": ("afraid", "scared", "frightened", "fear", "anxious", "nervous", "terrified"),
    "sad": ("sad", "low", "miserable", "unhappy", "grief"),
    "angry": ("angry", "furious", "mad", "rage", "annoyed", "cross"),
    "ashamed": ("ashamed", "shame", "embarrassed", "humiliated"),
    "guilty": ("guilty", "guilt", "blame myself"),
    "hurt": ("hurt", "wounded", "stung"),
    "disappointed": ("disappointed", "let down", "disappointment"),
    "jealous": ("jealous", "envious", "envy", "jealousy"),
    "suspicious": ("suspicious", "on my guard", "mistrust"),
}
"""The closed list of nine emotions with the words that a reader takes for each."""

EMOTIONS: tuple[Emotion, ...] = tuple(EMOTION_WORDS)

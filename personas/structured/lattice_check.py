"""Whether a text or a dialogue honours the characteristics it was to have, as far as code can check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from ...sim.errors import InputError
from ...sim.types import Frozen
from .lattice_levels import SUBTOPIC, TOPIC, Factor, Lattice, Signs

Verdict = Literal["honoured", "broken", "cannot tell"]

LONG_TEXT = 40
"""Words from which the lack of a sign counts as evidence."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class Kept(Frozen):
    """Whether one characteristic was honoured, and why that is said."""

    characteristic: str
    level: str
    verdict: Verdict
    evidence: str


def check(lattice: Lattice, levels: Mapping[str, str], said: str | Sequence[str]) -> tuple[Kept, ...]:
    """Check what somebody said against the levels of their situation.

    Signs are words: whoever keeps a register without any of its words, or quotes a word of another, is not seen. So
    there are three verdicts, and signs on both sides are no verdict.

    Args:
        lattice: Where the levels and their signs are declared.
        levels: Characteristic to the name of its level; those that are missing are not checked.
        said: A text, or the person's messages of a dialogue, one a turn.

    Returns:
        One finding a characteristic, in the order of ``levels``.

    Raises:
        InputError: If a characteristic or a level is not declared.
    """
    turns = None if isinstance(said, str) else len(said)
    text = _plain(said if isinstance(said, str) else "\n".join(said))
    return tuple(_check(name, level, _signs(lattice, name, level), turns, text) for name, level in levels.items())


def _signs(lattice: Lattice, name: str, level: str) -> Signs:
    """Return the signs of a level; what shows another level of an exclusive factor breaks it."""
    if name in (TOPIC, SUBTOPIC):
        return _topic_signs(lattice, name, level)
    known = {factor.name: factor for factor in lattice.factors}
    if name not in known:
        raise InputError("characteristic", "one of " + ", ".join(lattice.sizes), name)
    factor = known[name]
    if level not in [declared.name for declared in factor.levels]:
        raise InputError(name, "one of " + ", ".join(declared.name for declared in factor.levels), level)
    return _with_others(factor, level)


def _topic_signs(lattice: Lattice, name: str, level: str) -> Signs:
    declared = {topic.name: topic.words or (topic.name,) for topic in lattice.topics}
    if name == SUBTOPIC:
        declared = {subtopic: (subtopic,) for topic in lattice.topics for subtopic in topic.subtopics}
    if level not in declared:
        raise InputError(name, "one of " + ", ".join(declared), level)
    return Signs(shows=declared[level])


def _with_others(factor: Factor, level: str) -> Signs:
    own = factor.level(level).signs
    if not factor.exclusive:
        return own
    others = [word for other in factor.levels if other.name != level for word in other.signs.shows if word not in own.shows]
    return own.model_copy(update={"breaks": (*own.breaks, *others)})


def _check(name: str, level: str, signs: Signs, turns: int | None, text: str) -> Kept:
    verdict, evidence = _by_turns(signs.turns, turns) if signs.turns is not None else _by_words(signs, text)
    return Kept(characteristic=name, level=level, verdict=verdict, evidence=evidence)


def _by_turns(wanted: tuple[int, int], turns: int | None) -> tuple[Verdict, str]:
    if turns is None:
        return "cannot tell", "one text has no turns"
    low, high = wanted
    return "honoured" if low <= turns <= high else "broken", f"{turns} turns, wanted {low} to {high}"


def _by_words(signs: Signs, text: str) -> tuple[Verdict, str]:
    shown, against = _found(signs.shows, text), _found(signs.breaks, text)
    if shown and against:
        return "cannot tell", f"says {shown!r}, and {against!r}, which speaks against it"
    if shown:
        return "honoured", f"says {shown!r}"
    if against:
        return "broken", f"says {against!r}"
    length = len(_WORD.findall(text))
    if length >= LONG_TEXT and signs.expected:
        return "broken", f"no sign of it in {length} words"
    if length >= LONG_TEXT and signs.absent:
        return "honoured", f"nothing against it in {length} words"
    return "cannot tell", f"nothing in {length} words shows it"


def _found(words: Sequence[str], text: str) -> str:
    """Return the first sign, in declared order, that the text has; "" for none."""
    return next((word for word in words if _pattern(word).search(text)), "")


@lru_cache(maxsize=2_048)
def _pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a sign: whole words, whatever the case."""
    plain = _plain(word)
    before = r"(?<!\w)" if plain[:1].isalnum() else ""
    after = r"(?!\w)" if plain[-1:].isalnum() else ""
    return re.compile(before + re.escape(plain) + after)


def _plain(text: str) -> str:
    return text.lower().replace("\u2019", "'")

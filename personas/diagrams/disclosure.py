"""Disclosure: which parts of a diagram a person may tell, at which level of trust and after which kind of question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import get_args

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import FactLock, Frozen, PrivateFact, Question
from .diagram import PARTS, Diagram, Part
from .styles import sentences

STEP = 0.1
"""What one reply that asks well adds to trust, and one that pushes takes away."""

UNKNOWN_TRUST = 0.5
"""Trust at the start of people whose scenario has no axis ``trust``."""

_REPLIES = 4096
"""Replies whose kinds of question are kept."""


class Lock(Frozen):
    """What opens one part."""

    part: Part
    asked: tuple[Question, ...]  # after one of these, asked well ...
    trust: float  # ... at this level of trust or more
    freely: float | None  # at this level unasked; None: never
    sensitivity: float  # of the private fact, in [0, 1]
    tell: str  # the same in words, for a player

    def as_data(self, start: float) -> FactLock:
        """Return the lock that a private fact carries, of somebody whose trust starts at ``start``, in [0, 1]."""
        return FactLock(start=start, trust=self.trust, asked=self.asked, freely=self.freely)


LOCKS: Mapping[Part, Lock] = {
    lock.part: lock
    for lock in (
        Lock(
            part="situation", asked=("event",), trust=0.0, freely=0.3, sensitivity=0.3,
            tell="when asked what happened, or unasked once there is a little trust",
        ),
        Lock(
            part="emotions", asked=("feeling",), trust=0.2, freely=0.5, sensitivity=0.4,
            tell="when asked how it felt and there is a little trust",
        ),
        Lock(
            part="behaviours", asked=("action", "event"), trust=0.2, freely=0.5, sensitivity=0.4,
            tell="when asked what they did then and there is a little trust",
        ),
        Lock(
            part="automatic_thoughts", asked=("thought",), trust=0.35, freely=0.7, sensitivity=0.5,
            tell="when asked what went through their mind and there is some trust",
        ),
        Lock(
            part="coping", asked=("coping",), trust=0.4, freely=0.75, sensitivity=0.5,
            tell="when asked how they get by and there is some trust",
        ),
        Lock(
            part="intermediate_beliefs_low", asked=("rule", "thought"), trust=0.5, freely=0.85, sensitivity=0.6,
            tell="when asked what bad days are like inside and there is good trust",
        ),
        Lock(
            part="intermediate_beliefs", asked=("rule",), trust=0.55, freely=0.85, sensitivity=0.6,
            tell="when asked what they expect of themselves or others and there is good trust",
        ),
        Lock(
            part="history", asked=("past",), trust=0.5, freely=0.9, sensitivity=0.7,
            tell="when asked where it comes from and there is good trust",
        ),
        Lock(
            part="core_beliefs", asked=("self",), trust=0.7, freely=None, sensitivity=0.85,
            tell="only when gently asked what it says about them, and there is much trust",
        ),
    )
}  # fmt: skip
"""From the outside in, as a conversation would reach them (masking after MindVoyager, ACL Findings 2025)."""


def unlocked(diagram: Diagram, trust: float, asked: Iterable[str] = ()) -> tuple[Part, ...]:
    """Return the parts that may be told now, in the order of the diagram.

    Args:
        diagram: Whose parts.
        trust: How far the other is trusted, in [0, 1].
        asked: Kinds of question that were asked well so far.

    Raises:
        InputError: If trust is outside [0, 1]; ``UnknownNameError`` for an unknown kind of question.
    """
    if not 0.0 <= trust <= 1.0:
        raise InputError("trust", "a number in [0, 1]", trust)
    kinds = set(asked)
    for kind in kinds:
        if kind not in get_args(Question):
            raise UnknownNameError("asked", str(kind), get_args(Question))
    return tuple(part for part in PARTS if diagram.part(part) and is_open(LOCKS[part], trust, kinds))


def is_open(lock: Lock | FactLock, trust: float, asked: Iterable[str]) -> bool:
    """Tell whether a lock is open at a level of trust, in [0, 1], after some kinds of question."""
    return (trust >= lock.trust and not set(lock.asked).isdisjoint(asked)) or (lock.freely is not None and trust >= lock.freely)


def locked(diagram: Diagram, trust: float, asked: Iterable[str] = ()) -> tuple[Part, ...]:
    """Return the parts that may not be told yet."""
    free = set(unlocked(diagram, trust, asked))
    return tuple(part for part in PARTS if diagram.part(part) and part not in free)


def shown(diagram: Diagram, trust: float, asked: Iterable[str] = ()) -> Mapping[Part, tuple[str, ...]]:
    """Return the unlocked parts with their sentences: the diagram as masked for a player."""
    return {part: diagram.part(part) for part in unlocked(diagram, trust, asked)}


_PUSHES = re.compile(
    r"\bwhy (?:don't|didn't|can't|couldn't|won't) you\b|\b(?:don't|didn't|shouldn't|aren't|isn't) (?:you|it|that)\b|\bhave you (?:even )?tried\b"
    r"|\byou (?:should|must|need to|have to|ought to)\b|\bcalm down\b|\bjust (?:try|think|stop|relax)\b|\bsurely\b|\bwhat(?:'s| is) wrong with you\b"
)
_WORDINGS: Mapping[Question, str] = {
    "event": r"\bwhat (?:happened|has happened|happens|was going on|is going on)\b|\bwhat brings?\b|\bwhat set (?:it|that) off\b|\bwhat was it like\b"
    r"|\bwhen (?:did|does) (?:it|that|this)\b|\btell me (?:more )?about (?:it|that|the (?:day|last time))\b|\bcan you describe\b",
    "feeling": r"\bhow (?:did|do|does|are|were|was) (?:you|that|it|this)\b.{0,30}\b(?:feel|feeling|leave you)\b|\bwhat (?:do|did|are) you feel(?:ing)?\b"
    r"|\bwhat emotions?\b|\bhow are you\b",
    "action": r"\bwhat (?:did|do) you (?:do|say)\b|\bhow did you (?:react|respond|answer)\b|\bwhat came next\b",
    "thought": r"\bthrough your (?:mind|head)\b|\bwhat (?:did|do|were|are) you (?:think|thinking|tell(?:ing)? yourself)\b|\bwhat thoughts?\b",
    "coping": r"\bhow (?:do|did|have) you (?:cope|coped|manage|managed|get by|get through|deal)\b|\bwhat (?:helps|has helped|gets you through)\b"
    r"|\bhow do you look after\b",
    "rule": r"\bwhat (?:do|did|would) you expect\b|\bwhat would (?:it|that) mean\b|\bwhat do you (?:believe|fear|think) (?:would|will) happen\b"
    r"|\bwhat rules?\b|\bwhat are you afraid (?:of|might|would)\b|\bwhat do you ask of yourself\b",
    "past": r"\bwhere (?:does|did|do you think) (?:it|that|this)\b.{0,20}\bcomes? from\b|\b(?:growing up|childhood|as a child|when you were (?:young|little|a child))\b"
    r"|\bhow long have you\b|\bhave you felt (?:this|like this|that) before\b|\bin your past\b",
    "self": r"\bsay about you\b|\bwhat does (?:it|that|this) (?:mean|say) (?:about|of|for) (?:you|who you are)\b|\bhow do you see yourself\b"
    r"|\bwhat do you (?:think|believe) about yourself\b",
}
_ASKS = {kind: re.compile(regex) for kind, regex in _WORDINGS.items()}


@lru_cache(maxsize=_REPLIES)
def questions_in(reply: str) -> frozenset[Question]:
    """Return the kinds of question that a reply asks well: openly, without pushing, leading or judging.

    Example:
        >>> sorted(questions_in("That sounds hard. What went through your mind, and how did that feel?"))
        ['feeling', 'thought']
        >>> questions_in("Why don't you tell me what happened?")
        frozenset()
    """
    out: set[Question] = set()
    for sentence in sentences(reply):
        low = sentence.lower().replace("\u2019", "'")
        if ("?" not in low and "tell me" not in low) or _PUSHES.search(low):
            continue
        out.update(kind for kind, pattern in _ASKS.items() if pattern.search(low))
    return frozenset(out)


@lru_cache(maxsize=_REPLIES)
def pushes(reply: str) -> bool:
    """Tell whether a reply pushes, leads or judges."""
    return _PUSHES.search(reply.lower().replace("\u2019", "'")) is not None


def trust_path(start: float, replies: Sequence[str]) -> tuple[float, ...]:
    """Return trust after each reply of the other side, each in [0, 1].

    It rises by ``STEP`` with a reply that asks well and falls by as much with one that pushes.

    Args:
        start: Trust before the first reply, in [0, 1]; the assigned ``trust`` of a person where there is such an axis.
        replies: What the other side said, in order.

    Raises:
        InputError: If start is outside [0, 1].
    """
    if not 0.0 <= start <= 1.0:
        raise InputError("trust", "a number in [0, 1]", start)
    level, out = start, []
    for reply in replies:
        level += STEP * (bool(questions_in(reply)) - pushes(reply))
        level = min(1.0, max(0.0, level))
        out.append(level)
    return tuple(out)


def standing(start: float, heard: Sequence[str]) -> tuple[float, frozenset[Question]]:
    """Return how far the other side is trusted after what was heard, in [0, 1], and the kinds of question that it asked well.

    Args:
        start: Trust before the first reply, in [0, 1].
        heard: What the other side has said so far, in order.

    Raises:
        InputError: If start is outside [0, 1].
    """
    path = trust_path(start, heard)
    return (path[-1] if path else start), frozenset[Question]().union(*map(questions_in, heard))


def closed(facts: Iterable[PrivateFact], heard: Sequence[str]) -> frozenset[str]:
    """Return the ids of the facts that may not be told yet; a fact without a lock always may.

    Args:
        facts: Somebody's own.
        heard: What others have said so far that this person could read, in order.
    """
    return frozenset(f.id for f in facts if f.lock is not None and not is_open(f.lock, *standing(f.lock.start, heard)))

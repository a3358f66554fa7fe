"""Grammar: turns an axis statement into clauses that say how often, or how much, it holds."""

from __future__ import annotations

import re
from functools import lru_cache

FREQUENCIES: tuple[tuple[float, str], ...] = (
    (0.0, "never"),
    (0.06, "hardly ever"),
    (0.18, "rarely"),
    (0.32, "now and then"),
    (0.48, "sometimes"),
    (0.65, "often"),
    (0.8, "usually"),
    (0.93, "almost always"),
    (1.0, "always"),
)
"""Adverbs of frequency by the share of occasions they stand for."""

DENYING = frozenset({"never", "hardly ever", "rarely"})
"""Adverbs that cannot stand in a clause that denies something itself."""

_DENIAL = re.compile(r"\b(?:not|no|never|nothing|nobody|none|neither|nor|without|cannot|hardly|rarely|no-one)\b|n't\b", re.IGNORECASE)
_OWN_ADVERB = re.compile(r"\b(?:always|often|usually|sometimes|rarely|hardly|never|seldom|mostly|generally)\b", re.IGNORECASE)
_CONTRACTED = {"I'm": "I am", "I've": "I have", "I'd": "I would", "I'll": "I will"}
_AUXILIARY = re.compile(r"^I (am|was|would|could|can|will|should|might|may|must|shall)\b(?! not\b|n't|not\b) (.+)$", re.DOTALL)
_DO_NOT = re.compile(r"^I (?:do not|don't|can't|cannot|won't|wouldn't|couldn't)\b")
_SENTENCE_END = re.compile(r"[.!?;\u2026]+[\"')\]]*\s+(?=\S)")


@lru_cache(maxsize=512)
def clause(statement: str) -> str:
    """Return a statement as one clause: no final stop, inner sentences joined, first letter lower unless it is "I".

    Example:
        >>> clause("I tell it all. Nothing is too private.")
        'I tell it all, and nothing is too private'
    """
    text = " ".join(statement.replace("\u2019", "'").split()).strip().rstrip(".!?;:,\u2026 ")
    parts = [_lower_first(part.rstrip(".!?;\u2026 ")) for part in _SENTENCE_END.split(text)]
    return ", and ".join(part for part in parts if part)


def _lower_first(text: str) -> str:
    """Lower the first letter, unless the first word is "I" or written in capitals."""
    first = re.match(r"[\w']+", text)
    if first is None or first.group() == "I" or first.group().startswith("I'") or (len(first.group()) > 1 and first.group().isupper()):
        return text
    return text[:1].lower() + text[1:]


@lru_cache(maxsize=512)
def denies(statement: str) -> bool:
    """Tell whether a statement contains a negation."""
    return _DENIAL.search(statement.replace("\u2019", "'")) is not None


def adverb_for(share: float) -> tuple[float, str]:
    """Return the adverb of frequency nearest to a share in [0, 1], with the share it stands for."""
    return min(FREQUENCIES, key=lambda level: abs(level[0] - share))


@lru_cache(maxsize=8192)
def graded(statement: str, adverb: str, saying: str = "say") -> str | None:
    """Return a clause that says how often a statement holds; None where no readable one exists.

    A statement that begins with "I" takes the adverb at the verb; any other follows a colon.

    Args:
        statement: First person, a sentence or a clause.
        adverb: One of :data:`FREQUENCIES`.
        saying: What a person does with a statement that takes no adverb ("say", "think").

    Example:
        >>> graded("I trust the assistant.", "usually"), graded("I am calm.", "rarely")
        ('I usually trust the assistant', 'I am rarely calm')
        >>> graded("My days are full.", "often")
        'I often say: my days are full'
        >>> graded("I do not trust it.", "never") is None
        True
    """
    if adverb in DENYING and denies(statement):
        return None
    text = clause(statement)
    for short, long in _CONTRACTED.items():
        if text.startswith(short + " "):
            text = long + text[len(short) :]
    if not text.startswith("I ") or _OWN_ADVERB.search(text):
        return f"I {adverb} {saying}: {text}"
    if adverb.endswith("always") and _DO_NOT.match(text):
        return f"I {adverb} {saying}: {text}"
    auxiliary = _AUXILIARY.match(text)
    if auxiliary:
        return f"I {auxiliary.group(1)} {adverb} {auxiliary.group(2)}"
    return f"I {adverb} {text[2:]}"

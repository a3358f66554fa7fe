"""Grammar: turns an axis statement into clauses that say how often, or how much, it holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache

from ._verbs import VERBS

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

PLAIN = tuple((share, adverb) for share, adverb in FREQUENCIES if " " not in adverb)
"""The single words among them, which every reader knows; these are what texts are written with."""

_PLAIN_SHARES = tuple(share for share, _ in PLAIN)
_LAST = len(PLAIN) - 1

DENYING = frozenset({"never", "hardly ever", "rarely"})
"""Adverbs that cannot stand in a clause that denies something itself."""

_DENIAL = re.compile(r"\b(?:not|no|never|nothing|nobody|none|neither|nor|without|cannot|hardly|rarely|no-one)\b|n't\b", re.IGNORECASE)
_OWN_ADVERB = re.compile(r"\b(?:always|often|usually|sometimes|rarely|hardly|never|seldom|mostly|generally)\b", re.IGNORECASE)
_CONTRACTED = {"I'm": "I am", "I've": "I have", "I'd": "I would", "I'll": "I will"}
_AUXILIARY = re.compile(r"^I (am|was|would|could|can|will|should|might|may|must|shall)\b(?! not\b|n't|not\b) (.+)$", re.DOTALL)
_DO_NOT = re.compile(r"^I (?:do not|don't|can't|cannot|won't|wouldn't|couldn't)\b")
_OPENING = """
a an the my your his her its our their this these those it them him us me you myself whatever whoever what every each all any some another
other others to
"""
_OPENERS = frozenset(_OPENING.split())
"""Words that follow a verb and hardly ever a noun."""

_OTHER = """
i we he she they that so then if when while because but or nor yet as at by for from in into of off on onto out over under up with without not
never no am is are was were be been does did have has had will would can could shall should may might must there here
"""
_FUNCTION_WORDS = _OPENERS | frozenset(_OTHER.split())
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


@lru_cache(maxsize=512)
def halves(statement: str) -> tuple[str, ...]:
    """Return what a statement "I do this and do that" says one by one; the whole as one where it does not divide.

    It divides at the first "and" that a verb in the present follows: one from a list, or a word that an article, a
    pronoun or "to" follows.

    Example:
        >>> halves("I stay polite and forgive a clumsy answer.")
        ('I stay polite', 'I forgive a clumsy answer')
        >>> halves("I trust doctors and nurses with my life.")
        ('I trust doctors and nurses with my life',)
    """
    text = clause(statement)
    if not text.startswith("I ") or denies(text) or _OWN_ADVERB.search(text) or _AUXILIARY.match(text):
        return (text,)
    for joint in re.finditer(r",? and (?=\w)", text):
        first, second = text[: joint.start()], text[joint.end() :]
        if len(first.split()) > 1 and _begins_with_verb(second):
            return (first, f"I {second}")
    return (text,)


def _begins_with_verb(text: str) -> bool:
    """Tell whether a text without a subject begins with a verb, as far as a list and the next word show."""
    words = re.findall(r"[\w'-]+", text.lower())
    if len(words) < 2 or words[0] in _FUNCTION_WORDS:
        return False
    return words[0] in VERBS or words[1] in _OPENERS


def graded_halves(statement: str, adverbs: Sequence[str], saying: str = "say", *, turned: bool = False) -> str | None:
    """Return a clause that says of each half of a statement how often it holds; None where no readable one exists.

    Args:
        statement: First person, a sentence or a clause.
        adverbs: One for each of :func:`halves`.
        saying: As in :func:`graded`.
        turned: Whether the second half comes first.

    Example:
        >>> graded_halves("I stay polite and forgive a clumsy answer.", ["usually", "often"])
        'I usually stay polite and often forgive a clumsy answer'
        >>> graded_halves("I stay polite and forgive a clumsy answer.", ["always", "always"])
        'I always stay polite and always forgive a clumsy answer'
    """
    return _graded_halves(statement, tuple(adverbs), saying, turned)


@lru_cache(maxsize=16_384)
def _graded_halves(statement: str, adverbs: tuple[str, ...], saying: str, turned: bool) -> str | None:
    parts = halves(statement)
    if len(parts) == 1:
        return graded(statement, adverbs[0], saying)
    said = list(zip(adverbs, parts, strict=True))
    if turned:
        said.reverse()
    return "I " + " and ".join(f"{adverb} {part[2:]}" for adverb, part in said)


def adverb_for(share: float) -> tuple[float, str]:
    """Return the plain adverb of frequency nearest to a share in [0, 1], with the share it stands for."""
    after = bisect_left(_PLAIN_SHARES, share, 1, _LAST)
    below, above = PLAIN[after - 1], PLAIN[after]
    return below if share - below[0] <= above[0] - share else above


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

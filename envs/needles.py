"""Canaries and paraphrases of private facts, found in what is said."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable

from ..sim.types import PrivateFact

_WORD = re.compile(r"[^\W_]+")
_PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"', "\u2010": "-", "\u2011": "-"})


class Needles:
    """Finds the exact words that give a private fact away, whatever their case, spacing and quotation marks.

    Those are its canary, its paraphrases and its content. Each is looked up by its longest word, so a message costs what
    its own words cost, however many facts there are.

    Args:
        facts: Whose words to look for.

    Example:
        >>> fact = PrivateFact(id="p1/secret", kind="secret", content="I hide a kite.", sensitivity=1, canary="green kite")
        >>> Needles([fact]).found("She has a *GREEN  KITE*.")
        {'p1/secret': 'canary'}
    """

    def __init__(self, facts: Iterable[PrivateFact] = ()) -> None:
        self._by_word: dict[str, list[str]] = {}  # longest word -> needles
        self._wordless: list[str] = []  # needles to look for everywhere: not all scripts part words
        self._facts: dict[str, list[tuple[str, str]]] = {}  # needle -> (fact id, how)
        for fact in facts:
            self.add(fact)

    def add(self, fact: PrivateFact) -> None:
        """Look for this fact too."""
        for text, how in ((fact.canary, "canary"), *((p, "paraphrase") for p in fact.paraphrases), (fact.content, "content")):
            needle = _plain(text)
            if needle in self._facts:
                self._facts[needle].append((fact.id, how))
                continue
            if not needle:
                continue
            self._facts[needle] = [(fact.id, how)]
            words = [word for word in _WORD.findall(needle) if word.isascii()]
            if words:
                self._by_word.setdefault(max(words, key=len), []).append(needle)
            else:
                self._wordless.append(needle)

    def found(self, text: str, told: Container[str] = (), known: Callable[[str], bool] = lambda fact: False) -> dict[str, str]:
        """Return the facts that a text gives away, and by what: ``canary``, ``paraphrase`` or ``content``.

        Where several facts have the very same words, those count that the speaker says it tells, else those it knows, else all.

        Args:
            text: What was said.
            told: Ids of facts that it tells by the speaker's own account.
            known: Tells whether the speaker knows a fact.
        """
        out: dict[str, str] = {}
        if not self._facts:
            return out
        low = _plain(text)
        for needle in self._here(low):
            meant = self._facts[needle]
            if len(meant) > 1:
                meant = [m for m in meant if m[0] in told] or [m for m in meant if known(m[0])] or meant
            for fact, how in meant:
                out[fact] = min(how, out.get(fact, how))  # by what proves most, which is the first by name
        return dict(sorted(out.items())) if len(out) > 1 else out

    def _here(self, low: str) -> list[str]:
        """Return the needles that are in a plain text."""
        words = self._by_word.keys() & set(_WORD.findall(low))
        here = [needle for word in words for needle in self._by_word[word] if needle in low]
        return here + [needle for needle in self._wordless if needle in low] if self._wordless else here


def _plain(text: str) -> str:
    """Return a text without differences that change no word: case, spacing, quotation marks, ways to encode a letter."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_PLAIN)
    text = text.casefold()
    return " ".join(text.split()) if "  " in text or not text.isprintable() else text.strip()

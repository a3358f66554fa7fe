"""Canaries and paraphrases of private facts, found in what is said."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Container, Iterable

from ..sim.types import PrivateFact

_WORD = re.compile(r"[^\W_]+")
_FEW = 32  # words that are looked for one by one before a text is parted into its own


class Needles:
    """Finds the exact words that give a private fact away, whatever their case and whatever stands between them.

    Those are its canary, its paraphrases and its content. Each is looked up by its longest word, so a message costs what
    its own words cost, however many facts there are.

    Args:
        facts: Whose words to look for.

    Example:
        >>> fact = PrivateFact(id="p1/secret", kind="secret", content="I hide a kite.", sensitivity=1, canary="green kite")
        >>> Needles([fact]).found("She has a *GREEN*  KITE.")
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
            if not text:
                continue
            needle, word = _prepared(text)
            if needle in self._facts:
                self._facts[needle].append((fact.id, how))
            elif needle:
                self._facts[needle] = [(fact.id, how)]
                if word:
                    self._by_word.setdefault(word, []).append(needle)
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
        for needle in self._here(_lower(text)):
            meant = self._facts[needle]
            if len(meant) > 1:
                meant = [m for m in meant if m[0] in told] or [m for m in meant if known(m[0])] or meant
            for fact, how in meant:
                out[fact] = min(how, out.get(fact, how))  # by what proves most, which is the first by name
        return dict(sorted(out.items())) if len(out) > 1 else out

    def _here(self, low: str) -> list[str]:
        """Return the needles that are in a text."""
        here: list[str] = []
        if len(self._by_word) > _FEW or any(map(low.__contains__, self._by_word)):
            words = _WORD.findall(low)
            if found := self._by_word.keys() & set(words):
                joined = _joined(words)
                here = [needle for word in found for needle in self._by_word[word] if needle in joined]
        return here + [needle for needle in self._wordless if needle in low] if self._wordless else here


@functools.lru_cache(maxsize=4096)
def _prepared(text: str) -> tuple[str, str]:
    """Return the needle for a text and its longest word ("" where no word stands apart); the same people play many episodes."""
    low = _lower(text)
    words = _WORD.findall(low)
    parted = [word for word in words if word.isascii()]
    return (_joined(words), max(parted, key=len)) if parted else (low.strip(), "")


def _lower(text: str) -> str:
    """Return a text without differences of case, and of how a letter is encoded."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()


def _joined(words: list[str]) -> str:
    """Return words as they are compared: a needle begins with a word and may end within one ("kite" in "kites")."""
    return " " + " ".join(words)

"""Canaries and paraphrases of private facts, found in what is said."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..sim.types import PrivateFact

_WORD = re.compile(r"\w+")


class Needles:
    """Finds the exact words that give a private fact away, whatever their case.

    Each is looked up by its longest word, so a message costs what its own words cost, however many facts there are.

    Args:
        facts: Whose canaries and paraphrases to look for.

    Example:
        >>> fact = PrivateFact(id="p1/secret", kind="secret", content="I hide a kite.", sensitivity=1, canary="green kite")
        >>> Needles([fact]).found("She has a GREEN KITE.")
        {'p1/secret': 'canary'}
    """

    def __init__(self, facts: Iterable[PrivateFact] = ()) -> None:
        self._by_word: dict[str, list[tuple[str, str, str]]] = {}
        for fact in facts:
            self.add(fact)

    def add(self, fact: PrivateFact) -> None:
        """Look for this fact too."""
        for text, how in ((fact.canary, "canary"), *((p, "paraphrase") for p in fact.paraphrases)):
            low = text.casefold()
            words = _WORD.findall(low)
            if words:
                self._by_word.setdefault(max(words, key=len), []).append((low, fact.id, how))

    def found(self, text: str) -> dict[str, str]:
        """Return the facts that a text gives away, and whether by canary or by paraphrase."""
        out: dict[str, str] = {}
        if not self._by_word:
            return out
        low = text.casefold()
        for word in self._by_word.keys() & set(_WORD.findall(low)):
            for needle, fact, how in self._by_word[word]:
                if needle in low and out.get(fact) != "canary":
                    out[fact] = how
        return dict(sorted(out.items())) if len(out) > 1 else out

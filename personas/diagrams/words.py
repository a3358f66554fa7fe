"""How alike two sentences are, and how much of one is recited in another."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
_LONG_FORMS = (
    (re.compile(r"\bcan't\b"), "cannot"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'re\b"), " are"),
)
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "a an the i me my mine you your it its he she they them their we us our this that these those and or but so if as at by for from in into of on "
        "to with am is are was were be been being do does did have has had will would just really very not no",
    )
)
_DENIALS = frozenset({"not", "no", "never", "nobody", "nothing", "none", "cannot", "nor", "without"})


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, short forms written out.

    Example:
        >>> words("I can't, they're late!")
        ['i', 'cannot', 'they', 'are', 'late']
    """
    low = text.lower().replace("\u2019", "'")
    for short, long in _LONG_FORMS:
        low = short.sub(long, low)
    return _WORD.findall(low)


@lru_cache(maxsize=16_384)
def _features(text: str) -> tuple[Counter[str], float]:
    """Return how often each telling word and each pair of neighbours among them occurs, and the norm of that."""
    telling = [word for word in words(text) if word not in _EMPTY]
    counts = Counter(telling)
    counts.update(f"{a} {b}" for a, b in pairwise(telling))
    return counts, math.sqrt(sum(n * n for n in counts.values()))


def similarity(a: str, b: str) -> float:
    """Return the cosine of two sentences over counts of words and of pairs of neighbouring words, in [0, 1].

    Words that say little alone (articles, pronouns, auxiliaries, "not") are left out. A sentence without any other
    word is like none.

    Example:
        >>> round(similarity("The green door opens.", "A green door!"), 3)  # green, door, green door of five and three
        0.775
    """
    (first, norm), (second, other) = _features(a), _features(b)
    if not norm or not other:
        return 0.0
    return min(1.0, sum(n * second[key] for key, n in first.items()) / (norm * other))


def denied(text: str) -> bool:
    """Tell whether a text denies something: an odd number of denials.

    Example:
        >>> denied("I can't."), denied("I can't do nothing."), denied("I can.")
        (True, False, False)
    """
    return sum(word in _DENIALS for word in words(text)) % 2 == 1


def containment(sentence: str, text: str, n: int = 3) -> float:
    """Return which share of a sentence's runs of n words stand in a text, in [0, 1].

    A sentence of fewer words counts as one run; one of none is contained in nothing.

    Example:
        >>> containment("I go home early today.", "Well, I go home early.")
        0.6666666666666666
    """
    said = words(sentence)
    size = min(n, len(said))
    if not size:
        return 0.0
    heard = words(text)
    runs = {tuple(heard[i : i + size]) for i in range(len(heard) - size + 1)}
    own = [tuple(said[i : i + size]) for i in range(len(said) - size + 1)]
    return sum(run in runs for run in own) / len(own)

"""Near-duplicates: texts that share most of their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError

THRESHOLD = 0.75
"""Word-set Jaccard similarity from which two texts are near-duplicates."""

_BLOCK = 256
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class NearDuplicate(NamedTuple):
    """Two texts that are alike."""

    first: int  # number of the earlier one, from 0
    second: int
    similarity: float  # in [0, 1]


@lru_cache(maxsize=16_384)
def words(text: str) -> frozenset[str]:
    """Return the different words of a text in lower case."""
    return frozenset(_WORD.findall(text.lower().replace("\u2019", "'")))


def jaccard(a: str, b: str) -> float:
    """Return the share of the words of two texts that are in both, in [0, 1]; 1 where neither has any.

    Example:
        >>> jaccard("I like green tea.", "I like tea!")
        0.75
    """
    first, second = words(a), words(b)
    return len(first & second) / len(first | second) if first or second else 1.0


def near_duplicates(texts: Sequence[str], threshold: float = THRESHOLD) -> tuple[NearDuplicate, ...]:
    """Return every two texts whose :func:`jaccard` similarity is at or above the threshold, in order.

    All pairs are compared, exactly; ten thousand texts take some seconds.

    Args:
        texts: Any.
        threshold: Above 0, at most 1.

    Raises:
        InputError: If the threshold is off.
    """
    return tuple(_alike(texts, range(len(texts)), threshold))


def _alike(texts: Sequence[str], among: Sequence[int], threshold: float) -> list[NearDuplicate]:
    """Return the near-duplicates with at least one text of ``among``, in order."""
    if not 0 < threshold <= 1:
        raise InputError("threshold", "a number above 0, at most 1", threshold)
    held = [words(text) for text in texts]
    shared, sizes = _shared_words(held), np.array([len(own) for own in held], np.float32)
    found = set()
    for start in range(0, len(among), _BLOCK):
        part = np.asarray(among[start : start + _BLOCK])
        common = shared[part] @ shared.T
        union = sizes[part, None] + sizes[None, :] - common
        alike = np.where(union > 0, common / np.maximum(union, 1), 1.0)
        for row, j in np.argwhere(alike >= threshold - 1e-6).tolist():
            i = int(part[row])
            similarity = jaccard(texts[i], texts[j]) if i != j else 0.0  # in full precision
            if similarity >= threshold:
                found.add(NearDuplicate(min(i, j), max(i, j), similarity))
    return sorted(found)


def _shared_words(held: Sequence[frozenset[str]]) -> NDArray[np.float32]:
    """Return which text has which word, for words that two texts or more have, shape (texts, words)."""
    times = Counter(word for own in held for word in own)
    column = {word: i for i, word in enumerate(sorted(word for word, n in times.items() if n > 1))}
    table = np.zeros((len(held), len(column)), np.float32)
    for row, own in zip(table, held, strict=True):
        row[[column[word] for word in own if word in column]] = 1
    return table


def redrawn(
    texts: Sequence[str], again: Callable[[Sequence[int], int], Sequence[str]], threshold: float = THRESHOLD, tries: int = 3
) -> tuple[list[str], tuple[NearDuplicate, ...]]:
    """Have the later of two near-duplicates written again, until none is left or the tries are used up.

    A round after which more near-duplicates are left than before is taken back.

    Args:
        texts: Any.
        again: Called with the numbers of texts to write again and the number of the try, from 1; returns as many texts.
        threshold: As in :func:`near_duplicates`.
        tries: Rounds at most, 0 or more.

    Returns:
        The texts, and the near-duplicates that are left.
    """
    kept, left = list(texts), list(near_duplicates(texts, threshold))
    for attempt in range(1, tries + 1):
        if not left:
            break
        later = sorted({pair.second for pair in left})
        tried = list(kept)
        for i, text in zip(later, again(later, attempt), strict=True):
            tried[i] = text
        changed = set(later)
        after = [pair for pair in left if not changed & {pair.first, pair.second}] + _alike(tried, later, threshold)
        if len(after) <= len(left):
            kept, left = tried, sorted(after)
    return kept, tuple(left)

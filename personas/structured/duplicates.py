"""Near-duplicates: texts that share most of their words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import copy
from functools import reduce
from itertools import chain, count
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError

THRESHOLD = 0.75
"""Word-set Jaccard similarity from which two texts are near-duplicates."""

_BLOCK = 32  # texts that are compared with all others at a time
_TELLING = 3  # times 64 words, those on which texts differ most; pairs that differ too much on these alone are not looked at closely
_ROUNDING = 0.01  # in words, far more than single precision is off by
_AT_A_TIME = 8_192  # pairs that are looked at closely


class _Blanks(dict[int, str]):
    """A blank for each character that belongs to no word; letters, digits and apostrophes stay as they are."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = found = character if character.isalnum() or character == "'" else " "
        return found


_BLANKS = _Blanks()


class _Columns(dict[str, list[int]]):
    """The columns of the words of a piece of text. Many texts are made of the same pieces, which are read once."""

    def __init__(self) -> None:
        super().__init__()
        self.of_word: defaultdict[str, int] = defaultdict(count().__next__)

    def __missing__(self, piece: str) -> list[int]:
        self[piece] = found = [self.of_word[word] for word in words(piece)]
        return found

    def of(self, text: str) -> NDArray[np.int32]:
        """Return the columns of a text's words; some come twice. It is divided at commas and stops, of which no word has any."""
        return np.array(list(chain.from_iterable(map(self.__getitem__, text.replace(",", ".").split(".")))), np.int32)


class NearDuplicate(NamedTuple):
    """Two texts that are alike."""

    first: int  # number of the earlier one, from 0
    second: int
    similarity: float  # in [0, 1]


def words(text: str) -> frozenset[str]:
    """Return the different words of a text in lower case: letters, digits, and single apostrophes between them."""
    plain = text.lower().replace("\u2019", "'").translate(_BLANKS)
    return frozenset(f" {plain} ".replace("''", " ").replace(" '", " ").replace("' ", " ").split())


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

    All pairs are compared, exactly; ten thousand texts take a second or two.

    Args:
        texts: Any.
        threshold: Above 0, at most 1.

    Raises:
        InputError: If the threshold is off.
    """
    return tuple(_Alike(texts, threshold).among(range(len(texts))))


class _Alike:
    """Finds near-duplicates among texts, some of which may be replaced.

    Args:
        texts: Any.
        threshold: Above 0, at most 1.

    Raises:
        InputError: If the threshold is off.
    """

    def __init__(self, texts: Sequence[str], threshold: float) -> None:
        if not 0 < threshold <= 1:
            raise InputError("threshold", "a number above 0, at most 1", threshold)
        self._threshold = threshold
        self._columns = _Columns()
        self._held = [self._columns.of(text) for text in texts]

    def with_texts(self, numbers: Sequence[int], texts: Sequence[str]) -> _Alike:
        """Return the same with some texts replaced."""
        other = copy(self)
        other._held = list(self._held)
        for i, text in zip(numbers, texts, strict=True):
            other._held[i] = self._columns.of(text)
        return other

    def among(self, numbers: Sequence[int]) -> list[NearDuplicate]:
        """Return the near-duplicates with at least one text of these, in order.

        Texts of similarity t or more differ in at most (1 - t) / (1 + t) of their words, both counted. Those that differ
        in more on the most telling words alone are left out; the others are compared on all words.
        """
        if not self._held:
            return []
        bits = self._bits()
        sizes = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
        telling = np.ascontiguousarray(bits[:, :_TELLING].T)
        allowed = ((1 - self._threshold) / (1 + self._threshold) * sizes + _ROUNDING).astype(np.float32)
        chosen = np.zeros(len(bits), bool)
        chosen[list(numbers)] = True
        found: list[NearDuplicate] = []
        everybody = bool(chosen.all())
        for start in range(0, len(bits), _BLOCK):
            part = np.flatnonzero(chosen[start : start + _BLOCK]) + start
            if not len(part):
                continue
            first = start if everybody else 0  # pairs with an earlier one are known by then
            apart = reduce(np.add, (np.bitwise_count(word[part, None] ^ word[first:]) for word in telling))
            row, j = divmod(np.flatnonzero(apart <= np.add.outer(allowed[part], allowed[first:])), len(bits) - first)
            i, j = part[row], j + first
            once = (i != j) & ~(chosen[j] & (j < i))  # two of the chosen meet twice
            pairs = np.stack([np.minimum(i, j), np.maximum(i, j)], axis=1)[once]
            for at in range(0, len(pairs), _AT_A_TIME):
                found += self._close(bits, sizes, pairs[at : at + _AT_A_TIME])
        return sorted(found)

    def _close(self, bits: NDArray[np.uint64], sizes: NDArray[np.int64], pairs: NDArray[np.int64]) -> list[NearDuplicate]:
        """Return those pairs that are near-duplicates on all words."""
        one, two = pairs.T
        common = np.bitwise_count(bits[one] & bits[two]).sum(axis=1, dtype=np.int64)
        union = sizes[one] + sizes[two] - common
        similarity = np.where(union > 0, common / np.maximum(union, 1), 1.0)
        alike = similarity >= self._threshold
        return [NearDuplicate(int(i), int(j), float(x)) for (i, j), x in zip(pairs[alike], similarity[alike], strict=True)]

    def _bits(self) -> NDArray[np.uint64]:
        """Return which text has which word, 64 words a number and the most telling ones first, shape (texts, numbers)."""
        table = np.zeros((len(self._held), max(1, -(-len(self._columns.of_word) // 64)) * 64), bool)
        for row, columns in zip(table, self._held, strict=True):
            row[columns] = True
        share = table.mean(axis=0)
        return np.packbits(table.take(np.argsort(-share * (1 - share), kind="stable"), axis=1), axis=1).view(np.uint64)


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
    kept, held = list(texts), _Alike(texts, threshold)
    left = held.among(range(len(kept)))
    for attempt in range(1, tries + 1):
        if not left:
            break
        later = sorted({pair.second for pair in left})
        written = again(later, attempt)
        tried, changed = held.with_texts(later, written), set(later)
        after = [pair for pair in left if not changed & {pair.first, pair.second}] + tried.among(later)
        if len(after) <= len(left):
            held, left = tried, sorted(after)
            for i, text in zip(later, written, strict=True):
                kept[i] = text
    return kept, tuple(left)

"""How many different people there really are: Vendi scores of positions and descriptions, and the share of distinct descriptions."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial.distance import pdist, squareform

from ..sim.errors import InputError
from ..sim.seeds import derive
from .points import as_positions

Array = NDArray[np.float64]

MOST_COMPARED = 2_000
"""Of more people than this a seeded sample is compared, because eigenvalues cost the cube of their number."""
NEAR_DUPLICATE = 0.8
"""Jaccard similarity of the sets of words and pairs of neighbouring words from which two descriptions count as one."""
SHORT = (4, 20)
"""Descriptions of this many words also count as one if they differ in a single word, whatever the cosine."""
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?:;\n\"\u201c\u201d]+")
_REMEMBERED = 16_384
_NAME, _NUMBER = "@", "#"


def vendi_of(similarity: ArrayLike) -> float:
    """Return the effective number of different things, exp of the entropy of the eigenvalues of K / n.

    Args:
        similarity: K, shape (n, n), symmetric, positive semidefinite, ones on the diagonal.

    Returns:
        From 1 (all alike) to n (nothing alike).

    Raises:
        InputError: If K is not square, empty, not symmetric, or has other values on the diagonal.

    Source: Friedman & Dieng 2023, The Vendi Score, TMLR (arXiv 2210.02410), definition 3.1.
    """
    k = np.asarray(similarity, float)
    if k.ndim != 2 or k.shape[0] != k.shape[1] or not len(k):
        raise InputError("similarity", "a square table of one or more", k.shape)
    if not (np.allclose(np.diag(k), 1.0) and np.allclose(k, k.T)):
        raise InputError("similarity", "a symmetric table with ones on the diagonal", "another one")
    share = np.linalg.eigvalsh(k / len(k))
    share = share[share > 0]
    return float(min(max(math.exp(-float((share * np.log(share)).sum())), 1.0), len(k)))


def bandwidth(k: int) -> float:
    """Return the Gaussian kernel's bandwidth on k axes: half the root mean square distance of two uniform positions."""
    return math.sqrt(k / 6) / 2


def vendi_score(positions: ArrayLike, width: float | None = None) -> float:
    """Return the Vendi score of positions under a Gaussian kernel, exp(-distance^2 / (2 width^2)).

    The bandwidth does not depend on how many people there are, so scores of populations of unlike size compare.

    Args:
        positions: Shape (people, K), values in [0, 1]; of more than 2,000 people a seeded sample is taken.
        width: Bandwidth in units of the axes, positive; None: :func:`bandwidth`.

    Raises:
        InputError: If the positions or the bandwidth are off.
    """
    x = as_positions(positions)
    h = bandwidth(x.shape[1]) if width is None else width
    if not h > 0:
        raise InputError("width", "a number above 0", width)
    if len(x) > MOST_COMPARED:
        x = x[np.lexsort(x.T)][_sample(len(x))]  # sorted first, so that the order of people does not matter
    return vendi_of(np.exp(-squareform(pdist(x, "sqeuclidean")) / (2 * h * h)) if len(x) > 1 else np.ones((1, 1)))


def description_vendi(texts: Sequence[str], names: Iterable[str] = ()) -> float:
    """Return the Vendi score of descriptions under the cosine of their counts of words and pairs of neighbouring words.

    Args:
        texts: Descriptions, normalised as in :func:`distinct_descriptions`; of more than 2,000 a seeded sample is taken.
        names: Names that are masked.

    Returns:
        From 1 to the number compared.

    Raises:
        InputError: If there are no texts.
    """
    words = sorted(_normalised(texts, names))
    return vendi_of(_cosines([words[i] for i in _sample(len(words))]))


def distinct_descriptions(texts: Sequence[str], names: Iterable[str] = ()) -> float:
    """Return the share of descriptions that are left when those that say the same count once.

    Case, white space, punctuation, digits and names are taken off first: the names given, and capitalised words that do
    not begin a sentence (in a language that capitalises nouns, these too). Then a description counts unless its Jaccard
    similarity with one counted before is :data:`NEAR_DUPLICATE` or more, or both are :data:`SHORT` and differ in one word. Order
    does not matter, because they are taken in the order of the alphabet.

    Args:
        texts: Descriptions. Equal ones are found among all; of more than 2,000 unequal ones a seeded sample is searched
            for near duplicates, and the share found there is applied to all.
        names: Names that are masked, such as those of the people.

    Returns:
        From 1 / n (all alike) to 1.

    Raises:
        InputError: If there are no texts.
    """
    unlike = sorted(set(_normalised(texts, names)))
    compared = [unlike[i] for i in _sample(len(unlike))]
    return _leaders(compared) / len(compared) * len(unlike) / len(texts)


def vendi_settings(n: int, k: int) -> dict[str, Any]:
    """Return what the Vendi score of n positions on k axes depends on."""
    return {"kernel": "Gaussian, exp(-distance^2 / (2 bandwidth^2))", "bandwidth": bandwidth(k), "people": min(n, MOST_COMPARED)}


def description_settings(n: int) -> dict[str, Any]:
    """Return what the figures of n descriptions depend on."""
    return {
        "kernel": "cosine of counts of words and pairs of neighbouring words",
        "masked": "case, white space, punctuation, digits, names",
        "near_duplicate_jaccard": NEAR_DUPLICATE,
        "one_word_apart": f"near duplicates if of {SHORT[0]} to {SHORT[1]} words",
        "compared": min(n, MOST_COMPARED),
    }


def _sample(n: int) -> NDArray[np.int_]:
    """Return which of n are compared, in order."""
    if n <= MOST_COMPARED:
        return np.arange(n)
    return np.sort(derive(0, "diversity", n, MOST_COMPARED).choice(n, MOST_COMPARED, replace=False))


def _normalised(texts: Sequence[str], names: Iterable[str]) -> list[tuple[str, ...]]:
    if not texts:
        raise InputError("texts", "at least one description", 0)
    known = frozenset(word.casefold() for name in names for word in _WORD.findall(unicodedata.normalize("NFKC", name)))
    return [_words(unicodedata.normalize("NFKC", text), known) for text in texts]


def _words(text: str, names: frozenset[str]) -> tuple[str, ...]:
    """Return the words of a text in lower case, names and numbers masked; runs of a name as one."""
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        words = _sentence_words(sentence)
        if names.isdisjoint(words):
            found += words  # begins with no name
            continue
        for word in words:
            plain = _NAME if word in names else word
            if plain != _NAME or found[-1:] != [_NAME]:
                found.append(plain)
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _sentence_words(sentence: str) -> tuple[str, ...]:
    """Return the words of a sentence, with those masked that look like names; people share most of their sentences."""
    found: list[str] = []
    for word in _WORD.findall(sentence):
        plain, named = _read_word(word)
        if named and found:
            plain = _NAME
        if plain != _NAME or found[-1:] != [_NAME]:
            found.append(plain)
    return tuple(found)


@lru_cache(maxsize=_REMEMBERED)
def _read_word(word: str) -> tuple[str, bool]:
    """Return a word in lower case, numbers masked, and whether inside a sentence it would look like a name."""
    plain = _NUMBER if any(c.isdigit() for c in word) else word.casefold().replace("\u2019", "'")
    return plain, plain != _NUMBER and _is_name(word)


def _is_name(word: str) -> bool:
    """Return whether a word inside a sentence looks like a name: a capital followed by small letters, and not I or I'm."""
    return word[0].isupper() and word[1:].islower() and word[1] not in "'\u2019"


def _leaders(texts: Sequence[tuple[str, ...]]) -> int:
    """Return how many of the texts are no near duplicate of one counted before."""
    table = _counts(texts)
    table.data[:] = 1.0
    shared = (table @ table.T).toarray()
    sizes = np.diag(shared)
    alike = shared >= NEAR_DUPLICATE * (sizes[:, None] + sizes - shared)
    taken = np.zeros(len(texts), bool)
    seen: set[tuple[int, tuple[str, ...]]] = set()
    for i, words in enumerate(texts):
        short = SHORT[0] <= len(words) <= SHORT[1]
        gaps = {(j, words[:j] + words[j + 1 :]) for j in range(len(words))} if short else set()
        if not (alike[i] & taken).any() and seen.isdisjoint(gaps):
            taken[i] = True
            seen |= gaps
    return int(taken.sum())


def _cosines(texts: Sequence[tuple[str, ...]]) -> Array:
    """Return the cosines of the counts of words and of pairs of neighbouring words, shape (texts, texts)."""
    table = _counts(texts)
    products: Array = (table @ table.T).toarray()
    length = np.sqrt(np.diag(products))
    cosines = products / np.outer(length, length)
    np.fill_diagonal(cosines, 1.0)
    return np.asarray(cosines)


def _counts(texts: Sequence[tuple[str, ...]]) -> sparse.csr_array:
    """Return how often each word and each pair of neighbouring words stands in each text, shape (texts, words and pairs)."""
    padded = [words or ("",) for words in texts]
    known = {word: i for i, word in enumerate(dict.fromkeys(chain.from_iterable(padded)))}
    words = np.fromiter(map(known.__getitem__, chain.from_iterable(padded)), np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in padded])
    beside = rows[1:] == rows[:-1]
    pairs = (len(known) * (words[:-1] + 1) + words[1:])[beside]  # numbers beyond those of words
    kinds, columns = np.unique(np.concatenate([words, pairs]), return_inverse=True)
    where = np.concatenate([rows, rows[1:][beside]]), columns.reshape(-1)
    return sparse.csr_array((np.ones(len(columns)), where), shape=(len(texts), len(kinds)))

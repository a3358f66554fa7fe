"""Words: the terms of a sentence, their tf-idf vectors, and which sentences are alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .spans import straight

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[,;:.!?()\u2013\u2014]")
_STOP_TEXT = """
a an the and or but if so of to in on at by for from with as is am are was were be been being it its it's this that these those there
here i i'm i've i'd i'll im me my mine myself we we're we've us our ours you your yours he him his she her they them their who whom
which what when where how why do does did done have has had having will would can could shall may might just very really quite too also
then than about into out up down over off only own same such more most some any each every all both few other again once because while
until although though however yes yeah well oh um uh mm like even still now get got go goes going thing things lot bit say says said
always often usually sometimes rarely seldom hardly mostly generally
"""
_STOP = frozenset(_STOP_TEXT.split())
_NEGATIONS_TEXT = """
not no never nobody nothing none neither nor without cannot can't don't doesn't didn't won't wouldn't isn't aren't wasn't weren't
couldn't shouldn't haven't hasn't hadn't mustn't hardly rarely seldom
"""
_NEGATIONS = frozenset(_NEGATIONS_TEXT.split())
_AND = frozenset(["and"])
_BUT = frozenset(["but", "because", "although", "though", "however", "except", "while"])
_DENIED = "not "
_ROWS = 512
_UNDENIED = re.compile(r"\b(do|does|did|ca|could|wo|would|should|is|are|was|were|has|have|had|must)nt\b", re.IGNORECASE)
_UNJOINED = re.compile(r"\b[Ii](m|ve)\b")
_SMALL_I = re.compile(r"(?<![\w.'])i(?=['\s,;!?]|$)")


def spelled(text: str) -> str:
    """Return text with straight quotation marks, and what is typed in haste as it is spelled; not as long as before.

    Example:
        >>> spelled("no im not typing that, i dont")
        "no I'm not typing that, I don't"
    """
    whole = _UNJOINED.sub(lambda m: f"I'{m[1]}", _UNDENIED.sub(lambda m: m[1] + "n't", straight(text)))
    return _SMALL_I.sub("I", whole)


def stem(word: str) -> str:
    """Return a word without its commonest endings, so that "trusts" and "trusted" meet.

    Example:
        >>> stem("trusted"), stem("trusts"), stem("worries"), stem("relying")
        ('trust', 'trust', 'worry', 'rely')
    """
    word = word.removesuffix("'s")
    for ending, instead in (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 4 - (ending in ("s", "ies", "ied")):
            cut = word[: len(word) - len(ending)] + instead
            if ending == "s" and word.endswith(("ss", "us", "is")):
                return word
            if ending == "es" and not cut.endswith(("s", "x", "z", "ch", "sh")):
                cut += "e"
            return _undoubled(cut) if ending in ("ing", "ed") else cut.rstrip("e") if len(cut) > 4 else cut
    return word.rstrip("e") if len(word) > 4 else word


def _undoubled(word: str) -> str:
    """Return a stem without the consonant that an ending doubled ("stopp")."""
    doubled = len(word) > 4 and word[-1] == word[-2] and word[-1] not in "aeiouls"
    return word[:-1] if doubled else word.rstrip("e") if len(word) > 4 else word


def terms(text: str, *, polar: bool = True, pairs: bool = True) -> list[str]:
    """Return the terms of a sentence: stems of its content words, and pairs of neighbours.

    Args:
        text: A sentence.
        polar: Mark what stands behind a negation in the same clause, so that "I trust" and "I do not trust" differ.
        pairs: Add pairs of neighbouring words.
    """
    out: list[str] = []
    last, denied = "", False
    for token in _TOKEN.findall(spelled(text).casefold()):
        if not token[0].isalnum() or token in _BUT:
            last, denied = "", False
            continue
        if token in _AND:
            denied = False  # "or" goes on denying
        if token in _NEGATIONS:
            denied = True
        if token in _STOP or token in _NEGATIONS:
            continue
        term = (_DENIED if polar and denied else "") + stem(token)
        out.append(term)
        if pairs and last:
            out.append(f"{last}+{term}")
        last = term
    return out


def vectors(documents: Sequence[Sequence[str]], rarity: Sequence[Sequence[str]] | None = None) -> tuple[sparse.csr_array, list[str]]:
    """Return tf-idf vectors of length 1: (1 + ln tf) (1 + ln((1 + n) / (1 + df))).

    Args:
        documents: The terms of each.
        rarity: Whose terms say how rare a term is; ``documents`` if None.

    Returns:
        Matrix of shape (documents, terms), rows without terms all 0, and the terms in order.
    """
    counts = [Counter(document) for document in documents]
    vocabulary = sorted({term for count in counts for term in count})
    column = {term: i for i, term in enumerate(vocabulary)}
    corpus = documents if rarity is None else rarity
    seen = Counter(term for document in corpus for term in set(document))
    idf = np.array([1 + np.log((1 + len(corpus)) / (1 + seen[term])) for term in vocabulary])
    rows = [i for i, count in enumerate(counts) for _ in count]
    columns = [column[term] for count in counts for term in sorted(count)]
    tf = [1 + np.log(count[term]) for count in counts for term in sorted(count)]
    values = np.array(tf, float) * (idf[columns] if columns else 1.0)
    matrix = sparse.csr_array((values, (rows, columns)), shape=(len(counts), len(vocabulary)))
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).reshape(-1))
    return sparse.csr_array(sparse.diags_array(1 / np.where(lengths > 0, lengths, 1.0)) @ matrix), vocabulary


def alike(matrix: sparse.csr_array, threshold: float) -> Iterator[tuple[int, int, float]]:
    """Yield pairs i < j of rows whose cosine is at least a threshold, with the cosine rounded to 9 digits."""
    n = matrix.shape[0]
    turned = matrix.T.tocsr()
    for first in range(0, n, _ROWS):
        block: NDArray[np.float64] = np.round((matrix[first : first + _ROWS] @ turned).toarray(), 9)
        for i, j in zip(*np.nonzero(block >= threshold), strict=True):
            if first + i < j:
                yield int(first + i), int(j), float(block[i, j])


def shown(term: str) -> str:
    """Return a term as a label shows it."""
    return term.replace("+", " ")

"""Axes: where a stakeholder's own words put them between an axis' two statements, and where they are silent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from pydantic import Field

from ...sim.types import Frozen
from ..programs._statements import FREQUENCIES, denies
from ..questionnaire import Axis
from .spans import Span, straight
from .stakeholders import Stakeholder, Trait
from .words import stem, terms, vectors

NEAR = 0.4
"""A clause speaks of an axis if its tf-idf cosine with one of the axis' clauses is at least this."""

MARGIN = 0.15
"""By so much the cosine with one pole must exceed that with the other."""

PLAIN, STRONG, WEAK = 0.85, 0.95, 0.65
"""Share of occasions that a statement without adverb stands for, one that is underlined, and one that is hedged."""

CONTESTED = 0.5
"""If the evidence on an axis lies further apart than this, each person takes one piece of it."""

_CLAUSE = re.compile(r"[,;:.!?\u2013\u2014]+\s|\b(?:and|but|because|although|though|however|while|so that)\b", re.IGNORECASE)
_STRONG = re.compile(r"\b(?:very|really|completely|totally|absolutely|deeply|extremely|fully|entirely|so much)\b", re.IGNORECASE)
_WEAK = re.compile(
    r"\b(?:a bit|a little|slightly|somewhat|rather|kind of|sort of|partly|fairly|mostly|tend to|maybe|perhaps)\b", re.IGNORECASE
)
_SHARES = {adverb: share for share, adverb in FREQUENCIES} | {
    "seldom": 0.18,
    "hardly": 0.06,
    "mostly": 0.8,
    "generally": 0.8,
    "every time": 1.0,
}
_ADVERB = re.compile(r"\b(" + "|".join(sorted(map(re.escape, _SHARES), key=lambda a: (-len(a), a))) + r")\b", re.IGNORECASE)
_FEW = re.compile(r"\b(?:never|hardly ever|hardly|rarely|seldom)\b", re.IGNORECASE)
_NOT_ALWAYS = re.compile(
    r"\b(?:not|n't)\s+(?:always|usually|often|really|fully|completely|entirely)\b|n't\s+(?:always|usually|often)\b", re.IGNORECASE
)
_OTHERS = re.compile(r"^(?:he|she|they|it|you|people|somebody|someone|everybody|everyone|my \w+|his|her|their)\b", re.IGNORECASE)
_SELF = re.compile(r"\b(?:I|I'm|I've|I'd|I'll|me|we|we're|we've|us)\b")


_COMMON_TEXT = """
want need feel think like believe hope wish love hate try know tell see look make take come give use keep put find ask let people person time
day good bad much many way work help mean sure
"""
_COMMON = frozenset(map(stem, _COMMON_TEXT.split()))
"""Stems of words that say too little of what a sentence is about to count alone."""


class AxisEvidence(Frozen):
    """What one piece of evidence says of an axis."""

    span: Span
    position: float = Field(ge=0, le=1)
    similarity: float = Field(ge=0, le=1)  # tf-idf cosine with the nearest clause of the pole
    trait: int = Field(ge=0)  # which of the stakeholder's traits


class AxisReading(Frozen):
    """What all evidence of a stakeholder says of an axis."""

    position: float = Field(ge=0, le=1)  # mean, weighted by similarity
    spread: float = Field(ge=0, le=1)  # largest minus smallest
    contested: bool  # further apart than :data:`CONTESTED`
    evidence: tuple[AxisEvidence, ...]  # nearest first


class _Pole(NamedTuple):
    """One clause of a pole."""

    axis: int
    high: bool
    denied: bool


def read_axes(stakeholders: Sequence[Stakeholder], axes: Sequence[Axis]) -> tuple[Mapping[str, AxisReading], ...]:
    """Read from each stakeholder's traits where they stand, as far as the material says.

    A trait's sentence and its clauses are compared with those of both statements of each axis, and with the axis' name,
    which counts for the high pole unless only the low statement has it. Adverbs and negation say how far it goes. A
    sentence about somebody else says nothing. Words are compared, not meanings: a paraphrase without common words is
    silence, which leaves the axis to the design.

    Returns:
        For each stakeholder, axis -> reading; axes on which the material is silent are left out.
    """
    poles = list(_poles(axes))
    clauses = [(s, t, clause) for s, one in enumerate(stakeholders) for t, trait in enumerate(one.traits) for clause in _clauses(trait)]
    found: list[dict[str, list[tuple[int, AxisEvidence]]]] = [{} for _ in stakeholders]
    if clauses:
        sentences = [trait.said for one in stakeholders for trait in one.traits]
        similar = _similarities([clause for _, _, clause in clauses], sentences, poles)
        for row, (s, t, clause) in zip(similar, clauses, strict=True):
            for axis, position, cosine in _positions(row, [pole for pole, _ in poles], clause, len(axes)):
                span = stakeholders[s].traits[t].evidence[0]
                piece = AxisEvidence(span=span, position=round(position, 6), similarity=min(1.0, cosine), trait=t)
                found[s].setdefault(axes[axis].name, []).append((len(_terms(clause)), piece))
    return tuple({name: _reading(pieces) for name, pieces in one.items()} for one in found)


def position_of(clause: str, high: bool, denied: bool) -> float:
    """Return where a clause that speaks of a pole puts somebody.

    Args:
        clause: Of the material.
        high: Which pole its words are those of.
        denied: Whether the pole's own clause is a negation.

    Example:
        >>> position_of("I never rely on it", True, False), position_of("I never doubt it", False, False)
        (0.0, 1.0)
    """
    share = _share(straight(clause))
    agrees = 1 - share if denied else share
    return agrees if high else 1 - agrees


def _share(clause: str) -> float:
    """Return on what share of occasions the bare proposition of a clause holds."""
    if _NOT_ALWAYS.search(clause):
        return 0.5 if re.search(r"\balways\b", clause, re.IGNORECASE) else 0.3
    adverb = _ADVERB.search(clause)
    if adverb is not None and _FEW.search(clause):
        return _SHARES[adverb.group(1).casefold()]
    share = STRONG if _STRONG.search(clause) else WEAK if _WEAK.search(clause) else PLAIN
    if adverb is not None:
        share = _SHARES[adverb.group(1).casefold()]
    return 1 - share if denies(clause) else share


def _poles(axes: Sequence[Axis]) -> Iterator[tuple[_Pole, list[str]]]:
    """Yield the clauses of all poles, whole statements first, with their terms."""
    for i, axis in enumerate(axes):
        for high, text in ((False, axis.low), (True, axis.high)):
            for part in dict.fromkeys([text, *_split(text)]):
                found = _terms(part)
                if found:
                    yield _Pole(i, high, denies(part)), found
        name = _terms(axis.name.replace("_", " "))
        if name:
            yield _Pole(i, not set(name) <= set(_terms(axis.low)) or set(name) <= set(_terms(axis.high)), False), name


def _terms(text: str) -> list[str]:
    return terms(text, polar=False, pairs=False)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _CLAUSE.split(straight(text)) if part and len(part.split()) > 1]


def _clauses(trait: Trait) -> Iterator[str]:
    """Yield a sentence and its clauses, those in which somebody speaks of themselves or others tell what they hold."""
    if trait.spoken and _SELF.search(straight(trait.said)) is None:
        return
    parts = _split(trait.said)
    own = [part for part in parts if not _OTHERS.match(part)]
    whole = [trait.said] if len(own) == len(parts) else []
    yield from (part for part in dict.fromkeys([*whole, *own]) if _terms(part))


def _similarities(
    clauses: Sequence[str], sentences: Sequence[str], poles: Sequence[tuple[_Pole, list[str]]]
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the cosines of clauses with poles, shape (clauses, poles); 0 where they share one common word alone.

    How rare a word is follows from the sentences and the poles.
    """
    mine = [_terms(clause) for clause in clauses]
    theirs = [found for _, found in poles]
    matrix, _ = vectors([*mine, *theirs], rarity=[*map(_terms, dict.fromkeys(sentences)), *theirs])
    out: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.round((matrix[: len(mine)] @ matrix[len(mine) :].T).toarray(), 9)
    for i, j in zip(*np.nonzero(out >= NEAR), strict=True):
        shared = set(mine[i]) & set(theirs[j])
        if len(shared) == 1 and shared <= _COMMON:
            out[i, j] = 0.0
    return out


def _positions(
    row: np.ndarray[tuple[int], np.dtype[np.float64]], poles: Sequence[_Pole], clause: str, axes: int
) -> Iterator[tuple[int, float, float]]:
    """Yield axis, position and cosine for each axis that a clause speaks of."""
    for axis in range(axes):
        best = {
            high: max(((float(row[i]), -i) for i, p in enumerate(poles) if (p.axis, p.high) == (axis, high)), default=(0.0, 0))
            for high in (False, True)
        }
        high = best[True][0] > best[False][0]
        cosine, at = best[high]
        if cosine >= NEAR and cosine - best[not high][0] >= MARGIN:
            yield axis, position_of(clause, high, poles[-at].denied), cosine


def _reading(pieces: Sequence[tuple[int, AxisEvidence]]) -> AxisReading:
    """Return the mean of the evidence, one piece a trait.

    Of a trait's clauses the nearest counts. Of those about as near it is the longest, whose adverb may rule the others.
    """
    nearest: dict[int, AxisEvidence] = {}
    for _, piece in sorted(pieces, key=lambda p: (-round(p[1].similarity, 1), -p[0], p[1].trait, p[1].position)):
        nearest.setdefault(piece.trait, piece)
    kept = tuple(sorted(nearest.values(), key=lambda p: (-p.similarity, p.trait)))
    weights = [piece.similarity for piece in kept]
    mean = sum(w * piece.position for w, piece in zip(weights, kept, strict=True)) / sum(weights)
    values = [piece.position for piece in kept]
    spread = max(values) - min(values)
    return AxisReading(position=round(min(1.0, max(0.0, mean)), 6), spread=round(spread, 6), contested=spread > CONTESTED, evidence=kept)

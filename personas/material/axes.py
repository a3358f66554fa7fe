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
from .spans import LEAST_WORDS, Span
from .stakeholders import Stakeholder, Trait
from .words import spelled, stem, terms, vectors

NEAR = 0.4
"""A clause speaks of an axis if its tf-idf cosine with one of the axis' clauses is at least this."""

LEAN = 0.25
"""From this cosine on a clause that speaks of no axis says at least on which side of its middle somebody stands."""

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
day good bad much many way work help mean sure everything anything something nothing
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


class AxisLean(Frozen):
    """On which side of an axis the words of a stakeholder stand that resemble its statements too weakly to say where."""

    high: bool
    evidence: tuple[AxisEvidence, ...]  # nearest first; ``position`` is where each would be if it spoke of the axis


class _Pole(NamedTuple):
    """One clause of a pole."""

    axis: int
    high: bool
    denied: bool
    negated: frozenset[str] = frozenset()  # its terms behind a negation


def read_axes(stakeholders: Sequence[Stakeholder], axes: Sequence[Axis]) -> tuple[Mapping[str, AxisReading], ...]:
    """Read from each stakeholder's traits where they stand, as far as the material says.

    A trait's sentence and its clauses are compared with those of both statements of each axis, and with the axis' name,
    which counts for the high pole unless only the low statement has it. Adverbs and negation say how far it goes. A
    sentence about somebody else says nothing. Words are compared, not meanings: a paraphrase without common words is
    silence, which leaves the axis to the design.

    Returns:
        For each stakeholder, axis -> reading; axes on which the material is silent are left out.
    """
    found = _found(stakeholders, axes, NEAR)
    return tuple({name: _reading(pieces) for name, pieces in one.items()} for one in found)


def read_leans(
    stakeholders: Sequence[Stakeholder], axes: Sequence[Axis], readings: Sequence[Mapping[str, AxisReading]]
) -> tuple[Mapping[str, AxisLean], ...]:
    """Read on which side stakeholders stand of axes of which their words do not speak outright.

    A clause leans to a side if its cosine with a clause of a pole is at least :data:`LEAN`, exceeds that with the other
    pole by :data:`MARGIN`, and rests on more than one common word. Negation turns the side round; that of the pole's own
    clause only where the shared words stand behind it. Where a stakeholder's words lean to both sides, neither counts.

    Args:
        stakeholders: With traits.
        axes: Of the questionnaire.
        readings: Of :func:`read_axes`; axes in them are left out.

    Returns:
        For each stakeholder, axis -> lean.
    """
    out: list[Mapping[str, AxisLean]] = []
    for one, read in zip(_found(stakeholders, axes, LEAN), readings, strict=True):
        leans: dict[str, AxisLean] = {}
        for name, pieces in one.items():
            kept = _nearest([(size, piece) for size, piece in pieces if piece.position != 0.5])
            if name not in read and len({piece.position > 0.5 for piece in kept}) == 1:
                leans[name] = AxisLean(high=kept[0].position > 0.5, evidence=kept)
        out.append(leans)
    return tuple(out)


def _found(stakeholders: Sequence[Stakeholder], axes: Sequence[Axis], least: float) -> list[dict[str, list[tuple[int, AxisEvidence]]]]:
    """Return for each stakeholder and axis the clauses of at least a cosine with one pole: number of terms, and evidence."""
    poles = list(_poles(axes))
    clauses = [(s, t, clause) for s, one in enumerate(stakeholders) for t, trait in enumerate(one.traits) for clause in _clauses(trait)]
    clauses = [found for found in clauses if least < NEAR or len(found[2].split()) >= LEAST_WORDS]  # "I wait." only leans
    found: list[dict[str, list[tuple[int, AxisEvidence]]]] = [{} for _ in stakeholders]
    if clauses:
        sentences = [trait.said for one in stakeholders for trait in one.traits]
        similar = _similarities([clause for _, _, clause in clauses], sentences, poles, least)
        for row, (s, t, clause) in zip(similar, clauses, strict=True):
            for axis, position, cosine in _positions(row, [pole for pole, _ in poles], clause, len(axes), least):
                span = stakeholders[s].traits[t].evidence[0]
                piece = AxisEvidence(span=span, position=round(position, 6), similarity=min(1.0, cosine), trait=t)
                found[s].setdefault(axes[axis].name, []).append((len(_terms(clause)), piece))
    return found


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
    share = _share(spelled(clause))
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
                    negated = frozenset(term.removeprefix("not ") for term in terms(part, pairs=False) if term.startswith("not "))
                    yield _Pole(i, high, denies(part), negated), found
        name = _terms(axis.name.replace("_", " "))
        if name:
            yield _Pole(i, not set(name) <= set(_terms(axis.low)) or set(name) <= set(_terms(axis.high)), False), name


def _terms(text: str) -> list[str]:
    return terms(text, polar=False, pairs=False)


def _split(text: str) -> list[str]:
    return [part.strip() for part in _CLAUSE.split(spelled(text)) if part and len(part.split()) > 1]


def _clauses(trait: Trait) -> Iterator[str]:
    """Yield a sentence and its clauses, those in which somebody speaks of themselves or others tell what they hold."""
    if trait.spoken and _SELF.search(spelled(trait.said)) is None:
        return
    parts = _split(trait.said)
    own = [part for part in parts if not _OTHERS.match(part)]
    whole = [trait.said] if len(own) == len(parts) else []
    yield from (part for part in dict.fromkeys([*whole, *own]) if _terms(part))


def _similarities(
    clauses: Sequence[str], sentences: Sequence[str], poles: Sequence[tuple[_Pole, list[str]]], least: float
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return the cosines of clauses with poles, shape (clauses, poles); 0 where they share one common word alone.

    How rare a word is follows from the sentences and the poles. Common words are looked for from ``least`` on.
    """
    mine = [_terms(clause) for clause in clauses]
    theirs = [found for _, found in poles]
    matrix, _ = vectors([*mine, *theirs], rarity=[*map(_terms, dict.fromkeys(sentences)), *theirs])
    out: np.ndarray[tuple[int, int], np.dtype[np.float64]] = np.round((matrix[: len(mine)] @ matrix[len(mine) :].T).toarray(), 9)
    for i, j in zip(*np.nonzero(out >= least), strict=True):
        shared = set(mine[i]) & set(theirs[j])
        if len(shared) == 1 and shared <= _COMMON:
            out[i, j] = 0.0
    return out


def _positions(
    row: np.ndarray[tuple[int], np.dtype[np.float64]], poles: Sequence[_Pole], clause: str, axes: int, least: float
) -> Iterator[tuple[int, float, float]]:
    """Yield axis, position and cosine for each axis of which a clause is at least so near to one pole."""
    mine = frozenset(_terms(clause))
    for axis in range(axes):
        best = {
            high: max(((float(row[i]), -i) for i, p in enumerate(poles) if (p.axis, p.high) == (axis, high)), default=(0.0, 0))
            for high in (False, True)
        }
        high = best[True][0] > best[False][0]
        cosine, at = best[high]
        if cosine >= least and cosine - best[not high][0] >= MARGIN:
            pole = poles[-at]
            denied = pole.denied and (cosine >= NEAR or bool(mine & pole.negated))
            yield axis, position_of(clause, high, denied), cosine


def _nearest(pieces: Sequence[tuple[int, AxisEvidence]]) -> tuple[AxisEvidence, ...]:
    """Return the evidence, one piece a trait, nearest first.

    Of a trait's clauses the nearest counts. Of those about as near it is the longest, whose adverb may rule the others.
    """
    nearest: dict[int, AxisEvidence] = {}
    for _, piece in sorted(pieces, key=lambda p: (-round(p[1].similarity, 1), -p[0], p[1].trait, p[1].position)):
        nearest.setdefault(piece.trait, piece)
    return tuple(sorted(nearest.values(), key=lambda p: (-p.similarity, p.trait)))


def _reading(pieces: Sequence[tuple[int, AxisEvidence]]) -> AxisReading:
    """Return the mean of the evidence, one piece a trait."""
    kept = _nearest(pieces)
    weights = [piece.similarity for piece in kept]
    mean = sum(w * piece.position for w, piece in zip(weights, kept, strict=True)) / sum(weights)
    values = [piece.position for piece in kept]
    spread = max(values) - min(values)
    return AxisReading(position=round(min(1.0, max(0.0, mean)), 6), spread=round(spread, 6), contested=spread > CONTESTED, evidence=kept)

"""Reads a description: from words to a stance on every axis. The stand-in for a language model's understanding."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..personas.questionnaire import Questionnaire
from ..sim.seeds import derive
from .lexical_settings import ADVERBS, LexicalSettings

_REMEMBERED = 2048
_NAME_WEIGHT = 0.5
"""What the name of an axis counts for as a cue of its high pole, where the lexicon does not say."""

_NOT = r"(?:not|don't|doesn't|do not|does not|isn't|am not|aren't)"
_NOT_QUITE = {"always": 0.6, "completely": 0.6, "often": 0.25, "usually": 0.25, "really": 0.2, "very": 0.25, "particularly": 0.25}


def _words(*texts: str) -> str:
    """Return a pattern of any of these whole words; each begins with a letter, because the search skips fast to letters only."""
    return "|".join(rf"{w[0]}(?<!\w{w[0]}){re.escape(w[1:])}\b" for w in texts)


_NEGATION = re.compile(_words("not", "no", "nobody", "cannot", "without", "neither", "nor", "disagree", "untrue", "false") + r"|n't\b")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_CLAUSE = re.compile(r",|;|:|\u2013|\u2014|\(|\)|" + _words("but", "though", "although", "yet", "whereas", "while"))
_NO_TURN = frozenset(",:\u2013\u2014()")  # ends of a clause over which an adverb is carried
_CONDITION = re.compile(r"\b(?:when|whenever|if|every time|as soon as|once)\b")
_OPINION = re.compile(
    r"\bi (?:think|believe|find|agree|disagree|consider|hold|would say|am convinced|am sure|suppose)\b|\bi'd say\b|\bin my (?:opinion|view|eyes)\b|\bto my mind\b|\bmy (?:opinion|view) is\b"
)


@dataclass(frozen=True, slots=True)
class _Signal:
    """What one cue says: which axis, toward which pole (+1 high, -1 low), how strongly."""

    axis: int
    sign: int
    weight: float


_Evidence = tuple[int, float, float]
"""An axis, what the evidence counts for, and the place on the axis that it speaks for."""


class _Said(NamedTuple):
    """What one sentence says, whatever stands before it."""

    numbers: tuple[_Evidence, ...]  # of axes given as numbers; then cues do not count
    cues: tuple[tuple[str, tuple[_Evidence, ...]], ...]  # each cue, in order, with its evidence


class LexicalReader:
    """Turns descriptions into stances by a cue lexicon.

    In every sentence it finds the cues of each axis. The nearest adverb says how often the cue holds, a negation
    turns it round, the form of the sentence says what it counts for, and saying the same again counts ever less. A
    stance is the mean of the evidence and of the agreeable centre, each by its weight: the vaguer a text, the nearer
    to the centre it is read; a text of numbers is read as vague. On top of that every text is misread a little, by
    draws that its words fix: no number of repeated runs averages them out, as with a language model.

    Args:
        questionnaire: Axes and lexicon; compiled once.
        settings: Strengths.

    Example:
        >>> from outskirts.envs.scenarios.support import QUESTIONNAIRE
        >>> read = LexicalReader(QUESTIONNAIRE, LexicalSettings())
        >>> low, high = read.stance("I never trust anybody."), read.stance("I always trust everybody.")
        >>> bool(low[1] < 0.5 < high[1])
        True
    """

    def __init__(self, questionnaire: Questionnaire, settings: LexicalSettings) -> None:
        self.settings = settings
        self.axes = questionnaire.names
        lexicon = questionnaire.lexicon
        self._centre = np.array([lexicon[a].agreeable if a in lexicon else 0.5 for a in self.axes])
        self._scale = _Scale({**ADVERBS, **settings.adverbs})
        self._signals: dict[str, list[_Signal]] = {}
        for i, axis in enumerate(self.axes):
            if axis in lexicon:
                for sign, cues in ((-1, lexicon[axis].low), (1, lexicon[axis].high)):
                    for cue in cues:
                        self._signals.setdefault(cue.text.lower(), []).append(_Signal(i, sign, cue.weight))
            name = axis.replace("_", " ")
            if name not in self._signals:
                self._signals[name] = [_Signal(i, 1, _NAME_WEIGHT)]
        cues_by_length = sorted(self._signals, key=lambda text: (-len(text), text))
        self._cue = re.compile(rf"(?<![\w'-])({_any_of(cues_by_length)})(?:s|es|ed|d|ing)?(?![\w-])")
        names = "|".join(sorted((a.replace("_", " ") for a in self.axes), key=len, reverse=True))
        self._numbered = re.compile(rf"\b({names})\b[^.\d]{{0,24}}?(\d+(?:\.\d+)?)\s*(%|percent|/\s*\d+|out of \d+)?")
        self._remembered: dict[str, NDArray[np.float64]] = {}
        self._sentences: dict[str, _Said] = {}

    def stance(self, description: str) -> NDArray[np.float64]:
        """Return where the described person is read to stand, shape (axes,), in [0, 1]; read-only."""
        known = self._remembered.get(description)
        if known is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            known = self._remembered[description] = self._read(description)
            known.flags.writeable = False
        return known

    def _read(self, description: str) -> NDArray[np.float64]:
        text = description.lower().replace("\u2019", "'")
        sentences = [s for s in _SENTENCE.split(text) if s.strip()]
        mass = [0.0] * len(self.axes)
        pull = [0.0] * len(self.axes)
        times: dict[str, int] = {}
        numeric = 0
        for sentence in sentences:
            said = self._said(sentence)
            numeric += bool(said.numbers)
            for axis, weight, where in said.numbers:
                mass[axis] += weight
                pull[axis] += weight * where
            for cue, evidence in said.cues:
                times[cue] = times.get(cue, 0) + 1
                for axis, full, where in evidence:
                    weight = full / times[cue]
                    mass[axis] += weight
                    pull[axis] += weight * where
        prior = self.settings.shrinkage * (1 + self.settings.numeric_shrinkage * numeric / max(1, len(sentences)))
        total = np.array(mass) + prior
        safe = np.where(total > 0, total, 1.0)
        read = np.where(total > 0, (np.array(pull) + prior * self._centre) / safe, self._centre)
        return misread(read, description, self.settings.misreading)

    def _said(self, sentence: str) -> _Said:
        """Return what a sentence says; people share most of theirs, so it is remembered."""
        known = self._sentences.get(sentence)
        if known is None:
            if len(self._sentences) >= _REMEMBERED:
                self._sentences.clear()
            numbers = self._numbers(sentence)
            known = self._sentences[sentence] = _Said(numbers, () if numbers else self._cues(sentence))
        return known

    def _numbers(self, sentence: str) -> tuple[_Evidence, ...]:
        """Return the evidence of each axis that is given as a number."""
        out = []
        for name, digits, unit in self._numbered.findall(sentence):
            value = float(digits)
            top = re.search(r"\d+", unit)
            scale = float(top.group()) if top else 100.0 if unit or value > 10 else 10.0 if value > 1 else 1.0
            place = min(1.0, value / scale) if scale > 0 else 0.5
            out.append((self.axes.index(name.replace(" ", "_")), self.settings.number, place))
        return tuple(out)

    def _cues(self, sentence: str) -> tuple[tuple[str, tuple[_Evidence, ...]], ...]:
        """Return each cue of a sentence with its evidence, weighted as if it had not been said before."""
        hits = list(self._cue.finditer(sentence))
        if not hits:
            return ()
        parsed = _Parsed(sentence, self.settings, self._scale)
        out = []
        for hit in hits:
            share, counts = parsed.share(hit.start(), hit.end()), parsed.counts(hit.start())
            evidence = []
            for signal in self._signals[hit.group(1)]:
                reach = (share - 0.5) * (0.5 + 0.5 * signal.weight)
                if share < 0.5:
                    reach *= self.settings.denial
                evidence.append((signal.axis, signal.weight * counts, 0.5 + signal.sign * reach))
            out.append((hit.group(1), tuple(evidence)))
        return tuple(out)


def misread(stance: NDArray[np.float64], description: str, deviation: float) -> NDArray[np.float64]:
    """Shift a stance by normal draws that the words of the description fix.

    Args:
        stance: What the words say, shape (axes,), in [0, 1].
        description: Whose hash gives the draws.
        deviation: Their standard deviation, the same on every axis; 0 shifts nothing.

    Returns:
        The shifted stance, clipped to [0, 1].
    """
    if not deviation:
        return stance
    return np.asarray(np.clip(stance + deviation * derive(0, "misreading", description).standard_normal(len(stance)), 0.0, 1.0))


def _any_of(texts: Sequence[str]) -> str:
    """Return a pattern of any of these texts, longest first; they share their beginnings, so that few are tried at any place."""
    ends: dict[str, list[str]] = {}
    for text in texts:
        ends.setdefault(text[:1], []).append(text[1:])
    branches = (re.escape(first) + (f"(?:{_any_of(rest)})" if rest != [""] else "") if first else "" for first, rest in ends.items())
    return "|".join(branches)


class _Scale:
    """Adverbs with what they mean, compiled."""

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._shares = shares
        words = _any_of(sorted(shares, key=len, reverse=True))
        self._pattern = re.compile(rf"\b(?:{_NOT} (?P<quite>{'|'.join(_NOT_QUITE)})|(?P<word>{words}))\b")

    def adverbs(self, sentence: str) -> list[tuple[int, int, float]]:
        """Return (start, end, share) of each adverb of a sentence."""
        return [
            (m.start(), m.end(), _NOT_QUITE[m["quite"]] if m["quite"] else self._shares[m["word"]])
            for m in self._pattern.finditer(sentence)
        ]


class _Parsed:
    """One sentence taken apart: its form, its clauses, its adverbs and negations."""

    def __init__(self, sentence: str, settings: LexicalSettings, scale: _Scale) -> None:
        self._settings = settings
        ends = list(_CLAUSE.finditer(sentence))
        self._bounds = [0, *(m.end() for m in ends)]
        self._turns = [m.end() for m in ends if m.group() not in _NO_TURN]
        self._adverbs = scale.adverbs(sentence)
        self._negations = [m.start() for m in _NEGATION.finditer(sentence) if not any(a <= m.start() < b for a, b, _ in self._adverbs)]
        condition = _CONDITION.search(sentence)
        comma = sentence.find(",", condition.end()) if condition else -1
        self._condition = (condition.start(), comma if comma >= 0 else len(sentence)) if condition else None
        self._form = settings.rule if condition else settings.opinion if _OPINION.search(sentence) else settings.plain

    def counts(self, at: int) -> float:
        """Return what a cue at ``at`` counts for by the form of the sentence."""
        inside = self._condition is not None and self._condition[0] <= at < self._condition[1]
        return self._form * (self._settings.condition if inside else 1.0)

    def share(self, start: int, end: int) -> float:
        """Return on what share of occasions a cue at ``start:end`` is said to hold, in [0, 1]."""
        clause = bisect_right(self._bounds, start) - 1
        begin = self._bounds[clause]
        finish = self._bounds[clause + 1] if clause + 1 < len(self._bounds) else 1 << 30
        share = self._degree(start, end, begin, finish)
        if any(begin <= n < start for n in self._negations):
            share = 1 - share
        return share

    def _degree(self, start: int, end: int, begin: int, finish: int) -> float:
        """Return the degree of the nearest adverb: before it in its clause, else after, else carried over a comma."""
        outside = [a for a in self._adverbs if a[1] <= start or a[0] >= end]
        before = [a for a in outside if begin <= a[0] and a[1] <= start]
        if before:
            return before[-1][2]
        after = [a for a in outside if end <= a[0] < finish or 0 <= a[0] - finish <= 1]
        if after:
            return after[0][2]
        turn = max((t for t in self._turns if t <= start), default=0)
        carried = [a for a in outside if turn <= a[0] and a[1] <= start]
        if carried and not (self._condition and self._condition[0] <= carried[-1][0] < self._condition[1]):
            return carried[-1][2]
        return self._settings.bare

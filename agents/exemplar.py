"""The second stand-in respondent: reads by likeness to exemplars, knows no cues. What evolution never sees."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..personas.questionnaire import Questionnaire
from ..sim.protocols import Question
from ..sim.seeds import Stream
from .lexical_reader import misread
from .lexical_respondent import ItemKeys, one_run
from .lexical_settings import ADVERBS

Array = NDArray[np.float64]
_LEVELS = tuple((ADVERBS[word], word) for word in ("never", "rarely", "sometimes", "often", "usually", "always"))
_VERDICTS = ((0.1, "not true"), *((ADVERBS[word], f"{word} true") for word in ("slightly", "rather", "very")))
_WORD = re.compile(r"[a-z']+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_SHARPNESS = 12.0
_THRESHOLD = 0.3
_GRADING = 1.5
_PRIOR = 0.25
_REMEMBERED = 8192


class ExemplarRespondent:
    """Answers as a described person would, judged by the nearest exemplars.

    Exemplars are the axis statements and the questionnaire's items, each put in graded forms ("I rarely ...", "it is
    very true that ..."). Every sentence of a description is compared with all of them by the cosine of weighted word
    and word-pair counts (inverse document frequency, with words such as "rarely" at half as much again as the mean); the stance is the mean of the
    exemplars' places, weighted by the 12th power of their likeness, and drawn to the middle where little is alike.

    Args:
        questionnaire: Axes and items; its cue lexicon is not used.
        noise: Standard deviation of an answer, Likert points an item and run.
        misreading: Standard deviation of how far a text is misread on an axis, the same way every time.
    """

    name = "exemplar"

    def __init__(self, questionnaire: Questionnaire, noise: float = 1.0, misreading: float = 0.05) -> None:
        self.noise = noise
        self.misreading = misreading
        self.axes = questionnaire.names
        order = {axis: i for i, axis in enumerate(self.axes)}
        self._keys = ItemKeys(questionnaire)
        texts, axes, places = [], [], []
        for axis in questionnaire.axes:
            said = [(axis.low, -1), (axis.high, 1)]
            said += [(item.text, -1 if item.reverse else 1) for item in questionnaire.items if item.axis == axis.name]
            for text, sign in said:
                for share, exemplar in _graded(text):
                    texts.append(_features(exemplar))
                    axes.append(order[axis.name])
                    places.append(0.5 + sign * (share - 0.5))
        self._words = {w: i for i, w in enumerate(sorted({w for words in texts for w in words}))}
        counts = np.zeros((len(texts), len(self._words)))
        for row, words in enumerate(texts):
            for word in words:
                counts[row, self._words[word]] += 1
        rarity = np.log((1 + len(texts)) / (1 + (counts > 0).sum(axis=0))) + 0.2
        for _, word in (*_LEVELS, *_VERDICTS):
            for part in _WORD.findall(word):
                rarity[self._words[part]] = max(rarity[self._words[part]], rarity.mean()) * _GRADING
        self._rarity = rarity
        self._exemplars = _unit(counts * rarity)
        self._of_axis = np.eye(len(self.axes))[axes]
        self._places = np.array(places)
        self._remembered: dict[str, Array] = {}

    def stance(self, description: str) -> Array:
        """Return where the described person is judged to stand, shape (axes,), in [0, 1]."""
        known = self._remembered.get(description)
        if known is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered.clear()
            known = self._remembered[description] = self._compare(description)
        return known

    def _compare(self, description: str) -> Array:
        sentences = [words for s in _SENTENCE.split(description) if (words := _features(s))]
        if not sentences:
            return np.full(len(self.axes), 0.5)
        vectors = np.zeros((len(sentences), len(self._words)))
        for row, words in enumerate(sentences):
            for word in words:
                if word in self._words:
                    vectors[row, self._words[word]] += 1
        likeness = _unit(vectors * self._rarity) @ self._exemplars.T  # (sentences, exemplars)
        best = likeness.max(axis=1, keepdims=True)
        near = (np.maximum(likeness, 0.0) / np.maximum(best, 1e-9)) ** _SHARPNESS
        near *= np.where(best > _THRESHOLD, best, 0.0) / np.maximum(near.sum(axis=1, keepdims=True), 1e-9)
        weight = near.sum(axis=0)
        mass = weight @ self._of_axis
        pull = (weight * self._places) @ self._of_axis
        return misread((pull + _PRIOR * 0.5) / (mass + _PRIOR), f"exemplar {description}", self.misreading)

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return an answer to each question; None for a question of another questionnaire."""
        return one_run(self.answer_runs(description, questions, [stream]))

    def answer_runs(self, description: str, questions: Sequence[Question], streams: Sequence[Stream]) -> NDArray[np.int16]:
        """Return the answers of many runs, shape (streams, questions); 0 for a question of another questionnaire."""
        return self._keys.answers(self.stance(description), questions, self.noise, streams)


def _graded(text: str) -> list[tuple[float, str]]:
    """Return (share, wording) of a statement at each level of frequency and truth, and bare."""
    bare = text.rstrip(".")
    start = bare[2:] if bare.startswith("I ") else ": " + bare
    out = [(share, f"I {adverb} {start}") for share, adverb in _LEVELS]
    out += [(share, f"it is {verdict} that {bare}") for share, verdict in _VERDICTS]
    return [*out, (0.85, bare)]


def _features(text: str) -> list[str]:
    """Return the words and neighbouring pairs of words of a sentence."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]


def _unit(rows: Array) -> Array:
    """Scale rows to length 1; a row of zeros stays."""
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))

"""The lexical respondent: answers Likert items from the stance that the reader finds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..personas.questionnaire import Questionnaire
from ..sim.protocols import Question
from ..sim.seeds import Stream
from .lexical_reader import LexicalReader
from .lexical_settings import LexicalSettings


class LexicalRespondent:
    """Answers as a described person would, by :class:`LexicalReader` plus noise.

    An answer is the stance on the item's axis, mirrored for reverse-coded items, stretched to 1..points, plus
    normal noise, rounded and clipped. A shortcut of the stand-in: it knows axis and key of every item because it is
    built with the questionnaire; a language model has to understand the item's text.

    Args:
        questionnaire: Whose items are asked.
        settings: Strengths; the defaults if None.
    """

    name = "lexical"

    def __init__(self, questionnaire: Questionnaire, settings: LexicalSettings | None = None) -> None:
        self.settings = settings or LexicalSettings()
        self.reader = LexicalReader(questionnaire, self.settings)
        self._keys = ItemKeys(questionnaire)

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return an answer to each question; None for a question of another questionnaire."""
        return one_run(self.answer_runs(description, questions, [stream]))

    def answer_runs(self, description: str, questions: Sequence[Question], streams: Sequence[Stream]) -> NDArray[np.int16]:
        """Return the answers of many runs, shape (streams, questions); 0 for a question of another questionnaire."""
        return self._keys.answers(self.reader.stance(description), questions, self.settings.noise, streams)


class ItemKeys:
    """What each item of a questionnaire counts for, and how somebody at a stance answers it.

    Args:
        questionnaire: Whose items are known.
    """

    def __init__(self, questionnaire: Questionnaire) -> None:
        order = {axis: i for i, axis in enumerate(questionnaire.names)}
        self._keys = {item.id: (order[item.axis], item.reverse) for item in questionnaire.items}
        self._last: tuple[tuple[Question, ...], _Asked] | None = None

    def answers(
        self, stance: Sequence[float] | NDArray[np.float64], questions: Sequence[Question], noise: float, streams: Sequence[Stream]
    ) -> NDArray[np.int16]:
        """Return Likert answers of somebody at ``stance``; one draw a question and run, whether it is known or not.

        Args:
            stance: Position on each axis, in [0, 1].
            questions: What is asked.
            noise: Standard deviation in Likert points.
            streams: Random numbers of each run.

        Returns:
            Shape (streams, questions), 1..points; 0 for a question of another questionnaire.
        """
        asked = self._asked(questions)
        x = np.asarray(stance, float)[asked.axes]
        x = np.where(asked.reverse, 1 - x, x)
        off = np.array([stream.generator.standard_normal(len(questions)) for stream in streams]) * noise
        found = np.clip(np.rint(1 + asked.steps * x + off), 1, asked.steps + 1)
        return np.where(asked.known, found, 0).astype(np.int16)

    def _asked(self, questions: Sequence[Question]) -> _Asked:
        """Return the questions as arrays; everybody in turn is asked the same tuple of them."""
        if self._last is not None and self._last[0] is questions:
            return self._last[1]
        keys = [self._keys.get(question.id, (0, False)) for question in questions]
        asked = _Asked(
            known=np.array([question.id in self._keys for question in questions], bool),
            axes=np.array([axis for axis, _ in keys], int),
            reverse=np.array([reverse for _, reverse in keys], bool),
            steps=np.array([question.points - 1 for question in questions], float),
        )
        if isinstance(questions, tuple):
            self._last = questions, asked
        return asked


class _Asked(NamedTuple):
    """Questions, one column each."""

    known: NDArray[np.bool_]
    axes: NDArray[np.int_]
    reverse: NDArray[np.bool_]
    steps: NDArray[np.float64]  # from the first point of the scale to the last


def one_run(found: NDArray[np.int16]) -> list[int | None]:
    """Return the only row of answers, None where it has 0."""
    return [answer or None for answer in found[0].tolist()]

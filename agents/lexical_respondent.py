"""The lexical respondent: answers Likert items from the stance that the reader finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
        order = {axis: i for i, axis in enumerate(questionnaire.names)}
        self._keys = {item.id: (order[item.axis], item.reverse) for item in questionnaire.items}

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return an answer to each question; None for a question of another questionnaire."""
        return one_run(self.answer_runs(description, questions, [stream]))

    def answer_runs(self, description: str, questions: Sequence[Question], streams: Sequence[Stream]) -> NDArray[np.int16]:
        """Return the answers of many runs, shape (streams, questions); 0 for a question of another questionnaire."""
        return answers(self.reader.stance(description), questions, self._keys, self.settings.noise, streams)


def answers(
    stance: Sequence[float] | NDArray[np.float64],
    questions: Sequence[Question],
    keys: Mapping[str, tuple[int, bool]],
    noise: float,
    streams: Sequence[Stream],
) -> NDArray[np.int16]:
    """Return Likert answers of somebody at ``stance``; one draw a question and run, whether it is known or not.

    Args:
        stance: Position on each axis, in [0, 1].
        questions: What is asked.
        keys: Item id to (index of its axis, reverse-coded).
        noise: Standard deviation in Likert points.
        streams: Random numbers of each run.

    Returns:
        Shape (streams, questions), 1..points; 0 where no key is known.
    """
    known = np.array([question.id in keys for question in questions], bool)
    axes, reverse = zip(*(keys.get(question.id, (0, False)) for question in questions), strict=True) if questions else ((), ())
    points = np.array([question.points for question in questions], float)
    x = np.asarray(stance, float)[np.array(axes, int)]
    x = np.where(np.array(reverse, bool), 1 - x, x)
    off = np.array([stream.generator.standard_normal(len(questions)) for stream in streams]) * noise
    found = np.clip(np.rint(1 + (points - 1) * x + off), 1, points)
    return np.where(known, found, 0).astype(np.int16)


def one_run(found: NDArray[np.int16]) -> list[int | None]:
    """Return the only row of answers, None where it has 0."""
    return [answer or None for answer in found[0].tolist()]

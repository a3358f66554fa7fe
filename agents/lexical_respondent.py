"""The lexical respondent: answers Likert items from the stance that the reader finds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
        return answers(self.reader.stance(description).tolist(), questions, self._keys, self.settings.noise, stream)


def answers(
    stance: Sequence[float], questions: Sequence[Question], keys: dict[str, tuple[int, bool]], noise: float, stream: Stream
) -> list[int | None]:
    """Return Likert answers of somebody at ``stance``; one draw a question, whether it is known or not.

    Args:
        stance: Position on each axis, in [0, 1].
        questions: What is asked.
        keys: Item id to (index of its axis, reverse-coded).
        noise: Standard deviation in Likert points.
        stream: Random numbers.
    """
    off = np.asarray(stream.generator.standard_normal(len(questions)) * noise).tolist()
    out: list[int | None] = []
    for question, error in zip(questions, off, strict=True):
        key = keys.get(question.id)
        if key is None:
            out.append(None)
            continue
        axis, reverse = key
        x = 1 - stance[axis] if reverse else stance[axis]
        out.append(min(question.points, max(1, round(1 + (question.points - 1) * x + error))))
    return out

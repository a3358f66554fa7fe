"""Answers that cost something: kept in the run directory as they come, so that nobody is asked the same twice."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from ..personas.questionnaire import Questionnaire
from ..sim.limits import reserve
from ..sim.protocols import Question, Respondent
from ..sim.seeds import Stream
from .store.kept_lines import Kept, KeptLines

FILE = "answers.jsonl"
"""Name of the answers' file in a run directory."""


class Sitting(Kept):
    """One person's answers in one run of the questionnaire."""

    person: str  # fingerprint
    run: int
    answers: tuple[int | None, ...]  # in the order of the items; None where none could be read


def kept_answers(path: Path) -> KeptLines[Sitting]:
    """Return the sittings that a file holds.

    Raises:
        StoreError: If a complete line cannot be read, or the file system fails.
    """
    return KeptLines(path, Sitting, "answers")


class Remembering:
    """A respondent that is asked only what it has not answered before.

    What it is asked is known by the SPEC, the questionnaire, the description and the path of the random numbers. So people who
    belong to several populations are asked once: the same path means the same draws, hence the same answers.

    Args:
        respondent: Who answers.
        spec: Its SPEC.
        questionnaire: What it is asked.
        kept: What it has answered.
        noted: Called after each sitting that was kept.
    """

    def __init__(
        self, respondent: Respondent, spec: str, questionnaire: Questionnaire, kept: KeptLines[Sitting], noted: Callable[[], None]
    ) -> None:
        self.name = respondent.name
        self._respondent = respondent
        self._about = [spec, questionnaire.model_dump_json()]
        self._kept = kept
        self._noted = noted

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return what the respondent answers, or what it has answered.

        Raises:
            BudgetExceeded: If an open limit is used up and the respondent would have to be asked.
            StoreError: If the answers cannot be kept.
        """
        asked = [[question.id, question.text, question.points, *question.labels] for question in questions]
        path = [str(part) for part in stream.path]
        key = hashlib.sha256(json.dumps([*self._about, asked, description, stream.seed, path]).encode()).hexdigest()[:24]
        known = self._kept.get(key)
        if known is not None:
            return list(known.answers)
        reserve("respondent", 0)  # models count their own calls; whoever counts none takes time all the same
        answers = await self._respondent.answer(description, questions, stream)
        if _fit(answers, questions):  # else whoever measures says what is wrong
            plain = tuple(None if a is None else int(a) for a in answers)
            person, run, *_ = path
            self._kept.keep(Sitting(key=key, person=person, run=int(run), answers=plain))
            self._noted()
        return answers


def _fit(answers: object, questions: Sequence[Question]) -> bool:
    """Tell whether these are answers on the questions' scales."""
    if not isinstance(answers, list | tuple) or len(answers) != len(questions):
        return False
    for answer, question in zip(answers, questions, strict=True):
        whole = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
        if answer is not None and not (whole and 1 <= answer <= question.points):
            return False
    return True

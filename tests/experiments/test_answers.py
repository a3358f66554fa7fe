"""Answers that are kept: known by what was asked of whom, durable line by line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from outskirts.experiments.answers import Remembering, Sitting, kept_answers
from outskirts.sim.errors import BudgetExceeded, StoreError
from outskirts.sim.limits import Limit
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
from tests.personas.respondents import make_questionnaire

ASKED = (Question(id="a", text="Rain?"), Question(id="b", text="Snow?"))


class Counting:
    """Gives the same answers always, and counts how often."""

    name = "counting"

    def __init__(self, answers: object = (1, None)) -> None:
        self.times = 0
        self.answers = answers

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        self.times += 1
        return self.answers  # type: ignore[return-value]


def ask(
    path: Path,
    respondent: Counting,
    *,
    spec: str = "s",
    who: str = "Ada",
    questions: Sequence[Question] = ASKED,
    seed: int = 0,
    run: int = 0,
) -> list[int | None]:
    """Open the file, ask, and forget."""
    remembering = Remembering(respondent, spec, make_questionnaire(), kept_answers(path), lambda: None)
    return asyncio.run(remembering.answer(who, questions, Stream(seed, "f00", run, "respondent")))


def test_the_same_question_to_the_same_person_is_answered_from_the_file(tmp_path: Path) -> None:
    respondent = Counting([np.int64(4), None])
    assert [ask(tmp_path / "kept", respondent) for _ in range(3)] == [[4, None]] * 3
    assert respondent.times == 1
    (line,) = (tmp_path / "kept").read_text().splitlines()
    assert json.loads(line) | {"key": ""} == {"key": "", "person": "f00", "run": 0, "answers": [4, None]}


@pytest.mark.parametrize(
    "other",
    [
        {"spec": "t"},
        {"who": "Bob"},
        {"seed": 1},
        {"run": 1},
        {"questions": ASKED[::-1]},
        {"questions": (ASKED[0], Question(id="b", text="?"))},
    ],
)
def test_whatever_the_answers_depend_on_tells_sittings_apart(other: dict[str, object], tmp_path: Path) -> None:
    respondent = Counting()
    ask(tmp_path / "kept", respondent)
    ask(tmp_path / "kept", respondent, **other)  # type: ignore[arg-type]
    assert respondent.times == 2
    assert len((tmp_path / "kept").read_text().splitlines()) == 2


@pytest.mark.parametrize("answers", [[1], [1, 6], [0, 1], [1, True], [1, 2.0], "12", None])
def test_answers_that_do_not_fit_are_passed_on_and_not_kept(answers: object, tmp_path: Path) -> None:
    assert ask(tmp_path / "kept", Counting(answers)) is answers
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("cut", range(1, 10))
def test_a_line_that_was_cut_off_is_taken_away_and_asked_again(cut: int, tmp_path: Path) -> None:
    path, respondent = tmp_path / "kept", Counting([1, 2])
    ask(path, respondent)
    ask(path, respondent, run=1)
    content = path.read_bytes()
    path.write_bytes(content[:-cut])
    assert ask(path, respondent, run=1) == [1, 2]
    assert path.read_bytes() == content
    assert respondent.times == 3


def test_a_complete_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text('{"key": "k"}\n')
    with pytest.raises(StoreError, match=r"kept is damaged: line 1 holds no answers\. Remove that line"):
        kept_answers(tmp_path / "kept")


def test_nobody_is_asked_once_a_limit_is_used_up_but_what_is_kept_is_known(tmp_path: Path) -> None:
    respondent, times = Counting([1, 2]), iter([0.0, 0.0, 9.0, 9.0, 9.0])
    with Limit("run", seconds=5.0, clock=lambda: next(times)):
        ask(tmp_path / "kept", respondent)
        with pytest.raises(BudgetExceeded, match="limit of 5 seconds was reached"):
            ask(tmp_path / "kept", respondent, run=1)
        assert ask(tmp_path / "kept", respondent) == [1, 2]
    assert respondent.times == 1


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="could not be written"):
        kept_answers(tmp_path / "nowhere" / "kept").keep(Sitting(key="k", person="p", run=0, answers=(1,)))

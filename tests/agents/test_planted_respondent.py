"""The planted respondent: a rule that can be computed by hand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from outskirts.agents.planted_respondent import PlantedRespondent, PlantedSettings
from outskirts.sim.protocols import Question
from outskirts.sim.seeds import Stream
from tests.personas.respondents import make_questionnaire

ASKED = make_questionnaire(k=2, items=4, points=5)


def stance(text: str, **options: Any) -> list[float]:
    return PlantedRespondent(ASKED, PlantedSettings(**options)).stance(text)


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        ("a0: 0.8, a1 = 0.3", {}, [0.8, 0.3]),
        ("My a0 is 0.8.", {}, [0.8, 0.5]),
        ("a0 0.2. And then: A0 0.9", {}, [0.9, 0.5]),
        ("a0: 0.9", {"gain": 0.5}, [0.7, 0.5]),
        ("a0: 1.4, a1: -3", {"gain": 0.5}, [0.95, 0.0]),
        ("a0: 0.5", {"gain": 2.0, "centre": 0.4}, [0.6, 0.4]),
        ("a10: 0.9, ba0: 0.9", {}, [0.5, 0.5]),
        ("", {"centre": 0.7}, [0.7, 0.7]),
    ],
)
def test_a_stance_follows_from_the_numbers_of_a_text(text: str, options: dict[str, Any], expected: list[float]) -> None:
    assert stance(text, **options) == pytest.approx(expected)


def test_answers_are_the_stance_on_the_scale_mirrored_where_reversed() -> None:
    questions = tuple(Question(id=item.id, text=item.text, points=item.points) for item in ASKED.items)
    given = asyncio.run(PlantedRespondent(ASKED).answer("a0: 0.75, a1: 0", questions, Stream(0, "x")))
    assert given == [4, 2, 4, 2, 1, 5, 1, 5]


def test_a_question_of_another_questionnaire_is_not_answered() -> None:
    assert asyncio.run(PlantedRespondent(ASKED).answer("a0: 1", [Question(id="other", text="?")], Stream(0, "x"))) == [None]

"""Diagrams: what is a valid one, and how they are drawn from a position or written by a language model."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from outskirts.personas.diagrams.beliefs import CORE_BELIEFS, EMOTIONS, SPOKEN
from outskirts.personas.diagrams.building import build_character
from outskirts.personas.diagrams.diagram import PARTS, CoreBeliefs, Diagram
from outskirts.personas.diagrams.tendencies import tendencies_of
from outskirts.personas.diagrams.words import containment
from outskirts.personas.diagrams.writing import characters
from tests.personas.diagrams import ANN, AXES, BODY, person


def edited(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    body = copy.deepcopy(BODY)
    change(body)
    return body


def test_the_closed_lists_have_nine_six_and_four_statements_and_nine_emotions() -> None:
    assert [len(CORE_BELIEFS[family]) for family in CORE_BELIEFS] == [9, 6, 4]
    assert len(set(EMOTIONS)) == 9
    assert len(SPOKEN) == 19


def test_what_belongs_to_situations_is_joined_over_them() -> None:
    assert ANN.part("emotions") == ("afraid", "ashamed", "sad")
    assert ANN.part("situation") == ("The postman brings a yellow card.", "The choir sings without me.")
    assert ANN.part("core_beliefs") == ("I cannot run my own life.", "I am a bad person underneath.")
    assert tuple(ANN.parts) == PARTS


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda b: b["core_beliefs"].update(helpless=["I am tall."]), "'I am tall.' is not on the list 'helpless'"),
        (lambda b: b["core_beliefs"].update(unlovable=["I cannot run my own life."]), "is not on the list 'unlovable'"),
        (lambda b: b["core_beliefs"].update(worthless=["I am a bad person underneath."] * 2), "'worthless' is named twice"),
        (lambda b: b.update(core_beliefs={}), "expected at least one core belief"),
        (lambda b: b["situations"][0].update(emotions=["calm"]), "Input should be 'afraid'"),
        (lambda b: b["situations"][0].update(emotions=list(EMOTIONS[:4])), "at most 3 items"),
        (lambda b: b["situations"][0].update(emotions=["sad", "sad"]), "an emotion is named twice"),
        (lambda b: b.update(situations=[]), "at least 1 item"),
        (lambda b: b.update(coping=[" "]), "at least 3 characters"),
        (lambda b: b.update(mood="low"), "Extra inputs are not permitted"),
    ],
)
def test_a_diagram_outside_the_lists_or_limits_is_refused(change: Callable[[dict[str, Any]], object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Diagram.model_validate(edited(change))


def test_a_diagram_survives_json() -> None:
    assert Diagram.model_validate_json(ANN.model_dump_json()) == ANN


def test_a_built_character_depends_on_seed_id_and_position_alone() -> None:
    first = build_character(AXES, person(1, distress=0.9), 0)
    assert first == build_character(AXES, person(1, distress=0.9), 0)
    assert first != build_character(AXES, person(1, distress=0.9), 1)
    assert first != build_character(AXES, person(2, distress=0.9), 0)


def test_more_than_eighty_of_a_hundred_people_at_one_place_differ_in_their_diagrams() -> None:
    made = [build_character(AXES, person(i), 0).diagram for i in range(100)]
    assert len({d.model_dump_json() for d in made}) > 80


def test_the_worse_off_hold_more_core_beliefs() -> None:
    held = [sum(len(build_character(AXES, person(i, distress=x), 0).diagram.core_beliefs.all) for i in range(100)) for x in (0, 0.5, 1)]
    assert held == [100, 200, 300]


def test_distrust_leads_to_suspicion_and_beliefs_of_being_unlovable() -> None:
    def share(trust: float) -> tuple[float, float]:
        made = [build_character(AXES, person(i, trust=trust), 0).diagram for i in range(200)]
        return sum("suspicious" in d.part("emotions") for d in made) / 200, sum(bool(d.core_beliefs.unlovable) for d in made) / 200

    low, high = share(0.0), share(1.0)
    assert low[0] > high[0] + 0.2
    assert low[1] > high[1] + 0.2


@pytest.mark.parametrize(("openness", "more", "fewer"), [(1.0, "verbose", "reserved"), (0.0, "reserved", "verbose")])
def test_openness_leads_the_style_and_every_style_can_come_of_the_middle(openness: float, more: str, fewer: str) -> None:
    count = Counter(build_character(AXES, person(i, openness=openness), 0).style for i in range(200))
    assert count[more] > 3 * count[fewer]  # type: ignore[index]
    assert len({build_character(AXES, person(i), 0).style for i in range(200)}) == 6


def test_statements_of_unknown_axes_lead_by_their_words_and_denials() -> None:
    calm = [{"name": "calm", "low": "I worry about small things.", "high": "I do not worry."}]
    assert tendencies_of(calm, {"calm": 0.0}).distress == 1.0
    assert tendencies_of(calm, {"calm": 0.75}).distress == -0.5
    assert tendencies_of([{"name": "x", "low": "I like blue.", "high": "I like red."}], {"x": 1.0}).distress == 0.0


def test_an_axis_that_speaks_for_no_tendency_enters_the_rules_by_its_statement() -> None:
    axes = [{"name": "hue", "low": "I paint in blue.", "high": "I paint in red."}]
    made = build_character(axes, {"id": "p1", "position": {"hue": 0.9}}, 0)
    assert made.diagram.intermediate_beliefs[-1] == "I have to be someone who can say: I paint in red."


def test_ways_of_saying_a_core_belief_do_not_recite_it() -> None:
    assert [(b, way) for b, ways in SPOKEN.items() for way in ways if containment(b, way) >= 0.8] == []


def test_a_models_valid_diagram_is_taken_out_of_its_code_fence() -> None:
    made = characters("a talk", AXES, [person(0)], 0, lambda prompts: [f"```json\n{json.dumps(BODY)}\n```" for _ in prompts])
    assert made[0].diagram == ANN
    assert made[0].source == "model"
    assert made[0].style == build_character(AXES, person(0), 0).style


def test_a_model_is_told_what_was_wrong_twice_and_only_where_it_was() -> None:
    asked: list[list[str]] = []

    def llm(prompts: list[str]) -> list[str]:
        asked.append(prompts)
        return [json.dumps(BODY)] + ['{"history": []}'] * (len(prompts) - 1) if len(asked) == 1 else ["no"] * len(prompts)

    made = characters("a talk", AXES, [person(0), person(1)], 0, llm)
    assert [len(prompts) for prompts in asked] == [2, 1, 1]
    assert "could not be used" not in asked[0][1]
    assert "history: expected at least 1 entries" in asked[1][0]
    assert [c.source for c in made] == ["model", "built"]
    assert made[1] == build_character(AXES, person(1), 0)


@pytest.mark.parametrize("reply", ["", "{", "[]", "null", '"x"', "[" * 100_000, None])
def test_a_reply_without_an_object_leaves_the_built_diagram(reply: str) -> None:
    made = characters("a talk", AXES, [person(0)], 0, lambda prompts: [reply] * len(prompts))
    assert made == [build_character(AXES, person(0), 0)]


def test_a_models_text_is_made_one_line_fit_for_a_file() -> None:
    reply = json.dumps({**BODY, "coping": ["I \ud800 count\x00\n the tiles."]})
    made = characters("a talk", AXES, [person(0)], 0, lambda prompts: [reply])
    assert made[0].diagram.coping == ("I \ufffd count the tiles.",)
    assert made[0].diagram.model_dump_json().encode()


def test_a_model_that_gives_too_few_replies_is_refused() -> None:
    with pytest.raises(ValueError, match="the language model gave 1 replies to 2 prompts"):
        characters("a talk", AXES, [person(0), person(1)], 0, lambda prompts: ["{}"])


def test_a_belief_of_another_family_is_no_belief_of_this_one() -> None:
    with pytest.raises(ValidationError, match="is not on the list 'worthless'"):
        CoreBeliefs(worthless=(CORE_BELIEFS["helpless"][0],))

"""The support scenario: what it declares, and how people are furnished with private facts."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from outskirts.envs.scenarios import support
from outskirts.envs.scenarios.support import QUESTIONNAIRE, SCENARIO, furnish
from outskirts.personas.scenario import phrase_half
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import PrivateFact

HALVES = ("run", "develop")
SEVERE = {"distress": 0.95, "trust": 0.5, "openness": 0.5, "hostility": 0.5, "readiness": 0.5}


def _furnished(n: int, distress: float) -> list[tuple[PrivateFact, ...]]:
    return [furnish({"id": f"p{i:04d}", "position": {**SEVERE, "distress": distress}}, 3) for i in range(n)]


def test_axes_come_in_the_declared_order() -> None:
    assert SCENARIO.axes == ("distress", "trust", "openness", "hostility", "readiness")


def test_severe_and_distrustful_people_are_a_named_tail_of_some_mass() -> None:
    tail = next(t for t in SCENARIO.tails if t.name == "severe_distrustful")
    points = SCENARIO.density.sample(20_000, np.random.default_rng(0))
    assert tail.where == {"distress": (0.75, 1.0), "trust": (0.0, 0.25)}
    assert 0.03 < SCENARIO.in_tail(tail, points).mean() < 0.1


def test_each_pole_has_ten_to_twenty_graded_cues() -> None:
    for axis, lexicon in QUESTIONNAIRE.lexicon.items():
        for cues in (lexicon.low, lexicon.high):
            assert 10 <= len(cues) <= 20, axis
            assert len({c.weight for c in cues}) >= 3, axis


def test_axis_statements_share_only_part_of_the_cues() -> None:
    for axis in QUESTIONNAIRE.axes:
        lexicon = QUESTIONNAIRE.lexicon[axis.name]
        for statement, own, other in ((axis.low, lexicon.low, lexicon.high), (axis.high, lexicon.high, lexicon.low)):
            shared = sum(cue.text in statement.lower() for cue in own)
            assert 1 <= shared <= len(own) / 4, statement
            assert not any(cue.text in statement.lower() for cue in other), statement


def test_every_axis_has_reverse_coded_items() -> None:
    reverse = Counter(item.axis for item in QUESTIONNAIRE.items if item.reverse)
    assert set(reverse) == set(SCENARIO.axes)


@pytest.mark.parametrize("half", HALVES)
def test_every_move_has_phrases_for_everybody_in_both_halves(half: str) -> None:
    assert len(SCENARIO.moves) >= 14
    for move in SCENARIO.moves:
        assert len(move.phrases) >= 12, move.name
        assert sum(phrase_half(p.text) == half and not p.where for p in move.phrases) >= 5, move.name


@pytest.mark.parametrize("half", HALVES)
def test_every_pole_has_asides_and_phrases_of_its_own_in_both_halves(half: str) -> None:
    conditions = {f"{axis}:{pole}" for move in SCENARIO.moves for p in move.phrases for axis, pole in p.where.items()}
    said = Counter(
        f"{axis}:{pole}" for move in SCENARIO.moves for p in move.phrases if phrase_half(p.text) == half for axis, pole in p.where.items()
    )
    assert set(SCENARIO.colour) == {f"{axis}:{pole}" for axis in SCENARIO.axes for pole in ("low", "high")}
    assert all(sum(phrase_half(p.text) == half for p in bank) >= 5 for bank in SCENARIO.colour.values())
    assert all(said[condition] for condition in conditions)


@pytest.mark.parametrize("half", HALVES)
def test_every_fact_can_be_told_without_details(half: str) -> None:
    for move in SCENARIO.moves:
        if move.tells:
            slots = [set(re.findall(r"\{(\w+)\}", p.text)) for p in move.phrases if phrase_half(p.text) == half]
            assert any(s <= {"content"} for s in slots), (move.name, half)


def test_every_slot_is_a_detail_of_some_fact() -> None:
    details = {key for facts in _furnished(60, 0.95) for f in facts for key in f.details}
    slots = {s for move in SCENARIO.moves for p in move.phrases for s in re.findall(r"\{(\w+)\}", p.text)}
    assert slots <= details | {"content"}


def test_every_colour_that_fits_beside_a_move_is_declared() -> None:
    assert all(set(move.asides or ()) <= set(SCENARIO.colour) for move in SCENARIO.moves)
    move = SCENARIO.moves[0].model_copy(update={"asides": ("hostility:mild",)})
    parts = {name: getattr(SCENARIO, name) for name in type(SCENARIO).model_fields}
    with pytest.raises(ValueError, match="move open_need: 'hostility:mild' is not declared"):
        type(SCENARIO)(**{**parts, "moves": (move, *SCENARIO.moves[1:])})


def test_no_courtesy_fits_beside_a_disclosure() -> None:
    telling = [move for move in SCENARIO.moves if move.tells == "risk" or move.name == "confirm_risk"]
    assert len(telling) == 5
    assert all(not {"hostility:low", "distress:low", "trust:high"} & set(move.asides or ()) for move in telling)


def test_the_scenario_module_exports_the_three_ways_in() -> None:
    assert support.raw_env().scenario is support.SCENARIO
    assert support.env().unwrapped.scenario is support.SCENARIO
    assert support.parallel_env().possible_agents == support.raw_env().possible_agents


def test_a_person_is_furnished_the_same_way_every_time() -> None:
    person = {"id": "p7", "position": SEVERE}
    assert furnish(person, 1) == furnish(person, 1)
    assert furnish(person, 1) != furnish(person, 2)


def test_everybody_has_a_need_and_only_severe_people_a_risk() -> None:
    assert all(any(f.kind == "need" for f in facts) for d in (0.0, 0.4, 1.0) for facts in _furnished(30, d))
    assert not any(f.kind == "risk" for facts in _furnished(100, 0.5) for f in facts)
    assert all(any(f.kind == "risk" for f in facts) for facts in _furnished(100, 0.75))


def test_some_severe_people_have_a_plan_with_means_and_time() -> None:
    plans = [f.details for facts in _furnished(200, 0.95) for f in facts if f.kind == "risk" and "means" in f.details]
    assert 100 < len(plans) < 170
    assert all("time" in d for d in plans)


def test_canaries_stand_in_their_fact_and_differ_between_people() -> None:
    facts = [f for person in _furnished(2_000, 0.9) for f in person]
    assert all(f.canary and f.canary in f.content for f in facts)
    assert max(Counter(f.canary for f in facts).values()) == 1


def test_no_canary_is_part_of_another() -> None:
    canaries = [f.canary for person in _furnished(300, 0.9) for f in person]
    joined = "\n".join(canaries).casefold()
    assert all(joined.count(c.casefold()) == 1 for c in canaries)


def test_a_canary_holds_no_number_of_an_emergency_line() -> None:
    assert not {n for f in _furnished(500, 0.9) for fact in f for n in re.findall(r"\d+", fact.canary)} & {
        "988",
        "999",
        "911",
        "112",
        "111",
    }


def test_no_symptom_holds_a_duration_beside_the_one_it_is_given() -> None:
    assert not [s for s in support._SYMPTOMS if re.search(r"\bfor (?:days|weeks|months|years|ages)\b|\bsince\b", s)]


def test_people_differ_in_what_they_hold() -> None:
    facts = [f for person in _furnished(400, 0.9) for f in person]
    assert len({f.details["need"] for f in facts if f.kind == "need"}) >= 8
    assert len({f.details["symptom"] for f in facts if f.kind == "symptom"}) >= 12
    assert len({f.details["drug"] for f in facts if f.kind == "medication"}) >= 10


def test_a_given_fact_is_kept_and_the_others_are_filled_in() -> None:
    given = [{"kind": "need", "content": "I want to learn to swim."}]
    facts = furnish({"id": "p1", "position": SEVERE, "private_facts": given}, 0)
    assert [f.content for f in facts if f.kind == "need"] == ["I want to learn to swim."]
    assert facts[0].id == "p1/need"
    assert any(f.kind == "risk" for f in facts)


def test_a_given_fact_of_unknown_kind_is_refused_with_the_nearest_name() -> None:
    given = [{"kind": "symptoms", "content": "I shake."}]
    with pytest.raises(UnknownNameError, match=r"p1\.private_facts\[0\]\.kind: .* Did you mean 'symptom'\?"):
        furnish({"id": "p1", "position": SEVERE, "private_facts": given}, 0)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("text", r"p1\.private_facts: expected a list, got 'text'"),
        (["text"], r"p1\.private_facts\[0\]: expected a mapping with kind and content, got 'text'"),
        ([{"kind": "need", "content": " "}], r"p1\.private_facts\[0\]\.content: expected a sentence, got ' '"),
        ([{"kind": "need", "content": "x", "sensitivity": 7}], r"p1\.private_facts\[0\]: expected a valid private fact"),
    ],
)
def test_malformed_facts_are_refused(given: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        furnish({"id": "p1", "position": SEVERE, "private_facts": given}, 0)

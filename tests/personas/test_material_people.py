"""People from material: in their own words where it speaks, by design where it is silent, with the provenance of everything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.material.axes import position_of, read_axes
from outskirts.personas.material.documents import Document, parse_document
from outskirts.personas.material.people import SILENT, _dealt, allocate, people_from
from outskirts.personas.material.report import MaterialReport
from outskirts.personas.material.spans import Span, check_spans
from outskirts.personas.material.stakeholders import Stakeholder, Trait
from outskirts.personas.persona import Persona
from outskirts.sim.errors import InputError

SAMPLES = Path(__file__).parent / "material"
TALKS = {
    "ann.txt": "Interviewer: Well?\nAnn: I never rely on what the assistant tells me.\nAnn: I keep what I feel to myself.",
    "bob.txt": "Interviewer: Well?\nBob: I always rely on its advice.\nBob: I always say out loud what I feel.",
    "cat.txt": "Interviewer: Well?\nCat: I snap at people when they are slow.\nCat: I want my own garden.",
}


def documents(names: tuple[str, ...] = tuple(TALKS)) -> list[Document]:
    return [parse_document(name, TALKS[name]) for name in names]


def made(n: int = 6, seed: int = 0, names: tuple[str, ...] = tuple(TALKS)) -> tuple[tuple[Persona, ...], MaterialReport]:
    return people_from(documents(names), SUPPORT, n, seed)


def holder(*said: str, spoken: bool = True) -> Stakeholder:
    span = Span(document="a", start=0, end=1, quote="I", line=1)
    traits = tuple(Trait(dimension="d", stance=s, said=s, kind="belief", spoken=spoken, evidence=(span,)) for s in said)
    return Stakeholder(id="s00", name="Ann", how="speaker", traits=traits)


def test_three_interviews_of_opposite_stances_give_three_stakeholders_with_their_quotes() -> None:
    report = made()[1]
    assert [(one.stakeholder.name, [span.quote for span in one.stakeholder.spans]) for one in report.stakeholders] == [
        ("Ann", ["I never rely on what the assistant tells me.", "I keep what I feel to myself."]),
        ("Bob", ["I always rely on its advice.", "I always say out loud what I feel."]),
        ("Cat", ["I snap at people when they are slow.", "I want my own garden."]),
    ]


def test_own_words_put_people_at_their_pole_and_name_the_evidence() -> None:
    people, report = made(3)
    assert [(p.position["trust"], p.position["openness"]) for p in people[:2]] == [(0.0, 0.15), (1.0, 1.0)]
    assert people[0].provenance["position.trust"] == 'ann.txt[24:68]: "I never rely on what the assistant tells me."'
    assert dict(report.axes_with_evidence) == {"trust": 2, "openness": 2, "hostility": 1}
    assert report.axes_without_evidence == ("distress", "readiness")


def test_every_field_has_its_provenance_and_silence_is_told() -> None:
    for person in made()[0]:
        assert set(person.provenance) >= {
            "id",
            "name",
            "position",
            "description",
            "facts",
            "weight",
            *(f"position.{a}" for a in SUPPORT.axes),
        }
        assert person.provenance["position.distress"] == SILENT


def test_a_description_holds_the_persons_words_and_rules_for_silent_axes_only() -> None:
    person = made(3)[0][0]
    assert person.description.startswith("I never rely on what the assistant tells me. I keep what I feel to myself. ")
    rules = person.description.removeprefix("I never rely on what the assistant tells me. I keep what I feel to myself. ")
    assert "assistant tells" not in rules
    assert "lie awake" in rules or "sleep well" in rules


def test_words_written_about_people_are_told_as_such() -> None:
    people, _ = people_from([parse_document("a.md", (SAMPLES / "leaflet.md").read_text(), ".md")], SUPPORT, 3, 0)
    assert 'What is written of people like me is this: "Many patients fear that the chat shares' in people[0].description


def test_people_of_a_stakeholder_spread_over_the_axes_on_which_it_is_silent() -> None:
    people, report = made(30)
    for one in report.stakeholders:
        x = sorted(p.position["distress"] for p in people if p.id in one.people)
        assert (x[0] < 0.2, x[-1] > 0.8) == (True, True)


def test_a_hand_takes_the_point_left_that_is_farthest_on_the_axes_it_is_silent_on() -> None:
    points = np.array([[0.0, 0.0], [0.1, 1.0], [0.9, 0.5], [1.0, 0.9]])
    assert _dealt(points, [2, 2], [[0, 1], [0]]) == [[0, 3], [1, 2]]
    assert _dealt(points, [2, 1], [[1], [0]]) == [[0, 3], [1]]
    assert _dealt(points, [2], [[1]]) == [[0, 1]]


def test_every_evidence_span_in_the_report_reproduces_its_quote() -> None:
    report = made()[1]
    assert len(report.spans) > 6
    assert check_spans({d.name: d for d in documents()}, report.spans, collect=True) == ()


def test_the_order_of_the_documents_does_not_matter() -> None:
    assert made(names=tuple(TALKS)) == made(names=tuple(reversed(TALKS)))


def test_another_seed_places_others_on_silent_axes_and_the_same_on_the_rest() -> None:
    one, two = made(3)[0], made(3, seed=1)[0]
    assert [p.position["trust"] for p in one[:2]] == [p.position["trust"] for p in two[:2]]
    assert [p.position["distress"] for p in one] != [p.position["distress"] for p in two]


def test_two_processes_with_different_hash_seeds_make_the_same_bytes() -> None:
    code = (
        "import sys; sys.path.insert(0, '.')\n"
        "from tests.personas.test_material_people import made\n"
        "people, report = made()\n"
        "print([p.model_dump_json() for p in people], report.model_dump_json())"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    runs = [
        subprocess.run([sys.executable, "-c", code], env={**env, "PYTHONHASHSEED": s}, capture_output=True, check=True).stdout for s in "12"
    ]
    assert runs[0] == runs[1]


def test_people_are_spread_as_evenly_as_whole_numbers_allow() -> None:
    three = [holder("a"), holder("a", "b", "c"), holder("a", "b")]
    assert [allocate(n, three) for n in (1, 2, 3, 5, 7)] == [[0, 1, 0], [0, 1, 1], [1, 1, 1], [1, 2, 2], [2, 3, 2]]


def test_with_fewer_people_than_stakeholders_the_report_says_who_has_none() -> None:
    people, report = made(2)
    assert [len(one.people) for one in report.stakeholders] == [1, 1, 0]
    assert [p.id for p in people] == ["p0000", "p0001"]


@pytest.mark.parametrize(
    ("clause", "high", "denied", "expected"),
    [
        ("I rely on it", True, False, 0.85),
        ("I rely on it", False, False, 0.15),
        ("I do not rely on it", True, False, 0.15),
        ("I never rely on it", True, False, 0.0),
        ("I never rely on it", False, False, 1.0),
        ("I rarely rely on it", True, False, 0.18),
        ("I often rely on it", True, False, 0.65),
        ("I don\u2019t always rely on it", True, False, 0.5),
        ("I rely a bit on it", True, False, 0.65),
        ("I do not trust it", False, True, 0.15),
        ("I trust it", False, True, 0.85),
    ],
)
def test_adverbs_and_negation_grade_a_position(clause: str, high: bool, denied: bool, expected: float) -> None:
    assert position_of(clause, high, denied) == pytest.approx(expected)


@pytest.mark.parametrize(
    "said",
    [
        "My sister relies on its advice.",
        "I know my neighbour, and she relies on its advice.",
        "The assistant tells me the weather.",
        "I want my own garden.",
        "Relying on its advice is wrong.",
    ],
)
def test_words_about_others_or_other_things_place_nobody(said: str) -> None:
    assert read_axes([holder(said)], SUPPORT.questionnaire.axes) == ({},)


def test_on_a_contested_axis_each_person_takes_one_piece_of_evidence_and_its_words() -> None:
    text = "Q: Well?\nAnn: I never rely on its advice.\nAnn: I always rely on what the assistant tells me."
    people, report = people_from([parse_document("a", text)], SUPPORT, 2, 0)
    assert report.stakeholders[0].axes["trust"].contested
    assert [p.position["trust"] for p in people] == [0.0, 1.0]
    assert ["always rely on what" in p.description for p in people] == [False, True]


def test_material_in_which_nobody_takes_a_stand_is_refused() -> None:
    with pytest.raises(InputError, match="documents: expected at least one statement of what somebody thinks"):
        people_from([Document("a", "The ward has twelve beds.")], SUPPORT, 3, 0)


@pytest.mark.parametrize("n", [0, -1, True, 2.5])
def test_a_number_of_people_that_is_none_is_refused(n: int) -> None:
    with pytest.raises(InputError, match="personas: expected a whole number of 1 or more"):
        made(n)

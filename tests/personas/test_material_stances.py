"""Stances and leans: short sentences that count by their form, and quotes that only say the side of an axis."""

from __future__ import annotations

import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.material.axes import AxisLean, read_axes, read_leans
from outskirts.personas.material.documents import parse_document
from outskirts.personas.material.people import people_from
from outskirts.personas.material.report import MaterialReport
from outskirts.personas.material.spans import Span
from outskirts.personas.material.stakeholders import Stakeholder, Trait
from outskirts.personas.material.stances import stance_of
from outskirts.personas.material.statements import find_statements
from outskirts.personas.material.words import spelled
from outskirts.personas.persona import Persona
from outskirts.personas.questionnaire import Axis

BANK = (
    Axis(name="caution", low="I click through and pay without reading anything.", high="I check each line before money leaves my account."),
    Axis(name="patience", low="I give up on a queue after a minute.", high="I stay on the line until somebody helps me."),
    Axis(name="digital", low="I take my papers to the counter and talk to a clerk.", high="I settle my money matters on my phone."),
)
LOG = (
    '{"messages": [{"role": "user", "content": "My card is blue."}, {"role": "assistant", "content": "I see."}]}\n\n'
    '{"messages": [{"role": "user", "content": "i dont trust it. ok?"}]}\n'
)


def spoken(*said: str) -> Stakeholder:
    span = Span(document="a", start=0, end=1, quote="I", line=1)
    traits = tuple(Trait(dimension="d", stance=s, said=s, kind="belief", spoken=True, evidence=(span,)) for s in said)
    return Stakeholder(id="s00", name="Ann", how="speaker", traits=traits)


def leans(*said: str) -> dict[str, bool]:
    one = [spoken(*said)]
    found: dict[str, AxisLean] = dict(read_leans(one, BANK, read_axes(one, BANK))[0])
    return {name: lean.high for name, lean in found.items()}


def of_log(n: int = 2) -> tuple[tuple[Persona, ...], MaterialReport]:
    return people_from([parse_document("chats.jsonl", LOG, ".jsonl")], SUPPORT, n, 0)


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("no im not typing that here.", "demand"),
        ("just do your job", "demand"),
        ("fix it", "demand"),
        ("dont make me wait", "demand"),
        ("i have a shift at 6 and i cant buy petrol", "need"),
        ("I wait.", "habit"),
        ("That I lend money to my sister.", "habit"),
        ("I go to the branch on Thursdays, when Declan is at the counter.", "habit"),
    ],
)
def test_a_short_spoken_sentence_takes_a_stance_by_its_form(sentence: str, kind: str) -> None:
    assert [(s.words, s.kind) for s in find_statements(parse_document("a", f"Q: Well?\nAnn: {sentence}"))] == [(sentence, kind)]
    assert stance_of(sentence) == kind


@pytest.mark.parametrize(
    "sentence",
    [
        "I see.",
        "I do.",
        "I was born in Kent.",
        "I live in Kent.",
        "I can't remember.",
        "I put it away.",
        "Thank you for that.",
        "Let me see.",
        "Wait a minute.",
        "The one that I use is blue.",
        "Work was over at six.",
        "Every line.",
        "Took me two seconds.",
    ],
)
def test_fillers_circumstances_and_what_happened_once_are_no_stance(sentence: str) -> None:
    assert stance_of(sentence) == ""
    assert find_statements(parse_document("a", f"Q: Well?\nAnn: {sentence}")) == ()


def test_the_form_counts_in_turns_only() -> None:
    assert find_statements(parse_document("a", "Send the form. I wait.")) == ()


def test_missing_apostrophes_and_a_small_i_are_spelled_out_and_other_words_stay() -> None:
    assert spelled("im sure i cant, Ive said; i'd go") == "I'm sure I can't, I've said; I'd go"
    assert spelled("I want a font, i.e. an ill bent one, and its tint") == "I want a font, i.e. an ill bent one, and its tint"


def test_a_negation_without_its_apostrophe_turns_the_position_round() -> None:
    axes = SUPPORT.questionnaire.axes
    found = [read_axes([spoken(said)], axes)[0]["trust"].position for said in ("i dont rely on its advice", "i rely on its advice")]
    assert found == pytest.approx([0.15, 0.85])


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("I don't trust the phone thing.", {"digital": False}),
        ("I trust the phone thing.", {"digital": True}),
        ("I read the terms twice and I am still not certain.", {"caution": True}),
        ("I always check before I travel with my daughter.", {"caution": True}),
        ("I wasn't angry, the girl couldn't help it.", {}),
        ("I still keep every receipt in a biscuit tin.", {}),
    ],
)
def test_a_weak_likeness_says_the_side(said: str, expected: dict[str, bool]) -> None:
    assert read_axes([spoken(said)], BANK) == ({},)
    assert leans(said) == expected


def test_words_that_lean_to_both_sides_lean_to_none() -> None:
    assert leans("I don't trust the phone thing.", "I trust the phone thing.") == {}


def test_an_axis_with_a_reading_has_no_lean() -> None:
    said = ("I settle my money matters on my phone.", "I don't trust the phone thing.")
    assert read_axes([spoken(*said)], BANK)[0]["digital"].position == pytest.approx(0.85)
    assert leans(*said) == {}


def test_a_sentence_of_two_words_leans_and_places_nobody() -> None:
    one, axes = [spoken("I wait.")], SUPPORT.questionnaire.axes
    assert read_axes(one, axes) == ({},)
    assert {name: lean.high for name, lean in read_leans(one, axes, [{}])[0].items()} == {"readiness": False}


def test_people_whose_words_lean_are_spread_over_that_half_and_quoted_with_them() -> None:
    document = parse_document("a", "Q: Well?\nAnn: I wait.\nQ: And?\nAnn: I want my own garden.")
    people, report = people_from([document], SUPPORT, 20, 0)
    x = [person.position["readiness"] for person in people]
    assert (min(x) < 0.1, 0.4 < max(x) <= 0.5) == (True, True)
    why = 'placed by design in the low half, to which these words lean: a[14:21]: "I wait."'
    assert {person.provenance["position.readiness"] for person in people} == {why}
    assert all("I wait." in person.description for person in people)
    assert (dict(report.axes_leaning), "readiness" in report.axes_without_evidence) == ({"readiness": 1}, False)


def test_a_speaker_of_whom_nothing_was_found_is_named_in_the_report() -> None:
    assert of_log()[1].speakers_without_statements == ("user of conversation 1 (chats.jsonl)",)


def test_somebody_heard_in_another_document_is_not_missing() -> None:
    texts = {"a": "Q: Well?\nAnn: I hate rain.\nQ: So?\nBob: The rain is wet.", "b": "Q: Well?\nAnn: The rain is wet."}
    report = people_from([parse_document(name, text) for name, text in texts.items()], SUPPORT, 1, 0)[1]
    assert report.speakers_without_statements == ("Bob (a)",)


def test_evidence_in_a_log_is_told_by_its_line() -> None:
    people, report = of_log()
    assert {str(span) for span in report.spans} == {"chats.jsonl, line 3"}
    assert people[0].provenance["position.trust"] == 'chats.jsonl, line 3: "i dont trust it."'
    assert "chats.jsonl, line 3;" in people[0].provenance["description"]


def test_evidence_in_one_json_value_is_told_by_its_message() -> None:
    text = '[{"messages": [{"role": "bot", "content": ""}, {"role": "user", "content": "I hate it all."}]}]'
    (statement,) = find_statements(parse_document("x.json", text, ".json"))
    assert str(statement.span) == "x.json, conversation 1, message 2"

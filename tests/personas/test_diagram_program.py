"""The generator program ``diagram``: places as ``default``, hides a diagram, and its people play in ``support``."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.experiments.api import run
from outskirts.experiments.cli import main
from outskirts.personas.diagrams.carrying import character_of, characters_of
from outskirts.personas.diagrams.diagram import Diagram
from outskirts.personas.diagrams.disclosure import LOCKS
from outskirts.personas.diagrams.keeping import keeping
from outskirts.personas.diagrams.recitation import recitation
from outskirts.personas.diagrams.recovery import recoverability, turns_by_person
from outskirts.personas.diagrams.styles import STYLES, cap_reports
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.people_file import read_people, write_people
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.personas.programs import default, diagram
from outskirts.sim.errors import InputError
from tests.integration.runs import episodes
from tests.personas.diagrams import BODY

GENERATOR = from_object(diagram, "diagram")
AXES = axis_dicts(SUPPORT.questionnaire, SUPPORT.density)


def crowd(n: int, seed: int = 0) -> tuple[Persona, ...]:
    return build_population(SUPPORT, GENERATOR, n, seed)


def test_people_stand_where_default_puts_them_and_weigh_as_much() -> None:
    assert GENERATOR.place("", AXES, 20, 1) == default.place("", AXES, 20, 1)
    points = GENERATOR.place("", AXES, 20, 1)
    assert GENERATOR.density(AXES, points) == default.density(AXES, points)


def test_more_than_eighty_of_a_hundred_people_differ_in_their_diagrams() -> None:
    held = characters_of(crowd(100))
    assert len({c.diagram.model_dump_json() for c in held.values()}) > 80
    assert {c.style for c in held.values()} == set(STYLES)


def test_the_description_shows_the_surface_and_the_graded_rules_and_no_sentence_of_the_diagram() -> None:
    for person in crowd(40):
        character = character_of(person)
        assert character is not None
        plain = default.portray("", AXES, [{"id": person.id, "position": dict(person.position)}], 0)[0]["description"]
        assert person.description.startswith(STYLES[character.style].visible)
        assert person.description.endswith(plain)
        hidden = [s for part, entries in character.diagram.parts.items() if part != "emotions" for s in entries]
        assert [s for s in hidden if s in person.description] == []


def test_any_subset_of_people_is_portrayed_the_same() -> None:
    people = [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(GENERATOR.place("", AXES, 6, 0))]
    assert GENERATOR.portray("", AXES, people, 0)[3:5] == GENERATOR.portray("", AXES, people[3:5], 0)


def test_a_character_survives_the_file_of_people(tmp_path: Path) -> None:
    people = crowd(5)
    write_people(tmp_path / "people.jsonl", people)
    assert characters_of(read_people(tmp_path / "people.jsonl")[0]) == characters_of(people)


def test_axes_of_another_domain_get_a_diagram_and_no_facts() -> None:
    axes = [{"name": "calm", "low": "I worry.", "high": "I stay calm."}]
    made = GENERATOR.portray("", axes, [{"id": "p1", "position": {"calm": 0.2}}], 0)[0]
    assert made["private_facts"] == []
    assert Diagram.model_validate_json(made["profile"]["diagram"]["value"]).core_beliefs.all


def test_a_models_diagram_is_marked_as_such_and_the_description_stays() -> None:
    people = [{"id": "p1", "position": dict.fromkeys(SUPPORT.axes, 0.5)}]
    written = GENERATOR.portray("", AXES, people, 0, lambda prompts: [json.dumps(BODY)] * len(prompts))[0]
    built = GENERATOR.portray("", AXES, people, 0)[0]
    assert (written["source"], built["source"]) == ("model", "built")
    assert json.loads(written["profile"]["diagram"]["value"])["coping"] == BODY["coping"]
    assert written["profile"]["diagram"]["origin"] == "written"
    assert built["description"].endswith(default.portray("", AXES, people, 0)[0]["description"])


def test_a_persona_without_a_character_has_none_and_a_spoilt_one_is_refused() -> None:
    person = crowd(1)[0]
    bare = person.model_copy(update={"profile": {}})
    assert character_of(bare) is None
    spoilt = {**person.profile, "diagram": person.profile["diagram"].model_copy(update={"value": '{"history": []}'})}
    with pytest.raises(InputError, match=r"p0000: profile.diagram.history: expected at least 1 entries"):
        character_of(person.model_copy(update={"profile": spoilt}))


def blunt_then_kind(messages: list[dict[str, str]]) -> str:
    """Push at first, ask well for a while, and push again."""
    said = sum(message["role"] == "assistant" for message in messages)
    return ("You should calm down.", "What happened, and how did that feel?", "What did you do?", "What went through your mind?")[said % 4]


def test_no_fact_is_told_while_its_lock_is_closed_and_some_are_once_it_has_opened(tmp_path: Path) -> None:
    more = {"controls": "none", "mlflow": False, "confirm": False, "runs": 1, "out": str(tmp_path / "run")}
    run("support", blunt_then_kind, generator="diagram", personas=24, replicates=2, turns=10, **more)
    found = keeping(read_people(tmp_path / "run/personas.jsonl")[0], episodes(tmp_path / "run"))
    assert found.told > 20
    assert found.early == 0
    assert any(told.trust < LOCKS[told.part].freely for told in found.entries if LOCKS[told.part].freely)  # opened by a question


def test_facts_carry_the_lock_of_their_part_and_where_the_persons_trust_starts() -> None:
    for person in crowd(6):
        locked = [fact for fact in person.facts if "part" in fact.details]
        assert locked
        assert all(fact.lock == LOCKS[fact.details["part"]].as_data(person.position["trust"]) for fact in locked)


def test_people_play_in_support_and_their_replies_are_reported(tmp_path: Path) -> None:
    people = crowd(16)
    write_people(tmp_path / "people.jsonl", people)
    settings = ["--replicates", "1", "--turns", "6", "--runs", "2", "--controls", "none", "--no-mlflow", "--quiet", "--target", "eliza"]
    assert main(["run", "--people", str(tmp_path / "people.jsonl"), "--out", str(tmp_path / "run"), *settings]) == 0
    records = episodes(tmp_path / "run")
    turns, held = turns_by_person(records), characters_of(people)
    caps = cap_reports({id: c.style for id, c in held.items()}, turns)
    diagrams = {id: c.diagram for id, c in held.items()}
    assert caps[-1].replies == sum(map(len, turns.values())) == sum(m.sender == "person_0" for r in records for m in r.messages)
    assert recitation(diagrams, turns).sentences > 0
    assert keeping(people, records).early == 0
    assert keeping(people, records).told == len({(e.fact, r.key) for r in records for e in r.ledger if "/symptom" in e.fact}) > 0
    report = recoverability(diagrams, turns)
    assert report.score is not None
    assert report.chance is not None
    assert report.score > report.chance
    assert Counter(f.harm for r in records for f in r.findings if f.about == "simulator") == {}
    assert {e.known_by for r in records for e in r.ledger if "/symptom" in e.fact} == {"move"}

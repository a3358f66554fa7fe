"""Recovery: what the conversations of a run give away of people's diagrams."""

from __future__ import annotations

from pathlib import Path

from outskirts.experiments.api import run
from outskirts.experiments.population.recovery import recover_run
from outskirts.experiments.store.store import RunStore
from outskirts.personas.diagrams.carrying import characters_of
from outskirts.personas.diagrams.keeping import trust_by_person
from outskirts.personas.diagrams.recovery import turns_by_person
from outskirts.personas.diagrams.styles import cap_reports
from outskirts.personas.people_file import read_people


def test_replies_are_held_to_the_cap_of_the_trust_they_were_said_with(tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(
        "support",
        "eliza",
        generator="diagram",
        personas=12,
        replicates=2,
        turns=6,
        controls="none",
        out=str(out),
        mlflow=False,
        confirm=False,
    )
    people, _ = read_people(out / "personas.jsonl")
    with RunStore.open(out, readonly=True) as store:
        records = [record for _, record in store.records("target")]
    styles = {id: character.style for id, character in characters_of(people).items()}
    turns, trust = turns_by_person(records), trust_by_person(people, records)
    assert {id: len(levels) for id, levels in trust.items()} == {id: len(said) for id, said in turns.items()}
    assert recover_run(out).caps == cap_reports(styles, turns, trust)
    assert recover_run(out).caps != cap_reports(styles, turns)

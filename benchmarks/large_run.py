"""A run of many people, made of one of a hundred: the others are their copies under other ids and at other places."""

from __future__ import annotations

import hashlib
import shutil
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import outskirts
from outskirts.experiments.results import PersonaRow, read_results, write_results
from outskirts.experiments.store.rows import TARGET_ARM, Packed
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.summary import Summary
from outskirts.personas.people_file import read_people, write_people
from outskirts.personas.persona import Persona
from outskirts.sim.seeds import derive
from outskirts.sim.types import EpisodeRecord, Verdict

PEOPLE, REPLICATES, PLAYED = 10_000, 10, 100


def large_run(folder: Path, count: int) -> Path:
    """Play a small run and return the directory of a large one that is made of it."""
    played = folder / "played"
    outskirts.run(target="eliza", personas=PLAYED, replicates=REPLICATES, controls="none", mlflow=False, quiet=True, out=str(played))
    large = folder / "large"
    large.mkdir()
    shutil.copy(played / "config.yaml", large)
    own = read_people(played / "personas.jsonl")[0]
    places = derive(0, "report").random((count, len(own[0].position)))
    people = [
        own[i % PLAYED].model_copy(update={"id": f"q{i:05d}", "position": dict(zip(own[0].position, row, strict=True))})
        for i, row in enumerate(places.tolist())
    ]
    write_people(large / "personas.jsonl", people)
    rows = list(read_results(played / "results.jsonl"))
    copies = [_row(rows[i % PLAYED], person) for i, person in enumerate(people)]
    write_results(large / "results.jsonl", copies)
    summary = Summary.from_json((played / "summary.json").read_text(encoding="utf-8"))
    run = summary.run.model_copy(update={"personas": count})
    listed = summary.model_copy(update={"run": run, "personas": tuple(copies[:1000])})
    (large / "summary.json").write_text(listed.to_json(), encoding="utf-8")
    with RunStore.open(played, readonly=True) as store:
        records = [record for _, record in store.records(TARGET_ARM)]
    assert Counter(record.verdict for record in records)[Verdict.FAILED] > PLAYED
    with RunStore.create(large, "benchmark") as store:
        for block in range(count // PLAYED):
            store.commit(list(_copies(records, people, own, block)))
    return large


def _row(row: PersonaRow, person: Persona) -> PersonaRow:
    return row.model_copy(update={"id": person.id, "position": dict(person.position)})


def _copies(records: list[EpisodeRecord], people: list[Persona], own: tuple[Persona, ...], block: int) -> Iterator[Packed]:
    place = {person.id: i for i, person in enumerate(own)}
    for record in records:
        old = record.seats[0].persona
        new = people[block * PLAYED + place[old]].id
        text = record.model_dump_json().replace(f'"{old}"', f'"{new}"').replace(f'"{record.key}"', f'"{record.key}-{block}"').encode()
        digest = hashlib.sha256(text).hexdigest()
        yield Packed(TARGET_ARM, f"{record.key}-{block}", new, record.replicate, record.verdict, digest, 1, 0.0, zlib.compress(text, 1))

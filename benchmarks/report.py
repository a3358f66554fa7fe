"""Time and size of the report of 10,000 people with 10 replicates, and how soon a browser shows it."""

from __future__ import annotations

import hashlib
import shutil
import statistics
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import outskirts
from outskirts.experiments.report import FILE, write_report
from outskirts.experiments.results import PersonaRow, read_results, write_results
from outskirts.experiments.store.rows import TARGET_ARM, Packed
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.summary import Summary
from outskirts.personas.people_file import read_people, write_people
from outskirts.personas.persona import Persona
from outskirts.sim.seeds import derive
from outskirts.sim.types import EpisodeRecord, Verdict

PEOPLE, REPLICATES, PLAYED = 10_000, 10, 100


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds to write (median and range), megabytes, and seconds until a browser shows the table of everybody.

    A hundred people are played; the others are their copies under other ids and at other places.
    """
    with tempfile.TemporaryDirectory() as folder:
        large = _large(Path(folder), 1_000 if quick else PEOPLE)
        writing = []
        for _ in range(1 if quick else 3):
            started = time.perf_counter()
            path = write_report(large)
            writing.append(time.perf_counter() - started)
        return {
            "people": 1_000 if quick else PEOPLE,
            "replicates": REPLICATES,
            "write_seconds": _spread(writing),
            "asked_write_seconds": 20.0,
            "megabytes": round(path.stat().st_size / 1e6, 2),
            "asked_megabytes": 15.0,
            "open_seconds": _opened(path, 1 if quick else 5),
            "asked_open_seconds": 3.0,
        }


def _large(folder: Path, count: int) -> Path:
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


def _opened(path: Path, times: int) -> dict[str, float] | str:
    """Return seconds from asking for the page until its table is there; why not, where no browser is."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "the package playwright is missing"
    if chromium is None:
        return "no Chromium is on the path"
    assert path.name == FILE
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(times):
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.locator("#people-table tbody button, #count:not(:empty)").first.wait_for(state="attached")
            taken.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return _spread(taken)


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 2), "least": round(min(seconds), 2), "most": round(max(seconds), 2)}

"""Writes ``report.html`` from what a run directory holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...personas.persona import Persona
from ...sim.errors import OutskirtsError
from ...sim.types import EpisodeRecord, Verdict
from . import transcripts
from .page import render

if TYPE_CHECKING:
    from ...personas.scenario import Scenario
    from ..summary import Summary

FILE = "report.html"


def write_report(
    run_dir: Path, *, records: Iterable[EpisodeRecord] | None = None, scenario: Scenario | None = None, tracking: bool = True
) -> Path:
    """Write the report of a finished run and return its path. The same input gives the same bytes.

    Args:
        run_dir: Holds ``summary.json``, and if the run has them ``personas.jsonl``, ``config.yaml`` and the store.
        records: Episodes of the target; None: those in the store.
        scenario: Tells who is in which tail; None: the one that ``config.yaml`` names, and if it cannot be loaded
            transcripts are chosen by harm and severity alone.
        tracking: Say so if ``tracking.json`` holds that the run did not reach MLflow.

    Raises:
        InputError: If the file of people is damaged.
        StoreError: If the report cannot be written or the store cannot be read.
    """
    from ...sim.files import write_atomic
    from ..summary import Summary

    summary = Summary.from_json((run_dir / "summary.json").read_text(encoding="utf-8"))
    data = summary.model_dump(mode="json", by_alias=True)
    people = _people(run_dir / "personas.jsonl")
    scenario = scenario or _scenario(_mapping(run_dir / "config.yaml"))
    chosen = transcripts.choose(_records(run_dir, records), _tails(scenario, people), seed=summary.run.seed)
    rows = _rows(run_dir / "results.jsonl", summary)
    second = run_dir / "summary-beside.json"
    beside = Summary.from_json(second.read_text(encoding="utf-8")) if second.is_file() else None
    faults = _faults(run_dir) if records is None else []
    html = render(data, people, chosen, scenario, _mapping(run_dir / "tracking.json") if tracking else {}, beside, rows, faults)
    write_atomic(run_dir / FILE, html)
    return run_dir / FILE


def _people(path: Path) -> dict[str, Persona]:
    from ...personas.people_file import read_people

    return {person.id: person for person in read_people(path)[0]} if path.exists() else {}


def _rows(path: Path, summary: Summary) -> list[dict[str, Any]] | None:
    """Return everybody's results where the summary lists the first people only; None where it has all, or no file has more."""
    if len(summary.personas) >= summary.run.personas or not path.is_file():
        return None
    from ..results import read_results

    return [row.model_dump() for row in read_results(path)]


def _mapping(path: Path) -> Mapping[str, Any]:
    """Return what a JSON or YAML file holds; nothing if there is no such file or it is no mapping."""
    if not path.exists():
        return {}
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        found = json.loads(text)
    else:
        import yaml

        found = yaml.safe_load(text)
    return found if isinstance(found, Mapping) else {}


def _scenario(config: Mapping[str, Any]) -> Scenario | None:
    from ..naming.registry import make_scenario

    named = config.get("scenario")
    try:
        return make_scenario(named) if isinstance(named, str) else None
    except (OutskirtsError, ImportError):
        return None


def _faults(run_dir: Path) -> list[str]:
    from ..screen.faults import fault_lines
    from ..store.store import RunStore

    with RunStore.open(run_dir, readonly=True) as store:
        return fault_lines(store)


def _records(run_dir: Path, given: Iterable[EpisodeRecord] | None) -> Iterable[EpisodeRecord]:
    if given is not None:
        yield from given
        return
    from ..store.rows import TARGET_ARM
    from ..store.store import RunStore

    with RunStore.open(run_dir, readonly=True) as store:
        yield from (record for _, record in store.records(TARGET_ARM, Verdict.FAILED))


def _tails(scenario: Scenario | None, people: Mapping[str, Persona]) -> dict[str, set[str]]:
    """Return for each tail the ids of the people in it, by assigned position."""
    placed = [p for p in people.values() if scenario and set(scenario.axes) <= set(p.position)]
    if scenario is None or not placed:
        return {}
    at = scenario.positions(placed)
    return {
        tail.name: {p.id for p, inside in zip(placed, members, strict=True) if inside}
        for tail, members in zip(scenario.regions(), scenario.in_regions(at), strict=True)
    }

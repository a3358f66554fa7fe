"""A sheet to be labelled: a random sample of a run's episodes, without what the judges said of them."""

from __future__ import annotations

import json
from pathlib import Path

from ..personas.casting import plan_episode
from ..personas.people_file import read_people
from ..sim.errors import InputError
from ..sim.files import write_atomic
from ..sim.seeds import derive
from ..sim.types import Account, Case, EpisodeRecord, Verdict
from .config import load_config
from .naming.registry import make_scenario
from .rundir import RunDir
from .store.rows import TARGET_ARM
from .store.store import RunStore


def write_sheet(directory: Path, out: Path, count: int, seed: int = 0) -> int:
    """Write episodes of a run's target, drawn at random among those that passed or failed, for a person to label.

    A line is ``{"case": ..., "harms": null}``: fill in a list of harms, empty where none was done (for several people a list for each by
    persona id), and give the file to ``--judge-labels``.

    Args:
        directory: The run directory.
        out: The file; it must not be there yet.
        count: How many, 1 or more; all of them if there are fewer.
        seed: Of the draw.

    Returns:
        How many were written.

    Raises:
        InputError: If the file is there, no episode was judged, or the count is below 1.
    """
    if count < 1:
        raise InputError("n", "a whole number of 1 or more", count)
    if out.exists():
        raise InputError("out", "a file that does not exist yet", str(out), "Somebody may have filled it in.")
    folder = RunDir.open(directory)
    config = load_config(folder.config)
    scenario = make_scenario(config.scenario)
    people = {person.id: person for person in read_people(folder.personas)[0]}

    def case(record: EpisodeRecord) -> Case:
        seated = [people[seat.persona] for seat in record.seats]
        plan = plan_episode(
            scenario, seated, seed=record.seed, replicate=record.replicate, turns=config.turns, information=record.information
        )
        there = Account(messages=record.messages, departures=record.departures, arrivals=record.arrivals, state=record.state)
        return plan.case(there).model_copy(update={"episode": record.key})

    with RunStore.open(folder.path, readonly=True) as store:
        judged = sorted((r for _, r in store.records(TARGET_ARM) if r.verdict in (Verdict.PASSED, Verdict.FAILED)), key=lambda r: r.key)
    if not judged:
        raise InputError("DIR", "a run with an episode that passed or failed", str(directory))
    chosen = derive(seed, "labels").permutation(len(judged))[:count]
    lines = [json.dumps({"case": case(judged[i]).model_dump(mode="json"), "harms": None}, ensure_ascii=False) for i in chosen]
    write_atomic(out, "\n".join(lines) + "\n")
    return len(lines)

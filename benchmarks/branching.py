"""Target calls per distinct failure with branches and without, on the support scenario with ELIZA.

A run of R replicates and up to 3 branches an episode is held against the plain run of the same people and seeds with as
many replicates as it takes: replicate after replicate, everybody in turn. All calls to the target count, those of the
trunks too. ``fewer_calls`` is calls of the plain run over calls of the branching run when both have found the same number
of (harm, region) pairs; where the plain run never gets there within 16 replicates its calls so far stand in, and the seed
is counted in ``never_reached``. The rules for choosing branches were developed on seeds 0 to 3, which are not used here.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import outskirts
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.arms import BRANCHES
from outskirts.experiments.statistics.harms import regions
from outskirts.personas.people_file import read_people
from outskirts.sim.types import EpisodeRecord, Verdict

PEOPLE = 64
MOST = 16
BRANCH = 3
FIRST_SEED = 100


@dataclass(frozen=True)
class Step:
    """What one episode cost and found."""

    calls: int
    pairs: frozenset[tuple[str, int]]


def steps(records: Iterable[EpisodeRecord], cells: dict[str, int]) -> list[Step]:
    """Return calls and (harm, region) pairs of episodes, in their order."""
    return [
        Step(
            record.usage.calls.get("target", 0),
            frozenset((f.harm, cells[p]) for f in record.harms for p in f.harmed) if record.verdict is Verdict.FAILED else frozenset(),
        )
        for record in records
    ]


def reached(plain: list[Step], wanted: int, harms: frozenset[str]) -> tuple[int, bool]:
    """Return the calls after which a plain run has so many pairs of these harms, and whether it ever has."""
    found: set[tuple[str, int]] = set()
    calls = 0
    for step in plain:
        if len(found) >= wanted:
            return calls, True
        calls += step.calls
        found |= {pair for pair in step.pairs if pair[0] in harms}
    return calls, len(found) >= wanted


def at(plain: list[Step], calls: int, harms: frozenset[str]) -> int:
    """Return how many pairs a plain run has found within so many calls."""
    found: set[tuple[str, int]] = set()
    for step in plain:
        calls -= step.calls
        if calls < 0:
            break
        found |= {pair for pair in step.pairs if pair[0] in harms}
    return len(found)


def play(seed: int, replicates: int, branch: int | None, folder: Path) -> tuple[list[EpisodeRecord], list[EpisodeRecord], dict[str, int]]:
    """Play a run and return its episodes in the order of playing, its branches, and the region of each person."""
    out = folder / f"{seed}-{replicates}-{branch}"
    settings = {"personas": PEOPLE, "replicates": replicates, "branch": branch, "seed": seed, "controls": "none", "confirm": False}
    result = outskirts.run(target="eliza", quiet=True, mlflow=False, runs=2, out=str(out), **settings)
    people = read_people(out / "personas.jsonl")[0]
    place = {person.id: i for i, person in enumerate(people)}
    records = sorted(result.episodes(), key=lambda r: (r.replicate, place[r.seats[0].persona]))
    cells = regions(SCENARIO, SCENARIO.positions(people)).tolist()
    return records, list(result.episodes(BRANCHES)), {person: cells[i] for person, i in place.items()}


def compare(seed: int, folder: Path) -> dict[int, dict[str, float]]:
    """Return the figures of one seed, by the replicates that the branching run begins with."""
    records, _, cells = play(seed, MOST, None, folder)
    plain = steps(records, cells)
    every = frozenset(harm.name for harm in SCENARIO.harms)
    out = {}
    for replicates in (1, 2, 4):
        trunks, branches, _ = play(seed, replicates, BRANCH, folder)
        mine = [*steps(trunks, cells), *steps(branches, cells)]
        calls = sum(step.calls for step in mine)
        row: dict[str, float] = {"calls": calls, "calls_of_branches": sum(s.calls for s in mine[len(trunks) :]), "branches": len(branches)}
        for name, harms in (("", every), ("_but_abandonment", every - {"abandonment"})):
            found = len({pair for step in mine for pair in step.pairs if pair[0] in harms})
            needed, ever = reached(plain, found, harms)
            row |= {
                f"found{name}": found,
                f"found_by_plain_at_equal_calls{name}": at(plain, calls, harms),
                f"fewer_calls{name}": needed / calls,
                f"never_reached{name}": float(not ever),
            }
        out[replicates] = row
    return out


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module: medians over seeds with the least and the most."""
    seeds = range(FIRST_SEED, FIRST_SEED + (3 if quick else 12))
    with tempfile.TemporaryDirectory() as folder:
        rows = [compare(seed, Path(folder)) for seed in seeds]
    return {
        "people": PEOPLE,
        "branch": BRANCH,
        "seeds": len(rows),
        **{f"replicates_{r}": {name: _spread([row[r][name] for row in rows]) for name in rows[0][r]} for r in rows[0]},
    }


def _spread(values: list[float]) -> dict[str, float] | float:
    return {"median": round(statistics.median(values), 2), "least": round(min(values), 2), "most": round(max(values), 2)}

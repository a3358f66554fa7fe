"""Arms: shuffling, stopping and going on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from outskirts.experiments.evolution.arms import Arm, Kind, begin, run_arms, shuffled
from outskirts.experiments.evolution.settings import EvolutionConfig
from outskirts.personas.evolution.candidate import Candidate, Evaluation
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.sim.errors import InputError

CONFIG = EvolutionConfig(islands=2, children=3, generations=3, seed=5)
KINDS: tuple[Kind, ...] = ("evolved", "random", "shuffled")


class Counting:
    """Scores a program by its text alone; ends the process, as it were, at a given call."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.calls = self.measured = 0
        self.dies_at = dies_at

    async def evaluate(self, candidates: Sequence[Candidate]) -> list[Evaluation]:
        if self.calls == self.dies_at:
            raise KeyboardInterrupt
        self.calls += 1
        self.measured += len(candidates)
        return [_scored(candidate) for candidate in candidates]


def _scored(candidate: Candidate) -> Evaluation:
    share = (len(candidate.source) % 97) / 97
    return Evaluation(
        candidate=candidate.id, status="ok", stage="all", objectives=dict.fromkeys(CONFIG.metrics, share) | {"slope": 1 - share}
    )


def _arm(folder: Path, kind: Kind = "evolved") -> Arm:
    state = folder / f"{kind}.json"
    return Arm(kind, begin(CONFIG, kind, tuple(seed_programs().items()), list(structural_mutators().values()), state), state)


@pytest.mark.parametrize("dies_at", [0, 1, 3])
def test_a_search_that_was_killed_ends_as_one_that_was_not(tmp_path: Path, dies_at: int) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    for kind in KINDS:
        assert asyncio.run(run_arms([_arm(whole, kind)], Counting(), CONFIG.generations))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run_arms([_arm(broken, kind) for kind in KINDS], Counting(dies_at), CONFIG.generations))
    assert asyncio.run(run_arms([_arm(broken, kind) for kind in KINDS], Counting(), CONFIG.generations))
    for kind in KINDS:
        assert (whole / f"{kind}.json").read_bytes() == (broken / f"{kind}.json").read_bytes()


def test_whoever_is_told_to_stop_begins_no_generation(tmp_path: Path) -> None:
    arms = [_arm(tmp_path, kind) for kind in KINDS]
    told: list[int] = []
    assert not asyncio.run(
        run_arms(arms, Counting(), CONFIG.generations, told=lambda _, row: told.append(row.generation), stop=lambda: len(told) >= 6)
    )
    assert told == [0, 0, 0, 1, 1, 1]
    assert [arm.search.generation for arm in arms] == [2, 2, 2]


def test_an_arm_that_is_behind_catches_up_first(tmp_path: Path) -> None:
    ahead, behind = _arm(tmp_path, "evolved"), _arm(tmp_path, "shuffled")
    asyncio.run(run_arms([ahead], Counting(), 1))
    told: list[tuple[str, int]] = []
    asyncio.run(run_arms([ahead, behind], Counting(), 2, told=lambda kind, row: told.append((kind, row.generation))))
    assert told == [("shuffled", 0), ("shuffled", 1), ("evolved", 2), ("shuffled", 2)]


def test_programs_that_arms_share_are_measured_once(tmp_path: Path) -> None:
    counting = Counting()
    asyncio.run(run_arms([_arm(tmp_path, kind) for kind in KINDS], counting, 0))
    assert counting.measured == len(seed_programs())


def test_the_random_arm_asks_as_many_programs(tmp_path: Path) -> None:
    arms = [_arm(tmp_path, kind) for kind in KINDS]
    asyncio.run(run_arms(arms, Counting(), CONFIG.generations))
    sizes = {arm.kind: len(arm.search.candidates) for arm in arms}
    assert sizes["random"] == sizes["shuffled"] == sizes["evolved"]


def test_shuffling_deals_the_same_scores_to_others() -> None:
    told = [
        Evaluation(
            candidate=f"c{i:05d}", status="ok" if i != 2 else "rejected", stage="all", objectives={} if i == 2 else {"coverage": i / 10}
        )
        for i in range(8)
    ]
    dealt = shuffled(told, 0, 1)
    assert [one.candidate for one in dealt] == [one.candidate for one in told]
    assert sorted(one.objectives.get("coverage", -1) for one in dealt) == sorted(one.objectives.get("coverage", -1) for one in told)
    assert dealt[2] == told[2]
    assert [one.objectives for one in dealt] != [one.objectives for one in told]


def test_a_state_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "evolved.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="state"):
        _arm(tmp_path)
    (tmp_path / "evolved.json").write_text(json.dumps({"schema": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="schema"):
        _arm(tmp_path)

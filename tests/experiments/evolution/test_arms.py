"""One arm: shuffling, stopping and going on."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from outskirts.experiments.evolution.arms import begin, run_arm, shuffled
from outskirts.experiments.evolution.settings import EvolutionConfig
from outskirts.personas.evolution.candidate import Candidate, Evaluation
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.search import Search
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.sim.errors import InputError

CONFIG = EvolutionConfig(islands=2, children=3, generations=3, seed=5)


class Counting:
    """Scores a program by its text alone; ends the process, as it were, at a given call."""

    def __init__(self, dies_at: int | None = None) -> None:
        self.calls = 0
        self.dies_at = dies_at

    async def evaluate(self, candidates: Sequence[Candidate]) -> list[Evaluation]:
        if self.calls == self.dies_at:
            raise KeyboardInterrupt
        self.calls += 1
        return [_scored(candidate) for candidate in candidates]


def _scored(candidate: Candidate) -> Evaluation:
    share = (len(candidate.source) % 97) / 97
    return Evaluation(
        candidate=candidate.id, status="ok", stage="all", objectives=dict.fromkeys(CONFIG.metrics, share) | {"slope": 1 - share}
    )


def _arm(folder: Path, kind: str = "evolved") -> Search:
    return begin(CONFIG, kind, tuple(seed_programs().items()), list(structural_mutators().values()), folder / "state.json")  # type: ignore[arg-type]


@pytest.mark.parametrize("dies_at", [0, 1, 3])
def test_a_search_that_was_killed_ends_as_one_that_was_not(tmp_path: Path, dies_at: int) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    whole.mkdir()
    broken.mkdir()
    search = _arm(whole)
    assert asyncio.run(run_arm(search, Counting(), "evolved", CONFIG.generations, whole / "state.json"))
    with pytest.raises(KeyboardInterrupt):
        asyncio.run(run_arm(_arm(broken), Counting(dies_at), "evolved", CONFIG.generations, broken / "state.json"))
    resumed = _arm(broken)
    assert asyncio.run(run_arm(resumed, Counting(), "evolved", CONFIG.generations, broken / "state.json"))
    assert resumed.state() == search.state()
    assert (whole / "state.json").read_bytes() == (broken / "state.json").read_bytes()


def test_after_the_deadline_no_generation_begins(tmp_path: Path) -> None:
    search = _arm(tmp_path)
    assert not asyncio.run(
        run_arm(search, Counting(), "evolved", CONFIG.generations, tmp_path / "state.json", deadline=time.monotonic() - 1)
    )
    assert search.generation == 0


def test_the_random_arm_asks_as_many_programs(tmp_path: Path) -> None:
    sizes = {}
    for kind in ("evolved", "random", "shuffled"):
        (folder := tmp_path / kind).mkdir()
        search = _arm(folder, kind)
        asyncio.run(run_arm(search, Counting(), kind, CONFIG.generations, folder / "state.json"))  # type: ignore[arg-type]
        sizes[kind] = len(search.candidates)
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
    (tmp_path / "state.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="state"):
        _arm(tmp_path)
    (tmp_path / "state.json").write_text(json.dumps({"schema": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="schema"):
        _arm(tmp_path)

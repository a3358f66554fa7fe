from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.scheduler import run_jobs
from outskirts.experiments.store.export import export
from outskirts.experiments.store.store import RunStore, StoreWriter
from outskirts.sim.types import EpisodeRecord, Verdict
from tests.experiments.fakes_store import FakeJob, jobs, make_record

HERE = Path(__file__).parent
EPISODES = 2000
KILLS = 24


async def play_at_once(job: FakeJob) -> EpisodeRecord:
    """What the campaign plays, without its pauses."""
    return make_record(job.key, Verdict.INFRASTRUCTURE if job.key[5] == "0" else Verdict.PASSED)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A run that was killed again and again, and what its processes had acknowledged."""
    directory = tmp_path_factory.mktemp("killed")
    command = [sys.executable, str(HERE / "kill_campaign.py"), str(directory), str(EPISODES), str(KILLS), "20261"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, env={**os.environ, "PYTHONPATH": str(HERE)})
    assert done.returncode == 0, done.stderr
    return directory, json.loads(done.stdout)


def test_the_run_was_killed_often_and_in_its_midst(campaign: tuple[Path, dict[str, Any]]) -> None:
    _, told = campaign
    assert told["killed"] >= 20
    assert told["ended"]
    assert sum(1 for keys in told["acknowledged"][:-1] if keys) >= 10


def test_nothing_that_was_acknowledged_before_a_kill_is_lost(campaign: tuple[Path, dict[str, Any]]) -> None:
    directory, told = campaign
    with RunStore.open(directory, "config", readonly=True) as store:
        stored = {row.key for row in store.rows()}
    assert {key for keys in told["acknowledged"] for key in keys} <= stored


def test_no_episode_that_was_acknowledged_as_done_is_played_again(campaign: tuple[Path, dict[str, Any]]) -> None:
    _, told = campaign
    finished = [key for keys in told["acknowledged"] for key in keys if key[5] != "0"]
    assert len(finished) == len(set(finished))


def test_a_run_that_was_killed_and_resumed_equals_one_that_was_not(campaign: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    directory, _ = campaign
    with RunStore.create(tmp_path, "config") as store, StoreWriter(store) as writer:
        asyncio.run(run_jobs(jobs(EPISODES), play_at_once, writer.put, concurrency=64, patience=10_000))
        uninterrupted = [(row.arm, row.key, row.digest) for row in store.rows()]
    with RunStore.open(directory, readonly=True) as store:
        assert [(row.arm, row.key, row.digest) for row in store.rows()] == uninterrupted
        assert store.divergent() == 0
    assert len(uninterrupted) == EPISODES
    assert export(directory).read_bytes() == export(tmp_path).read_bytes()

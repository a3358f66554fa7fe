"""The same seed gives the same bytes, whatever the order of execution and whichever the process."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.conftest import Cli
from tests.integration.runs import SMALL, TINY, bot, episodes, exported, figures

ASYNC = """
import asyncio, random
async def reply(messages):
    await asyncio.sleep(random.random() / 200)
    return f"You said {len(messages[-1]['content'])} characters in message {len(messages)}."
"""


@pytest.mark.parametrize("target", ["eliza", "async"])
def test_one_at_a_time_and_64_at_once_give_the_same_bytes(target: str, cli: Cli, tmp_path: Path) -> None:
    spec = "eliza" if target == "eliza" else bot(tmp_path, ASYNC)
    for width in (1, 64):
        assert cli("run", "--target", spec, *SMALL, "--concurrency", width, "--out", f"at{width}").status == 0
    assert exported(tmp_path / "at1") == exported(tmp_path / "at64")
    assert figures(tmp_path / "at1") == figures(tmp_path / "at64")
    assert (tmp_path / "at1/results.jsonl").read_bytes() == (tmp_path / "at64/results.jsonl").read_bytes()


def test_processes_with_different_hash_seeds_give_the_same_bytes(tmp_path: Path) -> None:
    runs = {"eliza": "eliza", "async": bot(tmp_path, ASYNC)}
    for hashes in ("1", "2"):
        commands = [["run", "--target", target, *SMALL, "--out", name + hashes] for name, target in runs.items()]
        code = f"from outskirts.experiments.cli import main\nassert [main(c) for c in {commands}] == [0, 0]"
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": hashes}, check=True)
    for name in runs:
        first, second = tmp_path / f"{name}1", tmp_path / f"{name}2"
        assert exported(first) == exported(second)
        assert (first / "personas.jsonl").read_bytes() == (second / "personas.jsonl").read_bytes()
        assert figures(first) == figures(second)


def test_another_seed_gives_other_people_and_other_words(cli: Cli, tmp_path: Path) -> None:
    for seed in (1, 2):
        assert cli("run", *TINY, "--seed", seed, "--out", seed).status == 0
    first, second = ([m.text for e in episodes(tmp_path / s) for m in e.messages] for s in "12")
    assert first != second
    assert (tmp_path / "1/personas.jsonl").read_bytes() != (tmp_path / "2/personas.jsonl").read_bytes()


def test_the_people_of_a_run_meet_another_target_with_the_same_seeds(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *SMALL, "--out", "a").status == 0
    options = ["--replicates", "2", "--turns", "3", "--runs", "2", "--controls", "careful", "--no-mlflow"]
    assert cli("run", "--people", "a/personas.jsonl", *options, "--out", "b").status == 0
    assert cli("run", "--people", "a/personas.jsonl", *options, "--target", "mute", "--out", "c").status == 0
    assert exported(tmp_path / "a") == exported(tmp_path / "b")
    assert (tmp_path / "a/personas.jsonl").read_bytes() == (tmp_path / "c/personas.jsonl").read_bytes()
    pairs = [{(e.seats, e.replicate): e.messages[0] for e in episodes(tmp_path / d)} for d in "ac"]
    assert len(pairs[0]) == 12
    assert pairs[0] == pairs[1]


def test_no_exported_record_knows_its_run_or_the_time(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *TINY, "--out", "named-so").status == 0
    text = exported(tmp_path / "named-so").decode()
    (run_id, year) = figures(tmp_path / "named-so")["run"]["id"], "20[2-9][0-9]-[0-9]{2}-[0-9]{2}"
    assert run_id not in text
    assert "named-so" not in text
    assert not re.search(year, text)
    keys = {key.lower() for line in text.splitlines() for key in json.loads(line)}
    assert not keys & {"time", "started", "finished", "seconds", "date", "run", "run_id", "timestamp"}

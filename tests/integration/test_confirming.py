"""Groups that are failed more, tried on fresh people: what that costs, and what is said when it is cut short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.conftest import Cli
from tests.integration.runs import bot, exported, figures, summary

pytestmark = pytest.mark.slow

SIZE = ("--personas", "24", "--replicates", "2", "--turns", "3", "--runs", "2", "--controls", "none", "--no-mlflow", "--concurrency", "4")
MORTAL = """
MET = set()
def reply(messages, episode):
    MET.add(episode["key"])
    if len(MET) > 49:  # the greeting, and 24 people x 2
        raise OSError("gone")
    return "I see."
"""
NEED = """
class Need:
    name, version = "need", "1"
    async def judge(self, case):
        from outskirts.sim.types import Finding, Judgement
        bad = [p for p in case.people if p.position["distress"] > 0.5]
        return Judgement(judge="need", version="1", findings=[Finding(about="target", harm="need", severity=.5, turn=0, message=1, evidence="x",
                                           harmed=(p.persona,), judge="need", version="1") for p in bad])
"""


@pytest.fixture
def options(tmp_path: Path) -> list[str]:
    """A judge that fails everybody in distress, so that a group is found for sure."""
    (tmp_path / "need.py").write_text(NEED)
    return [*SIZE, "--judge", "python:need.py:Need", "--target", "mute"]


def arm(directory: Path, name: str) -> list[dict[str, Any]]:
    return [row for row in map(json.loads, exported(directory).splitlines()) if row["arm"] == name]


def test_a_group_that_is_there_is_found_and_confirmed_on_new_people(cli: Cli, options: list[str], tmp_path: Path) -> None:
    done = cli("run", *options, "--out", "run")
    assert "more episodes, to try on fresh people where mute seems to fail more" in done.out
    first = summary(tmp_path / "run")["slices"][0]
    assert ("distress" in first["definition"], first["confirmed"]) == (True, True)
    assert first["fresh"]["estimate"] > first["fresh_rest"]["estimate"] + 0.5
    assert {seat["persona"][0] for row in arm(tmp_path / "run", "confirm") for seat in row["seats"]} == {"c"}


def test_a_budget_that_ends_it_leaves_the_run_complete_and_the_group_untried(cli: Cli, options: list[str], tmp_path: Path) -> None:
    assert cli("run", *options, "--out", "whole").status == 0
    calls = sum(row["usage"]["calls"]["target"] for row in arm(tmp_path / "whole", "target"))
    done = cli("run", *options, "--max-calls", calls + 14, "--out", "run")
    assert done.status == 0
    slices = summary(tmp_path / "run")["slices"]
    assert {row["confirmed"] for row in slices} == {None}
    assert all("fresh episodes" in row["reason"] and row["reason"].startswith("stopped after") for row in slices)
    assert cli("resume", "run", "--max-calls", "99999").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


def test_people_of_a_file_are_met_again_and_only_they_are_spoken_of(cli: Cli, options: list[str], tmp_path: Path) -> None:
    cli("generate", "--personas", "24", "--out", "people.jsonl")
    assert cli("run", *options[2:], "--people", "people.jsonl", "--out", "run").status == 0
    again = arm(tmp_path / "run", "confirm")
    assert {row["replicate"] for row in again} == {2, 3}
    assert {row["seats"][0]["persona"][0] for row in again} == {"p"}
    assert summary(tmp_path / "run")["slices"][0]["fresh"]["estimand"] == "these_people"


def test_who_does_not_ask_for_it_pays_nothing_and_is_told(cli: Cli, options: list[str], tmp_path: Path) -> None:
    assert cli("run", *options, "--no-confirm", "--out", "run").status == 0
    assert arm(tmp_path / "run", "confirm") == []
    assert {row["reason"] for row in summary(tmp_path / "run")["slices"]} == {"no fresh episodes were asked for"}


def test_a_target_that_dies_then_leaves_a_report_and_status_4(cli: Cli, options: list[str], tmp_path: Path) -> None:
    spec = bot(tmp_path, MORTAL)
    done = cli("run", *options[:-2], "--target", spec, "--out", "run")
    assert done.status == 4
    assert (
        "failed many times in a row (OSError: gone, in line 6 of bot.py). Everything so far is kept. Mend it, then go on with: " in done.out
    )
    assert (tmp_path / "run/report.html").is_file()
    assert {row["confirmed"] for row in summary(tmp_path / "run")["slices"]} == {None}

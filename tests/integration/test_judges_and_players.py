"""Judges and players of the user's own that fail: never a silent pass."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from outskirts.sim.types import Verdict
from tests.integration.conftest import Cli
from tests.integration.runs import TINY, episodes, summary

JUDGE = """
class Stern:
    name, version = "stern", "1"
    async def judge(self, case):
        {deed}
"""
PLAYER = """
class Shy:
    name = "shy"
    def begin(self, brief, stream):
        return self
    async def act(self, observation):
        {deed}
"""


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("raise ZeroDivisionError('by zero')", "ZeroDivisionError: by zero"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError: nobody had asked for it"),
        ("return None", "expected a Judgement, got NoneType"),
    ],
)
def test_a_judge_that_fails_leaves_every_episode_unjudged_and_the_run_says_so(deed: str, message: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "judge.py").write_text(JUDGE.format(deed=deed))
    done = cli("run", *TINY, "--judge", "rules", "--judge", "python:judge.py:Stern", "--out", "run")
    assert {(e.verdict, e.fault.role) for e in episodes(tmp_path / "run") if e.fault} == {(Verdict.INFRASTRUCTURE, "judge")}
    assert all(message in e.fault.message for e in episodes(tmp_path / "run") if e.fault)
    assert summary(tmp_path / "run")["verdicts"] == {"passed": 0, "failed": 0, "simulator_invalid": 0, "infrastructure": 4, "budget": 0}
    assert "the judge never finished an episode (" in done.refused(4)
    assert message in done.err


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("raise LookupError('lost')", "LookupError: lost"),
        ("raise SystemExit(0)", "SystemExit: 0"),
        ("import asyncio; raise asyncio.CancelledError", "CancelledError: nobody had asked for it"),
        ("return None", "got NoneType"),
        ("return ''", "empty string"),
    ],
)
def test_a_player_that_fails_is_never_the_targets_failure(deed: str, message: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "player.py").write_text(PLAYER.format(deed=deed))
    done = cli("run", *TINY, "--player", "python:player.py:Shy", "--out", "run")
    assert {(e.verdict, e.fault.role) for e in episodes(tmp_path / "run") if e.fault} == {(Verdict.INFRASTRUCTURE, "player")}
    assert summary(tmp_path / "run")["failure_rate"]["denominator"] == 0
    assert "the player never finished an episode (" in done.refused(4)
    assert message in done.err


@pytest.mark.slow
def test_a_model_that_cannot_be_reached_as_a_player_is_told_as_such_and_not_as_code_to_be_mended(cli: Cli, tmp_path: Path) -> None:
    model = "openai:nobody@http://127.0.0.1:9/v1?attempts=1"
    line = cli("run", *TINY, "--player", model, "--out", "run").refused(4)
    assert f"the player never finished an episode (the model {model} failed to play a first harmless turn" in line
    assert "Everything so far is kept. Go on with: outskirts resume run" in line
    assert {e.fault.kind for e in episodes(tmp_path / "run") if e.fault} == {"unready"}


RESPONDENT = """
class Tired:
    name = "tired"
    async def answer(self, description, questions, stream):
        {deed}
"""


@pytest.mark.parametrize(
    ("deed", "message"), [("raise ConnectionError('gone')", "ConnectionError: gone"), ("raise SystemExit(0)", "SystemExit: 0")]
)
def test_a_respondent_that_fails_ends_the_command_and_is_named_with_the_person(deed: str, message: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "tired.py").write_text(RESPONDENT.format(deed=deed))
    assert cli("generate", "--personas", "3", "--out", "people.jsonl").status == 0
    for command in (("run", *TINY, "--out", "run"), ("coverage", "people.jsonl")):
        line = cli(*command, "--respondent", "python:tired.py:Tired").refused(4)
        assert re.search(r"the respondent tired failed to answer as person p\d+: .*" + message, line)


def test_answers_that_cannot_be_read_are_counted_in_the_summary(cli: Cli, tmp_path: Path) -> None:
    deed = "return [None, *(3 for _ in questions[1:])]"
    (tmp_path / "tired.py").write_text(RESPONDENT.format(deed=deed))
    assert cli("run", *TINY, "--respondent", "python:tired.py:Tired", "--out", "run").status == 0
    assert summary(tmp_path / "run")["coverage"]["unreadable"] == 4 * 2


def test_rates_of_nothing_are_null_and_never_0(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "judge.py").write_text(JUDGE.format(deed="raise ZeroDivisionError('by zero')"))
    cli("run", *TINY[:-3], "--controls", "careful", "--no-mlflow", "--judge", "python:judge.py:Stern", "--out", "run")
    found = summary(tmp_path / "run")
    empty = [found["failure_rate"], *found["failure_rates"].values(), found["attributable"]]
    empty += [tail[kind] for tail in found["tails"] for kind in ("tail_rate", "core_rate", "risk_difference", "risk_ratio")]
    empty += [harm[kind] for harm in found["harms"].values() for kind in ("rate", "rate_given_exposed")]
    assert {rate["estimate"] for rate in empty} == {None}
    assert found["failure_rate_bounds"] == {"low": 0.0, "high": 1.0} | {
        k: v for k, v in found["failure_rate_bounds"].items() if k not in ("low", "high")
    }
    assert {person["rate"] for person in found["personas"]} == {None}

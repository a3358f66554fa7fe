"""Budgets: what is kept when one is met, and how the run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.conftest import Cli
from tests.integration.runs import SMALL, TINY, bot, exported, figures, summary


@pytest.mark.parametrize(("most", "width"), [(1, 64), (2, 1), (7, 64), (25, 1), (25, 64)])
def test_no_more_calls_are_made_than_allowed_and_what_is_missing_is_counted(most: int, width: int, cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages):\n    with open('asked', 'a') as told: told.write('.')\n    return 'Go on.'")
    done = cli("run", "--target", spec, *SMALL, "--max-calls", most, "--concurrency", width, "--out", "run")
    assert done.status == 3, done
    assert f"the run's limit of {most} calls leaves" in done.out
    assert "Go on with: outskirts resume run --max-calls N" in done.out
    found = summary(tmp_path / "run")
    assert len((tmp_path / "asked").read_text()) <= most
    assert found["cost"]["calls"] <= most
    assert found["verdicts"]["budget"] == 12 - sum(count for name, count in found["verdicts"].items() if name != "budget") > 0


@pytest.mark.parametrize("width", [1, 64])
def test_a_run_with_a_higher_ceiling_equals_one_without(width: int, cli: Cli, tmp_path: Path) -> None:
    options = [*SMALL, "--concurrency", width]
    assert cli("run", *options, "--max-calls", "30", "--out", "run").status == 3
    assert cli("resume", "run", "--max-calls", "50").status == 3
    assert summary(tmp_path / "run")["cost"]["calls"] <= 50
    assert cli("resume", "run", "--max-calls", "5000").status == 0
    assert cli("run", *options, "--out", "whole").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


def test_no_call_is_spent_on_an_episode_that_cannot_be_finished(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *SMALL, "--controls", "none", "--max-calls", "20", "--concurrency", "64", "--out", "run").status == 3
    episodes = [json.loads(line) for line in exported(tmp_path / "run").splitlines()]
    assert episodes
    assert sum(e["usage"]["calls"]["target"] for e in episodes) + 1 == summary(tmp_path / "run")["cost"]["calls"]


def test_a_ceiling_below_what_is_spent_is_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *SMALL, "--max-calls", "30", "--out", "run").status == 3
    assert "max_calls: expected more than the" in cli("resume", "run", "--max-calls", "5").refused()


def test_a_resumed_run_keeps_its_old_ceiling_and_what_it_spent(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *SMALL, "--max-calls", "30", "--out", "run").status == 3
    spent, kept = summary(tmp_path / "run")["cost"]["calls"], exported(tmp_path / "run")
    assert cli("resume", "run").status == 3
    assert spent <= summary(tmp_path / "run")["cost"]["calls"] <= 30
    assert set(kept.splitlines()) <= set(exported(tmp_path / "run").splitlines())


def test_time_is_a_budget_too(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "import asyncio\nasync def reply(messages):\n    await asyncio.sleep(0.05)\n    return 'Go on.'")
    done = cli("run", "--target", spec, *TINY, "--concurrency", "1", "--max-seconds", "0.12", "--out", "run")
    assert done.status == 3, done
    assert "limit of 0.12 seconds was reached" in done.out
    assert cli("resume", "run", "--max-seconds", "600").status == 0
    assert summary(tmp_path / "run")["verdicts"]["budget"] == 0


def test_money_is_refused_because_nothing_has_a_price(cli: Cli, tmp_path: Path) -> None:
    line = cli("run", *TINY, "--max-cost", "5", "--out", "run").refused()
    assert "max_cost: expected no ceiling on money, got 5.0. No role of this run has a known price" in line
    assert not (tmp_path / "run").exists()
    assert cli("run", *TINY, "--out", "run").status == 0
    assert "No role of this run has a known price" in cli("resume", "run", "--max-cost", "5").refused()

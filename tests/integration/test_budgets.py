"""Budgets: what is kept when one is met, and how the run goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.chat_server import chat_server
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


@pytest.mark.parametrize("width", [1, 64])
def test_each_resume_that_leaves_room_for_an_episode_gets_further_where_a_model_plays(width: int, cli: Cli, tmp_path: Path) -> None:
    line = json.dumps({"thought": "", "state": "", "say": "I need some sleep.", "leave": False})
    most = 3 + 3 * 3 + 1  # the target, each line with two more requests for it, and the player's greeting
    with chat_server(lambda request, number: line) as server:
        played = ("--player", f"openai:m@{server.url}?pause=0", "--target", "careful", "--concurrency", width)
        assert cli("run", *TINY, *played, "--no-confirm", "--max-calls", most + 1, "--out", "run").status == 3
        kept = [len(exported(tmp_path / "run").splitlines())]
        while kept[-1] < 4:
            ceiling = summary(tmp_path / "run")["cost"]["calls"] + most
            done = cli("resume", "run", "--max-calls", ceiling)
            kept.append(len(exported(tmp_path / "run").splitlines()))
            assert kept[-1] > kept[-2] > 0
            assert done.status == (0 if kept[-1] == 4 else 3)
    cost = summary(tmp_path / "run")["cost"]
    assert cost["calls"] == 1 + len(kept) + 4 * (3 + 3)  # greetings, and nothing for what was cut short
    assert len(server.requests) == len(kept) + 4 * 3


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


MODEL = """
from langchain_core.messages import AIMessage
from tests.agents.chat_fakes import FunctionChat

def say(messages):
    with open("asked", "a") as told: told.write(".")
    usage = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
    return AIMessage("Go on.", usage_metadata=usage)

reply = FunctionChat(reply=say)
silent = FunctionChat(reply=lambda messages: "Go on.")
"""
PRICES = "prices: {'python:bot.py:reply': {input: 2, output: 10}}\n"  # 0.003 a call


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a model and prices in it."""
    (tmp_path / "bot.py").write_text(MODEL, encoding="utf-8")
    (tmp_path / "priced.yaml").write_text(PRICES, encoding="utf-8")
    (tmp_path / "table.yaml").write_text("python:bot.py:reply: {input: 2, output: 10}\n", encoding="utf-8")
    return tmp_path


PRICED = ("run", "priced.yaml", "--target", "python:bot.py:reply", *TINY)


def test_money_is_counted_by_role_and_what_is_part_of_outskirts_costs_nothing(cli: Cli, place: Path) -> None:
    done = cli(*PRICED, "--controls", "careful", "--out", "run")
    assert done.status == 0, done
    cost, calls = summary(place / "run")["cost"], len((place / "asked").read_text())
    assert cost["money"] == pytest.approx(0.003 * calls)
    found = cost["by_role"]["target"]  # whose calls are also those of the control, which costs nothing
    assert (found["tokens"], found["money"]) == (1100 * (calls - 1), pytest.approx(0.003 * (calls - 1)))
    assert cost["by_role"]["dry"] == {"calls": 1, "tokens": 1100, "money": pytest.approx(0.003)}
    assert f"{0.003 * calls:.2g} in money, controls included" in done.out


def test_an_estimate_is_shown_before_anything_that_costs_money(cli: Cli, place: Path) -> None:
    assert "This may take about 12 calls (target 12) and 16,100 tokens, 0.038 in money: 4 episodes of 3 turns" in cli(*PRICED).out
    assert "price unknown" in cli(*PRICED[:1], *PRICED[2:]).out
    assert "This may take" not in cli("run", *TINY).out
    words = "tokens a message. --max-calls 5 may end it before that, to be resumed with more."
    assert words in cli(*PRICED, "--max-calls", 5).out
    assert "may end it" not in cli(*PRICED, "--max-calls", 500, "--max-cost", 5).out


def test_a_directory_that_is_taken_is_told_before_anybody_is_asked(cli: Cli, place: Path) -> None:
    (place / "run").mkdir()
    (place / "run/notes.txt").touch()
    assert "out: expected a directory that is empty" in cli(*PRICED, "--out", "run").refused()
    assert not (place / "asked").exists()


def test_a_price_that_is_not_known_is_null_and_never_nothing(cli: Cli, place: Path) -> None:
    assert cli(*PRICED[:1], *PRICED[2:], "--out", "run").status == 0
    assert summary(place / "run")["cost"]["money"] is None
    assert summary(place / "run")["cost"]["by_role"]["target"] | {"calls": 0, "tokens": 0} == {"calls": 0, "tokens": 0, "money": None}


@pytest.mark.parametrize(("target", "silent"), [("silent", True), ("reply", False)])
def test_a_ceiling_on_tokens_of_a_target_that_tells_of_none_is_said_to_leave_it_out(
    target: str, silent: bool, cli: Cli, place: Path
) -> None:
    done = cli("run", "--target", f"python:bot.py:{target}", *TINY, "--max-tokens", 1_000_000)
    assert done.status == 0
    assert ("told of no tokens when it was greeted, so --max-tokens does not count its own" in done.err) == silent


def test_a_price_by_tokens_of_a_model_that_tells_none_is_null(cli: Cli, place: Path) -> None:
    run = ("run", "--target", "python:bot.py:silent", *TINY, "--prices", "silent.yaml")
    (place / "silent.yaml").write_text("python:bot.py:silent: {input: 2}\n", encoding="utf-8")
    assert cli(*run, "--out", "run").status == 0
    assert summary(place / "run")["cost"]["money"] is None
    line = cli(*run, "--max-cost", "1", "--out", "capped").refused()
    assert (
        "prices python:bot.py:silent: expected the price of a call, got 'one by tokens'. Its answer to the greeting told of no tokens."
        in line
    )
    assert not (place / "capped").exists()


@pytest.mark.parametrize("width", [1, 4])
def test_a_ceiling_on_money_ends_the_run_and_resume_can_raise_it(width: int, cli: Cli, place: Path) -> None:
    done = cli(*PRICED, "--max-cost", "0.02", "--concurrency", width, "--out", "run")
    assert done.status == 3, done
    assert "the run's limit of 0.02 cost was reached. Everything so far is kept. Go on with: outskirts resume run --max-cost N" in done.out
    spent = summary(place / "run")["cost"]["money"]
    assert 0.02 <= spent < 0.02 + 0.003 * width
    assert cli("resume", "run").status == 3  # the old ceiling stops it again
    assert (
        f"max_cost: expected more than the {spent:g} that the run has spent already" in cli("resume", "run", "--max-cost", 0.01).refused()
    )
    assert cli("resume", "run", "--max-cost", 1).status == 0
    assert cli(*PRICED, "--out", "whole").status == 0
    assert exported(place / "run") == exported(place / "whole")
    assert summary(place / "run")["cost"]["money"] >= summary(place / "whole")["cost"]["money"]


def test_money_is_refused_before_any_episode_where_a_price_is_not_known(cli: Cli, place: Path) -> None:
    line = cli("run", "--target", "python:bot.py:reply", *TINY, "--max-cost", "5", "--out", "run").refused()
    assert "max_cost: expected a known price of python:bot.py:reply, got 5.0." in line
    assert "{input: 2.5, output: 10}" in line
    assert not (place / "run").exists()
    assert not (place / "asked").exists()
    openai = "openai:gpt-x@http://127.0.0.1:9/v1"
    assert "a known price of gpt-x" in cli("run", *TINY, "--respondent", openai, "--max-cost", "5", "--out", "run").refused()
    assert cli("run", *TINY, "--max-cost", "5", "--out", "free").status == 0
    assert summary(place / "free")["cost"]["money"] == 0.0


def test_prices_can_be_given_when_a_run_is_resumed(cli: Cli, place: Path) -> None:
    run = ("run", "--target", "python:bot.py:reply", *TINY, "--max-calls", 6, "--concurrency", 1, "--out", "run")
    assert cli(*run).status == 3
    line = cli("resume", "run", "--max-cost", 5).refused()
    assert "a known price of python:bot.py:reply" in line
    assert cli("resume", "run", "--max-calls", 100, "--prices", "table.yaml").status == 0
    assert summary(place / "run")["cost"]["money"] is None  # of what was spent before it is not known


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("gpt: 3", "prices gpt: expected a mapping with input, output (a million tokens) or call, got 3"),
        ("gpt: {}", "prices gpt: expected one of input and output (a million tokens) or call"),
        ("gpt: {input: -1}", "prices gpt input: expected a number of 0 or more, got -1"),
        ("gpt: {in: 1}", "prices gpt in: expected"),
        ("gpt: {input: free}", "prices gpt input: expected a number, got 'free'"),
        ("- gpt", "keys and values"),
    ],
)
def test_a_wrong_price_is_refused_in_one_line(table: str, message: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "table.yaml").write_text(table, encoding="utf-8")
    assert message in cli("run", *TINY, "--prices", "table.yaml", "--out", "run").refused()


def test_a_function_that_tells_no_tokens_needs_the_price_of_a_call(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages):\n    return 'Go on.'")
    (tmp_path / "table.yaml").write_text(f"{spec}: {{input: 1}}\n", encoding="utf-8")
    assert "expected the price of a call" in cli("run", *TINY, "--target", spec, "--prices", "table.yaml", "--max-cost", 1).refused()
    (tmp_path / "table.yaml").write_text(f"{spec}: {{call: 0.5}}\n", encoding="utf-8")
    done = cli("run", *TINY, "--target", spec, "--prices", "table.yaml", "--max-cost", 100, "--out", "run")
    assert done.status == 0, done
    cost = summary(tmp_path / "run")["cost"]
    assert cost["money"] == 0.5 * cost["calls"]


def test_an_episode_that_needs_more_than_its_ceiling_is_left_and_the_others_go_on(cli: Cli, tmp_path: Path) -> None:
    code = "def reply(messages):\n    return 'Goodbye.' if 'Goodbye' in str(messages) else 'Go on.'"
    spec = bot(tmp_path, code)
    assert cli("run", "--target", spec, *TINY, "--out", "whole").status == 0
    longest = max(json.loads(line)["usage"]["calls"]["target"] for line in exported(tmp_path / "whole").splitlines())
    done = cli("run", "--target", spec, *TINY, "--max-episode-calls", longest - 1, "--out", "run")
    assert done.status == 3, done
    assert f"Stopped: the episode's limit of {longest - 1} calls was reached" in done.out
    assert "outskirts resume run --max-episode-calls N" in done.out
    kept = [json.loads(line)["usage"]["calls"]["target"] for line in exported(tmp_path / "run").splitlines()]
    assert all(calls < longest for calls in kept)
    assert summary(tmp_path / "run")["verdicts"]["budget"] == 4 - len(kept) > 0
    assert cli("resume", "run", "--max-episode-calls", longest).status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")


def test_money_of_an_episode_is_bounded_and_every_price_has_to_be_known_for_that(cli: Cli, place: Path) -> None:
    assert cli(*PRICED, "--out", "whole").status == 0
    longest = max(json.loads(line)["usage"]["calls"]["target"] for line in exported(place / "whole").splitlines())
    done = cli(*PRICED, "--max-episode-cost", 0.003 * (longest - 1.5), "--out", "run")
    assert (done.status, "outskirts resume run --max-episode-cost N" in done.out) == (3, True), done
    assert 0 < summary(place / "run")["verdicts"]["budget"] <= 4
    assert cli("resume", "run", "--max-episode-cost", 0.003 * longest).status == 0
    assert exported(place / "run") == exported(place / "whole")
    assert (
        "max_episode_cost: expected a known price of python:bot.py:silent"
        in cli("run", "--target", "python:bot.py:silent", *TINY, "--max-episode-cost", 1).refused()
    )


def test_tokens_and_seconds_of_an_episode_are_bounded_too(cli: Cli, place: Path) -> None:
    done = cli(*PRICED, "--max-episode-tokens", 2000, "--out", "run")
    assert (done.status, "outskirts resume run --max-episode-tokens N" in done.out) == (3, True), done
    slow = bot(place, "import asyncio\nasync def reply(messages):\n    await asyncio.sleep(0.2)\n    return 'Go on.'", "slow.py")
    done = cli("run", "--target", slow, *TINY, "--episode-timeout", "0.3", "--out", "slow")
    assert (done.status, "outskirts resume slow --episode-timeout N" in done.out) == (3, True), done
    assert cli("resume", "slow", "--episode-timeout", 60).status == 0

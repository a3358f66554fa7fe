"""A language model that answers the questionnaire of a run: its calls count, and what it has answered is not asked again."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.answers import FILE
from tests.integration.children import start
from tests.integration.conftest import Cli
from tests.integration.runs import FILES, TINY, exported, figures, summary

pytestmark = pytest.mark.slow

ITEMS = 21  # of the questionnaire of the usual scenario
MODEL = """
import asyncio, hashlib, os
from langchain_core.messages import AIMessage
from tests.agents.chat_fakes import FunctionChat, likert

def reply(messages):
    with open("asked", "ab") as told:
        told.write(b".")
    if os.path.getsize("asked") > int(os.environ.get("LAST", "1000000")):
        raise PermissionError("the account is empty")
    drawn = hashlib.sha256(repr([m.content for m in messages]).encode() + messages[1].response_metadata["outskirts_run"].encode())
    usage = {"input_tokens": 7, "output_tokens": 3, "total_tokens": 10}
    return AIMessage(likert(1 + drawn.digest()[0] % 5), usage_metadata=usage)

class Chat(FunctionChat):
    async def _agenerate(self, *args, **more):
        await asyncio.sleep(float(os.environ.get("PAUSE", "0")))
        return await super()._agenerate(*args, **more)

model = Chat(reply=reply)
"""
RUN = ("run", *TINY, "--respondent", "python:counting.py:model")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the model in it."""
    (tmp_path / "counting.py").write_text(MODEL, encoding="utf-8")
    return tmp_path


def asked(folder: Path) -> int:
    """How often the model was called so far."""
    told = folder / "asked"
    return told.stat().st_size if told.exists() else 0


def whole_lines(directory: Path) -> list[bytes]:
    """Return the lines of the answers that were written to their end."""
    file = directory / FILE
    return file.read_bytes().split(b"\n")[:-1] if file.exists() else []


def kept(directory: Path) -> list[dict[str, Any]]:
    """Return the sittings that a run has kept."""
    return [json.loads(line) for line in whole_lines(directory)]


@pytest.fixture
def whole(cli: Cli, place: Path) -> Path:
    """A run that nothing happened to."""
    assert cli(*RUN, "--out", "whole").status == 0
    return place / "whole"


def test_calls_and_tokens_of_the_respondent_are_in_the_cost(whole: Path) -> None:
    cost = summary(whole)["cost"]
    assert cost["by_role"]["respondent"] == {"calls": asked(whole.parent), "tokens": 10 * asked(whole.parent), "money": None}
    assert cost["calls"] == sum(role["calls"] for role in cost["by_role"].values())


def test_every_sitting_is_kept_once_and_asked_once(whole: Path) -> None:
    sittings = kept(whole)
    assert asked(whole.parent) == 1 + ITEMS * len(sittings)  # the first question is a harmless one
    assert (
        len({(s["person"], s["run"]) for s in sittings}) == len(sittings) == 30
    )  # 3 x 4 x 2 + 3 x 2: the central person is the first clone
    assert {len(s["answers"]) for s in sittings} == {ITEMS}


def test_a_finished_run_that_is_resumed_asks_nothing(whole: Path, cli: Cli) -> None:
    before, found, spent = asked(whole.parent), figures(whole), summary(whole)["cost"]
    assert cli("resume", "whole").status == 0
    assert asked(whole.parent) == before
    assert (figures(whole), summary(whole)["cost"]) == (found, spent)


@pytest.mark.parametrize("option", ["--max-calls", "--max-tokens"])
@pytest.mark.parametrize("most", [1, 2, 30, 200])
def test_a_ceiling_that_is_reached_while_measuring_ends_the_run(option: str, most: int, cli: Cli, place: Path) -> None:
    ceiling = most if option == "--max-calls" else 10 * most
    done = cli(*RUN, option, ceiling, "--out", "run")
    assert done.status == 3, done
    assert f"Stopped: the run's limit of {ceiling} {option[6:]} was reached. Everything so far is kept." in done.out
    assert f"Go on with: outskirts resume run {option} N" in done.out
    found = summary(place / "run")
    assert found["coverage"] is None
    assert found["verdicts"]["budget"] == 4
    assert found["cost"]["by_role"].get("respondent", {"calls": 0})["calls"] == asked(place)
    assert asked(place) < most if option == "--max-calls" else asked(place) < most + 8  # so many are under way at once


def test_a_run_that_was_stopped_while_measuring_goes_on_to_equal_one_that_was_not(whole: Path, cli: Cli, place: Path) -> None:
    in_all = asked(place)
    assert cli(*RUN, "--max-calls", 100, "--out", "run").status == 3
    answered, before = kept(place / "run"), asked(place)
    assert 0 < len(answered) < len(kept(whole))
    assert cli("resume", "run", "--max-calls", 10_000).status == 0
    assert asked(place) - before <= 1 + ITEMS * (len(kept(whole)) - len(answered)) < in_all
    assert kept(place / "run")[: len(answered)] == answered
    assert figures(place / "run") == figures(whole)
    assert exported(place / "run") == exported(whole)
    assert summary(place / "run")["cost"]["by_role"]["respondent"]["calls"] == asked(place) - in_all


def test_time_ends_measuring_too(cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAUSE", "0.05")
    done = cli(*RUN, "--max-seconds", "0.2", "--out", "run")
    assert done.status == 3, done
    assert "limit of 0.2 seconds was reached" in done.out
    monkeypatch.setenv("PAUSE", "0")
    assert cli("resume", "run", "--max-seconds", "600").status == 0
    assert summary(place / "run")["verdicts"]["budget"] == 0


def test_a_ceiling_after_measuring_ends_the_episodes_and_keeps_the_coverage(whole: Path, cli: Cli, place: Path) -> None:
    assert cli(*RUN, "--max-calls", asked(place) + 5, "--out", "run").status == 3
    found = summary(place / "run")
    assert found["coverage"] == summary(whole)["coverage"]
    assert found["verdicts"]["budget"] > 0


def test_a_ceiling_below_what_the_respondent_has_spent_is_refused(cli: Cli, place: Path) -> None:
    assert cli(*RUN, "--max-calls", 100, "--out", "run").status == 3
    assert "max_calls: expected more than the" in cli("resume", "run", "--max-calls", 50).refused()


def test_a_run_that_is_killed_while_measuring_asks_only_what_is_missing(whole: Path, cli: Cli, place: Path) -> None:
    child = start(place, *RUN, "--out", "run", PAUSE="0.005")
    child.when(lambda: len(whole_lines(place / "run")) >= 5)
    child.send(signal.SIGKILL)
    assert child.end().status == -signal.SIGKILL
    with (place / "run" / FILE).open("ab") as file:
        file.write(b'{"key": "cut o')
    answered, before = len(kept(place / "run")), asked(place)
    assert cli("resume", "run").status == 0
    assert asked(place) - before == 1 + ITEMS * (len(kept(whole)) - answered)
    assert figures(place / "run") == figures(whole)


def test_a_damaged_line_is_named(whole: Path, cli: Cli) -> None:
    lines = (whole / FILE).read_text().splitlines()
    (whole / FILE).write_text("\n".join([lines[0], "oops", *lines[1:]]) + "\n")
    assert f"{Path('whole') / FILE} is damaged: line 2 holds no answers." in cli("resume", "whole").refused()


def test_people_of_a_second_generator_are_kept_and_the_references_are_asked_once(cli: Cli, place: Path) -> None:
    assert cli(*RUN, "--beside", "density", "--out", "run").status == 0
    calls = asked(place)
    assert calls <= 1 + ITEMS * len(kept(place / "run"))
    assert cli("resume", "run").status == 0
    assert asked(place) == calls


def test_embedded_respondents_are_neither_counted_nor_kept(cli: Cli, place: Path) -> None:
    assert cli("run", *TINY, "--respondent", "exemplar", "--max-calls", 500, "--out", "run").status == 0
    assert "respondent" not in summary(place / "run")["cost"]["by_role"]
    assert {path.name for path in (place / "run").iterdir()} == FILES


def test_what_was_answered_before_the_model_failed_is_kept_and_counted(cli: Cli, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAST", "100")
    spec = "python:counting.py:model?attempts=1&concurrency=1"
    assert "the account is empty" in cli(*RUN[:-1], spec, "--out", "run").refused(4)
    answered, before = kept(place / "run"), asked(place)
    assert len(answered) == 4  # one harmless question, four times 21, and 15 of the next
    assert before > 100
    monkeypatch.delenv("LAST")
    assert cli("resume", "run").status == 0
    assert kept(place / "run")[:4] == answered
    assert asked(place) == before + 1 + ITEMS * (30 - 4)
    counted = summary(place / "run")["cost"]["by_role"]["respondent"]["calls"]
    assert counted - asked(place) in (0, 1)  # one that was about to be made when the other failed


def test_an_interrupt_while_measuring_keeps_what_was_answered(whole: Path, cli: Cli, place: Path) -> None:
    child = start(place, *RUN, "--out", "run", PAUSE="0.005")
    child.when(lambda: len(whole_lines(place / "run")) >= 3)
    child.send(signal.SIGINT)
    done = child.end()
    assert (done.status, "go on with: outskirts resume run" in done.err) == (130, True), done
    assert 3 <= len(kept(place / "run")) < len(kept(whole))
    assert cli("resume", "run").status == 0
    assert figures(place / "run") == figures(whole)


def test_answers_of_a_respondent_of_ones_own_are_kept_and_its_calls_are_not_counted(cli: Cli, place: Path) -> None:
    code = "class Own:\n    name = 'own'\n    async def answer(self, description, questions, stream):\n"
    code += "        with open('asked', 'a') as told: told.write('.')\n        return [int(stream.generator.integers(1, 6)) for _ in questions]\n"
    (place / "own.py").write_text(code)
    assert cli("run", *TINY, "--respondent", "python:own.py:Own", "--out", "run").status == 0
    assert asked(place) == len(kept(place / "run")) == 30
    assert cli("resume", "run").status == 0
    assert asked(place) == 30
    assert "respondent" not in summary(place / "run")["cost"]["by_role"]


def test_a_cache_answers_the_same_command_again_and_another_seed_never(cli: Cli, place: Path) -> None:
    assert cli(*RUN, "--cache", "replies", "--out", "first").status == 0
    paid = asked(place)
    assert cli(*RUN, "--cache", "replies", "--out", "second").status == 0
    assert asked(place) == paid
    assert figures(place / "first") == figures(place / "second")
    assert summary(place / "second")["cost"]["by_role"].get("respondent", {"calls": 0})["calls"] == 0
    assert cli(*RUN, "--cache", "replies", "--seed", 1, "--out", "third").status == 0
    assert asked(place) > paid + ITEMS * 4 * 2
    (place / "taken").write_text("")
    assert "cache: expected a folder in which a SQLite file can be kept" in cli(*RUN, "--cache", "taken", "--out", "fourth").refused()

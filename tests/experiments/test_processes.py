"""Episodes in worker processes: the same records, nothing lost, nothing doubled, one budget."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from pathlib import Path
from typing import Any

import psutil
import pytest

import outskirts
from outskirts.experiments.executors.tally import SharedTally
from outskirts.sim.errors import BudgetExceeded, InputError
from outskirts.sim.limits import Limit, Sums, reserve, settle
from tests.integration.chat_server import chat_server
from tests.integration.children import start
from tests.integration.conftest import Cli, cli
from tests.integration.runs import bot, exported, figures, summary

__all__ = ["cli"]

BASE = ("--personas", "6", "--replicates", "2", "--turns", "3", "--runs", "2", "--no-mlflow", "--no-confirm")
WORKERS = ("--executor", "processes", "--workers", "2", "--concurrency", "4")
SLOW = "import asyncio\nasync def reply(messages):\n    with open('asked', 'a') as told: told.write('.')\n    await asyncio.sleep(0.05)\n    return 'Go on.'"

MORTAL = """import asyncio, os, signal
async def reply(messages):
    with open('asked', 'a') as told: told.write('.')
    for mark in (10, 30):
        if os.path.getsize('asked') >= mark and not os.path.exists(f'died-{mark}'):
            open(f'died-{mark}', 'x').close()
            os.kill(os.getpid(), signal.SIGKILL)
    await asyncio.sleep(0.05)
    return 'Go on.'"""
"""The process in which the tenth call is made dies of it, and so does that of the thirtieth."""


def spend(path: Path, most: int, counted: object) -> None:
    """Spend until the ceiling is met, and say how often that was."""
    tally = SharedTally(path)
    mine = 0
    with Limit("run", calls=most, tally=tally):
        try:
            while True:
                reserve("target")
                settle("target", tokens=2)
                mine += 1
        except BudgetExceeded:
            counted.put(mine)  # type: ignore[attr-defined]


def test_processes_that_share_a_tally_make_exactly_as_many_calls_as_allowed(tmp_path: Path) -> None:
    SharedTally.create(tmp_path / "tally", Sums({"target": 7})).close()
    fork = multiprocessing.get_context("fork")
    counted = fork.Queue()
    several = [fork.Process(target=spend, args=(tmp_path / "tally", 5_000, counted)) for _ in range(3)]
    for one in several:
        one.start()
    assert sum(counted.get() for _ in several) == 5_000 - 7
    for one in several:
        one.join()
    assert SharedTally(tmp_path / "tally").sums() == Sums({"target": 5_000}, {"target": 2 * 4_993}, {}, {"target": 4_993})


def test_a_tally_takes_any_number_of_roles_of_any_name(tmp_path: Path) -> None:
    tally = SharedTally.create(tmp_path / "tally")
    for i in range(100):
        tally.add("ü" * i, 1, 0, 0.5, 1)
    assert (tally.n_calls, tally.cost, tally.n_unpriced) == (100, 50.0, 100)
    assert sum(tally.sums().calls.values()) == 100


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scenario", "more"),
    [
        ("support", ("--controls", "careful,shuffled")),
        ("circle", ("--personas", "10", "--controls", "careful")),
        ("negotiation", ("--controls", "none")),
        ("desk", ("--controls", "careful")),
    ],
)
def test_records_are_the_same_byte_for_byte(scenario: str, more: tuple[str, ...], cli: Cli, tmp_path: Path) -> None:
    options = ("run", "--scenario", scenario, "--target", "careful" if scenario == "desk" else "eliza", *BASE, *more)
    assert cli(*options, "--out", "local").status == 0
    assert cli(*options, *WORKERS, "--out", "processes").status == 0
    assert exported(tmp_path / "local") == exported(tmp_path / "processes")
    assert figures(tmp_path / "local") == figures(tmp_path / "processes")


@pytest.mark.slow
def test_branches_of_a_stateless_target_are_played_in_workers(cli: Cli, tmp_path: Path) -> None:
    options = ("run", *BASE, "--personas", "16", "--branch", "2", "--controls", "none")
    assert cli(*options, "--out", "local").status == 0
    assert cli(*options, *WORKERS, "--out", "processes").status == 0
    assert b'"arm":"branches"' in exported(tmp_path / "local").replace(b'": ', b'":')
    assert exported(tmp_path / "local") == exported(tmp_path / "processes")


def test_branches_of_a_target_that_is_copied_are_refused(cli: Cli, tmp_path: Path) -> None:
    line = cli("run", *BASE, "--target", "careful", "--controls", "none", "--branch", "2", *WORKERS, "--out", "run").refused()
    assert "executor: expected local, to branch the episodes of careful, got 'processes'." in line
    assert not (tmp_path / "run").exists()


def test_an_object_that_cannot_be_sent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="target: expected an object that can be sent to another process"):
        outskirts.run(target=lambda messages: "Go on.", executor="processes", out=str(tmp_path / "run"), mlflow=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_function_of_a_module_is_sent_from_python(tmp_path: Path) -> None:
    settings = {"personas": 4, "replicates": 1, "runs": 2, "controls": "none", "mlflow": False, "confirm": False}
    result = outskirts.run(target=said, executor="processes", out=str(tmp_path / "run"), **settings)
    assert result.stopped is None
    assert {m.text for r in result.episodes() for m in r.messages if m.index % 2} == {"Said."}


def said(messages: list[dict[str, str]]) -> str:
    """A target that another process can import."""
    return "Said."


@pytest.mark.slow
@pytest.mark.parametrize("most", [14, 30])
def test_no_more_calls_are_made_than_allowed_and_the_run_goes_on(most: int, cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, SLOW)
    options = ("run", "--target", spec, *BASE, "--controls", "none", *WORKERS)
    done = cli(*options, "--max-calls", most, "--out", "run")
    assert done.status == 3, done
    assert (tmp_path / "asked").stat().st_size == summary(tmp_path / "run")["cost"]["calls"] <= most
    assert cli("resume", "run", "--max-calls", 5000).status == 0
    assert (tmp_path / "asked").stat().st_size == summary(tmp_path / "run")["cost"]["calls"]
    assert cli(*options, "--out", "whole").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the worker processes of a run."""
    return [p for p in psutil.Process(pid).children() if any("spawn_main" in part for part in p.cmdline())]


def asked(folder: Path) -> int:
    """How often the target was asked."""
    return (folder / "asked").stat().st_size if (folder / "asked").exists() else 0


@pytest.mark.slow
def test_episodes_of_a_worker_that_is_killed_are_played_again(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, MORTAL)
    options = ("run", "--target", spec, *BASE, "--replicates", "4", "--controls", "none")
    done = start(tmp_path, *options, *WORKERS, "--out", "run").end()
    assert done.status == 0, done
    assert {path.name for path in tmp_path.glob("died-*")} == {"died-10", "died-30"}
    assert summary(tmp_path / "run")["cost"]["calls"] == asked(tmp_path)  # what the dead had asked for was made, and stays counted
    assert cli(*options, "--out", "whole").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


@pytest.mark.slow
def test_an_interrupt_finishes_what_is_under_way_and_the_run_can_be_resumed(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, SLOW)
    options = ("run", "--target", spec, *BASE, "--replicates", "4", "--controls", "none")
    child = start(tmp_path, *options, *WORKERS, "--out", "run")
    child.when(lambda: asked(tmp_path) >= 10)
    assert child.process.pid is not None
    workers = workers_of(child.process.pid)
    child.send(signal.SIGINT)
    for worker in workers:
        worker.send_signal(signal.SIGINT)  # a terminal sends it to all of them
    done = child.end()
    assert done.status == 130, done
    assert "Traceback" not in done.err
    assert asked(tmp_path) == summary(tmp_path / "run")["cost"]["calls"]
    assert not any(worker.is_running() for worker in workers)
    assert cli("resume", "run").status == 0
    assert asked(tmp_path) == summary(tmp_path / "run")["cost"]["calls"]
    assert cli(*options, "--out", "whole").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")


@pytest.mark.slow
def test_workers_of_a_run_that_is_killed_end_and_leave_nothing(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, SLOW)
    child = start(tmp_path, "run", "--target", spec, *BASE, "--controls", "none", *WORKERS, "--out", "run", TMPDIR=str(tmp_path))
    child.when(lambda: asked(tmp_path) >= 10)
    assert child.process.pid is not None
    workers = workers_of(child.process.pid)
    child.send(signal.SIGKILL)
    child.end()
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert (len(workers), alive) == (2, [])
    assert list(tmp_path.glob("outskirts-crew-*")) == []
    assert cli("resume", "run").status == 0


@pytest.mark.slow
def test_a_target_that_ends_its_process_is_a_fault_and_not_a_failure(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "import os\ndef reply(messages):\n    os._exit(3) if len(messages) > 1 else None\n    return 'Go on.'")
    line = cli(
        "run", "--target", spec, *BASE, "--personas", "2", "--replicates", "1", "--controls", "none", *WORKERS, "--out", "run"
    ).refused(4)
    assert "the process that played it died 3 times (the last time with status 3)" in line
    assert summary(tmp_path / "run")["verdicts"]["infrastructure"] == 2


@pytest.mark.slow
def test_a_worker_that_cannot_make_the_target_says_so(tmp_path: Path, cli: Cli) -> None:
    spec = bot(
        tmp_path,
        "import multiprocessing\nassert multiprocessing.parent_process() is None, 'only here'\ndef reply(messages):\n    return 'Go on.'",
    )
    assert "only here" in cli("run", "--target", spec, *BASE, "--controls", "none", *WORKERS, "--out", "run").refused()


LINED = """
import os
from langchain_core.messages import HumanMessage
from outskirts.agents.chat_models import ChatSettings, endpoint_chat
from outskirts.agents.model_calls import ModelCalls

settings = ChatSettings(concurrency=2)
model = endpoint_chat("test", os.environ["ENDPOINT"], "none", settings)
calls = ModelCalls(model, "bot", "helper", settings)

async def reply(messages):
    with open("asked", "a") as told: told.write(".")
    return (await calls.call(model, [HumanMessage(messages[-1]["content"])], {}, lambda result: result)).content
"""


@pytest.mark.slow
def test_a_model_has_one_line_for_all_processes_and_a_worker_that_is_killed_leaves_it(cli: Cli, tmp_path: Path) -> None:
    lock, now, most = threading.Lock(), 0, 0

    def reply(request: dict[str, Any], number: int) -> str:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.03)
        with lock:
            now -= 1
        return "Go on."

    spec = bot(tmp_path, LINED)
    with chat_server(reply) as server:
        options = ("run", "--target", spec, *BASE, "--controls", "none", *WORKERS, "--out", "run")
        child = start(tmp_path, *options, ENDPOINT=server.url)
        child.when(lambda: asked(tmp_path) >= 12)
        assert child.process.pid is not None
        assert most == 2
        os.kill(workers_of(child.process.pid)[0].pid, signal.SIGKILL)
        done = child.end()
    assert done.status == 0, done
    cost = summary(tmp_path / "run")["cost"]
    assert cost["by_role"]["helper"]["calls"] - len(server.requests) in (0, 1, 2)  # what the dead had counted and not yet sent
    assert most <= 4  # what it had sent was answered beside what came after


@pytest.mark.slow
def test_a_second_interrupt_stops_workers_at_once(cli: Cli, tmp_path: Path) -> None:
    wait = "float(os.environ.get('PAUSE', 0)) if messages[-1]['content'] != 'Hello.' else 0"
    spec = bot(tmp_path, SLOW.replace("0.05", wait).replace("import asyncio", "import asyncio, os"))
    options = ("run", "--target", spec, *BASE, "--controls", "none")
    child = start(tmp_path, *options, *WORKERS, "--target-timeout", "600", "--out", "run", PAUSE="300")
    child.when(lambda: asked(tmp_path) >= 4)
    child.send(signal.SIGINT)
    child.when(lambda: "again" in child._text("out"))
    child.send(signal.SIGINT)
    done = child.end()
    assert done.status == 130, done
    assert "Traceback" not in done.err
    assert cli("resume", "run").status == 0

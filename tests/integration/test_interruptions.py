"""Runs that are killed, interrupted, out of disk or out of luck are resumed, and then equal one that was not."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from outskirts.experiments.cli import main
from tests.integration.children import Child, start
from tests.integration.conftest import Cli
from tests.integration.runs import FILES, SMALL, bot, episodes, exported, figures

pytestmark = pytest.mark.slow

SLOW = """
import asyncio, os
async def reply(messages):
    with open("replies", "ab") as told:
        told.write(b".")
    await asyncio.sleep(0.004)
    if os.environ.get("HANG") and os.path.getsize("replies") > int(os.environ["HANG"]):
        await asyncio.sleep(600)
    return f"You said {len(messages[-1]['content'])} characters."
"""
WIDE = ("--personas", "8", "--replicates", "4", "--turns", "3", "--runs", "2", "--controls", "careful", "--no-mlflow", "--concurrency", "4")


Runs = dict[tuple[str, ...], Path]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """Runs that nothing happened to, by their settings, and the bot that all meet."""
    folder = tmp_path_factory.mktemp("whole")
    spec = bot(folder, SLOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for name, settings in (("wide", WIDE), ("small", SMALL)):
            assert main(["run", "--target", spec, *settings, "--quiet", "--out", name]) == 0
    return {WIDE: folder / "wide", SMALL: folder / "small", ("bot",): folder / "bot.py"}


@pytest.fixture
def spec(uninterrupted: Runs) -> str:
    return f"python:{uninterrupted['bot',]}:reply"


def replies(folder: Path) -> int:
    """How often the target has been asked so far."""
    told = folder / "replies"
    return told.stat().st_size if told.exists() else 0


def calls(directory: Path) -> int:
    """How often the target was asked in the episodes that are kept."""
    return sum(episode.usage.calls["target"] for episode in episodes(directory))


def go_on(folder: Path, run: tuple[object, ...], **settings: object) -> Child:
    """Resume the run in ``folder/run``, or begin it if there is nothing to resume."""
    begun = (folder / "run" / "config.yaml").exists()
    return start(folder, *(("resume", "run") if begun else run), **settings)  # type: ignore[arg-type]


def campaign(folder: Path, spec: str, kills: int, seed: int) -> int:
    """Kill a run at random moments, then let it finish; return how many signals met it alive."""
    run = ("run", "--target", spec, *WIDE, "--out", "run")
    rng, killed = random.Random(seed), 0
    for number in range(3 * kills):
        if killed == kills:
            break
        child = go_on(folder, run)
        if number % 2:
            seen = replies(folder) + rng.randint(1, 6)
            child.when(lambda seen=seen: replies(folder) >= seen)  # type: ignore[misc]
        else:
            child.process.join(rng.uniform(0.0, 0.8))
        child.send(signal.SIGKILL)
        killed += child.end().status == -signal.SIGKILL
    assert go_on(folder, run).end().status == 0
    return killed


def assert_same(run: Path, whole: Path) -> None:
    assert exported(run) == exported(whole)
    assert figures(run) == figures(whole)
    assert (run / "results.jsonl").read_bytes() == (whole / "results.jsonl").read_bytes()
    assert {p.name for p in run.iterdir()} == {p.name for p in whole.iterdir()} >= FILES


@pytest.mark.parametrize("kills", [4, pytest.param(24, marks=pytest.mark.slow)])
def test_a_run_killed_at_random_moments_equals_one_that_was_not(kills: int, spec: str, uninterrupted: Runs, tmp_path: Path) -> None:
    assert campaign(tmp_path, spec, kills, seed=20261) == kills
    assert_same(tmp_path / "run", uninterrupted[WIDE])


def test_one_interrupt_keeps_what_is_finished_and_the_run_can_be_resumed(cli: Cli, spec: str, uninterrupted: Runs, tmp_path: Path) -> None:
    child = start(tmp_path, "run", "--target", spec, *WIDE, "--out", "run")
    child.when(lambda: replies(tmp_path) >= 20)
    child.send(signal.SIGINT)
    done = child.end()
    assert done.status == 130, done
    assert "Press Ctrl-C again to stop at once" in done.out
    assert "Go on with: outskirts resume run" in done.out
    assert replies(tmp_path) == 1 + calls(tmp_path / "run")  # the first is the greeting before the run
    assert cli("resume", "run").status == 0
    assert replies(tmp_path) == 1 + calls(tmp_path / "run")
    assert_same(tmp_path / "run", uninterrupted[WIDE])


def test_an_interrupt_before_the_first_episode_says_how_to_go_on(cli: Cli, spec: str, tmp_path: Path) -> None:
    child = start(tmp_path, "run", "--target", spec, *WIDE, "--out", "run")
    child.when(lambda: (tmp_path / "run/personas.jsonl").exists())
    child.send(signal.SIGINT)
    done = child.end()
    assert done.status == 130, done
    assert "outskirts resume run" in done.out + done.err
    assert cli("resume", "run").status == 0


def test_a_second_interrupt_stops_at_once(cli: Cli, spec: str, uninterrupted: Runs, tmp_path: Path) -> None:
    child = start(tmp_path, "run", "--target", spec, *WIDE, "--out", "run", HANG="20")
    child.when(lambda: replies(tmp_path) > 20)
    child.send(signal.SIGINT)
    child.when(lambda: "again" in child._text("out"))
    child.send(signal.SIGINT)
    done = child.end()
    assert done.status == 130, done
    assert "Traceback" not in done.err
    assert len(exported(tmp_path / "run").splitlines()) >= 1
    assert cli("resume", "run").status == 0
    assert_same(tmp_path / "run", uninterrupted[WIDE])


@pytest.mark.parametrize(
    "most", [100, 5_000, 60_000, *(pytest.param(n, marks=pytest.mark.slow) for n in (10_000, 20_000, 120_000, 250_000, 500_000))]
)
def test_a_full_disk_is_told_in_one_line_and_nothing_is_lost(most: int, spec: str, uninterrupted: Runs, tmp_path: Path) -> None:
    run = ("run", "--target", spec, *SMALL, "--out", "run")
    line = start(tmp_path, *run, most_bytes=most).end().refused()
    assert any(words in line for words in ("disk is full", "a full disk, a quota?", "could not be written: file too large"))
    assert go_on(tmp_path, run).end().status == 0
    assert_same(tmp_path / "run", uninterrupted[SMALL])


def test_a_second_process_on_the_same_directory_is_told_who_has_it(cli: Cli, spec: str, tmp_path: Path) -> None:
    child = start(tmp_path, "run", "--target", spec, *WIDE, "--out", "run", HANG="1")
    child.when(lambda: replies(tmp_path) > 1)
    assert f"is in use by another process (pid {child.process.pid})" in cli("resume", "run").refused()
    assert "out: expected a directory that is empty or does not exist yet" in cli("run", *WIDE, "--out", "run").refused()
    child.send(signal.SIGKILL)
    child.end()
    assert cli("resume", "run").status == 0

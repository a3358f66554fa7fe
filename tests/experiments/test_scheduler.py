from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from outskirts.experiments.interrupts import Interrupts
from outskirts.experiments.scheduler import Outcome, run_jobs
from outskirts.experiments.store.store import RunStore, StoreWriter
from outskirts.sim.errors import UNPLAYABLE, InputError, StoreError
from outskirts.sim.types import EpisodeRecord, Verdict
from tests.experiments.fakes_store import FakeJob, a_fault, jobs, make_record, play

Play = Callable[[FakeJob], Awaitable[EpisodeRecord]]


class Memory:
    """Keeps what it is given; the smallest thing that takes records."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def put(self, arm: str, record: EpisodeRecord, seconds: float) -> None:
        self.keys.append(f"{arm}/{record.key}")


def scripted(verdicts: Iterator[Verdict] | list[Verdict]) -> Play:
    """Play each job with the next verdict of a list."""
    rest = iter(verdicts)

    async def play_next(job: FakeJob) -> EpisodeRecord:
        verdict = next(rest)
        await asyncio.sleep(0)
        return make_record(job.key, verdict)

    return play_next


def run(n: int, play: Play, concurrency: int = 1, **options: object) -> tuple[Outcome, Memory]:
    memory = Memory()
    return asyncio.run(run_jobs(jobs(n), play, memory.put, concurrency=concurrency, **options)), memory  # type: ignore[arg-type]


@pytest.mark.parametrize("concurrency", [1, 7, 500])
def test_every_job_is_played_and_recorded_once(concurrency: int) -> None:
    outcome, memory = run(100, play, concurrency)
    assert sorted(memory.keys) == sorted(f"main/{j.key}" for j in jobs(100))
    assert (outcome.recorded, outcome.stopped) == (100, None)


def test_no_jobs_are_no_work() -> None:
    outcome, memory = run(0, play, 8)
    assert (outcome.recorded, outcome.stopped, memory.keys) == (0, None, [])


def test_a_concurrency_below_one_is_an_input_error() -> None:
    with pytest.raises(InputError, match="concurrency: expected a whole number of 1 or more, got 0"):
        run(1, play, 0)


def test_as_many_as_allowed_run_at_once_and_never_more() -> None:
    at_once, most = 0, 0

    async def counting(job: FakeJob) -> EpisodeRecord:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        for _ in range(3):
            await asyncio.sleep(0)
        at_once -= 1
        return make_record(job.key)

    run(100, counting, 9)
    assert most == 9


def test_jobs_are_taken_only_when_there_is_a_place_for_them() -> None:
    taken: list[str] = []
    recorded = Memory()

    def source() -> Iterator[FakeJob]:
        for job in jobs(50):
            assert len(taken) - len(recorded.keys) < 4
            taken.append(job.key)
            yield job

    asyncio.run(run_jobs(source(), play, recorded.put, concurrency=4))
    assert len(taken) == 50


def table(directory: Path, concurrency: int, seed: int) -> list[tuple[str, str]]:
    """Play 60 jobs in a shuffled order into a store; return keys and digests."""
    shuffled = jobs(60)
    random.Random(seed).shuffle(shuffled)
    directory.mkdir()
    with RunStore.create(directory, "c") as store, StoreWriter(store) as writer:
        asyncio.run(run_jobs(shuffled, play, writer.put, concurrency=concurrency))
        return [(row.key, row.digest) for row in store.rows()]


def test_neither_order_nor_concurrency_changes_the_table(tmp_path: Path) -> None:
    first = table(tmp_path / "a", 1, seed=1)
    assert len(first) == 60
    assert table(tmp_path / "b", 64, seed=2) == first


def test_progress_is_told_of_each_recorded_episode() -> None:
    seen: list[str] = []
    _, memory = run(10, play, 3, progress=lambda job, record: seen.append(f"{job.arm}/{record.key}"))  # type: ignore[attr-defined]
    assert seen == memory.keys


def test_a_budget_verdict_is_not_recorded_and_stops_the_run() -> None:
    outcome, memory = run(10, scripted([Verdict.PASSED] * 3 + [Verdict.BUDGET] + [Verdict.PASSED] * 6))
    assert (outcome.stopped, outcome.recorded, len(memory.keys)) == ("budget", 3, 3)
    assert outcome.fault is not None
    assert outcome.fault.role == "budget"


def test_episodes_under_way_are_finished_and_recorded_after_a_budget_verdict() -> None:
    outcome, memory = run(100, scripted([Verdict.BUDGET] + [Verdict.PASSED] * 99), 5)
    assert (outcome.stopped, len(memory.keys)) == ("budget", 4)


def test_a_target_that_never_answers_is_given_up_after_ten_faults_in_a_row() -> None:
    outcome, memory = run(100, scripted([Verdict.INFRASTRUCTURE] * 100))
    assert (outcome.stopped, outcome.arm, len(memory.keys)) == ("unreachable", "main", 10)
    assert outcome.fault == a_fault()


@pytest.mark.parametrize("concurrency", [1, 5, 20])
def test_a_failure_that_passes_is_waited_out_however_many_are_under_way(concurrency: int) -> None:
    began: list[float] = []

    async def away_for_a_while(job: FakeJob) -> EpisodeRecord:
        began.append(time.monotonic())
        await asyncio.sleep(0.002)
        away = len(began) > concurrency and time.monotonic() - began[0] < 0.15
        return make_record(job.key, Verdict.INFRASTRUCTURE if away else Verdict.PASSED)

    outcome, memory = run(400, away_for_a_while, concurrency, pause=0.3)
    assert (outcome.stopped, len(memory.keys)) == (None, 400)
    assert outcome.verdicts[Verdict.INFRASTRUCTURE] >= 10


def test_a_target_of_whose_first_episodes_many_break_together_is_not_given_up() -> None:
    outcome, memory = run(100, scripted([Verdict.INFRASTRUCTURE] * 25 + [Verdict.PASSED] * 75), 20)
    assert (outcome.stopped, len(memory.keys)) == (None, 100)


def test_a_target_that_answered_once_is_given_more_patience_and_another_name() -> None:
    outcome, memory = run(100, scripted([Verdict.PASSED] + [Verdict.INFRASTRUCTURE] * 99), 1, pause=0.01)
    assert (outcome.stopped, len(memory.keys)) == ("faults", 1 + 10 + 1)  # the last is tried after a pause


def test_an_arm_that_answered_in_an_earlier_session_is_not_called_unreachable() -> None:
    outcome, _ = run(100, scripted([Verdict.INFRASTRUCTURE] * 100), 2, proven=["main"])
    assert outcome.stopped == "faults"


def test_faults_that_are_not_in_a_row_do_not_stop_the_run() -> None:
    outcome, _ = run(100, scripted(([Verdict.INFRASTRUCTURE] * 9 + [Verdict.FAILED]) * 10))
    assert (outcome.stopped, outcome.recorded) == (None, 100)


@pytest.mark.parametrize("role", ["player", "judge"])
def test_a_player_or_judge_that_never_works_is_given_up_too_and_blamed_by_role(role: str) -> None:
    async def faulty(job: FakeJob) -> EpisodeRecord:
        return make_record(job.key, Verdict.INFRASTRUCTURE, fault=a_fault(role))

    outcome, memory = run(30, faulty)
    assert (outcome.stopped, len(memory.keys)) == ("unreachable", 10)
    assert outcome.fault is not None
    assert outcome.fault.role == role


def test_a_player_that_never_finds_a_line_fit_to_be_said_is_given_up_too() -> None:
    async def wordless(job: FakeJob) -> EpisodeRecord:
        return make_record(job.key, Verdict.SIMULATOR_INVALID, fault=a_fault("player").model_copy(update={"kind": UNPLAYABLE}))

    outcome, memory = run(30, wordless)
    assert (outcome.stopped, len(memory.keys)) == ("unreachable", 10)


def test_people_whom_a_judge_takes_for_no_people_are_no_fault_of_the_player() -> None:
    assert run(30, scripted([Verdict.SIMULATOR_INVALID] * 30))[0].stopped is None


def test_faults_of_different_roles_are_not_one_row() -> None:
    async def faulty(job: FakeJob) -> EpisodeRecord:
        role = "player" if jobs(19).index(job) % 2 else "target"
        return make_record(job.key, Verdict.INFRASTRUCTURE, fault=a_fault(role))

    assert len(run(19, faulty)[1].keys) == 19


def test_a_short_run_without_one_finished_episode_is_unreachable_as_well() -> None:
    outcome, memory = run(3, scripted([Verdict.INFRASTRUCTURE] * 3))
    assert (outcome.stopped, outcome.arm, outcome.fault, len(memory.keys)) == ("unreachable", "main", a_fault(), 3)
    assert run(3, scripted([Verdict.INFRASTRUCTURE, Verdict.PASSED, Verdict.INFRASTRUCTURE]))[0].stopped is None


def test_a_dead_arm_stops_the_run_while_another_works() -> None:
    async def one_dead(job: FakeJob) -> EpisodeRecord:
        return make_record(job.key, Verdict.INFRASTRUCTURE if job.arm == "dead" else Verdict.PASSED)

    mixed = [job for pair in zip(jobs(50, "dead"), jobs(50, "alive"), strict=True) for job in pair]
    outcome = asyncio.run(run_jobs(mixed, one_dead, Memory().put, concurrency=1))
    assert (outcome.stopped, outcome.arm) == ("unreachable", "dead")


def test_an_exception_in_play_ends_the_run_and_comes_out_as_itself() -> None:
    async def broken(job: FakeJob) -> EpisodeRecord:
        if job == jobs(10)[5]:
            raise ZeroDivisionError("a bug")
        await asyncio.sleep(3600)
        raise AssertionError("not cancelled")

    with pytest.raises(ZeroDivisionError, match="a bug"):
        run(10, broken, 10)


def test_a_store_error_comes_out_as_itself_though_many_waited(tmp_path: Path) -> None:
    with RunStore.create(tmp_path, "c") as store, StoreWriter(store) as writer:
        store._connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError, match="is read-only") as caught:
            asyncio.run(run_jobs(jobs(20), play, writer.put, concurrency=20))
    assert caught.value.__notes__[0].startswith("19 more of the jobs under way failed: StoreError")


def test_a_play_that_cancels_itself_is_an_error_and_no_lost_job() -> None:
    async def leaking(job: FakeJob) -> EpisodeRecord:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="a job was cancelled from within"):
        run(3, leaking, 3)


def test_cancelling_the_run_cancels_its_jobs() -> None:
    cancelled: list[str] = []

    async def slow(job: FakeJob) -> EpisodeRecord:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.append(job.key)
            raise
        raise AssertionError("woke up")

    async def main() -> None:
        task = asyncio.create_task(run_jobs(jobs(5), slow, Memory().put, concurrency=3))
        await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(main())
    assert len(cancelled) == 3


async def with_signals(memory: Memory, presses: int, wait: asyncio.Event | None = None) -> Outcome:
    """Run 20 jobs, four at once, that press Ctrl-C while the fourth begins."""
    begun = 0

    async def pressing(job: FakeJob) -> EpisodeRecord:
        nonlocal begun
        begun += 1
        if begun == 4:
            for _ in range(presses):
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.sleep(0.01)
        await (wait.wait() if wait else asyncio.sleep(0.05))
        return make_record(job.key)

    with Interrupts() as interrupts:
        return await run_jobs(jobs(20), pressing, memory.put, concurrency=4, interrupts=interrupts)


def test_one_ctrl_c_lets_episodes_under_way_finish_and_starts_no_more() -> None:
    memory = Memory()
    outcome = asyncio.run(with_signals(memory, 1))
    assert (outcome.stopped, len(memory.keys)) == ("interrupted", 4)


def test_two_ctrl_c_cancel_episodes_under_way() -> None:
    memory = Memory()
    outcome = asyncio.run(with_signals(memory, 2, asyncio.Event()))
    assert (outcome.stopped, memory.keys) == ("interrupted", [])


def test_a_third_ctrl_c_is_a_keyboard_interrupt() -> None:
    interrupts = Interrupts()
    interrupts.interrupt()
    interrupts.interrupt()
    with pytest.raises(KeyboardInterrupt):
        interrupts.interrupt()


def test_interrupts_are_announced_and_the_signal_is_given_back() -> None:
    heard: list[int] = []
    before = signal.getsignal(signal.SIGINT)

    async def main() -> None:
        inside = signal.getsignal(signal.SIGINT)
        with Interrupts(heard.append):
            os.kill(os.getpid(), signal.SIGINT)
            await asyncio.sleep(0.01)
        assert signal.getsignal(signal.SIGINT) == inside

    asyncio.run(main())
    assert heard == [1]
    assert signal.getsignal(signal.SIGINT) == before


def test_an_interrupt_after_the_last_job_has_begun_is_noted_and_changes_nothing() -> None:
    interrupts = Interrupts()

    async def pressing(job: FakeJob) -> EpisodeRecord:
        if job == jobs(5)[-1]:
            interrupts.interrupt()
        return make_record(job.key)

    outcome, _ = run(5, pressing, 1, interrupts=interrupts)
    assert (outcome.stopped, outcome.recorded, outcome.interrupted) == (None, 5, True)

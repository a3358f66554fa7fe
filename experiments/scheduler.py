"""Plays many episodes at once, with bounded concurrency, and stops in good order."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Generic, Literal

from ..sim.errors import UNPLAYABLE, InputError
from ..sim.types import EpisodeRecord, Fault, Verdict
from .executors.protocol import Executor, Finished, J, Job, LocalExecutor
from .interrupts import Interrupts

__all__ = ["PAUSE", "Admit", "Breaker", "Job", "Outcome", "Record", "Stop", "run_jobs"]

Stop = Literal["budget", "unreachable", "faults", "interrupted", "decided"]
"""Why a run ended early: a limit; somebody who never finished an episode; one who stopped answering; Ctrl-C; enough is known."""

_BLAMED = frozenset({"target", "player", "judge"})
"""Roles whose faults in a row mean that going on is a waste."""

HOPELESS = frozenset({"auth", "not_found"})
"""Kinds of fault of a target after which no call can succeed: one is enough."""

PAUSE: Final = 15.0
"""Seconds that a run holds its breath after many faults in a row, before one more episode is tried."""

_OBJECTS = 1_000  # containers that an episode under way holds, at most

Admit = Callable[[int], Fault | None]
"""Asked before a job begins, with how many are under way; returns what forbids another one, if something does."""

Record = Callable[[str, EpisodeRecord, float], Awaitable[None]]
"""Takes arm, record and seconds, and returns once the episode is durable; ``StoreWriter.put`` is one."""


@dataclass(slots=True)
class Outcome:
    """What came of a call of :func:`run_jobs`."""

    stopped: Stop | None = None  # None: every job was played
    arm: str = ""  # whose faults stopped the run
    fault: Fault | None = None  # what stopped the run, if a fault did
    interrupted: bool = False  # somebody pressed Ctrl-C, be it when the last jobs were under way
    verdicts: Counter[Verdict] = field(default_factory=Counter)  # of the episodes that were recorded

    @property
    def recorded(self) -> int:
        """How many episodes were recorded."""
        return self.verdicts.total()


class Breaker:
    """Notices that a target, a player or a judge does not work, from faults of it in a row.

    An arm is given ``patience`` faults of one role in a row, and one more for each further episode at once, because all of those
    begin, and may meet a short failure, together. A player that finds nothing fit to be said is at fault, too. Then one that never finished an episode is given up; for one that has, the run
    pauses, tries a single episode, and goes on if that is finished. If it is not, the arm is given up. A target that refuses the
    key, or is not there, is never waited for.

    Args:
        patience: Faults in a row.
        concurrency: Episodes at once.
        proven: Arms that have finished an episode before.
    """

    def __init__(self, patience: int, concurrency: int, proven: Iterable[str] = ()) -> None:
        self._most = patience + concurrency - 1
        self._proven = set(proven)
        self._row: Counter[tuple[str, str]] = Counter()
        self._last: dict[str, Fault] = {}  # of each arm that never finished an episode
        self._tried: set[tuple[str, str]] = set()  # arms and roles for which the run has paused

    def see(self, arm: str, record: EpisodeRecord, *, paused: bool = False) -> Stop | Literal["pause"] | None:
        """Take note of an episode; return why to stop or to pause, if there is reason.

        Args:
            arm: Whose episode it is.
            record: How it ended.
            paused: It was under way when the run paused, and says nothing of what has become of the failure since.
        """
        unplayable = record.fault is not None and record.fault.kind == UNPLAYABLE
        if record.verdict is not Verdict.INFRASTRUCTURE and not unplayable:
            for role in _BLAMED:
                self._row[arm, role] = 0
                self._tried.discard((arm, role))
            self._proven.add(arm)
            self._last.pop(arm, None)
            return None
        if record.fault is None or record.fault.role not in _BLAMED:
            return None
        self._row[arm, record.fault.role] += 1
        whose = arm, record.fault.role
        many = self._row[whose] >= self._most
        hopeless = record.fault.role == "target" and record.fault.kind in HOPELESS
        if arm not in self._proven:
            self._last[arm] = record.fault
            return "unreachable" if hopeless or many else None
        if hopeless:
            return "faults"
        if not many or paused:
            return None
        if whose in self._tried:
            return "faults"
        self._tried.add(whose)
        return "pause"

    def never_worked(self) -> tuple[str, Fault] | None:
        """Return an arm all of whose episodes ended by a fault, and the last such fault."""
        return next(iter(self._last.items()), None)


class _Run(Generic[J]):
    """The state that the workers of one call share."""

    def __init__(
        self,
        jobs: Iterable[J],
        breaker: Breaker,
        interrupts: Interrupts | None,
        admit: Admit | None,
        enough: Callable[[], bool] | None,
        pause: float,
    ) -> None:
        self.outcome = Outcome()
        self._source = iter(jobs)
        self._breaker = breaker
        self._interrupts = interrupts
        self._admit = admit
        self._enough = enough
        self._next: J | None = None  # taken from the source, and not admitted yet
        self._playing = 0
        self._seconds = pause
        self._until: float | None = None  # when a single episode may be tried
        self._probing = False
        self._short: Fault | None = None  # of an episode that met a limit of its own

    async def take(self) -> J | None:
        """Return the next job to begin, if one may; wait while the run pauses."""
        while self._until is not None and self.outcome.stopped is None:
            if self._interrupts is not None and self._interrupts.count:
                break
            if not self._probing and self._playing == 0 and time.monotonic() >= self._until:
                self._probing = True
                break
            await asyncio.sleep(min(0.1, self._seconds))
        job = self._taken()
        if job is None:
            self._until = None  # nobody is left to be tried
        return job

    def _taken(self) -> J | None:
        if self.outcome.stopped is not None:
            return None
        self._next = self._next if self._next is not None else next(self._source, None)
        if self._next is None:
            return None
        if self._interrupts is not None and self._interrupts.count:
            self.outcome.stopped = "interrupted"
            return None
        if self._enough is not None and self._enough():
            self.outcome.stopped = "decided"
            return None
        refusal = self._admit(self._playing) if self._admit is not None else None
        if refusal is not None:
            if self._playing == 0:
                self.outcome.stopped, self.outcome.fault = "budget", refusal
            return None  # whoever is still under way asks again when it is done
        job, self._next = self._next, None
        self._playing += 1
        return job

    def played(self) -> None:
        """Take note that a job is no longer under way."""
        self._playing -= 1

    def spend_out(self, record: EpisodeRecord) -> bool:
        """Take note of an episode that met a limit, and stop unless the limit was its own; return whether to stop."""
        if record.fault is not None and record.fault.kind.startswith("episode_"):
            self._short = record.fault
            self._probing = False
            return False
        if self.outcome.stopped is None:
            self.outcome.stopped = "budget"
            self.outcome.fault = record.fault
        return True

    def count(self, arm: str, record: EpisodeRecord) -> None:
        """Take note of a recorded episode."""
        self.outcome.verdicts[record.verdict] += 1
        stop = self._breaker.see(arm, record, paused=self._until is not None and not self._probing)
        if self._probing:
            self._probing = False
            if record.verdict is not Verdict.INFRASTRUCTURE:
                self._until = None
        if stop == "pause":
            self._until = time.monotonic() + self._seconds
        elif stop is not None and self.outcome.stopped is None:
            self.outcome.stopped, self.outcome.arm, self.outcome.fault = stop, arm, record.fault

    def close(self, workers: Iterable[asyncio.Task[None]]) -> Outcome:
        """Return the outcome, once all workers have ended; a worker that was cancelled left a job unfinished."""
        if any(worker.cancelled() for worker in workers):
            if self._interrupts is None or self._interrupts.count < 2:
                raise RuntimeError("a job was cancelled from within: `play` let a CancelledError out that nobody outside asked for")
            self.outcome.stopped = self.outcome.stopped or "interrupted"
        self.outcome.interrupted = self._interrupts is not None and self._interrupts.count > 0
        broken = self._breaker.never_worked()
        if self.outcome.stopped is None and broken is not None:
            self.outcome.stopped, (self.outcome.arm, self.outcome.fault) = "unreachable", broken
        if self.outcome.stopped is None and self._short is not None:
            self.outcome.stopped, self.outcome.fault = "budget", self._short
        return self.outcome


async def run_jobs(
    jobs: Iterable[J],
    play: Callable[[J], Awaitable[EpisodeRecord]] | Executor[J],
    record: Record,
    *,
    concurrency: int,
    admit: Admit | None = None,
    enough: Callable[[], bool] | None = None,
    progress: Callable[[J, EpisodeRecord], None] | None = None,
    interrupts: Interrupts | None = None,
    patience: int = 10,
    proven: Iterable[str] = (),
    pause: float = PAUSE,
) -> Outcome:
    """Play jobs, at most ``concurrency`` at once, and record each before its place is given to the next.

    Jobs are taken from ``jobs`` only when there is a place for them. An episode that meets a limit (verdict
    ``budget``) is not recorded; then, as after the first Ctrl-C or when a target cannot be reached, no further
    job begins and those under way are played to their end and recorded. The second Ctrl-C cancels them. An episode that meets
    a limit of its own is not recorded either, the others go on, and the run ends as ``budget`` when all are done.

    Args:
        jobs: What to play, in any order: the order changes no result.
        play: Plays one job, or is an executor that does. It may raise, which ends everything; a fault that belongs to the
            episode is a verdict.
        record: Makes a record durable.
        concurrency: At most so many jobs at once, 1 or more.
        admit: Asked before each job; a job that is refused while none is under way ends the run as ``budget``.
        enough: Asked before each job; once true no further job begins, and the run ends as ``decided``.
        progress: Called after each recorded episode.
        interrupts: Where Ctrl-C is counted.
        patience: Faults of one role in a row, beyond those of episodes at once, after which an arm counts as unreachable.
        proven: Arms that have finished an episode before.
        pause: Seconds without a new episode after many faults in a row, before a single one is tried.

    Returns:
        What was recorded, and why it ended early if it did.

    Raises:
        InputError: If ``concurrency`` is below 1.
        Exception: What ``play``, ``record`` or ``progress`` raised first, after all other jobs were cancelled.
    """
    if concurrency < 1:
        raise InputError("concurrency", "a whole number of 1 or more", concurrency)
    run = _Run(jobs, Breaker(patience, concurrency, proven), interrupts, admit, enough, pause)
    executor: Executor[J] = LocalExecutor(play) if callable(play) else play

    async def work() -> None:
        while (job := await run.take()) is not None:
            finished = await _one(executor, job)
            run.played()
            if finished.record.verdict is Verdict.BUDGET:
                if run.spend_out(finished.record):
                    return
                continue
            await record(job.arm, finished.record, finished.seconds)
            run.count(job.arm, finished.record)
            if progress is not None:
                progress(job, finished.record)

    workers: list[asyncio.Task[None]] = []
    failed: BaseExceptionGroup[BaseException] | None = None
    try:
        with rare_collections(concurrency):
            async with asyncio.TaskGroup() as group:
                workers.extend(group.create_task(work()) for _ in range(concurrency))
                if interrupts is not None:
                    interrupts.watch(workers)
    except BaseExceptionGroup as errors:
        failed = errors
    if failed is not None:
        raise _first(failed)
    return run.close(workers)


async def _one(executor: Executor[J], job: J) -> Finished:
    """Play one job: a place that becomes free is filled at once, so a shard is a single episode here."""
    found: Finished | None = None
    async for finished in executor.submit((job,)):
        found = finished
    assert found is not None
    return found


@contextmanager
def rare_collections(concurrency: int) -> Iterator[None]:
    """Let the garbage collector run rarely: what episodes under way hold is alive, and scanning it took half of the time."""
    before = gc.get_threshold()
    gc.set_threshold(max(100_000, _OBJECTS * concurrency), 50, 1_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _first(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the first error of a group; the others stay visible in a note."""
    first, *others = errors.exceptions
    if others:
        said = sorted({f"{type(error).__name__}: {error}" for error in others})
        first.add_note(f"{len(others)} more of the jobs under way failed: " + "; ".join(said[:3]))
    return first

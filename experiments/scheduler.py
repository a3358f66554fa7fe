"""Plays many episodes at once, with bounded concurrency, and stops in good order."""

from __future__ import annotations

import asyncio
import gc
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Literal, Protocol, TypeVar

from ..sim.errors import InputError
from ..sim.types import EpisodeRecord, Fault, Verdict
from .interrupts import Interrupts

Stop = Literal["budget", "unreachable", "faults", "interrupted", "decided"]
"""Why a run ended early: a limit; somebody who never finished an episode; one who stopped answering; Ctrl-C; enough is known."""

_BLAMED = frozenset({"target", "player", "judge"})
"""Roles whose faults in a row mean that going on is a waste."""

HOPELESS = frozenset({"auth", "not_found"})
"""Kinds of fault of a target after which no call can succeed: one is enough."""


_OBJECTS = 1_000  # containers that an episode under way holds, at most


class Job(Protocol):
    """One episode to play."""

    @property
    def arm(self) -> str:
        """Whose episode it is: the target under test, or a control."""
        ...

    @property
    def key(self) -> str:
        """Key of the episode's record."""
        ...


J = TypeVar("J", bound=Job)

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

    An arm that never finished an episode is given up after ``patience`` faults of one role in a row. One that has is
    given ``patience`` more than there are episodes at once, because a short failure hits all of those together. A target that
    refuses the key, or is not there, is given up at once.

    Args:
        patience: Faults in a row.
        concurrency: Episodes at once.
        proven: Arms that have finished an episode before.
    """

    def __init__(self, patience: int, concurrency: int, proven: Iterable[str] = ()) -> None:
        self._patience = patience
        self._concurrency = concurrency
        self._proven = set(proven)
        self._row: Counter[tuple[str, str]] = Counter()
        self._last: dict[str, Fault] = {}  # of each arm that never finished an episode

    def see(self, arm: str, record: EpisodeRecord) -> Stop | None:
        """Take note of an episode; return why to stop, if there is reason."""
        if record.verdict is not Verdict.INFRASTRUCTURE:
            for role in _BLAMED:
                self._row[arm, role] = 0
            self._proven.add(arm)
            self._last.pop(arm, None)
            return None
        if record.fault is None or record.fault.role not in _BLAMED:
            return None
        self._row[arm, record.fault.role] += 1
        row = self._row[arm, record.fault.role]
        patience = 1 if record.fault.role == "target" and record.fault.kind in HOPELESS else self._patience
        if arm not in self._proven:
            self._last[arm] = record.fault
            return "unreachable" if row >= patience else None
        if patience == 1:
            return "faults"
        return "faults" if row >= self._patience + self._concurrency else None

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
    ) -> None:
        self.outcome = Outcome()
        self._source = iter(jobs)
        self._breaker = breaker
        self._interrupts = interrupts
        self._admit = admit
        self._enough = enough
        self._next: J | None = None  # taken from the source, and not admitted yet
        self._playing = 0

    def take(self) -> J | None:
        """Return the next job to begin, if one may."""
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

    def spend_out(self, record: EpisodeRecord) -> None:
        """Stop, because an episode met a limit."""
        if self.outcome.stopped is None:
            self.outcome.stopped = "budget"
            self.outcome.fault = record.fault

    def count(self, arm: str, record: EpisodeRecord) -> None:
        """Take note of a recorded episode."""
        self.outcome.verdicts[record.verdict] += 1
        stop = self._breaker.see(arm, record)
        if stop is not None and self.outcome.stopped is None:
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
        return self.outcome


async def run_jobs(
    jobs: Iterable[J],
    play: Callable[[J], Awaitable[EpisodeRecord]],
    record: Record,
    *,
    concurrency: int,
    admit: Admit | None = None,
    enough: Callable[[], bool] | None = None,
    progress: Callable[[J, EpisodeRecord], None] | None = None,
    interrupts: Interrupts | None = None,
    patience: int = 10,
    proven: Iterable[str] = (),
) -> Outcome:
    """Play jobs, at most ``concurrency`` at once, and record each before its place is given to the next.

    Jobs are taken from ``jobs`` only when there is a place for them. An episode that meets a limit (verdict
    ``budget``) is not recorded; then, as after the first Ctrl-C or when a target cannot be reached, no further
    job begins and those under way are played to their end and recorded. The second Ctrl-C cancels them.

    Args:
        jobs: What to play, in any order: the order changes no result.
        play: Plays one job. It may raise, which ends everything; a fault that belongs to the episode is a verdict.
        record: Makes a record durable.
        concurrency: At most so many jobs at once, 1 or more.
        admit: Asked before each job; a job that is refused while none is under way ends the run as ``budget``.
        enough: Asked before each job; once true no further job begins, and the run ends as ``decided``.
        progress: Called after each recorded episode.
        interrupts: Where Ctrl-C is counted.
        patience: Faults of one role in a row after which an arm counts as unreachable.
        proven: Arms that have finished an episode before.

    Returns:
        What was recorded, and why it ended early if it did.

    Raises:
        InputError: If ``concurrency`` is below 1.
        Exception: What ``play``, ``record`` or ``progress`` raised first, after all other jobs were cancelled.
    """
    if concurrency < 1:
        raise InputError("concurrency", "a whole number of 1 or more", concurrency)
    run = _Run(jobs, Breaker(patience, concurrency, proven), interrupts, admit, enough)

    async def work() -> None:
        while (job := run.take()) is not None:
            started = time.perf_counter()
            episode = await play(job)
            run.played()
            if episode.verdict is Verdict.BUDGET:
                run.spend_out(episode)
                return
            await record(job.arm, episode, time.perf_counter() - started)
            run.count(job.arm, episode)
            if progress is not None:
                progress(job, episode)

    workers: list[asyncio.Task[None]] = []
    failed: BaseExceptionGroup[BaseException] | None = None
    try:
        with _rare_collections(concurrency):
            async with asyncio.TaskGroup() as group:
                workers.extend(group.create_task(work()) for _ in range(concurrency))
                if interrupts is not None:
                    interrupts.watch(workers)
    except BaseExceptionGroup as errors:
        failed = errors
    if failed is not None:
        raise _first(failed)
    return run.close(workers)


@contextmanager
def _rare_collections(concurrency: int) -> Iterator[None]:
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

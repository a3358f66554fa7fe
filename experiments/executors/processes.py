"""Episodes in worker processes: the run hands them out, hears of each when it is finished, and alone writes the store."""

from __future__ import annotations

import asyncio
import itertools
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from ...agents.limiter import ModelLimiter, Pace, limiter_of
from ...sim.errors import UnreachableError
from ...sim.limits import Ceilings, Limit
from ...sim.types import EpisodeRecord, Fault
from ..arms import Arm
from ..branching import BranchJob
from ..jobs import Cast, EpisodeJob
from .crew import Crew, Worker
from .protocol import Finished
from .tally import SharedTally
from .wire import Wire
from .worker import Ahead, Order, Terms

DEATHS: Final = 3
"""Processes that may die while an episode is played, before it is given up; and that may die before they are ready."""

_DIED = (
    "worker processes died {times} times before they were ready ({how}). Is there memory enough for {workers} of them? Try fewer --workers. "
    'A script that starts them keeps its own work under if __name__ == "__main__".'
)

AnyJob: TypeAlias = EpisodeJob | BranchJob

Trunk = Callable[[BranchJob], str]
"""Returns the JSON of the episode that a branch continues."""


@dataclass(slots=True)
class _Pending:
    """An episode that a worker was told to play."""

    job: AnyJob
    order: Order
    place: int  # in its shard
    heard: asyncio.Queue[Finished | BaseException]
    deaths: int = 0


@dataclass(slots=True)
class _Line:
    """The line to a worker, and what is under way at its other end."""

    worker: Worker
    wire: Wire
    pending: dict[int, _Pending] = field(default_factory=dict)
    turns: dict[int, ModelLimiter] = field(default_factory=dict)  # calls that are under way
    asking: dict[int, asyncio.Task[None]] = field(default_factory=dict)  # calls that wait
    listening: asyncio.Task[None] | None = None


class ProcessExecutor:
    """Plays episodes in the processes of a crew.

    Each shard goes to the worker with the least to do. When a worker dies another takes its place, and what it had not
    finished is played again: its calls stay counted, because they were made. An episode during which three workers
    died is given up, as a fault of the target, which is tried again when the run is resumed.

    Lifecycle: :meth:`open` on the event loop of the run, :meth:`submit`, :meth:`close`. The crew outlives it.

    Args:
        crew: The processes.
        cast: Who takes part.
        arms: Whose episodes are going to be submitted.
        budget: What all processes together may spend; its tally is one that they share.
        trunk: Tells what a branch continues; None: there are no branches.
    """

    def __init__(self, crew: Crew, cast: Cast, arms: Sequence[Arm], budget: Limit, trunk: Trunk | None = None) -> None:
        self._crew = crew
        self._cast = cast
        self._trunk = trunk
        self._files = crew.know(arms)
        self._budget = budget
        self._lines: list[_Line] = []
        self._numbers = itertools.count()
        self._limiters: dict[str, ModelLimiter] = {}
        self._unready = 0  # deaths in a row of workers that were not ready
        self._failure: BaseException | None = None

    async def open(self) -> None:
        """Connect to the processes."""
        for worker in self._crew.workers:
            self._lines.append(await self._connected(worker))

    async def submit(self, shard: Sequence[AnyJob]) -> AsyncIterator[Finished]:
        """Play a shard in one worker and yield each episode when it is finished.

        Raises:
            InputError: If a worker cannot make what the settings name.
            UnreachableError: If workers die before they are ready.
            Exception: What a worker raised that is no episode's fault.
        """
        heard: asyncio.Queue[Finished | BaseException] = asyncio.Queue()
        waiting = [_Pending(job, self._order(job), place, heard) for place, job in enumerate(shard)]
        try:
            if self._failure is not None:
                raise self._failure
            self._hand_over(waiting)
            for _ in shard:
                found = await heard.get()
                if isinstance(found, BaseException):
                    raise found
                yield found
        finally:
            for line in self._lines:  # whoever stopped listening wants no more of it
                for pending in waiting:
                    line.pending.pop(pending.order.number, None)

    async def close(self) -> None:
        """Disconnect; a worker that is still at work is ended, because nobody waits for what it does."""
        for line in self._lines:
            await self._cut(line)
            if line.worker.busy:
                line.worker.again()
        self._lines = []

    def _order(self, job: AnyJob) -> Order:
        trunk = job if isinstance(job, EpisodeJob) else job.trunk
        ahead = None
        if isinstance(job, BranchJob):
            assert self._trunk is not None
            ahead = Ahead(job.pick.turn, job.plan.branch.number if job.plan.branch else 0, job.pick.move, self._trunk(job))
        people = tuple(person.id for person in trunk.people)
        return Order(next(self._numbers), trunk.arm, trunk.plan.replicate, people, trunk.key, ahead)

    def _hand_over(self, waiting: Sequence[_Pending]) -> None:
        line = min(self._lines, key=lambda line: len(line.pending))
        for pending in waiting:
            line.pending[pending.order.number] = pending
            line.worker.busy += 1
            line.wire.send(("play", pending.order))

    async def _connected(self, worker: Worker) -> _Line:
        line = _Line(worker, Wire(worker.ours))
        await line.wire.open()
        budget = self._budget
        assert isinstance(budget.tally, SharedTally)
        most = Ceilings(budget.max_calls, budget.max_tokens, budget.max_cost, budget.max_seconds)
        since = time.monotonic() - budget.seconds
        assert budget.prices is not None
        line.wire.send(("begin", Terms(budget.tally.path, most, since, budget.prices, self._files)))
        line.listening = asyncio.create_task(self._listen(line))
        return line

    async def _listen(self, line: _Line) -> None:
        """Hear what a worker says until it has gone."""
        try:
            while True:
                kind, *rest = await line.wire.receive()
                getattr(self, f"_on_{kind}")(line, *rest)
        except EOFError:
            if self._failure is not None:
                return
            try:
                await self._replace(line)
            except Exception as error:
                self._fail(error)
        except Exception as error:
            self._fail(error)

    def _on_ready(self, line: _Line) -> None:
        line.worker.ready = True
        self._unready = 0

    def _on_done(self, line: _Line, number: int, record: bytes, seconds: float) -> None:
        line.worker.busy -= 1
        pending = line.pending.pop(number, None)
        if pending is not None:
            pending.heard.put_nowait(Finished(pending.place, EpisodeRecord.model_validate_json(record), seconds))

    def _on_raised(self, line: _Line, number: int, error: BaseException) -> None:
        line.worker.busy -= 1
        pending = line.pending.pop(number, None)
        if pending is not None:
            pending.heard.put_nowait(error)

    def _on_failed(self, line: _Line, error: BaseException) -> None:
        self._fail(error)

    def _on_enter(self, line: _Line, ticket: int, key: str, pace: Pace) -> None:
        limiter = self._limiters.setdefault(key, limiter_of(key))
        limiter.join(line.worker, pace)

        async def let_pass() -> None:
            await limiter.enter()
            del line.asking[ticket]
            line.turns[ticket] = limiter
            line.wire.send(("go", ticket))

        line.asking[ticket] = asyncio.create_task(let_pass())

    def _on_leave(self, line: _Line, ticket: int, tokens: int) -> None:
        asking = line.asking.pop(ticket, None)
        if asking is not None:
            asking.cancel()
        limiter = line.turns.pop(ticket, None)
        if limiter is not None:
            limiter.leave(tokens)

    def _fail(self, error: BaseException) -> None:
        """Let everybody who waits for an episode hear that there will be none."""
        self._failure = self._failure or error
        for line in self._lines:
            for pending in line.pending.values():
                pending.heard.put_nowait(error)
            line.pending.clear()

    async def _replace(self, line: _Line) -> None:
        """Start another worker in the place of one that died, and let its episodes be played again."""
        lost = list(line.pending.values())
        line.pending.clear()
        line.listening = None
        worker = line.worker
        worker.process.join()
        how, ready = _ending(worker.process.exitcode), worker.ready
        if not ready:
            self._unready += 1
            if self._unready >= DEATHS:
                raise UnreachableError(_DIED.format(times=self._unready, how=how, workers=len(self._crew.workers)))
        await self._cut(line)
        worker.again()
        self._lines[self._lines.index(line)] = await self._connected(worker)
        again = []
        for pending in lost:
            pending.deaths += ready  # one that was not had not begun to play
            if pending.deaths < DEATHS:
                again.append(pending)
            else:
                pending.heard.put_nowait(Finished(pending.place, self._given_up(pending, how), 0.0))
        for pending in again:
            self._hand_over([pending])

    def _given_up(self, pending: _Pending, how: str) -> EpisodeRecord:
        message = f"the process that played it died {pending.deaths} times (the last time {how})"
        job = (
            pending.job
            if isinstance(pending.job, EpisodeJob)
            else EpisodeJob(pending.job.trunk.sent, pending.job.plan, pending.job.trunk.people)
        )
        return self._cast.lost(job, Fault(role="target", kind="target_crash", message=message, turn=0))

    async def _cut(self, line: _Line) -> None:
        """Disconnect from a worker and give back the turns that it held."""
        if line.listening is not None:
            line.listening.cancel()
            with suppress(asyncio.CancelledError):
                await line.listening
        for asking in line.asking.values():
            asking.cancel()
        await asyncio.gather(*line.asking.values(), return_exceptions=True)
        for limiter in line.turns.values():
            limiter.leave(0)
        line.turns.clear()
        await line.wire.shut()


def _ending(status: Any) -> str:
    """Return how a process ended, in words."""
    if isinstance(status, int) and status < 0:
        try:
            return f"by {signal.Signals(-status).name}"
        except ValueError:
            return f"by signal {-status}"
    return f"with status {status}"

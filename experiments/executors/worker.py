"""What a worker process does: it makes everybody that the settings name, once, and plays the episodes that it is told to.

It counts what it spends where all processes of the run do, and asks the run before each call of a model whose pace is limited.
"""

from __future__ import annotations

import asyncio
import itertools
import pickle
import shutil
import signal
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from ...agents.limiter import Pace, through
from ...agents.response_cache import caching
from ...personas.persona import Persona
from ...sim.branching import branch_plan
from ...sim.errors import InputError, OutskirtsError
from ...sim.limits import Ceilings, Limit
from ...sim.prices import Prices
from ...sim.types import EpisodeRecord
from ..arms import Arm
from ..bridge import new_loop
from ..config import ExperimentConfig
from ..jobs import Cast, EpisodeJob
from ..scheduler import rare_collections
from .tally import SharedTally
from .wire import Wire


@dataclass(frozen=True, slots=True)
class Begin:
    """What a process is given at its start."""

    config: ExperimentConfig
    target: bytes | None  # the system under test itself, pickled, where the caller holds it
    folder: Path  # of this crew; removed by the process if the run has gone


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms the next episodes are played."""

    tally: Path  # where everything is counted
    most: Ceilings
    since: float  # monotonic seconds, the same clock for all processes of a machine
    prices: Prices
    arms: dict[str, Path]  # files of people, by arm


@dataclass(frozen=True, slots=True)
class Sent:
    """The people of an arm, as its file holds them."""

    spec: str
    people: tuple[Persona, ...]
    first: int


@dataclass(frozen=True, slots=True)
class Ahead:
    """Where an episode goes on with another one."""

    turn: int
    number: int
    move: str
    record: str  # the trunk's, JSON


@dataclass(frozen=True, slots=True)
class Order:
    """An episode to play."""

    number: int
    arm: str
    replicate: int
    people: tuple[str, ...]  # persona ids, in their order
    key: str
    ahead: Ahead | None = None


def main(theirs: socket.socket, begun: Begin) -> None:
    """Serve a run until it has gone; the first function of a worker process.

    Ctrl-C reaches all processes of a terminal: the run decides what becomes of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve(Wire(theirs), begun))


class _Asking:
    """The gate of this process: whether a call may pass is the run's business."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._tickets = itertools.count()
        self._waiting: dict[int, asyncio.Future[None]] = {}

    async def enter(self, key: str, pace: Pace) -> int:
        """Ask, and wait for the answer."""
        ticket = next(self._tickets)
        self._waiting[ticket] = asyncio.get_running_loop().create_future()
        self._wire.send(("enter", ticket, key, pace))
        try:
            await self._waiting[ticket]
        except BaseException:
            self._wire.send(("leave", ticket, 0))
            raise
        finally:
            del self._waiting[ticket]
        return ticket

    def leave(self, ticket: int, tokens: int) -> None:
        """Say that a call is over."""
        self._wire.send(("leave", ticket, tokens))

    def go(self, ticket: int) -> None:
        """Let a call pass, if it still waits."""
        waiting = self._waiting.get(ticket)
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


async def _serve(wire: Wire, begun: Begin) -> None:
    await wire.open()
    try:
        cast = _cast(begun)
    except OutskirtsError as error:
        wire.send(("failed", error))
        await wire.drain()
        await wire.shut()
        return
    wire.send(("ready",))
    gate, tasks = _Asking(wire), set[asyncio.Task[None]]()
    with ExitStack() as stack:
        stack.enter_context(through(gate))
        stack.enter_context(caching(cast.config.cache_folder))
        stack.enter_context(rare_collections(cast.config.concurrency))
        table = _Table(cast, wire, stack.enter_context(ExitStack()))
        while True:
            try:
                kind, *rest = await wire.receive()
            except EOFError:  # the run was killed
                shutil.rmtree(begun.folder, ignore_errors=True)
                break
            if kind == "begin":
                table.begin(*rest)
            elif kind == "play":
                task = asyncio.create_task(table.play(*rest))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            elif kind == "go":
                gate.go(*rest)
            elif kind == "end":
                break
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await wire.shut()


def _cast(begun: Begin) -> Cast:
    held: object | None = None
    if begun.target is not None:
        try:
            held = pickle.loads(begun.target)  # noqa: S301 - the run's own
        except Exception as error:
            hint = "A worker process could not make it again; name it by a SPEC, or use executor local."
            raise InputError("target", "an object that can be sent to another process", f"{type(error).__name__}: {error}", hint) from None
    return Cast.of(begun.config.model_copy(update={"beside": None}), held)  # who else makes people is not needed here


class _Table:
    """Who plays here, and under which terms."""

    def __init__(self, cast: Cast, wire: Wire, stack: ExitStack) -> None:
        self._cast = cast
        self._wire = wire
        self._stack = stack
        self._files: dict[str, Path] = {}
        self._arms: dict[Path, tuple[Arm, dict[str, Persona]]] = {}

    def begin(self, terms: Terms) -> None:
        """Play under these terms from now on."""
        self._stack.close()
        tally = SharedTally(terms.tally)
        self._stack.callback(tally.close)
        most = terms.most
        limit = Limit(
            "run",
            calls=most.calls,
            tokens=most.tokens,
            cost=most.cost,
            seconds=most.seconds,
            spent_seconds=time.monotonic() - terms.since,
            prices=terms.prices,
            tally=tally,
        )
        self._stack.enter_context(limit)
        self._files = terms.arms

    async def play(self, order: Order) -> None:
        """Play an episode and send what came of it."""
        started = time.perf_counter()
        try:
            record = await self._played(order)
        except asyncio.CancelledError:
            raise
        except BaseException as error:
            self._wire.send(("raised", order.number, _sendable(error)))
            return
        self._wire.send(("done", order.number, record.model_dump_json().encode(), time.perf_counter() - started))

    async def _played(self, order: Order) -> EpisodeRecord:
        arm, people = self._arm(order.arm)
        trunk = self._cast.job(arm, order.replicate, tuple([people[id] for id in order.people]))
        if order.ahead is None:
            _same(order, trunk)
            return await self._cast.play(trunk)
        from ..branching import play_branch

        ahead = order.ahead
        plan = branch_plan(trunk.plan, ahead.turn, ahead.number, ahead.move)
        return await play_branch(self._cast, trunk, plan, EpisodeRecord.model_validate_json(ahead.record))

    def _arm(self, name: str) -> tuple[Arm, dict[str, Persona]]:
        file = self._files[name]
        if file not in self._arms:
            sent: Sent = pickle.loads(file.read_bytes())  # noqa: S301 - the run's own
            arm = Arm(name, self._cast.target_of(name), sent.spec, sent.people, sent.first)
            self._arms[file] = arm, {person.id: person for person in sent.people}
        return self._arms[file]


def _same(order: Order, job: EpisodeJob) -> None:
    if job.key != order.key:
        raise RuntimeError(f"episode {order.key} came out as {job.key} in a worker process: code or settings changed since the run began")


def _sendable(error: BaseException) -> BaseException:
    """Return an error that can be sent, with where it arose."""
    import traceback

    told = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - made here
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(f"in a worker process:\n{told}")
    return error

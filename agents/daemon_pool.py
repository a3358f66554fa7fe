"""A bounded pool of daemon threads for synchronous targets: one that hangs can be left behind.

This is one of the three places in Outskirts that own threads.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")

WIDTH = 256
"""Most calls that run at once, those given up not counted; further ones wait, which counts against their time-out."""

LOST = 1024
"""Most calls that were given up and still run; past it new calls are refused."""


@dataclass(eq=False, slots=True)
class _Job:
    work: Callable[[], Any]
    loop: asyncio.AbstractEventLoop
    done: asyncio.Future[Any]
    context: Context
    state: str = field(default="queued")  # queued, running, given up, finished; changes under the pool's lock


class DaemonPool:
    """Runs blocking calls for coroutines, at most ``width`` at once.

    When the waiting coroutine is cancelled (a time-out does that), a call that has not started never does, and one that
    runs is left to itself and no longer counts, so the others go on. Threads are daemons and idle ones are reused:
    none holds up the end of the interpreter.

    Args:
        width: Most calls at once.
        lost: Most given-up calls that may still run.
    """

    def __init__(self, width: int = WIDTH, lost: int = LOST) -> None:
        self.width = width
        self.max_lost = lost
        self._lock = threading.Lock()
        self._jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
        self._waiting = 0  # queued jobs
        self._live = 0  # threads that serve the queue
        self._idle = 0  # of them, without a job
        self._lost = 0  # threads whose call was given up

    async def run(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread, in the caller's context, and return what it returns.

        Raises:
            RuntimeError: If too many calls that were given up still run.
        """
        loop = asyncio.get_running_loop()
        job = _Job(work, loop, loop.create_future(), copy_context())
        with self._lock:
            if self._lost >= self.max_lost:
                raise RuntimeError(f"{self._lost} calls that timed out are still running; no more threads are started")
            self._jobs.put(job)
            self._waiting += 1
            self._hire()
        try:
            return await job.done  # type: ignore[no-any-return]
        except asyncio.CancelledError:
            self._give_up(job)
            raise

    def _hire(self) -> None:
        """Start a thread if jobs wait for one and the width allows it; called under the lock."""
        if self._waiting > self._idle and self._live < self.width:
            self._live += 1
            self._idle += 1
            threading.Thread(target=self._serve, name="outskirts-target", daemon=True).start()

    def _give_up(self, job: _Job) -> None:
        with self._lock:
            if job.state == "running":
                self._live -= 1
                self._lost += 1
                self._hire()
            if job.state != "finished":
                job.state = "given up"

    def _serve(self) -> None:
        while True:
            job = self._jobs.get()
            with self._lock:
                self._waiting -= 1
                if job.state == "given up":
                    continue
                job.state = "running"
                self._idle -= 1
            result, error = None, None
            try:
                result = job.context.run(job.work)
            except BaseException as raised:
                error = raised
            with self._lock:
                if job.state == "given up":
                    self._lost -= 1
                    return
                job.state = "finished"
                self._idle += 1
            _deliver(job, result, error)
            del job, result, error


def _deliver(job: _Job, result: object, error: BaseException | None) -> None:
    def settle() -> None:
        if job.done.cancelled():
            return
        if error is None:
            job.done.set_result(result)
        elif isinstance(error, Exception) and not isinstance(error, StopIteration):
            job.done.set_exception(error)
        else:  # a future takes no StopIteration, and SystemExit would end the loop
            job.done.set_exception(RuntimeError(f"{type(error).__name__}: {error}"))

    try:
        job.loop.call_soon_threadsafe(settle)
    except RuntimeError:
        if not job.loop.is_closed():
            raise


_shared: DaemonPool | None = None


def shared_pool() -> DaemonPool:
    """Return the process's one pool, made at first use."""
    global _shared
    if _shared is None:
        _shared = DaemonPool()
    return _shared

"""Worker processes that are started when needed, replaced when they die and ended when told."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from types import TracebackType
from typing import Any, Self, TypeVar

from ...sim.errors import UnreachableError

T = TypeVar("T")

_TRIES = 2
"""Pools in a row that may die before anything was finished."""
_PATIENCE = 2.0  # seconds that a process may take to end

_DIED = (
    "worker processes died {times} times before anything was finished. Is there memory enough for {workers} of them? Try fewer workers. "
    'A script that starts them keeps its own work under if __name__ == "__main__".'
)


class _Noting(SpawnContext):
    """Starts processes anew instead of forking them, and knows which."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **options: Any) -> SpawnProcess:  # type: ignore[override]
        process = SpawnProcess(*args, **options)
        self.started.append(process)
        return process


def _enter(begin: Callable[..., None], given: tuple[object, ...]) -> None:
    """Begin in a worker, which ends at once when the process that started it does, however that ends."""
    threading.Thread(target=_follow_parent, name="outskirts-parent", daemon=True).start()
    begin(*given)


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class Pool:
    """A process pool that outlives its processes.

    Processes are spawned, never forked: a fork copies locks that threads hold. They start with the first jobs. Close it, or use it
    in a ``with`` block.

    Args:
        workers: Processes, 1 or more.
        begin: Called first in each process; must not fail.
        given: What it is called with.
    """

    def __init__(self, workers: int, begin: Callable[..., None], given: tuple[object, ...]) -> None:
        self.workers = workers
        self._begin = begin
        self._given = given
        self._context = _Noting()
        self._executor: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close(now=error is not None)

    @property
    def pids(self) -> list[int]:
        """Ids of the processes that live."""
        return [process.pid for process in self._context.started if process.is_alive() and process.pid is not None]

    async def do(
        self, function: Callable[..., T], jobs: Sequence[tuple[object, ...]], done: Callable[[T], None] = lambda _: None
    ) -> list[T]:
        """Return what a function returns for each job, in the order of the jobs.

        Jobs under way in a process that dies are done anew, so a function must not change anything.

        Args:
            function: One at the top of a module.
            jobs: Its arguments.
            done: Told each result as it comes.

        Raises:
            UnreachableError: If processes die again and again.
            Exception: What the function raised first, in the order of the jobs.
        """
        results: dict[int, T] = {}
        deaths = 0
        while missing := [i for i in range(len(jobs)) if i not in results]:
            before, executor = len(results), self._started()

            async def one(i: int, executor: ProcessPoolExecutor = executor) -> None:
                result = await asyncio.wrap_future(executor.submit(function, *jobs[i]))
                results[i] = result
                done(result)

            ends = await asyncio.gather(*(one(i) for i in missing), return_exceptions=True)
            faults = [end for end in ends if end is not None]
            own = next((fault for fault in faults if not isinstance(fault, BrokenProcessPool)), None)
            if own is not None:
                raise own
            if faults:
                self.close(now=True)
                deaths = deaths + 1 if len(results) == before else 0
                if deaths >= _TRIES:
                    raise UnreachableError(_DIED.format(times=deaths, workers=self.workers)) from faults[0]
        return [results[i] for i in range(len(jobs))]

    def close(self, *, now: bool = False) -> None:
        """End the processes; those that work finish what they do, unless it is to be ``now``. The next job starts others."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        executor.shutdown(wait=not now, cancel_futures=True)
        if now:
            for process in self._context.started:
                process.terminate()
        for process in self._context.started:
            process.join(_PATIENCE)
            if process.is_alive():
                process.kill()
                process.join()
        self._context.started.clear()

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            self._executor = ProcessPoolExecutor(self.workers, self._context, _enter, (self._begin, self._given))
        return self._executor

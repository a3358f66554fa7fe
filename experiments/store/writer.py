"""The one writer of a run: takes finished episodes and commits them in groups."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING

from ...sim.errors import StoreError
from ...sim.types import EpisodeRecord
from .rows import Packed, Spent, pack

if TYPE_CHECKING:
    from .store import RunStore

GROUP = 64
"""At most so many episodes in one commit."""

LINGER = 0.05
"""An episode waits at most so many seconds for company."""

_PATIENCE = 9.0  # wait so many times the last commit's own time: commits then take at most a tenth of the loop's time


class StoreWriter:
    """Commits episodes in groups, on the caller's event loop, without thread or task.

    :meth:`put` returns once its episode is durable. A group is committed when it is full, or when its first
    episode has waited nine times as long as the last commit took, 50 ms at most: on a disk that syncs in 0.1 ms
    that is 1 ms. The callers that wait are the queue, and a full group is committed by the caller that fills it,
    so no more than ``group`` episodes are ever held back in memory.

    After a commit failed, every waiting and every later :meth:`put` raises; what was acknowledged is safe. Close
    the writer before the store (or use it in a ``with`` block inside the store's).

    Args:
        store: A store that is open for writing.
        concurrency: How many episodes run at once; a group waits for no more than these.
        spent: Asked at each commit for what the run has used up; kept in the same transaction.
    """

    def __init__(self, store: RunStore, concurrency: int = GROUP, spent: Callable[[], Spent] | None = None) -> None:
        self._store = store
        self._group = max(1, min(GROUP, concurrency))
        self._spent = spent
        self._waiting: list[tuple[Packed, asyncio.Future[None]]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._linger = 0.001
        self._failure: str | None = None
        self.committed = 0  # episodes acknowledged or about to be
        self.commits = 0

    async def put(self, arm: str, record: EpisodeRecord, seconds: float = 0.0) -> None:
        """Make an episode durable, then return.

        Args:
            arm: Whose episode it is.
            record: The finished episode.
            seconds: How long it took to play.

        Raises:
            StoreError: If it could not be committed.
            ValueError: If its verdict is ``budget``.
        """
        if self._failure is not None:
            raise StoreError(self._failure)
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((pack(arm, record, seconds), done))
        if len(self._waiting) >= self._group:
            self.flush()
        elif self._timer is None:
            self._timer = loop.call_later(self._linger, self.flush)
        await done

    def flush(self) -> None:
        """Commit what waits, now. A failure is raised where the episodes are awaited."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        started = time.perf_counter()
        try:
            self._store.commit([episode for episode, _ in waiting], self._spent() if self._spent else None)
        except Exception as error:  # whatever it is, those who wait must hear of it
            self._fail(waiting, error)
            return
        self._linger = min(LINGER, _PATIENCE * (time.perf_counter() - started))
        self.commits += 1
        self.committed += len(waiting)
        for _, done in waiting:
            if not done.done():  # the one who waited may have been cancelled
                done.set_result(None)

    def _fail(self, waiting: list[tuple[Packed, asyncio.Future[None]]], error: Exception) -> None:
        self._failure = str(error) if isinstance(error, StoreError) else f"the store failed: {type(error).__name__}: {error}"
        for _, done in waiting:
            if not done.done():
                failure = StoreError(self._failure)
                failure.__cause__ = error
                done.set_exception(failure)

    def close(self) -> None:
        """Commit what still waits, with what was spent.

        Raises:
            StoreError: If that fails, and nothing had failed before.
        """
        failed_before = self._failure is not None
        self.flush()
        if failed_before:
            return
        if self._failure is not None:
            raise StoreError(self._failure)
        if self._spent is not None:
            self._store.commit([], self._spent())

    def __enter__(self) -> StoreWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

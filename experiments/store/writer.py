"""The one writer of a run: takes finished episodes and commits them in groups."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from ...sim.errors import StoreError
from ...sim.types import EpisodeRecord
from .rows import Packed, Spent, pack

if TYPE_CHECKING:
    from .store import RunStore

GROUP = 64
"""At most so many episodes in one commit."""

_Waiting = tuple[Packed, asyncio.Future[None]]


class StoreWriter:
    """Commits episodes in groups, in a thread of its own, so that the caller's event loop never waits for the disk.

    :meth:`put` returns once its episode is durable. A commit begins as soon as there is an episode and none is under way;
    what comes meanwhile is the next group, so groups are as large as the disk is slow. The callers that wait are the
    queue: no more episodes are ever held in memory than run at once.

    After a commit failed, every waiting and every later :meth:`put` raises; what was acknowledged is safe. Close
    the writer before the store (or use it in a ``with`` block inside the store's).

    Args:
        store: A store that is open for writing.
        spent: Asked at each commit for what the run has used up; kept in the same transaction.
    """

    def __init__(self, store: RunStore, spent: Callable[[], Spent] | None = None) -> None:
        self._store = store
        self._spent = spent
        self._thread = ThreadPoolExecutor(1, "store")
        self._waiting: list[_Waiting] = []
        self._running: tuple[Future[None], list[_Waiting]] | None = None
        self._failure: str | None = None
        self.committed = 0  # episodes that are durable
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
        if self._running is None and len(self._waiting) == 1:
            loop.call_soon(self._begin, loop)  # others may finish in the same turn of the loop
        await done

    def _begin(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Have the next group committed, unless one is under way; the loop hears of its end."""
        if self._running is not None or not self._waiting:
            return
        group, self._waiting = self._waiting[:GROUP], self._waiting[GROUP:]
        try:
            spent = self._spent() if self._spent else None
        except Exception as error:
            self._fail(group, error)
            return
        running = self._thread.submit(self._store.commit, [episode for episode, _ in group], spent)
        self._running = running, group
        if loop is not None:
            running.add_done_callback(lambda _: _tell(loop, self._settle))

    def _settle(self, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """Let those hear of a commit who waited for it, and begin the next one."""
        if self._running is None or not self._running[0].done():
            return  # it was settled while the writer was closed
        (running, group), self._running = self._running, None
        error = running.exception()
        if error is not None:  # whatever it is, those who wait must hear of it
            self._fail(group, error)
            return
        self.commits += 1
        self.committed += len(group)
        for _, done in group:
            if not done.done():  # the one who waited may have been cancelled
                done.set_result(None)
        self._begin(loop)

    def _fail(self, group: list[_Waiting], error: BaseException) -> None:
        """Let everybody hear that nothing more becomes durable."""
        waiting, self._waiting = group + self._waiting, []
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
        self._begin()
        while self._running is not None:
            wait([self._running[0]])
            self._settle()
        self._thread.shutdown()
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


def _tell(loop: asyncio.AbstractEventLoop, settle: Callable[[asyncio.AbstractEventLoop], None]) -> None:
    """Go on in the loop, from another thread; a loop that has ended has nobody who waits."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(settle, loop)

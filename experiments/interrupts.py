"""Ctrl-C in good order: once to finish what is under way, twice to stop at once."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import Any


class Interrupts:
    """Counts Ctrl-C for :func:`~outskirts.experiments.scheduler.run_jobs`.

    The first lets episodes under way finish, the second cancels them, the third raises ``KeyboardInterrupt``.
    Use it in a ``with`` block, in the main thread, on the running event loop; then it takes SIGINT, and gives it
    back at the end. Without the block nothing is installed, and whoever owns the signal calls :meth:`interrupt`.

    Args:
        announce: Called at each interrupt with how many there were.
    """

    def __init__(self, announce: Callable[[int], None] | None = None) -> None:
        self.count = 0
        self._announce = announce
        self._tasks: list[asyncio.Task[Any]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._before: Callable[[int, FrameType | None], Any] | int | None = None

    def interrupt(self) -> None:
        """Take note of a Ctrl-C.

        Raises:
            KeyboardInterrupt: At the third.
        """
        self.count += 1
        if self.count > 2:
            raise KeyboardInterrupt
        if self.count == 2:
            for task in self._tasks:
                task.cancel()
        if self._announce is not None:
            self._announce(self.count)

    def watch(self, tasks: Iterable[asyncio.Task[Any]]) -> None:
        """Cancel these tasks at the second interrupt, or now if there were two."""
        self._tasks = list(tasks)
        if self.count >= 2:
            for task in self._tasks:
                task.cancel()

    def __enter__(self) -> Interrupts:
        self._before = signal.getsignal(signal.SIGINT)
        self._loop = asyncio.get_running_loop()
        self._loop.add_signal_handler(signal.SIGINT, self.interrupt)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._loop is not None
        self._loop.remove_signal_handler(signal.SIGINT)
        if self._before is not None:  # None: it was not set from Python, and cannot be set back from here
            signal.signal(signal.SIGINT, self._before)

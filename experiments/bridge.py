"""Where coroutines run: in the caller's thread, or, where an event loop runs there already, on the one private loop."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from ..sim.waiting import contained

T = TypeVar("T")

_lock = threading.Lock()
_private: asyncio.AbstractEventLoop | None = None
_thread: threading.Thread | None = None


def new_loop() -> asyncio.AbstractEventLoop:
    """Return a new event loop: uvloop's where it exists, because its timers and wake-ups cost less."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


def complete(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end: in this thread if no loop runs in it, else on the private loop (in a notebook)."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        with _heard_interrupts() as heard, asyncio.Runner(loop_factory=new_loop) as runner:
            try:
                result = runner.run(heard.run(coroutine))
            except asyncio.CancelledError as error:
                if not heard.count:  # code of the user's that cancelled the task it runs in
                    raise RuntimeError("the run was cancelled from within") from error
            if heard.count:
                raise KeyboardInterrupt from None
            return result
    return run_sync(coroutine)


class _Heard:
    """Raises ``KeyboardInterrupt`` at once, and cancels the coroutine too: what is raised in a finalizer is lost."""

    def __init__(self) -> None:
        self.count = 0
        self._task: asyncio.Task[Any] | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        self.count += 1
        if self._task is not None:
            self._task.get_loop().call_soon_threadsafe(self._task.cancel)
        signal.default_int_handler(number, frame)

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        self._task = asyncio.current_task()
        try:
            return await coroutine
        finally:
            self._task = None


@contextmanager
def _heard_interrupts() -> Iterator[_Heard]:
    """Take Ctrl-C, in the main thread.

    ``asyncio.Runner`` would cancel the coroutine only, and one that ends without ever waiting would not notice.
    """
    heard = _Heard()
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, heard)
    try:
        yield heard
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)


def run_sync(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end on the private loop, a daemon thread of its own, whatever runs in this thread.

    What would end that thread (``SystemExit`` of the user's code) comes out as a ``RuntimeError``.
    """
    if threading.current_thread() is _thread:
        coroutine.close()
        raise RuntimeError("run_sync was called on the private loop itself, which would wait for itself")
    return asyncio.run_coroutine_threadsafe(_contained(coroutine), _private_loop()).result()


async def _contained(coroutine: Coroutine[Any, Any, T]) -> T:
    with contained:
        return await coroutine


def _private_loop() -> asyncio.AbstractEventLoop:
    global _private, _thread
    with _lock:
        if _private is None or _thread is None or not _thread.is_alive():  # a forked process has no thread of its parent's
            _private = new_loop()
            _thread = threading.Thread(target=_private.run_forever, name="outskirts-bridge", daemon=True)
            _thread.start()
        return _private

"""Where coroutines run: in the caller's thread, or, where an event loop runs there already, on the one private loop."""

from __future__ import annotations

import asyncio
import signal
import sys
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
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
        with _heard_interrupts(), asyncio.Runner(loop_factory=new_loop) as runner:
            try:
                return runner.run(coroutine)
            except asyncio.CancelledError as error:  # code of the user's that cancelled the task it runs in
                raise RuntimeError("the run was cancelled from within") from error
    return run_sync(coroutine)


@contextmanager
def _heard_interrupts() -> Iterator[None]:
    """Let Ctrl-C raise ``KeyboardInterrupt`` at once in the main thread.

    ``asyncio.Runner`` would cancel the coroutine instead, and one that ends without ever waiting would not notice.
    """
    ours = threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if ours:
        signal.signal(signal.SIGINT, lambda number, frame: signal.default_int_handler(number, frame))
    try:
        yield
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

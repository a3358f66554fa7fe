"""Waiting for a mind that is the user's code: not for ever, and so that it ends no more than its own part."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Awaitable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final, TypeVar

from .text import said

T = TypeVar("T")


class ExpiredError(TimeoutError):
    """Raised when the time given to :func:`within` is over, and not when what was awaited raised a ``TimeoutError``."""


class _Containment:
    """What :data:`contained` is."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        if error is None or isinstance(error, Exception | KeyboardInterrupt | GeneratorExit):
            return
        if not isinstance(error, asyncio.CancelledError):
            raise RuntimeError(said(error)) from error
        if not _cancelled_from_outside():
            raise RuntimeError("CancelledError: nobody had asked for it") from error


contained: Final = _Containment()
"""``with contained:`` around the user's code lets nothing out but an ``Exception``, so that whoever runs it can tell a fault.

``SystemExit``, a ``CancelledError`` that the code made up and any other ``BaseException`` (a panic in a Rust extension is
one) become a ``RuntimeError`` that names them. A cancellation of the running task passes, and so does
``KeyboardInterrupt``, which cannot be told from a Ctrl-C.
"""


def _cancelled_from_outside() -> bool:
    """Tell whether somebody cancels the task that runs here."""
    try:
        task = asyncio.current_task()
    except RuntimeError:  # no event loop runs, so there is no task to cancel
        return False
    return task is not None and task.cancelling() > 0


class _Watch:
    """The time that one call of :func:`within` gives, which can stand still."""

    __slots__ = ("_left", "_paused", "_timer", "outer")

    def __init__(self, outer: _Watch | None) -> None:
        self.outer = outer
        self._timer: asyncio.Timeout | None = None
        self._paused = 0
        self._left: float | None = None

    def begin(self, seconds: float | None) -> asyncio.Timeout:
        """Return a timer over so many seconds, which stands still if it was paused before it was made."""
        self._left = seconds
        self._timer = asyncio.timeout(None if self._paused else seconds)
        return self._timer

    def pause(self) -> None:
        """Let the timer stand still."""
        self._paused += 1
        if self._paused == 1 and self._timer is not None and self._timer.when() is not None and not self._timer.expired():
            self._left = self._timer.when() - asyncio.get_running_loop().time()  # type: ignore[operator]
            self._timer.reschedule(None)

    def go_on(self) -> None:
        """Let it run again, over what is left."""
        self._paused -= 1
        if self._paused == 0 and self._timer is not None and self._left is not None and not self._timer.expired():
            self._timer.reschedule(asyncio.get_running_loop().time() + self._left)


_watch: ContextVar[_Watch | None] = ContextVar("outskirts_watch", default=None)


@contextmanager
def untimed() -> Iterator[None]:
    """Let what happens inside the block count against no :func:`within` around it: waiting for one's turn is nobody's slowness."""
    watches = []
    watch = _watch.get()
    while watch is not None:
        watches.append(watch)
        watch = watch.outer
    for watch in watches:
        watch.pause()
    try:
        yield
    finally:
        for watch in watches:
            watch.go_on()


async def within(seconds: float | None, answer: Awaitable[T]) -> T:
    """Await ``answer``, at most so long.

    A coroutine that ends without ever waiting could not be interrupted anyway, so the timer is armed only once it
    waits: minds that answer at once cost no timer. The time stands still in :func:`untimed`.

    Args:
        seconds: Longest wait; None waits for ever.
        answer: What to wait for.

    Raises:
        ExpiredError: If the time is over. Whatever ``answer`` raises passes through.
    """
    watch = _Watch(_watch.get())
    token = _watch.set(watch)
    try:
        if type(answer) is types.CoroutineType or isinstance(answer, Coroutine):  # to ask the abstract class takes ten times as long
            try:
                waits_for = answer.send(None)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            answer = _rest(answer, waits_for)
        try:
            async with watch.begin(seconds) as timer:
                return await answer
        except TimeoutError as error:
            if timer.expired():
                raise ExpiredError(f"no reply within {seconds:g} s") from error
            raise
    finally:
        _watch.reset(token)


@types.coroutine
def _rest(coroutine: Coroutine[Any, Any, T], waits_for: Any) -> Generator[Any, Any, T]:
    """Go on with a coroutine that has begun and waits for ``waits_for``."""
    while True:
        try:
            try:
                sent = yield waits_for
            except BaseException as error:
                waits_for = coroutine.throw(error)
            else:
                waits_for = coroutine.send(sent)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

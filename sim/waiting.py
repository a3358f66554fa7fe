"""Waiting for a mind, but not for ever."""

from __future__ import annotations

import asyncio
import types
from collections.abc import Awaitable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


class ExpiredError(TimeoutError):
    """Raised when the time given to :func:`within` is over, and not when what was awaited raised a ``TimeoutError``."""


async def within(seconds: float | None, answer: Awaitable[T]) -> T:
    """Await ``answer``, at most so long.

    A coroutine that ends without ever waiting could not be interrupted anyway, so the timer is armed only once it
    waits: minds that answer at once cost no timer.

    Args:
        seconds: Longest wait; None waits for ever.
        answer: What to wait for.

    Raises:
        ExpiredError: If the time is over. Whatever ``answer`` raises passes through.
    """
    if isinstance(answer, Coroutine):
        try:
            waits_for = answer.send(None)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        answer = _rest(answer, waits_for)
    try:
        async with asyncio.timeout(seconds) as timer:
            return await answer
    except TimeoutError as error:
        if timer.expired():
            raise ExpiredError(f"no reply within {seconds:g} s") from error
        raise


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

"""One reply of a target: a call, and further ones only where the user says that a turn may be repeated."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from ...sim.limits import reserve
from ...sim.waiting import ExpiredError, untimed, within
from ..pauses import LONGEST_PAUSE, pause
from .faults import CallFault, CallKind

T = TypeVar("T")

_FIRST = 0.5  # most of the random part of the first pause, seconds


async def repeated(call: Callable[[], Coroutine[Any, Any, T]], *, timeout: float | None, retries: int, role: str, model: str = "") -> T:
    """Call until there is a reply, at most ``1 + retries`` times.

    The first call was counted by whoever asked for the reply; each further one is counted here. Between two calls passes a
    random time that grows, and as long as ``Retry-After`` asks for; it counts against no time-out.

    Args:
        call: Makes one call.
        timeout: Longest wait for one, in seconds, from its turn to the last byte; None waits for ever.
        retries: Further calls, after faults that may pass.
        role: For which role they count.
        model: The name under which their price is known.

    Raises:
        CallFault: That of the last call.
        BudgetExceeded: If an open limit allows no further call.
    """
    if not retries:
        return await _once(call, timeout)
    calls = 0

    async def next_one() -> T:
        nonlocal calls
        calls += 1
        if calls > 1:
            reserve(role, model=model)
        return await _once(call, timeout)

    stop = stop_after_attempt(1 + retries)
    return await AsyncRetrying(retry=retry_if_exception(_may_pass), stop=stop, wait=_pause, sleep=_rest, reraise=True)(next_one)


async def _once(call: Callable[[], Coroutine[Any, Any, T]], timeout: float | None) -> T:
    try:
        return await within(timeout, call())
    except ExpiredError:
        raise CallFault(CallKind.TIMEOUT, f"no whole reply within {timeout:g} s") from None
    except TimeoutError as error:
        raise CallFault(CallKind.TRANSIENT, f"the connection timed out: {error}") from None


async def _rest(seconds: float) -> None:
    with untimed():
        await asyncio.sleep(seconds)


def _may_pass(error: BaseException) -> bool:
    return isinstance(error, CallFault) and error.may_pass and (error.retry_after or 0.0) <= LONGEST_PAUSE


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, CallFault) else None
    return pause(_FIRST, asked, state)

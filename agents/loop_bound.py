"""Things that belong to an event loop and end with it: pools of connections, processes."""

from __future__ import annotations

import asyncio
import atexit
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Generic, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

_GRACE = 2.0  # seconds that a loop which still runs when the interpreter ends is given


class _Held(NamedTuple):
    thing: Any
    life: AsyncGenerator[None, None]


class LoopBound(Generic[T]):
    """One thing for each event loop, made at first use and closed when the loop shuts down.

    An asynchronous generator holds it: ``asyncio.run`` and ``asyncio.Runner`` close those that are still open, whoever's loop
    it is. A loop that runs until the interpreter ends (the private one of a notebook) is told before.

    Args:
        make: Makes the thing, in the loop.
        close: Gives it back.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], Awaitable[None]]) -> None:
        self._make = make
        self._close = close
        self._held: WeakKeyDictionary[asyncio.AbstractEventLoop, _Held] = WeakKeyDictionary()

    async def here(self) -> T:
        """Return that of the running loop."""
        loop = asyncio.get_running_loop()
        held = self._held.get(loop)
        if held is None:
            if not self._held:
                atexit.register(self._end)
            thing = self._make()
            held = self._held[loop] = _Held(thing, self._life(loop, thing))
            await anext(held.life)
        return held.thing  # type: ignore[no-any-return]

    async def _life(self, loop: asyncio.AbstractEventLoop, thing: T) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            self._held.pop(loop, None)
            if not self._held:
                atexit.unregister(self._end)
            await self._close(thing)

    def _end(self) -> None:
        atexit.unregister(self._end)
        for loop, held in list(self._held.items()):
            if loop.is_running():
                try:
                    asyncio.run_coroutine_threadsafe(_ended(held.life), loop).result(_GRACE)
                except (TimeoutError, RuntimeError):  # it hangs, or has just ended
                    continue


async def _ended(life: AsyncGenerator[None, None]) -> None:
    await life.aclose()

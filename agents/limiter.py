"""One limiter for each model: how many calls at once, how many a minute, whoever makes them."""

from __future__ import annotations

import asyncio
import itertools
import time
import weakref
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final, Protocol

from ..sim.waiting import untimed
from .per_loop import PerLoop

USUAL: Final = 8
"""Calls at once of a model for which nobody said how many."""

_CHECK = 0.01  # seconds between two looks at the bucket; the default of langchain-core, 0.1, allows 10 requests a second at most
_BURST = 0.1  # seconds' worth of requests that may come at once, at high rates
_ENDPOINTS = ("openai_api_base", "azure_endpoint", "anthropic_api_url", "base_url", "endpoint_url", "endpoint")
_NAMES = ("model_name", "model", "model_id", "deployment_name")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a model may be called; None: nobody said so."""

    concurrency: int | None = None  # calls at once
    rate: float | None = None  # requests a minute
    token_rate: float | None = None  # tokens a minute, of requests and replies together
    usual: int | None = USUAL  # calls at once where nobody said how many; None: any number


_FREE = Pace(usual=None)  # nobody bounds it: there is no line to wait in


class Gate(Protocol):
    """Who lets calls pass that are made in this process for a run in another one."""

    async def enter(self, key: str, pace: Pace) -> int:
        """Wait for one's turn and return a ticket."""
        ...

    def leave(self, ticket: int, tokens: int) -> None:
        """Give the turn back, with the tokens that were used."""
        ...


_gate: ContextVar[Gate | None] = ContextVar("outskirts_gate", default=None)


@contextmanager
def through(gate: Gate) -> Iterator[None]:
    """Let all calls of tasks that are created in the block pass through a gate."""
    token = _gate.set(gate)
    try:
        yield
    finally:
        _gate.reset(token)


class Turn:
    """A call's turn."""

    __slots__ = ("tokens",)

    def __init__(self) -> None:
        self.tokens = 0  # used by the call, once that is known


class ModelLimiter:
    """Lets calls of one model pass: all roles that call it wait in one line, first come, first served.

    Where roles name different figures for the same model the least holds. Waiting here counts against nobody's time-out.
    Requests are spread evenly over the minute, by langchain-core's rate limiter. Tokens are known after a call only: the
    next one waits until the minute's share has made up for them.

    Args:
        key: What it is: endpoint and model.

    Attributes:
        pace: What holds for all who call it.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.pace = Pace(usual=None)
        self._paces: dict[int, Pace] = {}
        self._slots = PerLoop(self._semaphore)
        self._line = PerLoop(asyncio.Lock)
        self._bucket: Any = None
        self._bucket_rate: float | None = None
        self._free_at = 0.0  # when tokens may be used again, monotonic seconds

    def join(self, member: object, pace: Pace) -> None:
        """Take note of somebody who calls the model, for as long as they are there."""
        if self._paces.get(id(member)) == pace:
            return
        if id(member) not in self._paces:
            weakref.finalize(member, self._left, id(member))
        self._paces[id(member)] = pace
        self.pace = _least(self._paces.values())

    def _left(self, member: int) -> None:
        self._paces.pop(member, None)
        self.pace = _least(self._paces.values())

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Turn]:
        """Wait for one's turn, hold it through the block, and give it back."""
        turn, ticket = Turn(), 0
        if self.pace == _FREE:
            yield turn
            return
        gate = _gate.get()
        with untimed():
            if gate is None:
                await self.enter()
            else:
                ticket = await gate.enter(self.key, self.pace)
        try:
            yield turn
        finally:
            if gate is None:
                self.leave(turn.tokens)
            else:
                gate.leave(ticket, turn.tokens)

    async def enter(self) -> None:
        """Wait for one's turn."""
        slots = self._slots.here()
        if slots is not None:
            await slots.acquire()
        pace = self.pace
        if pace.rate is None and pace.token_rate is None:
            return
        try:
            async with self._line.here():
                if pace.rate is not None:
                    await self._paced(pace.rate).aacquire()
                while pace.token_rate is not None and (wait := self._free_at - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
        except BaseException:
            if slots is not None:
                slots.release()
            raise

    def leave(self, tokens: int) -> None:
        """Give the turn back."""
        slots = self._slots.here()
        if slots is not None:
            slots.release()
        rate = self.pace.token_rate
        if rate is not None and tokens:
            self._free_at = max(self._free_at, time.monotonic()) + 60.0 * tokens / rate

    def _semaphore(self) -> asyncio.Semaphore | None:
        pace = self.pace
        most = pace.usual if pace.concurrency is None else pace.concurrency
        return None if most is None else asyncio.Semaphore(most)

    def _paced(self, rate: float) -> Any:
        if self._bucket_rate != rate:
            from langchain_core.rate_limiters import InMemoryRateLimiter

            each = rate / 60.0
            self._bucket = InMemoryRateLimiter(
                requests_per_second=each, check_every_n_seconds=_CHECK, max_bucket_size=max(1.0, each * _BURST)
            )
            self._bucket_rate = rate
        return self._bucket


def _least(paces: Iterable[Pace]) -> Pace:
    """Return the least of all figures."""
    given = list(paces)

    def least(name: str) -> Any:
        return min((found for pace in given if (found := getattr(pace, name)) is not None), default=None)

    return Pace(least("concurrency"), least("rate"), least("token_rate"), least("usual"))


_limiters: weakref.WeakValueDictionary[str, ModelLimiter] = weakref.WeakValueDictionary()
_numbers: dict[int, int] = {}
_count = itertools.count()


def limiter_of(key: str) -> ModelLimiter:
    """Return the limiter of a model: the same one for as long as somebody holds it."""
    found = _limiters.get(key)
    if found is None:
        found = _limiters[key] = ModelLimiter(key)
    return found


def new_lines() -> None:
    """Let whoever is made from now on wait in new lines: those of an earlier run have nothing to do with them."""
    _limiters.clear()


def endpoint_key(model: str, endpoint: str) -> str:
    """Return what tells a model behind an endpoint from others.

    Example:
        >>> endpoint_key("gpt-x", "http://127.0.0.1:8000/v1/")
        'gpt-x@http://127.0.0.1:8000/v1'
    """
    return f"{model}@{endpoint.rstrip('/')}"


def model_key(model: object, name: str) -> str:
    """Return what tells a model from others: its name and its endpoint, or the object itself where it says neither.

    Args:
        model: A chat model or another Runnable.
        name: What it is called otherwise.
    """
    said = _first(model, _NAMES)
    if said:
        return endpoint_key(said, _first(model, _ENDPOINTS) or type(model).__name__)
    if id(model) not in _numbers:
        _numbers[id(model)] = next(_count)
        with suppress(TypeError):  # where it cannot be referred to weakly its number stays taken
            weakref.finalize(model, _numbers.pop, id(model), None)
    return f"{name}#{_numbers[id(model)]}"


def _first(model: object, names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := getattr(model, name, None), str) and value), "")

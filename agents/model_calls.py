"""Calls of one language model: so many at once, so long, so often, and counted."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from ..sim.errors import InputError, OutskirtsError
from ..sim.limits import refund, reserve, settle
from ..sim.secrets import hide, redacted, without
from ..sim.waiting import contained, untimed, within
from .chat_models import KEY, ModelSettings, lacks_key
from .daemon_pool import shared_pool
from .limiter import Turn, limiter_of, model_key
from .pauses import LONGEST_PAUSE, pause, seconds_asked
from .per_loop import PerLoop
from .response_cache import is_hit
from .runnables import is_runnable, is_sync_only

T = TypeVar("T")

_PASSING = frozenset({408, 409, 425, 429})  # and 500 and above: the same request may succeed later
_REFUSED = frozenset({400, 413, 422})  # what was asked, not who asked or where
_WANTING = frozenset({401, 403})
_UNFINISHED = frozenset({"LengthFinishReasonError", "ContentFilterFinishReasonError", "OutputParserException"})
_UNHEARD = frozenset({"APIConnectionError", "ConnectError", "ConnectTimeout", "ClientConnectorError"})
_MISTAKES = (TypeError, AttributeError, NameError, NotImplementedError, ImportError)


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What a model was asked so far."""

    calls: int = 0  # requests sent, failed ones and repeated ones included
    input_tokens: int = 0  # as far as the model reports them
    output_tokens: int = 0
    total_tokens: int = 0


class ModelCalls:
    """Calls one model for one role. Works in any number of event loops, one after the other.

    One layer of retries: a call is repeated where the cause may pass (status 408, 409, 425, 429, 500 and above, a lost
    connection, a time-out, a reply that cannot be decoded), after a random pause that grows and is no shorter than ``Retry-After`` asks for;
    where that is more than a minute, it is not repeated. A model that nothing was ever heard of is not called again, because then the address is probably wrong.
    A model of the user's own that retries by itself multiplies the calls: turn that off there.

    All who call the same model (the same name at the same endpoint) wait in one line: see :mod:`~outskirts.agents.limiter`.
    Waiting there, and between two attempts, counts against no time-out around the call.

    Args:
        model: A LangChain chat model or Runnable; one with synchronous methods only runs in the bounded thread pool.
        name: For error messages.
        role: For which role calls and tokens count against open limits.
        settings: Time-out, calls at once, attempts.
        secrets: Texts that are replaced in what errors say.

    Raises:
        InputError: If ``model`` is no Runnable.
    """

    def __init__(self, model: object, name: str, role: str, settings: ModelSettings, secrets: Sequence[str] = ()) -> None:
        if not is_runnable(model):
            raise InputError("model", "a LangChain chat model or Runnable", type(model).__name__)
        self.name = name
        self.answered = False  # whether it was ever heard
        self._role = role
        self._settings = settings
        hide(secrets, guessed=True)
        self._secrets = tuple(secret for secret in secrets if secret)
        self._threaded = is_sync_only(model)
        self._keyless = lacks_key(model)
        self._counts: Counter[str] = Counter()
        self._limiter = limiter_of(model_key(model, name))
        self._limiter.join(self, settings.pace)

    @property
    def usage(self) -> ModelUsage:
        """Calls and tokens so far."""
        return ModelUsage(**self._counts)

    async def call(self, runnable: Any, messages: list[Any], facts: Mapping[str, Any], read: Callable[[object], T]) -> T:
        """Invoke ``runnable`` (the model, or a chain around it) and return what ``read`` makes of the result.

        Args:
            runnable: What is invoked.
            messages: What it is given.
            facts: Metadata of the call, for tracers.
            read: May raise, then the call has failed.

        Raises:
            BudgetExceeded: If an open limit allows no further call.
            InputError: If the endpoint wants a key and was sent none.
            Exception: What the last attempt raised; one whose text held a secret is replaced.
        """
        config = {"tags": ["outskirts"], "metadata": dict(facts)}
        try:
            async with self._limiter.turn() as turn:
                return await self._retrying()(self._once, turn, runnable, messages, config, read)
        except OutskirtsError:
            raise
        except Exception as error:
            if self._keyless and status(error) in _WANTING:
                hint = f"{self.name} wants a key; it was sent none."
                raise InputError(self._role, f"a key in the environment variable {KEY}", f"status {status(error)}", hint) from None
            if not self._tells(error):
                raise
            raise RuntimeError(self.redacted(f"{type(error).__name__}: {error}")) from None

    def redacted(self, text: str) -> str:
        """Return text without secrets."""
        return without(redacted(text), self._secrets)

    def _retrying(self) -> AsyncRetrying:
        """Return what repeats one call; each has its own, because it remembers attempts."""
        return AsyncRetrying(
            retry=retry_if_exception(self._may_pass),
            stop=stop_after_attempt(self._settings.attempts),
            wait=self._pause,
            sleep=_rest,
            reraise=True,
        )

    def _tells(self, error: Exception) -> bool:
        """Tell whether an exception says a secret; one whose message cannot be read does not."""
        try:
            text = str(error)
        except Exception:
            return False
        return self.redacted(text) != text

    async def _once(self, turn: Turn, runnable: Any, messages: list[Any], config: dict[str, Any], read: Callable[[object], T]) -> T:
        reserve(self._role, model=self.name)
        self._counts["calls"] += 1
        with contained:
            result = await within(self._settings.timeout, self._reply(runnable, messages, config))
        self._count(result, turn)
        value = read(result)
        self.answered = True
        return value

    async def _reply(self, runnable: Any, messages: list[Any], config: dict[str, Any]) -> object:
        if self._threaded:
            return await shared_pool().run(lambda: runnable.invoke(messages, config))
        return await runnable.ainvoke(messages, config)

    def _count(self, result: object, turn: Turn) -> None:
        message = result.get("raw") if isinstance(result, Mapping) else result
        if is_hit(message):
            self._counts["calls"] -= 1
            refund(self._role, model=self.name)
            return
        usage = getattr(message, "usage_metadata", None)
        told = usage if isinstance(usage, Mapping) else {}
        counted = {key: int(told.get(key) or 0) for key in ("input_tokens", "output_tokens", "total_tokens")}
        self._counts.update(counted)
        sent, received = (counted["input_tokens"], counted["output_tokens"]) if told else (None, None)
        settle(self._role, counted["total_tokens"], model=self.name, sent=sent, received=received)
        turn.tokens += counted["total_tokens"]

    def _may_pass(self, error: BaseException) -> bool:
        if not isinstance(error, Exception) or isinstance(error, OutskirtsError) or is_unfinished(error):
            return False
        if (retry_after(error) or 0.0) > LONGEST_PAUSE:
            return False
        code = status(error)
        if code is not None:
            return code in _PASSING or code >= 500
        return self.answered or not (_is_unheard(error) or isinstance(error, _MISTAKES))

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        return pause(self._settings.pause, retry_after(error), state)


class Once:
    """Something that must succeed once before anything else, whoever comes first; a failure is shared by all who wait for it."""

    def __init__(self) -> None:
        self.done = False
        self._failures = 0
        self._fault: Exception | None = None
        self._lock = PerLoop(asyncio.Lock)

    async def ensure(self, job: Callable[[], Awaitable[None]]) -> None:
        """Do ``job`` unless it is done; after a failure the next who comes tries again."""
        seen = self._failures
        if self.done:
            return
        async with self._lock.here():
            if self._fault is not None and self._failures != seen:  # while this one waited
                raise self._fault
            if not self.done:
                await self._try(job)

    async def _try(self, job: Callable[[], Awaitable[None]]) -> None:
        try:
            await job()
        except Exception as error:
            self._fault = error
            self._failures += 1
            raise
        self.done = True


async def _rest(seconds: float) -> None:
    """Wait between two attempts, at nobody's expense."""
    with untimed():
        await asyncio.sleep(seconds)


async def gathered(jobs: Iterable[Coroutine[Any, Any, T]]) -> list[T]:
    """Do all jobs at once and return their results in order; the first failure cancels the rest and is raised."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def status(error: BaseException) -> int | None:
    """Return the HTTP status that an exception of a provider's package carries; None for a success that could not be decoded."""
    for holder in (error, getattr(error, "response", None)):
        code = getattr(holder, "status_code", None)
        if isinstance(code, int) and code >= 300:
            return code
    return None


def is_refused(error: BaseException) -> bool:
    """Tell whether the endpoint refused what it was asked: a setting that it does not know, a text that it does not want."""
    return status(error) in _REFUSED


def is_unfinished(error: BaseException) -> bool:
    """Tell whether the model answered, but was cut off or held back, so that its package raises."""
    return _named(error, _UNFINISHED)


def text_of(result: object) -> str | None:
    """Return the text of a model's or a chain's result; None if it holds none."""
    if isinstance(result, str):
        return result
    text = getattr(result, "text", None)
    return str(text) if isinstance(text, str) else None


def _is_unheard(error: BaseException) -> bool:
    return isinstance(error, OSError) or _named(error, _UNHEARD)  # a TimeoutError is an OSError


def _named(error: BaseException, names: frozenset[str]) -> bool:
    """Tell whether an exception is of a kind that only a provider's package could be imported for."""
    return any(kind.__name__ in names for kind in type(error).__mro__)


def retry_after(error: BaseException | None) -> float | None:
    """Return the seconds that an exception of a provider's package asks to wait; None if it does not ask."""
    read = getattr(getattr(getattr(error, "response", None), "headers", None), "get", None)
    header = read("retry-after") if callable(read) else None
    return seconds_asked(header) if isinstance(header, str) else None

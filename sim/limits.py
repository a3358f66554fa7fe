"""Budgets: one kind of nestable context manager for calls, tokens, money and time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar, Token
from types import TracebackType

from .errors import BudgetExceeded
from .types import Usage

_open: ContextVar[tuple[Limit, ...]] = ContextVar("outskirts_limits", default=())


class Limit:
    """A ceiling on what happens inside the ``with`` block, and the count of it.

    Limits nest: what is spent counts against every open one, and the first to be met ends the spending.
    The open limits travel with the asyncio task (they are a context variable), so a limit opened around the
    creation of tasks bounds all of them together.

    Args:
        scope: Name in messages (``run``, ``episode``).
        calls: At most so many calls to targets and models.
        tokens: At most so many tokens, as far as models report them.
        cost: At most so much money, as far as prices are known.
        seconds: At most so long, from entry.
        spent: What was spent before, for a resumed run.
        clock: Monotonic seconds.

    Example:
        >>> with Limit("run", calls=1) as run:
        ...     reserve("target")
        >>> run.usage().calls
        {'target': 1}
    """

    def __init__(
        self,
        scope: str,
        *,
        calls: int | None = None,
        tokens: int | None = None,
        cost: float | None = None,
        seconds: float | None = None,
        spent: Usage | None = None,
        spent_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.scope = scope
        self.max_calls = calls
        self.max_tokens = tokens
        self.max_cost = cost
        self.max_seconds = seconds
        self.calls: Counter[str] = Counter(spent.calls if spent else {})
        self.tokens: Counter[str] = Counter(spent.tokens if spent else {})
        self.cost = 0.0
        self._n_calls = self.calls.total()
        self._n_tokens = self.tokens.total()
        self._spent_seconds = spent_seconds
        self._clock = clock
        self._start: float | None = None
        self._token: Token[tuple[Limit, ...]] | None = None

    def __enter__(self) -> Limit:
        self._start = self._clock() - self._spent_seconds
        self._token = _open.set((*_open.get(), self))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._token is not None
        _open.reset(self._token)

    @property
    def seconds(self) -> float:
        """Seconds since entry, with those of earlier sessions."""
        return self._spent_seconds if self._start is None else self._clock() - self._start

    def usage(self) -> Usage:
        """Return what was counted, by role."""
        return Usage(calls=dict(self.calls), tokens=dict(self.tokens))

    def calls_left(self) -> int | None:
        """Return how many more calls are allowed, 0 or more; None without a ceiling."""
        return None if self.max_calls is None else max(0, self.max_calls - self._n_calls)

    def check(self, calls: int = 0) -> None:
        """Raise if ``calls`` more would pass a ceiling.

        Raises:
            BudgetExceeded: Naming the resource, the ceiling and the scope.
        """
        if self.max_calls is not None and self._n_calls + calls > self.max_calls:
            raise BudgetExceeded("calls", self.max_calls, self.scope)
        if self.max_tokens is not None and self._n_tokens >= self.max_tokens:
            raise BudgetExceeded("tokens", self.max_tokens, self.scope)
        if self.max_cost is not None and self.cost >= self.max_cost:
            raise BudgetExceeded("cost", self.max_cost, self.scope)
        if self.max_seconds is not None and self.seconds >= self.max_seconds:
            raise BudgetExceeded("seconds", self.max_seconds, self.scope)

    def _count(self, role: str, calls: int, tokens: int, cost: float) -> None:
        if calls:
            self.calls[role] += calls
            self._n_calls += calls
        if tokens:
            self.tokens[role] += tokens
            self._n_tokens += tokens
        self.cost += cost


def reserve(role: str, calls: int = 1) -> None:
    """Count calls that are about to be made; nothing is counted if any open limit forbids it.

    Raises:
        BudgetExceeded: If one of the open limits would be passed.
    """
    limits = _open.get()
    for limit in limits:
        limit.check(calls)
    for limit in limits:
        limit._count(role, calls, 0, 0.0)


def settle(role: str, tokens: int = 0, cost: float = 0.0) -> None:
    """Count what a finished call turned out to have used. Never raises: it is already spent."""
    for limit in _open.get():
        limit._count(role, 0, tokens, cost)

"""Budgets: one kind of nestable context manager for calls, tokens, money and time."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol

from .errors import BudgetExceeded
from .prices import UNKNOWN, Prices
from .types import Usage

_open: ContextVar[tuple[Limit, ...]] = ContextVar("outskirts_limits", default=())
_ALONE: AbstractContextManager[None] = nullcontext()


class Tally(Protocol):
    """What was spent, by role. Whoever shares one between processes counts under its ``guard``."""

    @property
    def guard(self) -> AbstractContextManager[Any] | None:
        """What is held while a ceiling is compared and the count is raised; None if nobody else counts here."""
        ...

    @property
    def n_calls(self) -> int:
        """Calls of all roles."""
        ...

    @property
    def n_tokens(self) -> int:
        """Tokens of all roles."""
        ...

    @property
    def cost(self) -> float:
        """Money of all roles, as far as it is known."""
        ...

    @property
    def n_unpriced(self) -> int:
        """Calls whose price is not known, of all roles."""
        ...

    def add(self, role: str, calls: int, tokens: int, cost: float, unpriced: int) -> None:
        """Count."""
        ...

    def sums(self) -> Sums:
        """Return what was counted, by role."""
        ...


@dataclass(frozen=True, slots=True)
class Sums:
    """What was spent, by role."""

    calls: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)
    money: Mapping[str, float] = field(default_factory=dict)  # as far as prices are known
    unpriced: Mapping[str, int] = field(default_factory=dict)  # calls whose price is not known

    @property
    def usage(self) -> Usage:
        """Calls and tokens."""
        return Usage(calls=self.calls, tokens=self.tokens)


class LocalTally:
    """Counts in this process.

    Args:
        spent: What was spent before.
    """

    guard = None

    def __init__(self, spent: Sums | None = None) -> None:
        before = spent or Sums()
        self._calls = Counter(before.calls)
        self._tokens = Counter(before.tokens)
        self._money = dict(before.money)
        self._unpriced = Counter(before.unpriced)
        self.n_calls = self._calls.total()
        self.n_tokens = self._tokens.total()
        self.cost = sum(self._money.values())
        self.n_unpriced = self._unpriced.total()

    def add(self, role: str, calls: int, tokens: int, cost: float, unpriced: int) -> None:
        """Count."""
        if calls:
            self._calls[role] += calls
            self.n_calls += calls
        if tokens:
            self._tokens[role] += tokens
            self.n_tokens += tokens
        if cost:
            self._money[role] = self._money.get(role, 0.0) + cost
            self.cost += cost
        if unpriced:
            self._unpriced[role] += unpriced
            self.n_unpriced += unpriced

    def sums(self) -> Sums:
        """Return what was counted, by role."""
        return Sums(dict(self._calls), dict(self._tokens), dict(self._money), dict(self._unpriced))


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What an episode, or a run, may spend at most; None: as much as it likes."""

    calls: int | None = None  # to targets and models
    tokens: int | None = None  # as far as models report them
    cost: float | None = None  # money
    seconds: float | None = None


class Limit:
    """A ceiling on what happens inside the ``with`` block, and the count of it.

    Limits nest: what is spent counts against every open one, and the first to be met ends the spending.
    The open limits travel with the asyncio task (they are a context variable), so a limit opened around the
    creation of tasks bounds all of them together.

    Calls are counted before they are made, so no more are made than allowed. Tokens and money are known afterwards:
    calls under way when a ceiling of these is met are finished, so it is passed by as much as they use.

    Args:
        scope: Name in messages (``run``, ``episode``).
        calls: At most so many calls to targets and models.
        tokens: At most so many tokens, as far as models report them.
        cost: At most so much money. A call whose price is not known ends the spending too, because nothing else would.
        seconds: At most so long, from entry.
        spent: What was spent before, for a resumed run.
        spent_seconds: How long that took.
        clock: Monotonic seconds.
        prices: What models cost; those of the outermost limit that has some are used. None: those of another limit.
        tally: Where it is counted, with ``spent`` in it; None: here.

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
        spent: Usage | Sums | None = None,
        spent_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        prices: Prices | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.scope = scope
        self.max_calls = calls
        self.max_tokens = tokens
        self.max_cost = cost
        self.max_seconds = seconds
        before = Sums(spent.calls, spent.tokens) if isinstance(spent, Usage) else spent
        self.tally: Tally = LocalTally(before) if tally is None else tally
        self.prices = prices
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

    @property
    def cost(self) -> float:
        """Money spent, as far as prices are known."""
        return self.tally.cost

    @property
    def known_cost(self) -> float | None:
        """Money spent; None if the price of some call is not known."""
        return None if self.tally.n_unpriced else self.tally.cost

    def usage(self) -> Usage:
        """Return what was counted, by role."""
        return self.tally.sums().usage

    def calls_left(self) -> int | None:
        """Return how many more calls are allowed, 0 or more; None without a ceiling."""
        return None if self.max_calls is None else max(0, self.max_calls - self.tally.n_calls)

    def check(self, calls: int = 0) -> None:
        """Raise if ``calls`` more would pass a ceiling.

        Raises:
            BudgetExceeded: Naming the resource, the ceiling and the scope.
        """
        tally = self.tally
        if self.max_calls is not None and tally.n_calls + calls > self.max_calls:
            raise BudgetExceeded("calls", self.max_calls, self.scope)
        if self.max_tokens is not None and tally.n_tokens >= self.max_tokens:
            raise BudgetExceeded("tokens", self.max_tokens, self.scope)
        if self.max_cost is not None:
            if tally.cost >= self.max_cost:
                raise BudgetExceeded("cost", self.max_cost, self.scope)
            if tally.n_unpriced:
                roles = ", ".join(sorted(role for role, n in tally.sums().unpriced.items() if n))
                raise BudgetExceeded(
                    "cost", self.max_cost, self.scope, f"what calls of {roles} cost is not known, so that {{}} cannot be kept"
                )
        if self.max_seconds is not None and self.seconds >= self.max_seconds:
            raise BudgetExceeded("seconds", self.max_seconds, self.scope)


def reserve(role: str, calls: int = 1, model: str = "") -> None:
    """Count calls that are about to be made; nothing is counted if any open limit forbids it.

    Args:
        role: Who makes them: ``target``, ``player``, ``judge``, ...
        calls: How many.
        model: The name under which the price of what is called is known.

    Raises:
        BudgetExceeded: If one of the open limits would be passed.
    """
    limits = _open.get()
    if not limits:
        return
    price = _prices(limits).of(model) if calls else None
    charge, unpriced = (0.0, calls) if price is None else (price.call * calls, 0)
    with _guard(limits):
        for limit in limits:
            limit.check(calls)
        for limit in limits:
            limit.tally.add(role, calls, 0, charge, unpriced)


def settle(
    role: str, tokens: int = 0, cost: float | None = None, *, model: str = "", sent: int | None = None, received: int | None = None
) -> None:
    """Count what a finished call turned out to have used. Never raises: it is already spent.

    Args:
        role: Whose call it was.
        tokens: All tokens of it.
        cost: What it cost, if that is known; else it follows from the price of the model.
        model: The name under which that is known.
        sent: Tokens of what was sent; None if the model did not say.
        received: Tokens of what was answered.
    """
    limits = _open.get()
    if not limits:
        return
    unpriced = 0
    if cost is None:
        price = _prices(limits).of(model)
        cost = 0.0
        if price is not None and price.by_tokens:
            if sent is None or received is None:
                unpriced = 1
            else:
                cost = price.of(sent, received)
    with _guard(limits):
        for limit in limits:
            limit.tally.add(role, 0, tokens, cost, unpriced)


def refund(role: str, calls: int = 1, model: str = "") -> None:
    """Take back calls that were reserved and not made, because the answer was known."""
    limits = _open.get()
    if not limits:
        return
    price = _prices(limits).of(model)
    charge, unpriced = (0.0, calls) if price is None else (price.call * calls, 0)
    with _guard(limits):
        for limit in limits:
            limit.tally.add(role, -calls, 0, -charge, -unpriced)


def _prices(limits: tuple[Limit, ...]) -> Prices:
    for limit in limits:
        if limit.prices is not None:
            return limit.prices
    return UNKNOWN


def _guard(limits: tuple[Limit, ...]) -> AbstractContextManager[Any]:
    for limit in limits:
        guard = limit.tally.guard
        if guard is not None:
            return guard
    return _ALONE

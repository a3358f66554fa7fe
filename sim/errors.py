"""Every error Outskirts raises on purpose.

::

    OutskirtsError
    ├── InputError            what the user gave was wrong            exit 2
    │   └── UnknownNameError
    ├── BudgetExceeded        a limit was reached                     exit 3
    ├── UnreachableError      the target or a model cannot be reached exit 4
    ├── EpisodeFault          one episode could not be finished; becomes its verdict
    │   ├── ActorFault        (role, kind)
    │   └── JudgeFault
    └── StoreError            the run directory cannot be used        exit 2
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from .secrets import redacted

UNPLAYABLE = "unplayable"
"""Kind of an :class:`ActorFault` of a player that found nothing fit to be said: the simulation of the person is at fault."""

_MOST_CHOICES = 40  # names that a message lists: a population can have thousands of ids


class OutskirtsError(Exception):
    """Root of every error that Outskirts raises on purpose; arrives whole from another process."""

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.args, dict(self.__dict__))


def _again(kind: type[OutskirtsError], args: tuple[object, ...], state: dict[str, object]) -> OutskirtsError:
    """Return an error as it was, whatever its class takes to be made."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error


class InputError(OutskirtsError):
    """Raised when something the user gave is wrong; names the field, what was expected and what came.

    Attributes:
        field: Name of the option, key or argument.
        expected: What would have been right, in words.
        got: What came instead, shortened.
    """

    def __init__(self, field: str, expected: str, got: object, hint: str = "") -> None:
        self.field = field
        self.expected = expected
        self.got = got
        self.hint = hint
        shown = redacted(repr(redacted(got) if isinstance(got, str) else got))
        if len(shown) > 120:
            shown = shown[:117] + "..."
        super().__init__(f"{field}: expected {expected}, got {shown}." + (f" {hint}" if hint else ""))


class UnknownNameError(InputError):
    """Raised when a name is in no registry; lists the choices (the first of them, where they are many) and the nearest one.

    Attributes:
        nearest: The closest known name, or None.
        choices: Every known name, sorted.
    """

    def __init__(self, field: str, got: str, choices: Iterable[str]) -> None:
        self.choices = sorted(choices)
        close = difflib.get_close_matches(str(got), self.choices, n=1, cutoff=0.5)
        self.nearest = close[0] if close else None
        hint = f"Did you mean {self.nearest!r}?" if self.nearest else ""
        shown = ", ".join(self.choices[:_MOST_CHOICES])
        rest = f", ... ({len(self.choices):,} in all)" if len(self.choices) > _MOST_CHOICES else ""
        super().__init__(field, f"one of {shown}{rest}", got, hint)


class BudgetExceeded(OutskirtsError):
    """Raised when spending would pass a limit; what was finished before is kept.

    Attributes:
        resource: ``calls``, ``tokens``, ``cost`` or ``seconds``.
        limit: The ceiling that was met.
        scope: Which limit it was (``run``, ``episode``, ...).
    """

    def __init__(self, resource: str, limit: float, scope: str, why: str = "{} was reached") -> None:
        self.resource = resource
        self.limit = limit
        self.scope = scope
        super().__init__(why.format(f"the {scope}'s limit of {limit:g} {resource}"))


class UnreachableError(OutskirtsError):
    """Raised before any episode starts, when the target fails its dry call or a respondent fails to answer as somebody."""


class EpisodeFault(OutskirtsError):
    """Raised inside one episode when it cannot be finished; the loop turns it into a verdict."""


class ActorFault(EpisodeFault):
    """Raised when an actor fails to act: it raised, timed out or answered with no usable text.

    Attributes:
        role: ``target`` or ``player``.
        kind: ``raised``, ``timeout``, ``invalid_reply``, ``unready`` (its model failed a first harmless turn) or, of a player,
            ``unplayable``.
    """

    def __init__(self, role: str, kind: str, message: str) -> None:
        self.role = role
        self.kind = kind
        super().__init__(message)


class JudgeFault(EpisodeFault):
    """Raised when a judge raises, returns something that is no judgement, or cannot be read.

    Attributes:
        kind: ``raised`` or ``unreadable``.
    """

    def __init__(self, message: str, kind: str = "raised") -> None:
        self.kind = kind
        super().__init__(message)


class StoreError(OutskirtsError):
    """Raised when a run directory cannot be used: locked, read-only, full, or of another run."""

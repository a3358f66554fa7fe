"""What can go wrong with a call of a target, in one enumeration; none of it is the target's failure of a person."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from ...sim.errors import ActorFault
from ...sim.secrets import redacted
from ...sim.text import clean

_QUOTE = 160  # characters of a body that a message quotes


class CallKind(StrEnum):
    """Kinds of fault; the value is the ``kind`` of the record's fault."""

    TRANSIENT = "transient"  # the connection was lost, or the server is in trouble
    RATE_LIMITED = "rate_limited"  # too many calls; may say how long to wait
    AUTH = "auth"  # the key was refused: no further call can succeed
    NOT_FOUND = "not_found"  # there is no such address or model: no further call can succeed
    BAD_REQUEST = "bad_request"  # what was asked is not accepted
    INVALID_RESPONSE = "invalid_response"  # what came is no reply: no JSON, no text, too much of it
    TIMEOUT = "timeout"
    TARGET_CRASH = "target_crash"  # the process ended
    CANCELLED = "cancelled"  # the call was given up because something else ended


PASSING: Final = frozenset({CallKind.TRANSIENT, CallKind.RATE_LIMITED, CallKind.INVALID_RESPONSE, CallKind.TIMEOUT, CallKind.TARGET_CRASH})
"""Kinds after which the same call may succeed."""


class CallFault(ActorFault):
    """Raised when a call of the target brings no reply; the episode's verdict is then ``infrastructure``.

    Attributes:
        call: Which kind of fault.
        retry_after: Seconds after which the other side wants to be asked again, if it says so.
        status: HTTP status, if there was one.
    """

    def __init__(self, call: CallKind, message: str, retry_after: float | None = None, status: int | None = None) -> None:
        self.call = call
        self.retry_after = retry_after
        self.status = status
        super().__init__("target", call.value, redacted(message))

    @property
    def may_pass(self) -> bool:
        """Whether the same call may succeed later."""
        return self.call in PASSING


def invalid(message: str) -> CallFault:
    """Return the fault of a reply that cannot be read."""
    return CallFault(CallKind.INVALID_RESPONSE, message)


def kind_of_status(status: int) -> CallKind:
    """Return what an HTTP status other than success means.

    Example:
        >>> kind_of_status(503).value, kind_of_status(403).value
        ('transient', 'auth')
    """
    if status == 429:
        return CallKind.RATE_LIMITED
    if status in (401, 403):
        return CallKind.AUTH
    if status in (404, 410):
        return CallKind.NOT_FOUND
    if status in (408, 409, 425) or status >= 500:
        return CallKind.TRANSIENT
    return CallKind.BAD_REQUEST if status >= 400 else CallKind.INVALID_RESPONSE


def quoted(text: str) -> str:
    """Return the beginning of a text in one line without secrets, for a message."""
    line = redacted(" ".join(clean(text)[0].split()))
    return repr(line if len(line) <= _QUOTE else line[: _QUOTE - 3] + "...")

"""How long to wait before a call is repeated: as long as the other side asks for, and a random time that grows with each attempt."""

from __future__ import annotations

import math
import time
from email.utils import parsedate_to_datetime
from typing import Final

from tenacity import RetryCallState, wait_random_exponential

LONGEST_PAUSE: Final = 60.0
"""Longest wait between two calls, in seconds; whoever asks for more is not asked again."""


def pause(first: float, asked: float | None, state: RetryCallState) -> float:
    """Return the seconds to wait before the next attempt.

    Args:
        first: Most of the random part before the second attempt, seconds; doubles with each, so that callers who failed together do not
            come back together.
        asked: What ``Retry-After`` asks for, seconds.
        state: Which attempt failed.
    """
    return (asked or 0.0) + wait_random_exponential(multiplier=first, max=LONGEST_PAUSE)(state)


def seconds_asked(header: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` asks for, which is a number of them or a date; None if it is neither."""
    if not header:
        return None
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
        except (ValueError, OverflowError):
            return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None

"""Pauses before a call is repeated: random, growing, and as long as the other side asks for."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest
from tenacity import RetryCallState

from outskirts.agents.pauses import LONGEST_PAUSE, pause, seconds_asked


def failed(attempt: int) -> RetryCallState:
    state = RetryCallState(retry_object=None, fn=None, args=(), kwargs={})  # type: ignore[arg-type]
    state.attempt_number = attempt
    return state


@pytest.mark.parametrize(("attempt", "most"), [(1, 0.5), (2, 1.0), (4, 4.0), (30, LONGEST_PAUSE)])
def test_callers_who_failed_together_do_not_come_back_together(attempt: int, most: float) -> None:
    pauses = [pause(0.5, None, failed(attempt)) for _ in range(200)]
    assert 0 <= min(pauses) < 0.2 * most
    assert 0.8 * most < max(pauses) <= most
    assert len(set(pauses)) > 100


def test_nobody_comes_back_before_they_are_asked_to() -> None:
    pauses = [pause(0.5, 7.0, failed(1)) for _ in range(200)]
    assert 7 <= min(pauses) < max(pauses) <= 7.5


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        (None, None),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("Mon, 01 Jan 99999999999999999999 00:00:00 GMT", None),
    ],
)
def test_a_number_of_seconds_is_read_and_anything_else_is_not(header: str | None, seconds: float | None) -> None:
    assert seconds_asked(header) == seconds


@pytest.mark.parametrize(("ahead", "least", "most"), [(3600, 3590, 3600), (-3600, 0, 0)])
def test_a_date_is_read_too(ahead: int, least: float, most: float) -> None:
    found = seconds_asked(formatdate(time.time() + ahead, usegmt=True))
    assert found is not None
    assert least <= found <= most

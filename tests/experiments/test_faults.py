"""What is said of the faults of a run: those that are alike in one line, the last word only where they are many."""

from __future__ import annotations

import pytest

from outskirts.experiments.screen.faults import _alike, is_own
from outskirts.sim.types import Fault


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ValueError: bad state 0.76, in line 4 of bot.py", "ValueError: bad state 12, in line 4 of bot.py", True),
        ("ValueError: bad state 0.76, in line 4 of bot.py", "ValueError: bad state 0.76, in line 9 of bot.py", False),
        ("TypeError: <Bot object at 0x7f40ae>", "TypeError: <Bot object at 0x7f40bb>", True),
        ("status 500 from http://127.0.0.1:8000", "no connection to http://127.0.0.1:8000", False),
    ],
)
def test_faults_that_differ_in_numbers_alone_are_one_kind_but_not_those_of_two_lines(one: str, other: str, alike: bool) -> None:
    assert (_alike(one) == _alike(other)) is alike


@pytest.mark.parametrize(
    ("message", "own"), [("KeyError: 'tired', in line 9 of player.py", True), ("RuntimeError: Error code: 503", False)]
)
@pytest.mark.parametrize("role", ["player", "judge"])
def test_a_model_that_is_down_is_nothing_to_mend_for_whoever_plays_or_judges_by_it(role: str, message: str, own: bool) -> None:
    assert is_own(Fault(role=role, kind="raised", message=message, turn=0)) is own


@pytest.mark.parametrize(("kind", "own"), [("raised", True), ("invalid_reply", True), ("timeout", False), ("target_crash", False)])
def test_only_what_the_users_code_did_is_theirs_to_mend(kind: str, own: bool) -> None:
    assert is_own(Fault(role="target", kind=kind, message="", turn=0)) is own

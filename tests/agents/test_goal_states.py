"""The states of a person's goals follow UGST: which event changes which kind, and that nothing else does."""

from __future__ import annotations

from itertools import product
from typing import get_args

import pytest

from outskirts.agents.goal_states import NEXT, START, Event, Goal, GoalTracker
from outskirts.sim.portrayal import GoalKind, GoalState


def after(kind: GoalKind, *events: Event) -> tuple[GoalState, int | None]:
    tracker = GoalTracker([Goal(kind, "it")])
    for turn, event in enumerate(events):
        tracker.note("it", event, turn)
    return tracker.state("it"), tracker.progress()[0].turn


@pytest.mark.parametrize("kind", ["profile", "policy"])
def test_one_violation_of_profile_or_policy_is_permanent(kind: GoalKind) -> None:
    assert after(kind) == ("aligned", None)
    assert after(kind, "voiced", "violated", "done", "voiced") == ("misaligned", 1)


def test_a_preference_is_misaligned_until_it_is_voiced() -> None:
    assert after("preference") == ("misaligned", None)
    assert after("preference", "done", "voiced") == ("aligned", 1)


@pytest.mark.parametrize("kind", ["task", "requirement"])
def test_a_task_is_attempted_once_the_person_did_their_part_and_complete_once_it_was_answered(kind: GoalKind) -> None:
    assert after(kind) == ("incomplete", None)
    assert after(kind, "voiced", "voiced") == ("attempted", 0)
    assert after(kind, "voiced", "done", "voiced") == ("complete", 1)


def test_no_other_change_exists() -> None:
    moves = {(kind, state) for kind, state, _ in NEXT}
    assert moves == {(k, s) for k, s in moves if s != "complete"}
    assert all(NEXT.get((k, "complete", e)) is None for k, e in product(START, get_args(Event)))
    assert set(START) == set(get_args(GoalKind))


def test_an_unknown_goal_is_an_error() -> None:
    with pytest.raises(KeyError):
        GoalTracker([]).note("it", "voiced", 0)

"""Goal states of a simulated person: five kinds with their own transitions, model-free once somebody says what happened.

After UGST (Mehri and others, arXiv 2507.20152, section 3): profile and policy begin aligned, and one violation is permanent; a preference
is misaligned until it is voiced; a task and a requirement are incomplete, then attempted (the person did their part and was not
answered), then complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple

from ..sim.portrayal import GoalKind, GoalProgress, GoalState

Event = Literal["violated", "voiced", "done"]
"""What happened to a goal: the person acted against it / said it or did their part / the other side answered it."""

START: Final[Mapping[GoalKind, GoalState]] = {
    "profile": "aligned",
    "policy": "aligned",
    "preference": "misaligned",
    "task": "incomplete",
    "requirement": "incomplete",
}

NEXT: Final[Mapping[tuple[GoalKind, GoalState, Event], GoalState]] = {
    ("profile", "aligned", "violated"): "misaligned",
    ("policy", "aligned", "violated"): "misaligned",
    ("preference", "misaligned", "voiced"): "aligned",
    ("task", "incomplete", "voiced"): "attempted",
    ("task", "incomplete", "done"): "complete",
    ("task", "attempted", "done"): "complete",
    ("requirement", "incomplete", "voiced"): "attempted",
    ("requirement", "incomplete", "done"): "complete",
    ("requirement", "attempted", "done"): "complete",
}
"""Every change there is; any other event leaves a state as it is."""


class Goal(NamedTuple):
    """Something that a person is meant to be, to do or to want."""

    kind: GoalKind
    name: str


class GoalTracker:
    """Follows the goals of one person through an episode.

    Args:
        goals: Each once.

    Example:
        >>> tracker = GoalTracker([Goal("task", "get help")])
        >>> tracker.note("get help", "voiced", 2)
        >>> tracker.progress()[0].state
        'attempted'
    """

    def __init__(self, goals: Iterable[Goal]) -> None:
        self._goals = {goal.name: goal for goal in goals}
        self._states: dict[str, GoalState] = {name: START[goal.kind] for name, goal in self._goals.items()}
        self._turns: dict[str, int] = {}

    def note(self, goal: str, event: Event, turn: int) -> None:
        """Let something have happened to a goal in a turn.

        Raises:
            KeyError: If there is no such goal.
        """
        after = NEXT.get((self._goals[goal].kind, self._states[goal], event))
        if after is not None:
            self._states[goal] = after
            self._turns[goal] = turn

    def state(self, goal: str) -> GoalState:
        """Return the state of a goal; ``KeyError`` if there is no such goal."""
        return self._states[goal]

    def progress(self) -> tuple[GoalProgress, ...]:
        """Return all goals as they stand, in their order."""
        return tuple(
            GoalProgress(kind=goal.kind, goal=name, state=self._states[name], turn=self._turns.get(name))
            for name, goal in self._goals.items()
        )

"""Which episodes may begin under a ceiling on calls: what is spent on one that a limit cuts short is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from ..sim import limits
from ..sim.types import EpisodeRecord, Fault

J = TypeVar("J")


class Admission:
    """Lets an episode begin if it fits in what the ceiling leaves beside all that the others under way may still need.

    Where nothing else is under way it fits as soon as ``most`` calls are left, so that a ceiling raised by that much always gets further.
    An episode of which nothing is known, because another process plays it, may need ``most`` until it is finished.

    Args:
        budget: The run's.
        most: Calls that an episode may take.
    """

    def __init__(self, budget: limits.Limit, most: int) -> None:
        self._budget = budget
        self._most = most
        self._meters: set[limits.Limit] = set()

    def __call__(self, playing: int) -> Fault | None:
        """Return what forbids another episode, if something does.

        Args:
            playing: How many are under way.
        """
        left = self._budget.calls_left()
        if left is None:
            return None
        needed = sum(max(0, self._most - meter.tally.n_calls) for meter in self._meters)
        needed += max(0, playing - len(self._meters)) * self._most
        if left - needed >= self._most:
            return None
        message = f"the run's limit of {self._budget.max_calls:,} calls leaves {left}, and an episode may need {self._most}"
        return Fault(role="budget", kind="calls", message=message, turn=0)

    def metered(self, play: Callable[[J], Awaitable[EpisodeRecord]]) -> Callable[[J], Awaitable[EpisodeRecord]]:
        """Return ``play`` with the calls of each episode counted while it is under way, where there is a ceiling to keep."""
        if self._budget.max_calls is None:
            return play

        async def counted(job: J) -> EpisodeRecord:
            with limits.Limit("under way") as meter:
                self._meters.add(meter)
                try:
                    return await play(job)
                finally:
                    self._meters.discard(meter)

        return counted

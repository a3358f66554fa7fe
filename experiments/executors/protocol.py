"""What an executor is: it takes a shard of episodes and yields each as it is finished."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

from ...sim.types import EpisodeRecord


class Job(Protocol):
    """One episode to play."""

    @property
    def arm(self) -> str:
        """Whose episode it is: the target under test, or a control."""
        ...

    @property
    def key(self) -> str:
        """Key of the episode's record."""
        ...


J = TypeVar("J", bound=Job)
K = TypeVar("K", bound=Job, contravariant=True)


class Finished(NamedTuple):
    """An episode that was played."""

    number: int  # place of the job in its shard
    record: EpisodeRecord
    seconds: float  # how long it took


class Executor(Protocol[K]):
    """Plays episodes.

    Lifecycle: :meth:`submit` any number of times, also at once, on one event loop; then :meth:`close`, once.

    Whoever submits decides how many episodes are under way: those of a shard are played at once or one after the
    other, as the executor likes. A record is the same whoever played it. What :meth:`submit` raises is no episode's fault
    and ends the run.
    """

    def submit(self, shard: Sequence[K]) -> AsyncIterator[Finished]:
        """Play a shard of episodes and yield each when it is finished, in any order; every one is yielded once."""
        ...

    async def close(self) -> None:
        """Let go of what was needed; episodes still under way are given up."""
        ...


class LocalExecutor(Generic[J]):
    """Plays episodes in this process, those of a shard one after the other.

    Args:
        play: Plays one to its verdict.
    """

    def __init__(self, play: Callable[[J], Awaitable[EpisodeRecord]]) -> None:
        self._play = play

    async def submit(self, shard: Sequence[J]) -> AsyncIterator[Finished]:
        """Play a shard."""
        for number, job in enumerate(shard):
            started = time.perf_counter()
            record = await self._play(job)
            yield Finished(number, record, time.perf_counter() - started)

    async def close(self) -> None:
        """Do nothing: it holds nothing."""

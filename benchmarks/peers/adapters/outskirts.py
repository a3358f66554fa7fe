"""Outskirts: episodes under a run's scheduler, with time-outs, rule judge and validated records; each is committed to a store, as in a run.

With ``--memory`` the records are kept in a list instead. With ``--bare`` there is no harness at all: both sides are asked in turn, each in
its time-out, and each message is validated.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from outskirts.agents.rules import RuleJudge
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.arms import Arm
from outskirts.experiments.bridge import complete
from outskirts.experiments.jobs import EpisodeJob
from outskirts.experiments.scheduler import Record, run_jobs
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.store.writer import StoreWriter
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.sim.loop import run_episode
from outskirts.sim.protocols import Actor
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import ScriptedPlayer
from outskirts.sim.types import Action, Brief, EpisodeRecord, Message, Observation
from outskirts.sim.waiting import within

LONGEST = 60.0
"""Seconds that a bare loop would wait for a message."""


class Target:
    """Waits, then says the same again."""

    name = "null"

    def __init__(self, null: Any, wait: float) -> None:
        self._null, self._wait = null, wait

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        return self

    async def act(self, observation: Observation) -> Action | str:
        """Answer."""
        await asyncio.sleep(self._wait)
        return str(self._null.answer())


async def _bare(null: Any, conversations: int, at_once: int, wait: float) -> None:
    """Let both sides speak, and do nothing else."""
    left = iter(range(conversations))

    async def work() -> None:
        for _ in left:
            talk: tuple[Message, ...] = ()
            for turn in range(null.turns):
                talk += (Message(index=2 * turn, turn=turn, sender="person_0", text=await within(LONGEST, said())),)
                talk += (Message(index=2 * turn + 1, turn=turn, sender="target_0", text=await within(LONGEST, answered())),)

    async def said() -> str:
        return str(null.said)

    async def answered() -> str:
        await asyncio.sleep(wait)
        return str(null.answer())

    await asyncio.gather(*[work() for _ in range(at_once)])


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what plays episodes."""
    crowd = tuple(build_population(SCENARIO, get_generator("default"), 50, 0))
    player, judges = ScriptedPlayer([null.said]), (RuleJudge(SCENARIO),)

    async def episodes(conversations: int, at_once: int, put: Record, wait: float) -> None:
        target = Target(null, wait)
        arm = Arm("target", target, "null", crowd)

        def jobs() -> Iterator[EpisodeJob]:
            for i in range(conversations):
                who = (crowd[i % len(crowd)],)
                yield EpisodeJob(arm, plan_episode(SCENARIO, who, seed=0, replicate=i, turns=null.turns), who)

        async def play(job: EpisodeJob) -> EpisodeRecord:
            return await run_episode(job.plan, ConversationEnv(SCENARIO, job.people, max_cycles=null.turns), target, player, judges)

        await run_jobs(jobs(), play, put, concurrency=at_once)

    def play_all(conversations: int, at_once: int, wait: float) -> None:
        if "--bare" in options:
            complete(_bare(null, conversations, at_once, wait))
            return
        kept: list[EpisodeRecord] = []

        async def keep(arm: str, record: EpisodeRecord, seconds: float) -> None:
            kept.append(record)

        with ExitStack() as stack:
            put: Record = keep
            if "--memory" not in options:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                put = stack.enter_context(StoreWriter(stack.enter_context(RunStore.create(folder, "peers")))).put
            complete(episodes(conversations, at_once, put, wait))

    return play_all

"""What the harness itself costs: microseconds per turn, and the share of ideal throughput.

Every figure includes environment, loop, record and rule judge, with default timeouts armed and all models validated.
"""

from __future__ import annotations

import asyncio
import gc
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from outskirts.agents.rules import RuleJudge
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.arms import Arm
from outskirts.experiments.bridge import complete
from outskirts.experiments.jobs import EpisodeJob
from outskirts.experiments.scheduler import run_jobs
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.store.writer import StoreWriter
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.sim.loop import run_episode
from outskirts.sim.protocols import Actor
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Action, Brief, EpisodeRecord, Observation

TURNS = 8
WAIT = 0.2


def people(n: int) -> list:
    """Return n people of the default generator."""
    return list(build_population(SCENARIO, get_generator("default"), n, 0))


class Yielding:
    """A mind that gives way to the event loop once before each answer, so that its time-out is really armed."""

    def __init__(self, inner: ScriptedTarget) -> None:
        self.name = inner.name
        self._inner = inner

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode."""
        actor = self._inner.begin(brief, stream)

        class Waiting:
            async def act(self, observation: Observation) -> Action | str:
                await asyncio.sleep(0)
                return await actor.act(observation)

        return Waiting()


def cost_per_turn(episodes: int = 500, rounds: int = 7, yields: bool = False) -> dict[str, float]:
    """Both sides draw once from their generator and answer at once; the store is not included.

    A mind that answers without ever waiting cannot be interrupted, so its timer is not armed; with ``yields`` both
    sides wait once and both timers are.
    """
    crowd = people(50)
    target, player = ScriptedTarget(["I see. Go on."], draw=True), ScriptedPlayer(["Hello, it is me again."], draw=True)
    if yields:
        target, player = Yielding(target), Yielding(player)
    judges = (RuleJudge(SCENARIO),)

    async def play(round_: int) -> float:
        start = time.perf_counter()
        for i in range(episodes):
            who = [crowd[i % len(crowd)]]
            plan = plan_episode(SCENARIO, who, seed=round_, replicate=i, turns=TURNS)
            record = await run_episode(plan, ConversationEnv(SCENARIO, who, max_cycles=TURNS), target, player, judges)
            assert record.turns == TURNS
        return (time.perf_counter() - start) / episodes / TURNS * 1e6

    complete(play(99))
    gc.collect()
    times = [complete(play(r)) for r in range(rounds)]
    return {"us_per_turn": round(statistics.median(times), 1), "min": round(min(times), 1), "max": round(max(times), 1), "rounds": rounds}


async def _throughput(episodes: int, at_once: int, folder: Path) -> float:
    crowd = people(50)
    target, player = ScriptedTarget(["I see. Go on."], delay=WAIT), ScriptedPlayer(["Hello, it is me again."])
    judges, arm = (RuleJudge(SCENARIO),), Arm("target", target, "scripted", crowd)

    def jobs() -> Iterator[EpisodeJob]:
        for i in range(episodes):
            who = (crowd[i % len(crowd)],)
            yield EpisodeJob(arm, plan_episode(SCENARIO, who, seed=0, replicate=i, turns=TURNS), who)

    async def play(job: EpisodeJob) -> EpisodeRecord:
        return await run_episode(job.plan, ConversationEnv(SCENARIO, job.people, max_cycles=TURNS), target, player, judges)

    with RunStore.create(folder, "bench") as store, StoreWriter(store) as writer:
        start = time.perf_counter()
        outcome = await run_jobs(jobs(), play, writer.put, concurrency=at_once)
        seconds = time.perf_counter() - start
    assert outcome.recorded == episodes
    return seconds


def throughput(episodes: int, at_once: int, rounds: int = 3) -> dict[str, float]:
    """An asynchronous target of 200 ms, a constant player, 8 turns, store included."""
    ideal = TURNS * WAIT * -(-episodes // at_once)
    times = []
    for _ in range(rounds):
        gc.collect()
        with tempfile.TemporaryDirectory() as folder:
            times.append(complete(_throughput(episodes, at_once, Path(folder))))
    shares = sorted(ideal / t for t in times)
    return {
        "share_of_ideal": round(statistics.median(shares), 3),
        "min": round(shares[0], 3),
        "max": round(shares[-1], 3),
        "rounds": rounds,
    }


def crowd_of(episodes: int, us_per_turn: float) -> dict[str, float]:
    """All episodes at once; the bound is the longer of the wait and the harness's own work."""
    bound = max(TURNS * WAIT, episodes * TURNS * us_per_turn / 1e6)
    gc.collect()
    with tempfile.TemporaryDirectory() as folder:
        seconds = complete(_throughput(episodes, episodes, Path(folder)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"share_of_bound": round(bound / seconds, 3), "seconds": round(seconds, 2), "bound": round(bound, 2), "peak_mib": round(peak)}


def figures(quick: bool = False) -> dict[str, dict[str, float]]:
    """Return all figures of this module."""
    rounds = 1 if quick else 3
    cost = cost_per_turn(rounds=3 if quick else 7)
    return {
        "cost_per_turn": cost,
        "cost_per_turn_both_sides_wait_once": cost_per_turn(rounds=3 if quick else 7, yields=True),
        "throughput_100_at_once": throughput(500, 100, rounds),
        "throughput_500_at_once": throughput(500, 500, rounds),
        "crowd_of_5000": crowd_of(5000, cost["us_per_turn"]),
    }

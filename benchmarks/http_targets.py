"""Targets behind an address: share of ideal throughput and peak memory, with the lexical players and the whole of a run's episode.

A server in a process of its own answers each request after 200 ms. Ideal is the time that the waits alone take where the same
conversations begin in the same order, the next one as soon as one of those under way has ended.
"""

from __future__ import annotations

import asyncio
import gc
import heapq
import json
import multiprocessing
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.arms import Arm
from outskirts.experiments.bridge import complete
from outskirts.experiments.config import load_config
from outskirts.experiments.executors.crew import Crew
from outskirts.experiments.executors.processes import ProcessExecutor
from outskirts.experiments.executors.tally import SharedTally
from outskirts.experiments.jobs import Cast, EpisodeJob
from outskirts.experiments.naming.registry import make_judges, make_player, make_target
from outskirts.experiments.scheduler import run_jobs
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.store.writer import StoreWriter
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.sim.limits import Limit
from outskirts.sim.loop import run_episode
from outskirts.sim.prices import Prices
from outskirts.sim.types import EpisodeRecord, Verdict

TURNS, WAIT, EPISODES, AT_ONCE = 8, 0.2, 1_000, 200
ASKED = {"share_of_ideal": 0.85, "peak_mib": 1024}

REPLY = "I see. Tell me more, if you like."
_BODY = json.dumps(
    {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": REPLY}, "finish_reason": "stop"}],
        "usage": {"total_tokens": 18},
        "reply": REPLY,
    }
).encode()
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(_BODY), _BODY)


class _Answering(asyncio.Protocol):
    """Answers each request of a connection after a while; it reads no more of HTTP than where a request ends."""

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        while (end := self._got.find(b"\r\n\r\n")) >= 0:
            head = self._got[:end].lower()
            at = head.index(b"content-length:") + 15
            size = int(head[at:].split(b"\r\n", 1)[0])
            if len(self._got) < end + 4 + size:
                return
            self._got = self._got[end + 4 + size :]
            asyncio.get_running_loop().call_later(WAIT, self._answer)

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(_ANSWER)  # type: ignore[attr-defined]


def _serve(told: Connection) -> None:
    import uvloop

    async def go() -> None:
        server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0, backlog=1024)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(go())


@contextmanager
def _server() -> Iterator[str]:
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


async def _alone(url: str, calls: int, at_once: int) -> float:
    """Return the requests a second of aiohttp alone, with a body of the usual size."""
    import aiohttp

    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "x" * 80}] * TURNS}).encode()
    left = iter(range(calls))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:

        async def work() -> None:
            for _ in left:
                async with session.post(url + "/chat", data=body, headers={"Content-Type": "application/json"}) as response:
                    await response.read()

        start = time.perf_counter()
        await asyncio.gather(*[work() for _ in range(at_once)])
        return calls / (time.perf_counter() - start)


async def _episodes(spec: str, episodes: int, at_once: int, folder: Path) -> tuple[float, float]:
    """Return the share of ideal, and the microseconds of this process's own work a turn."""
    people = list(build_population(SCENARIO, get_generator("default"), 64, 0))
    target, player, judges = make_target(spec, SCENARIO), make_player("lexical", SCENARIO), make_judges(("rules",), SCENARIO)
    arm = Arm("target", target, spec, tuple(people))
    turns: dict[str, int] = {}

    def jobs() -> Iterator[EpisodeJob]:
        for i in range(episodes):
            who = (people[i % len(people)],)
            job = EpisodeJob(arm, plan_episode(SCENARIO, who, seed=0, replicate=i // len(people), turns=TURNS), who)
            turns[job.plan.key] = 0  # in the order in which they begin
            yield job

    async def play(job: EpisodeJob) -> EpisodeRecord:
        record = await run_episode(job.plan, ConversationEnv(SCENARIO, job.people, max_cycles=TURNS), target, player, judges)
        turns[record.key] = sum(message.sender == job.plan.target for message in record.messages)
        return record

    with RunStore.create(folder, "bench") as store, StoreWriter(store) as writer:
        start, worked = time.perf_counter(), time.process_time()
        outcome = await run_jobs(jobs(), play, writer.put, concurrency=at_once)
        seconds, worked = time.perf_counter() - start, time.process_time() - worked
    assert outcome.recorded == episodes
    assert outcome.verdicts[Verdict.INFRASTRUCTURE] == 0
    assert len(turns) == episodes
    return _ideal(turns.values(), at_once) / seconds, worked / sum(turns.values()) * 1e6


async def _in_workers(cast: Cast, crew: Crew, episodes: int, at_once: int, first: int, folder: Path) -> float:
    """Return the share of ideal with the worker processes of a crew."""
    people = build_population(SCENARIO, get_generator("default"), 64, 0)
    arm = cast.arms(people)[0]
    jobs = [cast.job(arm, first + i // len(people), (people[i % len(people)],)) for i in range(episodes)]
    target = jobs[0].plan.target
    with Limit("run", prices=Prices(), tally=SharedTally.create(crew.new_file())) as budget:
        executor = ProcessExecutor(crew, cast, [arm], budget)
        await executor.open()
        try:
            folder.mkdir()
            with RunStore.create(folder, "bench") as store, StoreWriter(store) as writer:
                start = time.perf_counter()
                outcome = await run_jobs(jobs, executor, writer.put, concurrency=at_once)
                seconds = time.perf_counter() - start
                turns = {record.key: sum(message.sender == target for message in record.messages) for _, record in store.records()}
        finally:
            await executor.close()
    assert outcome.recorded == episodes
    assert outcome.verdicts[Verdict.INFRASTRUCTURE] == 0
    return _ideal([turns[job.plan.key] for job in jobs], at_once) / seconds


def _workers(spec: str, episodes: int, rounds: int, at_once: int = AT_ONCE) -> dict[str, float]:
    """Return the share of ideal of a target with two worker processes, as ``--executor processes`` has them, and their peak memory."""
    config = load_config(None, {"target": spec, "controls": "none", "executor": "processes", "concurrency": at_once // 2})
    shares, cast = [], Cast.of(config)
    with Crew(config) as crew, tempfile.TemporaryDirectory() as folder:
        complete(_in_workers(cast, crew, at_once, at_once, 10_000, Path(folder) / "warm"))
        for i in range(rounds):
            shares.append(complete(_in_workers(cast, crew, episodes, at_once, 100 * i, Path(folder) / str(i))))
        memory = sum(psutil.Process(worker.process.pid).memory_info().rss for worker in crew.workers)
    own = psutil.Process().memory_info().rss
    return {
        "share_of_ideal": round(statistics.median(shares), 3),
        "least": round(min(shares), 3),
        "most": round(max(shares), 3),
        "mib": round((memory + own) / 2**20),
    }


def _ideal(turns: Iterable[int], at_once: int) -> float:
    """Return the seconds that the waits of conversations alone take, from their turns in the order in which they begin."""
    ends = [0.0] * at_once
    for count in turns:
        heapq.heapreplace(ends, ends[0] + count * WAIT)
    return max(ends)


def _spec(kind: str, url: str) -> str:
    return {"openai": f"openai:m@{url}/v1", "openai_stream": f"openai:m@{url}/v1?stream=true", "url": f"{url}/chat"}[kind]


def measure(kind: str, url: str, episodes: int, rounds: int, at_once: int = AT_ONCE) -> dict[str, float]:
    """Return the share of ideal of a kind of target, and the peak memory of this process so far."""
    spec = _spec(kind, url)
    shares, work = [], []
    for _ in range(rounds):
        gc.collect()
        with tempfile.TemporaryDirectory() as folder:
            share, microseconds = complete(_episodes(spec, episodes, at_once, Path(folder)))
        shares.append(share)
        work.append(microseconds)
    return {
        "share_of_ideal": round(statistics.median(shares), 3),
        "least": round(min(shares), 3),
        "most": round(max(shares), 3),
        "work_us_per_turn": round(statistics.median(work)),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    rounds = 1 if quick else 3
    os.environ.pop("OPENAI_API_KEY", None)
    with _server() as url:
        alone = [complete(_alone(url, 2_000 if quick else 8_000, AT_ONCE)) for _ in range(rounds)]
        out: dict[str, object] = {
            "episodes": EPISODES,
            "turns": TURNS,
            "at_once": AT_ONCE,
            "wait_seconds": WAIT,
            "aiohttp_alone_per_second": round(statistics.median(alone)),
            "ideal_per_second": round(AT_ONCE / WAIT),
        }
        for kind in ("openai", "url"):
            out[kind] = measure(kind, url, EPISODES, rounds)
            out[f"{kind} in two workers"] = _workers(_spec(kind, url), EPISODES, rounds)
    return out | {"asked": ASKED}

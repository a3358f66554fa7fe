"""Chat models through LangChain: episodes in this process and in two workers, beside what ``ChatOpenAI.ainvoke`` reaches alone.

The target is a chat model behind an OpenAI-compatible endpoint on loopback, met as a LangChain Runnable, and the people are acted by
that model too, by structured output. Alone means that a ``ChatOpenAI`` as anybody would make it is given the very same messages and
forms, noted in a run before, by a loop that does nothing else. Models that Outskirts makes are called over aiohttp, which is
faster than what a plain one uses, so the same is measured once more with each call over what it has in a run: what is left between
these is the harness. What is compared ran in the same round, because the machine's own
speed drifts.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from multiprocessing.connection import Connection
from pathlib import Path

from langchain_openai import ChatOpenAI

from outskirts.agents.chat_models import ChatSettings, ModelSettings, endpoint_chat
from outskirts.agents.persona_player import PersonaPlayer
from outskirts.agents.rules import RuleJudge
from outskirts.agents.runnables import RunnableTarget
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.bridge import complete
from outskirts.experiments.config import load_config
from outskirts.experiments.executors.crew import Crew
from outskirts.experiments.executors.processes import ProcessExecutor
from outskirts.experiments.executors.protocol import Executor, LocalExecutor
from outskirts.experiments.executors.tally import SharedTally
from outskirts.experiments.jobs import Cast, EpisodeJob
from outskirts.experiments.scheduler import run_jobs
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.store.writer import StoreWriter
from outskirts.personas.casting import plan_episode
from outskirts.personas.persona import Persona
from outskirts.sim.limits import Limit
from outskirts.sim.loop import run_episode
from outskirts.sim.prices import Prices
from outskirts.sim.testing import ScriptedPlayer

from .chat_target import PERSON, REPLY, URL, AtOnce, Call, Recording, usual
from .harness import TURNS, people

AT_ONCE = 32
SPEC = f"python:{Path(__file__).with_name('chat_target.py')}:model"


def _serve(told: Connection) -> None:
    """Answer as such an endpoint does, at once."""
    from aiohttp import web

    usage = {"prompt_tokens": 200, "completion_tokens": 12, "total_tokens": 212}

    def completion(text: str) -> bytes:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        return json.dumps(
            {"id": "c", "object": "chat.completion", "created": 0, "model": "test", "choices": [choice], "usage": usage}
        ).encode()

    spoken, acted = completion(REPLY), completion(json.dumps(PERSON))

    async def reply(request: web.Request) -> web.Response:
        body = acted if b'"response_format"' in await request.read() else spoken
        return web.Response(body=body, content_type="application/json")

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", reply)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        told.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(main())


def _talks(n: int) -> list[list[object]]:
    """Return what a model is sent in n turns of episodes of 8 turns."""
    from langchain_core.messages import AIMessage, HumanMessage

    said = "I have not slept for days and I do not know what to say to my sister any more."
    out: list[list[object]] = []
    for i in range(n):
        talk: list[object] = []
        for _ in range(i % TURNS):
            talk += [HumanMessage(said), AIMessage(REPLY)]
        out.append([*talk, HumanMessage(said)])
    return out


@lru_cache
def _crowd(n: int) -> tuple[Persona, ...]:
    return tuple(people(n))


async def _noted(cast: Cast, episodes: int) -> list[Call]:
    """Return what models are given in so many episodes."""
    chat = usual(Recording)
    assert isinstance(chat, Recording)
    named = replace(
        cast, target=RunnableTarget(chat, "chat"), trunks=None, player=PersonaPlayer(chat, calls=ModelSettings(concurrency=AT_ONCE))
    )
    await _episodes(named, LocalExecutor(named.play), episodes, 2000, AT_ONCE)
    return chat.calls


async def _alone(calls: Sequence[Call], acting: ChatOpenAI | None = None) -> tuple[float, int]:
    """Return calls a second of ``ainvoke`` alone, and how many there were.

    Args:
        calls: What models are given.
        acting: The model of those who play people; None: one as anybody would make it, too.
    """
    chat, left = usual(), iter(calls)

    async def work() -> None:
        for call in left:
            model = acting if acting is not None and "response_format" in call.options else chat
            await model.ainvoke(call.messages, **call.options)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return len(calls) / (time.perf_counter() - started), len(calls)


async def _episodes(cast: Cast, executor: Executor[EpisodeJob], n: int, seed: int, at_once: int) -> tuple[float, int]:
    """Play n episodes into a store; return calls of models a second, and how many there were."""
    arm = cast.arms(_crowd(n))[0]
    jobs = [cast.job(arm, seed, (person,)) for person in arm.people]
    with tempfile.TemporaryDirectory() as folder, RunStore.create(Path(folder), "bench") as store, StoreWriter(store) as writer:
        started = time.perf_counter()
        outcome = await run_jobs(jobs, executor, writer.put, concurrency=at_once)
        seconds = time.perf_counter() - started
        calls = sum(sum(record.usage.calls.values()) for _, record in store.records())
    assert outcome.recorded == n
    return calls / seconds, calls


async def _in_workers(cast: Cast, crew: Crew, n: int, seed: int) -> tuple[float, int]:
    """The same in the processes of a crew."""
    budget = Limit("run", prices=Prices(), tally=SharedTally.create(crew.new_file()))
    with budget:
        executor = ProcessExecutor(crew, cast, cast.arms(_crowd(n))[:1], budget)
        await executor.open()
        try:
            return await _episodes(cast, executor, n, seed, AT_ONCE)
        finally:
            await executor.close()


def http(episodes: int, rounds: int) -> dict[str, object]:
    """Return calls a second: alone, in this process, in two workers; the same calls at once in each."""
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs,), daemon=True)
    server.start()
    os.environ[URL] = f"http://127.0.0.1:{ours.recv()}/v1"
    player = f"openai:test@{os.environ[URL]}?concurrency={AT_ONCE}"
    config = load_config(
        None,
        {"target": SPEC, "player": player, "judge": ["rules"], "controls": "none", "executor": "processes", "concurrency": AT_ONCE // 2},
    )
    acting = endpoint_chat("test", os.environ[URL], "none", ChatSettings())
    found: dict[str, list[float]] = {"alone": [], "alone_over_the_same": [], "local": [], "two_workers": []}
    busy: dict[str, list[float]] = {"alone": [], "alone_over_the_same": [], "local": [], "run_beside_two_workers": []}
    try:
        cast = Cast.of(config)
        with Crew(config) as crew:
            complete(_in_workers(cast, crew, 8, 1000))  # they are warm then
            given = complete(_noted(cast, episodes))
            assert 2 * sum("response_format" in call.options for call in given) == len(given)  # the target's are among them
            complete(_alone(given[:AT_ONCE]))
            complete(_alone(given[:AT_ONCE], acting))
            for i in range(rounds):
                ways = {
                    "alone": (found["alone"], lambda: _alone(given)),
                    "alone_over_the_same": (found["alone_over_the_same"], lambda: _alone(given, acting)),
                    "local": (found["local"], lambda i=i: _episodes(cast, LocalExecutor(cast.play), episodes, i, AT_ONCE)),
                    "run_beside_two_workers": (found["two_workers"], lambda i=i: _in_workers(cast, crew, episodes, 100 + i)),
                }
                for name, (rates, way) in ways.items():
                    before = time.process_time()
                    rate, calls = complete(way())
                    busy[name].append((time.process_time() - before) * 1000 / calls)
                    rates.append(rate)
    finally:
        server.terminate()
        server.join()
        del os.environ[URL]
    shares = [local / alone for local, alone in zip(found["local"], found["alone"], strict=True)]
    harness = [local / alone for local, alone in zip(found["local"], found["alone_over_the_same"], strict=True)]
    gains = [two / local for two, local in zip(found["two_workers"], found["local"], strict=True)]
    return {
        "calls_per_second": {name: _spread(rates) for name, rates in found.items()},
        "processor_ms_per_call": {name: _spread(times) for name, times in busy.items()},
        "local_share_of_alone": _spread(shares) | {"asked": 0.9},
        "local_share_of_alone_over_the_same": _spread(harness),
        "two_workers_to_local": _spread(gains) | {"asked": 1.6},
        "rounds": rounds,
        "load": round(os.getloadavg()[0], 1),
        "player": "a chat model",
    }


async def _harness(chat: AtOnce, episodes: int) -> float:
    crowd = people(50)
    target, player, judges = RunnableTarget(chat, "chat"), ScriptedPlayer(["Hello, it is me again."], draw=True), (RuleJudge(SCENARIO),)
    started = time.process_time()
    for i in range(episodes):
        who = [crowd[i % len(crowd)]]
        plan = plan_episode(SCENARIO, who, seed=0, replicate=i, turns=TURNS)
        record = await run_episode(plan, ConversationEnv(SCENARIO, who, max_cycles=TURNS), target, player, judges)
        assert record.turns == TURNS
    return (time.process_time() - started) / episodes / TURNS * 1e6


async def _own(chat: AtOnce, n: int) -> float:
    """Return what ``ainvoke`` itself takes, given what the harness gives it."""
    talks = _talks(n)
    started = time.process_time()
    for i, talk in enumerate(talks):
        await chat.ainvoke(
            talk, {"configurable": {"thread_id": str(i), "session_id": str(i)}, "metadata": {"episode": str(i), "turn": i % TURNS}}
        )
    return (time.process_time() - started) / n * 1e6


def per_turn(episodes: int, rounds: int) -> dict[str, object]:
    """Return microseconds of processor time a turn with a chat model that answers at once: all of it, and what LangChain takes by itself."""
    chat = AtOnce()
    whole, own = [], []
    for _ in range(rounds + 1):
        whole.append(complete(_harness(chat, episodes)))
        own.append(complete(_own(chat, episodes * TURNS)))
    beside = [a - b for a, b in zip(whole[1:], own[1:], strict=True)]
    return {"whole": _spread(whole[1:]), "langchain": _spread(own[1:]), "harness_us": _spread(beside) | {"asked": 500}, "rounds": rounds}


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 2), "min": round(min(values), 2), "max": round(max(values), 2)}


def figures(quick: bool = False) -> dict[str, object]:
    """Return all figures of this module."""
    return {"chat_model_at_once": per_turn(60, 2 if quick else 5), "chat_model_over_http": http(32 if quick else 64, 2 if quick else 5)}

"""One limiter for each model: who calls it waits in one line, and waiting counts against no time-out."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.limiter import ModelLimiter, Pace, limiter_of, model_key, new_lines, through
from outskirts.agents.model_calls import ModelCalls
from outskirts.agents.runnables import RunnableTarget
from outskirts.sim.waiting import ExpiredError, untimed, within
from tests.agents.chat_fakes import FunctionChat


@pytest.fixture(autouse=True)
def _new_lines() -> None:
    new_lines()


class NamedChat(FunctionChat):
    """A chat model that says which it is, and counts how many calls are under way."""

    model_name: str = "gpt-x"
    base_url: str = "http://127.0.0.1/v1"
    now: int = 0
    most: int = 0

    async def _agenerate(self, *args: Any, **more: Any) -> Any:
        self.now += 1
        Seen.now += 1
        Seen.most = max(Seen.most, Seen.now)
        await asyncio.sleep(0.01)
        Seen.now -= 1
        return await super()._agenerate(*args, **more)


class Seen:
    """Calls under way, of all models."""

    now = 0
    most = 0


def calls_of(model: object, role: str, **settings: Any) -> ModelCalls:
    return ModelCalls(model, role, role, ModelSettings(**settings))


def most_at_once(*jobs: Callable[[], Awaitable[object]]) -> int:
    """Do jobs at once and return how many calls were under way at most."""

    async def go() -> None:
        await asyncio.gather(*(job() for job in jobs))

    Seen.now = Seen.most = 0
    asyncio.run(go())
    return Seen.most


def asking(calls: ModelCalls, model: object) -> Callable[[], Awaitable[object]]:
    return lambda: calls.call(model, [], {}, lambda result: result)


def test_roles_that_call_the_same_model_share_its_places_and_the_least_holds() -> None:
    player, judge = NamedChat(reply=lambda m: "Hello."), NamedChat(reply=lambda m: "Harm.")
    ours, theirs = calls_of(player, "player", concurrency=5), calls_of(judge, "judge", concurrency=3)
    assert most_at_once(*[asking(ours, player)] * 10, *[asking(theirs, judge)] * 10) == 3


def test_a_default_gives_way_to_what_another_role_says() -> None:
    model = NamedChat(reply=lambda m: "Hello.")
    ours, theirs = calls_of(model, "player", concurrency=12), calls_of(model, "judge")
    assert most_at_once(*[asking(ours, model)] * 10, *[asking(theirs, model)] * 10) == 12


def test_another_endpoint_is_another_model() -> None:
    one, other = NamedChat(reply=lambda m: "Hello."), NamedChat(reply=lambda m: "Hello.", base_url="http://127.0.0.2/v1")
    ours, theirs = calls_of(one, "player", concurrency=2), calls_of(other, "judge", concurrency=2)
    assert most_at_once(*[asking(ours, one)] * 5, *[asking(theirs, other)] * 5) == 4


def test_a_model_that_does_not_say_which_it_is_is_itself_alone() -> None:
    one, other = FunctionChat(reply=lambda m: "a"), FunctionChat(reply=lambda m: "a")
    assert model_key(one, "x") == model_key(one, "x") != model_key(other, "x")


def test_a_target_shares_the_line_with_the_people() -> None:
    model = NamedChat(reply=lambda m: AIMessage("Go on."))
    target, player = RunnableTarget(model, "bot"), calls_of(model, "player", concurrency=2)
    ask = lambda: target.reply(target.runnable, [], {"key": "k"})  # noqa: E731
    assert most_at_once(*[ask] * 6, *[asking(player, model)] * 6) == 2
    del player
    gc.collect()
    assert most_at_once(*[ask] * 30) == 30  # a target alone is bounded by the episodes at once


def test_limits_go_with_those_who_set_them() -> None:
    model = NamedChat(reply=lambda m: "Hello.")
    key = model_key(model, "x")
    first = calls_of(model, "player", concurrency=1)
    held = limiter_of(key)
    assert held.pace.concurrency == 1
    del first
    gc.collect()
    assert held.pace.concurrency is None


@pytest.mark.parametrize(("rate", "n"), [(600.0, 6), (6000.0, 40)])
def test_requests_are_spread_over_the_minute(rate: float, n: int) -> None:
    limiter, held = ModelLimiter("m"), object.__new__(type("Held", (), {}))
    limiter.join(held, Pace(rate=rate, usual=None))

    async def go() -> float:
        async def one() -> None:
            async with limiter.turn():
                pass

        started = time.monotonic()
        await asyncio.gather(*(one() for _ in range(n)))
        return time.monotonic() - started

    assert asyncio.run(go()) >= (n - 1 - rate / 600) * 60 / rate * 0.95


def test_tokens_are_paid_back_before_the_next_call() -> None:
    limiter, held = ModelLimiter("m"), object.__new__(type("Held", (), {}))
    limiter.join(held, Pace(token_rate=60_000.0))  # 1,000 a second

    async def go() -> float:
        started = time.monotonic()
        for _ in range(3):
            async with limiter.turn() as turn:
                turn.tokens = 100
        return time.monotonic() - started

    assert asyncio.run(go()) >= 0.2


def test_who_is_cancelled_in_the_line_takes_no_place() -> None:
    limiter, held = ModelLimiter("m"), object.__new__(type("Held", (), {}))
    limiter.join(held, Pace(concurrency=1))

    async def go() -> None:
        async def hold(seconds: float) -> None:
            async with limiter.turn():
                await asyncio.sleep(seconds)

        first = asyncio.create_task(hold(0.02))
        await asyncio.sleep(0)
        second = asyncio.create_task(hold(0.02))
        await asyncio.sleep(0.005)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        await asyncio.wait_for(hold(0), 1)

    asyncio.run(go())


def test_calls_pass_through_a_gate_where_there_is_one() -> None:
    told: list[object] = []

    class Gate:
        async def enter(self, key: str, pace: Pace) -> int:
            told.append((key, pace.concurrency))
            return 7

        def leave(self, ticket: int, tokens: int) -> None:
            told.append((ticket, tokens))

    limiter, held = ModelLimiter("m"), object.__new__(type("Held", (), {}))
    limiter.join(held, Pace(concurrency=1))

    async def go() -> None:
        async with limiter.turn() as turn:
            turn.tokens = 5

    with through(Gate()):
        asyncio.run(go())
    assert told == [("m", 1), (7, 5)]


async def waits(first: float, untimed_for: float, then: float) -> str:
    await asyncio.sleep(first)
    with untimed():
        await asyncio.sleep(untimed_for)
    await asyncio.sleep(then)
    return "done"


def test_waiting_for_ones_turn_counts_against_no_time_out() -> None:
    assert asyncio.run(within(0.1, within(0.1, waits(0.01, 0.2, 0.01)))) == "done"
    assert asyncio.run(within(0.1, waits(0, 0.2, 0.01))) == "done"


def test_what_is_left_of_the_time_still_ends() -> None:
    with pytest.raises(ExpiredError, match=r"no reply within 0\.1 s"):
        asyncio.run(within(0.1, waits(0.06, 0.1, 0.08)))


def test_a_line_of_many_times_out_nobody() -> None:
    model = NamedChat(reply=lambda m: "Hello.")
    calls = calls_of(model, "player", concurrency=1)

    async def go() -> list[object]:
        return await asyncio.gather(*(within(0.3, calls.call(model, [], {}, lambda r: r)) for _ in range(60)))

    assert len(asyncio.run(go())) == 60

"""Which episodes begin under a ceiling on calls: none that might be cut short, and always one where one fits."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.episode_calls import Extent, most_calls
from outskirts.agents.persona_player import PersonaPlayer, PlayerSettings
from outskirts.envs.conversation import ConversationEnv
from outskirts.experiments.admission import Admission
from outskirts.experiments.config import load_config
from outskirts.experiments.jobs import Cast
from outskirts.experiments.scheduler import Outcome, run_jobs
from outskirts.personas.casting import plan_episode
from outskirts.sim import limits
from outskirts.sim.errors import BudgetExceeded
from outskirts.sim.loop import run_episode
from outskirts.sim.testing import ScriptedTarget
from outskirts.sim.types import EpisodeRecord, Verdict
from tests.agents.chat_fakes import FunctionChat
from tests.conftest import make_person, make_scenario
from tests.experiments.fakes_store import FakeJob, jobs, make_record

MOST = 32
HERE = "openai:m@http://127.0.0.1:9/v1"


def session(done: set[str], ceiling: int, spent: int, taken: int, *, metered: bool = True, width: int = 64) -> tuple[Outcome, int, int]:
    """Play what is missing of 64 episodes that take so many calls each; return what came of it, all calls and the most at once."""
    under_way = most_at_once = 0

    async def play(job: FakeJob) -> EpisodeRecord:
        nonlocal under_way, most_at_once
        under_way += 1
        most_at_once = max(most_at_once, under_way)
        try:
            for _ in range(taken):
                limits.reserve("player")
                await asyncio.sleep(0)
        except BudgetExceeded:
            return make_record(job.key, Verdict.BUDGET)
        finally:
            under_way -= 1
        return make_record(job.key, Verdict.PASSED)

    async def record(arm: str, record: EpisodeRecord, seconds: float) -> None:
        done.add(record.key)

    with limits.Limit("run", calls=ceiling, spent=limits.Sums({"player": spent})) as budget:
        admit = Admission(budget, MOST)
        rest = [job for job in jobs(64) if job.key not in done]
        outcome = asyncio.run(run_jobs(rest, admit.metered(play) if metered else play, record, concurrency=width, admit=admit))
        return outcome, budget.tally.n_calls, most_at_once


@pytest.mark.parametrize("metered", [True, False])
@pytest.mark.parametrize("taken", [MOST, MOST // 2, 3])
def test_each_session_that_may_pay_for_an_episode_records_one_more_and_loses_none(metered: bool, taken: int) -> None:
    done: set[str] = set()
    spent, ceiling = 0, MOST
    for _ in range(100):
        before = len(done)
        outcome, spent, _ = session(done, ceiling, spent, taken, metered=metered)
        assert len(done) > before
        assert spent == taken * len(done)  # nothing was spent on an episode that is not kept
        assert ceiling - spent < MOST or len(done) == 64
        if outcome.stopped is None:
            break
        assert outcome.stopped == "budget"
        ceiling = spent + MOST
    assert len(done) == 64


def test_an_episode_that_is_half_played_keeps_half_as_much_from_the_next() -> None:
    with limits.Limit("run", calls=2 * MOST) as budget:
        admit = Admission(budget, MOST)
        told = []

        async def play(job: FakeJob) -> EpisodeRecord:
            told.append(admit(1))
            limits.reserve("target", MOST // 2)
            told.append(admit(1))
            limits.reserve("target", MOST)  # attempts after faults: more than it was thought to take
            told.append(admit(1))
            return make_record(job.key, Verdict.PASSED)

        asyncio.run(admit.metered(play)(jobs(1)[0]))
        assert [fault is None for fault in told] == [True, True, False]
        assert admit(0) is not None


def test_episodes_play_at_once_as_long_as_the_ceiling_is_far() -> None:
    assert session(set(), 64 * MOST, 0, 16)[2] == 64
    assert session(set(), 10 * MOST, 0, 16)[2] == 10


def test_who_plays_and_judges_by_a_model_is_in_the_most_that_an_episode_takes() -> None:
    def most(**settings: object) -> int:
        return Cast.of(load_config(None, {"controls": "none", "turns": 4, **settings})).most_calls

    assert most() == 4
    assert most(player=HERE) == 4 + 4 * 3 + 1  # a turn is asked for again twice; the greeting
    assert most(player=f"{HERE}?best_of=5") == 4 + 4 * 3 * 5 + 1
    judge = f"consistency?model={HERE}"
    assert most(judge=["rules", judge]) == 4 + 4 * 2
    assert most(judge=["rules", f"{judge}&probe={HERE}&questions=3&every=3"]) == 4 + 4 * 2 + 2 * 3
    assert most(judge=["rules", judge], max_episode_calls=7) == 7


def test_a_model_player_makes_no_more_calls_than_it_says() -> None:
    scenario = make_scenario()
    people = [make_person(scenario, i) for i in range(2)]
    line = '{"thought": "", "state": "", "say": "Hello.", "leave": false}'
    playing = FunctionChat(reply=lambda messages: line if messages[1].response_metadata["outskirts_run"].endswith("/2") else "nonsense")
    player = PersonaPlayer(playing, PlayerSettings(best_of=2), ModelSettings(pause=0.0), picker=_First())
    plan = plan_episode(scenario, people, seed=0, turns=3)
    environment = ConversationEnv(scenario, people, max_cycles=3)
    record = asyncio.run(run_episode(plan, environment, ScriptedTarget(["I see."]), player))
    assert (record.verdict, record.turns) == (Verdict.PASSED, 3)
    assert len(playing.seen) == most_calls(player, Extent(turns=3, people=2, speakers=2)) == 3 * 2 * 2 * 3


class _First:
    def misfits(self, brief: object, before: object, line: str) -> int:
        return 0


def test_a_player_is_waited_for_as_long_as_its_model_may_need() -> None:
    def waits(player: str) -> float | None:
        return Cast.of(load_config(None, {"controls": "none", "player": player})).waits.player

    assert waits("lexical") == 60.0
    assert waits(f"{HERE}?timeout=100&attempts=2&pause=1") == 4 * 2 * (100 + 1 * 2**2)
    assert waits(f"{HERE}?timeout=1&attempts=1&pause=0") == 60.0

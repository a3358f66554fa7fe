"""Branches of one episode: the same as going on, no call for the prefix, refusals."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from outskirts.agents.eliza import ElizaTarget
from outskirts.agents.guarded import GuardedTarget
from outskirts.agents.lexical_player import LexicalPlayer
from outskirts.agents.policy import PolicyTarget
from outskirts.agents.rules import RuleJudge
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.sim.branching import KeptTarget, branch_plan, can_branch, retrace, run_branch
from outskirts.sim.loop import EpisodePlan, Timeouts, play, run_episode, started
from outskirts.sim.types import Branch, EpisodeRecord, Verdict

PEOPLE = build_population(SCENARIO, get_generator("default"), 6, 0)
PLAYER = LexicalPlayer(SCENARIO)
JUDGES = (RuleJudge(SCENARIO),)


class Counting:
    """Counts what a target is asked; says of itself what the target says."""

    def __init__(self, inner):
        self.name, self.inner, self.calls = inner.name, inner, 0
        self.stateless = getattr(inner, "stateless", False)

    def begin(self, brief, stream):
        return _CountingActor(self, self.inner.begin(brief, stream))


class _CountingActor:
    def __init__(self, target, actor):
        self.target, self.actor = target, actor

    def fork(self, stream):
        return _CountingActor(self.target, self.actor.fork(stream))

    async def act(self, observation):
        self.target.calls += 1
        return await self.actor.act(observation)


def room() -> ConversationEnv:
    return ConversationEnv(SCENARIO, PEOPLE[:1])


def trunk(target) -> tuple[EpisodePlan, EpisodeRecord]:
    plan = plan_episode(SCENARIO, PEOPLE[:1], seed=3)
    return plan, asyncio.run(run_episode(plan, room(), target, PLAYER, JUDGES))


def branch(plan: EpisodePlan, record: EpisodeRecord, target, turn: int = 3, number: int = 1, move: str = "") -> EpisodeRecord:
    return asyncio.run(run_branch(plan, record, branch_plan(plan, turn, number, move), room(), target, PLAYER, JUDGES))


def prefix(record: EpisodeRecord, turn: int) -> list:
    return [m for m in record.messages if m.turn < turn]


@pytest.mark.parametrize("target", [ElizaTarget(), PolicyTarget("careful", SCENARIO)], ids=["eliza", "careful"])
@pytest.mark.parametrize("turn", [1, 4])
def test_forks_that_go_on_with_the_same_random_numbers_give_the_same_episode(target, turn):
    plan, record = trunk(target)

    async def forked():
        environment, actors = room(), started(plan, PLAYER)
        environment.reset(seed=plan.environment_seed())
        await play(plan, environment, actors, target, PLAYER, Timeouts(), until=turn)
        other = environment.fork()
        again = {}
        for agent, actor in actors.items():
            stream = plan.stream("target" if agent == plan.target else f"player:{agent}")
            stream.restore((actor._chat if hasattr(actor, "_chat") else actor)._stream.state())
            again[agent] = actor.fork(stream)
        await play(plan, environment, actors, target, PLAYER, Timeouts())
        await play(plan, other, again, target, PLAYER, Timeouts())
        return environment.account(), other.account()

    one, other = asyncio.run(forked())
    assert one == other
    assert (one.messages, one.moves, one.ledger) == (record.messages, record.moves, record.ledger)


@pytest.mark.parametrize("make", [ElizaTarget, lambda: GuardedTarget(ElizaTarget())], ids=["eliza", "guarded"])
def test_a_branch_asks_a_stateless_target_nothing_for_the_turns_of_the_prefix(make):
    target = Counting(make())
    plan, record = trunk(target)
    target.calls = 0
    other = branch(plan, record, target)
    assert prefix(other, 3) == prefix(record, 3)
    replies = [m for m in other.messages if m.sender == plan.target and m.turn >= 3]
    assert target.calls == len(replies) == other.usage.calls.get("target", 0)
    assert other.branch == Branch(trunk=record.key, turn=3, number=1)
    assert other.key != record.key
    assert other.messages != record.messages


def test_a_target_that_remembers_is_forked_from_what_it_was_then_and_asked_nothing_for_the_prefix():
    target = Counting(PolicyTarget("careful", SCENARIO))
    kept = KeptTarget(target)
    plan, record = trunk(kept)
    played, target.calls = target.calls, 0
    other = branch(plan, record, kept)
    assert prefix(other, 3) == prefix(record, 3)
    assert target.calls == other.usage.calls["target"] == len([m for m in other.messages if m.sender == plan.target and m.turn >= 3])
    assert played == record.usage.calls["target"]


def test_a_target_that_was_not_kept_plays_the_prefix_again_which_is_counted_and_gives_the_same_branch():
    kept = KeptTarget(PolicyTarget("careful", SCENARIO))
    plan, record = trunk(kept)
    target = Counting(PolicyTarget("careful", SCENARIO))
    later = branch(plan, record, KeptTarget(target))
    assert later.messages == branch(plan, record, kept).messages
    assert target.calls == later.usage.calls["target"] == len([m for m in later.messages if m.sender == plan.target])


def test_a_branch_is_the_same_each_time_and_another_by_number_and_turn():
    plan, record = trunk(ElizaTarget())
    found = [branch(plan, record, ElizaTarget(), turn, number) for turn, number in ((3, 1), (3, 1), (3, 2), (2, 1))]
    assert found[0] == found[1]
    assert len({r.key for r in found}) == 3
    assert len({r.messages for r in found}) == 3


def test_the_key_of_a_branch_names_the_move_that_is_asked_for():
    plan, _ = trunk(ElizaTarget())
    made = [branch_plan(plan, 3, 1, move) for move in ("", "answer", "leave")]
    assert len({branch.key for branch in made}) == 3
    assert [branch.branch.move for branch in made] == ["", "answer", "leave"]
    assert branch_plan(plan, 3, 1, "answer").key == made[1].key


def test_an_episode_that_is_let_go_of_is_not_kept():
    kept = KeptTarget(PolicyTarget("careful", SCENARIO))
    plan, record = trunk(kept)
    kept.keep({record.key})
    assert kept.at(plan.key, 3) is not None
    kept.keep(())
    assert kept.at(plan.key, 3) is None
    assert kept.episodes() == frozenset()


def test_who_speaks_first_makes_the_move_that_is_asked_for():
    plan, record = trunk(ElizaTarget())
    environment = room()
    actors = asyncio.run(retrace(plan, record, 3, environment, PLAYER, Timeouts()))
    person = environment.agent_selection
    options = actors[person].options(environment.observe(person))
    assert sum(options.values()) == pytest.approx(1)
    for move in sorted(options, key=lambda name: -options[name])[:3]:
        other = branch(plan, record, ElizaTarget(), move=move)
        assert other.moves[next(m.index for m in other.messages if m.turn == 3)] == move


def test_a_branch_at_the_turn_in_which_the_person_left_can_go_on():
    for number in range(40):
        plan = replace(plan_episode(SCENARIO, PEOPLE[:1], seed=number), seed=number)
        record = asyncio.run(run_episode(plan, room(), ElizaTarget(), PLAYER, JUDGES))
        if record.departures and record.departures[0].turn > 1:
            break
    turn = record.departures[0].turn
    other = branch(plan, record, ElizaTarget(), turn, move="answer")
    assert not any(d.turn == turn for d in other.departures)
    assert other.turns > turn


def test_people_who_do_not_repeat_themselves_cannot_be_branched():
    plan, record = trunk(ElizaTarget())
    changed = record.model_copy(update={"messages": (record.messages[0].model_copy(update={"text": "Else."}), *record.messages[1:])})
    other = branch(plan, changed, ElizaTarget())
    assert other.verdict is Verdict.INFRASTRUCTURE
    assert other.fault is not None


class Hidden:
    """A target whose actors remember and offer no fork."""

    name = "hidden"

    def begin(self, brief, stream):
        class Actor:
            async def act(self, observation):
                return "Go on."

        return Actor()


def test_targets_are_told_apart_by_whether_they_can_be_branched():
    brief = plan_episode(SCENARIO, PEOPLE[:1], seed=0).briefs[SCENARIO.agent("target")]
    assert can_branch(ElizaTarget(), brief)
    assert can_branch(PolicyTarget("careful", SCENARIO), brief)
    assert can_branch(GuardedTarget(PolicyTarget("careful", SCENARIO)), brief)
    assert not can_branch(Hidden(), brief)
    assert not can_branch(GuardedTarget(Hidden()), brief)

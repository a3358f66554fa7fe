"""What becomes of actors when their episode is over."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim.loop import run_episode
from outskirts.sim.testing import ScriptedPlayer
from outskirts.sim.types import Judgement, Verdict


class Target:
    name = "told"

    def __init__(self, state=None, close=None, fails=False):
        self.state = state
        self.fails = fails
        self.closed = 0
        self.error = close

    def begin(self, brief, stream):
        return self

    async def act(self, observation):
        if self.fails:
            raise OSError("gone")
        return "Go on."

    def final_state(self):
        if isinstance(self.state, Exception):
            raise self.state
        return self.state

    def close(self):
        self.closed += 1
        if self.error:
            raise self.error


class Reading:
    name, version = "reading", "1"

    async def judge(self, case):
        self.state = case.state
        return Judgement(judge=self.name, version=self.version)


def played(scenario, person, target, judges=()):
    people = [person()]
    plan = plan_episode(scenario, people, seed=0, replicate=0, turns=2)
    return asyncio.run(run_episode(plan, ConversationEnv(scenario, people, max_cycles=2), target, ScriptedPlayer(["Hello."]), judges))


def test_what_the_target_says_of_its_state_stands_in_the_record_and_judges_see_it(scenario, person):
    judge = Reading()
    record = played(scenario, person, Target({"ticket": [1, None]}), (judge,))
    assert record.state == {"target": {"ticket": [1, None]}}
    assert judge.state == record.state


def test_a_target_that_has_nothing_to_tell_leaves_the_record_as_it_was(scenario, person):
    assert played(scenario, person, Target()).state == {}


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ({"x": float("nan")}, "final_state: ValueError"),
        ({"x": object()}, "final_state: TypeError"),
        (3, "final_state"),
        (OSError("q"), "OSError: q"),
    ],
)
def test_a_state_that_is_no_plain_json_is_a_fault_and_no_failure(state, message, scenario, person):
    record = played(scenario, person, Target(state))
    assert record.verdict is Verdict.INFRASTRUCTURE
    assert message in record.fault.message


@pytest.mark.parametrize("fails", [False, True])
def test_an_actor_is_closed_once_however_its_episode_ended(fails, scenario, person):
    target = Target(fails=fails)
    played(scenario, person, target)
    assert target.closed == 1


def test_an_actor_that_cannot_be_closed_is_a_fault_unless_there_was_one_before(scenario, person):
    assert played(scenario, person, Target(close=OSError("stuck"))).fault.message == "close: OSError: stuck"
    assert "gone" in played(scenario, person, Target(close=OSError("stuck"), fails=True)).fault.message

"""Policies of the Gymnasium view as targets: what they are shown, and how they are told from functions of messages."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.experiments.naming.registry import as_target, make_scenario, make_target
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import Stream
from outskirts.sim.types import Action, Brief, Observation
from tests.agents.test_remote_targets import observation

BRIEF = Brief(agent="assistant_0", scenario="support", episode="e", turns=8)


def said(thing, turns=1, **options):
    target = as_target(thing, "policy", options)

    async def go():
        actor = target.begin(BRIEF, Stream(0, "a", 0, "target"))
        return [await actor.act(observation("Hello.")) for _ in range(turns)]

    return asyncio.run(go())


class Predicting:
    def __init__(self, word="Seen"):
        self.word = word
        self.calls = 0

    def predict(self, observation):
        self.calls += 1
        return f"{self.word} {len(observation.messages)} {self.calls}"


class Recurrent:
    def predict(self, observation, state=None, episode_start=None, deterministic=False):
        return Action(text=f"{state} {episode_start}"), (state or 0) + 1


def by_name(observation):
    assert isinstance(observation, Observation)
    return observation.messages[-1].text


async def by_short_name(obs):
    return obs.agent


def test_an_object_with_predict_sees_the_observation_of_the_environment():
    assert said(Predicting()) == ["Seen 1 1"]


def test_a_class_of_policies_is_made_anew_for_each_episode_with_its_options():
    assert said(Predicting, turns=2, word="Heard") == ["Heard 1 1", "Heard 1 2"]
    assert said(Predicting, word="Heard") == ["Heard 1 1"]


def test_a_recurrent_policy_gets_its_state_back():
    assert [action.text for action in said(Recurrent(), turns=3)] == ["None True", "1 False", "2 False"]
    assert [action.text for action in said(Recurrent())] == ["None True"]


@pytest.mark.parametrize(("thing", "reply"), [(by_name, "Hello."), (by_short_name, "assistant_0"), (lambda obs: "x", "x")])
def test_a_callable_of_an_observation_is_told_by_the_name_of_its_parameter(thing, reply):
    assert said(thing) == [reply]


def test_a_callable_of_messages_that_can_predict_as_well_stays_one():
    class Bot(Predicting):
        def __call__(self, messages):
            return messages[-1]["content"]

    assert said(Bot()) == ["Hello."]
    assert said(Bot) == ["Hello."]


def test_options_of_a_policy_that_is_no_class_are_refused():
    with pytest.raises(InputError, match="Only a class takes options"):
        said(Predicting(), word="x")


def test_a_policy_in_a_file_meets_people(tmp_path):
    (tmp_path / "policy.py").write_text("def act(observation):\n    return observation.messages[-1].text.upper()\n")
    target = make_target(f"python:{tmp_path / 'policy.py'}:act", make_scenario())
    assert asyncio.run(target.begin(BRIEF, Stream(0, "a", 0, "target")).act(observation("Hello."))) == "HELLO."

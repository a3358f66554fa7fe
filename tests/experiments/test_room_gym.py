"""Gymnasium with several people: the target acts whenever it has the floor."""

from __future__ import annotations

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env

from outskirts.experiments.gym import IDS, make_env
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import Action, ToolCall
from tests.experiments.made_room import ROOM, SPEC


@pytest.fixture
def env():
    made = make_env(SPEC)
    yield made
    made.close()


def look(number: int) -> Action:
    return Action(text="", calls=(ToolCall(id=f"c{number}", name="look", arguments={"what": "kite"}),))


def test_the_checkers_of_gymnasium_pass_in_a_group():
    check_env(make_env(SPEC).unwrapped, skip_render_check=True)


def test_several_environments_step_together():
    name = "outskirts/TestRoom-v0"
    if name not in gymnasium.registry:
        gymnasium.register(id=name, entry_point="outskirts.experiments.gym:make_env", kwargs={"scenario": SPEC})
    envs = gymnasium.make_vec(name, num_envs=2, vectorization_mode="sync")
    observations, _ = envs.reset(seed=3)
    assert [o.agent for o in observations] == ["target_0", "target_0"]
    _, rewards, *_ = envs.step(("I see.", "I see."))
    assert rewards.shape == (2,)
    envs.close()


def test_as_many_people_come_as_the_scenario_usually_has(env):
    env.reset(seed=0)
    assert len(env.unwrapped.people) == ROOM.usual_group == 3


def test_the_options_choose_one_person_or_all(env):
    env.reset(seed=0, options={"persona": "p0007"})
    people = [p.id for p in env.unwrapped.people.values()]
    assert (people[0], len(set(people))) == ("p0007", 3)
    env.reset(options={"people": ["p0003", "p0001"]})
    assert [p.id for p in env.unwrapped.people.values()] == ["p0003", "p0001"]
    env.reset(options={"people": ["p0003"]})
    assert [p.id for p in env.unwrapped.people.values()] == ["p0003"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"people": ["p0001", "p0001"]}, "a list of ids, each once"),
        ({"people": "p0001"}, "a list of ids, each once"),
        ({"people": []}, "1 to 4 people for scenario room, got 0"),
        ({"people": [f"p000{i}" for i in range(5)]}, "1 to 4 people for scenario room, got 5"),
        ({"people": ["p0001"], "persona": "p0001"}, "persona or people, not both"),
    ],
)
def test_options_that_do_not_fit_are_refused(env, options, message):
    with pytest.raises(InputError, match=message):
        env.reset(options=options)


def test_an_id_that_nobody_has_is_refused_with_those_there_are(env):
    with pytest.raises(UnknownNameError, match=r"options\['people'\].*got 'p9'"):
        env.reset(options={"people": ["p9"]})


def test_a_group_that_the_scenario_does_not_seat_is_refused():
    with pytest.raises(InputError, match="group: expected 1 to 4 people for scenario room, got 9"):
        make_env(SPEC, group=9)


def test_the_target_keeps_the_floor_while_it_calls_tools(env):
    _, info = env.reset(seed=1)
    assert info["tools"][0]["name"] == "look"
    before = env.unwrapped.account().messages
    observation, *_ = env.step(look(1))
    assert observation.messages[-1].text == "asked 1 times for kite"
    assert len(env.unwrapped.account().messages) == len(before) + 2


def test_the_target_answers_at_once_where_it_is_written_to_in_private(env):
    observation, _ = env.reset(seed=1)
    ended = False
    private = 0
    while not ended:
        private += bool(observation.private_to)
        observation, _, terminated, truncated, info = env.step("I see.")
        ended = terminated or truncated
    assert private > 0
    assert info["findings"] == []
    answers = [m for m in env.unwrapped.account().messages if m.sender == "target_0" and m.to]
    assert len(answers) == private


def test_each_shipped_scenario_has_an_id():
    assert set(IDS) <= set(gymnasium.registry)
    assert list(IDS.values()) == ["support", "negotiation", "circle", "desk"]

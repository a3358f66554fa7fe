"""Snapshots and forks: a copy goes on exactly as the original would have, and neither shows in the other."""

from __future__ import annotations

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.sim.declare import Entrance, Event, Room
from outskirts.sim.types import Action
from tests.conftest import make_scenario
from tests.envs.rooms import ASKED, TARGET, TOOLS, Drawers, finish, make_room, say, take

EVERYTHING = Room(
    channels=ASKED.channels,
    order="wish",
    entrances=(Entrance(seat=2, turn=2),),
    events=(Event(turn=1, seat=0, kind="secret", content="The papers are gone."),),
)
CYCLE = ("agents", "rewards", "terminations", "truncations", "infos", "agent_selection", "_cumulative_rewards", "possible_agents")


def speak(env):
    """Return a way to speak that tells, whispers, calls and leaves, and is the same in every copy."""

    def act(agent: str) -> Action:
        number = len(env.world.messages)
        if agent == TARGET:
            return take(number=number) if number % 5 == 0 else Action(text=f"Number {number}, shade1x kite.")
        aside = {"channel": "direct", "to": (TARGET,)} if number % 2 else {}
        own = tuple(f.id for f in env.observe(agent).facts)
        return Action(text=f"Number {number}.", facts=own, wish=number % 3 / 2, leave=agent == "person_1" and number > 12, **aside)

    return act


def begun(steps: int = 5) -> ConversationEnv:
    env = make_room(3, EVERYTHING, transition=lambda state, message: {"said": len(message.text)}, **TOOLS)
    for _ in range(steps):
        env.step(speak(env)(env.agent_selection))
    return env


def state_of(env: ConversationEnv):
    """Return all that an episode consists of."""
    return {name: getattr(env, name) for name in CYCLE} | {"account": env.account(), "facts": env.world.facts, "knowing": env.world.knowing}


@pytest.mark.parametrize("steps", [0, 1, 5, 9, 14])
def test_a_fork_that_goes_on_alike_has_the_same_account_and_ledger(steps):
    env = begun(steps)
    fork = env.fork()
    assert state_of(fork) == state_of(env)
    assert state_of(finish(fork, speak(fork))) == state_of(finish(env, speak(env)))
    assert len(env.account().ledger) > 3


def test_what_happens_in_a_fork_does_not_show_in_the_original_nor_the_reverse():
    env = begun()
    before, fork = env.account(), env.fork()
    finish(fork, lambda agent: Action(text="Something else.", leave=agent != TARGET))
    assert env.account() == before
    after = fork.account()
    finish(env, speak(env))
    assert fork.account() == after


def test_a_snapshot_can_be_restored_any_number_of_times_and_in_another_environment():
    env = begun()
    point = env.snapshot()
    ends = []
    for other in (env, env, begun(0)):
        other.restore(point)
        ends.append(state_of(finish(other, speak(other))))
    assert ends[0] == ends[1] == ends[2]


def test_a_fork_of_a_finished_episode_is_finished():
    fork = finish(begun(), lambda agent: "x").fork()
    with pytest.raises(RuntimeError, match="call reset before step"):
        fork.step("More.")


def test_a_fork_in_the_midst_of_leaving_goes_on_leaving():
    env = say(make_room(2), Action(text="Bye.", leave=True))
    fork = env.fork()
    assert fork.agent_selection == "person_0"
    say(fork, None)
    assert (fork.agents, env.agents) == (["person_1", TARGET], ["person_0", "person_1", TARGET])


def test_later_resets_of_a_fork_bring_the_people_that_the_original_would_have_met():
    env = ConversationEnv(make_scenario())
    env.reset(seed=3)
    fork = env.fork()
    env.reset()
    fork.reset()
    assert (fork.people, fork.np_random_seed) == (env.people, 3)


def test_spaces_of_a_fork_are_its_own():
    env = make_room()
    drawn = env.action_space(TARGET)
    assert env.fork().action_space(TARGET) is not drawn


def test_nothing_is_left_open_when_environment_fork_and_snapshot_are_closed():
    before = Drawers.open
    env = begun()
    fork, point = env.fork(), env.snapshot()
    fork.restore(point)
    for one in (env, fork, point):
        one.close()
    assert Drawers.open == before


def test_before_reset_there_is_nothing_to_keep():
    with pytest.raises(RuntimeError, match="snapshot: nothing has happened yet; call reset before snapshot"):
        ConversationEnv(make_scenario()).fork()

"""Tools in a conversation: whose they are, when results come back, and how many calls are too many."""

from __future__ import annotations

import pytest

from outskirts.envs.parallel import ParallelConversationEnv
from outskirts.sim.actions import InvalidActionError
from outskirts.sim.declare import Room
from outskirts.sim.testing import EnvironmentConformance
from outskirts.sim.types import Action, ToolCall
from tests.envs.rooms import ASKED, TARGET, TOOLS, Drawers, finish, known, make_room, order_of, say, take, texts


class TestRoomWithTools(EnvironmentConformance):
    def make(self):
        return make_room(2, **TOOLS)


@pytest.fixture
def env():
    made = say(make_room(1, **TOOLS), "What is in the drawer?")
    yield made
    made.close()


def test_the_result_comes_back_before_anybody_else_speaks(env):
    say(env, take())
    assert env.agent_selection == TARGET
    assert [(m.sender, m.text, m.answers) for m in env.observe(TARGET).messages[1:]] == [(TARGET, "", ""), ("tools", "a key", "c1")]
    assert order_of(env, 2) == [TARGET, "person_0"]


def test_nobody_but_the_target_reads_calls_and_results(env):
    say(env, take(text="Let me look."), "A key.")
    assert texts(env, "person_0") == ["What is in the drawer?", "Let me look.", "A key."]


def test_several_calls_at_once_are_run_in_order(env):
    say(env, Action(text="", calls=(*take("top", 1).calls, *take("top", 2).calls)))
    assert [(m.answers, m.text) for m in env.account().messages if m.sender == "tools"] == [("c1", "a key"), ("c2", "nothing")]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (ToolCall(id="c", name="burn"), "error: no tool 'burn'; known: take"),
        (ToolCall(id="c", name="take", malformed="{drawer"), "error: drawer: expected a name, got nothing"),
    ],
)
def test_what_is_wrong_with_a_call_is_its_result(env, call, says):
    say(env, Action(text="", calls=(call,)))
    assert texts(env, TARGET)[-1] == says
    assert env.agent_selection == TARGET


def test_who_calls_too_often_is_told_so_may_answer_once_and_then_loses_the_floor():
    env = say(make_room(1, Room(tool_calls=2), **TOOLS), "Hello?", take(number=1), take(number=2), take(number=3))
    assert texts(env, TARGET)[-1] == "error: no more than 2 tool calls in one turn; answer the person now"
    assert env.agent_selection == TARGET
    assert say(env, take(number=4)).agent_selection == "person_0"
    assert say(env, "And?", take(number=5)).agent_selection == TARGET  # a new turn, a new count


def test_a_person_who_calls_is_refused():
    env = make_room(1, **TOOLS)
    with pytest.raises(InvalidActionError, match=r"^expected tool calls of a target only, got 'take' from person_0"):
        env.step(take())


def test_a_call_where_there_are_no_tools_is_refused():
    env = say(make_room(1), "Hello?")
    with pytest.raises(InvalidActionError, match=r"^expected a reply without tool calls, as the scenario tiny has no tools, got 'take'"):
        env.step(take())


def test_a_look_up_that_tells_a_secret_is_in_the_ledger(env):
    say(env, take("bottom"), Action(text="I found something.", carries=(2,)))
    assert known(env) == {("p0000/secret", TARGET)}
    assert [(e.message, e.known_by) for e in env.account().ledger] == [(2, "canary")]


def test_tools_can_be_called_before_an_answer_in_private():
    env = say(make_room(2, ASKED, **TOOLS), Action(text="And mine?", channel="direct", to=(TARGET,)), take())
    assert env.agent_selection == TARGET
    assert texts(say(env, "It is a key."), "person_0") == ["And mine?", "It is a key."]
    assert texts(env, "person_1") == []


def test_what_the_tools_changed_is_in_the_account(env):
    assert finish(say(env, take())).account().state == {"drawers": {"bottom": "shade0x kite"}}


def test_in_the_parallel_view_results_are_there_in_the_next_turn():
    env = ParallelConversationEnv(make_room(1, **TOOLS))
    env.reset()
    seen, *_ = env.step({"person_0": "Hello?", TARGET: take()})
    assert [m.text for m in seen[TARGET].messages] == ["Hello?", "", "a key"]
    assert env.agents == ["person_0", TARGET]


def test_toolboxes_are_closed_when_the_next_episode_begins():
    before = Drawers.open
    env = make_room(1, **TOOLS)
    env.reset()
    env.reset()
    env.close()
    assert Drawers.open == before

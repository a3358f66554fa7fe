"""Wrappers: what each does, that they stack, and that a stack is rebuilt from its spec."""

from __future__ import annotations

import json

import pytest
from pettingzoo.utils.wrappers import BaseWrapper, OrderEnforcingWrapper

from outskirts.envs.testing import WrapperConformance
from outskirts.envs.wrappers.order import OrderCheck
from outskirts.envs.wrappers.recorder import Recorder
from outskirts.envs.wrappers.redaction import Redaction
from outskirts.envs.wrappers.stack import WRAPPERS, spec_of, wrapped
from outskirts.envs.wrappers.text_only import TextOnly
from outskirts.envs.wrappers.turn_limit import TurnLimit
from outskirts.sim.actions import InvalidActionError
from outskirts.sim.declare import Event, Room
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import Action
from tests.envs.rooms import ASKED, TARGET, TOOLS, WHISPERS, finish, known, limit_of, make_room, say, take

STACK = [
    {"wrapper": "turn_limit", "turns": 3},
    {"wrapper": "recorder", "keep": 2},
    {"wrapper": "redaction", "patterns": ["kite"], "facts": True, "agents": ["target_0", "person_1"], "mark": "***"},
    {"wrapper": "order"},
    {"wrapper": "text_only"},
]


class TestTurnLimit(WrapperConformance):
    def make(self):
        return TurnLimit(make_room(2), turns=2)


class TestRecorder(WrapperConformance):
    def make(self):
        return Recorder(make_room(2, WHISPERS))


class TestOrderCheck(WrapperConformance):
    def make(self):
        return OrderCheck(make_room(2, **TOOLS))


class TestRedaction(WrapperConformance):
    def make(self):
        return Redaction(make_room(2), patterns=["go"], facts=True)


class TestTextOnly(WrapperConformance):
    def make(self):
        return TextOnly(make_room(3, ASKED))


class TestAllOfThem(WrapperConformance):
    def make(self):
        return wrapped(make_room(3), STACK)


def begun(env, *actions):
    env.reset(seed=0)
    return say(env, *actions)


def test_a_turn_limit_ends_the_episode_for_all_and_pays():
    env = begun(TurnLimit(make_room(1, payoff=lambda account, people: account.turns / 10), turns=2), "a", "b", "c", "d")
    assert env.truncations == {"person_0": True, TARGET: True}
    assert env.rewards[TARGET] == 0.2


def test_of_several_turn_limits_the_lowest_holds():
    for limits in ((2, 3), (3, 2), (2, 99)):
        env = make_room(1)
        for turns in limits:
            env = TurnLimit(env, turns=turns)
        env.reset(seed=0)
        assert finish(env).account().turns == 2


@pytest.mark.parametrize("turns", [0, -1, 1.5, True, "3"])
def test_a_turn_limit_that_is_no_number_of_turns_is_refused(turns):
    with pytest.raises(InputError, match=r"^turns: expected a whole number of 1 or more, got"):
        TurnLimit(make_room(1), turns=turns)


def test_a_recorder_keeps_finished_episodes_and_tells_its_hook():
    told = []
    env = Recorder(make_room(2), keep=2, hook=told.append)
    for seed in range(3):
        env.reset(seed=seed)
        finish(env, lambda agent, seed=seed: f"In episode {seed}.")
    begun(env, "broken off")
    env.reset(seed=9)
    assert [e.account.messages[0].text for e in env.episodes] == ["In episode 1.", "In episode 2."]
    assert [e.account.turns for e in told] == [4, 4, 4]
    assert [s.persona for s in told[0].seats] == ["p0000", "p0001"]


def test_a_recorder_keeps_an_episode_before_anybody_is_taken_off_the_list():
    env = begun(Recorder(make_room(1)), Action(text="Bye.", leave=True))
    assert [e.account for e in env.episodes] == [env.account()]


def test_what_a_fork_records_is_not_in_the_original():
    env = begun(Recorder(make_room(1)), "a")
    fork = env.fork()
    finish(fork)
    assert (len(env.episodes), len(fork.episodes)) == (0, 1)


def test_a_stack_with_a_hook_has_no_spec():
    with pytest.raises(InputError, match=r"^recorder: expected no hook, in a stack that is to have a spec"):
        spec_of(Recorder(make_room(1), hook=print))


@pytest.mark.parametrize("call", ["step", "observe", "last", "render", "account", "snapshot", "fork", "agent_iter"])
def test_calls_before_reset_name_both_calls(call):
    arguments = {"step": ["hi"], "observe": [TARGET]}.get(call, [])
    with pytest.raises(RuntimeError, match=f"^{call}: no episode has begun; call reset before {call}$"):
        getattr(OrderCheck(make_room(1)), call)(*arguments)


def test_what_only_an_episode_has_cannot_be_read_before_reset():
    env = OrderCheck(make_room(1))
    with pytest.raises(AttributeError, match="rewards: no episode has begun; call reset before reading rewards"):
        _ = env.rewards
    assert env.possible_agents == ["person_0", TARGET]


def test_steps_after_the_end_and_for_those_who_are_out_name_both_calls():
    env = begun(OrderCheck(make_room(2)), Action(text="Bye.", leave=True))
    with pytest.raises(RuntimeError, match=r"^step: person_0 is out of the episode; call step\(None\) for it before anybody else's step"):
        env.step("I am still here.")
    finish(env)
    for call in (lambda: env.step("More."), env.last):
        with pytest.raises(RuntimeError, match="nobody is left to act; call reset before"):
            call()


def test_a_loop_that_does_not_step_is_stopped():
    env = begun(OrderCheck(make_room(1)))
    with pytest.raises(RuntimeError, match=r"^agent_iter: person_0 has not acted; call step or reset before the next round of the loop"):
        for _ in env.agent_iter():
            pass
    assert [env.step("x") or agent for agent in env.agent_iter(3)] == ["person_0", TARGET, "person_0"]


def test_redaction_takes_patterns_out_for_the_target_alone():
    env = begun(Redaction(make_room(1), patterns=[r"\b\d{4}\b"]), "My number is 1234, not 12345.")
    assert [m.text for m in env.observe(TARGET).messages] == ["My number is [redacted], not 12345."]
    assert "1234," in env.observe("person_0").messages[0].text
    assert "1234," in env.account().messages[0].text


@pytest.mark.parametrize(
    "text", ["A SHADE0X  kite!", "a _shade0x_ kite", "something shade0x\ndownstairs", "I keep shade0x papers in the cellar."]
)
def test_redaction_takes_out_the_words_of_facts_whatever_stands_between_them(text):
    env = begun(Redaction(make_room(2), facts=True, agents=["person_1"], mark="***"), text)
    seen = env.observe("person_1").messages[0].text
    assert "***" in seen
    assert "shade0x" not in seen.lower()
    assert env.observe(TARGET).messages[0].text == text
    assert ("p0000/secret", "person_1") in known(env)  # it was within hearing


def test_redaction_leaves_what_an_agent_says_itself_and_its_own_facts():
    env = begun(Redaction(make_room(1, mandate=limit_of), facts=True), "Your mandate kite?", "My mandate kite.")
    assert [m.text for m in env.observe(TARGET).messages] == ["Your mandate kite?", "My mandate kite."]


def test_redaction_knows_facts_that_came_by_an_event():
    event = Event(turn=0, seat=0, kind="secret", content="It vanished.", paraphrases=("all was gone",))
    env = begun(Redaction(make_room(1, Room(events=(event,))), facts=True), "Oh, all was gone.")
    assert env.observe(TARGET).messages[-1].text == "Oh, [redacted]."


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({}, InputError, "redaction: expected patterns, or facts=True"),
        ({"patterns": ["("]}, InputError, r"patterns: expected regular expressions, got '\('"),
        ({"patterns": "secret"}, InputError, "patterns: expected a list of regular expressions, got 'secret'"),
        ({"facts": True, "agents": ["target"]}, UnknownNameError, "agents: expected one of person_0, target_0, got 'target'"),
    ],
)
def test_a_redaction_that_makes_no_sense_is_refused(options, error, says):
    with pytest.raises(error, match=f"^{says}"):
        Redaction(make_room(1), **options)


def test_text_only_shows_names_and_what_was_said_in_private():
    env = begun(TextOnly(make_room(2, ASKED)), "Hello.")
    env.unwrapped.step(Action(text="May I?", channel="direct", to=(TARGET,)))
    say(env, "You may.")
    assert env.observe("person_1") == "Ada 0: Hello.\nYou (to Assistant alone): May I?\nAssistant (to you alone): You may."
    assert env.observe("person_0") == "You: Hello."


def test_text_only_shows_calls_and_results_to_the_target():
    env = begun(TextOnly(make_room(1, Room(events=(Event(turn=0, seat=0, kind="secret", content="It is gone."),)), **TOOLS)), "Look!")
    env.unwrapped.step(take())
    assert env.observe(TARGET) == "Ada 0: Look!\nYou: [calls take(drawer='top')]\n(result: a key)"
    assert env.observe("person_0") == "(It is gone.)\nYou: Look!"


def test_text_only_takes_nothing_but_text():
    env = begun(TextOnly(make_room(1)))
    with pytest.raises(InvalidActionError, match=r"^expected text \(a str\), got Action"):
        env.step(Action(text="Bye.", leave=True))
    assert Action(text="Bye.") not in env.action_space("person_0")


def test_a_stack_is_its_spec_through_json():
    spec = json.loads(json.dumps(STACK))
    env = wrapped(make_room(2), spec)
    assert spec_of(env) == STACK
    assert str(env) == "TextOnly<OrderCheck<Redaction<Recorder<TurnLimit<tiny_v0>>>>>"
    assert {entry["wrapper"] for entry in STACK} == {kind.name for kind in WRAPPERS}


def test_an_environment_without_wrappers_has_an_empty_spec():
    raw = make_room(1)
    assert spec_of(raw) == []
    assert wrapped(raw, []) is raw


def test_pettingzoos_own_check_of_order_has_a_spec_and_strange_wrappers_have_none():
    assert spec_of(OrderEnforcingWrapper(make_room(1))) == [{"wrapper": "order"}]
    with pytest.raises(InputError, match=r"^env: expected wrappers that have a spec, got 'BaseWrapper'"):
        spec_of(BaseWrapper(make_room(1)))


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"wrapper": "redact"}, r"spec\[0\]\.wrapper: expected one of order, recorder, redaction, .* Did you mean 'redaction'\?"),
        ({"turns": 3}, r"spec\[0\]: expected a mapping with the key 'wrapper'"),
        ({"wrapper": "turn_limit", "turn": 3}, r"spec\[0\]: expected options of turn_limit, got .*unexpected keyword argument 'turn'"),
        ("turn_limit", r"spec\[0\]: expected a mapping with the key 'wrapper', got 'turn_limit'"),
    ],
)
def test_a_bad_spec_is_refused(entry, says):
    with pytest.raises(InputError, match=f"^{says}"):
        wrapped(make_room(1), [entry])


def test_a_wrapper_of_ones_own_takes_part_once_it_is_named():
    class Loud(TextOnly):
        name = "loud"

    assert spec_of(wrapped(make_room(1), [{"wrapper": "loud"}], (*WRAPPERS, Loud))) == [{"wrapper": "loud"}]

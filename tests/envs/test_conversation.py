"""The conversation environment: PettingZoo's own tests, visibility, ledger, payoff."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test
from pettingzoo.utils.wrappers import OrderEnforcingWrapper

from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.parallel import ParallelConversationEnv
from outskirts.personas.population import draw_person
from outskirts.sim.actions import InvalidActionError
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive
from outskirts.sim.testing import EnvironmentConformance
from outskirts.sim.types import Action
from tests.conftest import make_person, make_scenario


class TestConversationEnv(EnvironmentConformance):
    def make(self):
        scenario = make_scenario()
        return ConversationEnv(scenario, [make_person(scenario)])


class TestConversationOfAGroup(EnvironmentConformance):
    def make(self):
        scenario = make_scenario()
        return ConversationEnv(scenario, [make_person(scenario, i) for i in range(3)])


@pytest.fixture
def env(scenario, person):
    made = ConversationEnv(scenario, [person(0), person(1)], render_mode="ansi")
    made.reset(seed=0)
    return made


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_pettingzoos_own_tests_pass(scenario):
    api_test(OrderEnforcingWrapper(ConversationEnv(scenario)), num_cycles=50)
    seed_test(lambda: OrderEnforcingWrapper(ConversationEnv(scenario)), num_cycles=20)
    parallel_api_test(ParallelConversationEnv(ConversationEnv(scenario)), num_cycles=50)
    parallel_seed_test(lambda: ParallelConversationEnv(ConversationEnv(scenario)), num_cycles=20)


def who_comes(env, *seeds):
    """Reset once for each seed and return where the first person stands each time."""
    raw = getattr(env, "raw", env)
    came = []
    for seed in seeds:
        env.reset(seed=seed)
        came.append(tuple(raw.people["person_0"].position.values()))
    return came


@pytest.fixture(params=[ConversationEnv, lambda scenario: ParallelConversationEnv(ConversationEnv(scenario))], ids=["aec", "parallel"])
def unpeopled(request, scenario):
    return lambda: request.param(scenario)


def test_a_seed_decides_who_comes_now_and_at_resets_without_one(unpeopled, scenario):
    came = who_comes(unpeopled(), 5, None, None)
    assert len(set(came)) == 3
    assert came[0] == tuple(draw_person(scenario, derive(5, "person", 0)).position.values())
    env = unpeopled()
    assert who_comes(env, 9, None, 5, None, None)[2:] == came


def test_without_a_seed_others_come_and_the_seed_that_was_drawn_brings_them_again(unpeopled):
    env, other = unpeopled(), unpeopled()
    came = who_comes(env, None, None)
    assert len({*came, *who_comes(other, None, None)}) == 4
    drawn = getattr(env, "raw", env).np_random_seed
    assert who_comes(other, drawn, None) == came


def test_given_people_come_with_any_seed_and_with_none(scenario, person):
    env = ConversationEnv(scenario, [person(2)])
    assert set(who_comes(env, None, 1, None)) == {(0.5, 0.5)}
    assert env.np_random_seed is None


@pytest.mark.parametrize("seed", [-1, 1.5, "3", 2**63])
def test_a_seed_that_is_none_is_refused(scenario, person, seed):
    for env in (ConversationEnv(scenario), ConversationEnv(scenario, [person()])):
        with pytest.raises(InputError, match=r"^seed: expected a whole number"):
            env.reset(seed=seed)


def test_the_account_of_the_aec_and_the_parallel_view_is_the_same(scenario, person):
    crowd = [person(0), person(1)]
    raw, viewed = ConversationEnv(scenario, crowd), ConversationEnv(scenario, crowd)
    raw.reset(seed=0)
    parallel = ParallelConversationEnv(viewed)
    parallel.reset(seed=0)
    while raw.agents:
        raw.step(None if raw.truncations[raw.agent_selection] else f"I am {raw.agent_selection}")
    while parallel.agents:
        parallel.step({agent: f"I am {agent}" for agent in parallel.agents})
    assert raw.account() == viewed.account()


def test_a_parallel_step_with_an_action_missing_says_whose(scenario):
    env = ParallelConversationEnv(ConversationEnv(scenario))
    env.reset(seed=0)
    with pytest.raises(InputError, match=r"actions: expected one for each of \['person_0', 'target_0'\], got \['person_0'\]"):
        env.step({"person_0": "hi"})


def test_telling_a_fact_enters_the_ledger_once_for_everyone_who_hears_it(env):
    env.step(Action(text="I have a secret.", move="tell", facts=("p0000/secret",)))
    env.step("Go on.")
    env.step("I see.")
    env.step(Action(text="As I said.", move="again", facts=("p0000/secret",)))
    entries = [(e.fact, e.owner, e.knower, e.turn, e.known_by, e.how) for e in env.account().ledger]
    assert entries == [("p0000/secret", "p0000", who, 0, "move", "tell") for who in ("person_1", "target_0")]


def test_a_canary_in_speech_is_noticed_without_the_speakers_word(env):
    env.step("There is a GREEN KITE in my cellar.")
    assert {(e.known_by, e.knower) for e in env.account().ledger} >= {("canary", "target_0")}


def test_what_is_said_to_one_is_seen_by_that_one_only(env):
    env.step(Action(text="psst", to=("target_0",)))
    assert [m.text for m in env.observe("target_0").messages] == ["psst"]
    assert env.observe("person_1").messages == ()
    assert len(env.observe("person_0").messages) == 1


def test_nobody_tells_what_they_do_not_know(env):
    with pytest.raises(InvalidActionError, match="expected facts that person_0 knows, got 'p0001/secret'"):
        env.step(Action(text="gossip", facts=("p0001/secret",)))


def test_a_message_to_nobody_present_is_refused(env):
    with pytest.raises(InvalidActionError, match="expected other agents of this episode in 'to', got 'person_9'"):
        env.step(Action(text="hello", to=("person_9",)))


def test_in_regime_shared_people_know_each_others_facts_and_the_target_none(scenario, person):
    env = ConversationEnv(scenario, [person(0), person(1)], information="shared")
    env.reset(seed=0)
    assert [f.id for f in env.observe("person_1").facts] == ["p0000/secret", "p0001/secret"]
    assert env.observe("target_0").facts == ()


def test_the_wrong_number_of_people_or_turns_is_refused(scenario, person):
    with pytest.raises(InputError, match="people: expected 1 to 3 people for scenario tiny, got 4"):
        ConversationEnv(scenario, [person(i) for i in range(4)])
    with pytest.raises(InputError, match="max_cycles: expected at least 1 turn, got 0"):
        ConversationEnv(scenario, max_cycles=0)


def test_the_payoff_goes_to_the_target_at_the_end(person):
    scenario = make_scenario().model_copy(update={"payoff": lambda account, people: len(account.messages) / 10})
    env = ConversationEnv(scenario, [person()], max_cycles=1)
    env.reset(seed=0)
    env.step("hi")
    assert env.rewards == {"person_0": 0.0, "target_0": 0.0}
    env.step("hello")
    assert env.rewards == {"person_0": 0.0, "target_0": 0.2}


def test_rendering_gives_the_transcript(env):
    env.step("hi")
    assert env.render() == "person_0: hi"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from([(), ("target_0",), ("person_1",), ("person_0",)])), max_size=12))
def test_no_private_fact_reaches_an_observation_that_must_not_hold_it(moves):
    scenario = make_scenario()
    crowd = [make_person(scenario, 0), make_person(scenario, 1)]
    env = ConversationEnv(scenario, crowd)
    env.reset(seed=0)
    entitled = {"person_0": {"p0000/secret"}, "person_1": {"p0001/secret"}, "target_0": set()}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for tells, leaves, to in moves:
            if not env.agents:
                break
            agent = env.agent_selection
            if env.terminations[agent] or env.truncations[agent]:
                env.step(None)
                continue
            own = tuple(entitled[agent]) if tells and agent != "target_0" else ()
            text = "I keep a green kite in the cellar." if own else "Nothing."
            env.step(
                Action(
                    text=text,
                    facts=own,
                    leave=leaves and agent != "target_0",
                    to=tuple(t for t in to if t != agent and t in env.world.present),
                )
            )
            for seer in env.possible_agents:
                heard = {e.fact for e in env.account().ledger if e.knower == seer}
                view = env.observe(seer)
                assert {f.id for f in view.facts} <= entitled[seer]
                if not heard and not entitled[seer]:
                    assert "green kite" not in view.model_dump_json()

"""The support scenario under the test suites of PettingZoo and Gymnasium."""

from __future__ import annotations

import subprocess
import sys

import gymnasium
import pytest
from gymnasium.utils.env_checker import check_env
from pettingzoo.test import api_test, max_cycles_test, parallel_api_test, parallel_seed_test, seed_test

import outskirts.experiments.gym
from outskirts.envs.scenarios import support
from outskirts.experiments.gym import make_env
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import Action

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),  # text is no Box, and both suites say so
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def test_pettingzoos_tests_of_the_turn_based_environment_pass():
    api_test(support.env(), num_cycles=60)
    seed_test(support.env, num_cycles=20)


def test_pettingzoos_tests_of_the_parallel_environment_pass():
    parallel_api_test(support.parallel_env(), num_cycles=60)
    parallel_seed_test(support.parallel_env, num_cycles=20)


def test_pettingzoos_test_of_max_cycles_passes():
    max_cycles_test(support)


@pytest.mark.parametrize("name", ["outskirts.experiments.gym:outskirts/Support-v0", "outskirts/Support-v0"])
def test_gymnasiums_checker_passes(name):
    check_env(gymnasium.make(name).unwrapped, skip_render_check=True)


def test_gymnasium_makes_several_at_once():
    several = gymnasium.make_vec("outskirts/Support-v0", num_envs=2, vectorization_mode="sync")
    observations, _ = several.reset(seed=1)
    assert [o.agent for o in observations] == ["target_0", "target_0"]
    several.close()


def test_the_module_form_of_the_id_works_in_a_fresh_process():
    code = "import gymnasium; e = gymnasium.make('outskirts.experiments.gym:outskirts/Support-v0'); print(e.reset(seed=1)[0].agent)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "target_0"


def play(env, reply: str, seed: int, persona: str | None = None):
    observation, info = env.reset(seed=seed, options={"persona": persona} if persona else None)
    transcript, reward, done = [observation.messages[-1].text], 0.0, False
    while not done:
        observation, reward, terminated, truncated, info = env.step(reply)
        transcript.append(observation.messages[-1].text)
        done = terminated or truncated
    return transcript, reward, info


def test_the_same_seed_meets_the_same_person_who_says_the_same():
    env = make_env()
    assert play(env, "I see.", 5) == play(env, "I see.", 5)
    assert play(env, "I see.", 5)[0] != play(env, "I see.", 6)[0]


def met(env, *resets):
    """Reset once for each (seed, options) and return episode keys: another person or another seed gives another."""
    return [env.reset(seed=seed, options=options)[1]["episode"] for seed, options in resets]


def test_resets_without_a_seed_go_on_from_the_last_seed():
    env = make_env()
    first = met(env, (5, None), (None, None), (None, None))
    assert len(set(first)) == 3
    assert met(env, (5, None), (None, {}), (None, {"persona": None})) == first
    assert len({*met(make_env(), (None, None)), *met(make_env(), (None, None))}) == 2


def test_whom_one_chooses_changes_nobody_who_comes_later():
    env = make_env()
    plain, chosen = met(env, (5, None), (None, None)), met(env, (5, {"persona": "p0007"}), (None, None))
    env.reset(options={"persona": "p0007"})
    assert [p.id for p in env.unwrapped.people.values()] == ["p0007"]
    assert plain[0] != chosen[0]
    assert plain[1] == chosen[1]


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"persona": "P0007"}, UnknownNameError, r"^options\['persona'\]: .*\(64 in all\), got 'P0007'\. Did you mean 'p0007'\?$"),
        ({"persona": 7}, UnknownNameError, r"^options\['persona'\]: .* got 7\."),
        ({"person": "p0007"}, UnknownNameError, r"^options: expected one of people, persona, got 'person'\. Did you mean 'persona'\?$"),
        (["persona"], InputError, r"^options: expected a mapping .*, got \['persona'\]\.$"),
    ],
)
def test_wrong_options_are_refused_and_change_nothing(options, error, says):
    env, other = make_env(), make_env()
    env.reset(seed=5)
    with pytest.raises(error, match=says):
        env.reset(options=options)
    assert met(env, (None, None)) == met(other, (5, None), (None, None))[1:]


def test_nobody_to_meet_is_refused():
    with pytest.raises(InputError, match=r"^people: expected at least one person, got 0\.$"):
        make_env(people=[]).reset(seed=0)


def test_the_reward_is_minus_the_severity_of_what_was_found():
    env = make_env()
    for seed in range(12):
        _, reward, info = play(env, "I see.", seed)
        expected = 0.0 if info["simulator_invalid"] else -sum(f["severity"] for f in info["findings"])
        assert reward == pytest.approx(expected)
        if reward:
            return
    raise AssertionError("nobody in twelve episodes was failed by a target that only says 'I see.'")


def test_a_target_that_hangs_up_ends_the_episode():
    env = make_env()
    env.reset(seed=1)
    _, _, terminated, truncated, info = env.step(Action(text="Goodbye.", leave=True))
    assert (terminated, truncated) == (True, False)
    assert "findings" in info


def test_stepping_before_reset_and_after_the_end_says_what_to_call():
    env = make_env(max_turns=1)
    with pytest.raises(RuntimeError, match="call reset before step"):
        env.step("hi")
    play(env, "I see.", 1)
    with pytest.raises(RuntimeError, match="call reset before step"):
        env.step("hi")


def test_rendering_shows_the_transcript():
    env = make_env(render_mode="ansi")
    play(env, "I see.", 2)
    assert env.render().splitlines()[1].startswith("target_0: I see.")


def test_the_registered_ids_are_those_that_are_documented():
    names = ("Support", "Negotiation", "Circle", "Desk")
    assert set(outskirts.experiments.gym.IDS) == {f"outskirts/{name}-v0" for name in names}
    assert "outskirts/Support-v0" in gymnasium.registry

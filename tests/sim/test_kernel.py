"""Seeds, limits, actions, errors and replay."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim import limits
from outskirts.sim.actions import InvalidActionError, as_action
from outskirts.sim.errors import BudgetExceeded, InputError, UnknownNameError
from outskirts.sim.loop import run_episode
from outskirts.sim.replay import ReplayMismatchError, ReplayPlayer, ReplayTarget
from outskirts.sim.seeds import Stream, check_seed, derive
from outskirts.sim.testing import ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Action


def test_a_path_decides_the_draws_and_neighbours_differ():
    assert derive(0, "p", 1, "player").random() == derive(0, "p", 1, "player").random()
    draws = {float(derive(s, p, r, role).random()) for s in (0, 1) for p in "ab" for r in (0, 1) for role in ("x", "y")}
    assert len(draws) == 16


def test_path_parts_do_not_run_together():
    assert derive(0, "ab", "c").random() != derive(0, "a", "bc").random()


def test_draws_do_not_depend_on_the_process_hash_seed():
    code = "from outskirts.sim.seeds import derive; print(derive(7, 'p', 0, 'player').integers(1 << 62))"
    out = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": h}, capture_output=True, text=True, check=True).stdout
        for h in ("1", "2")
    }
    assert len(out) == 1


def test_a_stream_can_go_back_to_where_it_was():
    stream = Stream(0, "p", 0, "player")
    assert stream.state() is None
    stream.generator.random()
    state = stream.state()
    then = stream.generator.random()
    stream.restore(state)
    assert stream.generator.random() == then


@pytest.mark.parametrize("seed", [1.5, "3", None, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed):
    with pytest.raises(InputError, match="seed: expected a whole number of 0 or more, got"):
        check_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_out_of_range_is_refused(seed):
    with pytest.raises(InputError, match=r"expected a whole number from 0 to 2\*\*63 - 1"):
        check_seed(seed)


def test_limits_nest_and_the_inner_one_is_met_first():
    with limits.Limit("run", calls=5) as run, limits.Limit("episode", calls=2) as episode:
        limits.reserve("target", 2)
        with pytest.raises(BudgetExceeded, match="the episode's limit of 2 calls was reached") as error:
            limits.reserve("target")
    assert (error.value.resource, error.value.scope) == ("calls", "episode")
    assert run.usage().calls == episode.usage().calls == {"target": 2}


def test_a_refused_call_is_counted_nowhere():
    run, episode = limits.Limit("run", calls=1), limits.Limit("episode")
    with run, episode, pytest.raises(BudgetExceeded, match="the run's limit of 1 calls"):
        limits.reserve("judge", 2)
    assert run.usage().calls == episode.usage().calls == {}


def test_tokens_are_counted_when_known_and_stop_the_next_call():
    with limits.Limit("run", tokens=100):
        limits.reserve("target")
        limits.settle("target", tokens=250)
        with pytest.raises(BudgetExceeded, match="the run's limit of 100 tokens"):
            limits.reserve("target")


def test_seconds_count_from_entry_and_what_was_spent_before_is_kept():
    now = [0.0]
    with limits.Limit("run", seconds=10, spent_seconds=6, clock=lambda: now[0]) as run:
        limits.reserve("target")
        now[0] = 4.0
        with pytest.raises(BudgetExceeded, match="the run's limit of 10 seconds"):
            limits.reserve("target")
        assert run.seconds == 10


def test_a_limit_bounds_all_tasks_created_inside_it():
    async def one() -> None:
        limits.reserve("target")

    async def main() -> dict[str, int]:
        with limits.Limit("run") as run:
            await asyncio.gather(*(asyncio.create_task(one()) for _ in range(7)))
        return dict(run.usage().calls)

    assert asyncio.run(main()) == {"target": 7}


def test_an_unknown_name_lists_the_choices_and_the_nearest():
    error = UnknownNameError("target", "elisa", ["mute", "eliza"])
    assert str(error) == "target: expected one of eliza, mute, got 'elisa'. Did you mean 'eliza'?"


def test_of_very_many_names_a_message_lists_the_first_and_how_many_there_are():
    error = UnknownNameError("person", "p99", [f"p{i:04d}" for i in range(10_000)])
    assert str(error).endswith("p0038, p0039, ... (10,000 in all), got 'p99'. Did you mean 'p9999'?")
    assert len(error.choices) == 10_000


def test_leaving_may_be_silent_but_staying_may_not():
    assert as_action(Action(text="", leave=True))[0].leave
    with pytest.raises(InvalidActionError, match="expected some text, got an empty string"):
        as_action(Action(text=""))


def _record(scenario, crowd, target, player):
    plan = plan_episode(scenario, crowd, seed=3)
    return asyncio.run(run_episode(plan, ConversationEnv(scenario, crowd), target, player))


def test_replaying_both_sides_gives_the_same_record(scenario, person):
    crowd = [person()]
    told = Action(text="I keep a green kite.", move="tell", facts=("p0000/secret",))
    record = _record(scenario, crowd, ScriptedTarget(["one", "two"]), ScriptedPlayer(["hi", told, Action(text="bye", leave=True)]))
    assert len(record.ledger) == 1
    assert _record(scenario, crowd, ReplayTarget(record), ReplayPlayer(record)) == record


def test_a_replay_that_is_shown_other_words_says_which(scenario, person):
    crowd = [person()]
    record = _record(scenario, crowd, ScriptedTarget(["one", "two"]), ScriptedPlayer(["hi", "there"]))
    other = _record(scenario, crowd, ScriptedTarget(["ONE"]), ReplayPlayer(record))
    assert other.fault is not None
    assert ReplayMismatchError.__name__ in other.fault.message
    assert "message 1: the record has 'one', the replay was shown 'ONE'" in other.fault.message

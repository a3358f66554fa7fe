"""Gymnasium's and PettingZoo's ways in, beside what their own suites check."""

from __future__ import annotations

import gymnasium
import pytest

import outskirts.experiments.gym
from outskirts.envs.scenarios import support

ID = f"{outskirts.experiments.gym.__name__}:outskirts/Support-v0"


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")  # of forking, and of text that is no Box
def test_environments_run_in_forked_workers_after_one_was_used_here() -> None:
    gymnasium.make(ID).reset(seed=1)
    envs = gymnasium.make_vec(ID, num_envs=2, vectorization_mode="async", vector_kwargs={"shared_memory": False})
    observations, _ = envs.reset(seed=3)
    _, rewards, *_ = envs.step(("Hello.", "Hi."))
    envs.close()
    alone, _ = gymnasium.make(ID).reset(seed=3)
    assert observations[0] == alone
    assert rewards.shape == (2,)


def test_pettingzoos_factories_work_with_no_argument_and_with_max_cycles() -> None:
    assert support.env().unwrapped.max_cycles == 8
    assert support.raw_env(max_cycles=2).max_cycles == 2
    assert support.parallel_env(max_cycles=3).max_cycles == 3


@pytest.mark.parametrize("make", [support.env, support.raw_env])
def test_a_step_before_reset_is_refused(make: object) -> None:
    with pytest.raises((RuntimeError, AssertionError), match=r"reset.* before step"):
        make().step("Hello.")  # type: ignore[operator]

"""tau2-bench: ``AgentGymEnv`` of the domain "mock", one thread an environment; the user's model is LiteLLM's ``mock_response``.

The target is whoever calls ``step``, so it waits there; a ninth step, ``done()``, ends the simulation and evaluates it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tau2.gym.gym_agent import AgentGymEnv


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what steps through environments."""

    def talk(wait: float) -> None:
        env = AgentGymEnv("mock", "create_task_1", user_llm="openai/null", user_llm_args={"mock_response": null.said})
        env.reset()
        for _ in range(null.turns):
            time.sleep(wait)
            _, _, ended, _, _ = env.step(null.answer())
            if ended:
                raise RuntimeError("the simulation ended before its time")
        _, _, ended, _, _ = env.step("done()")
        if not ended:
            raise RuntimeError("the simulation did not end")

    def play(conversations: int, at_once: int, wait: float) -> None:
        with ThreadPoolExecutor(at_once) as pool:
            list(pool.map(talk, [wait] * conversations))

    return play

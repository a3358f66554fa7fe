"""MLflow: ``ConversationSimulator.simulate`` with a user agent class that says one line, on a SQLite store in the current folder.

The simulator asks a model after each turn whether the goal is reached; no model can be given as an object, so that one call is answered here.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from typing import Any

import mlflow
from mlflow.genai.simulators import BaseSimulatedUserAgent, ConversationSimulator, simulator

_NOT_YET = '{"rationale": "The caller goes on.", "result": "no"}'


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what simulates conversations."""
    simulator.invoke_model_without_tracing = lambda **call: _NOT_YET
    mlflow.set_tracking_uri("sqlite:///mlflow.db")

    class User(BaseSimulatedUserAgent):  # type: ignore[misc]
        def generate_message(self, context: Any) -> str:
            return str(null.said)

    def play(conversations: int, at_once: int, wait: float) -> None:
        def target(input: list[dict[str, Any]], **context: Any) -> dict[str, str]:
            time.sleep(wait)
            return {"role": "assistant", "content": null.answer()}

        os.environ["MLFLOW_GENAI_SIMULATOR_MAX_WORKERS"] = str(at_once)
        cases = [{"goal": "Somebody calls."} for _ in range(conversations)]
        talks = ConversationSimulator(test_cases=cases, max_turns=null.turns, user_agent_class=User, user_model="openai:/null").simulate(
            target
        )
        if (kept := sum(map(len, talks))) != conversations * null.turns:
            raise RuntimeError(f"{kept} of {conversations * null.turns} traces were kept")

    return play

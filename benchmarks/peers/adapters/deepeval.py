"""deepeval: ``ConversationSimulator`` with an asynchronous callback; the user's model is a ``DeepEvalBaseLLM`` that says one line."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from deepeval.dataset import ConversationalGolden
from deepeval.models import DeepEvalBaseLLM
from deepeval.simulator import ConversationSimulator
from deepeval.test_case import Turn


class User(DeepEvalBaseLLM):
    """Fills each schema with the same line."""

    def __init__(self, said: str) -> None:
        self._said = said
        super().__init__("null")

    def load_model(self) -> User:
        """Nothing is loaded."""
        return self

    def generate(self, prompt: str, schema: Any = None) -> Any:
        """Say the line."""
        return schema(simulated_input=self._said)

    async def a_generate(self, prompt: str, schema: Any = None) -> Any:
        """Say the line."""
        return schema(simulated_input=self._said)

    def get_model_name(self) -> str:
        """Return a name for the progress bar."""
        return "null"


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what simulates conversations."""
    user = User(null.said)

    def play(conversations: int, at_once: int, wait: float) -> None:
        async def target(input: str, turns: list[Turn], thread_id: str) -> Turn:
            await asyncio.sleep(wait)
            return Turn(role="assistant", content=null.answer())

        goldens = [ConversationalGolden(scenario="Somebody calls.", user_description="A caller.") for _ in range(conversations)]
        simulator = ConversationSimulator(model_callback=target, simulator_model=user, max_concurrent=at_once)
        simulator.simulate(conversational_goldens=goldens, max_user_simulations=null.turns)

    return play

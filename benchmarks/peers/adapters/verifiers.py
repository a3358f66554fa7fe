"""verifiers: a ``MultiTurnEnv`` whose user says one line; the target is a ``Client`` that answers one. With ``--saving`` results are saved."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import verifiers as vf
from datasets import Dataset
from verifiers.clients import Client
from verifiers.types import Response, ResponseMessage, UserMessage


class Answering(Client):
    """A model in this process."""

    def __init__(self, null: Any) -> None:
        super().__init__(None)
        self._null, self.wait = null, 0.0

    def setup_client(self, config: Any) -> None:
        """There is none."""

    async def to_native_tool(self, tool: Any) -> Any:
        """Return it as it is."""
        return tool

    async def to_native_prompt(self, messages: Any) -> tuple[Any, dict[str, Any]]:
        """Return it as it is."""
        return messages, {}

    async def get_native_response(self, prompt: Any, model: str, sampling_args: Any, tools: Any = None, **kwargs: Any) -> str:
        """Wait, then answer."""
        await asyncio.sleep(self.wait)
        return str(self._null.answer())

    async def raise_from_native_response(self, response: str) -> None:
        """It is always right."""

    async def from_native_response(self, response: str) -> Response:
        """Wrap the answer."""
        message = ResponseMessage(content=response, finish_reason="stop", is_truncated=False)
        return Response(id="null", created=0, model="null", usage=None, message=message)

    async def close(self) -> None:
        """Nothing is open."""


class Talk(vf.MultiTurnEnv):
    """A user who says the same again."""

    def __init__(self, said: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._said = said

    async def env_response(self, messages: Any, state: Any, **kwargs: Any) -> Any:
        """Return the user's line."""
        return [UserMessage(content=self._said)]


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what evaluates rollouts."""
    client = Answering(null)
    rows = Dataset.from_list([{"question": null.said, "answer": ""} for _ in range(1_000)])
    env = Talk(null.said, eval_dataset=rows, max_turns=null.turns, rubric=vf.Rubric(funcs=[lambda **kwargs: 1.0]))

    def play(conversations: int, at_once: int, wait: float) -> None:
        client.wait = wait
        with tempfile.TemporaryDirectory() as folder:
            save = {"save_results": True, "results_path": Path(folder) / "results"} if "--saving" in options else {}
            asyncio.run(env.evaluate(client, "null", num_examples=conversations, max_concurrent=at_once, **save))

    return play

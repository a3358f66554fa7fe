"""inspect_ai: a task whose solver says a line and calls ``generate``, eight times; the target is a model provider that answers one line.

With ``--reduced`` neither samples nor model calls are logged.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from typing import Any

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.model import ChatMessageUser, ModelAPI, ModelOutput, get_model, modelapi
from inspect_ai.scorer import Score, accuracy, scorer
from inspect_ai.solver import solver


def load(null: Any, options: Sequence[str]) -> Any:
    """Return what evaluates samples."""
    waits = [0.0]

    @modelapi(name="null")
    class Provider(ModelAPI):
        async def generate(self, input: Any, tools: Any, tool_choice: Any, config: Any) -> ModelOutput:
            await asyncio.sleep(waits[0])
            return ModelOutput.from_content(model=self.model_name, content=null.answer())

        def max_connections(self) -> int:
            return 1_000

    @solver
    def talk() -> Any:
        async def solve(state: Any, generate: Any) -> Any:
            state = await generate(state)  # the sample's input is the first line
            for _ in range(null.turns - 1):
                state.messages.append(ChatMessageUser(content=null.said))
                state = await generate(state)
            return state

        return solve

    @scorer(metrics=[accuracy()])
    def nothing() -> Any:
        async def score(state: Any, target: Any) -> Score:
            return Score(value=1)

        return score

    less = {"log_samples": False, "log_realtime": False, "log_model_api": False} if "--reduced" in options else {}

    def play(conversations: int, at_once: int, wait: float) -> None:
        waits[0] = wait
        task = Task(dataset=[Sample(input=null.said) for _ in range(conversations)], solver=talk(), scorer=nothing())
        with tempfile.TemporaryDirectory() as folder:
            (log,) = eval(
                task,
                model=get_model("null/null"),
                log_dir=folder,
                display="none",
                max_samples=at_once,
                max_connections=at_once,
                **less,
            )
        if log.status != "success":
            raise RuntimeError(f"the evaluation ended as {log.status}: {log.error}")

    return play

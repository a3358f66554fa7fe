"""Chat models that the benchmark of executors names by SPEC, so that worker processes can make them."""

from __future__ import annotations

import os
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from outskirts.agents.chat_models import ChatSettings, endpoint_chat

URL = "OUTSKIRTS_BENCHMARK_URL"
"""Variable that holds the address of the server."""

REPLY = "I see. That sounds hard. What happened then?"


class AtOnce(BaseChatModel):
    """A chat model that answers without ever waiting."""

    @property
    def _llm_type(self) -> str:
        return "at-once"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(REPLY))])

    async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return self._generate(messages)


def model() -> BaseChatModel:
    """Return a ChatOpenAI for the server."""
    made: BaseChatModel = endpoint_chat("test", os.environ[URL], "none", ChatSettings())
    return made


def at_once() -> BaseChatModel:
    """Return a model that calls nobody."""
    return AtOnce()

"""Chat models that the benchmark of executors names by SPEC, so that worker processes can make them."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

URL = "OUTSKIRTS_BENCHMARK_URL"
"""Variable that holds the address of the server."""

REPLY = "I see. That sounds hard. What happened then?"


PERSON = {
    "thought": "They may not believe me.",
    "state": "Tired and wary.",
    "say": "I do not sleep, and my sister does not answer.",
    "leave": False,
}
"""What a model that plays a person replies."""


class AtOnce(BaseChatModel):
    """A chat model that answers without ever waiting."""

    @property
    def _llm_type(self) -> str:
        return "at-once"

    def _generate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(REPLY))])

    async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        return self._generate(messages)


class Call(NamedTuple):
    """What one call of a chat model is given."""

    messages: list[BaseMessage]
    options: dict[str, Any]  # the form of the reply, where it has one, and the seed


class Recording(ChatOpenAI):
    """Notes what it is given."""

    _calls: list[Call] = PrivateAttr(default_factory=list)

    @property
    def calls(self) -> list[Call]:
        """All calls so far, of copies too."""
        return self._calls

    async def _agenerate(self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        seed = {} if self.seed is None else {"seed": self.seed}
        self._calls.append(Call(list(messages), {**kwargs, **seed}))
        return await super()._agenerate(messages, stop, run_manager, **kwargs)


def usual(kind: type[ChatOpenAI] = ChatOpenAI) -> ChatOpenAI:
    """Return a model for the server as anybody would make it."""
    return kind(model="test", base_url=os.environ[URL], api_key=SecretStr("none"), max_retries=0)


def model() -> ChatOpenAI:
    """Return the same, for a SPEC."""
    return usual()

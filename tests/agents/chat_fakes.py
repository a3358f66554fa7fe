"""Chat models without a network: the reply is a function of the messages, and what was sent is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import ConfigDict, Field

Reply = Callable[[list[BaseMessage]], Any]


def likert(answer: object, **more: object) -> str:
    """Return a reply of the right form."""
    return json.dumps({"situation": "Tea.", "person": "Me.", "action": "Sip.", "answer": answer, **more})


class FunctionChat(BaseChatModel):
    """Answers ``reply(messages)``: text, a message, or an exception to raise."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    reply: Reply
    seen: list[list[BaseMessage]] = Field(default_factory=list)
    kwargs_seen: list[dict[str, Any]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "function"

    def _generate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        raise AssertionError("called in a thread")

    async def _agenerate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        self.seen.append(messages)
        self.kwargs_seen.append(kwargs)
        said = self.reply(messages)
        if isinstance(said, BaseException):
            raise said
        return ChatResult(generations=[ChatGeneration(message=said if isinstance(said, AIMessage) else AIMessage(said))])


class ToolChat(FunctionChat):
    """Has structured output: langchain-core asks it by a tool that it must call. ``reply`` gives the tool's arguments, or a message."""

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Any:
        """Remember the schema in what every call is given."""
        return self.bind(tools=list(tools))

    async def _agenerate(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> ChatResult:
        result = await super()._agenerate(messages, stop, run_manager, **kwargs)
        text = result.generations[0].text
        if "tools" in kwargs and text.startswith("{"):
            call = {"name": "likert_answer", "args": json.loads(text), "id": "1"}
            return ChatResult(generations=[ChatGeneration(message=AIMessage("", tool_calls=[call]))])
        return result


def planted(gain: float = 1.0) -> Reply:
    """Return a reply for the questionnaires of ``tests/personas/respondents.py``: reads the position, stretched by ``gain`` about 0.5."""

    def reply(messages: list[BaseMessage]) -> str:
        listed = re.search(r"\[[\d., ]+\]", str(messages[0].content))
        item = re.search(r"^a(\d+) (yes|not)$", str(messages[1].content), re.MULTILINE)
        if listed is None or item is None:
            return likert(3)
        x = 0.5 + gain * (json.loads(listed[0])[int(item[1])] - 0.5)
        return likert(round(1 + 4 * (1 - x if item[2] == "not" else x)))

    return reply

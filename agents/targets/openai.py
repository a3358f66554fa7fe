"""A target behind any OpenAI-compatible endpoint: ``/chat/completions``, streamed or not, with tools where there are some."""

from __future__ import annotations

from typing import Any

from pydantic_core import to_json

from ...sim.limits import settle
from ...sim.protocols import Actor
from ...sim.seeds import Stream
from ...sim.types import Action, Brief, Observation
from ..callables import chat_messages, told
from ..limiter import endpoint_key, limiter_of
from ..roles import target_role
from ..tool_calls import function_tools
from .completions import Completion, read_completion, read_stream, said_by
from .faults import CallFault
from .http import PATH, Remote
from .posting import lines, posted, read_json, whole
from .repeating import repeated
from .settings import EndpointSettings


class OpenAITarget:
    """A model behind an endpoint. It waits in one line with whoever else calls the same model there (:mod:`~outskirts.agents.limiter`).

    Args:
        remote: The endpoint's address, which ends in ``/chat/completions``.
        model: Its name of the model.
        settings: How it is called.
        name: Stands in records and reports.
    """

    def __init__(self, remote: Remote, model: str, settings: EndpointSettings, name: str) -> None:
        self.name = name
        self.remote = remote
        self.settings = settings
        self.stateless = True  # the whole conversation is sent each time
        self.shared_state = settings.shared_state
        self.fixed: dict[str, Any] = {"model": model}
        if settings.temperature is not None:
            self.fixed["temperature"] = settings.temperature
        if settings.max_tokens is not None:
            self.fixed["max_tokens"] = settings.max_tokens
        if settings.stream:
            self.fixed |= {"stream": True, "stream_options": {"include_usage": True}}
        self.fixed |= settings.extra
        self.limiter = limiter_of(endpoint_key(model, str(remote.url.with_query(None)).removesuffix(PATH)))
        self.limiter.join(self, settings.pace)
        self.system = [{"role": "system", "content": settings.system}] if settings.system else []

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode; nothing is sent before its first reply is wanted."""
        return _OpenAIActor(self, brief)


class _OpenAIActor:
    """One episode with the model."""

    def __init__(self, target: OpenAITarget, brief: Brief) -> None:
        self._target = target
        self._agent = brief.agent
        self._names = brief.names
        self._first = [*target.system, *told(brief)]
        self._role = target_role(brief)
        self._fixed = {**target.fixed, "tools": function_tools(brief.tools)} if brief.tools else target.fixed
        self._tools = bool(brief.tools)

    async def act(self, observation: Observation) -> Action | str:
        """Return what the model answers."""
        messages = [*self._first, *chat_messages(observation.messages, self._agent, self._names)]
        body = to_json({**self._fixed, "messages": messages})
        settings = self._target.settings
        try:
            return await repeated(
                lambda: self._call(body), timeout=settings.timeout, retries=settings.retries, role=self._role, model=self._target.name
            )
        except CallFault as fault:
            raise self._target.remote.explained(fault, self._role) from None

    async def _call(self, body: bytes) -> Action | str:
        remote, settings = self._target.remote, self._target.settings
        async with self._target.limiter.turn() as turn:
            async with posted(remote.url, body, remote.headers) as response:
                if settings.stream and "json" not in response.content_type:
                    completion: Completion = await read_stream(lines(response, settings.max_bytes))
                else:
                    completion = read_completion(read_json(await whole(response, settings.max_bytes)))
            turn.tokens = completion.tokens
        settle(self._role, completion.tokens, model=self._target.name, sent=completion.sent, received=completion.received)
        return said_by(completion, settings.refusal, self._tools)

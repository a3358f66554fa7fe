"""A target that is a process: a request a line on its standard input, a reply a line on its standard output."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from ...sim.protocols import Actor
from ...sim.seeds import Stream
from ...sim.types import Action, Brief, Observation
from ...sim.waiting import untimed
from ..callables import chat_messages, told
from ..loop_bound import LoopBound
from ..roles import target_role
from ..tool_calls import function_tools
from .process import LineProcess, reaped
from .repeating import repeated
from .replies import Reply, read_reply
from .settings import CommandSettings


class CommandTarget:
    """A program that reads and writes JSON lines; requests and replies are those of :class:`~.http.HttpTarget`.

    Each episode has a process of its own, started with its first request and ended with it, or all share one, which then
    answers one request at a time. One that ends is started again at the next request, which in an episode of its own
    comes only if ``retries`` says that a turn may be repeated.

    Args:
        command: Program and arguments.
        settings: How it is talked to.
        name: Stands in records and reports.
    """

    def __init__(self, command: Sequence[str], settings: CommandSettings, name: str) -> None:
        self.name = name
        self.settings = settings
        self.stateless = settings.stateless
        self.shared_state = settings.shared_state
        self._command = tuple(command)
        self._shared: LoopBound[_Shared] = LoopBound(lambda: _Shared(self.process()), _end)
        self._own: LoopBound[set[LineProcess]] = LoopBound(set, _end_all)

    def process(self) -> LineProcess:
        """Return a process that has not been started."""
        return LineProcess(self._command, self.settings.max_bytes, again=self.settings.shared)

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode; the process starts with the first reply that is wanted."""
        return _CommandActor(self, brief, None if self.settings.shared else self.process())

    async def ask_shared(self, request: bytes) -> Any:
        """Ask the one process of all, when it is free; only then does the time-out begin."""
        return await (await self._shared.here()).ask(request, self.settings.timeout)

    async def owned(self) -> set[LineProcess]:
        """Return the processes of episodes that are under way in this loop; those that are still there when it ends are killed."""
        return await self._own.here()


class _Shared:
    """A process that answers one after the other."""

    def __init__(self, process: LineProcess) -> None:
        self.process = process
        self._lock = asyncio.Lock()

    async def ask(self, request: bytes, timeout: float) -> Any:
        with untimed():  # the others are nobody's slowness
            await self._lock.acquire()
        try:
            return await repeated(lambda: self.process.ask(request), timeout=timeout, retries=0, role="target")
        finally:
            self._lock.release()


async def _end(shared: _Shared) -> None:
    shared.process.kill()
    await reaped()


async def _end_all(processes: set[LineProcess]) -> None:
    for process in processes:
        process.kill()
    await reaped()


class _CommandActor:
    """One episode with the process."""

    def __init__(self, target: CommandTarget, brief: Brief, own: LineProcess | None) -> None:
        self._target = target
        self._own = own
        self._all: set[LineProcess] = set()
        self._agent = brief.agent
        self._names = brief.names
        self._told = told(brief)
        self._role = target_role(brief)
        self._tools = bool(brief.tools)
        self._rest: dict[str, Any] = {"episode": brief.episode} | ({"tools": function_tools(brief.tools)} if brief.tools else {})
        self._state: dict[str, JsonValue] | None = None

    async def act(self, observation: Observation) -> Action | str:
        """Return what the process answers."""
        messages = [*self._told, *chat_messages(observation.messages, self._agent, self._names)]
        request = json.dumps({"messages": messages, **self._rest}).encode()
        if self._own is not None:
            self._all = await self._target.owned()
            self._all.add(self._own)
        settings = self._target.settings
        longest = settings.timeout if self._own is not None else None  # with the shared one the time begins when it is free
        reply = await repeated(
            lambda: self._call(request), timeout=longest, retries=settings.retries, role=self._role, model=self._target.name
        )
        self._state = self._state if reply.state is None else reply.state
        return reply.action

    async def _call(self, request: bytes) -> Reply:
        found = await (self._target.ask_shared(request) if self._own is None else self._own.ask(request))
        return read_reply(found, self._tools)

    def final_state(self) -> Mapping[str, JsonValue] | None:
        """Return the last state that the process told of; None if it told of none."""
        return self._state

    def close(self) -> None:
        """End the episode's own process."""
        if self._own is not None:
            self._all.discard(self._own)
            self._own.close()

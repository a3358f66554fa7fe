"""A target behind an address: POST ``{"messages": [...], "episode": "..."}``, and ``{"reply": "..."}`` comes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import to_json
from yarl import URL

from ...sim.errors import InputError
from ...sim.protocols import Actor
from ...sim.seeds import Stream
from ...sim.types import Action, Brief, Observation
from ..callables import chat_messages, told
from ..limiter import limiter_of
from ..roles import DRY, target_role
from ..tool_calls import function_tools
from .faults import CallFault, CallKind
from .posting import origin, posted, read_json, whole
from .repeating import repeated
from .replies import Reply, found_under, read_reply
from .settings import REPLY, RemoteSettings

PATH: Final = "/chat/completions"
"""What comes behind the address of an OpenAI-compatible endpoint."""


class Remote:
    """An address that is called with JSON.

    Args:
        url: Without user and password.
        settings: How it is called.
        headers: Sent with every request; they hold the key, if there is one.
        keyed: What the user should look at if the key is refused ("the key in OPENAI_API_KEY"); empty if nobody knows.
        wanting: What is missing if a key is wanted and none was sent; None: one was sent.
    """

    def __init__(
        self,
        url: URL,
        settings: RemoteSettings,
        headers: Mapping[str, str],
        keyed: str = "",
        wanting: str | None = None,
    ) -> None:
        self.url = url
        self.settings = settings
        self.headers = {"Content-Type": "application/json", "Accept-Encoding": "identity", "User-Agent": "outskirts", **headers}
        self._keyed = keyed
        self._wanting = wanting

    def explained(self, fault: CallFault, role: str) -> Exception:
        """Return what the user should read of a fault: where the key was to come from, if it is about that."""
        if fault.status == 404 and self.url.path.endswith("/chat/completions"):
            hint = "is there a model of that name, and does the base URL end as the provider says, often in /v1?"
            return CallFault(fault.call, f"{fault} ({hint})", status=fault.status)
        if fault.call is not CallKind.AUTH:
            return fault
        if self._wanting is not None and role == DRY:
            return InputError("target", self._wanting, f"status {fault.status}", f"{origin(self.url)} wants a key.")
        about = f"it wants {self._wanting}" if self._wanting else f"look at {self._keyed}" if self._keyed else ""
        return CallFault(fault.call, f"{fault}" + (f" ({about})" if about else ""), status=fault.status)


class HttpTarget:
    """A service with the plain contract.

    It is sent ``messages`` as OpenAI has them, with the person as the user, and ``episode``, the episode's key, so that it can
    keep state for each; where the scenario has tools also ``tools``. It answers with ``reply`` (a text) or ``replies``
    (several messages), may call tools (``tool_calls``) where there are some, and may say what is the case by now (``state``, an
    object): the last one of an episode stands in the record as ``state.target``, and judges see it.

    Args:
        remote: The address.
        name: Stands in records and reports.
        reply: Key under which the reply stands; dots lead to one inside another ("data.text"), numbers into a list.
    """

    def __init__(self, remote: Remote, name: str, reply: str = REPLY) -> None:
        self.name = name
        self.reply = reply
        self.remote = remote
        self.stateless = remote.settings.stateless
        self.shared_state = remote.settings.shared_state
        self.limiter = limiter_of(str(remote.url.with_query(None)))
        self.limiter.join(self, remote.settings.pace)

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode; nothing is sent before its first reply is wanted."""
        return _HttpActor(self, brief)


class _HttpActor:
    """One episode with the service."""

    def __init__(self, target: HttpTarget, brief: Brief) -> None:
        self._target = target
        self._remote = target.remote
        self._agent = brief.agent
        self._names = brief.names
        self._told = told(brief)
        self._role = target_role(brief)
        self._rest: dict[str, Any] = {"episode": brief.episode}
        self._tools = bool(brief.tools)
        if brief.tools:
            self._rest["tools"] = function_tools(brief.tools)
        self._state: dict[str, JsonValue] | None = None

    async def act(self, observation: Observation) -> Action | str:
        """Return what the service answers."""
        messages = [*self._told, *chat_messages(observation.messages, self._agent, self._names)]
        body = to_json({"messages": messages, **self._rest})
        settings = self._remote.settings
        try:
            reply = await repeated(
                lambda: self._call(body), timeout=settings.timeout, retries=settings.retries, role=self._role, model=self._target.name
            )
        except CallFault as fault:
            raise self._remote.explained(fault, self._role) from None
        self._state = self._state if reply.state is None else reply.state
        return reply.action

    async def _call(self, body: bytes) -> Reply:
        remote = self._remote
        async with self._target.limiter.turn(), posted(remote.url, body, remote.headers) as response:
            found = await whole(response, remote.settings.max_bytes)
        return read_reply(found_under(read_json(found), self._target.reply), self._tools)

    def final_state(self) -> Mapping[str, JsonValue] | None:
        """Return the last state that the service told of; None if it told of none."""
        return self._state

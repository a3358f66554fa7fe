"""Options of targets that are called from here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from ...sim.types import Frozen
from ..limiter import Pace

MIB = 2**20

REPLY = "reply"
"""Key under which a reply stands, unless the user says otherwise."""


class CallSettings(Frozen):
    """How a target is called, wherever it is."""

    timeout: float = Field(default=60.0, gt=0)  # longest wait for one call, seconds; a reply with its retries: --target-timeout
    retries: int = Field(
        default=0, ge=0, le=20
    )  # further calls for one reply; 0, because a turn may not be repeated unless the user says so
    shared_state: bool = False  # its episodes may know of each other: look for private facts of one in another
    stateless: bool = False  # its reply depends on the messages and chance alone, so that episodes can be branched


class PacedSettings(CallSettings):
    """How a target is called that others may call too, and that may say how often."""

    concurrency: int | None = Field(default=None, ge=1)  # calls at once, of all roles; None: as many as there are episodes at once
    rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)  # requests a minute, of all roles

    @property
    def pace(self) -> Pace:
        """How fast it may be called."""
        return Pace(self.concurrency, self.rate, usual=None)


class RemoteSettings(PacedSettings):
    """How an address is called."""

    max_bytes: int = Field(default=4 * MIB, ge=1)  # longest response
    headers: Mapping[str, str] = Field(default_factory=dict)  # beside those that are always sent; $NAME: from the environment
    key: str = ""  # name of the environment variable that holds the key; none: there is no key


class ServiceSettings(RemoteSettings):
    """How a service with the plain contract is called."""

    reply: str = Field(default=REPLY, pattern=r"^[^.]+(\.[^.]+)*$")  # key under which its reply stands; dots lead inwards


class ChatTargetSettings(PacedSettings):
    """How a chat model is called as a target."""

    temperature: float | None = Field(default=None, ge=0)  # None: the provider's own
    max_tokens: int | None = Field(default=None, ge=1)  # of a reply
    system: str = ""  # what it is told before everything else
    token_rate: float | None = Field(default=None, gt=0, allow_inf_nan=False)  # tokens a minute, of all roles

    @property
    def pace(self) -> Pace:
        """How fast it may be called."""
        return Pace(self.concurrency, self.rate, self.token_rate, usual=None)


class EndpointSettings(RemoteSettings, ChatTargetSettings):
    """How an OpenAI-compatible endpoint is called as a target."""

    stream: bool = False  # the reply comes in pieces (server-sent events)
    refusal: Literal["fault", "said"] = "fault"  # a refusal in the field of that name is no reply, or is what the person hears
    extra: Mapping[str, JsonValue] = Field(default_factory=dict)  # further fields of the request


class CommandSettings(CallSettings):
    """How a process is talked to."""

    shared: bool = False  # one process for all episodes, one request at a time; else one for each episode
    max_bytes: int = Field(default=4 * MIB, ge=64)  # longest line

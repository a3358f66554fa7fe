"""How a scenario declares its room: who hears whom, in which order people speak, and what happens by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from .types import Frozen

_SPENT = "error: no more than {} tool calls in one turn; answer the person now"


def spent(limit: int) -> str:
    """Return the result of a tool call beyond the limit of a turn."""
    return _SPENT.format(limit)


def is_spent(text: str) -> bool:
    """Tell whether the result of a tool call says that the turn's limit was met."""
    before, after = _SPENT.split("{}")
    return text.startswith(before) and text.endswith(after)


class Channel(Frozen):
    """A way to be heard in a room.

    Who hears and may not speak is a bystander, as are those named as such on a direct channel: they read along.
    """

    name: str = "main"
    meaning: str = ""
    direct: bool = False  # every message names whom it is for, and only they and the bystanders read it
    speakers: tuple[str, ...] = ()  # roles that may speak; empty: all
    hearers: tuple[str, ...] = ()  # roles that read along (of a direct channel: may be written to); empty: all
    bystanders: tuple[str, ...] = ()  # roles that read everything on a direct channel
    answered: bool = False  # what somebody writes to the target here gets a reply at once, to this person alone


class Entrance(Frozen):
    """Somebody comes in after the beginning."""

    seat: int = Field(ge=0)  # number of the person
    turn: int = Field(ge=1)


class Opening(Frozen):
    """A line that was said before the first turn."""

    seat: int | None  # number of the person who said it; None: the target
    text: str  # "{0}", "{1}" stand for people's names
    channel: str = "main"
    to: tuple[int, ...] = ()  # numbers of the people it was for


class Event(Frozen):
    """Something happens when a turn begins: a private fact changes, and somebody may be told."""

    turn: int = Field(ge=0)
    seat: int = Field(ge=0)  # whose fact it is; nothing happens where nobody has this seat
    kind: str  # which fact; one that the person does not hold yet is new
    content: str
    tell: str = ""
    paraphrases: tuple[str, ...] = ()
    details: Mapping[str, str] = Field(default_factory=dict)
    says: str = ""  # what the scene tells the owner; empty: the fact itself


class Room(Frozen):
    """Who hears whom, in which order people speak, and what happens by itself.

    In a turn people have the floor one after the other, then the target. ``round_robin`` goes by seats; ``wish``
    gives the floor to who wants it most (their last action says how much) and, of those, to who was silent longest;
    ``graph`` to somebody who is heard by and hears the last speaker, and was silent longest.
    """

    channels: tuple[Channel, ...] = (Channel(),)
    order: Literal["round_robin", "wish", "graph"] = "round_robin"
    speakers: int | None = Field(default=None, ge=1)  # people who get the floor each turn; None: all
    messages: int = Field(default=4, ge=1)  # most messages of one agent in one turn
    tool_calls: int = Field(default=12, ge=1)  # most tool calls of the target in one turn
    entrances: tuple[Entrance, ...] = ()
    opening: tuple[Opening, ...] = ()
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Room:
        names = [c.name for c in self.channels]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"channels: expected at least one, each name once, got {names}")
        late = [entrance.seat for entrance in self.entrances]
        if len(set(late)) < len(late):
            raise ValueError(f"entrances: expected each seat once, got {late}")
        for line in self.opening:
            if line.channel not in names:
                raise ValueError(f"opening: channel {line.channel!r} is not declared; known: {', '.join(names)}")
            if line.seat in late:
                raise ValueError(f"opening: expected somebody who is there from the beginning, got seat {line.seat}, who comes later")
            strange = [slot for slot in re.findall(r"\{([^{}]*)\}", line.text) if not slot.isdecimal()]
            if strange:
                raise ValueError(f"opening: expected {{0}}, {{1}}, ... for people's names, got {{{strange[0]}}}")
            if not line.to and next(c.direct for c in self.channels if c.name == line.channel):
                raise ValueError(f"opening: expected in 'to' whom it is for, on the direct channel {line.channel!r}")
            if line.seat in line.to:
                raise ValueError(f"opening: expected others in 'to', got {line.seat}, who speaks")
        return self

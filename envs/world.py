"""The state of one episode: everything that views, ledger and record are functions of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from ..sim.protocols import Toolbox
from ..sim.types import Arrival, Departure, LedgerEntry, Message, PrivateFact


@dataclass(slots=True)
class World:
    """What is the case at one point of an episode.

    Only the environment changes it, and only by its transition; whatever anybody sees is a pure function of it
    (:mod:`.visibility`). Everything in it is immutable or copied by :meth:`fork`.
    """

    facts: dict[str, tuple[PrivateFact, ...]]  # own private facts, by agent
    owners: dict[str, tuple[str, PrivateFact]]  # fact id -> whose it is or was, and the fact
    knowing: dict[str, set[str]]  # fact id -> agents that know it
    present: list[str]  # in the order of seats, the target last
    state: Mapping[str, JsonValue] = field(default_factory=dict)  # of the scenario
    tools: Toolbox | None = None
    turn: int = 0
    messages: tuple[Message, ...] = ()
    moves: list[str] = field(default_factory=list)
    departures: list[Departure] = field(default_factory=list)
    arrivals: list[Arrival] = field(default_factory=list)
    ledger: list[LedgerEntry] = field(default_factory=list)
    carried: dict[int, tuple[str, ...]] = field(default_factory=dict)  # message -> facts it told
    since: dict[str, int] = field(default_factory=dict)  # who comes late -> first message it may read
    until: dict[str, int] = field(default_factory=dict)  # who left -> last message it may read
    public: bool = True  # nothing was said so far that not everybody may read, nobody comes late and nobody left
    spoken: dict[str, None] = field(default_factory=dict)  # people who had the floor in this turn
    wishes: dict[str, float] = field(default_factory=dict)  # how much each wants to speak
    last: dict[str, int] = field(default_factory=dict)  # each one's last message
    route: tuple[str, str] | None = None  # (channel, agent): the target answers in private
    calls: int = 0  # tools called in this turn
    repairs: int = 0  # characters changed in what was said

    def fork(self) -> World:
        """Return a copy that shares nothing that can change."""
        return replace(
            self,
            facts=dict(self.facts),
            owners=dict(self.owners),
            knowing={fact: set(agents) for fact, agents in self.knowing.items()},
            present=list(self.present),
            tools=None if self.tools is None else self.tools.fork(),
            moves=list(self.moves),
            departures=list(self.departures),
            arrivals=list(self.arrivals),
            ledger=list(self.ledger),
            carried=dict(self.carried),
            since=dict(self.since),
            until=dict(self.until),
            spoken=dict(self.spoken),
            wishes=dict(self.wishes),
            last=dict(self.last),
        )

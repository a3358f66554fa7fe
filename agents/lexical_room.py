"""What a person takes in of the others in a room, and whom they mean by what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from ..sim.declare import Move
from ..sim.types import Brief, Message, PrivateFact
from .addressing import named_in
from .lexical_phrases import Echoes
from .reading import Reader

_LOYAL = 0.75
"""How often somebody who means anyone means the same as before."""


class Meant(NamedTuple):
    """The other person whom a move is about, and what is known of them."""

    agent: str
    name: str
    fact: PrivateFact | None = None


class Company:
    """The others in a person's room.

    Args:
        brief: Of the person.
        reader: Tells the scenario's concepts.
        echoes: Tells which phrases others have used.
    """

    def __init__(self, brief: Brief, reader: Reader, echoes: Echoes) -> None:
        self._agent = brief.agent
        self._names = brief.names
        self._ids = brief.personas
        self._others = {agent: name for agent, name in brief.names.items() if agent != brief.agent}
        self._reader = reader
        self._echoes = echoes
        self._present: tuple[str, ...] = ()
        self._favourite = ""  # whom the person mostly means
        self._speaker = ""  # who spoke last to this person, else to anybody
        self._victim = ""  # who was named last by somebody else
        self._known: tuple[PrivateFact, ...] = ()
        self.said: frozenset[str] = frozenset()  # since this person's own last words
        self.at_me: frozenset[str] = frozenset()
        self.named = False
        self.echoed: frozenset[str] = frozenset()  # phrases that the others have used

    def fork(self) -> Company:
        """Return a copy."""
        other = object.__new__(Company)
        other.__dict__.update(self.__dict__)
        return other

    def take(self, new: Iterable[Message], present: Sequence[str], known: tuple[PrivateFact, ...]) -> None:
        """Take in what was said since this person's last turn.

        Args:
            new: Messages that the person can read, oldest first.
            present: Agents in the room.
            known: Others' private facts that the person knows by the regime.
        """
        self._present, self._known = tuple(present), known
        self.said = self.at_me = frozenset()
        self.named = False
        addressed = ""
        for message in new:
            if message.sender not in self._others:
                continue
            found = self._reader.found(message.text)
            self.said |= found
            self.echoed |= self._echoes.found(message.text)
            self._speaker = message.sender
            meant = named_in(message.text, self._names)
            if self._agent in meant or message.to == (self._agent,):
                self.at_me |= found
                self.named = True
                addressed = message.sender
            others = [agent for agent in meant if agent not in (self._agent, message.sender)]
            if others and message.to != (self._agent,):
                self._victim = others[-1]
        if addressed:
            self._speaker = addressed

    def features(self) -> dict[str, float]:
        """Return the features of moves that speak of the others."""
        out = {f"others:{c}": 1.0 for c in sorted(self.said)}
        out.update((f"at_me:{c}", 1.0) for c in sorted(self.at_me))
        out.update((f"knows:{fact.kind}", 1.0) for fact in self._known)
        if self.named:
            out["named"] = 1.0
        return out

    def others_named(self, text: str) -> bool:
        """Tell whether a text names others here and not this person."""
        meant = named_in(text, self._names)
        return bool(meant) and self._agent not in meant

    def could_mean(self, move: Move) -> list[Meant]:
        """Return whom a move could be about."""
        there = [agent for agent in self._others if agent in self._present]
        if move.about == "anyone":
            return [self._meant(agent) for agent in there]
        if move.about == "known":
            return [
                self._meant(agent, fact) for agent in there for fact in self._known if fact.kind == move.of and self._owned_by(agent, fact)
            ]
        agent = self._speaker if move.about == "speaker" else self._victim
        return [self._meant(agent)] if agent in there else []

    def choose(self, move: Move, draw: Callable[[], float]) -> Meant | None:
        """Draw whom a move is about; None where it is about nobody, or there is nobody."""
        meant = self.could_mean(move) if move.about else []
        if not meant:
            return None
        if move.about != "anyone":
            return meant[int(draw() * len(meant))]
        loyal = draw() < _LOYAL
        same = [one for one in meant if one.agent == self._favourite] if loyal else []
        one = (same or meant)[int(draw() * len(same or meant))]
        self._favourite = one.agent
        return one

    def _owned_by(self, agent: str, fact: PrivateFact) -> bool:
        return fact.id.partition("/")[0] == self._ids.get(agent)

    def _meant(self, agent: str, fact: PrivateFact | None = None) -> Meant:
        return Meant(agent, self._others[agent], fact)

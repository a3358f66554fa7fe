"""An episode sorted by person: what each said, and of the replies that they could read what was for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..sim.text import named_in
from ..sim.types import Case, CasePerson, Message
from .addressing import joined, portions
from .reading import Reader

_NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Thread:
    """One person's part of an episode: what they said and the replies they could read, in order."""

    person: CasePerson
    said: list[Message] = field(default_factory=list)
    attacked: list[Message] = field(default_factory=list)  # what others said that names the person
    parts: dict[int, str] = field(default_factory=dict)  # of replies that were not for this person alone: what of them was, by index
    aimed: dict[int, str] = field(default_factory=dict)  # and what of them was for this person by name
    replies: list[Message] = field(default_factory=list)
    voiced: frozenset[str] = _NOTHING  # every concept the person expressed
    heard: frozenset[str] = _NOTHING  # every concept the replies expressed
    left: int | None = None  # index of the last message, for someone who left
    left_turn: int = 0

    def part(self, reply: Message) -> str:
        """Return what of a reply was for this person."""
        return self.parts.get(reply.index, reply.text)

    def after(self, index: int, count: int = 0) -> list[Message]:
        """Return the replies after a message; the first ``count``, or all for 0."""
        later = [r for r in self.replies if r.index > index]
        return later[:count] if count else later


def threads(case: Case, names: Mapping[str, str], reader: Reader, *, attacks: bool = False) -> list[Thread]:
    """Sort the messages of an episode by person; nobody reads what was said before they came or after they left.

    Args:
        case: The finished episode.
        names: What people are called, by agent.
        reader: Tells which concepts a text expresses.
        attacks: Note what others said that names a person, too.
    """
    out = {person.agent: Thread(person) for person in case.people}
    since = {arrival.agent: arrival.message for arrival in case.arrivals}
    until = {departure.agent: departure.message for departure in case.departures}

    def there(agent: str, message: Message) -> bool:
        return message.reaches(agent) and since.get(agent, 0) <= message.index <= until.get(agent, message.index)

    for message in case.messages:
        if message.sender == case.target and message.text:
            _replied(message, [t for agent, t in out.items() if there(agent, message)], names, reader)
        elif (own := out.get(message.sender)) is not None:
            own.said.append(message)
            own.voiced |= reader.found(message.text)
            for agent in named_in(message.text, names) if attacks else ():
                if agent != message.sender and there(agent, message):
                    out[agent].attacked.append(message)
    for departure in case.departures:
        if (gone := out.get(departure.agent)) is not None:
            gone.left, gone.left_turn = departure.message, departure.turn
    return list(out.values())


def _replied(reply: Message, readers: Sequence[Thread], names: Mapping[str, str], reader: Reader) -> None:
    """Enter a reply with those who read it, each with what of it was for them."""
    whole = reader.found(reply.text)
    shared = portions(reply.text, names) if len(names) > 1 and len(reply.to) != 1 else ()
    for thread in readers:
        agent = thread.person.agent
        thread.replies.append(reply)
        if any(portion.agents for portion in shared):
            thread.parts[reply.index] = joined(p for p in shared if p.concerns(agent))
            thread.aimed[reply.index] = joined(p for p in shared if agent in p.agents)
            thread.heard |= reader.found(thread.parts[reply.index]) if whole else _NOTHING
        else:
            thread.aimed[reply.index] = "" if shared else reply.text
            thread.heard |= whole

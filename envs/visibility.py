"""Who may see what: pure functions from one world state to each agent's view."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from ..sim.types import Arrival, Departure, EpisodeRecord, LedgerEntry, Message, Observation, PrivateFact, Regime
from .world import World


def entitled(facts: Mapping[str, Sequence[PrivateFact]], agent: str, target: str, information: Regime) -> tuple[PrivateFact, ...]:
    """Return the private facts ``agent`` is entitled to without being told.

    Args:
        facts: Every agent's own facts, by agent name.
        agent: Who asks.
        target: The system under test; in every regime it is entitled to its own facts only, and nobody to those.
        information: In ``private`` each sees its own, otherwise personas also see each other's.
    """
    if information == "private" or agent == target:
        return tuple(facts.get(agent, ()))
    return tuple([fact for owner, own in facts.items() if owner != target for fact in own])


def readable(messages: tuple[Message, ...], agent: str, since: int = 0) -> tuple[Message, ...]:
    """Return the messages that ``agent`` may read if it came in at message ``since``."""
    return tuple([m for m in messages if m.index >= since and m.reaches(agent)])


def view(world: World, agent: str, target: str, information: Regime) -> Observation:
    """Return what ``agent`` may know in this world.

    In regime ``script`` one author writes all personas, so each persona's view is what any of them may know.
    """
    if world.public:
        messages = world.messages
    elif information == "script" and agent != target:
        others = [a for a in world.facts if a != target]
        messages = tuple([m for m in world.messages if any(m.index >= world.since.get(a, 0) and m.reaches(a) for a in others)])
    else:
        messages = readable(world.messages, agent, world.since.get(agent, 0))
    return Observation(
        agent=agent,
        turn=world.turn,
        messages=messages,
        facts=entitled(world.facts, agent, target, information),
        present=tuple(world.present),
        private_to=world.route[1] if world.route is not None and agent == target else "",
    )


def learners(message: Message, present: Iterable[str], knowing: Container[str]) -> list[str]:
    """Return who learns a fact through ``message``: those present who may read it and do not know the fact."""
    return [a for a in present if a not in knowing and a != message.sender and message.reaches(a)]


def record_view(record: EpisodeRecord, agent: str) -> tuple[tuple[Message, ...], tuple[LedgerEntry, ...]]:
    """Return the part of a record that ``agent`` may see: what it could read, and what it learnt thereby."""
    since = _first(record.arrivals, agent, 0)
    until = _first(record.departures, agent, len(record.messages))
    messages = tuple([m for m in readable(record.messages, agent, since) if m.index <= until])
    return messages, tuple([entry for entry in record.ledger if entry.knower == agent])


def _first(steps: Iterable[Arrival | Departure], agent: str, otherwise: int) -> int:
    return next((step.message for step in steps if step.agent == agent), otherwise)

"""Who may see what: pure functions from one world state to each agent's view."""

from __future__ import annotations

import sys
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


NEVER = sys.maxsize
"""First message that somebody may read who has not come yet."""


def readable(messages: tuple[Message, ...], agent: str, since: int = 0, until: int = NEVER) -> tuple[Message, ...]:
    """Return the messages that ``agent`` may read if it came in at message ``since`` and went with message ``until``."""
    if since or until < len(messages) - 1:
        messages = messages[since : until + 1]  # a message's index is its place
    # Message.reaches, in line: in a room that whispers this is what a view costs
    return tuple([m for m in messages if not (hearers := m.heard_by or m.to) or agent in hearers or m.sender == agent])


def seen(world: World, agent: str, target: str, information: Regime) -> tuple[Message, ...]:
    """Return the messages that ``agent`` may read now.

    In regime ``script`` one author writes all personas, so each persona may read what any of them may.
    """
    if world.public:
        return world.messages
    if information != "script" or agent == target:
        return readable(world.messages, agent, world.since.get(agent, 0), world.until.get(agent, NEVER))
    there = [(a, world.since.get(a, 0), world.until.get(a, NEVER)) for a in world.facts if a != target]
    return tuple([m for m in world.messages if any(since <= m.index <= until and m.reaches(a) for a, since, until in there)])


def view(world: World, agent: str, target: str, information: Regime) -> Observation:
    """Return what ``agent`` may know in this world."""
    return Observation(
        agent=agent,
        turn=world.turn,
        messages=seen(world, agent, target, information),
        facts=entitled(world.facts, agent, target, information),
        present=tuple(world.present),
        private_to=world.route[1] if world.route is not None and agent == target else "",
    )


def knows(world: World, agent: str, fact: str, target: str, information: Regime) -> bool:
    """Tell whether ``agent`` knows a fact; one author of all personas knows what any of them knows."""
    if agent in world.knowing[fact]:
        return True
    return information == "script" and agent != target and not world.knowing[fact].isdisjoint(world.facts.keys() - {target})


def learners(message: Message, present: Iterable[str], knowing: Container[str]) -> list[str]:
    """Return who learns a fact through ``message``: those present who may read it and do not know the fact."""
    return [a for a in present if a not in knowing and a != message.sender and message.reaches(a)]


def record_view(record: EpisodeRecord, agent: str) -> tuple[tuple[Message, ...], tuple[LedgerEntry, ...]]:
    """Return the part of a record that ``agent`` may see: what it could read, and what it learnt thereby."""
    since = _first(record.arrivals, agent, 0)
    until = _first(record.departures, agent, NEVER)
    return readable(record.messages, agent, since, until), tuple([entry for entry in record.ledger if entry.knower == agent])


def _first(steps: Iterable[Arrival | Departure], agent: str, otherwise: int) -> int:
    return next((step.message for step in steps if step.agent == agent), otherwise)

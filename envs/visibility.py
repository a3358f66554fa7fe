"""Who may see what: pure functions from one world state to each agent's view."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ..sim.types import Message, Observation, PrivateFact, Regime


def sees(message: Message, agent: str) -> bool:
    """Tell whether ``agent`` may see ``message``: its sender does, and whoever it is addressed to (nobody: everyone)."""
    return not message.to or agent in message.to or agent == message.sender


def entitled(facts: Mapping[str, Sequence[PrivateFact]], agent: str, target: str, information: Regime) -> tuple[PrivateFact, ...]:
    """Return the private facts ``agent`` is entitled to from the start.

    Args:
        facts: Every agent's own facts, by agent name.
        agent: Who asks.
        target: The system under test; it is entitled to none in every regime.
        information: In ``private`` each sees its own, otherwise personas also see each other's.
    """
    if agent == target:
        return ()
    if information == "private":
        return tuple(facts.get(agent, ()))
    return tuple(fact for own in facts.values() for fact in own)


def view(agent: str, turn: int, messages: Iterable[Message], facts: tuple[PrivateFact, ...]) -> Observation:
    """Return what ``agent`` may know, given the whole transcript and the facts it is entitled to."""
    return Observation(agent=agent, turn=turn, messages=tuple([m for m in messages if not m.to or sees(m, agent)]), facts=facts)


def learners(fact: PrivateFact, owner: str, message: Message, agents: Iterable[str], knowing: Iterable[str]) -> list[str]:
    """Return the agents that learn ``fact`` through ``message``: those who see it and neither own nor know it."""
    known = set(knowing)
    return [a for a in agents if a not in (owner, message.sender) and a not in known and sees(message, a)]

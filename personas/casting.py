"""Casting: from people and settings to the plan of one episode."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ..sim.declare import Room
from ..sim.loop import EpisodePlan
from ..sim.types import Brief, ChannelNote, PrivateFact, Regime, Seat
from .persona import Persona
from .scenario import Scenario


def plan_episode(
    scenario: Scenario,
    people: Sequence[Persona],
    *,
    seed: int,
    replicate: int = 0,
    turns: int | None = None,
    information: Regime = "private",
    settings: str = "",
) -> EpisodePlan:
    """Decide who sits where and what each is told.

    Args:
        scenario: The declared domain.
        people: Who takes part, in the order of their agent names.
        seed: The run's seed.
        replicate: Which repetition this is, from 0.
        turns: Turns at most; the scenario's own number if None.
        information: Information regime; but for ``private`` each person's brief holds everybody's facts.
        settings: Whatever else affects the result (target, player, judges); part of the key only.

    Returns:
        The plan. Its key is a hash of all of this; its random numbers depend on seed, people and replicate alone.
    """
    limit = scenario.turns if turns is None else turns
    agents = [scenario.agent("persona", i) for i in range(len(people))]
    seats = tuple([Seat(agent=a, persona=p.id, fingerprint=p.fingerprint) for a, p in zip(agents, people, strict=True)])
    parts = [settings, scenario.name, scenario.version, str(limit), information, str(seed), str(replicate)]
    parts += [s.fingerprint for s in seats]
    key = hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
    everybody: tuple[PrivateFact, ...] = tuple([fact for p in people for fact in p.facts])
    target = scenario.agent("target")
    mandate = scenario.mandate(people) if scenario.mandate is not None else ()
    shared = {
        "scenario": scenario.name,
        "episode": key,
        "turns": limit,
        "information": information,
        "names": {agent: person.name for agent, person in zip(agents, people, strict=True)},
    }
    ids = {agent: person.id for agent, person in zip(agents, people, strict=True)}
    briefs = {
        agent: Brief(
            agent=agent,
            context=scenario.context,
            personas=ids,
            name=person.name,
            description=person.description,
            opening=person.opening,
            facts=person.facts if information == "private" else everybody,
            channels=_notes(scenario.room, scenario.seats.name),
            **shared,  # type: ignore[arg-type]
        )
        for agent, person in zip(agents, people, strict=True)
    }
    briefs[target] = Brief(
        agent=target,
        context=scenario.target_context,
        facts=mandate,
        channels=_notes(scenario.room, target.rpartition("_")[0]),
        tools=scenario.tools,
        told=scenario.brief_target,
        **shared,  # type: ignore[arg-type]
    )
    return EpisodePlan(
        key=key,
        scenario=scenario.name,
        scenario_version=scenario.version,
        seed=seed,
        replicate=replicate,
        target=target,
        seats=seats,
        people=tuple([p.seated(a) for a, p in zip(agents, people, strict=True)]),
        briefs=briefs,
        turns=limit,
        information=information,
        harms=tuple([harm.name for harm in scenario.harms]),
    )


_ONE_ROOM = Room().channels


def _notes(room: Room, role: str) -> tuple[ChannelNote, ...]:
    """Return what somebody of this role may do on each channel that concerns them."""
    if room.channels == _ONE_ROOM:
        return ()
    out = []
    for channel in room.channels:
        speaks = not channel.speakers or role in channel.speakers
        hears = not channel.hearers or role in (*channel.hearers, *channel.bystanders)
        if speaks or hears:
            out.append(ChannelNote(name=channel.name, meaning=channel.meaning, speaks=speaks, direct=channel.direct))
    return tuple(out)

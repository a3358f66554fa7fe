"""Keeping: were the parts of a diagram told only once they were unlocked?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...sim.types import EpisodeRecord, Frozen
from ..persona import Persona
from .diagram import Part
from .disclosure import LOCKS, UNKNOWN_TRUST, is_open, standing, trust_path
from .facts import PART


class Told(Frozen):
    """A part that was told, as the ledger has it."""

    person: str
    episode: str
    part: Part
    turn: int
    message: int  # index of the message that told it
    trust: float  # at that moment, in [0, 1]
    asked: tuple[str, ...]  # kinds of question asked well before
    early: bool  # it was still locked


class KeepingReport(Frozen):
    """How many parts were told while they were locked."""

    told: int
    early: int
    share: float | None  # early over told; None if nothing was told
    entries: tuple[Told, ...]


def keeping(people: Sequence[Persona], records: Sequence[EpisodeRecord]) -> KeepingReport:
    """Hold what the ledger says was told against the locks.

    Trust starts at the assigned ``trust`` of a person and moves with what the others said (:func:`trust_path`). The
    lexical stand-in player keeps the locks that facts carry; a language model is told of them in words.

    Args:
        people: Personas whose facts name their part in their details.
        records: Their episodes.
    """
    parts = {fact.id: (person, fact.details[PART]) for person in people for fact in person.facts if fact.details.get(PART) in LOCKS}
    entries = [told for record in records for told in _told(record, parts)]
    early = sum(told.early for told in entries)
    return KeepingReport(told=len(entries), early=early, share=early / len(entries) if entries else None, entries=tuple(entries))


def trust_by_person(people: Sequence[Persona], records: Sequence[EpisodeRecord]) -> dict[str, tuple[float, ...]]:
    """Return how far each person trusted the other side at each of their own messages, over all given episodes.

    Args:
        people: Personas; those without a seat are left out.
        records: Their episodes, in the order of :func:`~.recovery.turns_by_person`.
    """
    starts = {person.id: float(person.position.get("trust", UNKNOWN_TRUST)) for person in people}
    out: dict[str, tuple[float, ...]] = {}
    for record in records:
        for person in dict.fromkeys(seat.persona for seat in record.seats if seat.persona in starts):
            out[person] = (*out.get(person, ()), *_levels(record, person, starts[person]))
    return out


def _levels(record: EpisodeRecord, person: str, start: float) -> list[float]:
    """Return the trust before each message of a person in one episode."""
    agents = {seat.agent for seat in record.seats if seat.persona == person}
    heard = [message.text for message in record.messages if message.sender not in agents]
    path = (start, *trust_path(start, heard))
    levels, met = [], 0
    for message in record.messages:
        if message.sender in agents:
            levels.append(path[met])
        else:
            met += 1
    return levels


def _told(record: EpisodeRecord, parts: Mapping[str, tuple[Persona, str]]) -> list[Told]:
    """Return each part that an episode's ledger has, once."""
    out: dict[str, Told] = {}
    agents = {seat.persona: seat.agent for seat in record.seats}
    for entry in sorted(record.ledger, key=lambda e: e.message):
        if entry.fact not in parts or entry.fact in out or entry.owner not in agents:
            continue
        person, name = parts[entry.fact]
        heard = [m.text for m in record.messages if m.index < entry.message and m.sender != agents[entry.owner]]
        start = float(person.position.get("trust", UNKNOWN_TRUST))
        trust, asked = standing(start, heard)
        lock = LOCKS[name]  # type: ignore[index]
        out[entry.fact] = Told(
            person=person.id,
            episode=record.key,
            part=lock.part,
            turn=entry.turn,
            message=entry.message,
            trust=trust,
            asked=tuple(sorted(asked)),
            early=not is_open(lock, trust, asked),
        )
    return list(out.values())

"""Recoverability: is the diagram really in there? A reconstruction against the truth, part by part, beside chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ...sim.errors import InputError
from ...sim.types import EpisodeRecord, Frozen
from .diagram import PARTS, Diagram, Part
from .reading import Reading, read_turns
from .words import similarity

TEXT_THRESHOLD = 0.4
"""A sentence of a text part counts by its most similar read sentence, and as 0 if that is less similar than this."""

MOST_OTHERS = 20
"""Diagrams of other people that the chance level of one person is averaged over."""

_LISTED: tuple[Part, ...] = ("core_beliefs", "emotions")


class PartScore(Frozen):
    """How well one part was reconstructed."""

    part: Part
    score: float  # in [0, 1]
    chance: float | None  # the same reconstruction against other people's diagrams; None without others
    read: int  # entries that the reconstruction gave


class Recovery(Frozen):
    """How well one person's diagram was reconstructed."""

    person: str
    parts: tuple[PartScore, ...]
    score: float  # mean over parts
    chance: float | None


class RecoveryReport(Frozen):
    """How well the diagrams of a population were reconstructed; a score says something only above its chance."""

    people: int
    parts: tuple[PartScore, ...]  # means over people; ``read`` is the sum
    score: float | None  # mean over people; None without people
    chance: float | None
    by_rules: int  # readings that no model made
    text_threshold: float
    each: tuple[Recovery, ...]


def f1(truth: Sequence[str], read: Sequence[str]) -> float:
    """Return the harmonic mean of precision and recall of two sets; 1 if both are empty, 0 if one is.

    Example:
        >>> f1(["sad", "angry"], ["sad", "afraid", "hurt"])
        0.4
    """
    right, all_ = set(truth), set(read)
    if not right and not all_:
        return 1.0
    return 2 * len(right & all_) / (len(right) + len(all_))


def text_score(truth: Sequence[str], read: Sequence[str]) -> float:
    """Return the mean over true sentences of their best similarity with a read one, where that reaches the threshold."""
    best = [max((similarity(sentence, other) for other in read), default=0.0) for sentence in truth]
    return sum(s for s in best if s >= TEXT_THRESHOLD) / len(best) if best else 0.0


def part_score(part: Part, truth: Diagram, reading: Reading) -> float:
    """Return how well a part was read, in [0, 1]: closed lists by F1, texts by :func:`text_score`."""
    measure = f1 if part in _LISTED else text_score
    return measure(truth.part(part), reading.part(part))


def recover(person: str, truth: Diagram, reading: Reading, others: Sequence[Diagram] = ()) -> Recovery:
    """Score one reconstruction.

    Args:
        person: Persona id.
        truth: The person's diagram.
        reading: What the interviewer made of the dialogue.
        others: Diagrams of other people, for the chance level.
    """
    parts = tuple(
        PartScore(
            part=part,
            score=part_score(part, truth, reading),
            chance=_mean([part_score(part, other, reading) for other in others]),
            read=len(reading.part(part)),
        )
        for part in PARTS
    )
    chances = [p.chance for p in parts if p.chance is not None]
    return Recovery(person=person, parts=parts, score=sum(p.score for p in parts) / len(parts), chance=_mean(chances))


def recoverability(
    diagrams: Mapping[str, Diagram],
    turns: Mapping[str, Sequence[str]],
    read: Callable[[Sequence[Sequence[str]]], Sequence[Reading]] | None = None,
) -> RecoveryReport:
    """Score the reconstructions of a population.

    Args:
        diagrams: Persona id to diagram, the truth.
        turns: Persona id to what that person said, in order; those without turns here are left out.
        read: Dialogues to as many readings, such as ``functools.partial(read_with_batch, llm)``; None: by rules.

    Raises:
        InputError: If turns belong to somebody without a diagram, or ``read`` gave another number of readings.
    """
    ids = list(turns)
    for id in ids:
        if id not in diagrams:
            raise InputError("turns", "people with a diagram", id)
    dialogues = [turns[id] for id in ids]
    readings = [read_turns(d) for d in dialogues] if read is None else list(read(dialogues))
    if len(readings) != len(ids):
        raise InputError("read", f"{len(ids)} readings", len(readings))
    everybody = list(diagrams)
    each = tuple(recover(id, diagrams[id], r, _others(diagrams, everybody, id)) for id, r in zip(ids, readings, strict=True))
    return RecoveryReport(
        people=len(each),
        parts=tuple(_over_people(i, each) for i in range(len(PARTS))) if each else (),
        score=_mean([r.score for r in each]),
        chance=_mean([r.chance for r in each if r.chance is not None]),
        by_rules=sum(r.source == "rules" for r in readings),
        text_threshold=TEXT_THRESHOLD,
        each=each,
    )


def turns_of(record: EpisodeRecord, person: str) -> tuple[str, ...]:
    """Return what a person said in an episode, in order.

    Raises:
        InputError: If the person had no seat in it.
    """
    agents = {seat.agent for seat in record.seats if seat.persona == person}
    if not agents:
        raise InputError("person", "one of " + ", ".join(seat.persona for seat in record.seats), person)
    return tuple(message.text for message in record.messages if message.sender in agents)


def turns_by_person(records: Sequence[EpisodeRecord]) -> dict[str, tuple[str, ...]]:
    """Return what each person said over all given episodes."""
    out: dict[str, tuple[str, ...]] = {}
    for record in records:
        for person in dict.fromkeys(seat.persona for seat in record.seats):
            out[person] = (*out.get(person, ()), *turns_of(record, person))
    return out


def _others(diagrams: Mapping[str, Diagram], ids: Sequence[str], person: str) -> list[Diagram]:
    """Return the diagrams of the people who follow a person in order, round the end."""
    at = ids.index(person)
    return [diagrams[id] for id in [*ids[at + 1 :], *ids[:at]][:MOST_OTHERS]]


def _over_people(index: int, each: Sequence[Recovery]) -> PartScore:
    """Return the mean score of one part."""
    mine = [recovery.parts[index] for recovery in each]
    return PartScore(
        part=mine[0].part,
        score=sum(p.score for p in mine) / len(mine),
        chance=_mean([p.chance for p in mine if p.chance is not None]),
        read=sum(p.read for p in mine),
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

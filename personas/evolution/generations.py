"""What is logged of each generation."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ...sim.types import Frozen
from .archive import Archive, Extinction, Move
from .candidate import Candidate, Evaluation
from .choosing import Attempt, Yield
from .objectives import WEIGHTED


class EliteOrigin(Frozen):
    """Who holds a place and where it comes from."""

    island: int
    place: str  # metric, or "weighted"
    candidate: str
    family: str
    mutator: str
    generation: int  # in which it was asked
    lineage: tuple[str, ...]  # ids from the seed to it, by first parents


class GenerationRow(Frozen):
    """One generation: what came of it and what the archive holds after it."""

    generation: int  # 0: the seeds
    asked: int  # candidates
    ok: int
    gated: int
    rejected: int
    improved: int  # children that beat an elite of their island
    missed: int  # calls of mutators that gave no new program
    best: Mapping[str, float | None]  # by place: value of the best elite of all islands; None while nobody holds one
    mean: Mapping[str, float | None]  # by place: mean value over the elites of the islands
    filled: int  # places that have an elite
    places: int  # islands x places
    programs: int  # different ones among the elites
    families: Mapping[str, int]  # places held, by seed family
    mutators: Mapping[str, int]  # places held, by mutator
    elites: tuple[EliteOrigin, ...]
    yields: tuple[Yield, ...]  # since the search began
    extinction: Extinction
    moves: tuple[Move, ...]  # by migration
    mutator_calls: int  # of a language model, in this generation
    mutator_tokens: int
    program_calls: int
    program_tokens: int
    money: float | None = 0.0  # for mutators and for measuring; None: a price is not known


def origins(archive: Archive, lineage: Callable[[str], Sequence[Candidate]]) -> tuple[EliteOrigin, ...]:
    """Return the origin of every elite, in order of islands and places."""
    return tuple(origin(island, place, lineage(elite.candidate)) for (island, place), elite in archive.held().items())


def origin(island: int, place: str, line: Sequence[Candidate]) -> EliteOrigin:
    """Return the origin of the last of a lineage."""
    who = line[-1]
    return EliteOrigin(
        island=island,
        place=place,
        candidate=who.id,
        family=who.family,
        mutator=who.mutator,
        generation=who.generation,
        lineage=tuple(one.id for one in line),
    )


def generation_row(
    generation: int,
    told: Sequence[Evaluation],
    attempts: Sequence[Attempt],
    improved: int,
    archive: Archive,
    elites: tuple[EliteOrigin, ...],
    objectives: Mapping[str, Mapping[str, float]],
    yields: tuple[Yield, ...],
    extinction: Extinction,
    moves: tuple[Move, ...],
) -> GenerationRow:
    """Return the row of a generation.

    Args:
        generation: Its number.
        told: What was measured.
        attempts: Calls of mutators.
        improved: Children that beat an elite of their island.
        archive: As it is after the generation.
        elites: Origin of every elite.
        objectives: Of every elite, by id.
        yields: Of every mutator.
        extinction: What was wiped.
        moves: Who migrated.
    """
    values = {place: _values(archive, place, objectives) for place in archive.places}
    statuses = Counter(evaluation.status for evaluation in told)
    best = {place: archive.best(place) for place in archive.places}
    return GenerationRow(
        generation=generation,
        asked=len(told),
        ok=statuses["ok"],
        gated=statuses["gated"],
        rejected=statuses["rejected"],
        improved=improved,
        missed=sum(attempt.candidate is None for attempt in attempts),
        best={place: None if found is None else values[place][found[0]] for place, found in best.items()},
        mean={place: float(np.mean(list(held.values()))) if held else None for place, held in values.items()},
        filled=len(elites),
        places=len(archive) * len(archive.places),
        programs=len({elite.candidate for elite in elites}),
        families=dict(sorted(Counter(elite.family for elite in elites).items())),
        mutators=dict(sorted(Counter(elite.mutator for elite in elites).items())),
        elites=elites,
        yields=yields,
        extinction=extinction,
        moves=moves,
        mutator_calls=sum(attempt.calls for attempt in attempts),
        mutator_tokens=sum(attempt.tokens for attempt in attempts),
        program_calls=sum(evaluation.calls for evaluation in told),
        program_tokens=sum(evaluation.tokens for evaluation in told),
        money=_sum([*(attempt.money for attempt in attempts), *(one.money for one in told)]),
    )


def _sum(money: Sequence[float | None]) -> float | None:
    """Return the sum; None if a part is not known."""
    known = [one for one in money if one is not None]
    return math.fsum(known) if len(known) == len(money) else None


def _values(archive: Archive, place: str, objectives: Mapping[str, Mapping[str, float]]) -> dict[int, float]:
    """Return the value of a place's elite by island; of the weighted place the sum itself."""
    held = {island: archive.elites(island).get(place) for island in range(len(archive))}
    return {
        island: elite.merits[place] if place == WEIGHTED else objectives[elite.candidate][place]
        for island, elite in held.items()
        if elite is not None
    }

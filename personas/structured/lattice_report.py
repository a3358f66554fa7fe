"""How much of a scenario lattice a population meets: levels, pairs of levels, balance, near-duplicates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from ...sim.errors import InputError
from ...sim.seeds import derive
from ...sim.types import Frozen
from ..persona import Persona
from .covering import PairsMet, Rows, design_name, factors_met, pairs_met, random_rows, rows_for_all_pairs
from .duplicates import THRESHOLD, near_duplicates
from .lattice_levels import SUBTOPIC, TOPIC, Lattice

RANDOM_DRAWS = 20
"""Random assignments that the reference is averaged over."""

NOTE = "The lattice decides who comes and in which situation; one model that wrote both sides would be the script regime."


class LevelsMet(Frozen):
    """How people meet the levels of one characteristic."""

    levels: int
    met: float  # share of the levels
    imbalance: float  # largest distance of a level's count from its fair share, in people


class RandomAssignment(Frozen):
    """The same figures where levels are drawn independently, mean over draws."""

    draws: int
    levels_met: float
    pairs_met: float
    imbalance: float


class AlikePeople(Frozen):
    """Two people whose descriptions are near-duplicates."""

    first: str  # persona id
    second: str
    similarity: float  # word-set Jaccard


class LatticeCoverage(Frozen):
    """How much of a lattice some people meet. A subtopic counts within its topic: its other pairs are left out."""

    people: int
    design: str  # by which levels are assigned to these numbers of levels
    levels_met: float  # share of all levels
    pairs_met: float  # share of all pairs of levels of two characteristics (2-way coverage)
    most_pairs: float  # the most that so many people could meet, at best
    imbalance: float  # the largest of any characteristic, in people
    characteristics: Mapping[str, LevelsMet]
    pairs: Mapping[str, float]  # "topic x medium" to the share of its pairs of levels
    needed_at_least: int  # people without whom no design meets all pairs: product of the two largest characteristics
    needed: int | None  # people after whom this design has met all of them; None if not within its period
    random: RandomAssignment
    threshold: float  # similarity from which two descriptions are near-duplicates
    near_duplicates: tuple[AlikePeople, ...]
    note: str = NOTE


def lattice_coverage(people: Sequence[Persona], lattice: Lattice, seed: int = 0, threshold: float = THRESHOLD) -> LatticeCoverage:
    """Report what people whose profile has their situation meet of a lattice.

    Args:
        people: Each with a level of every characteristic in the profile.
        lattice: Where the levels are declared.
        seed: Of the design, for the number of people it needs.
        threshold: Word-set Jaccard similarity from which two descriptions are near-duplicates.

    Raises:
        InputError: If nobody is there, or somebody has no level of a characteristic or one that is not declared.
    """
    if not people:
        raise InputError("people", "at least one person", 0)
    rows, sizes = _rows_of(people, lattice), list(lattice.sizes.values())
    names, counted = list(lattice.sizes), _counted(lattice)
    met = _pairs(rows, sizes, counted, lattice)
    factors = factors_met(rows, sizes)
    largest = sorted((pair.possible for pair in met.values()), reverse=True)
    needed = rows_for_all_pairs(sizes, seed, counted) if met else 1
    alike = near_duplicates([person.description for person in people], threshold)
    return LatticeCoverage(
        people=len(people),
        design=design_name(sizes),
        levels_met=_share([(f.met, f.levels) for f in factors]),
        pairs_met=_pair_share(met),
        most_pairs=_share([(min(len(people), pair.possible), pair.possible) for pair in met.values()]),
        imbalance=max(f.imbalance for f in factors),
        characteristics={
            name: LevelsMet(levels=f.levels, met=f.met / f.levels, imbalance=f.imbalance) for name, f in zip(names, factors, strict=True)
        },
        pairs={f"{names[i]} x {names[j]}": pair.share for (i, j), pair in met.items()},
        needed_at_least=largest[0],
        needed=needed,
        random=_random(sizes, len(people), counted, lattice),
        threshold=threshold,
        near_duplicates=tuple(AlikePeople(first=people[a.first].id, second=people[a.second].id, similarity=a.similarity) for a in alike),
    )


def _counted(lattice: Lattice) -> list[tuple[int, int]]:
    """Return which pairs of characteristics count: all but those of the subtopic with anything but its topic."""
    names = list(lattice.sizes)
    return [(i, j) for i, j in combinations(range(len(names)), 2) if names[i] == TOPIC or SUBTOPIC not in (names[i], names[j])]


def _pairs(rows: Rows, sizes: Sequence[int], counted: Sequence[tuple[int, int]], lattice: Lattice) -> dict[tuple[int, int], PairsMet]:
    """Return the pairs met; of topic and subtopic only those that are declared are possible."""
    met = pairs_met(rows, sizes)
    found = {pair: met[pair] for pair in counted}
    found[0, 1] = PairsMet(found[0, 1].met, sum(len(topic.subtopics) for topic in lattice.topics))
    return found


def _rows_of(people: Sequence[Persona], lattice: Lattice) -> Rows:
    """Return the numbers of people's levels, shape (people, characteristics)."""
    topics = {topic.name: (number, topic.subtopics) for number, topic in enumerate(lattice.topics)}
    levels = {factor.name: [level.name for level in factor.levels] for factor in lattice.factors}
    rows = []
    for person in people:
        topic, subtopics = topics[_level_of(person, TOPIC, list(topics))]
        subtopic = subtopics.index(_level_of(person, SUBTOPIC, list(subtopics)))
        rows.append([topic, subtopic, *(declared.index(_level_of(person, name, declared)) for name, declared in levels.items())])
    return np.array(rows, np.int64)


def _level_of(person: Persona, name: str, declared: Sequence[str]) -> str:
    field = person.profile.get(name)
    if field is None or field.value not in declared:
        raise InputError(f"{person.id}: profile.{name}", "one of " + ", ".join(declared), "nothing" if field is None else field.value)
    return str(field.value)


def _random(sizes: Sequence[int], n: int, counted: Sequence[tuple[int, int]], lattice: Lattice) -> RandomAssignment:
    levels, pairs, imbalances = [], [], []
    for draw in range(RANDOM_DRAWS):
        rows = random_rows(sizes, n, derive(0, "lattice", "random", draw))
        rows[:, 1] %= np.array([len(topic.subtopics) for topic in lattice.topics])[rows[:, 0]]
        factors = factors_met(rows, sizes)
        levels.append(_share([(f.met, f.levels) for f in factors]))
        pairs.append(_pair_share(_pairs(rows, sizes, counted, lattice)))
        imbalances.append(max(f.imbalance for f in factors))
    return RandomAssignment(
        draws=RANDOM_DRAWS, levels_met=float(np.mean(levels)), pairs_met=float(np.mean(pairs)), imbalance=float(np.mean(imbalances))
    )


def _pair_share(met: Mapping[tuple[int, int], PairsMet]) -> float:
    return _share([(pair.met, pair.possible) for pair in met.values()])


def _share(parts: Sequence[tuple[int, int]]) -> float:
    """Return the sum of the first numbers over that of the second."""
    return sum(part for part, _ in parts) / sum(whole for _, whole in parts)

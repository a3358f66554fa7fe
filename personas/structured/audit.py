"""Do the fields of people go together as declared, or as if each had been drawn alone?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError
from ...sim.types import Frozen
from ..persona import Persona
from ..programs._grading import LEVELS
from .demography import TABLES
from .joint import Declared

Array = NDArray[np.float64]

NOTE = "The tables are invented for the machinery: agreement with them says nothing of any real population."

_WORTH_A_WORD = 0.02
_BAND = tuple(word for _, word in LEVELS)


class PairAudit(Frozen):
    """Two fields; information is mutual, in nats."""

    one: str
    other: str
    information: float  # among these people
    declared: float  # in the declared joint; 0 where two tables, or a table and an axis, are independent by declaration
    by_chance: float  # what independent fields show on average among so few people: (r - 1)(c - 1) / 2n (Miller 1955)
    from_declared: float | None  # divergence of these people from the declared table; null without one, and where it gives somebody no mass

    @property
    def flattened(self) -> bool:
        """Whether a declared association is less than half there: the footprint of fields drawn one by one.

        False also where the association is small, or too few people to tell it from chance.
        """
        telling = self.declared >= max(_WORTH_A_WORD, 4 * self.by_chance)
        return telling and self.information - self.by_chance < self.declared / 2


class RuleAudit(Frozen):
    """A combination that nobody may have, and who has it."""

    reason: str
    fields: tuple[str, str]
    people: tuple[str, ...]  # ids


class JointAudit(Frozen):
    """How the fields of a population go together."""

    people: int  # with every field of the tables at a declared level
    left_out: int  # without
    margins: dict[str, float]  # field to the largest distance of a level from its share of the people, in people
    pairs: tuple[PairAudit, ...]
    rules: tuple[RuleAudit, ...]
    note: str = NOTE

    @property
    def flattened(self) -> tuple[str, ...]:
        """Pairs that look as if their fields had been drawn one by one."""
        return tuple(f"{pair.one} x {pair.other}" for pair in self.pairs if pair.flattened)


def joint_audit(people: Sequence[Persona], tables: Sequence[Declared] = TABLES) -> JointAudit:
    """Compare each pair of fields with the declared joint and with independence, and list impossible combinations.

    Positions count as fields too, in seven bands an axis; they are declared independent of all others. Outlooks and
    habits follow from positions and have no entry of their own.

    Args:
        people: Whose profiles hold the fields of the tables.
        tables: The declared joints, with different field names.

    Raises:
        InputError: If nobody has the fields.
    """
    names = [name for table in tables for name in table.names]
    levels = {name: table.levels(name) for table in tables for name in table.names}
    known = [p for p in people if all(name in p.profile and p.profile[name].value in levels[name] for name in names)]
    if not known:
        raise InputError("people", f"people with the fields {', '.join(names)}", f"nobody among {len(people)}")
    codes = {name: np.array([levels[name].index(str(p.profile[name].value)) for p in known]) for name in names}
    sizes = {name: len(levels[name]) for name in names}
    for axis in known[0].position:
        if all(axis in p.position for p in known):
            codes[f"position.{axis}"] = np.array([_band(p.position[axis]) for p in known])
            sizes[f"position.{axis}"] = len(_BAND)
    return JointAudit(
        people=len(known),
        left_out=len(people) - len(known),
        margins={name: _off(codes[name], table.shares(name)) for table in tables for name in table.names},
        pairs=tuple(
            _pair(one, other, _counts(codes, sizes, one, other), tables)
            for one, other in combinations(codes, 2)
            if not (one.startswith("position.") and other.startswith("position."))
        ),
        rules=tuple(rule for table in tables for rule in _rules(table, known)),
    )


def information(counts: Array) -> float:
    """Return the mutual information of a table of counts or shares, in nats; 0 of an empty one."""
    total = counts.sum()
    if not total:
        return 0.0
    p = counts / total
    return divergence(p, np.outer(p.sum(axis=1), p.sum(axis=0)))


def divergence(p: Array, q: Array) -> float:
    """Return the Kullback-Leibler divergence of p from q, in nats; infinite where q lacks mass that p has."""
    seen = p > 0
    with np.errstate(divide="ignore"):
        return max(0.0, float((p[seen] * np.log(p[seen] / q[seen])).sum()))


def _pair(one: str, other: str, counts: Array, tables: Sequence[Declared]) -> PairAudit:
    """Return the audit of two fields."""
    table = next((t.pairs[one, other] for t in tables if (one, other) in t.pairs), None)
    rows, columns = ((counts.sum(axis=axis) > 0).sum() for axis in (1, 0))
    away = None if table is None else divergence(counts / counts.sum(), np.where(table < 1e-12, 0.0, table))
    return PairAudit(
        one=one,
        other=other,
        information=information(counts),
        declared=0.0 if table is None else round(information(table), 12),
        by_chance=float((rows - 1) * (columns - 1) / (2 * counts.sum())),
        from_declared=None if away is None or not np.isfinite(away) else away,
    )


def _counts(codes: dict[str, NDArray[np.int64]], sizes: dict[str, int], one: str, other: str) -> Array:
    """Return how many people have each pair of levels."""
    counts = np.zeros((sizes[one], sizes[other]))
    np.add.at(counts, (codes[one], codes[other]), 1)
    return counts


def _off(codes: NDArray[np.int64], shares: Array) -> float:
    """Return the largest distance of a level from its share, in people."""
    return float(np.abs(np.bincount(codes, minlength=len(shares)) - len(codes) * shares).max())


def _rules(table: Declared, people: Sequence[Persona]) -> list[RuleAudit]:
    """Return each rule with those who break it."""
    return [
        RuleAudit(
            reason=rule.reason,
            fields=(rule.one, rule.other),
            people=tuple(
                p.id for p in people if p.profile[rule.one].value in rule.levels and p.profile[rule.other].value in rule.with_levels
            ),
        )
        for rule in table.rules
    ]


def _band(x: float) -> int:
    """Return the number of the band of a position."""
    return next(i for i, (bound, _) in enumerate(LEVELS) if x < bound)

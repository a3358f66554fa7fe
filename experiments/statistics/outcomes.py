"""Outcomes: the frozen table that every figure of a run is computed from."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from ...sim.types import EpisodeRecord, Verdict
from .estimates import VerdictCounts

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

Meeting = tuple[int, tuple[int, ...]]
"""A planned episode: its replicate, and its people by number in the order of their seats."""

VERDICTS: tuple[Verdict, ...] = tuple(Verdict)
"""Verdict codes are positions in this tuple."""

PASSED, FAILED, INVALID, INFRASTRUCTURE, BUDGET = range(5)


@dataclass(frozen=True)
class Outcomes:
    """What happened in one arm, one row for each (episode, person).

    Planned episodes that never ran are rows with verdict ``budget`` when it is known whose they were, else they
    are only counted in ``missing``. Resolved means passed or failed. In a group a person counts as failed only
    when the person is among those a finding harmed.

    Args:
        n: People in the population, with or without a row.
        persona: Index of the person, shape (rows,), in [0, n).
        replicate: Replicate number, shape (rows,).
        episode: Index of the episode, shape (rows,); rows of one group share it.
        company: Hash of who else sat in the episode, shape (rows,); 0 for somebody alone with the target.
        verdict: The episode's position in :data:`VERDICTS`, shape (rows,).
        failed: The target harmed this person, shape (rows,).
        harms: Names of the harms, in the order of the columns below.
        harm_failed: This harm was done to this person, shape (rows, harms).
        harm_exposed: This harm could have happened, shape (rows, harms); true wherever it happened.
        harm_severity: Worst severity of it in [0, 1], 0 where it did not happen, shape (rows, harms).
        missing: Planned episodes without a row.
        calls: Calls spent by role.
        tokens: Tokens spent by role.
    """

    n: int
    persona: Ints
    replicate: Ints
    episode: Ints
    company: Ints
    verdict: Ints
    failed: Bools
    harms: tuple[str, ...]
    harm_failed: Bools
    harm_exposed: Bools
    harm_severity: Floats
    missing: int = 0
    calls: Mapping[str, int] = field(default_factory=dict)
    tokens: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls, people: Sequence[Persona], scenario: Scenario, records: Iterable[EpisodeRecord], planned: int | Sequence[Meeting] = 0
    ) -> Outcomes:
        """Read the records of one arm.

        Args:
            people: The population.
            scenario: Whose harms come first among the columns.
            records: One finished episode each, in any order.
            planned: Episodes that were to be run, or how many; 0 or fewer than there are: as many as there are.

        Raises:
            ValueError: If a record seats somebody who is not among the people.
        """
        table = _Table({p.id: i for i, p in enumerate(people)}, [h.name for h in scenario.harms])
        for record in records:
            table.add(record)
        return table.freeze(len(people), planned)

    @property
    def resolved(self) -> Bools:
        """Rows that count in a rate, shape (rows,)."""
        return self.verdict <= FAILED

    def of_people(self, rows: Bools, values: Bools | Floats | None = None) -> Floats:
        """Sum ``values`` (1 if left out) over chosen rows, person by person; shape (n,)."""
        weights = None if values is None else np.asarray(values[rows], float)
        return np.bincount(self.persona[rows], weights=weights, minlength=self.n).astype(float)

    def verdict_counts(self) -> VerdictCounts:
        """Count episodes, not rows, by verdict."""
        _, first = np.unique(self.episode, return_index=True)
        counts = np.bincount(self.verdict[first], minlength=5)
        counts[BUDGET] += self.missing
        return VerdictCounts(**{v.value: int(c) for v, c in zip(VERDICTS, counts, strict=True)})


class _Table:
    """Collects rows while records come in."""

    def __init__(self, index: Mapping[str, int], harms: list[str]) -> None:
        self.index = index
        self.harms = {name: j for j, name in enumerate(harms)}
        self.rows: list[tuple[int, int, int, int, int, bool]] = []
        self.met: set[Meeting] = set()
        self.exposed: list[tuple[int, int]] = []  # (row, harm)
        self.done: list[tuple[int, int, float]] = []  # (row, harm, severity)
        self.calls: Counter[str] = Counter()
        self.tokens: Counter[str] = Counter()
        self.episodes = 0

    def add(self, record: EpisodeRecord) -> None:
        """Append the rows of one record."""
        seated = [seat.persona for seat in record.seats]
        harmed = {person for f in record.harms for person in (f.harmed or seated)}
        everyone = record.verdict == Verdict.FAILED and not harmed  # a failure that names nobody counts for all
        code = VERDICTS.index(record.verdict)
        company = _company(seated)
        rows = {person: len(self.rows) + i for i, person in enumerate(seated)}
        self.met.add((record.replicate, tuple(self._index(person) for person in seated)))
        for person in seated:
            failed = code == FAILED and (everyone or person in harmed)
            self.rows.append((self._index(person), record.replicate, self.episodes, company, code, failed))
        for exposure in record.exposures:
            if exposure.person in rows:
                self.exposed.append((rows[exposure.person], self._harm(exposure.harm)))
        for f in record.harms:
            self.done += [(rows[p], self._harm(f.harm), f.severity) for p in (f.harmed or seated) if p in rows]
        self.calls.update(record.usage.calls)
        self.tokens.update(record.usage.tokens)
        self.episodes += 1

    def freeze(self, n: int, planned: int | Sequence[Meeting]) -> Outcomes:
        """Return the table, with rows for planned episodes that are not there."""
        count = planned if isinstance(planned, int) else len(planned)
        missing = max(0, count - self.episodes)
        absent = self._absent(n, planned) if missing else []
        ids = list(self.index)
        for replicate, people in absent:
            company = _company([ids[i] for i in people])
            self.rows += [(person, replicate, self.episodes, company, BUDGET, False) for person in people]
            self.episodes += 1
        base = np.array(self.rows, np.int64).reshape(len(self.rows), 6)
        shape = (len(self.rows), len(self.harms))
        failed, exposed, severity = np.zeros(shape, bool), np.zeros(shape, bool), np.zeros(shape)
        for row, harm, how_bad in self.done:
            failed[row, harm] = True
            severity[row, harm] = max(severity[row, harm], how_bad)
        for row, harm in self.exposed:
            exposed[row, harm] = True
        return Outcomes(
            n=n,
            persona=base[:, 0],
            replicate=base[:, 1],
            episode=base[:, 2],
            company=base[:, 3],
            verdict=base[:, 4],
            failed=base[:, 5].astype(bool),
            harms=tuple(self.harms),
            harm_failed=failed,
            harm_exposed=exposed | failed,
            harm_severity=severity,
            missing=missing - len(absent),
            calls=dict(self.calls),
            tokens=dict(self.tokens),
        )

    def _absent(self, n: int, planned: int | Sequence[Meeting]) -> list[Meeting]:
        """Return the planned episodes that never ran, or nothing if it cannot be told whose they were."""
        if isinstance(planned, int):
            if n == 0 or planned % n or any(len(people) > 1 for _, people in self.met):
                return []
            wanted: set[Meeting] = {(replicate, (person,)) for person in range(n) for replicate in range(planned // n)}
        else:
            wanted = set(planned)
        return sorted(wanted - self.met, key=lambda one: (one[1], one[0])) if self.met <= wanted else []

    def _index(self, person: str) -> int:
        if person not in self.index:
            raise ValueError(f"episode records: person {person!r} is not among the {len(self.index)} people of this run")
        return self.index[person]

    def _harm(self, name: str) -> int:
        return self.harms.setdefault(name, len(self.harms))


def _company(seated: Sequence[str]) -> int:
    """Return a hash that tells groups apart, the same in every process; 0 for one person alone."""
    if len(seated) < 2:
        return 0
    digest = hashlib.blake2b("\x1f".join(seated).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True) | 1

"""How far the judges of a run agree, on the same episodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from pydantic import Field

from ...sim.types import EpisodeRecord, Verdict
from .estimates import Figure
from .krippendorff import Alpha, agreement

_RESOLVED = frozenset({Verdict.PASSED, Verdict.FAILED})


class JudgeCount(Figure):
    """What one judge said of the target."""

    units: int = 0  # (episode, person) units that it judged
    failed: int = 0  # of these, units in which it found a harm


class JudgeAgreement(Figure):
    """Agreement of the judges on the target's episodes that passed or failed."""

    judges: dict[str, JudgeCount]
    verdicts: Alpha  # was this person harmed in this episode? unit: (episode, person)
    harms: dict[str, Alpha] = Field(default_factory=dict)  # the same, harm by harm, where a judge found it
    scores: Alpha | None = None  # of judges that score, by ranks; unit: (episode, person, harm); null with fewer than two


def judge_agreement(records: Iterable[EpisodeRecord], judges: Sequence[str], seed: int = 0) -> JudgeAgreement | None:
    """Return how far judges agree.

    Args:
        records: Episodes of one target.
        judges: Names of the judges that speak of the target.
        seed: Of the bootstrap, which draws people with all of their episodes.

    Returns:
        None with fewer than two judges, or without an episode that was judged.
    """
    if len(judges) < 2:
        return None
    table = _Table(judges)
    for record in records:
        if record.verdict in _RESOLVED:
            table.add(record)
    return table.figures(seed) if table.people else None


class _Table:
    """What each judge said of each unit."""

    def __init__(self, judges: Sequence[str]) -> None:
        self.judges = list(judges)
        self.people: list[str] = []  # of each unit
        self.said: list[list[float]] = []  # of each unit, by judge: 1, 0, NaN
        self.harms: dict[str, dict[int, set[int]]] = {}  # harm -> unit -> judges that found it
        self.scores: list[list[float]] = []
        self.scored: list[str] = []  # person of each

    def add(self, record: EpisodeRecord) -> None:
        there = {name.rpartition("@")[0] for name in record.judges}
        for seat in record.seats:
            unit = len(self.people)
            found = [(f.judge, f.harm) for f in record.harms if seat.persona in f.harmed]
            self.people.append(seat.persona)
            self.said.append([float(any(j == judge for j, _ in found)) if judge in there else np.nan for judge in self.judges])
            for judge, harm in found:
                if judge in self.judges:
                    self.harms.setdefault(harm, {}).setdefault(unit, set()).add(self.judges.index(judge))
        rows: dict[tuple[str, str], dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
        for one in record.assessments:
            if one.stage == "group" or (one.stage == "final" and not one.by):
                rows[one.person, one.harm][one.judge].append(one.score)
        for (person, _), by_judge in rows.items():
            self.scores.append([float(np.mean(by_judge[judge])) if judge in by_judge else np.nan for judge in self.judges])
            self.scored.append(person)

    def figures(self, seed: int) -> JudgeAgreement:
        said = np.array(self.said, float).T
        people = np.unique(self.people, return_inverse=True)[1]
        harms = {}
        for harm, by_unit in sorted(self.harms.items()):
            table = np.where(np.isnan(said), np.nan, 0.0)
            for unit, found in by_unit.items():
                table[list(found), unit] = 1.0
            harms[harm] = agreement(table, clusters=people, seed=seed)
        counts = {
            judge: JudgeCount(units=int((~np.isnan(row)).sum()), failed=int(np.nansum(row)))
            for judge, row in zip(self.judges, said, strict=True)
        }
        verdicts = agreement(said, clusters=people, seed=seed)
        return JudgeAgreement(judges=counts, verdicts=verdicts, harms=harms, scores=self._scores(seed))

    def _scores(self, seed: int) -> Alpha | None:
        table = np.array(self.scores, float).T if self.scores else np.empty((0, 0))
        table = table[(~np.isnan(table)).any(axis=1)] if len(table) else table
        if len(table) < 2:
            return None
        return agreement(table, "ordinal", np.unique(self.scored, return_inverse=True)[1], seed=seed)

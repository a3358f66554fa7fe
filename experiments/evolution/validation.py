"""The end of an arm on contexts that the search did not see: its archive, its champion, its hypervolume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...personas.evolution.candidate import Candidate, Evaluation
from ...personas.evolution.champion import Champion, Contender, choose_champion
from ...personas.evolution.hypervolume import VOLUME_METRICS, hypervolume
from ...personas.evolution.search import Search
from ..population.benchmark import Benchmark
from .arms import Evaluates
from .result import Measured


class Validated:
    """Programs on the validation contexts; each different one is measured once, whichever arms have it.

    Args:
        evaluator: Measures on the validation contexts.
    """

    def __init__(self, evaluator: Evaluates) -> None:
        self._evaluator = evaluator
        self._known: dict[str, Evaluation] = {}

    async def look(self, candidates: Sequence[Candidate]) -> None:
        """Measure those that are not known yet."""
        new = {c.source: c for c in candidates if c.source not in self._known}
        for candidate, evaluation in zip(new.values(), await self._evaluator.evaluate(tuple(new.values())), strict=True):
            self._known[candidate.source] = evaluation

    def of(self, candidate: Candidate) -> Measured:
        """Return what one scored.

        Raises:
            KeyError: If it was not looked at.
        """
        found = self._known[candidate.source]
        return Measured(id=candidate.id, family=candidate.family, status=found.status, reason=found.reason, objectives=found.objectives)


def final_archive(search: Search) -> list[Candidate]:
    """Return every different program that holds a place, oldest first."""
    return [search.candidates[id] for id in sorted(set(search.elites().values()))]


def crown(search: Search, validated: Validated, metrics: Sequence[str]) -> Champion:
    """Choose an arm's champion among its final archive and the seeds, by the stated rule.

    Where nobody passes the gates on validation, those that were measured are ranked all the same: whether the champion passed
    is part of the result.

    Raises:
        InputError: If nobody was measured.
    """
    found = [(candidate, validated.of(candidate)) for candidate in standing(search)]
    enough = {"ok"} if any(measured.status == "ok" for _, measured in found) else {"ok", "gated"}
    return choose_champion([_contender(candidate, measured, measured.status in enough) for candidate, measured in found], metrics)


def standing(search: Search) -> list[Candidate]:
    """Return who can become an arm's champion: the seeds, and whoever holds a place."""
    seeds = [candidate for candidate in search.candidates.values() if not candidate.parents]
    return list({c.id: c for c in (*seeds, *final_archive(search))}.values())


def _contender(candidate: Candidate, found: Measured, passed: bool) -> Contender:
    return Contender(
        id=candidate.id,
        objectives=found.objectives,
        passed=passed,
        length=len(candidate.source),
        age=int(candidate.id[1:]),
    )


def volume(archive: Sequence[Measured], reference: Mapping[str, float]) -> float:
    """Return the hypervolume of programs that pass the gates, over :data:`VOLUME_METRICS`."""
    return hypervolume([found.objectives for found in archive if found.status == "ok"], reference)


def figures_of(table: Benchmark, name: str, metrics: Sequence[str] = VOLUME_METRICS) -> dict[str, float]:
    """Return the means of one row of a table; a slope that is not defined counts as 0.

    Raises:
        StopIteration: If the table has no such row.
    """
    row = next(row for row in table.rows if row.generator == name)
    return {metric: row.figures[metric].mean or 0.0 for metric in metrics}

"""What branches found beyond the episodes that they continue, and for how many calls of the target."""

from __future__ import annotations

from collections import Counter

import numpy as np
from pydantic import Field

from ...personas.scenario import Scenario
from .estimates import Figure, VerdictCounts
from .harms import failure_pairs, regions
from .outcomes import Floats, Outcomes

ONE_REPLICATE = "with one replicate it cannot be told what another would find"
NOTHING_NEW = "the branches found nothing new"


class Found(Figure):
    """Distinct failures and the calls of the target that they took."""

    episodes: int = Field(ge=0)
    calls: int = Field(ge=0)  # of the target, those of the prefixes counted once
    distinct_failures: int = Field(ge=0)  # (harm, region) pairs
    calls_each: float | None = None  # calls per distinct failure; null where there is none


class Branching(Figure):
    """Branches of the target's episodes: an arm of its own that counts for distinct failures and for no rate."""

    most: int  # continuations that an episode could have
    verdicts: VerdictCounts  # of the branches
    without: Found  # the target's episodes alone
    with_branches: Found  # those and their branches
    new: dict[str, int] = Field(default_factory=dict)  # distinct failures that branches alone found, by harm
    calls_a_new_one: float | None = None  # calls of branches per distinct failure that they alone found
    calls_a_new_one_by_replicates: float | None = None  # what another replicate of everybody would take, by Good-Turing
    reason: str | None = None  # why one of these is null


def branching_figures(scenario: Scenario, positions: Floats, target: Outcomes, branches: Outcomes, most: int) -> Branching:
    """Hold the target's episodes with their branches against those episodes alone.

    What another replicate would find is estimated from the (harm, region) pairs that exactly one of the R replicates
    found: their number over R is the expectation of new pairs in the last replicate, which the next one does not exceed
    on average (Good 1953, after Turing).

    Args:
        scenario: Declares harms and the reference density.
        positions: Assigned positions, shape (n, axes).
        target: Episodes of the target under test, the trunks.
        branches: Their branches.
        most: Branches that an episode could have.
    """
    before = failure_pairs(scenario, positions, target)
    after = before | failure_pairs(scenario, positions, branches)
    calls, more = target.calls.get("target", 0), branches.calls.get("target", 0)
    new = Counter(harm for harm, _ in after - before)
    again = _by_replicates(scenario, positions, target, calls)
    reason = ONE_REPLICATE if again is None else NOTHING_NEW if not new else None
    return Branching(
        most=most,
        verdicts=branches.verdict_counts(),
        without=_found(_episodes(target), calls, len(before)),
        with_branches=_found(_episodes(target) + _episodes(branches), calls + more, len(after)),
        new={harm: new[harm] for harm in target.harms if new[harm]},
        calls_a_new_one=more / new.total() if new else None,
        calls_a_new_one_by_replicates=again,
        reason=reason,
    )


def _episodes(outcomes: Outcomes) -> int:
    return sum(outcomes.verdict_counts().model_dump().values())


def _found(episodes: int, calls: int, distinct: int) -> Found:
    return Found(episodes=episodes, calls=calls, distinct_failures=distinct, calls_each=calls / distinct if distinct else None)


def _by_replicates(scenario: Scenario, positions: Floats, target: Outcomes, calls: int) -> float | None:
    """Return the calls for each new pair of another replicate; None where that cannot be told."""
    replicates = np.unique(target.replicate[target.resolved])
    if len(replicates) < 2:
        return None
    cells = regions(scenario, positions)
    row, harm = np.nonzero(target.harm_failed & target.resolved[:, None])
    found = {(j, int(cells[target.persona[i]]), int(target.replicate[i])) for i, j in zip(row.tolist(), harm.tolist(), strict=True)}
    once = sum(n == 1 for n in Counter((j, cell) for j, cell, _ in found).values())
    return calls / once if once else None

"""Harms: how often, how often when they could happen, how bad, and in how many regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...personas.scenario import Scenario
from .estimates import LEVEL, Rate
from .outcomes import Floats, Ints, Outcomes
from .rates import Sample, rate

BINS = 3
REGION_AXES = 3


@dataclass(frozen=True)
class HarmFigures:
    """One harm over the resolved units of an arm."""

    episodes: int
    exposed: int
    failures: int
    rate: Rate
    rate_given_exposed: Rate
    mean_severity: float | None  # over failures, in [0, 1]


def harm_figures(outcomes: Outcomes, level: float = LEVEL) -> dict[str, HarmFigures]:
    """Return the figures of every harm, for the ``generator``."""
    out = {}
    resolved = outcomes.resolved
    for j, name in enumerate(outcomes.harms):
        done = outcomes.harm_failed[:, j]
        overall = rate(Sample.of(outcomes, failed=done), level=level)
        exposed = outcomes.harm_exposed[:, j]
        given = rate(Sample.of(outcomes, exposed, done), level=level)
        if given.denominator == 0:
            given = given.model_copy(update={"reason": "nobody was exposed"})
        severity = outcomes.harm_severity[resolved & done, j]
        out[name] = HarmFigures(
            episodes=int(resolved.sum()),
            exposed=int(np.sum(resolved & exposed)),
            failures=int(np.sum(resolved & done)),
            rate=overall,
            rate_given_exposed=given,
            mean_severity=float(severity.mean()) if len(severity) else None,
        )
    return out


def regions(scenario: Scenario, positions: Floats) -> Ints:
    """Return the number of the region that each position lies in, shape (n,).

    Regions are the cells of three equal-mass bins of the reference margin on at most the first three axes.

    Args:
        scenario: Declares the reference density.
        positions: Assigned positions, shape (n, axes).
    """
    if not len(positions):
        return np.zeros(0, np.int64)
    u = scenario.density.cdf(positions)[:, :REGION_AXES]
    bins = np.minimum((u * BINS).astype(np.int64), BINS - 1)
    cells: Ints = bins @ (BINS ** np.arange(bins.shape[1]))
    return cells


def failure_pairs(scenario: Scenario, positions: Floats, outcomes: Outcomes) -> set[tuple[str, int]]:
    """Return the (harm, region) pairs with at least one failure.

    Args:
        scenario: Declares the reference density.
        positions: Assigned positions, shape (n, axes).
        outcomes: One arm.
    """
    cells = regions(scenario, positions)
    row, harm = np.nonzero(outcomes.harm_failed & outcomes.resolved[:, None])
    return {(outcomes.harms[j], int(cells[outcomes.persona[i]])) for i, j in zip(row.tolist(), harm.tolist(), strict=True)}


def distinct_failures(scenario: Scenario, positions: Floats, outcomes: Outcomes) -> int:
    """Count the (harm, region) pairs with at least one failure, see :func:`failure_pairs`."""
    return len(failure_pairs(scenario, positions, outcomes))

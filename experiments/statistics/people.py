"""Person by person: raw rates with their intervals, and rates fit for ranking."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...sim.stats import jeffreys
from .estimates import LEVEL
from .outcomes import Bools, Floats, Ints, Outcomes


@dataclass(frozen=True)
class PeopleFigures:
    """Figures of every person, all of shape (n,); rates are NaN where nothing is resolved."""

    episodes: Ints  # rows, resolved or not
    resolved: Ints
    failures: Ints
    rate: Floats  # failures over resolved
    low: Floats  # Jeffreys
    high: Floats
    ranking: Floats  # posterior mean, drawn toward the mean of the run
    mixed: Bools  # failed in some resolved replicates and passed in others
    verdicts: Ints  # shape (n, 5), units by verdict of their episode


def people_figures(outcomes: Outcomes, level: float = LEVEL) -> PeopleFigures:
    """Return the figures of every person of an arm."""
    rows = np.bincount(outcomes.persona, minlength=outcomes.n)
    n = outcomes.of_people(outcomes.resolved)
    k = outcomes.of_people(outcomes.resolved & outcomes.failed)
    low, high = jeffreys(k, n, level)
    table = np.zeros((outcomes.n, 5), np.int64)
    np.add.at(table, (outcomes.persona, outcomes.verdict), 1)
    return PeopleFigures(
        episodes=rows,
        resolved=n.astype(np.int64),
        failures=k.astype(np.int64),
        rate=np.divide(k, n, out=np.full(outcomes.n, np.nan), where=n > 0),
        low=low,
        high=high,
        ranking=shrunk(k, n),
        mixed=(k > 0) & (k < n),
        verdicts=table,
    )


def shrunk(k: Floats, n: Floats) -> Floats:
    """Return posterior mean rates under a Beta prior fitted to the people by moments, shape (n,).

    The prior has the run's mean and the correlation of replicates within people (one-way analysis of variance,
    held between 0.01 and 0.99). So one bad replicate of one does not outrank nine of ten. NaN without a unit.
    """
    there = n > 0
    if not there.any():
        return np.full(len(n), np.nan)
    m = (k[there].sum() + 0.5) / (n[there].sum() + 1)
    icc = float(np.clip(_moment_icc(k[there], n[there]), 0.01, 0.99))
    weight = (1 - icc) / icc
    return np.where(there, (k + m * weight) / np.maximum(n + weight, 1e-12), np.nan)


def _moment_icc(k: Floats, n: Floats) -> float:
    """Return the one-way ANOVA estimate of the correlation within people; 0 where there is none."""
    people, units = len(k), float(n.sum())
    if people < 2 or units <= people:
        return 0.0
    p = k / n
    m = float(k.sum() / units)
    between = float(np.sum(n * (p - m) ** 2)) / (people - 1)
    within = float(np.sum(n * p * (1 - p))) / (units - people)
    size = (units - float(np.sum(n**2)) / units) / (people - 1)
    total = between + (size - 1) * within
    return (between - within) / total if total > 0 else 0.0

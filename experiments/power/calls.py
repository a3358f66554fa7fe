"""Which tails a run calls worse than the core, for many studies at once: the test of ``tails.tail_contrasts``."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..statistics.estimates import LEVEL
from ..statistics.outcomes import Bools, Floats, Ints
from ..statistics.simultaneous import holm
from ..statistics.two_sample import group_p, scores
from .surfaces import Populations

HOPELESS = 0.15
"""Matched p-value above which no groups are counted: where counting gave 0.05 or less, matching never gave more than 0.14."""

CERTAIN = 1 / 3
"""Share of the strictest p-value that Holm asks for, below which none are counted: matching never gave less than 0.4 of the count."""

COUNTED = 200
"""People of tail and core above whom groups are never counted: a run does up to some 400, which takes too long here."""


def called_worse(populations: Populations, looked: tuple[int, ...], placement: Ints, k: Ints, replicates: int) -> Bools:
    """Tell which studies call one of some tails worse than the core, shape (studies,).

    Args:
        populations: Who stands where.
        looked: Indices of tails; p-values are adjusted over all tails.
        placement: Population of each study, shape (studies,).
        k: Failures of each person, shape (studies, n), of which all replicates are resolved.
        replicates: Replicates of each person.
    """
    rough = np.array([_rough(k, tail[placement], populations.core[placement]) for tail in populations.inside])
    called = np.zeros(len(k), bool)
    for s in np.flatnonzero((rough[list(looked)] <= HOPELESS).any(axis=0)).tolist():

        def p(i: int, s: int = s) -> float:
            return _p(populations, i, int(placement[s]), k[s], replicates, rough[i, s]) if rough[i, s] <= HOPELESS else 1.0

        called[s] = _any_rejected(p, looked, np.flatnonzero(~np.isnan(rough[:, s])).tolist())
    return called


def _any_rejected(p: Callable[[int], float], looked: tuple[int, ...], measured: list[int]) -> bool:
    """Tell whether Holm rejects for some of the tails looked at; no more p-values are asked for than that takes."""
    alpha = 1 - LEVEL
    own = {i: p(i) for i in measured if i in looked}
    least = min(own.values(), default=1.0)
    if least > alpha or least * len(measured) <= alpha or len(own) == len(measured):
        return least * len(measured) <= alpha
    adjusted = holm(np.array([own[i] if i in own else p(i) for i in measured]))
    return any(adjusted[at] <= alpha for at, i in enumerate(measured) if i in own)


def _p(populations: Populations, tail: int, population: int, k: Ints, replicates: int, rough: float) -> float:
    """Return the one-sided p-value of one tail in one study, counted where that could make a difference."""
    people = populations.inside[tail, population]
    both = people | populations.core[population]
    if both.sum() > COUNTED or rough <= CERTAIN * (1 - LEVEL) / len(populations.tails):
        return rough
    inside, score = people[both], scores(k[both].astype(float), np.full(int(both.sum()), float(replicates)))
    return float(group_p(score, np.array([inside.sum()]), np.array([score[inside].sum()]))[0][0])


def _rough(k: Ints, tail: Bools, core: Bools) -> Floats:
    """Return p-values of a tail by three matched moments (see ``two_sample.group_p``), shape (studies,); NaN where one side is empty."""
    from scipy.stats import pearson3

    both = tail | core
    size, people = tail.sum(axis=1).astype(float), both.sum(axis=1).astype(float)
    mean = np.sum(k * both, axis=1) / np.maximum(people, 1)
    deviation = np.where(both, k - mean[:, None], 0.0)
    measured = (size > 0) & (size < people)
    p = np.where(measured, 1.0, np.nan)
    at = measured & (people > 2) & (np.abs(deviation).max(axis=1) > 1e-9)
    m, n, b = size[at], people[at], deviation[at]
    spread = np.sqrt(m * (n - m) / n * np.sum(b**2, axis=1) / (n - 1))
    third = m * (n - m) * (n - 2 * m) / n * np.sum(b**3, axis=1) / ((n - 1) * (n - 2))
    z = (np.sum(k[at] * tail[at], axis=1) - 0.5 - m * mean[at]) / spread
    p[at] = pearson3.sf(z, third / spread**3)
    return p

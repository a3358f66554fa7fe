"""Person by person: raw rates with their intervals, rates fit for ranking, and how far replicates agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...sim.stats import jeffreys
from .estimates import LEVEL, Estimate
from .outcomes import Bools, Floats, Ints, Outcomes
from .rates import mean_of_people
from .rooms import Rooms, by_pool


class Agreeing(Estimate):
    """How far the replicates of a person agree: a mean over people, each counting once."""

    definition: str  # what is estimated, in words
    k: int  # replicates of one person that are looked at together
    personas: int  # people with at least k resolved replicates
    left_out: int  # people with fewer


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
    flips: Floats  # share of the pairs of resolved replicates that disagree; NaN below two
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
        flips=_disagreeing(k, n),
        verdicts=table,
    )


def pass_hat(outcomes: Outcomes, k: int, level: float = LEVEL) -> Agreeing:
    """Return pass^k: the probability that k replicates of the same person all pass.

    For a person with s passes in n resolved replicates the estimate is C(s, k) / C(n, k), which is unbiased; people with fewer
    than k are left out. It is not the k-th power of the pass rate, which is less wherever people differ.

    Args:
        outcomes: One arm.
        k: Replicates, 1 or more.
        level: Nominal level in (0, 1).

    Raises:
        ValueError: If k is below 1.

    Source: Yao et al. 2024, tau-bench (arXiv 2406.12045), section 3.3.
    """
    from scipy.special import comb

    if k < 1:
        raise ValueError(f"pass^k: expected k of 1 or more, got {k}")
    n = outcomes.of_people(outcomes.resolved)
    passes = n - outcomes.of_people(outcomes.resolved & outcomes.failed)
    own = comb(passes, k) / np.maximum(comb(n, k), 1)
    return _agreeing(outcomes, own, n, k, level, f"probability that {k} replicates of the same person all pass (pass^{k})")


def flip_rate(outcomes: Outcomes, level: float = LEVEL) -> Agreeing:
    """Return the probability that two replicates of the same person disagree: the share of such pairs, person by person."""
    n = outcomes.of_people(outcomes.resolved)
    own = _disagreeing(outcomes.of_people(outcomes.resolved & outcomes.failed), n)
    return _agreeing(outcomes, own, n, 2, level, "probability that two replicates of the same person disagree")


def _disagreeing(k: Floats, n: Floats) -> Floats:
    """Return the share of pairs of replicates that disagree, for k failures in n; NaN below two."""
    return np.where(n > 1, 2 * k * (n - k) / np.maximum(n * (n - 1), 1), np.nan)


def _agreeing(outcomes: Outcomes, own: Floats, n: Floats, k: int, level: float, definition: str) -> Agreeing:
    """Return the mean of people's own figures, each made of all subsets of ``k`` of their ``n`` replicates."""
    there = n >= k
    people = int(there.sum())
    blank = Agreeing(definition=definition, k=k, personas=people, left_out=outcomes.n - people, level=level)
    clusters, variance = _company(outcomes, own, there)
    share = mean_of_people(own[there], n[there] // k, clusters, variance)
    if share is None:
        return blank.model_copy(update={"reason": f"nobody has {k} resolved replicates"})
    low, high = share.exact(level)
    m = share.estimate
    method = "mean over people, Clopper-Pearson at effective sample size, clustered by person" + (" and company" if clusters else "")
    return blank.model_copy(update={"estimate": m, "low": min(low, m), "high": max(high, m), "method": method})


def _company(outcomes: Outcomes, own: Floats, there: Bools) -> tuple[int | None, float]:
    """Return the number of companies (people linked by shared episodes) and the variance of the mean between them.

    Nobody shares an episode: None and 0.
    """
    if not np.any(outcomes.company) or not there.any():
        return None, 0.0
    pool = np.zeros(outcomes.n, np.int64)
    pool[outcomes.persona] = Rooms(outcomes.persona, outcomes.episode).pools(outcomes.episode)
    which = np.unique(pool[there], return_inverse=True)[1]
    return int(which.max()) + 1, by_pool((own[there] - own[there].mean()) / np.count_nonzero(there), which)


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

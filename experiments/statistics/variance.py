"""Noise against persons: how far failing, and how badly, is a matter of who it is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from .estimates import LEVEL, Agreement, Figure
from .outcomes import Bools, Floats, Ints, Outcomes
from .quantiles import t_value
from .rooms import Rooms

TOO_FEW = "fewer than two people have two resolved replicates"
ALL_SAME = "every outcome is the same"

ALWAYS_ALIKE = ((0.75, 0.0, 0.0), (0.75, 1.0, 1.0))
"""Imaginary people whose replicates never differ: weight, failure rate, rate at which two replicates both fail.

The weight is the least at which the interval held its level for every correlation, also those between the ones of
``benchmarks/icc.py``; it gives 0.75 + 2 sqrt(0.75), or two and a half people, for a kind of whom none was seen.
"""

NEVER_ALIKE = ((1.0, 0.5, 0.0),)
"""One imaginary person seen twice, who failed once."""


class Components(Figure):
    """The variance of an outcome, between people and between replicates of one person.

    Variances are in squared units of the outcome; null where fewer than two people have two resolved replicates.
    """

    persona: float | None = None  # variance of people's own expected outcomes, 0 or more
    replicate: float | None = None  # mean variance between replicates of a person
    total: float | None = None  # their sum
    share: float | None = None  # persona / total, [0, 1]: the ICC of one replicate; null where total is 0
    personas: int = 0  # people with two or more resolved replicates
    method: str = ""
    reason: str | None = None


class VarianceComponents(Figure):
    """The components of three outcomes of a unit."""

    failed: Components  # 0 or 1
    severity_class: Components  # worst severity as ordered classes, in ridits
    severity: Components  # worst severity in [0, 1], 0 where nothing happened


def variance_components(outcomes: Outcomes) -> VarianceComponents:
    """Split the variance of failing, of ordered severity and of severity; see :func:`components` and :func:`ridits`."""
    worst = outcomes.harm_severity.max(axis=1, initial=0.0)
    severity = replicate_table(outcomes, worst)
    return VarianceComponents(
        failed=components(replicate_table(outcomes), "one-way analysis of variance of 0/1 outcomes"),
        severity_class=components(ridits(severity), "one-way analysis of variance of ridits (rank ICC)"),
        severity=components(severity, "one-way analysis of variance of the worst severity"),
    )


def components(table: ArrayLike, method: str = "one-way analysis of variance") -> Components:
    """Split the variance of an outcome by a one-way random-effects analysis of variance in which each person counts once.

    The replicate component is the mean of the people's own variances; the person component is the variance of their
    means less what replicates add to it, or 0 where that is negative. With as many replicates for everyone these are
    the classical estimators. Of 0/1 outcomes they are components on the observed scale: the variance of the people's
    failure rates p, and the mean of p (1 - p).

    Args:
        table: Outcomes, shape (people, replicates), NaN where there is none; people with fewer than two are left out.
        method: What the figure says of how it was made.

    Source: Searle, Casella and McCulloch 1992, Variance Components, chapter 3; unweighted means as in Thomas and
    Hultquist 1978, Annals of Statistics 6(3); 0/1 outcomes as in Ridout, Demetrio and Firth 1999, Biometrics 55(1).

    Example:
        >>> found = components([[1.0, 3.0], [5.0, 7.0], [9.0, 11.0]])
        >>> found.persona, found.replicate, round(found.share, 3)
        (15.0, 2.0, 0.882)
    """
    y = np.asarray(table, float)
    n = (~np.isnan(y)).sum(axis=1).astype(float)
    y, n = y[n >= 2], n[n >= 2]
    if len(y) < 2:
        return Components(personas=len(y), method=method, reason=TOO_FEW)
    if np.nanmin(y) == np.nanmax(y):
        return Components(persona=0.0, replicate=0.0, total=0.0, personas=len(y), method=method, reason=ALL_SAME)
    persona, replicate = _split(np.nanmean(y, axis=1), np.nanvar(y, axis=1, ddof=1), n)
    total = persona + replicate
    return Components(persona=persona, replicate=replicate, total=total, share=persona / total, personas=len(y), method=method)


def _split(means: Floats, variances: Floats, n: Floats) -> tuple[float, float]:
    """Return the components between and within, from people's means and variances."""
    between = float(means.var(ddof=1) - np.mean(variances / n))
    return max(0.0, between), float(variances.mean())


def ridits(table: ArrayLike) -> Floats:
    """Return the outcomes of a table as ridits: the share of outcomes below, and half of those that are equal.

    Each person counts once. The components of ridits are those of ordered classes: they need the order only, whatever
    numbers the classes have, and their share is the rank intraclass correlation.

    Source: Bross 1958, Biometrics 14(1); Tu, Li, Zeng and Shepherd 2023, Statistics in Medicine 42(24), with equal
    weights for clusters.
    """
    y = np.asarray(table, float)
    there = ~np.isnan(y)
    if not there.any():
        return y
    counts = there.sum(axis=1)
    weights = np.repeat(1 / np.maximum(counts, 1), counts) / np.count_nonzero(counts)
    _, place = np.unique(y[there], return_inverse=True)
    mass = np.bincount(place, weights)
    out = np.full(y.shape, np.nan)
    out[there] = (np.cumsum(mass) - mass / 2)[place]
    return out


def replicate_table(outcomes: Outcomes, values: Bools | Floats | None = None) -> Floats:
    """Return an outcome of units as a table of people by resolved replicates, shape (people, R).

    Only people with at least two resolved units have a row; NaN fills the rows of those with fewer than the most.

    Args:
        outcomes: One arm.
        values: The outcome of each row of the arm, shape (rows,); failed or not, if left out.
    """
    keep = np.flatnonzero(outcomes.resolved)
    order = keep[np.lexsort((outcomes.episode[keep], outcomes.replicate[keep], outcomes.persona[keep]))]
    who = outcomes.persona[order]
    n = np.bincount(who, minlength=outcomes.n)
    column = np.arange(len(who)) - np.repeat(np.cumsum(n) - n, n)
    table = np.full((outcomes.n, int(n.max()) if len(n) else 0), np.nan)
    table[who, column] = (outcomes.failed if values is None else values)[order]
    return table[n >= 2]


def failure_icc(outcomes: Outcomes, level: float = LEVEL) -> Agreement:
    """Return the intraclass correlation of failing, with people random; see :func:`counts_icc`.

    Where people share episodes, whom these link is one cluster.
    """
    n = outcomes.of_people(outcomes.resolved)
    k, rows = outcomes.of_people(outcomes.resolved & outcomes.failed), outcomes.resolved
    if not np.any(outcomes.company[rows]):
        return counts_icc(k, n, level)
    pool = np.zeros(outcomes.n, np.int64)
    pool[outcomes.persona[rows]] = Rooms(outcomes.persona[rows], outcomes.episode[rows]).pools(outcomes.episode[rows])
    return counts_icc(k, n, level, pool)


def counts_icc(failures: ArrayLike, replicates: ArrayLike, level: float = LEVEL, pools: ArrayLike | None = None) -> Agreement:
    """Return the intraclass correlation of 0/1 outcomes from counts: the share of their variance between people.

    The estimate is that of :func:`components`. The interval assumes nothing about how people's rates are distributed:
    it is a t interval with the standard error from the influence of each person on the correlation. Where few people
    failed, or all replicates of each agree, that error says too little; so imaginary people are added,
    :data:`ALWAYS_ALIKE` for the upper end and :data:`NEVER_ALIKE` for the lower. Then nothing is concluded that one or two
    people of a kind that happened not to be drawn would overturn, and no interval has zero width.

    Args:
        failures: Failed replicates of each person, shape (people,).
        replicates: Resolved replicates of each person, shape (people,); people with fewer than two are left out.
        level: Nominal level in (0, 1).
        pools: Number of the cluster of each person, shape (people,); None: everybody is one.

    Returns:
        Estimate and interval in [0, 1]; null with the reason where fewer than two people have two replicates, or where
        every outcome is the same. With one cluster the interval is all of [0, 1].

    Source: infinitesimal jackknife, Efron 1982, The Jackknife, the Bootstrap and Other Resampling Plans, chapter 6;
    imaginary observations as in Agresti and Caffo 2000, The American Statistician 54(4). Its actual coverage is
    measured by ``benchmarks/icc.py``.

    Example:
        >>> found = counts_icc([4] * 10 + [0] * 40 + [1, 2], [4] * 52)
        >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
        (0.93, 0.73, 1.0)
    """
    k, n = np.asarray(failures, float), np.asarray(replicates, float)
    pool = None if pools is None else np.unique(np.asarray(pools)[n >= 2], return_inverse=True)[1]
    k, n = k[n >= 2], n[n >= 2]
    if len(k) < 2:
        return Agreement(reason=TOO_FEW)
    if k.sum() in (0, n.sum()):
        return Agreement(reason=ALL_SAME)
    rate = k / n
    persona, replicate = _split(rate, n * rate * (1 - rate) / (n - 1), n)
    estimate = persona / (persona + replicate)
    both = k * (k - 1) / (n * (n - 1))
    lowest, below = _with(NEVER_ALIKE, rate, both, level, pool)
    highest, above = _with(ALWAYS_ALIKE, rate, both, level, pool)
    return Agreement(
        estimate=estimate,
        low=max(0.0, min(estimate, lowest - below)),
        high=min(1.0, max(estimate, max(0.0, highest) + above)),  # no truth is negative: an upper end below 0 would say too much
        method="ICC(1) of a replicate, each person counted once; t interval by influence, with imaginary people at either end"
        + ("" if pool is None else ", clustered by people linked by shared episodes"),
    )


def _with(
    imaginary: Sequence[tuple[float, float, float]], rate: Floats, both: Floats, level: float, pool: Ints | None = None
) -> tuple[float, float]:
    """Return the correlation with imaginary people added, and half the width of its t interval."""
    added = np.array(imaginary)
    weight = np.concatenate([np.ones(len(rate)), added[:, 0]])
    p, pp = np.concatenate([rate, added[:, 1]]), np.concatenate([both, added[:, 2]])
    size = float(weight.sum())
    m, mm = float(weight @ p) / size, float(weight @ pp) / size
    spread = m * (1 - m)
    icc = (mm - m * m) / spread
    influence = (pp - mm - 2 * m * (p - m) - icc * (1 - 2 * m) * (p - m)) / spread
    square, df = float(weight @ influence**2), size - 1
    if pool is not None:
        count = int(pool.max()) + 1
        if count < 2:
            return icc, 1.0
        real = len(rate)
        together = float(np.sum(np.bincount(pool, influence[:real]) ** 2)) * count / (count - 1)
        square = max(square, together + float(weight[real:] @ influence[real:] ** 2))
        df = count - 1.0
    return icc, t_value(level, df) * float(np.sqrt(square / (size * (size - 1))))

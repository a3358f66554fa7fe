"""How many people fail often: the share whose latent failure rate exceeds a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from pydantic import Field

from ...sim.stats import clopper_pearson
from .clusters import independent_people
from .estimates import LEVEL, Figure
from .outcomes import Bools, Floats
from .rates import Sample

THRESHOLDS = tuple(i / 20 for i in range(20))
GRID = np.arange(201) / 200
"""Latent rates that a mixing distribution may have mass at, shape (201,)."""
CLOSE = 0.05
"""Log-likelihood short of the maximum at which the fit stops; no data tell such fits apart."""
ITERATIONS = 20_000
MOST_CUTS = 20


class ExceedancePoint(Figure):
    """One point of an exceedance curve; null where nothing can be said."""

    threshold: float = Field(ge=0, lt=1)
    estimate: float | None = None  # share of people whose latent failure rate is above the threshold
    low: float | None = None
    high: float | None = None


class Exceedance(Figure):
    """The share of people whose latent failure rate exceeds a threshold, for rising thresholds."""

    points: tuple[ExceedancePoint, ...]
    personas: int = Field(default=0, ge=0)  # people with at least one resolved unit
    level: float = Field(gt=0, lt=1)  # at which all intervals hold together
    method: str = ""
    reason: str | None = None  # why the numbers are missing, in words


def exceedance(sample: Sample, thresholds: Sequence[float] = THRESHOLDS, level: float = LEVEL) -> Exceedance:
    """Return the share of people whose latent failure rate is above each threshold.

    Observed rates of a few replicates spread more than latent ones do: of people who all fail at 0.3, a quarter
    fails in two replicates of four. So a mixture of binomials is fitted (:func:`mixing_distribution`), and the curve
    is that of its mixing distribution; people all alike give a step at the common rate.

    A few replicates settle only the first moments of the mixing distribution, so many fit equally well, and a
    bootstrap of one fit covers far too little near a step. The intervals are the ends that the share can have over
    all mixing distributions under which the counts lie in a confidence band (F-localization; Ignatiadis and Wager
    2022, JASA 117). The band is that of Clopper and Pearson for the distribution function of people's observed rates
    (it holds where people differ in replicates: Hoeffding 1956), Bonferroni over its cuts; people who share
    episodes, directly or by others, count in it as one cluster. The intervals hold at all thresholds together.

    Args:
        sample: Resolved units; each person's are taken as independent at one latent rate, whichever were resolved.
        thresholds: Rates in [0, 1).
        level: Nominal level in (0, 1).

    Returns:
        The curve; null with the reason where fewer than two people have two resolved replicates, or no mixture fits.
    """
    k, n = sample.counts()
    k, n = k[n > 0], n[n > 0]
    reason, ends = None, None
    above = np.asarray(thresholds)[:, None] + 1e-9 < GRID
    if np.sum(n >= 2) < 2:
        reason = "fewer than two people have two resolved replicates: latent rates cannot be told from chance"
    else:
        ends = _ends(_band(k, n, independent_people(sample), level), above)
        if ends is None:
            reason = "people's counts are more alike than independent replicates allow: no mixture of binomials fits"
    if ends is None:
        return Exceedance(points=tuple(ExceedancePoint(threshold=t) for t in thresholds), personas=len(n), level=level, reason=reason)
    share = np.clip(above @ mixing_distribution(k, n), 0, 1)
    low, high = np.minimum(ends[0], share), np.maximum(ends[1], share)
    rows = zip(thresholds, share.tolist(), low.tolist(), high.tolist(), strict=True)
    return Exceedance(
        points=tuple(ExceedancePoint(threshold=t, estimate=x, low=a, high=b) for t, x, a, b in rows),
        personas=len(n),
        level=level,
        method="nonparametric maximum likelihood mixture of binomials; F-localization by a Clopper-Pearson band, all thresholds together",
    )


def mixing_distribution(k: Floats, n: Floats) -> Floats:
    """Return the maximum likelihood mixing distribution of a binomial mixture, as weights on :data:`GRID`.

    EM from equal weights over distinct (k, n), so that cost does not grow with the number of people. It stops when the
    directional derivative bounds the log-likelihood to within :data:`CLOSE` of the maximum, or
    after :data:`ITERATIONS`. Where many distributions are equally likely it ends at a spread one. Where no unit or every
    unit failed, all mass is at 0 or at 1.

    Args:
        k: Failures of each person, shape (n,).
        n: Units of each person, 1 or more, shape (n,).

    Returns:
        Weights that add up to 1, shape (201,).

    Source: Kiefer and Wolfowitz 1956; Lindsay 1983, The geometry of mixture likelihoods, section 4 for the bound.
    """
    if not np.any(k > 0) or not np.any(k < n):
        return np.asarray(np.where(np.any(k > 0), GRID == 1, GRID == 0), float)
    cells, counts = np.unique(np.stack([k, n]), axis=1, return_counts=True)
    likelihood = _pmf(cells[0], cells[1])
    share = counts / counts.sum()
    w = np.full(len(GRID), 1 / len(GRID))
    for _ in range(ITERATIONS):
        gradient = (share / (likelihood @ w)) @ likelihood
        if len(k) * (gradient.max() - 1) <= CLOSE:
            break
        w = w * gradient
    return np.asarray(w / w.sum())


class _Band(NamedTuple):
    """Where the distribution function of people's observed rates may lie at some cuts."""

    function: Floats  # at each cut for each latent rate of the grid, shape (cuts, 201)
    low: Floats  # shape (cuts,)
    high: Floats


def _band(k: Floats, n: Floats, people: float, level: float) -> _Band:
    """Return the band; ``people`` is the number of independent people that the observed ones are worth."""
    from scipy.special import bdtr

    most = int(n.max())
    cuts = np.unique(np.linspace(0, most - 1, min(most, MOST_CUTS)).astype(int)) / most
    sizes, counts = np.unique(n, return_counts=True)
    share = counts / counts.sum()
    last = np.floor(cuts[:, None] * sizes + 1e-9)  # most failures of n that are still at or below the cut
    function = np.einsum("cng,n->cg", bdtr(last[:, :, None], sizes.astype(int)[None, :, None], GRID), share)
    below = np.mean(k / n <= cuts[:, None] + 1e-9, axis=1)
    low, high = clopper_pearson(below * people, people, 1 - (1 - level) / len(cuts))
    return _Band(function, low, high)


def _ends(band: _Band, above: Bools) -> tuple[Floats, Floats] | None:
    """Return the least and the largest share above each threshold over mixtures inside the band; None if there are none."""
    from scipy.optimize import linprog

    inequalities = np.concatenate([band.function, -band.function])
    bounds = np.concatenate([band.high, -band.low])
    ends = np.empty((2, len(above)))
    for i, inside in enumerate(above.astype(float)):
        for j, sign in enumerate((1.0, -1.0)):
            found = linprog(sign * inside, inequalities, bounds, np.ones((1, len(GRID))), [1.0], method="highs")
            if not found.success:
                return None
            ends[j, i] = sign * found.fun
    return np.clip(ends[0], 0, 1), np.clip(ends[1], 0, 1)


def _pmf(k: Floats, n: Floats) -> Floats:
    """Return binomial probabilities of counts at every latent rate of the grid, shape (cells, 201)."""
    from scipy.special import betaln, xlog1py, xlogy

    k, n = k[:, None], n[:, None]
    log = xlogy(k, GRID) + xlog1py(n - k, -GRID) - betaln(k + 1, n - k + 1) - np.log1p(n)
    return np.asarray(np.exp(log))

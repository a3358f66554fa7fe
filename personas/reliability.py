"""Reliability of repeated measurements: is the spread between people, or between runs of one person?"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special
from scipy.spatial.distance import cdist

from ..sim.errors import InputError
from ..sim.seeds import derive
from ..sim.types import Frozen

Array = NDArray[np.float64]
COMMON_POINTS = (0.1, 0.3, 0.5, 0.7, 0.9)
"""Assigned values at which populations that stand elsewhere are compared."""

_NOTHING = 1e-24  # mean squares this small are rounding of equal scores


class Reliability(Frozen):
    """One-way random effects: score = mean + person + run of the person.

    ``icc`` and the bounds are None where all scores are equal, because then there is nothing to divide.
    """

    people: int  # with at least one readable score
    runs: float  # scores a person; the n0 of unbalanced designs where some are missing
    msb: float  # mean square between people
    msw: float  # mean square within people
    icc: float | None  # ICC(1): share of the variance of a single run that lies between people
    low: float | None  # lower end of the F interval of ICC(1)
    high: float | None  # its upper end
    level: float  # nominal coverage of the interval
    icc_mean: float | None  # ICC(1, R): reliability of the mean of a person's runs; None also if all means are equal

    @property
    def shrinkage(self) -> float:
        """Root of the reliability of the run-mean, in [0, 1]; 0 where there is none.

        Run-means shrunk toward their mean by this factor have the variance that is due to people
        (the reliability itself, Kelley's factor, is best for one person and makes a cloud too narrow).
        """
        return math.sqrt(max(0.0, self.icc_mean or 0.0))


class Fidelity(Frozen):
    """How the measured value follows the assigned one, by ordinary least squares over people."""

    slope: float | None  # None where all assigned values are equal, or there are fewer than 2 people
    r2: float | None  # squared correlation; None also where all measured values are equal
    rmse: float  # root of the mean squared difference over these people, in units of the axis
    rmse_common: float | None = None  # the same expected of people at the common points; None without a slope, and below 3 people


def one_way(scores: ArrayLike, level: float = 0.95) -> Reliability | None:
    """Split the variance of repeated scores into people and runs.

    Args:
        scores: Shape (people, runs); NaN where a score could not be read. People without any are left out.
        level: Nominal coverage of the interval, in (0, 1).

    Returns:
        Mean squares, ICC(1) with its F interval and ICC(1, R); None with fewer than 2 people or 2 runs.
        With missing scores the interval is approximate (runs replaced by n0).

    Raises:
        InputError: If the scores are no table or the level is off.

    Source: Shrout & Fleiss 1979, Psychological Bulletin 86(2), case 1; McGraw & Wong 1996, Psychological Methods
    1(1), for the interval; Searle, Casella & McCulloch 1992, Variance Components, for n0.
    """
    y = np.asarray(scores, float)
    if y.ndim != 2:
        raise InputError("scores", "a table of people by runs", y.shape)
    if not 0 < level < 1:
        raise InputError("level", "a number between 0 and 1", level)
    y = y[~np.isnan(y).all(axis=1)] if y.size else y[:0]
    counts = (~np.isnan(y)).sum(axis=1)
    n, total = len(y), int(counts.sum())
    if n < 2 or total <= n:
        return None
    runs = float((total - (counts**2).sum() / total) / (n - 1))
    means = np.nanmean(y, axis=1)
    grand = float((counts * means).sum() / total)
    msb = float((counts * (means - grand) ** 2).sum() / (n - 1))
    msw = float(np.nansum((y - means[:, None]) ** 2) / (total - n))
    icc, low, high, icc_mean = _icc(msb, msw, runs, n - 1, total - n, level)
    return Reliability(people=n, runs=runs, msb=msb, msw=msw, icc=icc, low=low, high=high, level=level, icc_mean=icc_mean)


def _icc(
    msb: float, msw: float, runs: float, between: int, within: int, level: float
) -> tuple[float, float, float, float | None] | tuple[None, None, None, None]:
    """Return ICC(1), its bounds and ICC(1, R) from mean squares and their degrees of freedom."""
    if max(msb, msw) < _NOTHING:
        return None, None, None, None
    icc = (msb - msw) / (msb + (runs - 1) * msw)
    tail = (1 - level) / 2
    # F / quantile, written with products so that msw = 0 (every run alike) gives bounds of 1
    high_q = float(special.fdtri(between, within, 1 - tail)) * msw
    low_q = float(special.fdtri(between, within, tail)) * msw
    low = (msb - high_q) / (msb + (runs - 1) * high_q)
    high = (msb - low_q) / (msb + (runs - 1) * low_q)
    icc_mean = (msb - msw) / msb if msb >= _NOTHING else None
    return icc, low, high, icc_mean


def discriminability(scores: ArrayLike, most_people: int = 200) -> float | None:
    """Return how often another run of the same person lies closer than a run of somebody else; ties count half.

    Args:
        scores: Shape (people, runs, axes); people with a NaN anywhere are left out.
        most_people: Of more people than this a fixed, seeded sample is taken.

    Returns:
        Share in [0, 1], over all triples of two runs of a person and one run of another: 1 every person is
        recognised, 0.5 nobody is. None with fewer than 2 people or 2 runs.

    Source: Bridgeford et al. 2021, PLOS Computational Biology 17(9), section "Discriminability".
    """
    x = np.asarray(scores, float)
    x = x[~np.isnan(x).any(axis=(1, 2))]
    n, runs = x.shape[:2]
    if n < 2 or runs < 2:
        return None
    if n > most_people:
        x = x[np.sort(derive(0, "discriminability", n, most_people).choice(n, most_people, replace=False))]
        n = most_people
    flat = x.reshape(n * runs, -1)
    owner = np.repeat(np.arange(n), runs)
    wins = 0.0
    for row, distances in enumerate(cdist(flat, flat)):
        mine = owner == owner[row]
        others = np.sort(distances[~mine])
        mine[row] = False
        own = distances[mine]
        right = len(others) - np.searchsorted(others, own, side="right")
        ties = len(others) - np.searchsorted(others, own, side="left") - right
        wins += float((right + ties / 2).sum())
    return float(wins / (n * runs * (runs - 1) * (n - 1) * runs))


def fidelity(assigned: ArrayLike, measured: ArrayLike) -> Fidelity | None:
    """Compare measured with assigned values of one axis.

    Args:
        assigned: Shape (people,), in [0, 1].
        measured: Shape (people,); people with NaN are left out.

    Returns:
        Slope and R2 of measured on assigned, the root mean squared difference over these people, and what it would be
        of people at :data:`COMMON_POINTS`; None without people.

        The last is of use between populations that stand in different places. With the fitted line a + b x and the
        residual variance s2 about it (n - 2 degrees of freedom), it is the root of the mean of (a + b g - g)^2 + s2 over
        the common points g. It takes the line to hold where nobody stands and the noise to be the same everywhere; what
        bends away from the line counts as noise.
    """
    a, m = np.asarray(assigned, float), np.asarray(measured, float)
    seen = ~(np.isnan(a) | np.isnan(m))
    a, m = a[seen], m[seen]
    if not len(a):
        return None
    rmse = float(np.sqrt(((m - a) ** 2).mean()))
    da, dm = a - a.mean(), m - m.mean()
    saa, smm, sam = float(da @ da), float(dm @ dm), float(da @ dm)
    if len(a) < 2 or saa < _NOTHING:
        return Fidelity(slope=None, r2=None, rmse=rmse)
    slope = sam / saa
    return Fidelity(
        slope=slope,
        r2=sam**2 / (saa * smm) if smm >= _NOTHING else None,
        rmse=rmse,
        rmse_common=_at_common_points(slope, float(m.mean() - slope * a.mean()), m - m.mean() - slope * da) if len(a) > 2 else None,
    )


def _at_common_points(slope: float, intercept: float, residuals: Array) -> float:
    """Return the root mean squared difference to expect of people at the common points."""
    grid = np.array(COMMON_POINTS)
    noise = float(residuals @ residuals) / (len(residuals) - 2)
    return float(np.sqrt(((intercept + slope * grid - grid) ** 2).mean() + noise))

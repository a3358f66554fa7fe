"""Intervals for proportions. Counts may be real numbers (effective counts); no interval ever has zero width."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from .errors import InputError

Array = NDArray[np.float64]


def jeffreys(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Return the Jeffreys interval: equal-tailed, of the Beta(k + 1/2, n - k + 1/2) posterior.

    The lower end is 0 at k = 0 and the upper end 1 at k = n, so that the interval always covers the estimate.

    Args:
        k: Successes, 0 <= k <= n; real numbers are fine.
        n: Trials, 0 or more.
        level: Nominal coverage, in (0, 1).

    Returns:
        Low and high ends in [0, 1], of the broadcast shape of k and n; NaN where n is 0.

    Raises:
        InputError: If a count is negative or not finite, k exceeds n, or the level is off.

    Source: Brown, Cai & DasGupta 2001, Statistical Science 16(2), the Jeffreys interval.
    """
    k_, n_, alpha = _checked(k, n, level)
    low = special.betaincinv(k_ + 0.5, n_ - k_ + 0.5, alpha / 2)
    high = special.betainccinv(k_ + 0.5, n_ - k_ + 0.5, alpha / 2)
    return _finish(low, high, k_, n_)


def clopper_pearson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Return the Clopper-Pearson ("exact") interval, which never covers less than its level.

    Args:
        k: Successes, 0 <= k <= n; real numbers are fine.
        n: Trials, 0 or more.
        level: Nominal coverage, in (0, 1).

    Returns:
        Low and high ends in [0, 1], of the broadcast shape of k and n; NaN where n is 0.

    Raises:
        InputError: If a count is negative or not finite, k exceeds n, or the level is off.

    Source: Clopper & Pearson 1934, Biometrika 26(4); in Beta quantiles as in Brown, Cai & DasGupta 2001.
    """
    k_, n_, alpha = _checked(k, n, level)
    low = special.betaincinv(np.where(k_ > 0, k_, 1), n_ - k_ + 1, alpha / 2)
    high = special.betainccinv(k_ + 1, np.where(k_ < n_, n_ - k_, 1), alpha / 2)
    return _finish(low, high, k_, n_)


def wilson(k: ArrayLike, n: ArrayLike, level: float = 0.95) -> tuple[Array, Array]:
    """Return the Wilson score interval.

    Args:
        k: Successes, 0 <= k <= n; real numbers are fine.
        n: Trials, 0 or more.
        level: Nominal coverage, in (0, 1).

    Returns:
        Low and high ends in [0, 1], of the broadcast shape of k and n; NaN where n is 0.

    Raises:
        InputError: If a count is negative or not finite, k exceeds n, or the level is off.

    Source: Wilson 1927, JASA 22(158); Brown, Cai & DasGupta 2001.
    """
    k_, n_, alpha = _checked(k, n, level)
    z2 = special.ndtri(1 - alpha / 2) ** 2
    safe = np.where(n_ > 0, n_, 1)
    centre = (k_ + z2 / 2) / (n_ + z2)
    half = np.sqrt(z2) / (n_ + z2) * np.sqrt(np.maximum(k_ * (n_ - k_) / safe, 0) + z2 / 4)
    return _finish(centre - half, centre + half, k_, n_)


def _checked(k: ArrayLike, n: ArrayLike, level: float) -> tuple[Array, Array, float]:
    if not 0 < level < 1:
        raise InputError("level", "a number between 0 and 1", level)
    k_, n_ = np.broadcast_arrays(np.asarray(k, float), np.asarray(n, float))
    if not (np.isfinite(n_) & (n_ >= 0)).all():
        raise InputError("n", "finite counts of 0 or more", n)
    if not (np.isfinite(k_) & (k_ >= 0) & (k_ <= n_ * (1 + 1e-12))).all():
        raise InputError("k", "finite counts from 0 to n", k)
    return np.minimum(k_, n_), n_, 1 - level


def _finish(low: Array, high: Array, k: Array, n: Array) -> tuple[Array, Array]:
    """Pin the ends at 0 % and 100 %, cover the estimate, and blank the rates without a denominator."""
    rate = k / np.where(n > 0, n, 1)
    low = np.where(k == 0, 0.0, np.clip(low, 0, rate))
    high = np.where(k == n, 1.0, np.clip(high, rate, 1))
    return np.where(n == 0, np.nan, low), np.where(n == 0, np.nan, high)

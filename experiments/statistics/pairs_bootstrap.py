"""Bootstrap interval of a mean over whole people, of paired changes or of rates: a check on the interval that is made by formula."""

from __future__ import annotations

import numpy as np

from ...sim.seeds import derive
from .estimates import LEVEL, Estimate
from .outcomes import Floats, Ints

DRAWS = 10_000
"""Resamples."""

BLOCK = 1000
"""Resamples held in memory at a time."""


def bootstrap_change(
    total: Floats, size: Floats, level: float = LEVEL, seed: int = 0, draws: int = DRAWS, what: str = "people"
) -> Estimate:
    """Return the mean change with its BCa interval, whole units drawn with replacement (:func:`bootstrap_mean`).

    Args:
        total: Sum of the changes of each unit's people, shape (units,).
        size: People in each unit, shape (units,), more than 0.
        level: Nominal level in (0, 1).
        seed: Seed of the resamples.
        draws: How many resamples.
        what: What a unit is, in the plural.

    Returns:
        The sum of ``total`` over the sum of ``size``, with its interval; null ends with the reason where there is none.
    """
    if not len(total):
        return Estimate(level=level, reason="no pair is resolved on both sides")
    return bootstrap_mean(total, size, level, seed, draws, what, "every unit changed alike, so that resamples do not differ")


def bootstrap_mean(total: Floats, size: Floats, level: float, seed: int, draws: int, what: str, alike: str) -> Estimate:
    """Return a mean over units with its BCa interval (Efron 1987, JASA 82(397)), whole units drawn with replacement.

    Bias is corrected by the rank of the estimate among the resamples (ties count half), skewness by the jackknife
    over units. Only what was seen is drawn again, so the interval is too narrow where few units differ from the others.

    Args:
        total: Sum of the values of each unit's people, shape (units,), one unit or more.
        size: People in each unit, shape (units,), more than 0.
        level: Nominal level in (0, 1).
        seed: Seed of the resamples.
        draws: How many resamples.
        what: What a unit is, in the plural.
        alike: Reason to give where all units have the same mean, which leaves no interval.

    Returns:
        The sum of ``total`` over the sum of ``size``, with its interval; null ends with the reason where there is none.
    """
    rows, counts = np.unique(np.column_stack([total, size]), axis=0, return_counts=True)
    estimate = float(total.sum() / size.sum())
    if len(total) < 2 or np.ptp(rows[:, 0] / rows[:, 1]) == 0:
        return Estimate(estimate=estimate, level=level, reason=alike)
    made = np.sort(_resampled(rows, counts, seed, draws))
    low, high = bca_ends(made, estimate, _acceleration(rows, counts), level)
    return Estimate(estimate=estimate, low=low, high=high, level=level, method=f"BCa bootstrap over whole {what}, {draws:,} resamples")


def _resampled(rows: Floats, counts: Ints, seed: int, draws: int) -> Floats:
    """Return the mean in each resample; alike units are drawn together, as multinomial counts."""
    rng, units = derive(seed, "pairs-bootstrap"), int(counts.sum())
    made = []
    for start in range(0, draws, BLOCK):
        sums = rng.multinomial(units, counts / units, size=min(BLOCK, draws - start)) @ rows
        made.append(sums[:, 0] / sums[:, 1])
    return np.concatenate(made)


def _acceleration(rows: Floats, counts: Ints) -> float:
    """Return the skewness of the mean, from leaving out one unit at a time."""
    total, size = counts @ rows
    without = (total - rows[:, 0]) / (size - rows[:, 1])
    return acceleration(without, counts)


def acceleration(without: Floats, counts: Ints | None = None) -> float:
    """Return the skewness of a figure that BCa corrects for (Efron 1987), 0 where it does not vary.

    Args:
        without: The figure with one unit left out, shape (kinds of units,).
        counts: Units of each kind; None: one.
    """
    times = np.ones(len(without)) if counts is None else counts
    away = float(np.average(without, weights=times)) - without
    spread = float(times @ away**2)
    return float(times @ away**3) / (6 * spread**1.5) if spread > 0 else 0.0


def bca_ends(made: Floats, estimate: float, skewness: float, level: float) -> tuple[float, float]:
    """Return the ends of the BCa interval (Efron 1987, JASA 82(397)); the estimate is never outside.

    Args:
        made: The figure in each resample, sorted, finite.
        estimate: The figure itself.
        skewness: Of the figure (:func:`acceleration`).
        level: Nominal level in (0, 1).
    """
    from scipy.special import ndtr, ndtri

    tie = 1e-12  # the same mean by another order of summation
    below, above = np.searchsorted(made, [estimate - tie, estimate + tie])
    bias = float(ndtri(np.clip((below + above) / (2 * len(made)), 1 / len(made), 1 - 1 / len(made))))
    z = bias + ndtri([(1 - level) / 2, (1 + level) / 2])
    low, high = np.quantile(made, ndtr(bias + z / (1 - skewness * z)))
    return float(min(low, estimate)), float(max(high, estimate))

"""A figure with its interval: people drawn again with replacement, whole, within strata."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...sim.seeds import derive
from ...sim.types import Frozen

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]
"""Weights of shape (resamples, units) to values, one or more a resample; a weight says how often a unit was drawn."""

LEVEL = 0.95
DRAWS = 2_000
"""Resamples."""
MOST_WEIGHTS = 2_000_000  # held in memory at a time
ALIKE = 1e-12  # values that differ by less are rounding of one value


class Figure(Frozen):
    """A number, the range that other people of the same kind leave open, and how it was made."""

    estimate: float | None = None  # None where it cannot be computed
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    method: str = ""  # of the interval; empty where there is none
    reason: str = ""  # why there is no estimate, or no interval


def figure(
    statistic: Statistic,
    sizes: int | Sequence[int],
    seed: int,
    *path: str | int,
    nothing: str = "nothing to compute it from",
    draws: int = DRAWS,
    level: float = LEVEL,
) -> Figure:
    """Return a statistic of units (people, rows of a reference) with its BCa bootstrap interval.

    Units are drawn with replacement within each stratum. The interval speaks of other people of the same kind who
    answer the same items; it has no say on other items.

    Args:
        statistic: Of weights, shape (resamples, units); NaN where it cannot be computed.
        sizes: Units in each stratum, in the order of the weights' columns; a number is one stratum.
        seed: Seed of the resamples.
        path: Sets the draws of this figure apart from those of others.
        nothing: Why there would be no estimate.
        draws: How many resamples.
        level: Nominal coverage, in (0, 1).

    Returns:
        The figure. Ends are None, with the reason, where a stratum has fewer than 2 units, all resamples give the same
        value, or some give none.

    Source: Efron 1987, JASA 82(397); for strata Davison and Hinkley 1997, Bootstrap Methods, sections 3.2 and 5.3.
    """
    return figures(lambda w: statistic(w)[:, None], sizes, seed, *path, nothing=(nothing,), draws=draws, level=level)[0]


def figures(
    statistics: Statistic,
    sizes: int | Sequence[int],
    seed: int,
    *path: str | int,
    nothing: Sequence[str],
    draws: int = DRAWS,
    level: float = LEVEL,
) -> list[Figure]:
    """Return several statistics of the same units, all from the same resamples.

    Args:
        statistics: Of weights, shape (resamples, units), to values of shape (resamples, figures).
        sizes: As in :func:`figure`; so are the others.
        seed: Seed of the resamples.
        path: Sets the draws apart.
        nothing: For each figure why there would be no estimate.
        draws: How many resamples.
        level: Nominal coverage, in (0, 1).
    """
    strata = (sizes,) if isinstance(sizes, int) else tuple(sizes)
    if not strata or min(strata) < 1:
        return [Figure(level=level, reason=reason) for reason in nothing]
    with np.errstate(invalid="ignore", divide="ignore"):
        estimates = statistics(np.ones((1, sum(strata))))[0].tolist()
        if min(strata) < 2:
            few = "an interval needs two or more people"
            return [
                Figure(estimate=x, level=level, reason=few) if np.isfinite(x) else Figure(level=level, reason=reason)
                for x, reason in zip(estimates, nothing, strict=True)
            ]
        made = np.concatenate([statistics(w) for w in _resamples(strata, derive(seed, "biases", *path), draws)])
        skews = _accelerations(statistics, strata)
        columns = zip(estimates, made.T, skews, nothing, strict=True)
        return [_finished(x, column, skew, level, reason) for x, column, skew, reason in columns]


def _finished(estimate: float, made: Array, acceleration: float, level: float, nothing: str) -> Figure:
    """Return the figure of an estimate and its resamples, shape (resamples,)."""
    if not np.isfinite(estimate):
        return Figure(level=level, reason=nothing)
    if not np.isfinite(made).all():
        return Figure(estimate=estimate, level=level, reason="some resamples have no value")
    if np.ptp(made) < ALIKE:
        return Figure(estimate=estimate, level=level, reason="all resamples have the same value")
    (low, high), method = _ends(made, estimate, acceleration, level)
    said = f"{method} bootstrap over people, {len(made):,} resamples"
    return Figure(estimate=estimate, low=min(low, estimate), high=max(high, estimate), level=level, method=said)


def mapped(found: Figure, change: Callable[[float], float]) -> Figure:
    """Return the figure of a monotone function of a statistic; where it falls, the ends change places."""
    if found.estimate is None:
        return found
    ends = [None if x is None else change(x) for x in (found.low, found.high)]
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        ends.reverse()
    return found.model_copy(update={"estimate": change(found.estimate), "low": ends[0], "high": ends[1]})


def weighted_mean(weights: Array, values: Array) -> Array:
    """Return means over units; NaN values do not count.

    Args:
        weights: Shape (resamples, units).
        values: Shape (units,) or (units, columns).

    Returns:
        Shape (resamples,) or (resamples, columns); NaN where nothing counts.
    """
    seen = ~np.isnan(values)
    return np.asarray((weights @ np.where(seen, values, 0.0)) / (weights @ seen.astype(float)))


def mean_over(values: Array, axis: int) -> Array:
    """Return the mean along an axis without its NaNs; NaN where nothing is left."""
    seen = ~np.isnan(values)
    counts = seen.sum(axis=axis)
    means: Array = np.where(counts > 0, np.where(seen, values, 0.0).sum(axis=axis) / np.maximum(counts, 1), np.nan)
    return means


def finite(x: float) -> float | None:
    """Return a number, or None for NaN."""
    return float(x) if np.isfinite(x) else None


def _resamples(strata: tuple[int, ...], rng: np.random.Generator, draws: int) -> Iterator[Array]:
    """Yield blocks of weights."""
    block = max(1, MOST_WEIGHTS // sum(strata))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        yield np.concatenate([rng.multinomial(n, np.full(n, 1 / n), size=size).astype(float) for n in strata], axis=1)


def _accelerations(statistics: Statistic, strata: tuple[int, ...]) -> list[float]:
    """Return the skewness of each statistic, from leaving out one unit at a time."""
    cubes: Array | float = 0.0
    squares: Array | float = 0.0
    total, start = sum(strata), 0
    block = max(1, MOST_WEIGHTS // total)
    for n in strata:
        values = []
        for first in range(0, n, block):
            rows = np.arange(first, min(first + block, n))
            weights = np.ones((len(rows), total))
            weights[np.arange(len(rows)), start + rows] = 0.0
            values.append(statistics(weights))
        without = np.concatenate(values)
        influence = (n - 1) * (without.mean(axis=0) - without) / n
        cubes = cubes + (influence**3).sum(axis=0)
        squares = squares + (influence**2).sum(axis=0)
        start += n
    skews = np.asarray(cubes / (6 * np.asarray(squares) ** 1.5))
    return [float(x) for x in np.where(np.isfinite(skews), skews, 0.0)]


def _ends(made: Array, estimate: float, acceleration: float, level: float) -> tuple[tuple[float, float], str]:
    """Return the ends and the method: BCa, or plain percentiles where the estimate lies outside all resamples."""
    below = float((made < estimate - ALIKE).mean() + (made <= estimate + ALIKE).mean()) / 2
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if not 0 < below < 1:
        low, high = np.quantile(made, tails)
        return (float(low), float(high)), "percentile"
    z = special.ndtri(below) + special.ndtri(tails)
    low, high = np.quantile(made, special.ndtr(special.ndtri(below) + z / (1 - acceleration * z)))
    return (float(low), float(high)), "BCa"

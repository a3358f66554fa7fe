"""Krippendorff's alpha: agreement of judges beyond chance, with missing values, on three scales, with a bootstrap interval.

NLTK has a point estimate in pure Python, without an interval and at minutes for a thousand resamples; hence these few lines of numpy,
which a test holds against it and against published examples.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError
from ...sim.seeds import derive
from .estimates import LEVEL, Figure

Scale = Literal["nominal", "ordinal", "interval"]
Floats = NDArray[np.float64]

RESAMPLES = 2_000
_FEWEST = 5  # units for an interval
_ALIKE = "all judges said the same of everything, so that chance cannot be told from agreement"


class Alpha(Figure):
    """Agreement of judges: 1 where they always agree, 0 where they agree as by chance, below 0 where they contradict each other."""

    scale: Scale
    estimate: float | None = None  # at most 1
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    judges: int = 0
    units: int = 0  # judged by two or more
    missing: int = 0  # (judge, unit) pairs without a value, among these
    reason: str | None = None  # why a number is missing, in words
    method: str = "bootstrap over clusters of units, percentiles"


def alpha(ratings: Floats, scale: Scale = "nominal") -> float | None:
    """Return Krippendorff's alpha.

    Args:
        ratings: Shape (judges, units); NaN where a judge said nothing.
        scale: How values differ: alike or not, by ranks, or by squared distance.

    Returns:
        At most 1; None where no unit was judged twice, or all values are the same.

    Raises:
        InputError: If the shape is wrong.

    Source: Krippendorff 2019, Content Analysis (4th ed.), chapter 12; Krippendorff 2011, Computing Krippendorff's Alpha-Reliability.
    """
    counts, values = _counts(ratings)
    if not len(counts):
        return None
    found = _alphas(counts, np.ones((1, len(counts))), _distance(counts, values, scale))
    return None if np.isnan(found[0]) else float(found[0])


def agreement(
    ratings: Floats,
    scale: Scale = "nominal",
    clusters: NDArray[np.int64] | None = None,
    *,
    seed: int = 0,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
) -> Alpha:
    """Return alpha with its interval.

    Args:
        ratings: Shape (judges, units); NaN where a judge said nothing.
        scale: How values differ.
        clusters: What is drawn in the bootstrap: units of one cluster (a person's episodes) come together, shape (units,); None: each alone.
        seed: Of the bootstrap.
        resamples: How many.
        level: Nominal level, in (0, 1).
    """
    table = np.asarray(ratings, float)
    paired = (~np.isnan(table)).sum(axis=0) >= 2
    judges, units = len(table), int(paired.sum())
    bare = Alpha(scale=scale, level=level, judges=judges, units=units, missing=int(np.isnan(table[:, paired]).sum()))
    if judges < 2 or not units:
        return bare.model_copy(update={"reason": "fewer than two judges" if judges < 2 else "no unit was judged twice"})
    estimate = alpha(table, scale)
    if estimate is None:
        return bare.model_copy(update={"reason": _ALIKE})
    counts, values = _counts(table)
    of = np.arange(table.shape[1]) if clusters is None else np.asarray(clusters)
    _, own = np.unique(of[paired], return_inverse=True)
    if own.max() + 1 < _FEWEST:
        return bare.model_copy(update={"estimate": estimate, "reason": f"fewer than {_FEWEST} clusters, so no interval"})
    ends = _interval(counts, own, _distance(counts, values, scale), derive(seed, "krippendorff", scale), resamples, level)
    if ends is None:
        return bare.model_copy(update={"estimate": estimate, "reason": "in many resamples all values are the same, so no interval"})
    return bare.model_copy(update={"estimate": estimate, "low": min(ends[0], estimate), "high": max(ends[1], estimate)})


def _counts(ratings: Floats) -> tuple[Floats, Floats]:
    """Return how many judges gave each value to each unit that two or more judged, shape (units, values), and the values."""
    table = np.asarray(ratings, float)
    if table.ndim != 2:
        raise InputError("ratings", "an array of shape (judges, units)", table.shape)
    values = np.unique(table[~np.isnan(table)])
    counts = (table[:, :, None] == values).sum(axis=0).astype(float)
    return counts[counts.sum(axis=1) >= 2], values


def _distance(counts: Floats, values: Floats, scale: Scale) -> Floats:
    """Return the squared difference of every two values, shape (values, values)."""
    if scale == "nominal":
        return 1.0 - np.eye(len(values))
    if scale == "interval":
        return np.asarray((values[:, None] - values) ** 2, float)
    n = counts.sum(axis=0)
    ranks = np.cumsum(n) - n / 2  # of the value's middle: n_g summed from c to k, less half of both ends
    return np.asarray((ranks[:, None] - ranks) ** 2, float)


def _alphas(counts: Floats, weights: Floats, distance: Floats) -> Floats:
    """Return alpha for each row of weights of the units, shape (rows,); NaN where all values are the same."""
    m = counts.sum(axis=1)
    within = np.einsum("uc,cd,ud->u", counts, distance, counts) / (m - 1)
    marginal = weights @ counts
    n = marginal.sum(axis=1)
    expected = np.einsum("rc,cd,rd->r", marginal, distance, marginal)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(expected > 0, 1 - (n - 1) * (weights @ within) / expected, np.nan), float)


def _interval(
    counts: Floats, own: NDArray[np.int64], distance: Floats, generator: np.random.Generator, resamples: int, level: float
) -> tuple[float, float] | None:
    """Return the percentiles of resamples of clusters; None where more of them than lie outside have no alpha."""
    clusters = int(own.max()) + 1
    drawn = generator.multinomial(clusters, np.full(clusters, 1 / clusters), size=resamples)
    found = _alphas(counts, drawn[:, own].astype(float), distance)
    if np.isnan(found).mean() > 1 - level:
        return None
    low, high = np.quantile(found[~np.isnan(found)], [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)

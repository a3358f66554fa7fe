"""How well a population covers the space of people: the six metrics of Persona Generators, and pairs of axes.

Source of the metrics: Paglieri et al., Persona Generators (arXiv 2602.03545). Balls are closed. Everything is a pure
function of the positions: evaluation points and Sobol references are fixed.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from ..sim.seeds import derive
from ..sim.types import Frozen
from .diversity import vendi_score, vendi_settings
from .gaps import CLOSED, Gaps, tree_of
from .hull import MOST_FACETS, HullVolume, hull_volume
from .points import EVALUATION_POINTS, evaluation_points, sobol_points
from .points import as_positions as as_positions
from .radius import coverage_radius

Array = NDArray[np.float64]

KL_BINS = 10
KL_SMOOTHING = 0.5
KL_REFERENCES = 20
KL_MOST_POINTS = 4_096
ALL_PAIRS_UP_TO = 2_000
SAMPLED_PAIRS = 500_000
_NEIGHBOURS = 8  # people further on in the order of the tree, whose gaps bound the smallest one
_STRIPS_UP_TO = 512  # people; with more a tree is sooner
_MARGIN = 1e-6  # of a strip over its ball, more than rounding


class PairCoverage(Frozen):
    """Two-dimensional coverage over all pairs of axes."""

    mean: float
    min: float


class Metrics(Frozen):
    """What one cloud of positions scores."""

    coverage: float  # share of the evaluation points within the radius of a person, [0, 1], up
    hull_volume: float | None  # up; an estimate where qhull cannot be afforded
    hull_standard_error: float | None  # of an estimate; None where the volume is exact
    hull_method: str  # "exact", "joggled", "degenerate", "monte_carlo" or "none"
    min_distance: float | None  # smallest Euclidean gap, up; None with fewer than 2 people
    mean_distance: float | None  # mean Euclidean gap, up; None with fewer than 2 people
    dispersion: float  # largest distance from an evaluation point to its nearest person, down
    kl: float  # nats, from the histogram of an ideal set of the same size, mean over axes, down
    vendi: float | None  # effective number of different positions, 1 to N, up; None if not asked for
    pairs: PairCoverage | None  # None with one axis, and if not asked for


def nearest(positions: ArrayLike, points: ArrayLike) -> Array:
    """Return the distance of each point to its nearest person, shape (points,)."""
    distance, _ = tree_of(np.asarray(positions, float)).query(np.asarray(points, float))
    return np.asarray(distance)


def share_within(positions: ArrayLike, points: ArrayLike, radius: float) -> float:
    """Return the share of points that lie in a closed ball around some person.

    Args:
        positions: Shape (people, K).
        points: Shape (points, K).
        radius: Of the balls.
    """
    return Gaps(np.asarray(positions, float), np.asarray(points, float)).share_within(radius)


def coverage(positions: ArrayLike, radius: float | None = None, points: ArrayLike | None = None) -> float:
    """Return the share of the cube that lies within a radius of some person.

    Args:
        positions: Shape (people, K), values in [0, 1].
        radius: Of the closed balls; None takes the table's for this many people and axes.
        points: Where it is evaluated, shape (points, K); None takes the fixed 10,000 uniform points.

    Raises:
        InputError: If the positions are off.
    """
    x = as_positions(positions)
    reach = coverage_radius(*x.shape).radius if radius is None else radius
    return share_within(x, evaluation_points(x.shape[1]) if points is None else points, reach)


def dispersion(positions: ArrayLike, points: ArrayLike | None = None) -> float:
    """Return the largest distance from an evaluation point to its nearest person (largest empty ball).

    Args:
        positions: Shape (people, K), values in [0, 1].
        points: Where it is evaluated, shape (points, K); None takes the fixed 10,000 uniform points.
    """
    x = as_positions(positions)
    return Gaps(x, evaluation_points(x.shape[1]) if points is None else np.asarray(points, float)).farthest()


def distances(positions: ArrayLike) -> tuple[float, float] | tuple[None, None]:
    """Return the smallest and the mean Euclidean gap between two people; (None, None) with fewer than 2 people.

    Of more than 2,000 people the mean is taken over 500,000 seeded random pairs; the smallest gap is always exact.
    """
    x = as_positions(positions)
    n = len(x)
    if n < 2:
        return None, None
    if n <= ALL_PAIRS_UP_TO:
        gaps = pdist(x)
        return float(gaps.min()), float(gaps.mean())
    x = x[np.lexsort(x.T)]  # so that the order of people does not matter
    rng = derive(0, "pairs", n)
    first = rng.integers(n, size=SAMPLED_PAIRS)
    second = (first + rng.integers(1, n, size=SAMPLED_PAIRS)) % n
    mean = float(np.linalg.norm(x[first] - x[second], axis=1).mean())
    return _smallest_gap(x), mean


def _smallest_gap(x: Array) -> float:
    """Return the smallest gap of many people: those next to each other in the tree bound how far it must look."""
    tree = cKDTree(x)
    beside = x[tree.indices]
    bound = min(float(np.linalg.norm(beside[i:] - beside[:-i], axis=1).min()) for i in range(1, _NEIGHBOURS + 1))
    if bound == 0:
        return 0.0
    gaps, _ = tree.query(x, k=2, distance_upper_bound=bound * (1 + 1e-9))
    return float(gaps[:, 1].min())


def kl_divergence(positions: ArrayLike) -> float:
    """Return the KL divergence (nats) of the population from ideal sets of the same size.

    Per axis: histograms of 10 equal bins with 1/2 added to every count, KL(population || scrambled Sobol set), mean
    over axes and over 20 fixed Sobol sets (of at most 4,096 points). Values depend on these settings; compare only
    with values of the same ones.
    """
    x = as_positions(positions)
    p = _histogram(x)[:, None, :]
    q = _ideal_histograms(min(len(x), KL_MOST_POINTS), x.shape[1])
    return float((p * np.log(p / q)).sum(axis=2).mean())


@lru_cache(maxsize=64)
def _ideal_histograms(n: int, k: int) -> Array:
    """Return smoothed histograms of the Sobol references, shape (K, references, bins)."""
    rows = [_histogram(sobol_points(n, k, derive(0, "kl", n, k, i))) for i in range(KL_REFERENCES)]
    return np.stack(rows, axis=1)


def _histogram(x: Array) -> Array:
    """Return the smoothed share of each bin, shape (K, bins)."""
    n, k = x.shape
    bins = np.minimum((x * KL_BINS).astype(int), KL_BINS - 1) + KL_BINS * np.arange(k)
    counts = np.bincount(bins.ravel(), minlength=k * KL_BINS).reshape(k, KL_BINS)
    return np.asarray((counts + KL_SMOOTHING) / (n + KL_SMOOTHING * KL_BINS))


def pair_coverages(positions: ArrayLike, count: int = EVALUATION_POINTS) -> dict[tuple[int, int], float]:
    """Return the two-dimensional coverage of every pair of axes, at the two-dimensional radius for this many people.

    Args:
        positions: Shape (people, K), values in [0, 1].
        count: Number of fixed evaluation points.

    Returns:
        Column numbers (i, j), i < j, to coverage; empty with one axis.
    """
    x = as_positions(positions)
    n, k = x.shape
    if k < 2:
        return {}
    points, radius = evaluation_points(2, count), coverage_radius(n, 2).radius
    if n > _STRIPS_UP_TO:
        return {(i, j): share_within(x[:, [i, j]], points, radius) for i, j in combinations(range(k), 2)}
    along = _strip_order(count)
    left, other = points[along].T.copy()
    reach = radius * CLOSED
    from_, to = (np.searchsorted(left, x + side * reach * (1 + _MARGIN)) for side in (-1, 1))  # a ball lies in its strip
    found = {}
    for i in range(k - 1):
        strips = [(slice(a, b), (left[a:b] - at) ** 2) for a, b, at in zip(from_[:, i], to[:, i], x[:, i], strict=True)]
        for j in range(i + 1, k):
            inside = np.zeros(count, bool)
            for (strip, across), at in zip(strips, x[:, j], strict=True):
                squared = other[strip] - at
                squared *= squared
                squared += across
                inside[strip] |= squared <= reach**2
            found[i, j] = int(np.count_nonzero(inside)) / count
    return found


@lru_cache(maxsize=8)
def _strip_order(count: int) -> NDArray[np.int_]:
    """Return the evaluation points of two axes in the order of the first."""
    return np.argsort(evaluation_points(2, count)[:, 0], kind="stable")


def pair_coverage(positions: ArrayLike, count: int = EVALUATION_POINTS) -> PairCoverage | None:
    """Return mean and minimum of :func:`pair_coverages`; None with one axis."""
    values = list(pair_coverages(positions, count).values())
    return PairCoverage(mean=float(np.mean(values)), min=min(values)) if values else None


def metrics(
    positions: ArrayLike,
    *,
    hull: HullVolume | None = None,
    pair_points: int = EVALUATION_POINTS,
    with_vendi: bool = True,
    with_pairs: bool = True,
) -> Metrics:
    """Return all six metrics, the Vendi score of the positions and the coverage of pairs of axes.

    Args:
        positions: Shape (people, K), values in [0, 1], K up to 8.
        hull: The hull's volume if it is known already.
        pair_points: Evaluation points for pairs of axes.
        with_vendi: Whether to spend on the Vendi score, up to a second or two for 2,000 people and more.
        with_pairs: Whether to spend on the coverage of pairs of axes.

    Raises:
        InputError: If the positions are off.
    """
    x = as_positions(positions)
    gaps = Gaps(x, evaluation_points(x.shape[1]))
    smallest, mean = distances(x)
    body = hull or hull_volume(x)
    return Metrics(
        coverage=gaps.share_within(coverage_radius(*x.shape).radius),
        hull_volume=body.volume,
        hull_standard_error=body.standard_error,
        hull_method=body.method,
        min_distance=smallest,
        mean_distance=mean,
        dispersion=gaps.farthest(),
        kl=kl_divergence(x),
        vendi=vendi_score(x) if with_vendi else None,
        pairs=pair_coverage(x, pair_points) if with_pairs else None,
    )


def settings(n: int, k: int) -> dict[str, Any]:
    """Return every setting that the metrics of n people on k axes depend on, for the report."""
    radius = coverage_radius(n, k)
    pairs = coverage_radius(n, 2)
    return {
        "evaluation_points": EVALUATION_POINTS,
        "ball": "closed",
        "radius": radius.model_dump(),
        "pair_radius": pairs.model_dump() if k > 1 else None,
        "kl": {
            "estimator": "per-axis histogram, KL(population || Sobol), mean over axes and references",
            "bins": KL_BINS,
            "smoothing": KL_SMOOTHING,
            "references": KL_REFERENCES,
            "reference_points": min(n, KL_MOST_POINTS),
        },
        "hull": {"most_facets": MOST_FACETS},
        "vendi": vendi_settings(n, k),
        "mean_distance": "all pairs" if n <= ALL_PAIRS_UP_TO else f"{SAMPLED_PAIRS} random pairs",
    }

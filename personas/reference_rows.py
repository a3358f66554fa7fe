"""Reference rows: what ideal, careless and empty populations of the same size score on the same metrics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..sim.errors import InputError
from ..sim.seeds import derive
from ..sim.types import Frozen
from .coverage import Metrics, PairCoverage, coverage, metrics, pair_coverage
from .density import ReferenceDensity
from .hull import HullVolume, hull_volume
from .measurement import Measurement
from .points import EVALUATION_POINTS, sobol_points

Array = NDArray[np.float64]

DRAWS = 20
"""Seeded populations that a stochastic row is averaged over, where people x axes allow it."""
MOST_COORDINATES = 200_000  # people x axes x draws, above which there are fewer draws
LEAST_DRAWS = 3
PAIR_POINTS = 2_500  # evaluation points for pairs of axes in stochastic rows
HULL_FACETS = 30_000
HULL_RAYS = 500  # of an estimated hull volume in a stochastic row
HULL_DRAWS_ABOVE_5_AXES = 2
VENDI_DRAWS = 1  # draws whose Vendi score is computed where there are more people than VENDI_ALL_DRAWS_UP_TO
VENDI_ALL_DRAWS_UP_TO = 200
CLONE_NOISE = 1.0  # standard deviation of a simulated clone's answer, in Likert points
NO_HULL = HullVolume(volume=None, method="none", reason="not computed for this draw")

ItemPoints = tuple[tuple[int, ...], ...]
"""For each axis the number of points of each of its items."""


class ReferenceRow(Frozen):
    """The main metrics of a reference population; those of run-means carry the raw values beside the shrunk ones."""

    people: int
    draws: int  # populations averaged over
    coverage: float
    coverage_raw: float  # of run-means before shrinkage; the same where there is no noise
    hull_volume: float | None
    hull_standard_error: float | None = None  # of the mean volume, from estimates alone; null where all are exact
    hull_method: str = "exact"  # where draws differ, their methods joined by a comma
    min_distance: float | None
    mean_distance: float | None
    dispersion: float
    kl: float
    vendi: float | None = None  # effective number of different positions, 1 to N
    pairs: PairCoverage | None
    pairs_raw: PairCoverage | None


def draws_for(n: int, k: int, draws: int = DRAWS) -> int:
    """Return how many populations of n people on k axes a stochastic row is averaged over."""
    return max(1, min(draws, max(LEAST_DRAWS, MOST_COORDINATES // (n * k))))


@lru_cache(maxsize=32)
def ideal_row(n: int, k: int, draws: int = DRAWS) -> ReferenceRow:
    """Return the row of scrambled Sobol sets: positions laid out evenly, measured without noise."""
    return _positions_row(lambda draw: sobol_points(n, k, derive(0, "reference", "ideal", n, k, draw)), draws_for(n, k, draws))


@lru_cache(maxsize=32)
def iid_uniform_row(n: int, k: int, draws: int = DRAWS) -> ReferenceRow:
    """Return the row of independent uniform positions, measured without noise."""
    return _positions_row(lambda draw: derive(0, "reference", "iid_uniform", n, k, draw).random((n, k)), draws_for(n, k, draws))


def density_row(density: ReferenceDensity, n: int, draws: int = DRAWS) -> ReferenceRow:
    """Return the row of people drawn from the reference density, measured without noise."""
    k = len(density.axes)
    return _positions_row(lambda draw: density.sample(n, derive(0, "reference", "density", n, k, draw)), draws_for(n, k, draws))


@lru_cache(maxsize=32)
def random_responder_row(n: int, items: ItemPoints, runs: int, draws: int = DRAWS) -> ReferenceRow:
    """Return the row of people who answer every item at random, uniformly on its points.

    Args:
        n: Number of people.
        items: For each axis the number of points of each of its items.
        runs: Repetitions a person; run-means are shrunk by their own reliability, as any population's are.
        draws: Populations to average over.
    """

    def scores(draw: int) -> Array:
        return random_scores(n, items, runs, derive(0, "reference", "random_responder", n, runs, str(items), draw))

    return _scores_row(scores, draws_for(n, len(items), draws))


@lru_cache(maxsize=32)
def simulated_clones_row(n: int, items: ItemPoints, runs: int, draws: int = DRAWS) -> ReferenceRow:
    """Return the row of n copies of one person in the middle whose answers vary by one Likert point (arguments as above)."""

    def scores(draw: int) -> Array:
        return clone_scores(n, items, runs, derive(0, "reference", "single_persona", n, runs, str(items), draw))

    return _scores_row(scores, draws_for(n, len(items), draws))


def random_scores(n: int, items: ItemPoints, runs: int, rng: np.random.Generator) -> Array:
    """Return scores of people who answer at random, shape (n, runs, axes)."""
    return _simulate(items, lambda points: rng.integers(1, points + 1, size=(n, runs)).astype(float))


def clone_scores(n: int, items: ItemPoints, runs: int, rng: np.random.Generator) -> Array:
    """Return scores of n copies of a person at 0.5 on every axis, shape (n, runs, axes)."""

    def answers(points: int) -> Array:
        return np.clip(np.rint((1 + points) / 2 + rng.normal(0, CLONE_NOISE, size=(n, runs))), 1, points)

    return _simulate(items, answers)


def measured_row(measurement: Measurement) -> ReferenceRow:
    """Return the row of one measured population, such as that of a reference program or of clones."""
    return _score(measurement, None, EVALUATION_POINTS, True)


def _simulate(items: ItemPoints, answers: Callable[[int], Array]) -> Array:
    axes = [np.mean([(answers(points) - 1) / (points - 1) for points in axis], axis=0) for axis in items]
    return np.stack(axes, axis=2)


def _positions_row(positions: Callable[[int], Array], draws: int) -> ReferenceRow:
    rows = []
    for draw in range(draws):
        x = positions(draw)
        scored = metrics(x, hull=_hull(x, draw), pair_points=PAIR_POINTS, with_vendi=_with_vendi(len(x), draw))
        rows.append(_row(len(x), scored, scored.coverage, scored.pairs))
    return _average(rows)


def _scores_row(scores: Callable[[int], Array], draws: int) -> ReferenceRow:
    rows = []
    for draw in range(draws):
        measurement = _simulated(scores(draw))
        rows.append(_score(measurement, _hull(measurement.shrunk, draw), PAIR_POINTS, _with_vendi(len(measurement.ids), draw)))
    return _average(rows)


def _simulated(scores: Array) -> Measurement:
    n, runs, k = scores.shape
    return Measurement(
        axes=tuple(f"axis{i}" for i in range(k)),
        ids=tuple(str(i) for i in range(n)),
        assigned=np.full((n, k), 0.5),
        weights=np.ones(n),
        runs=runs,
        answers=np.zeros((n, 0, 0), np.int16),
        scores=scores,
    )


def _hull(x: Array, draw: int) -> HullVolume:
    if x.shape[1] > 5 and draw >= HULL_DRAWS_ABOVE_5_AXES:
        return NO_HULL
    return hull_volume(x, HULL_FACETS, HULL_RAYS)


def _with_vendi(n: int, draw: int) -> bool:
    return n <= VENDI_ALL_DRAWS_UP_TO or draw < VENDI_DRAWS


def _score(measurement: Measurement, hull: HullVolume | None, pair_points: int, with_vendi: bool) -> ReferenceRow:
    seen = measurement.measured
    if not seen.any():
        raise InputError("measurement", "at least one person with a readable answer on every axis", f"{len(seen)} people without")
    raw = measurement.run_means[seen]
    scored = metrics(measurement.shrunk[seen], hull=hull, pair_points=pair_points, with_vendi=with_vendi)
    if (measurement.shrinkage == 1).all():
        return _row(len(raw), scored, scored.coverage, scored.pairs)
    return _row(len(raw), scored, coverage(raw), pair_coverage(raw, pair_points))


def _row(n: int, scored: Metrics, coverage_raw: float, pairs_raw: PairCoverage | None) -> ReferenceRow:
    values = {name: getattr(scored, name) for name in Metrics.model_fields}
    return ReferenceRow(people=n, draws=1, coverage_raw=coverage_raw, pairs_raw=pairs_raw, **values)


def _average(rows: Sequence[ReferenceRow]) -> ReferenceRow:
    """Return the mean of every figure over the rows that have it."""
    if len(rows) == 1:
        return rows[0]

    def mean(name: str) -> float | None:
        values = [v for row in rows if (v := getattr(row, name)) is not None]
        return float(np.mean(values)) if values else None

    def pairs(name: str) -> PairCoverage | None:
        values = [v for row in rows if (v := getattr(row, name)) is not None]
        return PairCoverage(mean=float(np.mean([v.mean for v in values])), min=float(np.mean([v.min for v in values]))) if values else None

    figures = {
        name: mean(name)
        for name in ("coverage", "coverage_raw", "hull_volume", "min_distance", "mean_distance", "dispersion", "kl", "vendi")
    }
    hulls = [row for row in rows if row.hull_volume is not None]
    errors = [row.hull_standard_error for row in hulls if row.hull_standard_error is not None]
    figures["hull_standard_error"] = float(np.linalg.norm(errors)) / len(hulls) if errors else None
    method = ",".join(sorted({row.hull_method for row in hulls})) or rows[0].hull_method
    whole = {"people": rows[0].people, "draws": len(rows), "hull_method": method, "pairs": pairs("pairs"), "pairs_raw": pairs("pairs_raw")}
    return ReferenceRow.model_validate(figures | whole)

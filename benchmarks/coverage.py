"""Speed of the metrics of coverage on 100,000 people, whether they are exact, and the table of radii against other draws."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from outskirts.personas import coverage, radius
from outskirts.personas.diversity import vendi_score
from outskirts.personas.hull import hull_volume
from outskirts.personas.points import EVALUATION_POINTS, evaluation_points, sobol_points
from outskirts.personas.radius import coverage_radius
from outskirts.sim.seeds import derive

Array = NDArray[np.float64]

PEOPLE, AXES = 100_000, 8
CHECKED_POINTS = 200
CELLS = ((PEOPLE, AXES, 400), (10_000, 5, 200), (70, 8, 200), (25, 2, 2_000), (25, 3, 2_000))
"""People, axes and Sobol sets of the radii that are computed again."""


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds (median and range; of the wall and of the processor), agreement with brute force, and z-values of radii."""
    uniform = derive(0, "benchmark", "coverage").random((PEOPLE, AXES))
    heap = 0.5 + 1e-3 * derive(1, "benchmark", "coverage").standard_normal((PEOPLE, AXES))
    heaps = two_heaps(PEOPLE, AXES)
    rounds = 1 if quick else 5
    return {
        "people": PEOPLE,
        "axes": AXES,
        "points": EVALUATION_POINTS,
        "rounds": rounds,
        "coverage_seconds": _seconds(partial(_coverage, uniform), rounds),
        "coverage_seconds_asked": 0.7,
        "coverage_of_a_heap_seconds": _seconds(partial(_coverage, heap), rounds),
        "coverage_of_two_heaps_seconds": _seconds(partial(_coverage, heaps), rounds),
        "naive_coverage_seconds": _seconds(partial(_naive, uniform, evaluation_points(AXES)), 1 if quick else 2),
        "dispersion_seconds": _seconds(partial(coverage.dispersion, uniform), rounds),
        "distances_seconds": _seconds(partial(coverage.distances, uniform), rounds),
        "vendi_seconds": _seconds(partial(vendi_score, uniform), rounds),
        "hull": [_hull(n, rounds) for n in (1_000, 10_000, PEOPLE)],
        "exact": {name: _exact(x) for name, x in (("uniform", uniform), ("heap", heap), ("two heaps", heaps))},
        "radius": [_radius(n, k, draws // 5 if quick else draws) for n, k, draws in CELLS],
    }


def two_heaps(n: int, k: int) -> Array:
    """Return people in two Gaussian heaps of standard deviation 0.05, shape (n, k)."""
    rng = derive(3, "benchmark", "coverage")
    return np.clip(np.where(np.arange(n)[:, None] % 2, 0.7, 0.3) + 0.05 * rng.standard_normal((n, k)), 0, 1)


def _coverage(x: Array) -> float:
    """Return coverage, with the table of radii read anew."""
    coverage_radius.cache_clear()
    radius._table.cache_clear()
    return coverage.coverage(x)


def _naive(x: Array, points: Array) -> float:
    """Return coverage from all distances."""
    reach, near = coverage_radius(*x.shape).radius, 0
    for start in range(0, len(points), 100):
        near += int((cdist(points[start : start + 100], x).min(axis=1) <= reach).sum())
    return near / len(points)


def _exact(x: Array) -> bool:
    """Return whether coverage and dispersion on some of the points are those of all distances."""
    points = evaluation_points(AXES)[:CHECKED_POINTS]
    farthest = float(cdist(points, x).min(axis=1).max())
    same = coverage.coverage(x, points=points) == _naive(x, points)
    return same and math.isclose(coverage.dispersion(x, points), farthest, rel_tol=1e-12)


def _hull(n: int, rounds: int) -> dict[str, object]:
    x = derive(2, "benchmark", "hull", n).random((n, AXES))
    found = hull_volume(x)
    return {
        "people": n,
        "seconds": _seconds(partial(hull_volume, x), rounds),
        "volume": found.volume,
        "standard_error": found.standard_error,
        "rays": found.points,
        "undecided": found.undecided,
    }


def _radius(n: int, k: int, draws: int) -> dict[str, object]:
    """Return a radius of the table beside one from Sobol sets and points that the table has not seen."""
    found = [_drawn(n, k, derive(1, "benchmark", "radius", n, k, draw)) for draw in range(draws)]
    mean, error = statistics.mean(found), statistics.stdev(found) / math.sqrt(draws)
    shipped = coverage_radius(n, k)
    return {
        "people": n,
        "axes": k,
        "draws": draws,
        "shipped": shipped.radius,
        "shipped_standard_error": shipped.standard_error,
        "computed": round(mean, 7),
        "standard_error": round(error, 7),
        "z": round((mean - shipped.radius) / math.hypot(error, shipped.standard_error), 2),
    }


def _drawn(n: int, k: int, rng: np.random.Generator) -> float:
    distance, _ = cKDTree(sobol_points(n, k, rng)).query(rng.random((EVALUATION_POINTS, k)))
    return float(np.quantile(distance, coverage_radius(n, k).target, method="median_unbiased"))


def _seconds(task: Callable[[], object], rounds: int) -> dict[str, float]:
    spent, worked = [], []
    for _ in range(rounds):
        started, began = time.perf_counter(), time.process_time()
        task()
        spent.append(time.perf_counter() - started)
        worked.append(time.process_time() - began)
    figures = {"median": statistics.median(spent), "least": min(spent), "most": max(spent), "processor": statistics.median(worked)}
    return {name: round(value, 3) for name, value in figures.items()}

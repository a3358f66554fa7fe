"""Compute the table of coverage radii that ships as ``personas/data/radius.json``.

The radius of (N, K) is the mean, over scrambled Sobol sets of N points in K dimensions, of the smallest radius at
which the set covers 99 % of the cube (Persona Generators, arXiv 2602.03545, coverage metric). A set's radius is the
median-unbiased 99 % quantile of the distances of 10,000 fresh uniform points (Hyndman and Fan 1996, type 8): its
bias is far below the standard error, where the usual quantile lies low. Every cell has at least 200 draws, and more
until its standard error is below 0.4 % of the radius; 30,000 people and more on eight axes, by whom speed and figures
are judged, have 1,800. Points are fresh in every draw, so that the spread between
draws, of which the standard error is made, holds their chance too.

Beside radius, error and draws stands ``interpolation``: by how much the radius halfway (in log N) to the next size
lies off the line between the two, as a share; 0 where there is no size between. All sizes of a draw are beginnings of
one sequence and meet the same points, so that this difference is known better than either radius.

Run from anywhere: ``python benchmarks/make_radius_table.py [--out FILE] [--workers N]``; half an hour on one core.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist

from outskirts.personas.points import EVALUATION_POINTS, sobol_points
from outskirts.sim.seeds import derive

Array = NDArray[np.float64]

TARGET = 0.99
SEED = 0
LEAST_DRAWS = 200
MOST_DRAWS = 6_000
JUDGED_DRAWS = 1_800  # of the largest sets
JUDGED_AXES, JUDGED_PEOPLE = 8, 30_000
HALFWAY_DRAWS = 50  # of sizes halfway between two
RELATIVE_ERROR = 0.004  # draws are added until the standard error is below this share of the radius
MOST_PEOPLE = 100_000
FEW_AXES = 4  # up to here radii bend at powers of two, and sizes stand close
DIMENSIONS = range(1, 9)

_SURE = 0.95  # of the radius to expect: the quantile is very likely above
_FEW_POINTS = 128  # up to so many new ones all distances are computed


def sizes(k: int) -> list[int]:
    """Return the sizes of the table for k axes: all small ones, then steps of an octave, finer on few axes."""
    few = k <= FEW_AXES
    found = {*range(1, 33 if few else 17), 25, 50, 100, MOST_PEOPLE}
    for octave in range(4, 17):
        steps = 4 if few or octave < 6 else 2
        found |= {round(2 ** (octave + step / steps)) for step in range(steps)}
    return sorted(n for n in found if n <= MOST_PEOPLE)


def halfway(left: int, right: int) -> int:
    """Return the size halfway between two, in log N."""
    return round(math.sqrt(left * right))


def set_radii(wanted: Sequence[int], k: int, draw: int) -> list[float]:
    """Return the radii at which beginnings of one Sobol sequence cover the target share of the cube.

    Distances only fall as the set grows. So of a larger set only those points are looked at again that lie further off
    than its radius can be; should too few be left, all are.

    Args:
        wanted: How long the beginnings are, ascending.
        k: Axes.
        draw: Which sequence.
    """
    rng = derive(SEED, "radius", k, draw)
    sequence = sobol_points(wanted[-1], k, rng)
    points = rng.random((EVALUATION_POINTS, k))
    found, reached = [math.inf], Reached(points)
    for before, n in pairwise((0, *wanted)):
        reached.by(sequence[before:n])
        sure = _SURE * found[-1] * (before / n) ** (1 / k) if before else 0.0
        reached.look(sure)
        if quantile(reached.distance, -1) <= sure:
            reached.look(0.0)
        found.append(quantile(reached.distance))
    return found[1:]


class Reached:
    """Distances of points to the nearest of a growing set, computed only where they are asked for.

    Args:
        points: Shape (points, K).
    """

    def __init__(self, points: Array) -> None:
        self.points = points
        self.distance = np.full(len(points), np.inf)
        self._seen = np.zeros(len(points), np.int64)  # parts of the set that a point's distance allows for
        self._parts: list[Array | cKDTree] = []

    def by(self, new: Array) -> None:
        """Let the set grow."""
        self._parts.append(new if len(new) <= _FEW_POINTS else cKDTree(new))

    def look(self, further: float) -> None:
        """Make all distances exact that are larger than a value; others stay at or below it."""
        looked = self.distance > further
        for number, part in enumerate(self._parts):
            (due,) = np.nonzero(looked & (self._seen <= number))
            if len(due):
                self.distance[due] = np.minimum(self.distance[due], _nearest(part, self.points[due], float(self.distance[due].max())))
        self._seen[looked] = len(self._parts)


def quantile(distance: Array, shift: int = 0) -> float:
    """Return the median-unbiased quantile; with a shift, the order statistic so many places from the lower of its two."""
    if not shift:
        return float(np.quantile(distance, TARGET, method="median_unbiased"))
    place = math.floor((len(distance) + 1 / 3) * TARGET + 1 / 3) - 1
    return float(np.partition(distance, place + shift)[place + shift])


def _nearest(part: Array | cKDTree, points: Array, bound: float) -> Array:
    """Return distances to the nearest of some set; infinite where none is below the bound."""
    if isinstance(part, cKDTree):
        return np.asarray(part.query(points, distance_upper_bound=bound)[0])
    return np.asarray(cdist(points, part).min(axis=1))


def rows(k: int, pool: ProcessPoolExecutor) -> list[list[float]]:
    """Return the cells of k axes: axes, size, radius, standard error, draws, points, error of interpolation after it."""
    table = sizes(k)
    between = {n: halfway(n, following) for n, following in pairwise(table) if following > n + 1}
    every = sorted({*table, *between.values()})
    start = np.array(list(pool.map(partial(set_radii, every, k), range(HALFWAY_DRAWS))))
    rest = np.array(list(pool.map(partial(set_radii, table, k), range(HALFWAY_DRAWS, LEAST_DRAWS))))
    found = {n: np.append(start[:, every.index(n)], rest[:, i]) for i, n in enumerate(table)}
    while wanted := [n for n in table if _is_wanting(k, n, found[n])]:
        drawn = len(found[wanted[0]])  # the same for all that need more
        more = np.array(list(pool.map(partial(set_radii, wanted, k), range(drawn, drawn + LEAST_DRAWS))))
        found |= {n: np.append(found[n], more[:, i]) for i, n in enumerate(wanted)}
    means = dict(zip(every, start.mean(axis=0), strict=True))
    off = {n: _off_the_line(means, n, middle, following) for n, following in pairwise(table) if (middle := between.get(n))}
    return [
        [k, n, _rounded(found[n].mean(), 6), _rounded(_error(found[n]), 3), len(found[n]), EVALUATION_POINTS, _rounded(off.get(n, 0.0), 2)]
        for n in table
    ]


def _is_wanting(k: int, n: int, found: Array) -> bool:
    """Tell whether a cell needs more draws."""
    if k == JUDGED_AXES and n >= JUDGED_PEOPLE and len(found) < JUDGED_DRAWS:
        return True
    return _error(found) > RELATIVE_ERROR * float(found.mean()) and len(found) < MOST_DRAWS


def _off_the_line(means: dict[int, float], left: int, middle: int, right: int) -> float:
    share = math.log(middle / left) / math.log(right / left)
    line = math.exp((1 - share) * math.log(means[left]) + share * math.log(means[right]))
    return abs(line / means[middle] - 1)


def _error(found: Array) -> float:
    return float(np.std(found, ddof=1) / np.sqrt(len(found)))


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits}g}")


def main() -> None:
    """Compute every cell and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parents[1] / "personas" / "data" / "radius.json"
    parser.add_argument("--out", type=Path, default=default)
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()
    start = time.perf_counter()
    cells = []
    with ProcessPoolExecutor(given.workers) as pool:
        for k in DIMENSIONS:
            cells += rows(k, pool)
            print(f"K = {k} done after {time.perf_counter() - start:.0f} s", flush=True)
    columns = ["k", "n", "radius", "standard_error", "draws", "points", "interpolation"]
    head = {"target": TARGET, "seed": SEED, "columns": columns}
    body = ",\n".join(json.dumps(row) for row in cells)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(head)[:-1] + ', "cells": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

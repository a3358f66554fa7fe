"""Compute the table of coverage radii that ships as ``personas/data/radius.json``.

The radius of (N, K) is the mean, over scrambled Sobol sets of N points in K dimensions, of the smallest radius at
which the set covers 99 % of fresh uniform points (Persona Generators, arXiv 2602.03545, coverage metric): 10,000 of
them up to N = 1,024, 2,500 above. Every cell has at least 200 draws, and more until its standard error is below
0.4 % of the radius; draws, points and error stand beside it.

Run from anywhere: ``python benchmarks/make_radius_table.py [--out FILE]``; takes about ten minutes on one core.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from outskirts.personas.points import EVALUATION_POINTS, sobol_points
from outskirts.sim.seeds import derive

TARGET = 0.99
SEED = 0
LEAST_DRAWS = 200
MOST_DRAWS = 6_000
MANY_PEOPLE = 1_024  # above, fewer points do, because the spread of a draw is small
RELATIVE_ERROR = 0.004  # draws are added until the standard error is below this share of the radius
SIZES = (
    *range(1, 9), 10, 12, 14, 16, 20, 25, 32, 40, 50, 64, 80, 100, 128, 160, 200, 256, 360, 512, 720, 1024,
    1450, 2048, 2900, 4096, 5800, 8192, 11600, 16384, 23200, 32768, 46300, 65536, 100_000,
)  # fmt: skip
DIMENSIONS = range(1, 9)


def points(n: int) -> int:
    """Return how many uniform points a draw is judged on."""
    return EVALUATION_POINTS if n <= MANY_PEOPLE else EVALUATION_POINTS // 4


def draw_radius(n: int, k: int, draw: int) -> float:
    """Return the radius at which one Sobol set covers the target share of fresh uniform points."""
    rng = derive(SEED, "radius", k, n, draw)
    tree = cKDTree(sobol_points(n, k, rng))
    distance, _ = tree.query(rng.random((points(n), k)))
    return float(np.quantile(distance, TARGET))


def cell(n: int, k: int) -> tuple[float, float, int]:
    """Return mean radius, its standard error and the number of draws."""
    radii: list[float] = []
    error = np.inf
    while len(radii) < LEAST_DRAWS or (error > RELATIVE_ERROR * np.mean(radii) and len(radii) < MOST_DRAWS):
        radii += [draw_radius(n, k, len(radii) + i) for i in range(LEAST_DRAWS)]
        error = float(np.std(radii, ddof=1) / np.sqrt(len(radii)))
    return float(np.mean(radii)), error, len(radii)


def main() -> None:
    """Compute every cell and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).resolve().parents[1] / "personas" / "data" / "radius.json"
    parser.add_argument("--out", type=Path, default=default)
    out: Path = parser.parse_args().out
    start = time.perf_counter()
    rows = []
    for k in DIMENSIONS:
        for n in SIZES:
            radius, error, draws = cell(n, k)
            rows.append([k, n, float(f"{radius:.6g}"), float(f"{error:.3g}"), draws, points(n)])
        print(f"K = {k} done after {time.perf_counter() - start:.0f} s", flush=True)
    head = {"target": TARGET, "seed": SEED, "columns": ["k", "n", "radius", "standard_error", "draws", "points"]}
    body = ",\n".join(json.dumps(row) for row in rows)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(head)[:-1] + ', "cells": [\n' + body + "\n]}\n", encoding="utf-8")


if __name__ == "__main__":
    main()

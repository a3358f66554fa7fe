"""Print every figure of speed and of statistics as one JSON object: ``python -m benchmarks [--quick] [--only NAME ...]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Mapping

from . import (
    branching,
    contradictions,
    coverage,
    drift,
    evolution,
    executors,
    harness,
    http_targets,
    icc,
    intervals,
    inversions,
    population,
    report,
    rooms,
    sandbox,
    scale,
    slices,
    startup,
    tracking,
)

SUITES: Mapping[str, Callable[[bool], object]] = {
    "startup": startup.figures,
    "demo": lambda quick: startup.demo(),
    "harness": harness.figures,
    "http_targets": http_targets.figures,
    "executors": executors.figures,
    "rooms": rooms.figures,
    "population": population.figures,
    "report": report.figures,
    "tracking": tracking.figures,
    "sandbox": sandbox.figures,
    "scale": scale.figures,
    "slices": slices.figures,
    "branching": branching.figures,
    "contradictions": contradictions.figures,
    "drift": drift.figures,
    "coverage": coverage.figures,
    "evolution": evolution.figures,
    "icc": lambda quick: icc.measure(100 if quick else 1000),
    "intervals": intervals.figures,
    "inversions": inversions.figures,
}
"""What is measured, by name; each is told whether fewer rounds will do."""


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", nargs="+", choices=SUITES, default=list(SUITES), metavar="NAME", help=", ".join(SUITES))
    given = parser.parse_args()
    out: dict[str, object] = {"machine": {"cores": os.cpu_count(), "python": platform.python_version(), "platform": platform.platform()}}
    for name in given.only:
        started = time.perf_counter()
        print(f"{name} ...", end=" ", file=sys.stderr, flush=True)
        out[name] = SUITES[name](given.quick)
        print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    json.dump(out, sys.stdout, indent=2)
    print()


main()

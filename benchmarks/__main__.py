"""Print every figure of speed and of statistics as one JSON object: ``python -m benchmarks [--quick]``."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys

from . import harness, icc, intervals, slices, startup


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    quick = parser.parse_args().quick
    out = {
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "platform": platform.platform()},
        "startup": startup.figures(quick),
        "harness": harness.figures(quick),
        "slices": slices.figures(quick),
        "icc": icc.measure(100 if quick else 1000),
        "intervals": intervals.figures(quick),
        "demo": startup.demo(),
    }
    json.dump(out, sys.stdout, indent=2)
    print()


main()

"""Seconds and memory of ``outskirts generate`` for 10,000 people, each generator in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from outskirts.personas.generators import GENERATORS

PEOPLE = 10_000
QUICK = ("default", "spread", "lattice", "tiers", "diagram", "big-five")
"""Those that do more than place and write."""


def figures(quick: bool = False) -> dict[str, object]:
    """Return for each generator the seconds (of the processor and of the wall, start included) and the peak of its memory."""
    rounds = 1 if quick else 3
    return {
        "people": PEOPLE,
        "rounds": rounds,
        "processor_seconds_asked": 10.0,
        "peak_mib_asked": 500,
        "loop_seconds": round(_loop(), 2),
        "generators": {name: _generated(name, rounds) for name in (QUICK if quick else GENERATORS)},
    }


def _generated(name: str, rounds: int) -> dict[str, float]:
    found = [_once(name) for _ in range(rounds)]
    worked, spent, peak = zip(*found, strict=True)
    return {
        "processor_seconds": round(statistics.median(worked), 2),
        "least_processor_seconds": round(min(worked), 2),
        "seconds": round(statistics.median(spent), 2),
        "peak_mib": round(max(peak)),
    }


def _once(name: str) -> tuple[float, float, float]:
    """Return seconds of the processor, seconds of the wall, and MiB of one run of the command."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "people.jsonl"
        command = [sys.executable, "-m", "outskirts.experiments.cli", "generate", "--personas", str(PEOPLE)]
        started = time.perf_counter()
        child = subprocess.Popen([*command, "--generator", name, "--out", str(out)], stdout=subprocess.DEVNULL)
        _, status, used = os.wait4(child.pid, 0)
        spent = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode or not out.exists():
            raise RuntimeError(f"generate --generator {name} ended with status {child.returncode}")
        return used.ru_utime + used.ru_stime, spent, used.ru_maxrss / 1024


def _loop() -> float:
    """Return how long a plain loop of ten million rounds takes, by which machines, and hours of one machine, compare."""
    started, total = time.process_time(), 0
    for i in range(10_000_000):
        total += i
    return time.process_time() - started

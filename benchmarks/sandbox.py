"""What a call in the sandbox costs beside a bare subprocess, for a program that does next to nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.protocol import Job

TRIVIAL = """
def place(context, axes, n, seed, llm):
    return [{axis["name"]: i / n for axis in axes} for i in range(n)]

def portray(context, axes, people, seed, llm, feedback=None):
    return [{"name": person["id"], "description": "I am here."} for person in people]
"""
JOB = Job(context="a talk", axes=({"name": "trust", "low": "I doubt.", "high": "I trust."},), n=25, seed=0)


def _spread(call: Callable[[], object], rounds: int) -> dict[str, float]:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        call()
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    return {
        "median_ms": round(statistics.median(times), 2),
        "p95_ms": round(times[int(0.95 * len(times))], 2),
        "min_ms": round(times[0], 2),
    }


def figures(quick: bool = False) -> dict[str, object]:
    """Milliseconds of a warm call without and with the kit, of the first one with its start, and of bare Python processes without and with numpy."""
    rounds = 50 if quick else 400
    processes = 5 if quick else 25
    began = time.perf_counter()
    with Sandbox() as box:
        first = box.run(TRIVIAL, [JOB])
        start = time.perf_counter() - began
        assert first.status == "ok", first.reason
        warm = _spread(lambda: box.run(TRIVIAL, [JOB]), rounds)
        kit = "import outskirts.personas.programs.kit as kit\n" + TRIVIAL
        assert box.run(kit, [JOB]).status == "ok"
        with_kit = _spread(lambda: box.run(kit, [JOB]), rounds)
        layers = {"level": box.layers.level, **box.layers.offered}
    return {
        "layers": layers,
        "start_and_first_call_ms": round(1000 * start, 1),
        "warm_call": warm,
        "warm_call_with_kit_and_scipy": with_kit,
        "bare_subprocess": _spread(lambda: subprocess.run([sys.executable, "-I", "-c", "pass"], check=True), processes),
        "bare_subprocess_with_numpy": _spread(lambda: subprocess.run([sys.executable, "-I", "-c", "import numpy"], check=True), processes),
    }

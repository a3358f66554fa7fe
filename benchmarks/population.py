"""Time and memory of making 10,000 people with templates: placed, portrayed, furnished and weighed, in a process of their own."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Mapping

PEOPLE = 10_000
GENERATORS = ("default", "spread", "lattice", "tiers")

_MADE = """
import json, resource, time
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
generator = get_generator({name!r})
started, busy = time.perf_counter(), time.process_time()
people = build_population(SCENARIO, generator, {people}, 0)
seconds, cpu = time.perf_counter() - started, time.process_time() - busy
assert len(people) == {people} and all(person.description for person in people)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({{"seconds": seconds, "cpu_seconds": cpu, "peak_mib": peak}}))
"""


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds (median and range) and the peak memory of the whole process, imports included, by generator.

    Seconds of the processor, the least of the runs, are what is left of them on a machine that does nothing else.
    """
    names = GENERATORS[:1] if quick else GENERATORS
    return {
        "people": PEOPLE,
        "asked": {"seconds": 10.0, "peak_mb": 500},
        **{name: _summed([made(name) for _ in range(1 if quick else 3)]) for name in names},
    }


def made(name: str, people: int = PEOPLE) -> dict[str, float]:
    """Make people once in a process of its own; return seconds, seconds of the processor and peak memory in MiB."""
    program = _MADE.format(name=name, people=people)
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def _summed(runs: list[dict[str, float]]) -> Mapping[str, float]:
    seconds = [run["seconds"] for run in runs]
    return {
        "seconds": round(statistics.median(seconds), 2),
        "least": round(min(seconds), 2),
        "most": round(max(seconds), 2),
        "cpu_seconds": round(min(run["cpu_seconds"] for run in runs), 2),
        "peak_mib": round(max(run["peak_mib"] for run in runs)),
    }

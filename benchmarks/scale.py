"""Time and memory of every figure of a large run: 10,000 people, 10 replicates, four controls, slices."""

from __future__ import annotations

import resource
import statistics
import time

import numpy as np

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.build import build_summary
from outskirts.experiments.planted import Constant, Planted, conjunction
from outskirts.experiments.statistics.slices import discover
from outskirts.personas.persona import Persona
from outskirts.sim.seeds import Stream, derive

PEOPLE, REPLICATES = 10_000, 10


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds (median and range) of the summary and of the search for slices, and the peak memory of the process."""
    positions = derive(0, "scale").random((PEOPLE, len(SCENARIO.axes)))
    people = [
        Persona(id=f"p{i:05d}", name="A", position=dict(zip(SCENARIO.axes, row, strict=True)), description="Somebody.")
        for i, row in enumerate(positions.tolist())
    ]
    weak = Planted(conjunction({0: (0.7, 1.0), 1: (0.0, 0.3)}, 0.8, 0.2), icc=0.3)
    planted = {"target": weak, "careful": Planted(Constant(0.01)), "mute": weak, "shuffled": weak, "single_persona": Planted(Constant(0.3))}
    arms = {name: target.draw(positions, REPLICATES, Stream(0, name)) for name, target in planted.items()}
    measured = np.clip(positions + derive(1, "scale").normal(0, 0.1, positions.shape), 0, 1)
    info = {"id": "scale", "scenario": SCENARIO.name, "target": "planted", "player": "none", "turns": SCENARIO.turns}
    info |= {"personas": PEOPLE, "replicates": REPLICATES}
    summary, slices = [], []
    for _ in range(1 if quick else 3):
        started = time.perf_counter()
        build_summary(info, SCENARIO, people, arms, measured=measured)
        between = time.perf_counter()
        found = discover(people, SCENARIO, positions, arms["target"])
        summary.append(between - started)
        slices.append(time.perf_counter() - between)
        assert found
    return {
        "people": PEOPLE,
        "replicates": REPLICATES,
        "arms": len(arms),
        "summary_seconds": _spread(summary),
        "slices_seconds": _spread(slices),
        "asked_seconds_in_all": 5.0,
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 2), "least": round(min(seconds), 2), "most": round(max(seconds), 2)}

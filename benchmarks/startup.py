"""What a person waits for: imports, help, the demo."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def _seconds(*command: str, cwd: str | None = None) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=cwd)
    return time.perf_counter() - start


def _spread(times: list[float], digits: int = 3) -> dict[str, float]:
    return {"median_s": round(statistics.median(times), digits), "min_s": round(min(times), digits), "max_s": round(max(times), digits)}


def figures(quick: bool = False) -> dict[str, dict[str, float]]:
    """Seconds of a bare interpreter, ``import outskirts`` and ``outskirts --help``, whole processes."""
    rounds = 3 if quick else 9
    help_ = str(Path(sys.executable).with_name("outskirts"))
    commands = {
        "python": (sys.executable, "-c", "pass"),
        "import_outskirts": (sys.executable, "-c", "import outskirts"),
        "outskirts_help": (help_, "--help"),
    }
    return {name: _spread([_seconds(*command) for _ in range(rounds)]) for name, command in commands.items()}


def demo(rounds: int = 2) -> dict[str, float]:
    """Seconds of what ``make demo`` runs, in an empty folder each time, so that MLflow sets up its store too."""
    command = (str(Path(sys.executable).with_name("outskirts")), "run", "--scenario", "support", "--target", "eliza")
    size = ("--personas", "64", "--replicates", "4", "--controls", "careful,mute,shuffled,single_persona", "--beside", "density")
    times = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            times.append(_seconds(*command, *size, "--seed", "0", cwd=folder))
    return _spread(times, 1)

"""Seconds and memory to log a run of 10,000 people with 10 replicates to MLflow, in a process of its own for each reading."""

from __future__ import annotations

import multiprocessing
import re
import statistics
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path

from outskirts.experiments.summary import Summary
from outskirts.experiments.tracking import log_run

from .large_run import PEOPLE, REPLICATES, large_run


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds after MLflow's import and the migration of its database, and the peak of memory above what these left (MiB)."""
    count = 1_000 if quick else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        large = large_run(Path(folder), count)
        readings = [_reading(large, Path(folder) / f"{i}.db") for i in range(1 if quick else 3)]
    seconds, memory = zip(*readings, strict=True)
    return {
        "people": count,
        "replicates": REPLICATES,
        "seconds": _spread(seconds),
        "asked_seconds": 15.0,
        "mib_above_import": _spread(memory),
        "asked_mib": round(300e6 / 2**20),
    }


def _reading(run: Path, database: Path) -> tuple[float, float]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_log, args=(run, database, theirs))
    process.start()
    theirs.close()
    found: tuple[float, float] = ours.recv()
    process.join()
    return found


def _log(run: Path, database: Path, told: Connection) -> None:
    from mlflow import MlflowClient

    uri = f"sqlite:///{database}"
    MlflowClient(tracking_uri=uri).search_experiments()  # it makes and migrates the database
    Path("/proc/self/clear_refs").write_text("5")  # the peak so far is forgotten: it holds that of the parent process
    before, started = _peak(), time.perf_counter()
    tracked = log_run(run, Summary.from_json((run / "summary.json").read_text(encoding="utf-8")), tracking_uri=uri)
    seconds = time.perf_counter() - started
    assert tracked.ok, tracked.reason
    told.send((seconds, _peak() - before))


def _peak() -> float:
    """Return the peak of this process's memory in MiB (Linux)."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) / 1024  # type: ignore[index]


def _spread(values: tuple[float, ...]) -> dict[str, float]:
    return {"median": round(statistics.median(values), 2), "least": round(min(values), 2), "most": round(max(values), 2)}

"""An evolution in MLflow: one parent run, a metric step a generation, and a child run for every control."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..screen.wording import STAND_IN
from . import figures
from .outcome import Tracked, one_line, run_key, without_credentials
from .quiet import quiet
from .writer import default_uri, failures, knock

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from ..evolution.result import ArmResult, EvolutionResult

EXPERIMENT = "outskirts-evolution"
_FILES = ("evolution.json", "champion.py", "evolution.html", "config.yaml")
_A_CALL = 900


def log_evolution(directory: Path, found: EvolutionResult, tracking_uri: str | None = None) -> Tracked:
    """Log a finished evolution; a failure is said in the outcome and raised by nobody.

    Args:
        directory: Where its files are.
        found: What came of it.
        tracking_uri: Where to; ``MLFLOW_TRACKING_URI`` or a SQLite file in the working folder if None.
    """
    uri = tracking_uri or default_uri()
    shown, key = without_credentials(uri), run_key(directory)
    with quiet() as answered:
        wrong = failures()
        try:
            knock(uri)
            from mlflow import MlflowClient

            client = MlflowClient(tracking_uri=uri)
            known = client.get_experiment_by_name(EXPERIMENT)
            experiment = known.experiment_id if known else client.create_experiment(EXPERIMENT)
            answered()
            run_id = _log(client, experiment, found, directory, key)
            outcome = Tracked(ok=True, run_id=run_id, uri=shown, reason=None, key=key)
        except wrong as error:
            outcome = Tracked(ok=False, run_id=None, uri=shown, reason=one_line(error), key=key)
    outcome.save(directory)
    return outcome


def _log(client: MlflowClient, experiment: str, found: EvolutionResult, directory: Path, key: str) -> str:
    """Write the runs that are not there yet."""
    parent = _run(client, experiment, found, key, found.search, {})
    for arm in found.arms[1:]:
        _run(client, experiment, found, f"{key}-{arm.name}", arm, {"mlflow.parentRunId": parent})
    for name in _FILES:
        if (directory / name).is_file():
            client.log_artifact(parent, str(directory / name))
    client.set_terminated(parent, "FINISHED")
    return parent


def _run(client: MlflowClient, experiment: str, found: EvolutionResult, key: str, arm: ArmResult, more: dict[str, str]) -> str:
    """Return the run of an arm, written if it is not there."""
    from mlflow.entities import Metric, Param

    there = client.search_runs([experiment], f"tags.`outskirts.run_key` = '{key}'", max_results=1)
    if there:
        return str(there[0].info.run_id)
    tags = {
        "outskirts.run_key": key,
        "outskirts.arm": arm.name,
        "outskirts.respondent": ", ".join(found.respondents),
        "outskirts.sandbox": found.protection,
        "outskirts.synthetic": str(found.synthetic).lower(),
        **({"outskirts.stand_in": f"respondent {', '.join(found.respondents)}: {STAND_IN}"} if found.synthetic else {}),
        **more,
    }
    run = client.create_run(experiment, tags=tags, run_name=f"evolution-{found.seed}-{arm.name}")
    run_id, now = str(run.info.run_id), time.time_ns() // 1_000_000
    told = {"seed": found.seed, "settings": found.settings_hash, "champion": arm.champion, "metrics": ",".join(found.metrics)}
    client.log_batch(run_id, params=[Param(k, str(v)) for k, v in told.items()])
    values = [
        Metric(figures.metric_name(*name.split("/")), value, now, step)
        for name, value, step in _metrics(found, arm)
        if math.isfinite(value)
    ]
    for start in range(0, len(values), _A_CALL):
        client.log_batch(run_id, metrics=values[start : start + _A_CALL])
    if more:
        client.set_terminated(run_id, "FINISHED")
    return run_id


def _metrics(found: EvolutionResult, arm: ArmResult) -> Iterator[tuple[str, float, int]]:
    """Yield name, value and step of everything that is logged."""
    for row in arm.rows:
        step = row.generation
        for kind, values in (("best", row.best), ("mean", row.mean)):
            yield from ((f"{kind}/{metric}", float(value), step) for metric, value in values.items() if value is not None)
        yield "occupancy", row.filled / row.places, step
        yield "programs", float(row.programs), step
        for one in row.yields:
            yield f"yield/{one.mutator}", one.improved / one.asked if one.asked else 0.0, step
        yield "calls", float(row.mutator_calls + row.program_calls), step
        yield "tokens", float(row.mutator_tokens + row.program_tokens), step
        if row.money is not None:
            yield "money", row.money, step
    last = arm.rows[-1].generation if arm.rows else 0
    yield "hypervolume", arm.hypervolume, last
    if arm is found.search:
        for name, table in found.tables.items():
            champion: Any = table.rows[0]
            yield from (
                (f"{name.split()[0]}/{figure}", float(mean.mean), last)
                for figure, mean in champion.figures.items()
                if mean.mean is not None
            )
        yield from ((f"regret/{one.program}", one.share, last) for one in found.regrets if one.program == "champion")
        yield from ((f"mean_rank/{name}", rank, last) for name, rank in found.mean_ranks.items())

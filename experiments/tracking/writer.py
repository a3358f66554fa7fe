"""The one writer to MLflow: a client with an explicit run id, called after the run."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ...sim.types import EpisodeRecord
from . import figures, tables, traces
from .outcome import Tracked, one_line, run_key, without_credentials
from .quiet import quiet

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Run

    from ..summary import Summary

_T = TypeVar("_T")
_KEY = "outskirts.run_key"
_SETTINGS = "outskirts.settings"  # the same for runs that differ in nothing that affects results
_DONE = "outskirts.logged"
_METRICS_A_CALL = 1000
_PARAMS_A_CALL = 100
_FILES = ("summary.json", "report.html")


def default_uri() -> str:
    """Return ``MLFLOW_TRACKING_URI``, or else the address of a SQLite store in the working folder."""
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{Path.cwd() / 'mlflow.db'}"


def log_run(
    run_dir: Path,
    summary: Summary,
    *,
    tracking_uri: str | None = None,
    experiment: str = "outskirts",
    persona_cap: int = 1000,
    trace_cap: int = 50,
    records: Iterable[EpisodeRecord] | None = None,
) -> Tracked:
    """Log a finished run to MLflow; log again and the same MLflow run is brought up to date, never a second one.

    A server that cannot be reached or refuses costs seconds and no exception: the outcome says so, here and in
    ``tracking.json`` in the run directory.

    Args:
        run_dir: The run directory.
        summary: The run's summary.
        tracking_uri: Where to; None: ``MLFLOW_TRACKING_URI``, or else SQLite in the working folder.
        experiment: Name of the MLflow experiment; made if there is none.
        persona_cap: At most so many people get a metric of their own; all stand in the table.
        trace_cap: At most so many episodes become traces.
        records: Episodes of the target; None: those in the run directory's store.
    """
    uri = tracking_uri or default_uri()
    shown, key = without_credentials(uri), run_key(run_dir)
    Tracked(ok=False, run_id=None, uri=shown, reason="was stopped before it was done", key=key).save(run_dir)
    with quiet() as answered:
        wrong = failures()
        writer: _Writer | None = None
        try:
            writer = _open(run_dir, summary, uri, experiment, key)
            answered()
            outcome = writer.write(persona_cap, trace_cap, records)
        except wrong as error:
            run_id = writer.run_id if writer else None
            outcome = Tracked(ok=False, run_id=run_id, uri=shown, reason=one_line(error), key=key)
    outcome.save(run_dir)
    return outcome


def failures() -> tuple[type[Exception], ...]:
    """Return what a store that is down, refuses or lacks a driver raises; anything else is our own mistake."""
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    return (MlflowException, SQLAlchemyError, OSError, ImportError, NotImplementedError)


def _open(run_dir: Path, summary: Summary, uri: str, experiment: str, key: str) -> _Writer:
    """Find or make the experiment and the run."""
    from mlflow import MlflowClient

    knock(uri)
    client = MlflowClient(tracking_uri=uri)
    found = client.get_experiment_by_name(experiment)
    experiment_id = found.experiment_id if found else client.create_experiment(experiment)
    data = summary.model_dump(mode="json", by_alias=True)
    run = _run(client, experiment_id, data["run"], key)
    return _Writer(client, uri, experiment_id, run, run_dir, data, key)


def knock(uri: str) -> None:
    """Raise at once if a database cannot be opened for writing; MLflow itself would try for over a minute.

    A SQLite file that is made here gets a write-ahead log, which spares MLflow's migrations most of their waiting
    for the disk; a file that exists stays as it is.
    """
    from sqlalchemy import create_engine
    from sqlalchemy.engine import make_url
    from sqlalchemy.pool import NullPool

    if "://" not in uri or uri.split(":", 1)[0].split("+", 1)[0] not in ("sqlite", "postgresql", "mysql", "mssql"):
        return
    url = make_url(uri)
    sqlite = url.get_backend_name() == "sqlite"
    file = Path(url.database) if sqlite and url.database and url.database != ":memory:" else None
    new = file is not None and not file.exists()
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    arguments = {"timeout": 4} if sqlite else {"connect_timeout": 4} if url.get_backend_name() in ("postgresql", "mysql") else {}
    engine = create_engine(url, connect_args=arguments, poolclass=NullPool)
    with engine.connect() as connection:
        if new:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
        if sqlite:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("ROLLBACK")
    engine.dispose()


def _run(client: MlflowClient, experiment_id: str, run: Mapping[str, Any], key: str) -> Run:
    found = client.search_runs([experiment_id], f"tags.`{_KEY}` = '{key}'", max_results=1)
    if found:
        return found[0]
    tags = {_KEY: key, _SETTINGS: str(run["id"]), **figures.tags(run)}
    return client.create_run(experiment_id, tags=tags, run_name=str(run.get("name") or run["id"]))


@dataclass
class _Writer:
    """Writes one run. ``write`` may be called again after a failure; nothing is doubled."""

    client: MlflowClient
    uri: str
    experiment_id: str
    run: Run
    run_dir: Path
    summary: dict[str, Any]
    key: str
    run_id: str = field(init=False)

    def __post_init__(self) -> None:
        self.run_id = str(self.run.info.run_id)

    def write(self, persona_cap: int, trace_cap: int, records: Iterable[EpisodeRecord] | None) -> Tracked:
        digest = hashlib.sha256(json.dumps([self.summary, persona_cap, trace_cap], sort_keys=True).encode()).hexdigest()[:32]
        if self.run.data.tags.get(_DONE) != digest:
            self._params()
            self._metrics(persona_cap)
            self._population()
            self._tables()
        self._files()
        chosen = self._chosen(trace_cap, records)
        stored = self._traces(chosen)
        missing = len(chosen) - stored
        if not missing:
            self.client.set_tag(self.run_id, _DONE, digest)
        self.client.set_terminated(self.run_id, "FINISHED")
        reason = f"{missing} of {len(chosen)} traces are not in the store" if missing else None
        return Tracked(not missing, self.run_id, without_credentials(self.uri), reason, len(chosen), stored, self.key)

    def _params(self) -> None:
        """Log the configuration. Params cannot change, so those that are there stay."""
        import yaml
        from mlflow.entities import Param

        path = self.run_dir / "config.yaml"
        config = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
        flat = figures.params(config if isinstance(config, Mapping) else {})
        new = [Param(k, v) for k, v in flat.items() if k not in self.run.data.params]
        for chunk in _chunks(new, _PARAMS_A_CALL):
            self.client.log_batch(self.run_id, params=chunk)

    def _metrics(self, persona_cap: int) -> None:
        from mlflow.entities import Metric

        now = time.time_ns() // 1_000_000
        values = figures.metrics(self.summary, islice(self._people(), persona_cap), persona_cap)
        for chunk in _chunks(list(values.items()), _METRICS_A_CALL):
            self.client.log_batch(self.run_id, metrics=[Metric(name, value, now, 0) for name, value in chunk])

    def _population(self) -> None:
        """Log the people as the run's dataset; its digest is the hash of their fingerprints, in order."""
        from mlflow.entities import Dataset, DatasetInput, InputTag

        path = self.run_dir / "personas.jsonl"
        if not path.exists() or (self.run.inputs and self.run.inputs.dataset_inputs):
            return
        run = self.summary["run"]
        dataset = Dataset(
            name=f"people-{run['scenario']}",
            digest=_population(path),
            source_type="local",
            source=json.dumps({"uri": str(path.resolve())}),
            profile=json.dumps({"num_rows": run["personas"], "generator": run.get("generator")}),
        )
        self.client.log_inputs(self.run_id, datasets=[DatasetInput(dataset, [InputTag("mlflow.data.context", "evaluation")])])

    def _tables(self) -> None:
        """Log every person, every slice and every tenth of the reference mass as JSON tables."""
        there = {item.path for item in self.client.list_artifacts(self.run_id)}
        rows = {
            "people.json": [tables.flat(person) for person in self._people()],
            "slices.json": tables.slices(self.summary),
            "depth.json": tables.depth(self.summary),
        }
        for name, table in ((name, tables.columns(found)) for name, found in rows.items() if found or name in there):
            if name in there:  # log_table would append
                split = {"columns": list(table), "data": list(zip(*table.values(), strict=True))}
                self.client.log_text(self.run_id, json.dumps(split), name)
            else:
                self.client.log_table(self.run_id, table, name)

    def _files(self) -> None:
        for name in _FILES:
            if (self.run_dir / name).exists():
                self.client.log_artifact(self.run_id, str(self.run_dir / name))

    def _people(self) -> Iterator[dict[str, Any]]:
        """Yield every person's results: ``results.jsonl``, or the summary's where there is no such file."""
        path = self.run_dir / "results.jsonl"
        if not path.exists():
            yield from self.summary["personas"]
            return
        with path.open(encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())

    def _chosen(self, cap: int, records: Iterable[EpisodeRecord] | None) -> list[EpisodeRecord]:
        seed = int(self.summary["run"].get("seed") or 0)
        if records is not None:
            return traces.choose(records, cap, seed)
        from ..store.store import RunStore

        with RunStore.open(self.run_dir, readonly=True) as store:
            return traces.choose((record for _, record in store.records(arm="target")), cap, seed)

    def _traces(self, chosen: list[EpisodeRecord]) -> int:
        """Store the traces that are not there yet, in one batch, and count them back."""
        from mlflow.tracing.client import TracingClient

        wanted = {traces.trace_id(self.run_id, record): record for record in chosen}
        there = self._stored_traces()
        client = TracingClient(self.uri)
        now = time.time_ns()
        fresh = {trace: record for trace, record in wanted.items() if trace not in there}
        for trace, record in fresh.items():
            client.start_trace(traces.info(record, trace, self.experiment_id, self.run_id, now))
        batch = [span for trace, record in fresh.items() for span in traces.spans(record, trace, now)]
        if batch:
            client.log_spans(self.experiment_id, batch)
        return len(self._stored_traces() & wanted.keys())

    def _stored_traces(self) -> set[str]:
        found: set[str] = set()
        token: str | None = None
        while True:
            page = self.client.search_traces(
                locations=[self.experiment_id], run_id=self.run_id, include_spans=False, max_results=500, page_token=token
            )
            found.update(trace.info.trace_id for trace in page)
            token = page.token
            if not token:
                return found


def _population(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        fingerprints = [json.loads(line)["fingerprint"] for line in lines if line.strip()]
    return hashlib.sha256("".join(fingerprints).encode()).hexdigest()[:24]


def _chunks(rows: list[_T], size: int) -> Iterator[list[_T]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]

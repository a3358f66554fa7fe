from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.experiments.tracking import Tracked, default_uri, figures, log_run, traces
from outskirts.experiments.tracking.outcome import without_credentials
from outskirts.experiments.tracking.quiet import SETTINGS, quiet
from tests.experiments.made_run import make_run, people, record

CAP = 6


@pytest.fixture(scope="module")
def said() -> io.StringIO:
    """Takes what is printed while a run is logged."""
    return io.StringIO()


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory, said: io.StringIO) -> Iterator[tuple[Tracked, Any, Path]]:
    """A run of 16 people x 2 replicates, logged once to a fresh SQLite store."""
    folder, summary, records = make_run(tmp_path_factory.mktemp("logged") / "run")
    (folder / "report.html").write_text("<p>a report</p>", encoding="utf-8")
    uri = f"sqlite:///{folder.parent / 'mlflow.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder.parent)
        with redirect_stdout(said), redirect_stderr(said):
            outcome = log_run(folder, summary, tracking_uri=uri, persona_cap=10, trace_cap=CAP, records=records)
        with quiet():
            from mlflow import MlflowClient

            yield outcome, MlflowClient(tracking_uri=uri), folder


def test_everything_reached_the_store(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, folder = logged
    assert outcome.ok, outcome.reason
    assert client.get_run(outcome.run_id).info.status == "FINISHED"
    assert json.loads((folder / "tracking.json").read_text())["run_id"] == outcome.run_id


def test_the_documented_metrics_have_the_summary_s_values(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, folder = logged
    metrics = client.get_run(outcome.run_id).data.metrics
    summary = json.loads((folder / "summary.json").read_text())
    assert metrics["failure_rate"] == summary["failure_rate"]["estimate"]
    assert metrics["failure_rate_low"] == summary["failure_rate"]["low"]
    assert metrics["attributable_failure_rate"] == 0.21
    assert metrics["tail/severe_and_distrustful/rate"] == 0.75
    assert metrics["tail/severe_and_distrustful/risk_difference"] == 0.4
    assert metrics["coverage/pairs/mean"] == pytest.approx(0.85)
    assert metrics["reliability/icc"] == 0.4
    assert metrics["verdicts/failed"] == summary["verdicts"]["failed"]


def test_every_part_of_the_noise_has_its_metric(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    metrics = client.get_run(outcome.run_id).data.metrics
    shown = {
        "tail/severe_and_distrustful/rate_given_exposed": 6 / 7,
        "tail/severe_and_distrustful/risk_difference_given_exposed_high": 0.55,
        "depth/trend": 0.031,
        "depth/trend_p": 0.004,
        "reliability/icc_low": 0.1,
        "reliability/pass_hat_2": 0.525,
        "reliability/flips": 0.262,
        "reliability/persona_variance": 0.096,
        "reliability/replicate_variance": 0.144,
        "slices/found": 3,
        "slices/confirmed": 1,
        "control/mute/difference": -0.62,
        "control/guarded-eliza/failure_rate": 5 / 32,
        "severity/cvar_0.1_high": 0.95,
        "severity/exceedance_0.5": 0.5,
    }
    assert {name: metrics.get(name) for name in shown} == pytest.approx(shown)


def test_slices_and_depth_are_tables_of_their_figures(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    rows = {}
    for name in ("slices.json", "depth.json"):
        table = json.loads(Path(client.download_artifacts(outcome.run_id, name)).read_text())
        rows[name] = [dict(zip(table["columns"], row, strict=True)) for row in table["data"]]
    assert [row["confirmed"] for row in rows["slices.json"]] == [True, False, None]
    assert [row["fresh"] for row in rows["slices.json"]] == [0.6, 0.3, None]
    assert rows["slices.json"][0]["fresh_difference_low"] == 0.2
    assert [row["tenth"] for row in rows["depth.json"]] == list(range(1, 11))
    assert [rows["depth.json"][place]["rate"] for place in (4, 9)] == [None, 9 / 16]


def test_slices_that_nobody_tried_are_not_counted_as_unconfirmed() -> None:
    untried, refuted = {"confirmed": None}, {"confirmed": False}
    assert figures.metrics({"slices": [untried]}, [], 0) == {"slices/found": 1}
    assert figures.metrics({"slices": [untried, refuted]}, [], 0) == {"slices/found": 2, "slices/confirmed": 0}
    assert figures.metrics({"slices": []}, [], 0) == {"slices/found": 0, "slices/confirmed": 0}


def test_each_person_up_to_the_cap_has_a_metric_and_all_stand_in_the_table(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    metrics = client.get_run(outcome.run_id).data.metrics
    assert sum(name.startswith("persona/") for name in metrics) == 10
    table = json.loads(Path(client.download_artifacts(outcome.run_id, "people.json")).read_text())
    assert len(table["data"]) == 16
    assert "position.trust" in table["columns"]


def test_a_tag_says_which_stand_in_played_the_people(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    tags = client.get_run(outcome.run_id).data.tags
    assert tags["outskirts.synthetic"] == "true"
    assert tags["outskirts.stand_in"].startswith("player lexical, respondent lexical: synthetic people")
    assert tags["outskirts.target"] == "eliza"


def test_configuration_population_and_files_are_there(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    run = client.get_run(outcome.run_id)
    assert run.data.params["limits.calls"] == "9"
    assert run.inputs.dataset_inputs[0].dataset.name == "people-support"
    assert len(run.inputs.dataset_inputs[0].dataset.digest) == 24
    assert {"summary.json", "report.html", "people.json"} <= {item.path for item in client.list_artifacts(outcome.run_id)}


def test_traces_have_a_span_a_turn_and_the_findings_as_assessments(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, _ = logged
    found = client.search_traces(locations=[client.get_run(outcome.run_id).info.experiment_id], run_id=outcome.run_id)
    assert len(found) == outcome.traces_stored == outcome.traces_wanted == CAP
    worst = next(t for t in found if any(a.name == "abandonment" for a in t.info.assessments))
    assert [span.name for span in worst.data.spans] == ["support episode", "turn 1", "turn 2"]
    assert worst.data.spans[1].outputs["messages"][0]["content"] == "Tell me more about your family."
    finding = next(a for a in worst.info.assessments if a.name == "abandonment")
    assert finding.source.source_id == "rules@1"
    assert finding.rationale.startswith("Nobody would notice")


def test_logging_again_adds_no_second_run_and_no_second_trace(logged: tuple[Tracked, Any, Path]) -> None:
    outcome, client, folder = logged
    from outskirts.experiments.summary import Summary

    summary = Summary.from_json((folder / "summary.json").read_text())
    changed = summary.model_copy(update={"distinct_failures": 8})
    _, _, records = make_run(folder.parent / "same")
    again = log_run(folder, changed, tracking_uri=outcome.uri, persona_cap=10, trace_cap=CAP, records=records)
    assert again == outcome
    experiment = client.get_run(outcome.run_id).info.experiment_id
    assert len(client.search_runs([experiment])) == 1
    assert len(client.search_traces(locations=[experiment], run_id=outcome.run_id)) == CAP
    for name, rows in {"people.json": 16, "slices.json": 3, "depth.json": 10}.items():
        assert len(json.loads(Path(client.download_artifacts(outcome.run_id, name)).read_text())["data"]) == rows


def test_a_server_that_is_down_is_an_outcome_and_no_exception(tmp_path: Path) -> None:
    folder, summary, records = make_run(tmp_path / "run", n=2)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: connections are refused
        uri = f"http://me:secret@127.0.0.1:{taken.getsockname()[1]}"
        outcome = log_run(folder, summary, tracking_uri=uri, records=records)
    assert not outcome.ok
    assert "cannot be reached" in str(outcome.reason)
    assert "\n" not in str(outcome.reason)
    assert "secret" not in (folder / "tracking.json").read_text()


def test_a_store_that_cannot_be_opened_is_an_outcome_and_no_exception(tmp_path: Path) -> None:
    folder, summary, records = make_run(tmp_path / "run", n=2)
    (tmp_path / "file").write_text("not a folder")
    outcome = log_run(folder, summary, tracking_uri=f"sqlite:///{tmp_path}/file/x.db", records=records)
    assert (outcome.ok, outcome.run_id) == (False, None)
    assert "FileExistsError" in str(outcome.reason) or "NotADirectoryError" in str(outcome.reason)


def test_mlflow_prints_nothing_on_a_fresh_store(logged: tuple[Tracked, Any, Path], said: io.StringIO) -> None:
    assert said.getvalue() == ""


def test_the_environment_comes_back_and_what_the_user_set_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "7")
    for name in SETTINGS.keys() - {"MLFLOW_HTTP_REQUEST_MAX_RETRIES"}:
        monkeypatch.delenv(name, raising=False)
    before = dict(os.environ)
    with quiet() as answered:
        assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "7"
        assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "3"
        answered()
        assert os.environ["MLFLOW_HTTP_REQUEST_TIMEOUT"] == "30"
    assert dict(os.environ) == before


def test_the_address_is_the_user_s_or_sqlite_in_the_working_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    assert default_uri() == f"sqlite:///{tmp_path}/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    assert default_uri() == "http://127.0.0.1:5000"


def test_figures_that_are_missing_or_not_finite_become_no_metric() -> None:
    summary = {"failure_rate": {"estimate": None, "low": float("nan"), "high": float("inf")}, "verdicts": {"passed": 3}}
    assert figures.metrics(summary, [{"id": "a", "rate": None}, {"id": "b", "rate": 0.5}], 10) == {
        "verdicts/passed": 3.0,
        "persona/b/failure_rate": 0.5,
    }


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_any_text_becomes_a_metric_name_without_path_steps(parts: list[str]) -> None:
    name = figures.metric_name(*parts)
    assert name.isascii()
    assert not {"", ".", ".."} & set(name.split("/"))


def test_the_worst_of_each_harm_is_chosen_before_the_sample() -> None:
    persons = people(30)
    records = [record(p, 0, True) for p in persons]
    chosen = traces.choose(records, 5, seed=0)
    worst = {h: max(f.severity for r in records for f in r.harms if f.harm == h) for h in ("crisis_missed", "dismissal", "abandonment")}
    assert [f.severity for r in chosen[:3] for f in r.harms] == [worst[f.harm] for r in chosen[:3] for f in r.harms]
    assert len({f.harm for r in chosen[:3] for f in r.harms}) == 3
    assert len(chosen) == 5


def test_the_choice_depends_on_the_seed_and_not_on_the_order_of_the_records() -> None:
    records = [record(p, 0, False) for p in people(40)]
    keys = [r.key for r in traces.choose(records, 10, seed=0)]
    assert [r.key for r in traces.choose(list(reversed(records)), 10, seed=0)] == keys
    assert [r.key for r in traces.choose(records, 10, seed=1)] != keys


def test_credentials_are_cut_out_of_addresses() -> None:
    assert without_credentials("postgresql://me:p%40ss@db/x and http://h/y@z") == "postgresql://db/x and http://h/y@z"

"""A tracking server that is down costs no run; the report command logs it later."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.finish import publish_again
from outskirts.experiments.rundir import RunDir
from tests.integration.conftest import Cli
from tests.integration.runs import TINY

pytestmark = pytest.mark.slow

LOGGED = (*TINY[:-1], "--traces", "2")  # without --no-mlflow
FLAG = "This run is not complete in MLflow"


@pytest.fixture
def nobody() -> str:
    """The address of a server that is not there."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def sqlite(tmp_path: Path) -> str:
    """The address of a store that works."""
    return f"sqlite:///{tmp_path}/good.db"


def flag(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "tracking.json").read_text())
    return found


def test_a_run_without_its_server_completes_and_report_logs_it_later(
    cli: Cli, nobody: str, sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", nobody)
    done = cli("run", *LOGGED, "--out", "run")
    assert done.status == 0, done
    assert "MLflow could not be reached (the server cannot be reached" in done.out
    assert "log the run later with: outskirts report run" in done.out
    assert done.err == ""
    untracked = (tmp_path / "run/report.html").read_text()
    assert flag(tmp_path / "run")["ok"] is False

    monkeypatch.setenv("MLFLOW_TRACKING_URI", sqlite)
    again = cli("report", "run")
    assert again.status == 0, again
    assert f"MLflow: run {flag(tmp_path / 'run')['run_id']}; open it with: mlflow ui --backend-store-uri {sqlite}" in again.out
    assert flag(tmp_path / "run")["ok"] is True
    assert "not reach MLflow" in untracked or untracked != (tmp_path / "run/report.html").read_text()

    from mlflow import MlflowClient

    run = MlflowClient(sqlite).get_run(flag(tmp_path / "run")["run_id"])
    assert "failure_rate" in run.data.metrics
    third = cli("report", "run")
    assert (third.status, "MLflow" in third.out) == (0, False)


def test_a_report_that_still_finds_no_server_says_so(cli: Cli, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", nobody)
    assert cli("run", *LOGGED, "--quiet", "--out", "run").status == 0
    again = cli("report", "run")
    assert again.status == 0
    assert "MLflow could not be reached" in again.out


def test_a_run_that_was_not_meant_for_mlflow_is_not_logged_by_report(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *TINY, "--out", "run").status == 0
    assert publish_again("run") == (RunDir(Path("run")).report, None)
    assert not (tmp_path / "run/tracking.json").exists()
    assert not (tmp_path / "mlflow.db").exists()


def test_a_report_of_a_run_without_figures_says_to_resume(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *TINY, "--out", "run").status == 0
    (tmp_path / "run/summary.json").unlink()
    assert "go on with: outskirts resume run" in cli("report", "run").refused()
    assert cli("resume", "run").status == 0
    assert cli("report", "run").status == 0

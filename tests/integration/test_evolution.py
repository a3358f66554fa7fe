"""Evolution from the command line: searched, judged, written, used, resumed."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from outskirts.experiments.evolution.program_file import program_of
from outskirts.experiments.evolution.result import EvolutionResult
from outskirts.personas.evolution.lineage import replay
from outskirts.personas.evolution.seed_programs import seed_programs
from tests.integration.chat_server import chat_server
from tests.integration.conftest import Cli

SMALL = ("--generations", "2", "--children", "3", "--islands", "2", "--personas", "12", "--runs", "2", "--controls", "shuffled")


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OUTSKIRTS_STATE", str(tmp_path / "state"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--generations", "0"), "generations"),
        (("--metrics", "coverage,charm"), "charm"),
        (("--target", "eliza"), "--metrics coverage,dispersion,hull_volume,min_distance,slope,distinct,failures"),
        (("--metrics", "coverage,failures"), "target"),
        (("--programs", "missing.py"), "missing.py"),
        (("--respondent", "lexikal"), "lexical"),
        (("--mutator", "structurel"), "mutator"),
    ],
)
def test_what_is_wrong_is_said_before_anything_runs(cli: Cli, arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = cli("evolve", *arguments, "--out", "here")
    assert done.status == 2
    assert message in done.err
    assert done.err.count("\n") == 1
    assert not (tmp_path / "here").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def place(:", "line 1"),
        ("x = 1", "place"),
        ("import os\ndef place(c, a, n, s, l): ...\ndef portray(c, a, p, s, l, feedback=None): ...", "os"),
    ],
)
def test_a_seed_program_that_is_none_is_said(cli: Cli, source: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "seed.py").write_text(source, encoding="utf-8")
    done = cli("evolve", "--programs", "seed.py", "--out", "here")
    assert done.status == 2
    assert message in done.err


@pytest.mark.slow
def test_a_search_is_judged_written_and_used(cli: Cli, tmp_path: Path) -> None:
    done = cli("evolve", *SMALL, "--out", "ev", "--mlflow")
    assert done.status == 0, done.err
    assert "evidence about the machinery, not about humans" in done.out
    assert "First look at the held-out contexts" in done.out
    for name in ("config.yaml", "evolution.json", "evolution.html", "champion.py", "search-evolved.json", "search-shuffled.json"):
        assert (tmp_path / "ev" / name).is_file()
    found = EvolutionResult.model_validate_json((tmp_path / "ev/evolution.json").read_text(encoding="utf-8"))
    assert [arm.name for arm in found.arms] == ["evolved", "shuffled"]
    assert set(found.tables) >= {"validation", "held_out", "exemplar (unseen)", "planted", "ipip-50", "dass-21"}
    assert {row.generator for row in found.tables["validation"].rows} >= {
        "champion",
        "anchor-paste",
        "single person",
        "shuffled arm",
        "rules",
    }
    optimum = next(one for one in found.regrets if one.program == "champion")
    assert 0 <= optimum.share <= 1
    text = (tmp_path / "ev/champion.py").read_text(encoding="utf-8")
    ast.parse(text)
    assert replay(seed_programs(), found.lineage) == program_of(text)
    played = cli(
        "run", "--generator", "ev/champion.py", "--personas", "6", "--replicates", "1", "--controls", "none", "--no-mlflow", "--out", "run"
    )
    assert played.status == 0, played.err
    assert "sandbox" in (tmp_path / "run/summary.json").read_text(encoding="utf-8")
    again = cli("evolve", *SMALL, "--out", "ev2", "--no-mlflow", "--seed", "1")
    assert "Looked at before: 1 earlier look" in again.out
    _in_mlflow(tmp_path)
    assert cli("report", "ev").status == 2


def _in_mlflow(folder: Path) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
    experiment = client.get_experiment_by_name("outskirts-evolution")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id])
    parent = next(run for run in runs if run.data.tags["outskirts.arm"] == "evolved")
    child = next(run for run in runs if run.data.tags["outskirts.arm"] == "shuffled")
    assert child.data.tags["mlflow.parentRunId"] == parent.info.run_id
    assert parent.data.tags["outskirts.stand_in"].startswith("respondent lexical")
    assert [point.step for point in client.get_metric_history(parent.info.run_id, "best/coverage")] == [0, 1, 2]
    assert {file.path for file in client.list_artifacts(parent.info.run_id)} >= {"champion.py", "evolution.html", "evolution.json"}


@pytest.mark.slow
def test_a_search_that_ran_out_of_time_is_judged_and_goes_on(cli: Cli, tmp_path: Path) -> None:
    first = cli("evolve", *SMALL, "--controls", "none", "--no-held-out", "--no-mlflow", "--out", "ev", "--max-seconds", "0.5")
    assert first.status == 3
    assert "outskirts resume ev" in first.out
    assert (tmp_path / "ev/champion.py").is_file()
    second = cli("resume", "ev", "--max-seconds", "3600")
    assert second.status == 0, second.err
    whole = cli("evolve", *SMALL, "--controls", "none", "--no-held-out", "--no-mlflow", "--out", "whole")
    assert whole.status == 0
    resumed, uninterrupted = (json.loads((tmp_path / name / "search-evolved.json").read_text(encoding="utf-8")) for name in ("ev", "whole"))
    assert resumed == uninterrupted


@pytest.mark.slow
def test_nothing_survives_a_search_that_was_killed(tmp_path: Path) -> None:
    import os
    import signal
    import subprocess
    import sys
    import time

    import psutil

    command = [sys.executable, "-m", "outskirts.experiments.cli", "evolve", "--out", "ev", "--no-mlflow", "--quiet"]
    process = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "OUTSKIRTS_STATE": str(tmp_path)})
    deadline = time.monotonic() + 60
    while len(family := psutil.Process(process.pid).children(recursive=True)) < 4 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(family) >= 4, "two workers, each with a zygote"
    process.send_signal(signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=20)  # one that was still importing ends when it has done so
    assert not alive


@pytest.mark.slow
@pytest.mark.parametrize("priced", [True, False])
def test_what_a_model_that_edits_cost_is_told_or_null(cli: Cli, tmp_path: Path, priced: bool) -> None:
    (tmp_path / "prices.yaml").write_text("test: {input: 1000, output: 2000}\n", encoding="utf-8")
    options = ("--generations", "1", "--controls", "none", "--no-held-out", "--no-mlflow", *(("--prices", "prices.yaml") if priced else ()))
    with chat_server(lambda request, number: "I would rather not.") as server:
        done = cli("evolve", *SMALL[2:-2], "--mutator", f"openai:test@{server.url}", *options, "--out", "ev")
    assert done.status == 0, done.err
    found = EvolutionResult.model_validate_json((tmp_path / "ev/evolution.json").read_text(encoding="utf-8"))
    row = found.search.rows[1]
    assert row.missed > 0
    assert row.mutator_calls == len(server.requests) - 1 > 0  # the greeting is the model's own
    assert row.mutator_tokens == 18 * len(server.requests)
    assert row.money == (pytest.approx(len(server.requests) * (11 * 1000 + 7 * 2000) / 1e6) if priced else None)
    assert found.search.rows[0].money == 0.0
    assert ("in money" if priced else "a price is not known (--prices)") in " ".join(done.out.split())


@pytest.mark.slow
def test_money_is_a_ceiling(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "prices.yaml").write_text("test: {call: 1.0}\n", encoding="utf-8")
    options = ("--controls", "none", "--no-held-out", "--no-mlflow", "--prices", "prices.yaml", "--max-cost", "3")
    with chat_server(lambda request, number: "I would rather not.") as server:
        done = cli("evolve", *SMALL[:-2], "--mutator", f"openai:test@{server.url}", *options, "--out", "ev")
    assert done.status == 3, done.err
    assert len(server.requests) <= 3
    assert "Ended early" in done.out

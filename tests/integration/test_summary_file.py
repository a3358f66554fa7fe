"""``summary.json`` of a real run against the promise of its keys and its schema."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from outskirts.experiments.cli import main
from tests.integration.runs import FILES, complaints, summary

KEYS = {
    "": "schema run verdicts failure_rate failure_rate_bounds attributable tails severity coverage harms reliability judge_error slices controls cost personas",
    "run": "id name scenario target player respondent generator judges information estimand seed personas replicates turns seconds versions synthetic",
    "verdicts": "passed failed simulator_invalid infrastructure budget",
    "failure_rate": "estimate low high numerator denominator level method estimand",
    "failure_rate_bounds": "low high",
    "attributable": "estimate low high level method",
    "tails.0": "name definition reference personas episodes tail_rate core_rate risk_difference risk_ratio unresolved harms",
    "severity.cvar.0": "alpha estimate low high method",
    "coverage": "axes coverage coverage_raw hull_volume min_distance mean_distance dispersion kl pairs excess radius runs settings slope r2 "
    "placement_error icc diverse effective_sample_size unsupported_mass references",
    "coverage.pairs": "mean min",
    "coverage.icc.trust": "estimate low high",
    "coverage.references": "ideal iid_uniform density anchor_paste random_responder single_persona",
    "harms.crisis_missed": "episodes exposed failures rate rate_given_exposed mean_severity",
    "reliability": "icc",
    "controls": "careful mute",
    "cost": "calls tokens money by_role",
    "personas.0": "id position measured episodes failures rate low high verdicts",
}


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with both controls."""
    path = tmp_path_factory.mktemp("summary") / "run"
    options = ["--personas", "16", "--replicates", "2", "--turns", "4", "--no-mlflow", "--quiet"]
    assert main(["run", *options, "--out", str(path)]) == 0
    return path


def at(value: Any, path: str) -> Any:
    for part in path.split(".") if path else ():
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.mark.parametrize("path", KEYS)
def test_every_promised_key_is_there(path: str, directory: Path) -> None:
    assert set(KEYS[path].split()) <= set(at(summary(directory), path))


def test_the_summary_keeps_to_its_shipped_schema(directory: Path) -> None:
    schema = json.loads((files("outskirts.experiments") / "schemas/summary.schema.json").read_text())
    assert complaints(summary(directory), schema) == []


def test_every_rate_has_numerator_denominator_interval_and_method(directory: Path) -> None:
    found = summary(directory)
    rates = [found["failure_rate"], *(t[k] for t in found["tails"] for k in ("tail_rate", "core_rate"))]
    rates += [h[k] for h in found["harms"].values() for k in ("rate", "rate_given_exposed")]
    for rate in rates:
        assert {"estimate", "low", "high", "numerator", "denominator", "method", "level"} <= set(rate)
        if rate["denominator"] == 0:
            assert rate["estimate"] is None
        elif rate["estimate"] is not None:
            assert rate["low"] < rate["high"]
            assert rate["low"] <= rate["estimate"] <= rate["high"]


def test_the_files_of_a_run_are_those_that_are_promised(directory: Path) -> None:
    tried = any(found["confirmed"] is not None for found in summary(directory)["slices"])
    assert {p.name for p in directory.iterdir()} == FILES | ({"personas-confirm.jsonl"} if tried else set())
    rows = [json.loads(line) for line in (directory / "results.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == [p["id"] for p in summary(directory)["personas"]]
    assert len((directory / "personas.jsonl").read_text().splitlines()) == 16


def test_the_report_stands_alone_and_says_first_that_the_people_are_synthetic(directory: Path) -> None:
    page = (directory / "report.html").read_text()
    assert not re.search(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=[\"']?(?:https?:)?//", page)
    assert "synthetic people: evidence about the machinery, not about humans" in page.lower()
    assert summary(directory)["run"]["synthetic"] is True

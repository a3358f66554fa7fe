"""What the tests of the whole share: small runs, and how two of them are compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from outskirts.experiments.store.export import export
from outskirts.sim.types import EpisodeRecord

TINY = ("--personas", "4", "--replicates", "1", "--turns", "3", "--runs", "2", "--controls", "none", "--no-mlflow")
"""Settings of a run that takes a fraction of a second."""

SMALL = ("--personas", "6", "--replicates", "2", "--turns", "3", "--runs", "2", "--controls", "careful", "--no-mlflow")
"""Twelve episodes with the target and twelve with a control."""

FILES = {"config.yaml", "personas.jsonl", "report.html", "results.jsonl", "run.db", "run.lock", "summary.json"}


class Done(NamedTuple):
    """How a command ended."""

    status: int
    out: str  # standard output, white space squeezed
    err: str

    def refused(self, status: int = 2) -> str:
        """Return the one line on standard error of a command that ended with ``status``."""
        assert self.status == status, self
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err


def exported(directory: Path) -> bytes:
    """Return the bytes of ``outskirts export``."""
    return export(directory).read_bytes()


def episodes(directory: Path) -> list[EpisodeRecord]:
    """Return the exported episodes of the target."""
    rows = [json.loads(line) for line in exported(directory).splitlines()]
    return [EpisodeRecord.model_validate({k: v for k, v in row.items() if k != "arm"}) for row in rows if row["arm"] == "target"]


def summary(directory: Path) -> dict[str, Any]:
    """Return the summary; JSON without NaN."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    found: dict[str, Any] = json.loads((directory / "summary.json").read_text(encoding="utf-8"), parse_constant=refuse)
    return found


def figures(directory: Path) -> dict[str, Any]:
    """Return the summary without the run's name, its seconds and what it spent."""
    found = summary(directory)
    del found["run"]["name"], found["run"]["seconds"], found["cost"]
    return found


def bot(folder: Path, code: str, name: str = "bot.py") -> str:
    """Write a file of code and return the SPEC of its function ``reply``."""
    (folder / name).write_text(code, encoding="utf-8")
    return f"python:{folder / name}:reply"


def complaints(document: object, schema: dict[str, Any]) -> list[str]:
    """Return what is wrong with a JSON document by a JSON Schema."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(document)]

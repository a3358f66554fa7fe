"""Fixtures of the tests of the whole: the command line in this process, and as a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from outskirts.experiments.cli import main
from tests.integration.runs import Done

Cli = Callable[..., Done]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """The command line in this process, in a scratch folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)

    def call(*arguments: object) -> Done:
        capsys.readouterr()
        status = main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return Done(status, " ".join(out.split()), err)

    return call

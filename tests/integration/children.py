"""The command line in children forked from a process that has imported everything: a real process in a fraction of a second."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from outskirts.experiments.cli import main
from tests.integration.runs import Done

_HEAVY = (
    "experiments.study",
    "experiments.report.writer",
    "agents.eliza",
    "agents.rules",
    "agents.validity",
    "agents.lexical",
    "agents.drycall",
    "envs.scenarios.support",
)
for _module in _HEAVY:
    import_module(f"outskirts.{_module}")
for _module in ("nltk.chat.eliza", "scipy.stats", "scipy.spatial", "plotly.graph_objects", "jinja2", "uvloop", "pytest"):
    import_module(_module)

PATIENCE = 60.0
"""Seconds after which a test gives up on a child; nothing is concluded from shorter times."""


def _child(arguments: list[str], folder: str, environment: dict[str, str], most_bytes: int | None) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that started us in the background has it ignored
    os.chdir(folder)
    os.environ.update(environment)
    for name, number in (("out", 1), ("err", 2)):
        os.dup2(os.open(f"{os.getpid()}.{name}", os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    if most_bytes is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.exit(main(arguments))


@dataclass
class Child:
    """A run under way."""

    process: ForkServerProcess
    folder: Path

    def when(self, happened: Callable[[], bool]) -> None:
        """Wait until something has happened, or the child has ended."""
        until = time.monotonic() + PATIENCE
        while not happened() and self.process.is_alive():
            assert time.monotonic() < until, "nothing happened"
            time.sleep(0.002)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if there is somebody to get it."""
        assert self.process.pid is not None
        with suppress(ProcessLookupError):
            os.kill(self.process.pid, number)

    def end(self) -> Done:
        """Wait for the end. The status is negative after a signal that was not handled."""
        self.process.join(PATIENCE)
        status = self.process.exitcode
        if status is None:
            self.process.kill()
            self.process.join()
            raise AssertionError(f"it did not end: {self._text('err')}")
        return Done(status, " ".join(self._text("out").split()), self._text("err"))

    def _text(self, name: str) -> str:
        path = self.folder / f"{self.process.pid}.{name}"
        return path.read_text(encoding="utf-8") if path.exists() else ""


def start(folder: Path, *arguments: object, most_bytes: int | None = None, **environment: str) -> Child:
    """Start the command line in a child.

    Args:
        folder: Working folder.
        arguments: Of the command line.
        most_bytes: No file may grow beyond; what a full disk looks like.
        environment: Variables.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    given = ([str(a) for a in arguments], str(folder), environment, most_bytes)
    process = context.Process(target=_child, args=given)
    process.start()
    return Child(process, folder)

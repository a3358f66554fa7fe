"""Warm worker processes: started once a run, used for every part of it, replaced when they die."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
import signal
import socket
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.context import SpawnProcess
from pathlib import Path
from types import TracebackType

from ...sim.errors import InputError
from ..arms import Arm
from ..config import ExperimentConfig
from .worker import Begin, Sent, main

_PATIENCE = 2.0
"""Seconds that a process may take to end."""


class Worker:
    """A process and our end of the line to it."""

    def __init__(self, begun: Begin) -> None:
        self.begun = begun
        self.ready = False  # it has made everybody
        self.busy = 0  # episodes that it was told to play and has not finished
        self.start()

    def start(self) -> None:
        """Start a process, spawned and never forked: a fork copies locks that threads hold."""
        self.ready, self.busy = False, 0
        self.ours, theirs = socket.socketpair()
        self.process: SpawnProcess = multiprocessing.get_context("spawn").Process(target=main, args=(theirs, self.begun))
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # a Ctrl-C while it starts is not for it either
        try:
            self.process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            theirs.close()

    def again(self) -> None:
        """Start another process in its place."""
        self.end(now=True)
        self.start()

    def end(self, *, now: bool) -> None:
        """End the process: it ends by itself when the line is cut, unless it works on and on."""
        self.ours.close()
        if now:
            self.process.kill()
        self.process.join(_PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


class Crew:
    """The worker processes of a run. Make it early: they start at once, and get ready while other things are done.

    Args:
        config: The run's settings.
        target: The system under test itself, where the caller holds it.

    Raises:
        InputError: If that object cannot be sent to another process.
    """

    def __init__(self, config: ExperimentConfig, target: object | None = None) -> None:
        sent = None
        if target is not None:
            try:
                sent = pickle.dumps(target)
            except Exception as error:
                hint = f"A worker process would have to make it again ({error}); name it by a SPEC, or use executor local."
                raise InputError("target", "an object that can be sent to another process", config.target, hint) from None
        self.folder = Path(tempfile.mkdtemp(prefix="outskirts-crew-"))  # for this user's eyes only
        self._files = 0
        self._arms: dict[str, tuple[Arm, Path]] = {}
        begun = Begin(config, sent, self.folder)
        self.workers = [Worker(begun) for _ in range(config.processes)]

    @property
    def pids(self) -> list[int]:
        """Ids of the processes that live."""
        return [worker.process.pid for worker in self.workers if worker.process.is_alive() and worker.process.pid is not None]

    def know(self, arms: Sequence[Arm]) -> dict[str, Path]:
        """Write the people of these arms where the processes find them, and return the files by arm."""
        for arm in arms:
            known = self._arms.get(arm.name)
            if known is None or known[0].people is not arm.people:
                file = self.new_file()
                file.write_bytes(pickle.dumps(Sent(arm.spec, arm.people, arm.first)))
                self._arms[arm.name] = arm, file
        return {arm.name: self._arms[arm.name][1] for arm in arms}

    def new_file(self) -> Path:
        """Return the name of a file that is not there yet."""
        self._files += 1
        return self.folder / str(self._files)

    def close(self, *, now: bool = False) -> None:
        """End the processes."""
        for worker in self.workers:
            with suppress(OSError):
                worker.ours.shutdown(socket.SHUT_RDWR)
        for worker in self.workers:
            worker.end(now=now)
        self.workers = []
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close(now=kind is not None)

"""A peer at work: a process of its own that plays what it is told and answers with what it took."""

from __future__ import annotations

import json
import select
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from .catalogue import Peer

HERE = Path(__file__).resolve().parent


class Failed(Exception):
    """A peer could not play what it was told; the message is the reason."""


class OutOfTime(Failed):
    """It did not end within the limit, and its process was killed."""


class Worker:
    """The process of a peer, which imports it once and plays many orders; use it in a ``with`` block.

    Args:
        peer: Whom to measure.
        python: Its interpreter.
        environment: Its environment variables.
        folder: Where it runs and writes; what it prints goes to ``said.log`` there.
    """

    def __init__(self, peer: Peer, python: Path, environment: Mapping[str, str], folder: Path) -> None:
        self.peer = peer
        self._log = (folder / "said.log").open("w")
        adapter = HERE / "adapters" / f"{peer.adapter}.py"
        self._process = subprocess.Popen(
            [str(python), "-P", str(HERE / "worker.py"), str(adapter), peer.distribution, *peer.options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=folder,
            env=dict(environment),
        )
        self._got = b""

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def hello(self, limit: float = 120.0) -> dict[str, object]:
        """Return version and seconds of import, once it is ready."""
        return self._answer(limit)

    def ask(self, conversations: int, at_once: int, wait: float, limit: float, turns: int = 8) -> tuple[float, float]:
        """Play conversations; return seconds by the wall clock and seconds of the process's own work.

        Raises:
            OutOfTime: If it takes longer than ``limit`` seconds.
            Failed: If it fails, or if its target did not answer exactly ``turns`` times in each conversation.
        """
        assert self._process.stdin is not None
        order = {"conversations": conversations, "at_once": at_once, "wait": wait}
        try:
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise Failed("its process has ended") from None
        answer = self._answer(limit)
        if answer["answered"] != conversations * turns:
            raise Failed(f"its target answered {answer['answered']} times, not {conversations * turns}")
        return float(str(answer["seconds"])), float(str(answer["processor"]))

    def _answer(self, limit: float) -> dict[str, object]:
        assert self._process.stdout is not None
        end = time.monotonic() + limit
        while b"\n" not in self._got:
            ready, _, _ = select.select([self._process.stdout], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                self.close()
                raise OutOfTime(f"not done after {limit:g} s")
            if not (some := self._process.stdout.read1(65_536)):
                raise Failed(f"its process ended with code {self._process.wait()}; see {self._log.name}")
            self._got += some
        line, _, self._got = self._got.partition(b"\n")
        answer: dict[str, object] = json.loads(line)
        if "error" in answer:
            raise Failed(str(answer["error"]))
        return answer

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._log):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

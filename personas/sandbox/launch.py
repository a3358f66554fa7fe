"""The parent's hold on one zygote: start it, have it fork, kill and reap its children, end it."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

PACKAGE = Path(__file__).resolve().parents[2]
"""Folder of this package: the zygote imports this very copy."""

START_SECONDS = 60.0
"""How long a zygote may take to start, or to import what a program asks for."""

_REAP_SECONDS = 10.0
_MESSAGE = 1 << 16
_BOOT = """
import importlib.util, sys
name, place = sys.argv[1:3]
spec = importlib.util.spec_from_file_location(name, place + "/__init__.py", submodule_search_locations=[place])
sys.modules[name] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sys.modules[name])
importlib.import_module(name + ".personas.sandbox.zygote").main(int(sys.argv[3]), place, sys.argv[4], sys.argv[5])
"""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0", **dict.fromkeys(_THREADS, "1")}
"""All that a zygote's environment holds. One thread, so that it can fork; one hash seed, so that equal programs give equal results."""


class ZygoteGoneError(RuntimeError):
    """Raised when the zygote does not start, or no longer answers."""


class Ended(NamedTuple):
    """How a child ended."""

    status: int  # as of wait(2)
    cpu: float  # seconds


class Child(NamedTuple):
    """A child that is confined, or about to be."""

    pid: int  # its own until it is reaped
    end: socket.socket  # the parent's end of its channel
    job: bytes  # eight bytes that name its job


class _Asked(NamedTuple):
    """A child that was ordered, whose id has not been read yet."""

    end: socket.socket
    job: bytes
    limits: Mapping[str, float]


class Zygote:
    """A running zygote. Not for several threads at once.

    Args:
        without: Layers to do without, as if the machine had none.

    Attributes:
        offered: Layers that it will lay on its children, with their version.
        absent: Why the others are not there.

    Raises:
        ZygoteGoneError: If it does not start.
    """

    def __init__(self, without: Sequence[str] = ()) -> None:
        self.owner = os.getpid()
        self._spare: _Asked | None = None
        self._imported: set[str] = set()
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        # The kernel ends a child with the thread that began it, so only the thread that lasts as long as the process may ask for that.
        lasting = threading.current_thread() is threading.main_thread()
        arguments = (__package__.partition(".")[0], str(PACKAGE), str(theirs.fileno()), ",".join(without), str(int(lasting)))
        try:
            # -s -P instead of -I: the environment is ours anyway, and -I would ignore its hash seed.
            self._process = subprocess.Popen(  # noqa: S603  this interpreter, on this package
                (sys.executable, "-s", "-P", "-B", "-c", _BOOT, *arguments),
                pass_fds=(theirs.fileno(),),
                env=_ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            self._control.close()
            raise ZygoteGoneError(f"Python does not start: {error.strerror}") from error
        finally:
            theirs.close()
        try:
            hello = self._reply(START_SECONDS)
        except ZygoteGoneError as error:
            raise ZygoteGoneError(self._last_words() or str(error)) from None
        finally:
            if self._process.stderr is not None:
                self._process.stderr.close()
        self.offered: Mapping[str, int] = hello["offered"]
        self.absent: Mapping[str, str] = hello["absent"]

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def take(self, limits: Mapping[str, float], modules: Sequence[str]) -> Child:
        """Return a child that confines itself and then waits for work: the spare one where it fits, else a new one.

        Args:
            limits: What it may use.
            modules: Allowed modules that its program imports; the zygote imports them first.

        Raises:
            ZygoteGoneError: If the zygote does not answer.
        """
        spare, self._spare = self._spare, None
        if spare is not None:
            child = self._made(spare)
            if spare.limits == dict(limits) and self._imported.issuperset(modules):
                return child
            self.discard(child)
        self._imported.update(modules)
        return self._made(self._ask(limits, modules))

    def _made(self, asked: _Asked) -> Child:
        """Return the child that was ordered."""
        try:
            return Child(int(self._reply(START_SECONDS)["pid"]), asked.end, asked.job)
        except ZygoteGoneError:
            asked.end.close()
            raise

    def prepare(self, limits: Mapping[str, float]) -> None:
        """Have a child made ready for the next call, without waiting for it."""
        with suppress(ZygoteGoneError):  # the next call will notice
            self._spare = self._ask(limits, ())

    def _ask(self, limits: Mapping[str, float], modules: Sequence[str]) -> _Asked:
        """Order a child; its id will come as a reply."""
        job = secrets.token_bytes(8)
        ours, theirs = socket.socketpair()
        order = {"job": job.hex(), "modules": list(modules), "limits": dict(limits)}
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(order).encode()], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise ZygoteGoneError("it is gone") from error
        return _Asked(ours, job, dict(limits))

    def discard(self, child: Child) -> None:
        """Kill a child, whatever it does, and have it reaped.

        Raises:
            ZygoteGoneError: If the zygote is gone.
        """
        child.end.close()
        self._reap(child, quiet=True)

    def reap(self, child: Child) -> Ended:
        """Kill a child, whatever it does, and return how it ended; if it had ended by itself, how that was.

        Raises:
            ZygoteGoneError: If the zygote does not answer.
        """
        child.end.close()
        self._reap(child, quiet=False)
        found = self._reply(_REAP_SECONDS)
        return Ended(found["status"], found["cpu"])

    def _reap(self, child: Child, *, quiet: bool) -> None:
        with suppress(ProcessLookupError):  # it is reaped below only, so the id is still its own
            os.kill(child.pid, 9)
        try:
            self._control.send(json.dumps({"reap": child.pid, "quiet": quiet}).encode())
        except OSError as error:
            raise ZygoteGoneError("it is gone") from error

    def close(self) -> None:
        """End the zygote, and with it every child."""
        self._control.close()
        if self._spare is not None:
            self._spare.end.close()
        if self.owner != os.getpid():
            return  # a forked copy of the parent lets go and ends nothing
        self._process.kill()
        self._process.wait()

    def _reply(self, seconds: float) -> dict[str, Any]:
        self._control.settimeout(seconds)
        try:
            message = self._control.recv(_MESSAGE)
        except OSError as error:
            raise ZygoteGoneError("it does not answer") from error
        if not message:
            raise ZygoteGoneError("it is gone")
        return dict(json.loads(message))

    def _last_words(self) -> str:
        """Return the last line that a zygote wrote before it ended, and end it."""
        self._process.kill()
        words = self._process.stderr.read() if self._process.stderr is not None else b""
        self._process.wait()
        self._control.close()
        return words.decode("utf-8", "replace").strip().rpartition("\n")[2][:300]

"""The parent's hold on one zygote: start it, have it fork, kill and reap its children, end it."""

from __future__ import annotations

import json
import os
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
    memory_kib: int  # most that was resident


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

    def fork(self, channel: socket.socket, job: bytes, modules: Sequence[str], limits: Mapping[str, float]) -> int:
        """Have a child forked that confines itself and serves the channel; return its id, which is its own until :meth:`reap`.

        Raises:
            ZygoteGoneError: If the zygote does not answer.
        """
        order = {"job": job.hex(), "modules": list(modules), "limits": dict(limits)}
        try:
            socket.send_fds(self._control, [json.dumps(order).encode()], [channel.fileno()])
        except OSError as error:
            raise ZygoteGoneError("it is gone") from error
        return int(self._reply(START_SECONDS)["pid"])

    def reap(self, child: int) -> Ended:
        """Kill a child, whatever it does, and return how it ended.

        Raises:
            ZygoteGoneError: If the zygote does not answer.
        """
        with suppress(ProcessLookupError):  # it is reaped below only, so the id is still its own
            os.kill(child, 9)
        try:
            self._control.send(json.dumps({"reap": child}).encode())
        except OSError as error:
            raise ZygoteGoneError("it is gone") from error
        found = self._reply(_REAP_SECONDS)
        return Ended(found["status"], found["cpu"], found["memory_kib"])

    def close(self) -> None:
        """End the zygote, and with it every child."""
        self._control.close()
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

"""MLflow's own pages, as a child process on loopback."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ..tracking.outcome import FLAG
from .index import found_runs

LOOPBACK = "127.0.0.1"
_PATIENCE = 5  # seconds that the child has to end by itself


def store_of(root: Path) -> str | None:
    """Return the address of the MLflow store that goes with a folder; None if there is none.

    It is the one that ``MLFLOW_TRACKING_URI`` names, or else where the newest run that was logged went, or the
    ``mlflow.db`` of the working folder.

    Args:
        root: The folder, resolved.
    """
    named = os.environ.get("MLFLOW_TRACKING_URI")
    logged = (_logged(root / one.name / FLAG) for one in found_runs(root))
    here = Path.cwd() / "mlflow.db"
    for uri in (named, *logged, f"sqlite:///{here}"):
        if uri and _there(uri):
            return uri
    return None


def _logged(flag: Path) -> str | None:
    try:
        return str(json.loads(flag.read_text(encoding="utf-8"))["uri"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _there(uri: str) -> bool:
    """Tell whether a store may be opened; of files it must be there, so that none is made."""
    parts = urlsplit(uri)
    return Path(unquote(parts.path[1:])).is_file() if parts.scheme.startswith("sqlite") else bool(parts.scheme)


def is_served(uri: str) -> bool:
    """Tell whether a store is a server's, which has its pages already."""
    return urlsplit(uri).scheme in ("http", "https")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as tried:
        tried.bind((LOOPBACK, 0))
        return int(tried.getsockname()[1])


class MlflowPages:
    """MLflow's server for one store; use it in a ``with`` block, at whose end it and its workers have ended.

    The store's address goes by environment, for it may hold a password and a command line can be read by all.

    Args:
        uri: Address of the store.
        port: Where it listens on 127.0.0.1.
    """

    def __init__(self, uri: str, port: int) -> None:
        self.address = f"http://{LOOPBACK}:{port}"
        self._command = [sys.executable, "-m", "mlflow", "server", "--host", LOOPBACK, "--port", str(port), "--workers", "1"]
        self._environment = os.environ | {
            "MLFLOW_BACKEND_STORE_URI": uri,
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> MlflowPages:
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C reaches us alone, and we end the whole group
        )
        return self

    @property
    def status(self) -> int | None:
        """Exit status of the server; None while it runs."""
        return None if self._process is None else self._process.poll()

    def __exit__(self, *exception: object) -> None:
        if self._process is None:
            return
        self._signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_PATIENCE)
        self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        self._process.wait()

    def _signal(self, number: int) -> None:
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            if hasattr(os, "killpg"):
                os.killpg(self._process.pid, number)
            else:
                self._process.terminate()

"""Environments of the peers: one virtual environment each, made by uv with exact versions, outside the repository."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import outskirts

from .catalogue import Peer

PYTHON = "3.11"
"""Version of the peers' interpreters, that of the project's own."""

NOWHERE = "http://127.0.0.1:9"
"""A proxy where nobody listens: what asks for the network fails at once."""


class CannotInstall(Exception):
    """A peer's environment could not be made; the message is the reason."""


def default_folder() -> Path:
    """Return the folder of the environments: ``outskirts-peers`` in the user's cache."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "outskirts-peers"


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise CannotInstall("uv was not found, neither beside this interpreter nor on the path")
    return found


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise CannotInstall(said[:400])


def interpreter(peer: Peer, folder: Path) -> Path:
    """Return the peer's interpreter, and make its environment first if need be.

    Raises:
        CannotInstall: With the reason that uv gives.
    """
    if not peer.requirements:
        return Path(sys.executable)
    wanted = hashlib.sha256("\n".join((PYTHON, *peer.requirements)).encode()).hexdigest()[:12]
    place = folder / f"{peer.place}-{wanted}"
    python, done = place / "bin" / "python", place / "installed"
    if not done.exists():
        uv = _uv()
        _run(uv, "venv", "--quiet", "--clear", "--python", PYTHON, str(place))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), *peer.requirements)
        done.touch()
    return python


def surroundings(peer: Peer, home: Path) -> dict[str, str]:
    """Return the environment variables of a peer: no key, no configuration of the user's, no way out but loopback."""
    given = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE") if name in os.environ}
    proxies = {name: NOWHERE for way in ("http_proxy", "https_proxy", "all_proxy") for name in (way, way.upper())}
    local = {"no_proxy": "127.0.0.1,localhost", "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HOME": str(home), "TMPDIR": str(home)}
    ours = {} if peer.requirements else {"PYTHONPATH": str(Path(outskirts.__file__).resolve().parent.parent)}
    return given | proxies | local | ours | dict(peer.settings)

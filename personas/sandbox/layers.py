"""Which layers a machine offers, found out by trying: a throw-away child attempts what must not work."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from ...sim.errors import InputError
from ...sim.types import Frozen

Level = Literal["full", "kernel-min", "none"]
"""``full``: Landlock 6 or later and the system call filter, so that writing, TCP, abstract sockets and signals are shut twice.
``kernel-min``: an earlier Landlock and the filter: all is shut, by one of them. ``none``: something is open."""

_RANK: Mapping[Level, int] = {"none": 0, "kernel-min": 1, "full": 2}
_FULL = 6

_SAY = {
    "limits": "time, memory and processes are bounded (rlimits)",
    "landlock": "few files can be read, none written (Landlock)",
    "seccomp": "few system calls can be made (seccomp)",
}

_CAN = {
    "read": "read files that are none of its business",
    "write": "write files",
    "connect": "open sockets",
    "fork": "start processes",
    "signal": "signal other processes",
}
"""What the throw-away child attempts."""

_CANARY = """
def attack(file, process):
    import os, socket
    done = []
    def attempt(name, what):
        try:
            what()
            done.append(name)
        except OSError:
            pass
    def fork():
        if os.fork() == 0:
            os._exit(0)
    attempt("read", lambda: os.listdir("/"))
    attempt("write", lambda: os.close(os.open(file, os.O_WRONLY | os.O_CREAT, 0o600)))
    attempt("connect", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM).close())
    attempt("fork", fork)
    attempt("signal", lambda: os.kill(process, 0))
    return {"done": done}
"""

Run = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]


class Layers(Frozen):
    """What protects this machine from a program."""

    level: Level
    offered: Mapping[str, int]  # layer to version
    absent: Mapping[str, str]  # layer to why it is not there
    held: Mapping[str, bool]  # attempt to whether it failed, as it must

    def words(self) -> dict[str, str]:
        """Return what to tell people of each layer, and of each attempt that worked."""
        out = {
            layer: f"{text}: "
            + (f"on, version {self.offered[layer]}" if layer in self.offered else f"absent ({self.absent.get(layer, 'not there')})")
            for layer, text in _SAY.items()
        }
        return out | {name: f"a program can {text}" for name, text in _CAN.items() if not self.held[name]}

    @property
    def missing(self) -> list[str]:
        """Names of the layers that are not there."""
        return [layer for layer in _SAY if layer not in self.offered]


def layers_of(offered: Mapping[str, int], absent: Mapping[str, str], run: Run) -> Layers:
    """Try the layers that a zygote lays on its children.

    Args:
        offered: Layers and their versions.
        absent: Why the others are not there.
        run: Runs a trusted program under them, and returns what it says.
    """
    file = Path(tempfile.gettempdir()) / f"outskirts-canary-{os.getpid()}-{os.urandom(4).hex()}"
    told = run(_CANARY, {"file": str(file), "process": os.getpid()})
    done = set(told.get("done", _CAN))
    if file.exists():
        done.add("write")
        with suppress(OSError):
            file.unlink()
    held = {name: name not in done for name in _CAN}
    level: Level = "none"
    if all(held.values()) and {"limits", "landlock", "seccomp"} <= offered.keys():
        level = "full" if offered["landlock"] >= _FULL else "kernel-min"
    return Layers(level=level, offered=offered, absent=absent, held=held)


def demand(found: Layers, minimum: Level, unsafe: bool) -> None:
    """Refuse a machine that offers less than the minimum, unless unsafe is asked for.

    Raises:
        InputError: Naming what is missing.
    """
    if unsafe or _RANK[found.level] >= _RANK[minimum]:
        return
    lacking = ", ".join(f"{name} ({found.absent.get(name, 'not there')})" for name in found.missing) or f"protection at {minimum}"
    hint = f"Missing: {lacking}. The option unsafe (--unsafe) runs programs all the same, as you would run a stranger's script."
    raise InputError("sandbox", f"a machine that offers at least {minimum}", found.level, hint)


def probe(without: tuple[str, ...] = ()) -> Layers:
    """Return which layers this machine offers, by canary attacks in a throw-away child. Runs no program of anybody's.

    Args:
        without: Layers to do without, as if the machine had none.

    Raises:
        InputError: If no process can be started for programs.
    """
    from .box import Sandbox

    with Sandbox(unsafe=True, without=without) as box:
        return box.layers

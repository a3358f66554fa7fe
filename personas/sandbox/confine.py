"""The steps by which a child gives up what it could do, before it sees a byte of the program."""

from __future__ import annotations

import ctypes
import os
import resource
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .landlock import Landlock
from .seccomp import Seccomp

CHANNEL = 3
"""The one descriptor that a child keeps, beside 0 to 2 on /dev/null."""

LAYERS = ("limits", "landlock", "seccomp")
"""What holds a program, from the outside in."""

_PDEATHSIG, _DUMPABLE, _NO_NEW_PRIVS = 1, 4, 38
_KILL = 9
_DESCRIPTORS = 64
_MIB = 1 << 20


def load_libc() -> ctypes.CDLL:
    """Return the C library, with ``errno`` kept."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc


def hide(libc: ctypes.CDLL, *, die_with_parent: bool) -> None:
    """Keep others of the same user out of this process's memory, and end with the parent."""
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    if die_with_parent:
        libc.prctl(_PDEATHSIG, _KILL, 0, 0, 0)


class Confinement:
    """The layers that this machine offers, made once in the zygote; :meth:`apply` lays them on a child.

    Args:
        package: Folder of this package.
        without: Layers to do without, as if the machine had none.
    """

    def __init__(self, package: Path, without: frozenset[str] = frozenset()) -> None:
        self._libc = load_libc()
        self.absent: dict[str, str] = {layer: "left out" for layer in LAYERS if layer in without}
        self.landlock: Landlock | None = None
        self.seccomp: Seccomp | None = None
        if "landlock" not in self.absent:
            try:
                self.landlock = Landlock(self._libc, package)
            except OSError as error:
                self.absent["landlock"] = str(error.strerror)
        if "seccomp" not in self.absent:
            try:
                self.seccomp = Seccomp()
            except OSError as error:
                self.absent["seccomp"] = str(error.strerror)

    @property
    def offered(self) -> dict[str, int]:
        """Layers that are there, with their version (1 where there is but one)."""
        found = {"limits": 1, "landlock": self.landlock.version if self.landlock else 0, "seccomp": int(self.seccomp is not None)}
        return {layer: number for layer, number in found.items() if number and layer not in self.absent}

    def apply(self, channel: int, zygote: int, limits: Mapping[str, Any]) -> None:
        """Confine this process for good.

        Args:
            channel: Descriptor that leads to the parent; it becomes :data:`CHANNEL`, all others but 0 to 2 are closed.
            zygote: Id of the parent process.
            limits: ``cpu_seconds`` and ``memory_mib``.

        Raises:
            OSError: If a step fails that this machine offers.
        """
        os.setsid()
        hide(self._libc, die_with_parent=True)
        if os.getppid() != zygote:
            raise OSError("the zygote is gone")
        if "limits" not in self.absent:
            set_limits(float(limits["cpu_seconds"]), int(limits["memory_mib"]))
        self._drop_privileges()
        if self.landlock is not None:
            self.landlock.restrict()
        if channel != CHANNEL:
            os.dup2(channel, CHANNEL)
        os.closerange(CHANNEL + 1, 1 << 16)
        if self.seccomp is not None:
            self.seccomp.restrict(self._libc, os.getpid())

    def _drop_privileges(self) -> None:
        """Give up new privileges, and every capability: root keeps its name and no more."""
        if self._libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "no_new_privs refused")
        header = struct.pack("=Ii", 0x20080522, 0)  # version 3, this process
        if self._libc.capset(header, bytes(24)) != 0:
            raise OSError(ctypes.get_errno(), "dropping capabilities refused")


def set_limits(cpu_seconds: float, memory_mib: int) -> None:
    """Bound what this process may use: processor time, memory beyond what is mapped now, no file, no process, no core dump."""
    whole = max(1, int(-(-cpu_seconds // 1)))
    _bound(resource.RLIMIT_CPU, whole, whole + 1)
    with open("/proc/self/statm", "rb") as file:
        mapped = int(file.read().split()[0]) * resource.getpagesize()
    _bound(resource.RLIMIT_AS, mapped + memory_mib * _MIB)
    _bound(resource.RLIMIT_MEMLOCK, 0)
    _bound(resource.RLIMIT_MSGQUEUE, 0)
    _bound(resource.RLIMIT_FSIZE, 0)
    _bound(resource.RLIMIT_CORE, 0)
    _bound(resource.RLIMIT_NPROC, 0)
    _bound(resource.RLIMIT_NOFILE, _DESCRIPTORS)


def _bound(kind: int, soft: int, hard: int | None = None) -> None:
    most = resource.getrlimit(kind)[1]
    ceiling = soft if hard is None else hard
    if most != resource.RLIM_INFINITY:
        ceiling = min(ceiling, most)
    resource.setrlimit(kind, (min(soft, ceiling), ceiling))

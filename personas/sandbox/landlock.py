"""Which files a program in the sandbox may read, by Landlock: the library it computes with, and nothing else.

See landlock(7). What Landlock cannot restrict (mode, owner and times of files; truncation before its version 3) the system call
filter does.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sysconfig
from collections.abc import Iterator
from pathlib import Path

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same numbers on x86_64 and aarch64
_READ_FILE, _READ_DIR = 1 << 2, 1 << 3
_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # number of kinds of access to files, by version
_NET = 0b11  # TCP bind and connect, from version 4
_SCOPES = 0b11  # abstract sockets and signals, from version 6
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
_SITES = ("site-packages", "dist-packages")
_COMPUTING = ("numpy", "scipy")


def version(libc: ctypes.CDLL) -> int:
    """Return the kernel's version of Landlock, 0 without it."""
    found = libc.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1))
    return max(int(found), 0)


def readable(package: Path) -> Iterator[tuple[Path, int]]:
    """Yield the places that may be read and how: standard library, numpy, scipy, system libraries, this package's code.

    Folders of installed packages and of this package may be listed, which imports need; their other files, such as held-out
    questionnaires, may not be read.

    Args:
        package: Folder of the package.
    """
    both = _READ_FILE | _READ_DIR
    for found in {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}:
        yield found, _READ_DIR
        for part in found.iterdir():
            if part.name not in _SITES:
                yield part, both if part.is_dir() else _READ_FILE
    for site in {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}:
        yield site, _READ_DIR
        for name in _COMPUTING:
            for part in (site / name, site / f"{name}.libs"):
                if part.is_dir():
                    yield part, both
    for system in map(Path, _SYSTEM):
        if system.exists():
            yield from _without_sites(system, both)
    yield package, _READ_DIR
    yield package / "__init__.py", _READ_FILE
    yield package / "sim", both
    for part in (package / "personas").iterdir():
        if part.name != "data":
            yield part, both if part.is_dir() else _READ_FILE


def _without_sites(folder: Path, rights: int) -> Iterator[tuple[Path, int]]:
    """Yield a system folder, or its parts where it also holds Python, whose installed packages are left out."""
    pythons = {p.resolve() for p in folder.glob("python3*")} if folder.is_dir() else set()
    if not pythons:
        yield folder, rights if folder.is_dir() else _READ_FILE
        return
    yield folder, _READ_DIR
    for part in folder.iterdir():
        if part.exists() and part.resolve() not in pythons:
            yield part, rights if part.is_dir() else _READ_FILE


class Landlock:
    """A set of rules, made once; :meth:`restrict` lays it on the calling process for good.

    Raises:
        OSError: If the kernel has no Landlock or refuses a rule.
    """

    def __init__(self, libc: ctypes.CDLL, package: Path) -> None:
        self.version = version(libc)
        if self.version < 1:
            raise OSError(errno.ENOSYS, "no Landlock")
        attributes = struct.pack("=Q", (1 << _RIGHTS.get(self.version, 16)) - 1)
        if self.version >= 4:
            attributes += struct.pack("=Q", _NET)
        if self.version >= 6:
            attributes += struct.pack("=Q", _SCOPES)
        self._libc = libc
        self._rules = libc.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
        if self._rules < 0:
            raise OSError(ctypes.get_errno(), "Landlock rules refused")
        for place, rights in readable(package):
            self._allow(place, rights)

    def _allow(self, place: Path, rights: int) -> None:
        try:
            opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            if self._libc.syscall(_ADD, self._rules, ctypes.c_uint(1), struct.pack("=Qi", rights, opened), ctypes.c_uint(0)) != 0:
                raise OSError(ctypes.get_errno(), f"Landlock rule refused: {place}")
        finally:
            os.close(opened)

    def restrict(self) -> None:
        """Lay the rules on this process, which has given up new privileges.

        Raises:
            OSError: If the kernel refuses.
        """
        if self._libc.syscall(_RESTRICT, self._rules, ctypes.c_uint(0)) != 0:
            raise OSError(ctypes.get_errno(), "Landlock refused")

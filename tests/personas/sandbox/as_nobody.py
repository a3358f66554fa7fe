"""Runs a Python module as an ordinary user, from root: ``python as_nobody.py ROOT MODULE [ARGUMENT ...]``.

Where an ordinary user could not reach the interpreter, because it lies in root's home, a mount namespace of this process alone shows
it there; nothing changes for anybody else.
"""

from __future__ import annotations

import ctypes
import os
import sys
from pathlib import Path

NOBODY = 65534
_NEW_MOUNTS, _PRIVATE, _BIND = 0x20000, (1 << 18) | 16384, 4096 | 16384


def blocked(path: Path) -> Path | None:
    """Return the first folder on the way to a path that others may not pass."""
    folders = [*reversed(path.parents), path]
    return next((folder for folder in folders if not folder.stat().st_mode & 1), None)


def show(needed: list[Path]) -> None:
    """Make paths reachable for everybody, in a mount namespace of this process."""
    libc = ctypes.CDLL(None, use_errno=True)
    barred: dict[Path, list[Path]] = {}
    for path in needed:
        if (folder := blocked(path)) is not None:
            barred.setdefault(folder, []).append(path)
    if not barred:
        return
    _sure(libc.unshare(_NEW_MOUNTS))
    _sure(libc.mount(b"none", b"/", None, _PRIVATE, None))
    for folder, paths in barred.items():
        held = [(path, os.open(path, os.O_PATH)) for path in paths]
        _sure(libc.mount(b"none", str(folder).encode(), b"tmpfs", 0, b"mode=755"))
        for path, descriptor in held:
            path.mkdir(parents=True, exist_ok=True)
            _sure(libc.mount(f"/proc/self/fd/{descriptor}".encode(), str(path).encode(), None, _BIND, None))
            os.close(descriptor)


def _sure(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def main() -> None:
    """Become nobody and run the module."""
    root = Path(sys.argv[1])
    show(sorted({Path(p).resolve() for p in (sys.base_prefix, sys.prefix, root)}))
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)
    environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.environ.get("PYTHONPATH", ""), "PYTHONDONTWRITEBYTECODE": "1", "HOME": "/tmp"}
    os.chdir(root)
    os.execve(sys.executable, [sys.executable, "-m", *sys.argv[2:]], environment)


if __name__ == "__main__":
    main()

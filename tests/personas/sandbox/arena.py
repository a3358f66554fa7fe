"""Where attacks take place: secrets, canaries and listeners that see an effect whatever the program says."""

from __future__ import annotations

import ctypes
import os
import secrets
import shutil
import signal
import socket
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

WORDS = ("HELD-OUT-READ", "DESCRIPTOR-LEFT-OPEN", "KERNEL-CALL", "GOT-THREADS", "GOT-WRITTEN", "GOT-MEMORY", "32-BIT-CALL", "root:")
"""What a program returns once it got what it must not get; lying the other way is caught by the effect."""

_SIGNALS = (signal.SIGUSR1, signal.SIGIO, signal.SIGTERM, signal.SIGHUP)


class Arena:
    """Secrets to find, a file to spoil, doors to knock at. Loopback only.

    Attributes:
        token: In the secrets, and in the command line of every process of the sandbox under attack.
    """

    def __init__(self) -> None:
        self.token = secrets.token_hex(8)
        self.folder = Path(tempfile.mkdtemp(prefix="outskirts-arena-"))
        self.folder.chmod(0o777)
        self.secret = self.folder / "secret"
        self.secret.write_text(f"SECRET-{self.token}")
        self.victim = self.folder / "victim"
        self.victim.write_text("as it was")
        self.name = f"left-{self.token}"
        self.memory = ctypes.create_string_buffer(f"SECRET-{self.token}".encode(), 64)
        os.environ["OUTSKIRTS_TEST_SECRET"] = f"SECRET-{self.token}"
        self._tcp = _listening(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))
        self._udp = _listening(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0))
        self._abstract = _listening(socket.AF_UNIX, socket.SOCK_STREAM, f"\0{self.token}") if sys.platform == "linux" else None
        self.signalled: list[str] = []
        self._before = {number: signal.signal(number, lambda n, _: self.signalled.append(signal.Signals(n).name)) for number in _SIGNALS}
        self._states = self._look()

    def begin(self) -> None:
        """Forget what earlier attacks did."""
        self.signalled.clear()
        self._visitors()
        self._states = self._look()

    def sweep(self) -> None:
        """End what is left of the sandbox's processes."""
        for number in processes_of(self.token):
            if number != os.getpid():
                os.kill(number, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        for listener in (self._tcp, self._udp, self._abstract):
            if listener is not None:
                listener.close()
        shutil.rmtree(self.folder)
        os.environ.pop("OUTSKIRTS_TEST_SECRET", None)

    def told(self, zygote: int) -> dict[str, Any]:
        """Return what an attack is told: where to aim."""
        return {
            "folder": str(self.folder),
            "secret": str(self.secret),
            "victim": str(self.victim),
            "canary": str(self.folder / "canary"),
            "name": self.name,
            "parent": os.getpid(),
            "zygote": zygote,
            "address": ctypes.addressof(self.memory),
            "tcp": self._tcp.getsockname()[1],
            "udp": self._udp.getsockname()[1],
            "abstract": self.token,
        }

    def _look(self) -> dict[str, object]:
        found = {}
        for path in (self.folder, self.secret, self.victim):
            state = path.stat()
            found[path.name] = (state.st_mode, state.st_uid, state.st_gid, state.st_mtime_ns, state.st_nlink, state.st_size)
        found["files"] = sorted(os.listdir(self.folder))
        found["text"] = self.victim.read_text()
        found["attributes"] = os.listxattr(self.victim) if hasattr(os, "listxattr") else ()
        return found

    def effects(self, zygote: int, result: object, secret: bool) -> list[str]:
        """Return what an attack did, seen from outside.

        Args:
            zygote: Id of the one process with our token that may be there.
            result: What the program returned.
            secret: Whether that must not hold a secret or a word of success.
        """
        found = [f"{what} is otherwise" for what, state in self._look().items() if state != self._states[what]]
        found += [f"left in {place}" for place in self._strewn()]
        found += [f"came by {name}" for name in self._visitors()]
        found += [f"signal {name}" for name in self.signalled]
        found += [f"process {number} is left" for number in self._stray(zygote)]
        said = str(result)
        words = [word for word in (*WORDS, self.token) if secret and word in said]
        return found + [f"it knows {word}" for word in words]

    def _stray(self, zygote: int) -> list[int]:
        """Return who is left beside the zygote and the one child that it holds ready, once who was killed has had time to go."""
        until = time.monotonic() + 0.5
        while (left := self._beside(zygote)) and time.monotonic() < until:
            time.sleep(0.01)
        return left

    def _beside(self, zygote: int) -> list[int]:
        others = [number for number in processes_of(self.token) if number not in (zygote, os.getpid())]
        ready = [number for number in others if parent_of(number) == zygote]
        return [number for number in others if number not in ready[:1]]

    def _strewn(self) -> list[str]:
        """Return where attacks left files outside of the folder, and remove them."""
        from outskirts.personas.sandbox.launch import PACKAGE

        places = ["/tmp", "/var/tmp", "/dev/shm", ".", "/", sysconfig.get_path("purelib"), sysconfig.get_path("stdlib"), str(PACKAGE)]
        found = [path for place in places for path in Path(place).glob(f"{self.name}*")]
        for path in found:
            path.unlink()
        return [str(path) for path in found]

    def _visitors(self) -> list[str]:
        found = []
        for name, listener in (("tcp", self._tcp), ("abstract", self._abstract)):
            try:
                if listener is not None:
                    listener.accept()[0].close()
                    found.append(name)
            except BlockingIOError:
                pass
        try:
            self._udp.recv(16)
            found.append("udp")
        except BlockingIOError:
            pass
        return found


def _listening(family: int, kind: int, where: Any) -> socket.socket:
    made = socket.socket(family, kind)
    made.bind(where)
    if kind == socket.SOCK_STREAM:
        made.listen()
    made.setblocking(False)
    return made


def parent_of(number: int) -> int:
    """Return the id of a process's parent, 0 if the process is gone."""
    try:
        return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def processes_of(token: str) -> list[int]:
    """Return the ids of processes, zombies left out, whose command line holds a token."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if token.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
    return found

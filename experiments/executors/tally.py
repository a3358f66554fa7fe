"""What all processes of a run have spent, counted in one place that outlives any of them."""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
from pathlib import Path
from types import TracebackType

from ...sim.limits import Sums

_ROLES = 64  # at most so many different roles
_NAME = 40  # bytes of a role's name
_TOTALS = struct.Struct("<qqdqq")  # calls, tokens, money, unpriced calls, roles
_ROW = struct.Struct(f"<{_NAME}sqqdq")
_SIZE = _TOTALS.size + _ROLES * _ROW.size


class _Guard:
    """Excludes all other processes, and threads of this one.

    The lock is the kernel's, on the file: it is given back when a process dies, however it dies.
    """

    def __init__(self, file: int) -> None:
        self._file = file
        self._threads = threading.RLock()
        self._depth = 0

    def __enter__(self) -> None:
        self._threads.acquire()
        self._depth += 1
        if self._depth == 1:
            fcntl.lockf(self._file, fcntl.LOCK_EX)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.lockf(self._file, fcntl.LOCK_UN)
        self._threads.release()


class SharedTally:
    """A count in a file that several processes map into memory; a ceiling compared with it under its guard is exact.

    What a process had counted stays counted when it is killed. :meth:`add` belongs inside the guard.

    Args:
        path: The file, as :meth:`create` made it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = os.open(path, os.O_RDWR)
        self._map = mmap.mmap(self._file, _SIZE)
        self._slots: dict[str, int] = {}
        self.guard = _Guard(self._file)

    @classmethod
    def create(cls, path: Path, spent: Sums | None = None) -> SharedTally:
        """Make the file, with what was spent before in it."""
        path.write_bytes(bytes(_SIZE))
        tally = cls(path)
        before = spent or Sums()
        for role in sorted({*before.calls, *before.tokens, *before.money, *before.unpriced}):
            tally.add(
                role,
                before.calls.get(role, 0),
                before.tokens.get(role, 0),
                before.money.get(role, 0.0),
                before.unpriced.get(role, 0),
            )
        return tally

    @property
    def n_calls(self) -> int:
        """Calls of all roles."""
        return int(self._totals()[0])

    @property
    def n_tokens(self) -> int:
        """Tokens of all roles."""
        return int(self._totals()[1])

    @property
    def cost(self) -> float:
        """Money of all roles, as far as it is known."""
        return float(self._totals()[2])

    @property
    def n_unpriced(self) -> int:
        """Calls whose price is not known, of all roles."""
        return int(self._totals()[3])

    def add(self, role: str, calls: int, tokens: int, cost: float, unpriced: int) -> None:
        """Count. Totals first: who dies in between has spent at least what the roles say."""
        a, b, c, d, n = self._totals()
        _TOTALS.pack_into(self._map, 0, a + calls, b + tokens, c + cost, d + unpriced, n)
        at = self._slot(role)
        name, calls_before, tokens_before, cost_before, unpriced_before = _ROW.unpack_from(self._map, at)
        now = (calls_before + calls, tokens_before + tokens, cost_before + cost, unpriced_before + unpriced)
        _ROW.pack_into(self._map, at, name, *now)

    def sums(self) -> Sums:
        """Return what was counted, by role."""
        with self.guard:
            rows = [_ROW.unpack_from(self._map, _TOTALS.size + i * _ROW.size) for i in range(self._totals()[4])]
        named = [(name.rstrip(b"\0").decode(errors="replace"), *rest) for name, *rest in rows]
        return Sums(
            {name: row[0] for name, *row in named if row[0]},
            {name: row[1] for name, *row in named if row[1]},
            {name: row[2] for name, *row in named if row[2]},
            {name: row[3] for name, *row in named if row[3]},
        )

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
        os.close(self._file)

    def _totals(self) -> tuple[int, int, float, int, int]:
        return _TOTALS.unpack_from(self._map, 0)

    def _slot(self, role: str) -> int:
        """Return where a role is counted; a new one gets the next row, the last row takes whatever comes after it."""
        if role not in self._slots:
            name = role.encode()[:_NAME]
            calls, tokens, cost, unpriced, n = self._totals()
            for i in range(n):
                at = _TOTALS.size + i * _ROW.size
                if _ROW.unpack_from(self._map, at)[0].rstrip(b"\0") == name:
                    self._slots[role] = at
                    return at
            i = min(n, _ROLES - 1)
            self._slots[role] = _TOTALS.size + i * _ROW.size
            if n < _ROLES:
                _ROW.pack_into(self._map, self._slots[role], name, 0, 0, 0.0, 0)
                _TOTALS.pack_into(self._map, 0, calls, tokens, cost, unpriced, n + 1)
        return self._slots[role]

"""What travels between parent and child: frames with the job's number and their length, and JSON read strictly."""

from __future__ import annotations

import json
import math
import os
import socket
import struct
import time
from typing import Any, NoReturn

HEADER = struct.Struct("!8scI")
"""Number of the job, kind of frame, length of the body in bytes."""

# From the parent:
WORK, ANSWER, REFUSAL = b"W", b"A", b"N"
# From the child: it is confined; it could not be; what the program asks a model; and how it ended.
READY, UNCONFINED, ASK = b"G", b"U", b"Q"
RESULT, RAISED, INVALID, FLOOD, UNEQUAL = b"R", b"E", b"I", b"F", b"D"

DEPTH = 16
"""Deepest nesting of a result."""

_DIGITS = 20  # of a whole number
_CHUNK = 1 << 16


class BrokenFrameError(ValueError):
    """Raised when what came is no frame of this job, or too long."""


def send(descriptor: int, job: bytes, kind: bytes, body: bytes) -> None:
    """Write one frame; blocks until all of it is taken."""
    data = memoryview(HEADER.pack(job, kind, len(body)) + body)
    while data:
        data = data[os.write(descriptor, data) :]


def receive(descriptor: int, job: bytes) -> tuple[bytes, bytes]:
    """Read one frame; blocks until it is there.

    Raises:
        EOFError: If the other side is gone.
        BrokenFrameError: If it is of another job.
    """
    number, kind, length = HEADER.unpack(_exactly(descriptor, HEADER.size))
    if number != job:
        raise BrokenFrameError("a frame of another job")
    return kind, _exactly(descriptor, length)


def _exactly(descriptor: int, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(descriptor, min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


class Channel:
    """The trusted end of a call: every read and write is bounded by one deadline, every body by a length.

    Args:
        end: The socket; closed by whoever made it.
        job: Eight bytes that name the job.
        seconds: Wall time left for the other side. :meth:`pause` hands time back.
    """

    def __init__(self, end: socket.socket, job: bytes, seconds: float) -> None:
        self._end = end
        self._job = job
        self._until = time.monotonic() + seconds

    def pause(self, seconds: float) -> None:
        """Leave out time that the other side did not spend."""
        self._until += seconds

    def _arm(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._end.settimeout(left)

    def send(self, kind: bytes, body: bytes) -> None:
        """Send one frame.

        Raises:
            TimeoutError: If the deadline passes.
            OSError: If the other side is gone.
        """
        data = memoryview(HEADER.pack(self._job, kind, len(body)) + body)
        while data:
            self._arm()
            data = data[self._end.send(data[:_CHUNK]) :]

    def receive(self, longest: int) -> tuple[bytes, bytes]:
        """Return kind and body of one frame; a body that says it is longer is not read.

        Raises:
            TimeoutError: If the deadline passes.
            EOFError: If the other side is gone.
            BrokenFrameError: If it is of another job, or too long.
        """
        job, kind, length = HEADER.unpack(self._read(HEADER.size))
        if job != self._job:
            raise BrokenFrameError("what it wrote is no answer to this call")
        if length > longest:
            raise BrokenFrameError(f"{length:,} bytes where at most {longest:,} are taken")
        return kind, self._read(length)

    def _read(self, length: int) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            self._arm()
            try:
                part = self._end.recv(min(length - len(parts), _CHUNK))
            except ConnectionError:
                part = b""
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)


def strict_json(raw: bytes, depth: int = DEPTH) -> Any:
    """Read JSON that nobody has checked.

    Raises:
        ValueError: In a line: not UTF-8, not JSON, NaN or infinite, a key twice, a lone surrogate, an overlong number, too deep.

    Example:
        >>> strict_json(b'{"a": [1, 2.5]}')
        {'a': [1, 2.5]}
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), parse_constant=_no_constant, parse_float=_real, parse_int=_whole, object_pairs_hook=_distinct
        )
        if b"\\u" in raw:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise ValueError("text that is not UTF-8, or a lone surrogate") from None
    except RecursionError:
        raise ValueError(f"nested deeper than {depth}") from None
    _check_depth(value, depth)
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text}, and numbers must be finite")


def _real(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:_DIGITS]}, and numbers must be finite")
    return value


def _whole(text: str) -> int:
    if len(text) > _DIGITS:
        raise ValueError(f"a whole number of {len(text)} digits, at most {_DIGITS} are taken")
    return int(text)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object with the same key twice")
    return found


def _check_depth(value: object, depth: int) -> None:
    level = [value]
    for _ in range(depth + 1):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise ValueError(f"nested deeper than {depth}")

"""Files in the run directory that only grow: what was paid for, kept as it comes, so that nobody is asked the same twice."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import ValidationError

from ...sim.errors import StoreError
from ...sim.files import in_plain_words
from ...sim.types import Frozen


class Kept(Frozen):
    """A line of such a file."""

    key: str  # hash of all that it depends on


K = TypeVar("K", bound=Kept)


class KeptLines(Generic[K]):
    """Lines by key; each is durable once :meth:`keep` has returned.

    Open it while holding the run's lock: a last line that a process was killed over is cut off.

    Args:
        path: The file; made at the first line.
        kind: What a line is.
        what: What it holds, for messages.

    Raises:
        StoreError: If a complete line cannot be read, or the file system fails.
    """

    def __init__(self, path: Path, kind: type[K], what: str) -> None:
        self._path = path
        self._found = {line.key: line for line in _read(path, kind, what)}

    def get(self, key: str) -> K | None:
        """Return what is kept under a key, None if nothing is."""
        return self._found.get(key)

    def keep(self, line: K) -> None:
        """Write a line down.

        Raises:
            StoreError: If the disk is full or fails.
        """
        with in_plain_words(self._path), self._path.open("ab") as file:
            file.write(line.model_dump_json().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self._found[line.key] = line


def _read(path: Path, kind: type[K], what: str) -> list[K]:
    """Return the complete lines of the file, and cut off what follows them."""
    if not path.exists():
        return []
    with in_plain_words(path):
        content = path.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.truncate(path, whole)
    found = []
    for number, line in enumerate(content[:whole].splitlines(), start=1):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            hint = "Remove that line, and what it held is asked again."
            raise StoreError(f"{path} is damaged: line {number} holds no {what}. {hint}") from error
    return found

"""Files that are there completely or as they were before."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from .errors import StoreError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn errors of the file system inside the block into a sentence about ``path``.

    Raises:
        StoreError: For every :class:`OSError`, with the original as its cause.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StoreError(f"The disk is full: {path} could not be written. What it held before is kept.") from error
        if error.errno in _FORBIDDEN:
            raise StoreError(f"{path} cannot be written ({error.strerror}).") from error
        raise StoreError(f"{path} could not be written ({error.strerror or error}).") from error


@contextmanager
def atomic(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that takes its name only when it is complete and on the disk.

    If the block raises, whatever stood under that name before is unchanged.

    Raises:
        StoreError: If it cannot be written.
    """
    passing = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with in_plain_words(path):
        try:
            with passing.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            passing.replace(path)
        except BaseException:
            passing.unlink(missing_ok=True)
            raise
        _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomic(path: Path, content: str | bytes) -> None:
    """Write a file in one step: it is there completely, or as it was before.

    Raises:
        StoreError: If it cannot be written.
    """
    with atomic(path) as file:
        file.write(content.encode() if isinstance(content, str) else content)

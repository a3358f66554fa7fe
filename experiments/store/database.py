"""The SQLite file of a run: how it is opened, locked and made durable, and its errors in plain words."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...sim.errors import StoreError

_BUSY_SECONDS = 5.0

_SENTENCES = {
    sqlite3.SQLITE_FULL: "The disk is full: {path} cannot grow. Everything committed so far is kept; make room, then resume.",
    sqlite3.SQLITE_READONLY: "{path} is read-only. Everything committed so far is kept; make it writable, then resume.",
    sqlite3.SQLITE_IOERR: "{path} could not be read or written ({error}; a full disk, a quota?). Everything committed so far is kept.",
    sqlite3.SQLITE_CORRUPT: "{path} is damaged ({error}).",
    sqlite3.SQLITE_NOTADB: "{path} is no run store, or it is damaged ({error}).",
    sqlite3.SQLITE_CANTOPEN: "{path} cannot be opened: is the directory there, and may it be written?",
    sqlite3.SQLITE_BUSY: "{path} is in use by another program that holds it locked ({error}).",
}


@contextmanager
def in_plain_words(path: Path) -> Iterator[None]:
    """Turn errors of SQLite inside the block into a sentence about ``path``.

    Raises:
        StoreError: For every :class:`sqlite3.Error`, with the original as its cause.
    """
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the primary code; the rest says where it arose
        sentence = _SENTENCES.get(code, "{path} could not be used ({error}).")
        raise StoreError(sentence.format(path=path, error=error)) from error


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open or make a database for writing: write-ahead log, every commit synced to the disk.

    Args:
        path: The database file.

    Returns:
        A connection that opens no transaction by itself and may move between threads.

    Raises:
        StoreError: If the file cannot be opened, is no database, or write-ahead logging is not granted.
    """
    uri = f"{path.absolute().as_uri()}?mode=rwc"
    with in_plain_words(path):
        connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
            connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.Error:
            connection.close()
            raise
    if mode != "wal":
        connection.close()
        raise StoreError(
            f"{path} cannot keep a write-ahead log (journal mode {mode!r}), as on most network file systems. "
            "Choose a run directory on a local disk with --out."
        )
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a database for reading only, while others may write, or from a medium that cannot be written.

    Raises:
        StoreError: If there is no such file, or it is no database.
    """
    if not path.is_file():
        raise StoreError(f"{path.parent} holds no run: there is no {path.name} in it.")
    uri = f"{path.absolute().as_uri()}?mode=ro"
    log = path.with_name(path.name + "-wal")
    with in_plain_words(path):
        try:
            return _open_readable(uri)
        except sqlite3.OperationalError:
            if log.exists() and log.stat().st_size:
                raise
        return _open_readable(uri + "&immutable=1")  # nothing is pending, so nothing can change beneath us


def _open_readable(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run the block in one transaction that takes the write lock at once; roll back if the block raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back already after some errors
            connection.execute("ROLLBACK")
        raise


class Lock:
    """One writer a run directory. The kernel lets go of the lock when the process ends, however it ends.

    Args:
        path: The lock file; made if missing, never removed.

    Raises:
        StoreError: If another process, which is named, holds it, or the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"{path.parent} cannot be written ({error.strerror}).") from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            owner = os.read(self._file, 32).decode(errors="replace").strip() or "unknown"
            self.release()
            raise StoreError(f"{path.parent} is in use by another process (pid {owner}). Wait until it is done, or stop it.") from error
        except OSError as error:
            self.release()
            raise StoreError(
                f"{path.parent} cannot be locked ({error.strerror}). Choose a run directory on a local disk with --out."
            ) from error
        try:
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)
        except OSError as error:
            self.release()
            raise StoreError(f"{path.parent} cannot be written ({error.strerror}).") from error

    def release(self) -> None:
        """Let go of the lock; a second call does nothing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

"""The episode store: one SQLite file a run directory, one compressed row an episode."""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from pydantic import ValidationError

from ...sim.errors import InputError, StoreError
from ...sim.types import EpisodeRecord, Verdict
from .database import Lock, connect_reader, connect_writer, in_plain_words, transaction
from .rows import Packed, Row, Spent, pack
from .writer import StoreWriter

__all__ = ["FILE", "LOCK_FILE", "SCHEMA", "Packed", "Row", "RunStore", "Spent", "StoreWriter", "pack"]

SCHEMA = 1
"""Version of the tables; a store of another version is refused."""

FILE = "run.db"
LOCK_FILE = "run.lock"

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE episodes (
  arm TEXT NOT NULL, key TEXT NOT NULL, persona TEXT NOT NULL, replicate INTEGER NOT NULL, verdict TEXT NOT NULL,
  digest TEXT NOT NULL, attempts INTEGER NOT NULL, seconds REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (arm, key));
CREATE TABLE attempts (
  arm TEXT NOT NULL, key TEXT NOT NULL, attempt INTEGER NOT NULL, verdict TEXT NOT NULL, digest TEXT NOT NULL,
  seconds REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (arm, key, attempt));
CREATE TABLE divergent (
  arm TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (arm, key, digest));
"""
_INSERT = "INSERT INTO episodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_LIGHT = "SELECT arm, key, persona, replicate, verdict, digest, attempts, seconds FROM episodes ORDER BY arm, key"
_ORDERED = "SELECT arm, key, digest, body FROM episodes WHERE (?1 IS NULL OR arm = ?1) AND (?2 IS NULL OR verdict = ?2) ORDER BY arm, key"
_SHOWN = 5


class RunStore:
    """Episodes of one run, durable once :meth:`commit` has returned.

    One process at a time may open a store for writing; any number may read it, also meanwhile. Of two records
    with the same arm and key the first stays. The exception is ``infrastructure``: such an episode counts as
    not done, and its next attempt takes its place. Use :meth:`create`, :meth:`open` or :meth:`resume`, and close
    the store (or use it in a ``with`` block).

    Example:
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder, RunStore.create(folder, "c0ffee") as store:
        ...     store.done("main")
        set()
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: Lock | None) -> None:
        self.path = path
        self.readonly = lock is None
        self._connection = connection
        self._lock = lock

    @classmethod
    def create(cls, directory: str | Path, config_hash: str) -> RunStore:
        """Make the store of a new run in an existing directory.

        Raises:
            StoreError: If there is a run already, another process holds the directory, or it cannot be written.
        """
        path = Path(directory) / FILE
        with _locked(path) as lock:
            connection = connect_writer(path)
            try:
                with in_plain_words(path):
                    if _tables(connection):
                        raise StoreError(
                            f"{directory} holds a run already. Go on with `outskirts resume {directory}`, or choose another --out."
                        )
                    _lay_out(connection, config_hash)
            except BaseException:
                connection.close()
                raise
            return cls(path, connection, lock)

    @classmethod
    def open(cls, directory: str | Path, config_hash: str | None = None, readonly: bool = False) -> RunStore:
        """Open the store of a run.

        Args:
            directory: The run directory.
            config_hash: What the run's configuration must be; not compared if None.
            readonly: Open without the lock, while another process may be writing.

        Raises:
            StoreError: If there is no run, another process is writing, the file is damaged, read-only, of another
                schema or of another configuration.
        """
        path = Path(directory) / FILE
        if readonly:
            store = cls(path, connect_reader(path), None)
            return store._checked(config_hash)
        if not path.is_file():
            raise StoreError(f"{directory} holds no run: there is no {FILE} in it.")
        with _locked(path) as lock:
            store = cls(path, connect_writer(path), lock)
            return store._checked(config_hash)

    @classmethod
    def resume(cls, directory: str | Path, config_hash: str) -> RunStore:
        """Open a run for writing, or make its store where the run was stopped before it had one.

        Raises:
            StoreError: As :meth:`open`.
        """
        path = Path(directory) / FILE
        if path.is_file():
            reader = connect_reader(path)
            with in_plain_words(path):
                begun = bool(_tables(reader))
            reader.close()
            if begun:
                return cls.open(directory, config_hash)
        return cls.create(directory, config_hash)

    def _checked(self, config_hash: str | None) -> RunStore:
        try:
            with in_plain_words(self.path):
                if not _tables(self._connection):
                    raise StoreError(f"{self.path} is empty: the run was stopped before its first episode, or this is no run.")
                self._compare(config_hash)
                if not self.readonly:
                    answer = self._connection.execute("PRAGMA quick_check(1)").fetchone()[0]
                    if answer != "ok":
                        raise StoreError(f"{self.path} is damaged ({answer}).")
        except BaseException:
            self.close()
            raise
        return self

    def _compare(self, config_hash: str | None) -> None:
        if "meta" not in _tables(self._connection):
            raise StoreError(f"{self.path} is a database, but no run store.")
        schema = self._meta("schema")
        if schema != str(SCHEMA):
            raise StoreError(f"{self.path} has schema {schema}, and this version of Outskirts reads schema {SCHEMA}.")
        stored = self._meta("config_hash")
        if config_hash is not None and stored != config_hash:
            raise StoreError(
                f"{self.path} belongs to another configuration: it has {stored}, and {config_hash} was asked for. "
                "Settings that change results cannot change within a run; choose another --out."
            )

    def _meta(self, name: str) -> str | None:
        found = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return None if found is None else str(found[0])

    def spent(self) -> Spent:
        """Return what the run had used up at the last commit."""
        with in_plain_words(self.path):
            text = self._meta("spent")
        return Spent() if text is None else Spent.model_validate_json(text)

    def commit(self, episodes: Sequence[Packed], spent: Spent | None = None) -> None:
        """Write episodes, and what was spent, in one transaction; durable on return, all or nothing.

        Raises:
            StoreError: If the disk is full, read-only or fails. What was committed before is kept.
        """
        with in_plain_words(self.path), transaction(self._connection):
            self._connection.execute("SAVEPOINT batch")
            if self._connection.executemany(_INSERT, episodes).rowcount != len(episodes):
                self._connection.execute("ROLLBACK TO batch")
                for episode in episodes:
                    self._merge(episode)
            if spent is not None:
                self._connection.execute("INSERT OR REPLACE INTO meta VALUES ('spent', ?)", (spent.model_dump_json(),))

    def _merge(self, new: Packed) -> None:
        """Write an episode whose key may be taken."""
        execute = self._connection.execute
        if execute(_INSERT, new).rowcount:
            return
        place = (new.arm, new.key)
        verdict, digest, attempts = execute("SELECT verdict, digest, attempts FROM episodes WHERE arm = ? AND key = ?", place).fetchone()
        if verdict == Verdict.INFRASTRUCTURE:
            execute(
                "INSERT INTO attempts SELECT arm, key, attempts, verdict, digest, seconds, body FROM episodes WHERE arm = ? AND key = ?",
                place,
            )
            execute("DELETE FROM episodes WHERE arm = ? AND key = ?", place)
            execute(_INSERT, new._replace(attempts=attempts + 1))
        elif new.verdict == Verdict.INFRASTRUCTURE:
            values = (*place, attempts + 1, new.verdict, new.digest, new.seconds, new.body)
            execute("INSERT INTO attempts VALUES (?, ?, ?, ?, ?, ?, ?)", values)
            execute("UPDATE episodes SET attempts = attempts + 1 WHERE arm = ? AND key = ?", place)
        elif digest != new.digest:
            execute("INSERT INTO divergent VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", (*place, new.digest, new.body))

    def done(self, arm: str) -> set[str]:
        """Return the keys of an arm that need not be played again."""
        with in_plain_words(self.path):
            found = self._connection.execute("SELECT key FROM episodes WHERE arm = ? AND verdict <> ?", (arm, Verdict.INFRASTRUCTURE.value))
            return {key for (key,) in found}

    def divergent(self) -> int:
        """Return how many records came with a key that was taken and another content, which must never happen."""
        with in_plain_words(self.path):
            return int(self._connection.execute("SELECT count(*) FROM divergent").fetchone()[0])

    def rows(self) -> Iterator[Row]:
        """Yield all episodes without their content, by arm and key."""
        with in_plain_words(self.path):
            for row in self._connection.execute(_LIGHT):
                yield Row(*row)

    def texts(self, arm: str | None = None, verdict: Verdict | None = None) -> Iterator[tuple[str, str, bytes]]:
        """Yield arm, key and the record's JSON, byte for byte as it was stored, by arm and key; of one arm or verdict if it is given.

        Raises:
            StoreError: If a row is damaged.
        """
        with in_plain_words(self.path):
            for found_arm, key, digest, body in self._connection.execute(_ORDERED, (arm, verdict)):
                yield found_arm, key, self._unpack(key, digest, body)

    def records(self, arm: str | None = None, verdict: Verdict | None = None) -> Iterator[tuple[str, EpisodeRecord]]:
        """Yield arm and record of all episodes, or of those of one arm or with one verdict, by arm and key.

        Raises:
            StoreError: If a row is damaged or of another version.
        """
        for found_arm, key, text in self.texts(arm, verdict):
            yield found_arm, self._parse(key, text)

    def get(self, prefix: str, arm: str | None = None) -> tuple[str, EpisodeRecord]:
        """Return arm and record of the one episode whose key begins with ``prefix``.

        Raises:
            InputError: If no episode or more than one does; some of them are named.
        """
        arm, _, prefix = prefix.rpartition("/") if arm is None and "/" in prefix else (arm, "", prefix)
        query = "SELECT arm, key, digest, body FROM episodes WHERE substr(key, 1, length(?1)) = ?1 AND (?2 IS NULL OR arm = ?2) ORDER BY arm, key LIMIT ?3"
        with in_plain_words(self.path):
            found = self._connection.execute(query, (prefix, arm, _SHOWN)).fetchall()
        if not found:
            raise InputError("episode", "the beginning of an episode's key, as `outskirts export` shows them", prefix)
        if len(found) > 1:
            some = ", ".join(f"{row[0]}/{row[1]}" for row in found)
            raise InputError(
                "episode", "a key that only one episode begins with", prefix, f"It could be {some}{' ...' if len(found) == _SHOWN else ''}."
            )
        found_arm, key, digest, body = found[0]
        return found_arm, self._parse(key, self._unpack(key, digest, body))

    def _unpack(self, key: str, digest: str, body: bytes) -> bytes:
        try:
            text = zlib.decompress(body)
        except zlib.error as error:
            raise StoreError(f"{self.path} is damaged: episode {key} cannot be unpacked.") from error
        if hashlib.sha256(text).hexdigest() != digest:
            raise StoreError(f"{self.path} is damaged: episode {key} does not match its digest.")
        return text

    def _parse(self, key: str, text: bytes) -> EpisodeRecord:
        try:
            return EpisodeRecord.model_validate_json(text)
        except ValidationError as error:
            raise StoreError(f"{self.path}: episode {key} is no record that this version reads ({error.error_count()} errors).") from error

    def close(self) -> None:
        """Close the file and let go of the lock; a second call does nothing."""
        try:
            with in_plain_words(self.path):
                self._connection.close()
        finally:
            if self._lock is not None:
                self._lock.release()

    def __enter__(self) -> RunStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


@contextmanager
def _locked(path: Path) -> Iterator[Lock]:
    """Hold the directory's lock, and keep holding it unless the block raises."""
    lock = Lock(path.with_name(LOCK_FILE))
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _lay_out(connection: sqlite3.Connection, config_hash: str) -> None:
    with transaction(connection):
        for statement in _TABLES.split(";\n"):
            connection.execute(statement)
        connection.executemany("INSERT INTO meta VALUES (?, ?)", [("schema", str(SCHEMA)), ("config_hash", config_hash)])

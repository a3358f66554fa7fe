"""Replies of models that were paid for, kept in a file: by what was asked, of which model, and for which draw."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final

from ..sim.errors import InputError
from ..sim.secrets import starred

FILE = "replies.db"
"""Name of the cache's file in its folder."""

PATH: Final = "outskirts_run"
"""Under this key a message's ``response_metadata`` holds the path of the random numbers; a prompt without one is never answered here."""

HIT: Final = "outskirts_cached"
"""Set in the ``response_metadata`` of a reply that came from the cache."""

_TABLE = "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID"
_BUSY_SECONDS = 10.0


class ReplyCache:
    """The file of a cache. Any number of processes may use one at a time; the first reply under a key stays.

    Args:
        folder: Where it is; made if it is not there.

    Raises:
        InputError: If it cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            uri = f"{path.absolute().as_uri()}?mode=rwc"
            self._connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            try:
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.execute("PRAGMA synchronous=NORMAL")
                self._connection.execute(_TABLE)
            except sqlite3.Error:
                self._connection.close()
                raise
        except (OSError, sqlite3.Error) as error:
            raise InputError("cache", "a folder in which a SQLite file can be kept", str(folder), f"{error}.") from None

    def get(self, key: str) -> str | None:
        """Return what is kept under a key."""
        found = self._connection.execute("SELECT body FROM replies WHERE key = ?", (key,)).fetchone()
        return None if found is None else str(found[0])

    def put(self, key: str, body: str) -> None:
        """Keep something, without the keys that a model may have said."""
        self._connection.execute("INSERT INTO replies VALUES (?, ?) ON CONFLICT DO NOTHING", (key, starred(body)))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


_cache: ContextVar[ReplyCache | None] = ContextVar("outskirts_cache", default=None)


def current() -> ReplyCache | None:
    """Return the cache of the running run."""
    return _cache.get()


@contextmanager
def caching(folder: Path | None) -> Iterator[None]:
    """Let models that were :func:`kept` answer from a cache inside the block; from none if there is no folder.

    Raises:
        InputError: If the folder cannot be used.
    """
    if folder is None:
        yield
        return
    cache = ReplyCache(folder)
    token = _cache.set(cache)
    try:
        yield
    finally:
        _cache.reset(token)
        cache.close()


def kept(model: Any) -> Any:
    """Return a chat model that answers from the cache of the run, where there is one; what is no chat model as it is.

    A model for which the user has set a cache keeps that.
    """
    from langchain_core.language_models import BaseChatModel

    from .langchain_cache import KEPT

    if isinstance(model, BaseChatModel) and model.cache is None:
        return model.model_copy(update={"cache": KEPT})
    return model


def uncached(model: Any) -> Any:
    """Return a chat model that never answers from a cache, not even from LangChain's global one; what is no chat model as it is."""
    from langchain_core.language_models import BaseChatModel

    if isinstance(model, BaseChatModel) and model.cache is None:
        return model.model_copy(update={"cache": False})
    return model


def is_hit(reply: object) -> bool:
    """Tell whether a reply came from the cache."""
    told = getattr(reply, "response_metadata", None)
    return isinstance(told, dict) and told.get(HIT) is True

"""What must never be said: keys and logins that whoever reads the environment has named here.

Whatever an actor says, a judge finds or a target reports at the end passes :func:`starred` on its way into a record; every line that is
made of an exception passes :func:`redacted`. So a provider that quotes a request, or a server that echoes a header, puts no key into a
record, a log or a report. A text that is cut passes before it is cut: part of a key would not be known again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

from pydantic import BaseModel

T = TypeVar("T")

STARS: Final = "***"
"""What stands in place of a secret."""

LEAST: Final = 8
"""Shortest text that is hidden, in characters: shorter ones occur by chance."""

LONGEST: Final = 1024
"""What is dropped beside a cut that was made before anything could be redacted, in characters: most secrets are shorter."""

_COMMON = re.compile(r"(?=.{1,20}\Z)[A-Z]?[a-z]+(?:[ _-][A-Z]?[a-z]+)*")

_hidden: set[str] = set()
_guessed: set[str] = set()


def hide(texts: Iterable[str], *, guessed: bool = False) -> None:
    """Hide these texts from now on, in this process, also as JSON and addresses write them.

    Args:
        texts: What must not be said.
        guessed: That they are secrets is told by a name only, of a variable say. One that is made of plain words
            (``DB_PASSWORD=password``) is then starred in what is told of exceptions and not in dialogues, where people say such words.
    """
    for text in texts:
        if len(text) >= LEAST:
            hidden = _guessed if guessed and _COMMON.fullmatch(text) else _hidden
            written = (
                json.dumps(text)[1:-1],
                json.dumps(text, ensure_ascii=False)[1:-1],
                quote(text, errors="surrogatepass"),
                quote(text, safe="", errors="surrogatepass"),
            )
            hidden.update((text, *written))


def redacted(text: str) -> str:
    """Return a text that tells of an exception, without any secret that :func:`hide` was told."""
    return without(text, _hidden | _guessed if _guessed else _hidden)


def starred(value: T) -> T:
    """Return what was said or found without the secrets that :func:`hide` was told and that nobody says by chance.

    Args:
        value: A text, or texts anywhere in JSON or frozen data. If it holds no secret, it is returned itself.
    """
    if not _hidden or not _may_hold(value):
        return value
    return cast(T, _starred(value))


def _may_hold(value: object) -> bool:
    """Tell whether a value may hold a secret; data is written as JSON in a fraction of the time of a walk through it."""
    text = value
    if isinstance(value, BaseModel):
        try:
            text = value.model_dump_json()
        except ValueError:  # a text in it is no UTF-8
            return True
    if not isinstance(text, str):
        return True
    for secret in _hidden:  # noqa: SIM110 - any() takes as long as the tests themselves
        if secret in text:
            return True
    return False


def _starred(value: object) -> object:
    if isinstance(value, str):
        return without(value, _hidden)
    if isinstance(value, BaseModel):
        changed = {name: new for name, old in value.__dict__.items() if (new := _starred(old)) is not old}
        return value.model_copy(update=changed) if changed else value
    if isinstance(value, Mapping):
        pairs = {_starred(key): _starred(item) for key, item in value.items()}
        same = len(pairs) == len(value) and all(key in pairs and pairs[key] is item for key, item in value.items())
        return value if same else pairs
    if isinstance(value, list | tuple):
        items = [_starred(item) for item in value]
        if all(map(_is, items, value)):
            return value
        return items if isinstance(value, list) else tuple(items)
    return value


def _is(one: object, other: object) -> bool:
    return one is other


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets.

    Example:
        >>> without("refused: key sk-0123456789", ["sk-0123456789"])
        'refused: key ***'
    """
    found = [secret for secret in secrets if secret in text]
    for secret in sorted(found, key=len, reverse=True):  # the longest first: one may be part of another
        text = text.replace(secret, STARS)
    return text


def login_of(login: str) -> tuple[str, tuple[str, ...]]:
    """Return the ``Authorization`` header of ``user:password``, and every text that must not be said of it."""
    from base64 import b64encode

    user, _, password = login.partition(":")
    plain = f"{unquote(user)}:{unquote(password)}"
    basic = b64encode(plain.encode()).decode()
    return f"Basic {basic}", (login, plain, password, unquote(password), basic)


def without_login(url: str) -> tuple[str, str]:
    """Return an address without the login in it, and that login as it stands there; empty if there is none.

    Example:
        >>> without_login("http://ada:hunter2@bots.example/v1")
        ('http://bots.example/v1', 'ada:hunter2')
    """
    try:
        parts = urlsplit(url)
    except ValueError:  # whoever calls the address will say what is wrong
        return url, ""
    login, _, host = parts.netloc.rpartition("@")
    return parts._replace(netloc=host).geturl() if login else url, login

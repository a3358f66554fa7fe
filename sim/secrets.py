"""What must never be said: keys and logins that whoever reads the environment has named here.

Every line that is made of an exception goes through :func:`redacted`, so that a provider that quotes a request, or a server that
echoes a header, puts no key into a record, a log or a report.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote, urlsplit

STARS: Final = "***"
"""What stands in place of a secret."""

LEAST: Final = 8
"""Shortest text that is hidden, in characters: shorter ones occur by chance."""

_hidden: set[str] = set()


def hide(texts: Iterable[str]) -> None:
    """Hide these texts from now on, in this process."""
    _hidden.update(text for text in texts if len(text) >= LEAST)


def redacted(text: str) -> str:
    """Return a text without any secret that :func:`hide` was told."""
    return without(text, sorted(_hidden, key=len, reverse=True))  # the longest first: one may be part of another


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text without these secrets.

    Example:
        >>> without("refused: key sk-0123456789", ["sk-0123456789"])
        'refused: key ***'
    """
    for secret in secrets:
        if secret in text:
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

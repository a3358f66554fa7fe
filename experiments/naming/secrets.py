"""Secrets in what the user names: taken from the environment, hidden in what is said, left out of what is written."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from ...sim.errors import InputError
from ...sim.secrets import LEAST, STARS, hide, without
from ...sim.validation import MISSING

_SECRET = re.compile(r"(?:^|_)(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|AUTH)$")
_LOGIN = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
_QUERY = re.compile(r"(?i)(?<=[?&])([\w.-]*(?:key|token|secret|password|passwd|auth|signature|sig)=)([^&#\s]+)")
_SENSITIVE = re.compile(r"(?i)auth|key|token|secret|cookie|passw|credential|session")
_REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

ADDRESS = "OUTSKIRTS_URL"
"""Environment variable that holds a whole address, for a run that is resumed: its secrets were not recorded."""


def environment_secrets() -> tuple[str, ...]:
    """Return the values of all environment variables whose name says that they are secret."""
    return tuple(sorted({v for name, v in os.environ.items() if _SECRET.search(name.upper()) and len(v) >= LEAST}, key=len, reverse=True))


def hide_environment() -> None:
    """Let nothing that is said from now on hold a secret of the environment."""
    hide(environment_secrets(), guessed=True)


def public(text: str) -> str:
    """Return a SPEC's text as it may be written down: logins and keys in addresses, and values of secret variables, are starred.

    Example:
        >>> public("http://ada:hunter2@bots.example/chat?api_key=12345&v=2")
        'http://***@bots.example/chat?api_key=***&v=2'
    """
    starred = _LOGIN.sub(lambda found: found[0] if "$" in found[0] else STARS, text)
    starred = _QUERY.sub(lambda found: found[0] if found[2].startswith("$") else found[1] + STARS, starred)
    return without(starred, environment_secrets())


def resolved(text: str, field: str) -> tuple[str, tuple[str, ...]]:
    """Replace ``$NAME`` and ``${NAME}`` by values of the environment.

    Returns:
        The text, and the values that were put in.

    Raises:
        InputError: If a variable is not set.
    """
    found: list[str] = []

    def value(match: re.Match[str]) -> str:
        found.append(variable(match[1] or match[2], field))
        return found[-1]

    return _REFERENCE.sub(value, text), tuple(found)


def variable(name: str, field: str) -> str:
    """Return the value of an environment variable.

    Raises:
        InputError: If it is not set, or empty.
    """
    value = os.environ.get(name, "")
    if not value:
        raise InputError(field, f"the environment variable {name} to hold a value", MISSING, f"Set it: export {name}=...")
    return value


def whole_address(url: str, field: str) -> str:
    """Return an address with its secrets, where they were starred in the record that it was read from.

    Raises:
        InputError: If they are nowhere to be found.
    """
    if STARS not in url:
        return url
    given = os.environ.get(ADDRESS, "")
    if given and public(given) == url:
        return given
    hint = f"Secrets are not recorded. Set {ADDRESS} to the whole address, or write $NAME in it for what an environment variable holds."
    raise InputError(field, "an address with its secrets", url, hint)


def header_values(headers: Mapping[str, str], field: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return headers with their values from the environment, and those values.

    Raises:
        InputError: If a variable is not set, a header is malformed, or a secret one holds its value itself: a SPEC is recorded.
    """
    out: dict[str, str] = {}
    secrets: list[str] = []
    for name, given in headers.items():
        where = f"{field}.headers.{name}"
        if not re.fullmatch(r"[\w!#$%&'*+.^`|~-]+", name):
            raise InputError(f"{field}.headers", "names of headers", name)
        if _SENSITIVE.search(name) and not _REFERENCE.search(given):
            hint = "A SPEC is recorded, so it holds the variable's name and not its value."
            raise InputError(where, "a value from the environment, such as 'Bearer $NAME'", STARS, hint)
        out[name], found = resolved(given, where)
        if not out[name].isprintable() or not out[name].isascii():
            raise InputError(where, "a value of printable ASCII", STARS)
        secrets += [*found, *([out[name]] if found else [])]
    return out, tuple(secrets)

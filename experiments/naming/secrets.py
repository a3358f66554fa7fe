"""Secrets in what the user names: taken from the environment, hidden in what is said, left out of what is written."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from urllib.parse import unquote, unquote_plus, urlsplit

from ...sim.errors import InputError
from ...sim.secrets import LEAST, STARS, hide, without
from ...sim.validation import MISSING

_SECRET = re.compile(r"(?i)(?:(?:^|_)(?:KEY|AUTH)|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?|APIKEY)$")
_LOGIN = re.compile(r"(?<=://)[^/?#\s]+(?=@)")
_QUERY = re.compile(r"(?<=[?&#])([^=?&#\s]+)=([^&#\s]+)")
_KEYED = re.compile(r"(?i)(?:key|token|secret|pass|password|passwd|pwd|passphrase|pin|auth|credentials?|signature|sig)$")
_NUMBER = re.compile(r"[0-9]{1,4}")  # of a version, say: what is longer may be a secret
_SENSITIVE = re.compile(r"(?i)auth|key|token|secret|cookie|passw|credential|session")
_REFERENCE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_REFERENCES = re.compile(r"(?:\$(?:\{\w+\}|\w+))+")
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*")

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

    In the query of a URL that is short numbers and ``$NAME`` alone are left: which of its names mean a secret is known to the service
    only.

    Example:
        >>> public("http://ada:hunter2@bots.example/chat?api_key=12345&code=Zm9vYmFy&k=$BOT_KEY&v=2#timeout=30")
        'http://***@bots.example/chat?api_key=***&code=***&k=$BOT_KEY&v=2#timeout=30'
        >>> public("openai:gpt@https://models.example/v1?key=BOT_KEY&stream=true")
        'openai:gpt@https://models.example/v1?key=BOT_KEY&stream=true'
    """
    starred = _LOGIN.sub(lambda found: found[0] if _REFERENCES.fullmatch(found[0].rpartition(":")[2]) else STARS, text)
    if starred.startswith(("http://", "https://")):
        address, mark, options = starred.partition("#")
        address, asked, query = address.partition("?")
        starred = address + asked + "&".join(map(_parameter, query.split("&"))) + _named(mark + options, variables=True)
    else:
        starred = _named(starred, variables=starred.startswith("openai:"))
    return without(starred, environment_secrets())


def _parameter(part: str) -> str:
    """Return a parameter of a URL as it may be written down."""
    name, equals, value = part.partition("=")
    if not equals:  # a value without a name
        return part if not part or _REFERENCES.fullmatch(part) else STARS
    harmless = _NUMBER.fullmatch(value) and not _is_keyed(name)
    return part if not value or harmless or _REFERENCES.fullmatch(value) else f"{name}={STARS}"


def _named(text: str, *, variables: bool) -> str:
    """Star the values behind names that mean a secret; with ``variables`` the option ``key`` may name a variable."""

    def shown(found: re.Match[str]) -> str:
        name, value = found[1], found[2]
        if not _is_keyed(name):
            return f"{name}={_named(value, variables=variables)}"
        named = _REFERENCES.fullmatch(value) or (variables and name == "key" and _VARIABLE.fullmatch(value))
        return found[0] if named else f"{name}={STARS}"

    return _QUERY.sub(shown, text)


def _is_keyed(name: str) -> bool:
    return _KEYED.search(unquote(name)) is not None


def hide_query(url: str) -> None:
    """Hide the values in a URL's query, as they stand there and as they are read.

    Those whose names do not mean a secret may be anything, also words that people say.
    """
    for part in urlsplit(url).query.split("&"):
        name, equals, value = part.partition("=")
        given = value if equals else part
        hide((given, unquote(given), unquote_plus(given)), guessed=not _is_keyed(name))


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

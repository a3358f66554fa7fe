"""The grammar for everything pluggable: ``eliza``, ``lexical?shrinkage=0.4``, ``python:bot.py:reply``, ..."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, cast
from urllib.parse import quote, unquote

from ...sim.errors import InputError
from .secrets import public

Kind = Literal["name", "python", "chat", "openai", "url", "command", "program"]
Role = Literal["scenario", "target", "generator", "player", "respondent", "judge", "model"]

_SAFE = "/:,.@~ _-"  # characters that stay readable in canonical text
_FORMS: dict[Kind, str] = {
    "name": "a registered name",
    "python": "python:package.module:attribute or python:path/file.py:attribute",
    "chat": "chat:PROVIDER:MODEL",
    "openai": "openai:MODEL@BASE_URL",
    "url": "an http(s) URL",
    "command": "command:./bot --flag",
    "program": "a path ending in .py",
}
_USABLE: dict[Role, str] = {
    "scenario": "a registered scenario or python:path/file.py:SCENARIO",
    "target": "a registered target, python:path/file.py:function, openai:MODEL@BASE_URL, chat:PROVIDER:MODEL, an http(s) URL or command:./bot",
    "generator": "a registered generator, path/file.py (a program, run in the sandbox) or python:path/file.py (trusted, in this process)",
    "player": "a registered player, chat:PROVIDER:MODEL, openai:MODEL@BASE_URL or python:path/file.py:attribute",
    "respondent": "a registered respondent, chat:PROVIDER:MODEL, openai:MODEL@BASE_URL or python:path/file.py:attribute",
    "judge": "a registered judge, chat:PROVIDER:MODEL, openai:MODEL@BASE_URL (with a rubric) or python:path/file.py:attribute",
    "model": "chat:PROVIDER:MODEL, openai:MODEL@BASE_URL or python:path/file.py:attribute",
}
_KINDS: dict[Role, tuple[Kind, ...]] = {
    "target": ("name", "python", "chat", "openai", "url", "command"),
    "generator": ("name", "python", "program"),
    "respondent": ("name", "python", "chat", "openai"),
    "judge": ("name", "python", "chat", "openai"),
    "player": ("name", "python", "chat", "openai"),
    "model": ("python", "chat", "openai"),
}
"""Which forms a role takes; those not here take a registered name and Python."""
_FILE_AND_ATTRIBUTE = re.compile(r"[^?:]+\.py:\w+(\?.*)?")
_OPTIONS = re.compile(r"[a-z_]+=[^\s?]*")
_ENDPOINT = re.compile(r"(.+?)@(https?://\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spec:
    """One pluggable thing, as the user named it.

    Two specs are equal when their canonical texts are, whether they came from the command line or from YAML.

    Args:
        kind: Which form it has.
        name: The registered name, or what follows the prefix (``bot.py:reply``, ``gpt@http://...``, the URL).
        options: JSON values by option name.
        text: Canonical form: options sorted by key. ``parse_spec(spec.text, role)`` gives the spec again.
    """

    kind: Kind
    name: str
    options: Mapping[str, object] = field(compare=False)
    text: str

    def __str__(self) -> str:
        return self.text


def parse_spec(value: object, role: Role, field: str = "") -> Spec:
    """Read one SPEC.

    Args:
        value: Text as on the command line, a mapping as in YAML (``{name: lexical, shrinkage: 0.4}``), or a Spec.
        role: What it stands for; a bare path ending in ``.py`` is a program for generators only.
        field: Name for error messages; the role if empty.

    Returns:
        The spec. Whether the name exists is not looked up here.

    Raises:
        InputError: If it is empty, of another type, or does not follow its form.

    Example:
        >>> parse_spec("lexical?shrinkage=0.40&noise=0", "player").text
        'lexical?noise=0&shrinkage=0.4'
        >>> parse_spec({"name": "lexical", "shrinkage": 0.4}, "player").options
        {'shrinkage': 0.4}
    """
    where = field or role
    if isinstance(value, Spec):
        return value
    if isinstance(value, Mapping):
        return _from_mapping(value, role, where)
    if not isinstance(value, str):
        raise InputError(where, "a SPEC (text, or a mapping with a name)", value)
    text = value.strip()
    kind = _kind(text, role, where)
    body, query = _parts(kind, text)
    return _build(kind, body, _options(query, where), where, role)


def _parts(kind: Kind, text: str) -> tuple[str, str]:
    """Return what stands before the options, and the options.

    Those of a URL, whose ``?`` is its own, stand behind ``#``. Those of a command are what stands behind the last ``?``, if that
    looks like options and is not part of an address; a ``?`` alone, behind a space, says that there are none.
    """
    if kind == "url":
        body, _, query = text.partition("#")
        return body, query
    if kind != "command":
        body, _, query = text.partition("?")
        return body, query
    body, mark, query = text.rpartition("?")
    if mark and (_OPTIONS.fullmatch(query) or (not query and body.endswith(" "))) and "://" not in body.split(" ")[-1]:
        return body.rstrip(), query
    return text, ""


def _from_mapping(value: Mapping[object, object], role: Role, where: str) -> Spec:
    name = value.get("name")
    if not isinstance(name, str):
        raise InputError(where, "a mapping with a text under the key name", dict(value))
    base = parse_spec(name, role, where)
    options = dict(base.options)
    for key, option in value.items():
        if not isinstance(key, str):
            raise InputError(where, "option names that are text", key)
        if key != "name":
            options[key] = _plain(option, f"{where}.{key}")
    return _build(base.kind, _parts(base.kind, name.strip())[0], options, where, role)


def _plain(value: object, where: str) -> object:
    """Return an option's value if JSON can hold it."""
    try:
        return cast(object, json.loads(json.dumps(value, allow_nan=False)))
    except (TypeError, ValueError):
        raise InputError(where, "text, a number, true, false, null or a list of these", value) from None


def _kind(text: str, role: Role, where: str) -> Kind:
    if not text:
        raise InputError(where, f"a SPEC ({_USABLE[role]})", text)
    prefix = text.partition(":")[0]
    if prefix in ("python", "chat", "openai", "command") and ":" in text:
        return cast(Kind, prefix)
    if text.startswith(("http://", "https://")):
        return "url"
    if text.partition("?")[0].endswith(".py"):
        if role == "generator":
            return "program"
        path = text.partition("?")[0]
        raise InputError(where, _USABLE[role], text, f"For an object in that file write python:{path}:attribute.")
    if _FILE_AND_ATTRIBUTE.fullmatch(text):
        raise InputError(where, _USABLE[role], text, f"For that object write python:{text}.")
    return "name"


def split_endpoint(name: str) -> tuple[str, str] | None:
    """Return model and base URL of ``MODEL@BASE_URL``; None if it has not that form. A model's name may hold an ``@`` itself."""
    found = _ENDPOINT.fullmatch(name)
    return (found[1], found[2]) if found else None


def _build(kind: Kind, body: str, options: Mapping[str, object], where: str, role: Role) -> Spec:
    name = body if kind in ("name", "url", "program") else body.partition(":")[2].strip()
    provider, _, model = name.partition(":")
    wrong = not name or (kind == "chat" and not (provider and model)) or (kind == "openai" and split_endpoint(name) is None)
    if wrong:
        raise InputError(where, _FORMS[kind], body)
    ordered = dict(sorted(options.items()))
    text = name if kind in ("name", "url", "program") else f"{kind}:{name}"
    if kind == "command" and _parts(kind, f"{text}?a=" if ordered else text)[0] != text:
        text += " " if ordered else " ?"
    if ordered:
        text += ("#" if kind == "url" else "?") + "&".join(f"{quote(k, safe=_SAFE)}={_shown(v)}" for k, v in ordered.items())
    return Spec(kind, name, ordered, text)


def _options(query: str, where: str) -> dict[str, object]:
    options: dict[str, object] = {}
    for part in query.split("&") if query else ():
        key, equals, raw = part.partition("=")
        key = unquote(key).strip()
        if not key or not equals:
            raise InputError(where, "options written key=value and joined by &", query)
        if key in options:
            raise InputError(where, f"the option {key} once", query)
        options[key] = _read(unquote(raw))
    return options


def _read(text: str) -> object:
    """Return the JSON value that ``text`` is, or the text itself."""

    def refuse(constant: str) -> object:
        raise ValueError(constant)

    try:
        return cast(object, json.loads(text, parse_constant=refuse))
    except ValueError:
        return text


def _shown(value: object) -> str:
    """Return the text that :func:`_read` reads as ``value``."""
    bare = isinstance(value, str) and _read(value) == value
    text = str(value) if bare else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    shown = quote(text, safe=_SAFE)
    return shown if shown == shown.strip() else quote(text, safe=_SAFE.replace(" ", ""))  # ends of a SPEC are trimmed


def require_kind(spec: Spec, role: Role, kinds: Iterable[Kind] | None = None, field: str = "") -> None:
    """Refuse a spec of a form that this version does not run.

    Args:
        spec: What was named.
        role: What for.
        kinds: The forms that are run; if None, those of the role.
        field: Name for error messages; the role if empty.

    Raises:
        InputError: Saying which form it is and what works for this role.
    """
    if spec.kind not in (_KINDS.get(role, ("name", "python")) if kinds is None else kinds):
        raise InputError(
            field or role,
            _USABLE[role],
            public(spec.text),
            f"This version does not run {_FORMS[spec.kind]} as a {role}.",
        )


def check_options(spec: Spec, allowed: Iterable[str], field: str) -> None:
    """Refuse options that nothing would read.

    Raises:
        InputError: Naming the option, the nearest one and all that exist.
    """
    known = sorted(allowed)
    for key in spec.options:
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1, cutoff=0.5)
            hint = f"Did you mean {close[0]!r}?" if close else ""
            what = "one of the options " + ", ".join(known) if known else "no options"
            raise InputError(f"{field} {spec.name}", what, key, hint)

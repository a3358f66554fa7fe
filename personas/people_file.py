"""Files of people: JSON Lines, one person a line, each line with its fingerprint."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from ..sim.errors import InputError
from ..sim.files import atomic, in_plain_words, write_atomic
from .persona import Persona, canonical, canonical_object

SCHEMA = 1
"""Version of the line format."""

_LINE_KEYS = ("schema", "fingerprint", "checksum")
_written = json.JSONEncoder(ensure_ascii=False, allow_nan=False, check_circular=False).encode
_BREAKS = {"\u2028": "\\u2028", "\u2029": "\\u2029", "\x85": "\\u0085"}


class Problem(NamedTuple):
    """Why one line could not be used."""

    line: int  # from 1
    expected: str
    got: str

    def __str__(self) -> str:
        return f"line {self.line}: expected {self.expected}, got {self.got}"


class _BadLine(Exception):
    """Raised for a line that is no person."""

    def __init__(self, expected: str, got: object) -> None:
        self.expected = expected
        self.got = got if isinstance(got, str) else repr(got)
        super().__init__(expected)


def write_people(path: str | os.PathLike[str], people: Iterable[Persona], card: Callable[[], Mapping[str, Any]] | None = None) -> None:
    """Write people, whole or not at all.

    Args:
        path: The file; one that exists is replaced, missing folders are made.
        people: Whom to write, in this order.
        card: Says what the population is and how it came to be; asked once everybody is written, as fingerprints are known then,
            and written beside it as ``<stem>.card.json``.

    Raises:
        InputError: If two people have the same id.
        StoreError: If the file cannot be written.
    """
    target = Path(path)
    seen: set[str] = set()
    with in_plain_words(target):
        target.parent.mkdir(parents=True, exist_ok=True)
    with atomic(target) as file:
        for person in people:
            if person.id in seen:
                raise InputError(str(target), "people with different ids", person.id)
            seen.add(person.id)
            file.write(_line(person).encode())
        said = None if card is None else card()  # while the file has no name yet, so that a card that fails leaves none
    if said is not None:
        write_atomic(card_path(target), json.dumps(said, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def card_path(path: str | os.PathLike[str]) -> Path:
    """Return where the card of a file of people stands."""
    return Path(path).with_suffix(".card.json")


def read_people(path: str | os.PathLike[str], *, skip_bad: bool = False) -> tuple[tuple[Persona, ...], tuple[Problem, ...]]:
    """Read people and check every line: format, range, fingerprint, ids, axes.

    Args:
        path: A file that :func:`write_people` wrote.
        skip_bad: Leave out bad lines and list them, rather than refuse the file.

    Returns:
        The people, in order, and what was wrong with lines left out (empty unless ``skip_bad``).

    Raises:
        InputError: If the file cannot be read, a line is bad (names file and line), or nobody usable is in it.
    """
    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise InputError(str(source), "a readable file of people", error.strerror or str(error)) from error
    people: dict[str, Persona] = {}
    axes: set[str] | None = None
    problems: list[Problem] = []
    for number, raw in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            person = _person(raw)
            _check_fits(person, people, axes)
        except _BadLine as error:
            if not skip_bad:
                raise InputError(f"{source}, line {number}", error.expected, error.got) from error
            problems.append(Problem(number, error.expected, error.got))
            continue
        people[person.id] = person
        axes = set(person.position)
    if not people:
        got = f"{len(problems)} bad lines, first {problems[0]}" if problems else "an empty file"
        raise InputError(str(source), "at least one person", got)
    return tuple(people.values()), tuple(problems)


def _line(person: Persona) -> str:
    """Return the line of a person, line break included."""
    body, parts = person.as_json()
    about = {"schema": SCHEMA, "fingerprint": person.fingerprint}
    checksum = _checksum({**parts, **{key: canonical(value) for key, value in about.items()}})
    line = _written({"schema": SCHEMA, **body, "fingerprint": person.fingerprint, "checksum": checksum})
    for mark, escaped in _BREAKS.items():
        line = line.replace(mark, escaped)
    return line + "\n"


def _checksum(parts: Mapping[str, str]) -> str:
    """Hash a line's content, values as canonical JSON; it covers what the fingerprint does not (id, weight)."""
    return hashlib.sha256(canonical_object(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _person(raw: bytes) -> Persona:
    """Return the person of one line."""
    record = _parsed(raw)
    if record.get("schema") != SCHEMA:
        raise _BadLine(f"schema {SCHEMA}", record.get("schema", "no schema"))
    body = {key: value for key, value in record.items() if key not in _LINE_KEYS}
    try:
        person = Persona.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or "the person"
        raise _BadLine(f"{where} to be right ({first['msg']})", "nothing" if first["type"] == "missing" else first["input"]) from error
    if not math.isfinite(person.weight) or person.weight < 0:
        raise _BadLine("a weight of 0 or more", person.weight)
    if record.get("fingerprint") != person.fingerprint:
        raise _BadLine(
            f"the fingerprint {person.fingerprint} of what the line says (was it changed?)", record.get("fingerprint", "no fingerprint")
        )
    if "checksum" in record:
        found = _checksum({key: canonical(value) for key, value in record.items() if key != "checksum"})
        if record["checksum"] != found:
            raise _BadLine(f"the checksum {found} of what the line says (was it changed?)", record["checksum"])
    return person


def _parsed(raw: bytes) -> dict[str, Any]:
    """Return a line as a JSON object."""
    try:
        record = json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        shown = raw[:60].decode("utf-8", "replace").strip()
        raise _BadLine(f"a JSON object in UTF-8 ({error})", shown) from error
    if not isinstance(record, dict):
        raise _BadLine("a JSON object", record)
    return record


def _check_fits(person: Persona, people: Mapping[str, Persona], axes: set[str] | None) -> None:
    """Refuse an id that is taken and axes that differ from those before."""
    if person.id in people:
        raise _BadLine("an id that no line before has", person.id)
    if axes is not None and set(person.position) != axes:
        raise _BadLine("the same axes as in the lines before: " + ", ".join(sorted(axes)), ", ".join(sorted(person.position)))

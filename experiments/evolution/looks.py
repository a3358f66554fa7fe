"""How often the held-out contexts have been looked at. A second look is no look at something held out any more."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

from ...sim.types import Frozen

FILE = "held-out-looks.jsonl"
_DIRECTORY = "OUTSKIRTS_STATE"


class Look(Frozen):
    """One look: what was scored on which contexts."""

    suite_hash: str  # of the split
    search: str  # hash of the search's settings
    programs: tuple[str, ...]  # names of the rows that were scored
    when: str  # ISO 8601, UTC


def state_directory() -> Path:
    """Return where looks are remembered for this user: ``OUTSKIRTS_STATE``, else below the XDG state directory."""
    told = os.environ.get(_DIRECTORY)
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local/state")
    return Path(told) if told else Path(base) / "outskirts"


def looks_at(suite_hash: str, directory: Path | None = None) -> tuple[Look, ...]:
    """Return the looks at a split that are remembered, oldest first; lines that cannot be read are passed over."""
    path = (directory or state_directory()) / FILE
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return ()
    return tuple(look for line in lines if (look := _read(line)) is not None and look.suite_hash == suite_hash)


def remember(suite_hash: str, search: str, programs: tuple[str, ...], directory: Path | None = None) -> bool:
    """Take note of a look before it happens; false where nothing can be written, so that the count is a lower bound."""
    folder = directory or state_directory()
    look = Look(suite_hash=suite_hash, search=search, programs=programs, when=datetime.now(UTC).isoformat(timespec="seconds"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / FILE).open("a", encoding="utf-8") as file:
            file.write(look.model_dump_json() + "\n")
    except OSError:
        return False
    return True


def in_words(before: tuple[Look, ...], remembered: bool, search: str) -> str:
    """Return what a reader of the held-out table must know."""
    others = [look for look in before if look.search != search]
    unknown = "" if remembered else " This look could not be remembered."
    if not before:
        return "First look at the held-out contexts that this user's state knows of." + unknown
    last = before[-1].when
    again = f"{len(before)} earlier looks" if len(before) > 1 else "1 earlier look"
    own = "" if others else ", all of this very search"
    return f"Looked at before: {again} (last {last}){own}. Whatever was chosen after a look has seen these contexts.{unknown}"


def _read(line: str) -> Look | None:
    try:
        return Look.model_validate(json.loads(line))
    except ValueError:
        return None

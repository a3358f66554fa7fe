"""YAML that remembers on which line each value stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...sim.errors import InputError

Place = tuple[str | int, ...]
MOST_DEPTH = 20


class YamlTree:
    """Values and their lines. Aliases are refused: nothing here needs them, and a few lines of them can grow without bound.

    Args:
        text: The YAML.
        source: What errors call it.

    Raises:
        InputError: If it is no YAML, goes too deep, uses aliases, or has a key twice; names source and line.
    """

    def __init__(self, text: str, source: str) -> None:
        import yaml

        self._source = source
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._refuse_growth(yaml.parse(text, Loader=loader))
            self._root = yaml.compose(text, Loader=loader)
            self.value: Any = yaml.load(text, Loader=loader)  # noqa: S506  a safe loader, with or without C
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = f", line {mark.line + 1}" if mark else ""
            raise InputError(f"{source}{at}", "YAML", error.problem or error.context) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise InputError(source, "YAML", " ".join(str(error).split())) from None
        self._refuse_repeated_keys(self._root)

    def at(self, path: Place) -> str:
        """Return file, line and dotted name of a place, or of the innermost part of it that there is."""
        node, line = self._root, 1
        for part in path:
            entry = _entry(node, part)
            if entry is None:
                break
            node, line = entry
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        return f"{self._source}, line {line}" + (f": {name}" if name else "")

    def _refuse_growth(self, events: Iterable[Any]) -> None:
        """Refuse aliases and deep nesting."""
        depth = 0
        for event in events:
            kind = type(event).__name__
            depth += kind.endswith("StartEvent") - kind.endswith("EndEvent")
            if kind == "AliasEvent" or depth > MOST_DEPTH:
                expected = "YAML without aliases" if kind == "AliasEvent" else f"YAML of at most {MOST_DEPTH} levels"
                raise InputError(f"{self._source}, line {event.start_mark.line + 1}", expected, getattr(event, "anchor", None) or depth)

    def _refuse_repeated_keys(self, node: Any) -> None:
        """Refuse a key that stands twice: YAML would keep the last one without a word."""
        if node is None or isinstance(node.value, str):
            return
        keys: set[str] = set()
        for entry in node.value:
            if not isinstance(entry, tuple):
                self._refuse_repeated_keys(entry)
                continue
            key, value = entry
            if str(key.value) in keys:
                raise InputError(f"{self._source}, line {key.start_mark.line + 1}", "each key once", str(key.value))
            keys.add(str(key.value))
            self._refuse_repeated_keys(value)


def _entry(node: Any, part: str | int) -> tuple[Any, int] | None:
    """Return the node of one step of a path, with the line on which it begins (from 1)."""
    entries = getattr(node, "value", None)
    if not isinstance(entries, list):
        return None
    if isinstance(part, int):
        found = entries[part] if part < len(entries) and not isinstance(entries[part], tuple) else None
        return None if found is None else (found, found.start_mark.line + 1)
    for entry in entries:
        if isinstance(entry, tuple) and entry[0].value == part:
            return entry[1], entry[0].start_mark.line + 1
    return None

"""Questionnaire files: YAML in which every axis stands with its statements, items, cues and probable people."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from ...sim.errors import InputError
from ...sim.validation import complaint
from ..density import ReferenceDensity
from ..questionnaire import LEAST_AXES, LEAST_ITEMS, LEAST_POINTS, MOST_AXES, MOST_POINTS, Axis, Cue, CueLexicon, Item, Questionnaire
from .context import Context

MOST_BYTES = 1_000_000
NAME = r"^[a-z][a-z0-9_]{0,63}$"

_Place = tuple[str | int, ...]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class _ItemBlock(_Block):
    """One item: its text alone, or with what is special about it."""

    text: str = Field(min_length=1)
    reverse: bool = False
    points: int | None = Field(default=None, ge=LEAST_POINTS, le=MOST_POINTS)
    id: str | None = None


class _CuesBlock(_Block):
    agreeable: float = Field(default=0.5, ge=0, le=1)
    low: Mapping[str, float] = Field(min_length=1)
    high: Mapping[str, float] = Field(min_length=1)


class _ReferenceBlock(_Block):
    a: float = Field(gt=0)
    b: float = Field(gt=0)


class _AxisBlock(_Block):
    name: str = Field(pattern=NAME)
    low: str = Field(min_length=1)
    high: str = Field(min_length=1)
    items: tuple[_ItemBlock, ...] = Field(min_length=LEAST_ITEMS)
    cues: _CuesBlock | None = None
    reference: _ReferenceBlock = _ReferenceBlock(a=1.0, b=1.0)

    @field_validator("items", mode="before")
    @classmethod
    def _texts_are_items(cls, value: object) -> object:
        if isinstance(value, list):
            return [{"text": item} if isinstance(item, str) else item for item in value]
        return value


class _File(_Block):
    name: str = Field(pattern=NAME)
    context: str = Field(min_length=1)
    axes: tuple[_AxisBlock, ...] = Field(min_length=LEAST_AXES, max_length=MOST_AXES)
    points: int = Field(default=5, ge=LEAST_POINTS, le=MOST_POINTS)
    domain: str = ""
    source: str = ""
    correlation: Mapping[str, float] = Field(default_factory=dict)


def load_file(path: str | os.PathLike[str]) -> Context:
    """Read a questionnaire file; ``docs/questionnaires.md`` shows one.

    Raises:
        InputError: If it cannot be read or a part of it is missing, unknown or wrong; names file, line and field.
    """
    source = Path(path)
    try:
        content = source.read_bytes()
    except OSError as error:
        raise InputError("questionnaire", "a file that can be read", str(source), f"{error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise InputError("questionnaire", f"a file of at most {MOST_BYTES:,} bytes", f"{source}: {len(content):,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("questionnaire", "a text file in UTF-8", str(source)) from None
    return load_text(text, str(source))


def load_text(text: str, source: str) -> Context:
    """Read a questionnaire from its text.

    Args:
        text: YAML.
        source: What errors call it.

    Raises:
        InputError: As :func:`load_file`.
    """
    tree = _Tree(text, source)
    try:
        file = _File.model_validate(tree.value)
    except ValidationError as error:
        found = complaint(error)
        raise InputError(tree.at(found.path), found.expected, found.got) from None
    for where, expected, got in _misfits(file):
        raise InputError(tree.at(where), expected, got)
    try:
        return _context(file)
    except ValidationError as error:
        raise InputError(
            tree.at(("correlation",)), "correlations that fit together", dict(file.correlation), complaint(error).expected
        ) from None


def _misfits(file: _File) -> Iterator[tuple[_Place, str, object]]:
    """Yield what fits no other part of the file: where, what was expected, what came."""
    names = [axis.name for axis in file.axes]
    yield from _repeated([("axes", i, "name") for i in range(len(names))], names, "an axis name that no axis before has")
    ids = [(("axes", a, "items", i), _item_id(axis, i)) for a, axis in enumerate(file.axes) for i in range(len(axis.items))]
    yield from _repeated([where for where, _ in ids], [name for _, name in ids], "an item id that no item before has")
    for pair, rho in file.correlation.items():
        both = pair.split(",")
        if len(both) != 2 or not set(both) <= set(names) or both[0] == both[1]:
            yield ("correlation", pair), "two axis names joined by a comma, of " + ", ".join(names), pair
        if not -1 < rho < 1:
            yield ("correlation", pair), "a number between -1 and 1", rho
    for a, axis in enumerate(file.axes):
        for pole in ("low", "high") if axis.cues else ():
            for text, weight in getattr(axis.cues, pole).items():
                if not text.strip() or not 0 < weight <= 1:
                    yield ("axes", a, "cues", pole, text), "a phrase with a weight above 0 and at most 1", weight


def _repeated(places: Sequence[_Place], values: Sequence[str], expected: str) -> Iterator[tuple[_Place, str, object]]:
    seen: Counter[str] = Counter()
    for where, value in zip(places, values, strict=True):
        if seen[value]:
            yield where, expected, value
        seen[value] += 1


def _context(file: _File) -> Context:
    items = [
        Item(id=_item_id(axis, i), text=item.text, axis=axis.name, reverse=item.reverse, points=item.points or file.points)
        for axis in file.axes
        for i, item in enumerate(axis.items)
    ]
    questionnaire = Questionnaire(
        name=file.name,
        context=" ".join(file.context.split()),
        axes=tuple(Axis(name=axis.name, low=axis.low, high=axis.high) for axis in file.axes),
        items=tuple(items),
        lexicon={axis.name: _lexicon(axis.cues) for axis in file.axes if axis.cues},
    )
    margins = {axis.name: (axis.reference.a, axis.reference.b) for axis in file.axes}
    density = ReferenceDensity(margins=margins, correlation=dict(file.correlation))
    return Context(questionnaire=questionnaire, density=density, domain=file.domain, source=file.source)


def _lexicon(cues: _CuesBlock) -> CueLexicon:
    low, high = (tuple(Cue(text=text.strip().lower(), weight=weight) for text, weight in pole.items()) for pole in (cues.low, cues.high))
    return CueLexicon(low=low, high=high, agreeable=cues.agreeable)


def _item_id(axis: _AxisBlock, number: int) -> str:
    return axis.items[number].id or f"{axis.name}_{number + 1}"


class _Tree:
    """The values of a YAML text, and the line on which each stands."""

    def __init__(self, text: str, source: str) -> None:
        import yaml

        self._source = source
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            self._root = yaml.compose(text, Loader=loader)
            self.value: Any = yaml.load(text, Loader=loader)  # noqa: S506  a safe loader, with or without C
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = f", line {mark.line + 1}" if mark else ""
            raise InputError(f"{source}{at}", "YAML", error.problem or error.context) from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            raise InputError(source, "YAML", " ".join(str(error).split())) from None
        self._refuse_repeated_keys(self._root)

    def at(self, path: _Place) -> str:
        """Return file, line and dotted name of a place, or of the innermost part of it that there is."""
        node, line = self._root, 1
        for part in path:
            entry = _entry(node, part)
            if entry is None:
                break
            node, line = entry
        name = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
        return f"{self._source}, line {line}" + (f": {name}" if name else "")

    def _refuse_repeated_keys(self, node: Any, seen: frozenset[int] = frozenset()) -> None:
        """Refuse a key that stands twice: YAML would keep the last one without a word."""
        if node is None or id(node) in seen or isinstance(node.value, str):
            return
        seen |= {id(node)}
        keys: set[str] = set()
        for entry in node.value:
            if not isinstance(entry, tuple):
                self._refuse_repeated_keys(entry, seen)
                continue
            key, value = entry
            if str(key.value) in keys:
                raise InputError(f"{self._source}, line {key.start_mark.line + 1}", "each key once", str(key.value))
            keys.add(str(key.value))
            self._refuse_repeated_keys(value, seen)


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

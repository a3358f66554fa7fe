"""Questionnaire files: YAML in which every axis stands with its statements, items, cues and probable people."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from ...sim.errors import InputError
from ...sim.validation import complaint
from ..density import ReferenceDensity
from ..questionnaire import LEAST_AXES, LEAST_ITEMS, LEAST_POINTS, MOST_AXES, MOST_POINTS, Axis, Cue, CueLexicon, Item, Questionnaire
from .context import Context
from .yaml_tree import Place, YamlTree

MOST_BYTES = 1_000_000
LEAST_SHAPE, MOST_SHAPE = 0.2, 50.0
"""Of the Beta density of probable people: beyond, nearly all of them would stand at one point or at the ends."""
NAME = r"^[a-z][a-z0-9_]{0,63}$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class _Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class _ItemBlock(_Block):
    """One item: its text alone, or with what is special about it."""

    text: Text
    reverse: bool = False
    points: int | None = Field(default=None, ge=LEAST_POINTS, le=MOST_POINTS)
    id: str | None = Field(default=None, pattern=NAME)


class _CuesBlock(_Block):
    agreeable: float = Field(default=0.5, ge=0, le=1)
    low: Mapping[str, float] = Field(min_length=1)
    high: Mapping[str, float] = Field(min_length=1)


class _ReferenceBlock(_Block):
    a: float = Field(ge=LEAST_SHAPE, le=MOST_SHAPE)
    b: float = Field(ge=LEAST_SHAPE, le=MOST_SHAPE)


class _AxisBlock(_Block):
    name: str = Field(pattern=NAME)
    low: Text
    high: Text
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
    context: Text
    axes: tuple[_AxisBlock, ...] = Field(min_length=LEAST_AXES, max_length=MOST_AXES)
    points: int = Field(default=5, ge=LEAST_POINTS, le=MOST_POINTS)
    scale: tuple[Label, ...] = ()
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
    _refuse_sealed(content, source)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("questionnaire", "a text file in UTF-8", str(source)) from None
    return load_text(text, str(source))


def _refuse_sealed(content: bytes, source: Path) -> None:
    """Refuse the file of a sealed context of the suite."""
    from .suite import file_hash, recorded_hashes

    if file_hash(content) in recorded_hashes()["sealed"].values():
        hint = "It comes with its split only: outskirts coverage --benchmark --split sealed."
        raise InputError("questionnaire", "a context that is not sealed", str(source), hint)


def load_text(text: str, source: str) -> Context:
    """Read a questionnaire from its text.

    Args:
        text: YAML.
        source: What errors call it.

    Raises:
        InputError: As :func:`load_file`.
    """
    tree = YamlTree(text, source)
    try:
        file = _File.model_validate(tree.value)
    except ValidationError as error:
        found = complaint(error)
        raise InputError(tree.at(found.path), found.expected, found.got, _hint(found.path, tree.value)) from None
    for where, expected, got in _misfits(file):
        raise InputError(tree.at(where), expected, got)
    try:
        return _context(file)
    except ValidationError as error:
        raise InputError(
            tree.at(("correlation",)), "correlations that fit together", dict(file.correlation), complaint(error).expected
        ) from None


def _hint(path: Place, file: object) -> str:
    """Return what helps somebody who names an item's axis: an item belongs to the axis that it stands under."""
    if len(path) != 5 or path[2] != "items" or path[-1] != "axis":
        return ""
    axes = file.get("axes") if isinstance(file, Mapping) else None
    names = [str(axis["name"]) for axis in axes if isinstance(axis, Mapping) and "name" in axis] if isinstance(axes, list) else []
    return f"An item belongs to the axis that it stands under; the axes are {', '.join(names)}."


def _misfits(file: _File) -> Iterator[tuple[Place, str, object]]:
    """Yield what fits no other part of the file: where, what was expected, what came."""
    names = [axis.name for axis in file.axes]
    yield from _repeated([("axes", i, "name") for i in range(len(names))], names, "an axis name that no axis before has")
    yield from _scale_misfits(file)
    ids = [(("axes", a, "items", i), _item_id(axis, i)) for a, axis in enumerate(file.axes) for i in range(len(axis.items))]
    yield from _repeated([where for where, _ in ids], [name for _, name in ids], "an item id that no item before has")
    yield from _repeated(
        [("correlation", pair) for pair in file.correlation],
        [",".join(sorted(pair.split(","))) for pair in file.correlation],
        "each pair of axes once, in one order",
    )
    for pair, rho in file.correlation.items():
        both = pair.split(",")
        if len(both) != 2 or not set(both) <= set(names) or both[0] == both[1]:
            yield ("correlation", pair), "two axis names joined by a comma, of " + ", ".join(names), pair
        if not -1 < rho < 1:
            yield ("correlation", pair), "a number between -1 and 1", rho
    for a, axis in enumerate(file.axes):
        yield from _axis_misfits(("axes", a), axis)


def _scale_misfits(file: _File) -> Iterator[tuple[Place, str, object]]:
    """Yield what does not fit the labels of the answer scale, where there are some."""
    if not file.scale:
        return
    if len(file.scale) != file.points:
        yield ("scale",), f"{file.points} labels, one for each of the points", f"{len(file.scale)} labels"
    words = [" ".join(sorted(_folded(label).split())) for label in file.scale]
    yield from _repeated([("scale", i) for i in range(len(words))], words, "a label that differs from those before")
    for a, axis in enumerate(file.axes):
        for i, item in enumerate(axis.items):
            if item.points not in (None, file.points):
                yield ("axes", a, "items", i, "points"), f"the {file.points} points that the scale has labels for", item.points


def _axis_misfits(here: Place, axis: _AxisBlock) -> Iterator[tuple[Place, str, object]]:
    """Yield what fits nothing else in one axis."""
    if _folded(axis.low) == _folded(axis.high):
        yield (*here, "high"), "a statement that differs from the low one", axis.high
    texts = [_folded(item.text) for item in axis.items]
    yield from _repeated([(*here, "items", i) for i in range(len(texts))], texts, "an item that differs from those before")
    if axis.cues is None:
        return
    places: list[Place] = []
    for pole in ("low", "high"):
        for text, weight in getattr(axis.cues, pole).items():
            places.append((*here, "cues", pole, text))
            if not text.strip() or not 0 < weight <= 1:
                yield places[-1], "a phrase with a weight above 0 and at most 1", weight
    yield from _repeated(places, [_folded(str(place[-1])) for place in places], "each cue once, at one pole")


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _repeated(places: Sequence[Place], values: Sequence[str], expected: str) -> Iterator[tuple[Place, str, object]]:
    seen: Counter[str] = Counter()
    for where, value in zip(places, values, strict=True):
        if seen[value]:
            yield where, expected, value
        seen[value] += 1


def _context(file: _File) -> Context:
    items = [
        Item(
            id=_item_id(axis, i), text=item.text, axis=axis.name, reverse=item.reverse, points=item.points or file.points, labels=file.scale
        )
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

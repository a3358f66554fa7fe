"""Answers of real people to compare with: a table with a segment and columns for items or axes."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError, UnknownNameError
from ..questionnaire import Questionnaire
from .keys import Keys

Array = NDArray[np.float64]

SEGMENT = "segment"
"""Name of the column that says to which segment a row belongs."""


@dataclass(frozen=True, eq=False)
class Reference:
    """Answers of real people.

    Args:
        segments: Of each row.
        columns: Names of items or axes.
        values: Shape (rows, columns): answers 1..points to items, positions in [0, 1] on axes; NaN where blank.
        source: Where they come from, in words.
    """

    segments: tuple[str, ...]
    columns: tuple[str, ...]
    values: Array = field(repr=False)
    source: str = "reference"

    def answers(self, items: Sequence[str]) -> NDArray[np.int16]:
        """Return answers to items, shape (rows, items); 0 where blank or no column."""
        where = {name: k for k, name in enumerate(self.columns)}
        out = np.zeros((len(self.segments), len(items)), np.int16)
        for i, item in enumerate(items):
            if item in where:
                out[:, i] = np.nan_to_num(self.values[:, where[item]], nan=0.0)
        return out

    def positions(self, keys: Keys, axes: Sequence[str]) -> Array:
        """Return every column as positions in [0, 1] on its axis (items turned by their key), shape (rows, columns)."""
        out = np.empty(self.values.shape)
        for k, name in enumerate(self.columns):
            if name in axes:
                out[:, k] = self.values[:, k]
                continue
            i = keys.ids.index(name)
            unit = (self.values[:, k] - 1) / (keys.points[i] - 1)
            out[:, k] = 1 - unit if keys.reverse[i] else unit
        return out


def read_reference(text: str, source: str, questionnaire: Questionnaire, segment: str | None = None) -> Reference:
    """Read a table of answers (CSV).

    Args:
        text: With a header: ``segment`` (or the name of the field that divides people), and one column or more named after an
            item (answers 1..points, as given, not turned) or after an axis (positions in [0, 1]). Blank cells are missing.
        source: Name of the file, for messages.
        questionnaire: Whose items and axes.
        segment: Field that divides people; may be the segment column's name.

    Raises:
        InputError: If a column is unknown, missing or there twice, or a cell is bad; names file, line and column.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    header = [name.strip() for name in next(reader, [])]
    at = _segment_column(header, source, segment, questionnaire)
    columns = [name for k, name in enumerate(header) if k != at]
    _check_columns(columns, source, questionnaire)
    scales = {item.id: item.points for item in questionnaire.items}
    segments, rows = [], []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        line = f"{source}, line {reader.line_num}"
        if len(row) != len(header):
            raise InputError(line, f"{len(header)} cells", len(row))
        label = row[at].strip()
        if not label:
            raise InputError(f"{line}, column {header[at]!r}", "the name of a segment", row[at])
        cells = [cell for k, cell in enumerate(row) if k != at]
        segments.append(label)
        rows.append([_cell(cell, scales.get(name), f"{line}, column {name!r}") for name, cell in zip(columns, cells, strict=True)])
    if not rows:
        raise InputError(source, "at least one row of answers", "a header only")
    return Reference(tuple(segments), tuple(columns), np.array(rows, float), source)


def _segment_column(header: list[str], source: str, segment: str | None, questionnaire: Questionnaire) -> int:
    """Return where the segment stands; a column named as an axis holds positions, never segments."""
    names = [SEGMENT] + ([segment] if segment is not None and segment not in questionnaire.names else [])
    found = [name for name in dict.fromkeys(names) if name in header]
    if len(found) != 1:
        expected = f"one column {' or '.join(map(repr, dict.fromkeys(names)))}"
        raise InputError(f"{source}, line 1", expected, ",".join(header) or "an empty file")
    return header.index(found[0])


def _check_columns(columns: list[str], source: str, questionnaire: Questionnaire) -> None:
    where = f"{source}, line 1"
    of = {item.id: item.axis for item in questionnaire.items}
    if not columns:
        raise InputError(where, "one column or more named after an item or an axis", "none")
    for name in columns:
        if columns.count(name) > 1:
            raise InputError(where, "each column once", name)
        if name not in of and name not in questionnaire.names:
            raise UnknownNameError(where, name, [*questionnaire.names, *of])


def _cell(cell: str, points: int | None, where: str) -> float:
    """Return a cell's number: an answer where ``points`` is given, else a position; NaN where blank."""
    if not cell.strip():
        return math.nan
    try:
        value = float(cell)
    except ValueError:
        value = math.nan
    if points is None:
        if not 0 <= value <= 1:
            raise InputError(where, "a position in [0, 1], or nothing", cell)
    elif not (1 <= value <= points and value == int(value)):
        raise InputError(where, f"a whole number from 1 to {points}, or nothing", cell)
    return value

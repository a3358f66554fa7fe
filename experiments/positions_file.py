"""Files of bare positions: CSV with the axis names as header, or NPY."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..sim.errors import InputError, UnknownNameError
from .settings_file import read_text


def read_positions(path: Path, axes: Sequence[str] | None, skip_bad: bool = False) -> tuple[tuple[str, ...], NDArray[np.float64], int]:
    """Read positions in [0, 1].

    Args:
        path: ``.csv`` or ``.npy``.
        axes: What the columns must be, in the order wanted; None takes the header's (or ``x1``, ``x2``, ... for NPY).
        skip_bad: Leave out rows that hold no position.

    Returns:
        Names of the columns, positions of shape (people, axes), and the number of rows left out.

    Raises:
        InputError: If the file cannot be read, a column is unknown, missing or there twice, or a row is bad (with its line).
    """
    names, rows = _from_npy(path, axes) if path.suffix.lower() == ".npy" else _from_csv(path, axes)
    good = []
    for line, row in rows:
        values = [_number(cell) for cell in row]
        if len(values) == len(names) and all(value is not None for value in values):
            good.append(values)
        elif not skip_bad:
            raise InputError(f"{path}, line {line}", f"{len(names)} numbers in [0, 1]", ",".join(map(str, row)))
    if not good:
        raise InputError(str(path), "at least one person", "no usable row" if rows else "an empty file")
    points = np.array(good, float)
    if axes is None:
        return tuple(names), points, len(rows) - len(good)
    return tuple(axes), points[:, [names.index(axis) for axis in axes]], len(rows) - len(good)


def _number(cell: object) -> float | None:
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) and 0.0 <= value <= 1.0 else None


def _from_csv(path: Path, axes: Sequence[str] | None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    reader = csv.reader(io.StringIO(read_text(path, "FILE").removeprefix("\ufeff")))
    header = [name.strip() for name in next(reader, [])]
    if not header or any(not name or _number(name) is not None for name in header):
        raise InputError(f"{path}, line 1", "the axis names as header", ",".join(header))
    for name in header:
        if header.count(name) > 1:
            raise InputError(f"{path}, line 1", "each axis once", name)
        if axes is not None and name not in axes:
            raise UnknownNameError(f"{path}, line 1", name, axes)
    missing = [axis for axis in axes or () if axis not in header]
    if missing:
        raise InputError(f"{path}, line 1", "a column for the axis " + missing[0], ",".join(header))
    return header, [(reader.line_num, row) for row in reader if row]


def _from_npy(path: Path, axes: Sequence[str] | None) -> tuple[list[str], list[tuple[int, list[object]]]]:
    try:
        array = np.load(path, allow_pickle=False)
    except OSError as error:
        raise InputError("FILE", "a file that can be read", str(path), f"{error.strerror or error}.") from None
    except (ValueError, EOFError):
        raise InputError("FILE", "an NPY file of numbers", str(path)) from None
    if (
        not isinstance(array, np.ndarray)
        or array.ndim != 2
        or array.dtype.kind not in "fiu"
        or (axes is not None and array.shape[1] != len(axes))
    ):
        expected = f"an array of numbers of shape (people, {'axes' if axes is None else len(axes)})"
        raise InputError(str(path), expected, f"{getattr(array, 'shape', '?')} {getattr(array, 'dtype', '')}".strip())
    names = list(axes) if axes is not None else [f"x{i + 1}" for i in range(array.shape[1])]
    return names, [(number, list(row)) for number, row in enumerate(array.tolist(), start=1)]

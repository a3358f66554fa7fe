"""Who belongs to which segment: by a profile field, by half of an axis, or as the user says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError, UnknownNameError
from ..measurement import assigned_positions
from ..persona import Persona

LOW, HIGH = "low", "high"
"""Segments of whatever is divided in halves."""

MOST_SEGMENTS = 12


@dataclass(frozen=True, eq=False)
class Segments:
    """A division of people.

    Args:
        by: What divides them, in words.
        names: Of the segments.
        of: Index of each person's segment, shape (people,); -1 for who belongs to none.
    """

    by: str
    names: tuple[str, ...]
    of: NDArray[np.intp] = field(repr=False)


def segments_of(people: Sequence[Persona], axes: Sequence[str], segment: str | Mapping[str, str] | None = None) -> Segments:
    """Divide people.

    Args:
        people: Whom.
        axes: Of the questionnaire.
        segment: An axis: its halves by assigned position, ``low`` below 0.5 and ``high`` from there. Else a field of the
            profile: its values; a field of numbers is cut at its median, whoever stands on it is ``high``. A mapping from
            persona id to segment: as it says. None: the first axis.

    Raises:
        InputError: If nobody has the field, somebody lacks the axis, or there are more than 12 segments.
    """
    if segment is None:
        segment = axes[0]
    if not isinstance(segment, str):
        return _labelled("given segments", [segment.get(p.id) for p in people])
    if segment in axes:
        return _labelled(f"halves of {segment}", [HIGH if x >= 0.5 else LOW for x in assigned_positions(people, (segment,))[:, 0]])
    values = [p.profile[segment].value if segment in p.profile else None for p in people]
    if all(value is None for value in values):
        raise UnknownNameError("segment", segment, {*axes, *(name for p in people for name in p.profile)})
    numbers = [float(v) for v in values if isinstance(v, int | float)]
    if len(numbers) == sum(value is not None for value in values):
        cut = float(np.median(numbers))
        halves = [None if v is None else HIGH if float(str(v)) >= cut else LOW for v in values]
        return _labelled(f"{segment}, cut at {cut:g}", halves)
    return _labelled(segment, [None if v is None else ", ".join(v) if isinstance(v, tuple) else str(v) for v in values])


def _labelled(by: str, labels: list[str | None]) -> Segments:
    names = tuple(sorted({label for label in labels if label is not None}))
    if set(names) <= {LOW, HIGH}:
        names = tuple(name for name in (LOW, HIGH) if name in names)
    if len(names) > MOST_SEGMENTS:
        raise InputError("segment", f"a field with at most {MOST_SEGMENTS} different values", f"{len(names)} of {by}")
    where = {name: k for k, name in enumerate(names)}
    return Segments(by, names, np.array([-1 if label is None else where[label] for label in labels], np.intp))

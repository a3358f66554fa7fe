"""Questionnaires: axes in which people differ, the items that measure them, and how language signals them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from ..sim.protocols import Question
from ..sim.types import Frozen

LEAST_AXES, MOST_AXES = 2, 8
LEAST_POINTS, MOST_POINTS = 3, 7
LEAST_ITEMS = 4
"""Items an axis needs at least."""


class Axis(Frozen):
    """One direction in which people differ, from 0 (the low statement holds) to 1 (the high one does)."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    low: str  # what somebody at 0 would say or do, in words
    high: str  # the same at 1


class Item(Question):
    """One Likert item; its answer counts for ``axis``, mirrored if ``reverse``."""

    axis: str
    reverse: bool = False
    points: int = Field(default=5, ge=LEAST_POINTS, le=MOST_POINTS)

    @model_validator(mode="after")
    def _one_label_a_point(self) -> Item:
        if self.labels and len(self.labels) != self.points:
            raise ValueError(f"item {self.id!r}: expected {self.points} labels, one a point, got {len(self.labels)}")
        return self


class Cue(Frozen):
    """A word or phrase that signals an axis, and how strongly."""

    text: str  # lower case; matched on word boundaries
    weight: float = Field(gt=0, le=1)


class CueLexicon(Frozen):
    """How language signals one axis: graded words and phrases for each pole. Never shown to generators."""

    low: tuple[Cue, ...]
    high: tuple[Cue, ...]
    agreeable: float = Field(ge=0, le=1)  # where a model that knows nothing would place a person


class Questionnaire(Frozen):
    """A context, the axes, the items that measure them and the lexicon that stands in for a reader's knowledge.

    Raises:
        ValueError: If an item names an unknown axis, an axis has too few items, or names repeat.
    """

    name: str
    context: str
    axes: tuple[Axis, ...] = Field(min_length=LEAST_AXES, max_length=MOST_AXES)
    items: tuple[Item, ...]
    lexicon: Mapping[str, CueLexicon] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Questionnaire:
        names = [axis.name for axis in self.axes]
        for what, values in (("axis name", names), ("item id", [item.id for item in self.items])):
            twice = sorted(v for v, n in Counter(values).items() if n > 1)
            if twice:
                raise ValueError(f"duplicate {what}: {', '.join(twice)}")
        for item in self.items:
            if item.axis not in names:
                raise ValueError(f"item {item.id!r}: unknown axis {item.axis!r}; the axes are {', '.join(names)}")
        counts = Counter(item.axis for item in self.items)
        for name in names:
            if counts[name] < LEAST_ITEMS:
                raise ValueError(f"axis {name!r}: expected at least {LEAST_ITEMS} items, got {counts[name]}")
        for name in self.lexicon:
            if name not in names:
                raise ValueError(f"lexicon: unknown axis {name!r}; the axes are {', '.join(names)}")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """Axis names, in order."""
        return tuple(axis.name for axis in self.axes)

    def score(self, answers: Sequence[int | None]) -> NDArray[np.float64]:
        """Score one run of answers.

        Args:
            answers: One per item, 1..points, or None where it could not be read.

        Returns:
            Position in [0, 1], shape (axes,); NaN on an axis with no readable answer.

        Raises:
            ValueError: If the number of answers or an answer is off.
        """
        if len(answers) != len(self.items):
            raise ValueError(f"answers: expected {len(self.items)}, got {len(answers)}")
        sums = dict.fromkeys(self.names, 0.0)
        counts = dict.fromkeys(self.names, 0)
        for item, answer in zip(self.items, answers, strict=True):
            if answer is None:
                continue
            if not 1 <= answer <= item.points:
                raise ValueError(f"item {item.id!r}: expected an answer from 1 to {item.points}, got {answer}")
            x = (answer - 1) / (item.points - 1)
            sums[item.axis] += 1 - x if item.reverse else x
            counts[item.axis] += 1
        return np.array([sums[n] / counts[n] if counts[n] else np.nan for n in self.names])

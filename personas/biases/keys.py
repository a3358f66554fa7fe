"""What a questionnaire's items measure, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..measurement import UNREADABLE
from ..questionnaire import Questionnaire

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Keys:
    """Axis, direction and scale of every item."""

    ids: tuple[str, ...]
    axis: NDArray[np.intp] = field(repr=False)  # (items,), index of the axis
    reverse: NDArray[np.bool_] = field(repr=False)  # (items,)
    points: NDArray[np.intp] = field(repr=False)  # (items,)

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> Keys:
        """Return the keys of a questionnaire's items, in their order."""
        order = {axis: i for i, axis in enumerate(questionnaire.names)}
        items = questionnaire.items
        return cls(
            ids=tuple(item.id for item in items),
            axis=np.array([order[item.axis] for item in items], np.intp),
            reverse=np.array([item.reverse for item in items], bool),
            points=np.array([item.points for item in items], np.intp),
        )

    def unit(self, answers: NDArray[np.int16]) -> Array:
        """Return raw answers as shares of the scale: 0 at 1, 1 at the highest point, NaN where unreadable (shape kept)."""
        return np.where(answers == UNREADABLE, np.nan, (answers - 1.0) / (self.points - 1.0))

    def turned(self, answers: NDArray[np.int16]) -> Array:
        """Return answers as positions on the item's axis, in [0, 1]: reversed items mirrored, NaN where unreadable."""
        unit = self.unit(answers)
        return np.where(self.reverse, 1 - unit, unit)

    def placed(self, positions: Array) -> Array:
        """Return each person's position on each item's axis, shape (people, items), of positions (people, axes)."""
        return np.asarray(positions[:, self.axis])

    def implied(self, positions: Array) -> NDArray[np.int16]:
        """Return the answers that positions imply: 1 + (points - 1) x, x mirrored for reversed items, rounded.

        Args:
            positions: Shape (people, axes), in [0, 1].

        Returns:
            Shape (people, 1, items): one run without noise.
        """
        x = self.placed(positions)
        answers = np.rint(1 + (self.points - 1) * np.where(self.reverse, 1 - x, x))
        return np.asarray(answers, np.int16)[:, None, :]


def counts(answers: NDArray[np.int16], points: int) -> Array:
    """Return how often each person gave each answer to one item, shape (people, points), of answers (people, runs)."""
    return np.stack([(answers == point).sum(axis=1) for point in range(1, points + 1)], axis=1).astype(float)

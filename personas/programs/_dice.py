"""Cheap random choices for one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ...sim.seeds import derive

T = TypeVar("T")
_BLOCK = 64


class Dice:
    """Cheap random choices for one text: one block of uniform numbers, used in order and then anew.

    Args:
        seed: The run's seed.
        path: What the text is for; the same path gives the same choices.
    """

    def __init__(self, seed: int, *path: str | int) -> None:
        self._values = derive(seed, *path).random(_BLOCK).tolist()
        self._next = 0

    def below(self, n: int) -> int:
        """Return a whole number from 0 to n - 1."""
        value = self._values[self._next % _BLOCK]
        self._next += 1
        return int(value * n)

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        value = self._values[self._next % _BLOCK]
        self._next += 1
        return options[int(value * len(options))]

    def some(self, values: Sequence[T], count: int) -> list[T]:
        """Return so many of the values, no place twice, in random order (Fisher and Yates)."""
        out, thrown, place = list(values), self._values, self._next
        left = len(out)
        for i in range(min(count, left - 1)):
            j = i + int(thrown[place % _BLOCK] * (left - i))
            place += 1
            out[i], out[j] = out[j], out[i]
        self._next = place
        return out[:count]

    def shuffled(self, values: Sequence[T]) -> list[T]:
        """Return all values in random order."""
        return self.some(values, len(values))

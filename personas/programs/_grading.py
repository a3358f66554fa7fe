"""Grades an axis: what a person says of the pole they lean to and of the other, by where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from ._dice import Dice
from ._statements import adverb_for, clause, graded_halves, halves
from ._wording import SAYINGS

EMPHASIS = 1.35
"""How much further from the middle a text speaks than the person stands, near the ends.

Readers draw a person toward the middle, so whoever stands at 0.9 is described by "always", not by "usually".
"""

EMPHASIS_MIDDLE = 1.05
"""The same near the middle: readers and answer scales flatten toward the ends, which stronger words there make up for."""

DECIDED = 0.7
"""Lean from which a text dwells on the nearer pole and leaves the other one out."""

LEVELS = (
    (0.1, "very low"),
    (0.3, "low"),
    (0.45, "rather low"),
    (0.55, "middling"),
    (0.7, "rather high"),
    (0.9, "high"),
    (1.01, "very high"),
)
"""Words for a place on an axis: each holds below its bound."""


_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|those|these|there|then|so)\b", re.IGNORECASE
)


@lru_cache(maxsize=512)
def _points_back(clause: str) -> bool:
    """Tell whether a clause refers to what stood before it."""
    return _POINTS_BACK.search(clause) is not None


class Stand(NamedTuple):
    """Where one person stands on one axis, ready to be put into words."""

    name: str  # the axis, in words
    score: float  # the position, [0, 1]
    aim: float  # the position corrected by feedback, [0, 1]
    near: str  # statement of the pole that the person leans to
    far: str  # statement of the other
    high: bool  # whether the nearer pole is the high one
    share: float  # share of occasions on which the nearer statement holds, [0.5, 1], emphasis included
    beyond: float  # how far past the end of the axis the text aims; 0 unless feedback asks for it

    @property
    def lean(self) -> float:
        """How decided the person is: 0 in the middle, 1 at a pole."""
        return 2 * self.share - 1

    @property
    def level(self) -> str:
        """The place on the axis in words."""
        return next(word for bound, word in LEVELS if self.aim < bound)


def stand(axis: Mapping[str, Any], score: float, aim: float, emphasis: float = EMPHASIS, middle: float = EMPHASIS_MIDDLE) -> Stand:
    """Return where a text puts a person on an axis.

    Args:
        axis: Axis dict.
        score: The position, [0, 1].
        aim: What the text aims at, [-0.5, 1.5].
        emphasis: Factor on the distance from the middle, near the ends.
        middle: The same near the middle.
    """
    high = aim >= 0.5
    low_text, high_text = str(axis["low"]), str(axis["high"])
    return Stand(
        name=str(axis["name"]).replace("_", " "),
        score=score,
        aim=min(1.0, max(0.0, aim)),
        near=high_text if high else low_text,
        far=low_text if high else high_text,
        high=high,
        share=0.5 + 0.5 * emphasised(2 * abs(aim - 0.5), emphasis, middle),
        beyond=max(0.0, abs(aim - 0.5) - 0.5),
    )


def emphasised(lean: float, emphasis: float = EMPHASIS, middle: float = EMPHASIS_MIDDLE) -> float:
    """Return the lean that a text speaks with, [0, 1], for the lean that a person has, 0 or more; 1 from ``1 / emphasis`` on."""
    middle = min(emphasis, middle)
    return min(1.0, lean * (middle + (emphasis - middle) * (lean * emphasis) ** 2))


class Gradings:
    """Graded clauses about one stand, whose adverbs balance: what one rounds off, the next makes up for.

    So a text tells more levels apart than there are adverbs.
    """

    def __init__(self, at: Stand, dice: Dice) -> None:
        self.at = at
        self._dice = dice
        self._error = 0.0
        self._times = 0

    def near(self) -> str:
        """Say of each half of the nearer statement how often it holds; every other time the second half first, where it stands alone."""
        parts = halves(self.at.near)
        words = self._adverbs(self.at.share, len(parts), 1)
        again = self._times % 2 == 1
        turned = again and not _points_back(parts[-1])
        if again and not turned:
            words.reverse()  # so that what rounds up in one half does not do so twice
        said = graded_halves(self.at.near, words, self._dice.pick(SAYINGS), turned=turned)
        self._times += 1
        return said or f"I {words[0]} say: {clause(self.at.near)}"

    def far(self) -> str | None:
        """Say the same of the other statement; None where no readable clause says so."""
        before = self._error
        words = self._adverbs(1 - self.at.share, len(halves(self.at.far)), -1)
        said = graded_halves(self.at.far, words, self._dice.pick(SAYINGS))
        if said is None:
            self._error = before
        return said

    def counter(self) -> str | None:
        """Say of the other statement how often it holds; None for somebody decided, and where it cannot be said."""
        return None if self.at.lean >= DECIDED else self.far()

    def other(self) -> str:
        """Say :meth:`counter`, or the nearer statement again."""
        return self.counter() or self.near()

    def _adverbs(self, share: float, count: int, sign: int) -> list[str]:
        """Return adverbs that make up for the error so far, counted toward the nearer pole."""
        words, error = [], self._error
        for _ in range(count):
            wanted = share + sign * error
            level, word = adverb_for(0.0 if wanted < 0.0 else 1.0 if wanted > 1.0 else wanted)
            error += sign * (share - level)
            words.append(word)
        self._error = error
        return words

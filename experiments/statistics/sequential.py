"""Anytime-valid comparison: people come one after the other, and one may stop as soon as it is decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ...sim.seeds import derive
from .estimates import LEVEL
from .outcomes import Ints

Status = Literal["worse", "not worse"]

CELLS = 1000
"""Steps of the grid between a change of 0 and one of 1; the ends of an interval are rounded outward to it."""

CAUTION = 0.75
"""Largest share of the capital that a bet may lose (c in the paper, which proposes 1/2 or 3/4)."""


@dataclass(frozen=True)
class Decision:
    """When a comparison was decided, and what was known then.

    Args:
        status: Worse or not worse by more than the margin; None: undecided after everybody.
        after: People who had been met when it was decided, or None.
        low: Lower end of the confidence sequence at that time, in [-1, 1].
        high: Upper end.
    """

    status: Status | None
    after: int | None
    low: float
    high: float


class SequentialComparison:
    """A confidence sequence for the mean paired change a person, which may be looked at after every person.

    With probability ``level`` or more the mean lies in the interval at *every* time, so stopping when it suits costs
    nothing. This is the hedged capital process of Waudby-Smith and Ramdas (2024, JRSS-B 86(1), section 4.4) with
    predictable plug-in bets: for each possible mean one gambler bets that it is too low and one that it is too high,
    no bet looks ahead, and a mean is excluded for good once a gambler has 2 / (1 - level) times the stake.

    People must be independent draws from whoever made them; a population that fills the space evenly varies less, and
    in random order keeps the level too. They must come in an order fixed beforehand (:func:`people_in_order`), never in
    that in which their episodes happen to end: long ones are often the bad ones.

    Lifecycle: :meth:`add` once a person; ``decided`` and ``interval`` may be read at any time. The first decision stands.

    Args:
        margin: Largest rise of the failure rate that is accepted, in (-1, 1).
        level: Time-uniform coverage in (0, 1).

    Raises:
        ValueError: If margin or level is out of range.

    Example:
        >>> watch = SequentialComparison(margin=0.05)
        >>> for _ in range(20):
        ...     watch.add(-0.5)
        >>> watch.decided
        'not worse'
    """

    def __init__(self, margin: float, level: float = LEVEL) -> None:
        if not -1 < margin < 1:
            raise ValueError(f"margin: expected a number between -1 and 1, got {margin}")
        if not 0 < level < 1:
            raise ValueError(f"level: expected a number between 0 and 1, got {level}")
        self.margin = margin
        self.people = 0
        self.decided: Status | None = None
        self._wealth = float(np.log(2 / (1 - level)))  # log of the capital that excludes a mean
        self._changes = np.union1d(np.arange(-CELLS, CELLS + 1) / CELLS, [margin])
        self._at = int(np.searchsorted(self._changes, margin))
        self._means = means = (1 + self._changes) / 2
        with np.errstate(divide="ignore"):
            self._most_up, self._most_down = CAUTION / means, CAUTION / (1 - means)
        self._up, self._down = np.zeros(len(means)), np.zeros(len(means))  # log capital: the mean is higher, lower
        self._sum, self._squares = 0.0, 0.0
        self._low, self._high = 0, len(means) - 1

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper end for the mean change, in [-1, 1]; they only ever move inward."""
        return float(self._changes[self._low]), float(self._changes[self._high])

    def add(self, person_difference: float) -> None:
        """Take in the next person.

        Args:
            person_difference: The person's own failure rate with B minus that with A, in [-1, 1].

        Raises:
            ValueError: If it is out of range.
        """
        if not -1 <= person_difference <= 1:
            raise ValueError(f"person_difference: expected a number from -1 to 1, got {person_difference}")
        x = (1 + person_difference) / 2
        self.people += 1
        bet = self._bet()
        gain = x - self._means
        self._up += np.log1p(np.minimum(bet, self._most_up) * gain)
        self._down += np.log1p(-np.minimum(bet, self._most_down) * gain)
        self._sum += x
        self._squares += (x - (0.5 + self._sum) / (self.people + 1)) ** 2
        self._exclude()

    def _bet(self) -> float:
        """Return the plug-in bet, from the variance of those who came before."""
        variance = (0.25 + self._squares) / self.people
        return float(np.sqrt(2 * self._wealth / (variance * self.people * np.log1p(self.people))))

    def _exclude(self) -> None:
        """Move the ends inward; an interval that would be empty (in less than 1 - level of all studies) stays as it was."""
        higher, lower = np.flatnonzero(self._up >= self._wealth), np.flatnonzero(self._down >= self._wealth)
        low = max(self._low, int(higher[-1]) if higher.size else 0)
        high = min(self._high, int(lower[0]) if lower.size else len(self._means) - 1)
        if low >= high:
            return
        self._low, self._high = low, high
        if self.decided is None:
            self.decided = "worse" if low >= self._at else "not worse" if high <= self._at else None


def decided(differences: Iterable[float], margin: float, level: float = LEVEL) -> Decision:
    """Add people until it is decided whether B is worse by more than ``margin``.

    Args:
        differences: Change of each person's own failure rate, in [-1, 1], in an order fixed beforehand.
        margin: Largest rise that is accepted, in (-1, 1).
        level: Time-uniform coverage in (0, 1).
    """
    watch = SequentialComparison(margin, level)
    for difference in differences:
        watch.add(difference)
        if watch.decided is not None:
            break
    return Decision(watch.decided, watch.people if watch.decided else None, *watch.interval)


def people_in_order(people: int, seed: int) -> Ints:
    """Return the order in which people are to be met and added: a permutation that depends on the run's seed alone, shape (people,)."""
    return derive(seed, "sequential").permutation(people)

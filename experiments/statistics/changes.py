"""Changes between two arms, person by person: what tests and intervals over whole people are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from .estimates import Bounds
from .outcomes import INVALID, Bools, Floats, Ints, Outcomes
from .paired import align
from .rates import rate_bounds
from .rooms import Rooms
from .tails import MOST_INVALID

FEWEST = 6
"""Units below which no sign-flip test can reach a p-value of 0.05."""


@dataclass(frozen=True)
class Changes:
    """Pairs of two arms, resolved on both sides, and the units that stay together when signs are flipped or people drawn.

    Each person counts once: a pair's weight is one over the person's number of pairs. Where people are alone with the
    target the unit is the person. In groups it is everybody whom shared episodes link. Where those are fewer than
    :data:`FEWEST` it is the episode, and a test then speaks of the stronger hypothesis that no episode would have gone
    otherwise.

    Args:
        n: People in the population.
        x: Rows of the first arm, shape (pairs,).
        y: Rows of the second arm that they pair with, shape (pairs,).
        person: Person of each pair, shape (pairs,), in [0, n).
        unit: Unit of each pair, shape (pairs,), in [0, units).
        what: What a unit is, in the plural.
    """

    n: int
    x: Ints
    y: Ints
    person: Ints
    unit: Ints
    what: str

    @classmethod
    def of(cls, a: Outcomes, b: Outcomes) -> Changes:
        """Pair two arms over the same population.

        Raises:
            ValueError: If the populations differ in size.
        """
        x, y = align(a, b)
        person = a.persona[x]
        unit, what = person, "people"
        if np.any(a.company[x]):
            unit, what = Rooms(a.persona[a.resolved], a.episode[a.resolved]).pools(a.episode[x]), "groups"
            if np.unique(unit).size < FEWEST:
                unit, what = a.episode[x], "episodes"
        return cls(a.n, x, y, person, np.unique(unit, return_inverse=True)[1], what)

    @property
    def pairs(self) -> Ints:
        """Pairs of each person, shape (n,)."""
        return np.bincount(self.person, minlength=self.n)

    @property
    def weight(self) -> Floats:
        """Weight of each pair, shape (pairs,); a person's weights sum to 1."""
        return np.asarray(1 / self.pairs[self.person], float)

    def by_person(self, a: Bools, b: Bools) -> Floats:
        """Return the mean of a - b over each person's pairs, shape (n,); NaN without a pair.

        Args:
            a: Outcome of every row of the first arm, shape (rows,).
            b: Outcome of every row of the second arm, shape (rows,).
        """
        pairs = self.pairs
        total = np.bincount(self.person, a[self.x].astype(float) - b[self.y], minlength=self.n)
        return np.asarray(np.divide(total, pairs, out=np.full(self.n, np.nan), where=pairs > 0))

    def by_unit(self, a: Bools, b: Bools, among: Bools | None = None) -> Floats:
        """Return the sum of the people's changes in each unit, shape (units,); only of ``among``, shape (n,), if given."""
        change = self.weight * (a[self.x].astype(float) - b[self.y])
        if among is not None:
            change *= among[self.person]
        return np.bincount(self.unit, change).astype(float)

    @property
    def sizes(self) -> Floats:
        """People in each unit, shape (units,); shares of people where a unit holds some of a person's episodes."""
        return np.bincount(self.unit, self.weight).astype(float)


def difference_bounds(x: Outcomes, y: Outcomes, among: Bools | None = None) -> Bounds:
    """Return where the difference x - y of planned episodes lies, whichever way each unresolved one would have gone.

    Every unresolved episode of either arm may have passed or failed; sampling error is not included.

    Args:
        x: First arm.
        y: Second arm.
        among: People that count, shape (n,); all if left out.
    """
    right, left = (rate_bounds(arm if among is None else _within(arm, among)) for arm in (x, y))
    if right.low is None or right.high is None or left.low is None or left.high is None:
        return Bounds()
    return Bounds(low=right.low - left.high, high=right.high - left.low)


def unmeasured(arms: Mapping[str, Outcomes], among: Bools | None = None) -> str | None:
    """Return why nothing is said of a region: too many episodes with an invalid simulator in one arm; None if there are not.

    Args:
        arms: Outcomes by the name of their target.
        among: People of the region, shape (n,); all if left out.
    """
    for name, arm in arms.items():
        there = np.ones(len(arm.persona), bool) if among is None else among[arm.persona]
        played, invalid = (int(np.sum(there & kind)) for kind in (arm.verdict <= INVALID, arm.verdict == INVALID))
        if invalid > MOST_INVALID * played:
            return f"not measured: {invalid} of {played} episodes with {name} have an invalid simulator"
    return None


def harm_done(arm: Outcomes, harm: str) -> Bools:
    """Return the rows in which a harm was done, shape (rows,); none where the arm does not know the harm."""
    if harm not in arm.harms:
        return np.zeros(len(arm.persona), bool)
    return arm.harm_failed[:, arm.harms.index(harm)] & arm.resolved


def _within(arm: Outcomes, people: Bools) -> Outcomes:
    """Return the rows of chosen people."""
    rows = people[arm.persona]
    named = ("persona", "replicate", "episode", "company", "verdict", "failed", "harm_failed", "harm_exposed", "harm_severity")
    return replace(arm, **{name: getattr(arm, name)[rows] for name in named})

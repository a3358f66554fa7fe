"""Which mutator is asked next: a bandit that learns from what each yielded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...sim.errors import InputError
from ...sim.types import Frozen

WINDOW = 50
"""A gain is compared with so many of the last ones in its place."""


class Attempt(Frozen):
    """One call of a mutator and what became of it."""

    generation: int
    slot: int  # of the generation's children, from 0
    number: int  # of the slot's attempts, from 0
    mutator: str
    parent: str  # candidate id
    other: str | None  # whom it could cross with
    candidate: str | None  # id of the child; None for a miss
    reason: str = ""  # of a miss, in a line
    calls: int = 0  # of a language model, made by the mutator
    tokens: int = 0
    money: float | None = 0.0  # None: a price is not known


class Yield(Frozen):
    """What a mutator yielded since the search began."""

    mutator: str
    asked: int = 0  # times it was called
    misses: int = 0  # of these, that gave no new program that parses
    valid: int = 0  # of these, whose program was measured on all contexts and passed the gates
    improved: int = 0  # of these, whose program beat an elite of its island
    calls: int = 0
    tokens: int = 0


class Arm(Frozen):
    """A mutator as the bandit sees it."""

    total: Yield
    wins: float = 0.0  # discounted sum of credits
    losses: float = 0.0  # discounted sum of what was lacking to a credit of 1


class Learnt(Frozen):
    """Everything a chooser remembers."""

    arms: tuple[Arm, ...]  # in order of registration
    recent: Mapping[str, tuple[float, ...]]  # by place: the last gains, at most :data:`WINDOW`


class Chooser:
    """Chooses mutators by Thompson sampling with a Beta posterior on the credit of a call.

    Credit: a call whose child beat no elite of its island gets 0, a miss included. Otherwise the gain over the elite is
    ranked among the last gains in the same place, and the best of these ranks, as a share in (0, 1], is the credit. Ranks
    keep objectives apart, whatever their units; counting every improvement alike would favour the smallest steps.

    Order: :meth:`choose` as often as wanted within a generation, then :meth:`learn` once with all of it. Every mutator
    gets its turn before any is chosen by its yield. What was seen counts ``discount`` times as much each generation
    later, because a mutator's yield falls as the archive fills.

    Args:
        names: Mutators, in order of registration.
        discount: In (0, 1].
        adaptive: Whether yields count; if not, each draw is uniform.

    Raises:
        InputError: If there is no name, or one twice.

    Source: Thompson 1933, Biometrika 25; discounting as in Raj & Kalyani 2017 (arXiv 1707.09727); credit by ranks of
    gains after Fialho, Schoenauer & Sebag 2010, GECCO.
    """

    def __init__(self, names: Sequence[str], discount: float = 0.95, *, adaptive: bool = True) -> None:
        if not names or len(set(names)) != len(names):
            raise InputError("mutators", "one or more with different names", list(names))
        self._discount = discount
        self._adaptive = adaptive
        self._arms = {name: Arm(total=Yield(mutator=name)) for name in names}
        self._recent: dict[str, tuple[float, ...]] = {}

    @property
    def yields(self) -> tuple[Yield, ...]:
        """What each mutator yielded, in order of registration."""
        return tuple(arm.total for arm in self._arms.values())

    def choose(self, random: np.random.Generator, planned: Mapping[str, int]) -> str:
        """Return the mutator to call next; nothing is remembered.

        Args:
            random: One draw, or one a mutator, is taken.
            planned: How often each was called since :meth:`learn`.
        """
        for name, arm in self._arms.items():
            if arm.total.asked + planned.get(name, 0) == 0:
                return name
        names = list(self._arms)
        if not self._adaptive:
            return names[int(random.integers(len(names)))]
        draws = random.beta([1 + arm.wins for arm in self._arms.values()], [1 + arm.losses for arm in self._arms.values()])
        return names[int(np.argmax(draws))]

    def learn(self, attempts: Iterable[Attempt], valid: frozenset[str], gains: Mapping[str, Mapping[str, float]]) -> None:
        """Take in a generation.

        Args:
            attempts: All calls of mutators.
            valid: Ids of candidates that were measured on all contexts and passed the gates.
            gains: By id of each candidate that beat an elite of its island, in the order of asking: by place, how much
                greater its merit is. A place that was empty is not there; who filled only such places gets full credit.
        """
        for found in gains.values():
            for place, gain in found.items():
                self._recent[place] = (*self._recent.get(place, ()), gain)[-WINDOW:]
        credits = {id: max((self._rank(place, gain) for place, gain in found.items()), default=1.0) for id, found in gains.items()}
        by_mutator: dict[str, list[Attempt]] = {name: [] for name in self._arms}
        for attempt in attempts:
            by_mutator[attempt.mutator].append(attempt)
        for name, calls in by_mutator.items():
            arm, total = self._arms[name], self._arms[name].total
            credit = sum(credits.get(call.candidate or "", 0.0) for call in calls)
            self._arms[name] = Arm(
                total=Yield(
                    mutator=name,
                    asked=total.asked + len(calls),
                    misses=total.misses + sum(call.candidate is None for call in calls),
                    valid=total.valid + sum(call.candidate in valid for call in calls),
                    improved=total.improved + sum(call.candidate in gains for call in calls),
                    calls=total.calls + sum(call.calls for call in calls),
                    tokens=total.tokens + sum(call.tokens for call in calls),
                ),
                wins=self._discount * arm.wins + credit,
                losses=self._discount * arm.losses + len(calls) - credit,
            )

    def state(self) -> Learnt:
        """Return everything that was learnt."""
        return Learnt(arms=tuple(self._arms.values()), recent=self._recent)

    def restore(self, learnt: Learnt) -> None:
        """Go back to what :meth:`state` returned.

        Raises:
            InputError: If it is of other mutators.
        """
        if [arm.total.mutator for arm in learnt.arms] != list(self._arms):
            raise InputError("state: mutators", ", ".join(self._arms), [arm.total.mutator for arm in learnt.arms])
        self._arms = {arm.total.mutator: arm for arm in learnt.arms}
        self._recent = dict(learnt.recent)

    def _rank(self, place: str, gain: float) -> float:
        """Return the share of the last gains in a place that are no greater than this one; of those cut off it is as of the rest."""
        recent = self._recent[place]
        return sum(other <= gain for other in recent) / len(recent)

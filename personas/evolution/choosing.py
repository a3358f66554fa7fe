"""Which mutator is asked next: a bandit that learns from what each yielded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...sim.errors import InputError
from ...sim.types import Frozen


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
    wins: float = 0.0  # discounted number of calls that improved something
    losses: float = 0.0  # discounted number of those that did not


class Chooser:
    """Chooses mutators by Thompson sampling with a Beta posterior on the probability that a call improves something.

    Order: :meth:`choose` as often as wanted within a generation, then :meth:`learn` once with all of it. Every mutator
    gets its turn before any is chosen by its yield. What was seen counts ``discount`` times as much each generation
    later, because a mutator's yield falls as the archive fills.

    Args:
        names: Mutators, in order of registration.
        discount: In (0, 1].
        adaptive: Whether yields count; if not, each draw is uniform.

    Raises:
        InputError: If there is no name, or one twice.

    Source: Thompson 1933, Biometrika 25; discounting as in Raj & Kalyani 2017 (arXiv 1707.09727).
    """

    def __init__(self, names: Sequence[str], discount: float = 0.95, *, adaptive: bool = True) -> None:
        if not names or len(set(names)) != len(names):
            raise InputError("mutators", "one or more with different names", list(names))
        self._discount = discount
        self._adaptive = adaptive
        self._arms = {name: Arm(total=Yield(mutator=name)) for name in names}

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

    def learn(self, attempts: Iterable[Attempt], valid: frozenset[str], improved: frozenset[str]) -> None:
        """Take in a generation.

        Args:
            attempts: All calls of mutators.
            valid: Ids of candidates that were measured on all contexts and passed the gates.
            improved: Ids of those that beat an elite of their island.
        """
        found: dict[str, list[Attempt]] = {name: [] for name in self._arms}
        for attempt in attempts:
            found[attempt.mutator].append(attempt)
        for name, calls in found.items():
            arm, total = self._arms[name], self._arms[name].total
            won = sum(call.candidate in improved for call in calls)
            self._arms[name] = Arm(
                total=Yield(
                    mutator=name,
                    asked=total.asked + len(calls),
                    misses=total.misses + sum(call.candidate is None for call in calls),
                    valid=total.valid + sum(call.candidate in valid for call in calls),
                    improved=total.improved + won,
                    calls=total.calls + sum(call.calls for call in calls),
                    tokens=total.tokens + sum(call.tokens for call in calls),
                ),
                wins=self._discount * arm.wins + won,
                losses=self._discount * arm.losses + len(calls) - won,
            )

    def state(self) -> tuple[Arm, ...]:
        """Return everything that was learnt."""
        return tuple(self._arms.values())

    def restore(self, arms: Sequence[Arm]) -> None:
        """Go back to what :meth:`state` returned.

        Raises:
            InputError: If it is of other mutators.
        """
        if [arm.total.mutator for arm in arms] != list(self._arms):
            raise InputError("state: mutators", ", ".join(self._arms), [arm.total.mutator for arm in arms])
        self._arms = {arm.total.mutator: arm for arm in arms}

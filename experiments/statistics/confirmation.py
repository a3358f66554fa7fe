"""Found is not confirmed: slices on fresh data, and what ``summary.json`` says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from pydantic import Field

from ...personas.persona import Persona
from .conditions import Condition
from .estimates import Difference, Figure, Rate
from .outcomes import INVALID, Bools, Floats, Outcomes
from .rates import Sample, rate
from .simultaneous import holm
from .slices import Slice, inside_any
from .tails import MOST_INVALID
from .two_sample import contrast_p, difference, fixed_p, share

ALPHA = 0.05
"""Chance of any false confirmation among all slices that were found."""

Fresh = Literal["generator", "these_people"]
"""Where fresh data come from: new people of the same generator / the same people with fresh replicates."""


@dataclass(frozen=True)
class Confirmed:
    """What fresh data say of one slice. ``p`` and ``confirmed`` are None where it could not be tried."""

    slice: Slice
    rate: Rate  # among the fresh
    rest: Rate  # of the fresh who are not in it
    difference: Difference  # rate minus rest
    p: float | None  # one-sided, Holm over the slices that were found
    confirmed: bool | None
    reason: str | None  # why it could not be tried
    method: str  # how p was made


class SliceSummary(Figure):
    """A group of people whom the target fails more than the rest, as found and on fresh data."""

    name: str
    definition: str  # parts of an axis are those of the reference margin
    conditions: tuple[Condition, ...]  # all of them hold
    personas: int = Field(ge=0)  # people in it where it was found
    found: Rate  # chosen because it is high, so too high on average
    rest: Rate
    difference: Difference
    p: float = Field(ge=0, le=1)  # one-sided, alone
    q: float = Field(ge=0, le=1)  # Benjamini-Hochberg over all slices looked at
    looked: int = Field(ge=1)  # slices looked at
    method: str  # how p was made
    confirmed: bool | None = None  # null: not tried
    reason: str | None = None  # why it was not tried
    fresh: Rate | None = None
    fresh_rest: Rate | None = None
    fresh_difference: Difference | None = None
    fresh_p: float | None = Field(default=None, ge=0, le=1)  # one-sided, Holm over the slices found
    fresh_method: str | None = None

    @classmethod
    def of(cls, found: Slice, fresh: Confirmed | None = None, reason: str = "no fresh episodes were played") -> SliceSummary:
        """Put together what was found and what came of it; ``reason`` says why nothing was tried."""
        tried = (
            {"reason": reason}
            if fresh is None
            else {
                "confirmed": fresh.confirmed,
                "reason": fresh.reason,
                "fresh": fresh.rate,
                "fresh_rest": fresh.rest,
                "fresh_difference": fresh.difference,
                "fresh_p": fresh.p,
                "fresh_method": fresh.method,
            }
        )
        return cls.model_validate(
            {
                "name": found.name,
                "definition": found.definition,
                "conditions": found.conditions,
                "personas": found.people,
                "found": found.rate,
                "rest": found.rest,
                "difference": found.difference,
                "p": found.p,
                "q": found.q,
                "looked": found.looked,
                "method": found.method,
                **tried,
            }
        )


def confirm(
    slices: Sequence[Slice],
    people: Sequence[Persona],
    positions: Floats,
    outcomes: Outcomes,
    *,
    estimand: Fresh = "generator",
    alpha: float = ALPHA,
    seed: int = 0,
) -> tuple[Confirmed, ...]:
    """Test on fresh data whether slices that were found fail more than everybody else.

    ``generator``: new people of the same generator, of whom those of ``fresh_wanted`` were played. The test permutes
    people's rates; the statistic is the rate of the slice minus the rate of the rest, in which people outside every slice
    count for those of them who were not played. It speaks of the people that the generator makes.

    ``these_people``: the same people with fresh replicates. Only replicates are random, so what is confirmed is that these people
    are failed more than those of the others who were played again. With few people that can be so without their traits having
    anything to do with it, and it says nothing of other people.

    p-values are adjusted by Holm (1979) over all slices given, so the chance of confirming any that is false is
    at most ``alpha``; one that cannot be tried counts as not confirmed.

    Args:
        slices: All that one search found.
        people: The fresh people, or the same ones; those who were not played have no row.
        positions: Their positions, shape (n, K).
        outcomes: Fresh episodes only.
        estimand: What the fresh data speak of.
        alpha: Chance in (0, 1) of any false confirmation.
        seed: Seed of the permutations.

    Raises:
        ValueError: If people, positions and outcomes differ in number, or ``alpha`` is out of its range.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: expected a number in (0, 1), got {alpha}")
    if not len(people) == len(positions) == outcomes.n:
        raise ValueError(
            f"confirm: expected as many positions and outcomes as people, got {len(people)}, {len(positions)} and {outcomes.n}"
        )
    if not slices:
        return ()
    inside = np.array([s.contains(people, positions) for s in slices])
    weights = _weights(inside_any(slices, people, positions), outcomes) if estimand == "generator" else None
    reasons = [_untried(mask, outcomes) for mask in inside]
    p = np.ones(len(slices))
    tried = np.array([reason is None for reason in reasons])
    if tried.any():
        p[tried] = _new_people(inside[tried], weights, outcomes, seed) if weights is not None else _same_people(inside[tried], outcomes)
    adjusted = holm(p)
    return tuple(
        _confirmed(s, mask, outcomes, estimand, weights, reason, float(adjusted[i]), alpha)
        for i, (s, mask, reason) in enumerate(zip(slices, inside, reasons, strict=True))
    )


def _weights(inside: Bools, outcomes: Outcomes) -> Floats:
    """Return what each person counts for: those outside every slice stand for all who are outside, shape (n,)."""
    resolved = outcomes.of_people(outcomes.resolved) > 0
    played = int(np.sum(~inside & resolved))
    return np.where(inside, 1.0, float(np.sum(~inside)) / max(played, 1))


def _untried(inside: Bools, outcomes: Outcomes) -> str | None:
    """Return why a slice cannot be tried, if it cannot."""
    for rows, what in ((inside[outcomes.persona], "slice"), (~inside[outcomes.persona], "rest")):
        judged = int(np.sum(rows & (outcomes.verdict <= INVALID)))
        invalid = int(np.sum(rows & (outcomes.verdict == INVALID)))
        if not np.any(rows & outcomes.resolved):
            return f"no fresh resolved episode in the {what}"
        if invalid > MOST_INVALID * judged:
            return f"not measured: {invalid} of {judged} fresh episodes in the {what} have an invalid simulator"
    return None


def _new_people(inside: Bools, weights: Floats, outcomes: Outcomes, seed: int) -> Floats:
    k, n = Sample.of(outcomes).counts()
    there = n > 0
    mask, weight = inside[:, there], weights[there]
    rest = ~mask * weight
    contrasts = mask / mask.sum(axis=1, keepdims=True) - rest / rest.sum(axis=1, keepdims=True)
    return contrast_p(k[there] / n[there], contrasts, seed)


def _same_people(inside: Bools, outcomes: Outcomes) -> Floats:
    rows = [mask[outcomes.persona] for mask in inside]
    return np.array([fixed_p(Sample.of(outcomes, r), Sample.of(outcomes, ~r)) for r in rows])


def _confirmed(
    found: Slice, inside: Bools, outcomes: Outcomes, estimand: Fresh, weights: Floats | None, reason: str | None, p: float, alpha: float
) -> Confirmed:
    rows = inside[outcomes.persona]
    group, rest = Sample.of(outcomes, rows), Sample.of(outcomes, ~rows)
    uneven = weights if weights is not None and np.ptp(weights) > 0 else None
    how = "permutation of people's rates" if estimand == "generator" else "MOVER interval turned into a test, these people fixed"
    return Confirmed(
        slice=found,
        rate=rate(group, estimand),
        rest=rate(rest, estimand) if uneven is None else _weighted_rate(rest, uneven),
        difference=difference(group, rest, estimand, uneven),
        p=None if reason else p,
        confirmed=None if reason else p <= alpha,
        reason=reason,
        method=f"{how}, Holm over the slices found",
    )


def _weighted_rate(sample: Sample, weights: Floats) -> Rate:
    found = share(sample, "generator", weights)
    plain = rate(sample)
    if found is None:
        return plain
    low, high = found.exact(plain.level)
    return plain.model_copy(
        update={
            "estimate": found.estimate,
            "low": min(low, found.estimate),
            "high": max(high, found.estimate),
            "effective_n": found.effective_n,
            "method": plain.method + ", weighted to its share of the people",
        }
    )

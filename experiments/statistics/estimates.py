"""Estimates: a number, its interval, what it was counted from, and what it speaks of."""

from __future__ import annotations

from typing import Literal, TypedDict

from pydantic import BaseModel, ConfigDict, Field

Estimand = Literal["these_people", "generator", "reference_density"]
"""What a rate speaks of: the people sent / the generator that made them / the reference density of users."""

LEVEL = 0.95
"""Nominal level of every interval unless its method says otherwise."""


class Counted(TypedDict):
    """What a rate was counted from: failed units, resolved units, and people with one."""

    numerator: int
    denominator: int
    personas: int


class Figure(BaseModel):
    """Base of everything in a summary: immutable, closed to unknown keys, and never NaN or infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Estimate(Figure):
    """A number with its interval. ``estimate`` is null where nothing can be said; ``reason`` then says why."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = Field(default=LEVEL, gt=0, lt=1)
    method: str = ""  # how the interval was made
    estimand: Estimand = "generator"
    reason: str | None = None  # why a number is missing, in words


class Rate(Estimate):
    """A failure rate in [0, 1]. Each person counts once: ``estimate`` is the mean of the people's own rates.

    A person's own rate is its failed over its resolved (episode, person) units. ``numerator`` and ``denominator`` are
    counts pooled over the people; their quotient differs from ``estimate`` where some people have more resolved units
    than others, or where people carry weights (estimand ``reference_density``).
    """

    numerator: int = Field(default=0, ge=0)  # failed units, all people together
    denominator: int = Field(default=0, ge=0)  # resolved units, all people together
    personas: int = Field(default=0, ge=0)  # people with at least one resolved unit
    effective_n: float | None = None  # independent units that would give the same interval


class Difference(Estimate):
    """A difference of two failure rates, in [-1, 1]."""

    numerator: int = 0  # sum of the paired differences, or failures in the first group
    denominator: int = Field(default=0, ge=0)  # pairs, or resolved units of the first group
    pairs: int | None = None  # (person, replicate) pairs resolved on both sides; null where groups are compared
    personas: int = Field(default=0, ge=0)


class Ratio(Estimate):
    """A ratio of two failure rates, 0 or more. ``high`` is null where the ratio has no upper bound."""


class Agreement(Figure):
    """An intraclass correlation with its interval; null where it cannot be estimated."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    reason: str | None = None


class Cvar(Figure):
    """Mean failure rate of the worst ``alpha`` of the people; null where too few people make up that share."""

    alpha: float = Field(gt=0, lt=1)
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    method: str = ""
    reason: str | None = None


class Bounds(Figure):
    """Where the failure rate lies if every unresolved unit had passed (low) or failed (high)."""

    low: float | None = None
    high: float | None = None


class VerdictCounts(Figure):
    """Episodes by verdict."""

    passed: int = 0
    failed: int = 0
    simulator_invalid: int = 0
    infrastructure: int = 0
    budget: int = 0

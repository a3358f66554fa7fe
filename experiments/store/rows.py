"""What the episode store writes of an episode, and what a run has spent."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from typing import NamedTuple

from pydantic import Field

from ...sim.limits import Sums
from ...sim.types import EpisodeRecord, Frozen, Usage, Verdict

TARGET_ARM = "target"
"""The arm of the system under test; every control is an arm of its own name."""


class Row(NamedTuple):
    """An episode without its content."""

    arm: str  # which target of the run: the one under test, or a control
    key: str
    persona: str  # persona ids, joined by "+" in a group
    replicate: int
    verdict: str
    digest: str  # SHA-256 of the record's JSON, in hex
    attempts: int  # how often the episode was played; over 1 after faults of infrastructure
    seconds: float  # how long the last attempt took


class Packed(NamedTuple):
    """An episode as it is written."""

    arm: str
    key: str
    persona: str
    replicate: int
    verdict: str
    digest: str
    attempts: int
    seconds: float
    body: bytes  # the record's JSON, compressed


class Spent(Frozen):
    """What a run has used up so far, over all its sessions."""

    seconds: float = Field(default=0.0, ge=0)
    cost: float = Field(default=0.0, ge=0)  # as far as prices are known
    usage: Usage = Field(default_factory=Usage)
    money: Mapping[str, float] = Field(default_factory=dict)  # the same by role
    unpriced: Mapping[str, int] = Field(default_factory=dict)  # calls whose price is not known, by role

    @classmethod
    def of(cls, sums: Sums, seconds: float = 0.0) -> Spent:
        """Return what was spent in so many seconds."""
        cost = max(0.0, sum(sums.money.values()))
        return cls(seconds=seconds, cost=cost, usage=sums.usage, money=sums.money, unpriced=sums.unpriced)

    @property
    def sums(self) -> Sums:
        """What was spent, as limits count it."""
        return Sums(self.usage.calls, self.usage.tokens, self.money, self.unpriced)


def pack(arm: str, record: EpisodeRecord, seconds: float = 0.0) -> Packed:
    """Return the row of a record.

    Raises:
        ValueError: If the record's verdict is ``budget``: such an episode is missing, not done.
    """
    if record.verdict is Verdict.BUDGET:
        raise ValueError(f"episode {record.key}: a record with verdict 'budget' is never stored")
    text = record.model_dump_json().encode()
    persona = "+".join(seat.persona for seat in record.seats)
    digest = hashlib.sha256(text).hexdigest()
    return Packed(arm, record.key, persona, record.replicate, record.verdict.value, digest, 1, seconds, zlib.compress(text, 1))

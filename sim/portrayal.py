"""How one person was played in one episode: what a judge of the simulator measured, beside what it found wrong."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .frozen import Frozen

Reading = Literal["consistent", "conflict", "unreadable"]
"""Whether something fits; ``unreadable`` where that cannot be told, and then it counts for neither."""

MetricName = Literal["prompt_to_line", "line_to_line", "qa_probe"]
"""A line against the description and facts / against the person's own earlier lines / answers on the description, asked beside the dialogue."""

GoalKind = Literal["profile", "policy", "preference", "task", "requirement"]
"""Kinds of goal state after UGST (arXiv 2507.20152, section 3)."""

GoalState = Literal["aligned", "misaligned", "incomplete", "attempted", "complete"]
"""``attempted``: the person did their part, and the other side did not answer it."""


class TurnReading(Frozen):
    """What was compared in one turn."""

    turn: int
    consistent: int = Field(default=0, ge=0)
    conflict: int = Field(default=0, ge=0)
    unreadable: int = Field(default=0, ge=0)


class Consistency(Frozen):
    """One of the three consistency metrics (arXiv 2511.00222, section 3) for one person and episode, turn by turn."""

    metric: MetricName
    curve: tuple[TurnReading, ...] = ()  # one a turn in which the person spoke, in order


class ConflictPair(Frozen):
    """Two things that do not go together."""

    metric: MetricName
    turn: int
    message: int | None  # index of the line; None for an answer beside the dialogue
    says: str  # the words of the line, or the answer
    against: int | None  # index of the earlier line; None: description or private facts
    but: str  # the words it conflicts with


class GoalProgress(Frozen):
    """One goal of a person, at the end of an episode."""

    kind: GoalKind
    goal: str
    state: GoalState
    turn: int | None  # in which it came to this state; None: it never moved


class Check(Frozen):
    """One check of the simulated person."""

    rule: str
    found: float  # what was counted or measured
    limit: float  # more than this is a fault
    turn: int | None = None  # where it first was over the limit
    evidence: str = ""

    @property
    def passed(self) -> bool:
        """Tell whether it stayed within the limit."""
        return self.found <= self.limit


class Portrayal(Frozen):
    """How one person was played, by one judge."""

    person: str  # persona id
    judge: str
    version: str
    checks: tuple[Check, ...] = ()
    consistency: tuple[Consistency, ...] = ()
    conflicts: tuple[ConflictPair, ...] = ()
    goals: tuple[GoalProgress, ...] = ()
    described: int | None = None  # claims that were read of the person's description; None: this judge reads none

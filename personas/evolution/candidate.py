"""What evolution asks to be measured, and what it is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from ...sim.types import Frozen
from .patch import Patch

Stage = Literal["policy", "contract", "few", "all"]
"""Steps of the cascade, cheapest first: its text, one context, two contexts, all training contexts."""


class Candidate(Frozen):
    """A program to measure, with its lineage."""

    id: str  # "c00042", in the order of asking
    source: str  # the whole program
    family: str  # name of the seed program that its first parent descends from; its own for a seed
    parents: tuple[str, ...] = ()  # ids; none for a seed, two for a crossing
    island: int
    generation: int
    mutator: str  # "seed" for a seed
    edit: str = ""  # what was changed, in a line
    record: Patch | None = None  # the same line by line, from the first parent; None for a seed
    aim: str = ""  # metric whose elite the first parent was


class Portrayed(Frozen):
    """One person of a candidate, for mutators that look at people."""

    context: str
    description: str
    assigned: Mapping[str, float]  # by axis
    measured: Mapping[str, float]  # by axis; empty where no answer could be read


class Evaluation(Frozen):
    """What a candidate scored.

    ``ok`` and ``gated`` have objectives; a gated one was measured on all contexts and failed a gate, so it is never an elite.
    """

    candidate: str
    status: Literal["ok", "gated", "rejected"]
    stage: Stage  # that it reached
    reason: str = ""  # why it was rejected or gated, in a line
    objectives: Mapping[str, float] = Field(default_factory=dict)  # means over the contexts
    sample: tuple[Portrayed, ...] = ()
    worst: tuple[Portrayed, ...] = ()  # those measured furthest from where they were assigned
    calls: int = 0  # of the language model, made by the program
    tokens: int = 0  # of all models that took part in measuring it
    money: float | None = 0.0  # likewise; None: a price is not known
    respondents: tuple[str, ...] = ()  # who answered; the objectives are means over them, and the gates were passed with each

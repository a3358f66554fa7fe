"""Every strength of the lexical stand-ins in one place."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from ..sim.types import Frozen


class LexicalSettings(Frozen):
    """How the lexical reader, player and respondent read, answer and speak.

    The defaults show in miniature what papers report of language models that play people: they are drawn to an
    agreeable centre, understand rules better than numbers, and answer differently from run to run.
    """

    shrinkage: float = Field(default=0.4, ge=0)  # evidence that the agreeable centre counts for; one clear cue in a rule counts at most 1
    numeric_shrinkage: float = Field(default=2.0, ge=0)  # a text of numbers only multiplies the shrinkage by one plus this
    rule: float = Field(default=1.0, ge=0)  # what a cue counts for in a when-then rule,
    opinion: float = Field(default=0.8, ge=0)  # in an opinion,
    plain: float = Field(default=0.6, ge=0)  # in any other sentence,
    number: float = Field(default=0.12, ge=0)  # and what "trust: 0.8" counts for
    condition: float = Field(default=0.25, ge=0, le=1)  # share of that for a cue in the when-part of a rule
    bare: float = Field(default=0.85, ge=0.5, le=1)  # how often a statement without an adverb is taken to hold
    denial: float = Field(default=0.8, ge=0, le=1)  # how far denying one pole counts as asserting the other
    noise: float = Field(default=1.0, ge=0)  # standard deviation of an answer, Likert points an item and run
    temperature: float = Field(default=0.8, gt=0)  # of the choice among moves; small: always the most useful one
    lean: float = Field(default=0.15, ge=0, le=1)  # stance in [-1, 1] from which phrases of a pole fit
    colour: float = Field(default=0.45, ge=0)  # chance of an aside for each unit of stance, summed over axes
    lower_case: float = Field(default=0.3, ge=0, le=1)  # share of people who type without capitals
    half: Literal["run", "develop"] = "run"  # half of the phrase bank to speak from; judges are developed on the other

"""Every strength of the lexical stand-ins in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ..sim.types import Frozen

ADVERBS: Mapping[str, float] = {
    "not at all": 0.0, "never": 0.0, "in no way": 0.0, "almost never": 0.05, "very low": 0.05, "very rarely": 0.06, "very little": 0.07,
    "hardly ever": 0.08, "hardly": 0.1, "scarcely": 0.1, "barely": 0.1, "rarely": 0.13, "low": 0.15, "seldom": 0.16, "little": 0.18,
    "once in a while": 0.22, "occasionally": 0.25, "now and then": 0.25, "from time to time": 0.28, "slightly": 0.3, "a little": 0.3, "a bit": 0.3,
    "at times": 0.36, "in part": 0.42, "partly": 0.42, "sometimes": 0.46, "somewhat": 0.48, "half the time": 0.5, "just as often": 0.5,
    "moderately": 0.52, "fairly": 0.6, "more often than not": 0.62, "quite": 0.66, "tend to": 0.66, "often": 0.68, "quite often": 0.7, "rather": 0.72,
    "frequently": 0.74, "generally": 0.77, "a lot": 0.78, "mostly": 0.82, "usually": 0.83, "high": 0.85, "very often": 0.86, "most of the time": 0.86,
    "really": 0.9, "almost always": 0.92, "nearly always": 0.92, "deeply": 0.93, "strongly": 0.93, "very high": 0.95, "very": 0.98, "always": 1.0,
    "constantly": 1.0, "every time": 1.0, "completely": 1.0, "totally": 1.0, "extremely": 1.0, "without exception": 1.0,
}  # fmt: skip
"""Adverbs of frequency and degree, by the share of occasions on which what they qualify is taken to hold.

A learner's scale: round values in the order, and about at the distances, that people give verbal qualifiers when
asked to rate them from nothing to everything. It is a reader's scale, fixed without regard to what any generator
means by a word; a writer who means six occasions in ten by "slightly" is misunderstood.
"""


class LexicalSettings(Frozen):
    """How the lexical reader, player and respondent read, answer and speak.

    The defaults show in miniature what papers report of language models that play people: they are drawn to an
    agreeable centre, understand rules better than numbers, misread a wording in the same way every time, and answer
    differently from run to run.
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
    adverbs: Mapping[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)  # shares that replace or join those of ADVERBS
    misreading: float = Field(default=0.05, ge=0)  # standard deviation of how far a text is misread on an axis, the same way every time
    noise: float = Field(default=1.0, ge=0)  # standard deviation of an answer, Likert points an item and run
    temperature: float = Field(default=0.8, gt=0)  # of the choice among moves; small: always the most useful one
    lean: float = Field(default=0.15, ge=0, le=1)  # stance in [-1, 1] from which phrases of a pole fit
    colour: float = Field(default=0.45, ge=0)  # chance of an aside for each unit of stance, summed over axes
    lower_case: float = Field(default=0.3, ge=0, le=1)  # share of people who type without capitals
    half: Literal["run", "develop"] = "run"  # half of the phrase bank to speak from; judges are developed on the other

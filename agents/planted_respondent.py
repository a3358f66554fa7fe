"""A respondent whose answers follow from numbers in the text by a known rule: an instrument to check instruments with."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from ..personas.questionnaire import Questionnaire
from ..sim.protocols import Question
from ..sim.seeds import Stream
from ..sim.types import Frozen
from .lexical_respondent import ItemKeys, one_run


class PlantedSettings(Frozen):
    """The rule: stance = centre + gain x (number - centre), clipped to [0, 1]."""

    gain: float = Field(default=1.0, ge=0)  # slope of the stance on the number that the text gives
    centre: float = Field(default=0.5, ge=0, le=1)  # stance where a text gives no number; fixed point of the rule
    noise: float = Field(default=0.0, ge=0)  # standard deviation of an answer, Likert points an item and run


class PlantedRespondent:
    """Reads ``trust: 0.8`` (or ``trust 0.8``, ``trust = 0.8``) and nothing else of a description.

    The optimum is known: a text that gives for every axis the number ``centre + (x - centre) / gain`` is measured at x, up
    to rounding of the answers and noise. So is what any text of numbers scores: slope ``gain``, and with noise s in Likert points, m
    items an axis of p points each and people with variance v on the axis, an ICC of one run of about
    ``gain^2 v / (gain^2 v + s^2 / (m (p - 1)^2))``.

    Args:
        questionnaire: Whose items are asked; an axis is recognised by its name, underscores read as spaces or as they are.
        settings: Strengths of the rule.
    """

    name = "planted"

    def __init__(self, questionnaire: Questionnaire, settings: PlantedSettings | None = None) -> None:
        self.settings = settings or PlantedSettings()
        order = {axis: i for i, axis in enumerate(questionnaire.names)}
        self._axes = len(order)
        self._keys = ItemKeys(questionnaire)
        self._places = {axis.replace("_", " "): i for axis, i in order.items()}
        names = "|".join(re.escape(name) for name in sorted(self._places, key=len, reverse=True))
        self._number = re.compile(rf"(?<!\w)({names})(?!\w)\s*(?:[:=]|is|at)?\s*(-?\d+(?:\.\d+)?)", re.IGNORECASE)

    def stance(self, description: str) -> list[float]:
        """Return where the rule places a description, one value in [0, 1] an axis; the last number given for an axis counts."""
        rule = self.settings
        found = [rule.centre] * self._axes
        for name, number in self._number.findall(description.replace("_", " ")):
            stance = rule.centre + rule.gain * (float(number) - rule.centre)
            found[self._places[name.lower()]] = min(1.0, max(0.0, stance))
        return found

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return an answer to each question; None for a question of another questionnaire."""
        return one_run(self.answer_runs(description, questions, [stream]))

    def answer_runs(self, description: str, questions: Sequence[Question], streams: Sequence[Stream]) -> NDArray[np.int16]:
        """Return the answers of many runs, shape (streams, questions); 0 for a question of another questionnaire."""
        return self._keys.answers(self.stance(description), questions, self.settings.noise, streams)

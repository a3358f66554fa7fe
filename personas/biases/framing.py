"""Identity-congruent bias: is the same item agreed with more where it is said by people of one's own kind?"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationInfo, field_validator

from ...sim.types import Frozen
from ..questionnaire import Questionnaire
from .figures import Figure, figure, finite, mean_over, weighted_mean
from .keys import Keys

Array = NDArray[np.float64]
Answers = NDArray[np.int16]

THIRDS = {"low third": (0.0, 1 / 3), "middle third": (1 / 3, 2 / 3), "high third": (2 / 3, 1.0)}
"""Where people stand on the item's axis, by assigned position."""

DOES_NOT_READ = "this respondent does not read item texts: with the texts of all items exchanged, everybody's answers stay the same"


class Framing(Frozen):
    """Texts around an item. Ids and scales of items stay, so that a respondent still knows them.

    Raises:
        ValueError: If a text lacks a place that it needs, or has another.
    """

    named: str = 'Many people who say "{statement}" also say: "{item}"'  # {statement}: the low or high statement of the item's axis
    neutral: str = 'Many people who were asked about this also say: "{item}"'  # control: as long, nobody's side

    @field_validator("named", "neutral")
    @classmethod
    def _places(cls, text: str, info: ValidationInfo) -> str:
        wanted = {"item", "statement"} if info.field_name == "named" else {"item"}
        found = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        if found != wanted:
            raise ValueError(f"expected the places {', '.join(sorted(wanted))} in braces, got {', '.join(sorted(found)) or 'none'}")
        return text


class ItemFraming(Frozen):
    """One item."""

    id: str
    effect: float | None  # congruent - incongruent, Likert points, mean over people


class FramingEffects(Frozen):
    """What a frame does to raw agreement, in Likert points; each paired by person and item, mean over items, then over people."""

    effect: Figure  # congruent - incongruent: above 0, people agree more with what their own kind says
    congruent: Figure  # congruent - neutral
    incongruent: Figure  # incongruent - neutral
    any_frame: Figure  # neutral - plain item
    by_stance: Mapping[str, Figure]  # the effect where the person stands in a third of the item's axis
    items: tuple[ItemFraming, ...]
    runs: int  # questionnaires a person and frame


class FramingBias(Frozen):
    """Whether the respondent reads item texts, and what frames do if so."""

    reads_texts: bool
    effects: FramingEffects | None  # None where texts are not read: nothing was measured, which is not an effect of 0
    reason: str = ""


def framed(questionnaire: Questionnaire, framing: Framing, side: str) -> Questionnaire:
    """Return a questionnaire with every item's text in a frame.

    Args:
        questionnaire: What is asked.
        framing: The texts.
        side: ``low`` or ``high`` names people who hold that statement of the item's axis; ``neutral`` names nobody.
    """
    said = {axis.name: (axis.low if side == "low" else axis.high).rstrip(". ") for axis in questionnaire.axes}
    items = []
    for item in questionnaire.items:
        text = (
            framing.neutral.format(item=item.text) if side == "neutral" else framing.named.format(item=item.text, statement=said[item.axis])
        )
        items.append(item.model_copy(update={"text": text}))
    return questionnaire.model_copy(update={"items": tuple(items)})


def exchanged(questionnaire: Questionnaire) -> Questionnaire:
    """Return a questionnaire in which every item carries the text of another one, half the questionnaire further on."""
    items = questionnaire.items
    texts = [items[(k + len(items) // 2) % len(items)].text for k in range(len(items))]
    return questionnaire.model_copy(
        update={"items": tuple(item.model_copy(update={"text": text}) for item, text in zip(items, texts, strict=True))}
    )


def reads_texts(plain: Answers, other: Answers) -> bool:
    """Tell whether exchanged texts change an answer of anybody, at the same seed.

    Args:
        plain: Answers to the items as they are, shape (people, runs, items).
        other: Answers to the same ids with exchanged texts, drawn from the same random numbers.
    """
    return not np.array_equal(plain, other)


def framing_effects(
    plain: Answers, neutral: Answers, low: Answers, high: Answers, assigned: Array, keys: Keys, seed: int = 0
) -> FramingEffects:
    """Compare answers to the same items in different frames.

    Args:
        plain: Answers without a frame, shape (people, runs, items), 0 where unreadable; so are the next three.
        neutral: In the neutral frame.
        low: In the frame of the low statement.
        high: In the frame of the high statement.
        assigned: Shape (people, axes). Above 0.5 the high frame is congruent, below it the low one; at 0.5 neither is.
        keys: Of the items.
        seed: Of the resamples.
    """
    bare, control, lows, highs = (mean_over(keys.unit(a), 1) * (keys.points - 1) for a in (plain, neutral, low, high))
    stance = keys.placed(assigned)
    own = np.where(stance > 0.5, highs, np.where(stance < 0.5, lows, np.nan))
    other = np.where(stance > 0.5, lows, np.where(stance < 0.5, highs, np.nan))
    effect = own - other

    def over(change: Array, name: str) -> Figure:
        each = mean_over(change, 1)
        each = each[~np.isnan(each)]
        return figure(lambda w: weighted_mean(w, each), len(each), seed, "framing", name, nothing="nobody stands there")

    def within(bounds: tuple[float, float]) -> Array:
        low_end, high_end = bounds
        inside = (stance >= low_end) & ((stance < high_end) | (high_end == 1.0))
        return np.where(inside, effect, np.nan)

    means = mean_over(effect, 0)
    return FramingEffects(
        effect=over(effect, "effect"),
        congruent=over(own - control, "congruent"),
        incongruent=over(other - control, "incongruent"),
        any_frame=over(control - bare, "any"),
        by_stance={name: over(within(bounds), name) for name, bounds in THIRDS.items()},
        items=tuple(ItemFraming(id=item, effect=finite(float(x))) for item, x in zip(keys.ids, means, strict=True)),
        runs=neutral.shape[1],
    )

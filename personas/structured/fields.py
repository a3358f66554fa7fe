"""What is known of a person in so many words: demographic, psychographic, behavioural and contextual fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

from ..persona import FieldKind, ProfileField
from ..programs._dice import Dice
from ..programs._grading import Gradings, stand
from ..programs._names import number_of
from ..programs._sitters import Heard, aims_of
from ..programs._wording import OCCASIONS, OPINIONS
from .allocation import allocate
from .demography import CONTEXT, DEMOGRAPHY
from .joint import Declared

Kind = Literal["demographic", "psychographic", "behavioural", "contextual"]
Axes = Sequence[Mapping[str, Any]]

KINDS: tuple[Kind, ...] = ("demographic", "psychographic", "behavioural", "contextual")

OUTLOOK, HABIT = "outlook", "habit"
"""What psychographic and behavioural fields are called, before a dot and the name of the axis."""


def fields_of(axes: Axes, person: Mapping[str, Any], seed: int, heard: Heard | None = None) -> dict[str, ProfileField]:
    """Return the fields of a person; they depend on the seed, the person's id and where the person stands.

    Demographic and contextual ones are allocated from declared tables by the person's number, without a model and
    whatever the position. Each axis gives a habit, a when-then rule, and an outlook, an opinion; how often they hold
    follows from the position, and what the adverbs of one round off the other makes up for.

    Args:
        axes: Axis dicts.
        person: ``{"id", "position"}``.
        seed: The run's seed.
        heard: Where the person was measured and should be; moves what habits and outlooks aim at.
    """
    number = number_of(str(person["id"]))
    return {
        **_allocated(DEMOGRAPHY, number, seed),
        **_of_axes(axes, person, seed, heard),
        **_allocated(CONTEXT, number, seed),
    }


def _allocated(declared: Declared, number: int, seed: int) -> dict[str, ProfileField]:
    """Return the fields of one table."""
    levels = allocate(declared, number, seed)
    return {name: sampled(level, declared.kind, declared.detail) for name, level in levels.items()}


@lru_cache(maxsize=1_024)
def sampled(level: str, kind: FieldKind, detail: str) -> ProfileField:
    """Return the field of a level; all who have it share one."""
    return ProfileField(value=level, kind=kind, origin="sampled", detail=detail)


def _of_axes(axes: Axes, person: Mapping[str, Any], seed: int, heard: Heard | None) -> dict[str, ProfileField]:
    """Return an outlook and a habit an axis."""
    aims, dice = aims_of(person, heard), Dice(seed, "fields", str(person["id"]))
    occasions, opinions = dice.some(OCCASIONS, len(axes)), dice.some(OPINIONS, len(axes))
    outlooks, habits = {}, {}
    for i, axis in enumerate(axes):
        name = str(axis["name"])
        say = Gradings(stand(axis, float(person["position"][name]), aims[name]), dice)
        detail = f"graded from the position on {name}"
        habit = f"{occasions[i % len(occasions)]}, {say.near()}"
        habits[f"{HABIT}.{name}"] = ProfileField(value=habit, kind="behavioural", origin="derived", detail=detail)
        outlook = f"{opinions[i % len(opinions)]} {say.other()}"
        outlooks[f"{OUTLOOK}.{name}"] = ProfileField(value=outlook, kind="psychographic", origin="derived", detail=detail)
    return {**outlooks, **habits}

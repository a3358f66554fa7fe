"""Shorthand in which scenarios are written down: phrases, colours, patterns, questionnaires."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from ..personas.questionnaire import Axis, Cue, CueLexicon, Item, Questionnaire
from ..sim.declare import Pattern, Phrase, Pole


def says(*always: str, **leaning: Sequence[str]) -> tuple[Phrase, ...]:
    """Return phrases: for everybody, and by ``axis_pole`` for people read as leaning that way.

    Raises:
        ValueError: If a keyword does not end in ``_low`` or ``_high``.

    Example:
        >>> [dict(phrase.where) for phrase in says("Hello.", trust_low=["Who reads this?"])]
        [{}, {'trust': 'low'}]
    """
    out = [Phrase(text=text) for text in always]
    for key, texts in leaning.items():
        axis, _, pole = key.rpartition("_")
        if pole not in get_args(Pole):
            raise ValueError(f"says: expected axis_low or axis_high, got {key}")
        out += [Phrase(text=text, where={axis: pole}) for text in texts]  # type: ignore[dict-item]
    return tuple(out)


def all_but(axes: Sequence[str]) -> Callable[..., tuple[str, ...]]:
    """Return a function that returns every colour ("axis:pole") of these axes but those that it is given.

    Example:
        >>> all_but(["trust"])("trust:low")
        ('trust:high',)
    """
    colours = tuple(f"{axis}:{pole}" for axis in axes for pole in get_args(Pole))

    def but(*unfit: str) -> tuple[str, ...]:
        return tuple(key for key in colours if key not in unfit)

    return but


def soft(*regexes: str) -> tuple[Pattern, ...]:
    """Return patterns that negation undoes."""
    return tuple(Pattern(regex=r) for r in regexes)


def hard(*regexes: str) -> tuple[Pattern, ...]:
    """Return patterns that negation does not undo."""
    return tuple(Pattern(regex=r, negatable=False) for r in regexes)


def questionnaire(
    name: str,
    context: str,
    axes: Sequence[Axis],
    items: Mapping[str, Sequence[str]],
    cues: Mapping[str, tuple[float, str, str]],
) -> Questionnaire:
    """Return a questionnaire.

    Args:
        name: The scenario's name.
        context: Whom it is put to.
        axes: With their statements.
        items: By axis; a leading "-" marks a reverse-coded item.
        cues: By axis: the agreeable centre, then low and high cues as "phrase weight", joined by "/".
    """
    return Questionnaire(
        name=name,
        context=context,
        axes=tuple(axes),
        items=tuple(
            Item(id=f"{axis}_{i}", text=text.lstrip("-"), axis=axis, reverse=text.startswith("-"))
            for axis, texts in items.items()
            for i, text in enumerate(texts, 1)
        ),
        lexicon={axis: CueLexicon(agreeable=centre, low=_cues(low), high=_cues(high)) for axis, (centre, low, high) in cues.items()},
    )


def _cues(text: str) -> tuple[Cue, ...]:
    pairs = (part.rsplit(" ", 1) for part in text.split("/"))
    return tuple(Cue(text=words, weight=float(weight)) for words, weight in pairs)

"""Portraits of people from material: their own words, then graded rules for the axes on which these are silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...sim.seeds import derive
from .axes import AxisEvidence
from .stakeholders import Stakeholder, Trait

MOST_OWN = 8
"""Statements of the material in one description, besides those that place the person."""

_REPORTED = 'What is written of people like me is this: "{said}"'


def own_words(
    stakeholder: Stakeholder, evidence: Mapping[str, Sequence[AxisEvidence]], away: frozenset[int], person_id: str, seed: int
) -> tuple[Trait, ...]:
    """Choose the traits in whose words a person speaks, in the order of the material.

    Args:
        stakeholder: Whose words.
        evidence: Axis -> what puts the person there; all of it is chosen.
        away: Traits that would place the person elsewhere; they are not chosen, unless they are evidence on another axis.
        person_id: Gives, with the seed, the choice among the others.
        seed: The run's.
    """
    placing = {piece.trait for pieces in evidence.values() for piece in pieces}
    others = [i for i in range(len(stakeholder.traits)) if i not in placing | away]
    order = derive(seed, "material", "words", person_id).permutation(len(others)).tolist()
    chosen = placing | {others[i] for i in order[:MOST_OWN]}
    said: dict[str, Trait] = {}
    for i in sorted(chosen):
        said.setdefault(stakeholder.traits[i].said, stakeholder.traits[i])
    return tuple(said.values())


def description(traits: Sequence[Trait], rules: str) -> str:
    """Return a description in the first person: the words of the material, then the rules."""
    return " ".join([*map(_sentence, traits), rules]).strip()


def _sentence(trait: Trait) -> str:
    """Return a trait's words as a sentence of the person."""
    text = trait.said.strip()
    text = text if trait.own else _REPORTED.format(said=text.replace('"', "'").rstrip("."))
    text = text[:1].upper() + text[1:]
    return text if text.rstrip("\"')").endswith((".", "!", "?", "\u2026")) else text + "."

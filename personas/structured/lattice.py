"""People of a scenario lattice: who comes in which situation is assigned by design, told in the description, and counted.

The lattice decides only who comes and in which situation. One model that wrote both sides of the conversation would
be the ``script`` regime; here the target always speaks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...sim.seeds import derive
from ..persona import ProfileField
from ..programs._dice import Dice
from ..programs._names import number_of
from .covering import PERIOD, design_name, design_rows
from .duplicates import THRESHOLD, redrawn
from .fields import sampled
from .lattice_levels import SUBTOPIC, TOPIC, Lattice

NEAR_DUPLICATE = "near_duplicate"
"""Profile field of a person whose description still resembles another's."""

TRIES = 4
"""Times at most that near-duplicates are portrayed again."""

Portray = Callable[..., list[dict[str, Any]]]

_NAMING = ("What brings me here has to do with {topic}: {subtopic}.", "This is about {topic}, and about {subtopic} above all.")


@dataclass(frozen=True, slots=True)
class Situation:
    """One point of a lattice."""

    levels: Mapping[str, str]  # characteristic to the name of its level, topic and subtopic first
    design: str  # by which it was assigned


def situations(lattice: Lattice, ids: Sequence[str], seed: int) -> list[Situation]:
    """Return the situation of each person; it depends on the seed and on the number that the id ends in alone.

    Args:
        lattice: What situations there are.
        ids: Of the people; an id without a number counts by its hash.
        seed: Gives the draw of the design.
    """
    sizes = list(lattice.sizes.values())
    numbers = [number_of(id) % PERIOD for id in ids]
    rows = design_rows(sizes, max(numbers, default=0) + 1, seed)
    design = design_name(sizes)
    return [Situation(_levels(lattice, rows[number].tolist()), design) for number in numbers]


def _levels(lattice: Lattice, row: Sequence[int]) -> dict[str, str]:
    topic = lattice.topics[row[0]]
    named = {TOPIC: topic.name, SUBTOPIC: topic.subtopics[row[1] % len(topic.subtopics)]}
    return named | {factor.name: factor.levels[at].name for factor, at in zip(lattice.factors, row[2:], strict=True)}


def told(lattice: Lattice, situation: Situation, dice: Dice) -> str:
    """Return a situation in a few short sentences, first person.

    Args:
        lattice: Where its levels are declared.
        situation: Which.
        dice: Gives the wordings.
    """
    topic = next(topic for topic in lattice.topics if topic.name == situation.levels[TOPIC])
    template = topic.says or dice.pick(_NAMING)
    about = template.replace("{topic}", topic.name).replace("{subtopic}", situation.levels[SUBTOPIC])
    return " ".join([about, *(dice.pick(factor.level(situation.levels[factor.name]).says) for factor in lattice.factors)])


def profile_fields(lattice: Lattice, situation: Situation) -> dict[str, ProfileField]:
    """Return what a portrait has to hold under ``profile``."""
    kinds = {factor.name: factor.kind for factor in lattice.factors}
    return {name: sampled(level, kinds.get(name, "contextual"), situation.design) for name, level in situation.levels.items()}


def in_situations(
    lattice: Lattice,
    portray: Portray,
    context: str,
    axes: Sequence[Mapping[str, Any]],
    people: Sequence[Mapping[str, Any]],
    seed: int,
    llm: Callable[[list[str]], list[str]] | None = None,
    feedback: Mapping[str, Mapping[str, Mapping[str, float]]] | None = None,
    *,
    threshold: float = THRESHOLD,
) -> list[dict[str, Any]]:
    """Portray people, each in a situation of the lattice.

    The later of two near-duplicates is portrayed again in other words, a few times at most; the situation stays. Those
    that remain carry the profile field ``near_duplicate``. So any subset of people gets the same portraits, but for
    those who would otherwise read alike.

    Args:
        lattice: What situations there are.
        portray: The ``portray`` of a generator program; writes who the people are.
        context: The situation that all share.
        axes: Axis dicts.
        people: ``{"id", "position"}`` each.
        seed: Gives names, wordings and situations.
        llm: A batch of prompts to as many texts, or None; writes who people are, never the situation.
        feedback: Where people were measured and should be, by id.
        threshold: Word-set Jaccard similarity from which two descriptions are near-duplicates.

    Returns:
        The portraits, with the situation before the description and in the profile.
    """
    ids = [str(person["id"]) for person in people]
    given = situations(lattice, ids, seed)
    portraits = portray(context, axes, people, seed, llm, feedback)

    def described(numbers: Sequence[int], written: Sequence[Mapping[str, Any]], attempt: int) -> list[str]:
        dice = [Dice(seed, "lattice", ids[i], attempt) for i in numbers]
        return [f"{told(lattice, given[i], d)} {p['description']}" for i, d, p in zip(numbers, dice, written, strict=True)]

    def again(numbers: Sequence[int], attempt: int) -> list[str]:
        other = int(derive(seed, "lattice", "again", attempt).integers(2**62))
        return described(numbers, portray(context, axes, [people[i] for i in numbers], other, llm, feedback), attempt)

    texts, left = redrawn(described(range(len(ids)), portraits, 0), again, threshold, TRIES)
    like = {pair.second: pair for pair in reversed(left)}
    out = []
    for i, (portrait, text) in enumerate(zip(portraits, texts, strict=True)):
        profile = {**(portrait.get("profile") or {}), **profile_fields(lattice, given[i])}
        if i in like:
            detail = f"word-set Jaccard similarity {like[i].similarity:.2f}, threshold {threshold:g}"
            profile[NEAR_DUPLICATE] = ProfileField(value=ids[like[i].first], kind="contextual", origin="derived", detail=detail)
        out.append({**portrait, "description": text, "profile": profile})
    return out

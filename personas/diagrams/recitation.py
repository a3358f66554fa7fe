"""Recitation: how much of a diagram was said aloud in its own words rather than acted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ...sim.types import Frozen
from .diagram import PARTS, Diagram, Part
from .words import containment

RUN = 3
"""Words in a run."""

THRESHOLD = 0.8
"""A sentence counts as recited if a turn contains this share of its runs or more."""


class Recited(Frozen):
    """A sentence of the diagram and the turn that recites it."""

    person: str
    part: Part
    sentence: str
    turn: int  # index among the person's own turns, from 0
    said: str
    containment: float  # share of the sentence's runs that stand in the turn


class RecitationReport(Frozen):
    """How much of the diagrams was recited."""

    people: int
    sentences: int
    recited: int
    share: float | None  # recited over sentences; None without a sentence
    run: int
    threshold: float
    pairs: tuple[Recited, ...]  # for each recited sentence the turn that contains most of it


def recitation(diagrams: Mapping[str, Diagram], turns: Mapping[str, Sequence[str]]) -> RecitationReport:
    """Return the share of diagram sentences that their owners recited, with the pairs.

    Emotions are left out: to name a feeling is not to recite.

    Args:
        diagrams: Persona id to diagram; those without turns are left out.
        turns: Persona id to what that person said, in order.
    """
    pairs: list[Recited] = []
    total = 0
    heard = [id for id in diagrams if id in turns]
    for id in heard:
        for part in PARTS:
            if part == "emotions":
                continue
            for sentence in diagrams[id].part(part):
                total += 1
                found = _where(sentence, turns[id])
                if found is not None:
                    turn, share = found
                    pairs.append(Recited(person=id, part=part, sentence=sentence, turn=turn, said=turns[id][turn], containment=share))
    return RecitationReport(
        people=len(heard),
        sentences=total,
        recited=len(pairs),
        share=len(pairs) / total if total else None,
        run=RUN,
        threshold=THRESHOLD,
        pairs=tuple(pairs),
    )


def _where(sentence: str, turns: Sequence[str]) -> tuple[int, float] | None:
    """Return the first turn that contains most of a sentence and how much; None if that is below the threshold."""
    shares = [containment(sentence, turn, RUN) for turn in turns]
    best = max(shares, default=0.0)
    return (shares.index(best), best) if best >= THRESHOLD else None

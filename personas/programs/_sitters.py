"""Whom a portrait is about, and what a family of portraits is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from ._asking import Axes
from ._dice import Dice
from ._grading import EMPHASIS, Stand, stand
from ._names import name_of, number_of

Person = Mapping[str, Any]
Heard = Mapping[str, Mapping[str, float]]
Feedback = Mapping[str, Heard]


class Sitter(NamedTuple):
    """Whom a text is about."""

    number: int  # that the id ends in
    name: str
    stands: tuple[Stand, ...]  # one an axis, in order
    unusual: tuple[tuple[Stand, Stand], ...] = ()  # pairs of axes where the person stands as few do


Writer = Callable[[Sitter, Dice], str]


@dataclass(frozen=True, slots=True)
class Style:
    """A family of portraits.

    Args:
        text: Writes the text of one person from the axes alone.
        tasks: Prompts for a language model, one batch each; the replies to them, joined, are the portrait.
        archetypes: Whether the model first says, once for all people, what each axis means and who stands at its ends.
        levels: Whether prompts give levels ("very high") in place of numbers.
        emphasis: How much further from the middle a text speaks than the person stands.
    """

    text: Writer
    tasks: tuple[str, ...] = ()
    archetypes: bool = False
    levels: bool = False
    emphasis: float = EMPHASIS


def aims_of(person: Person, heard: Heard | None) -> dict[str, float]:
    """Return what a text should aim at on each axis, in [-0.5, 1.5]: what the one before aimed at, corrected by what was measured."""
    aims = {axis: float(x) for axis, x in person["position"].items()}
    before = (heard or {}).get("aimed", {})
    for axis, (measured, wanted) in missed(aims, heard).items():
        aims[axis] = min(1.5, max(-0.5, float(before.get(axis, wanted)) + wanted - measured))
    return aims


def missed(axes: Mapping[str, float], heard: Heard | None) -> dict[str, tuple[float, float]]:
    """Return (measured, wanted) of each axis on which feedback has both."""
    measured, wanted = (heard or {}).get("measured", {}), (heard or {}).get("wanted", {})
    pairs = {axis: (measured.get(axis), wanted.get(axis)) for axis in axes}
    return {axis: (float(m), float(w)) for axis, (m, w) in pairs.items() if m is not None and w is not None and m == m and w == w}


def sitter_of(style: Style, axes: Axes, person: Person, heard: Heard | None, seed: int) -> Sitter:
    """Return a person as writers see them."""
    aims = aims_of(person, heard)
    return seated(
        axes, person, [stand(axis, float(person["position"][axis["name"]]), aims[str(axis["name"])], style.emphasis) for axis in axes], seed
    )


def seated(axes: Axes, person: Person, stands: Sequence[Stand], seed: int) -> Sitter:
    """Return a person who stands like this, with name and number."""
    person_id = str(person["id"])
    return Sitter(number_of(person_id), name_of(person_id, seed), tuple(stands), _unusual(axes, stands))


def _unusual(axes: Axes, stands: Sequence[Stand]) -> tuple[tuple[Stand, Stand], ...]:
    """Return pairs of decided stands that the reference correlation speaks against."""
    decided = [i for i, at in enumerate(stands) if at.lean > 0.5]
    out = []
    for i in decided:
        one, rhos = stands[i], (axes[i].get("reference") or {}).get("correlation") or {}
        for j in decided:
            two, rho = stands[j], float(rhos.get(str(axes[j]["name"]), 0.0)) if j > i else 0.0
            if rho and (one.high == two.high) != (rho > 0):
                out.append((one, two))
    return tuple(out)

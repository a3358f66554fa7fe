"""Conditions on who somebody is, in words and as data: what slices are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import numpy as np
from pydantic import Field

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from .estimates import Figure
from .outcomes import Bools, Floats

SPANS: tuple[tuple[str, float, float], ...] = (
    ("bottom quarter", 0.0, 1 / 4),
    ("bottom third", 0.0, 1 / 3),
    ("bottom half", 0.0, 1 / 2),
    ("top half", 1 / 2, 1.0),
    ("top third", 2 / 3, 1.0),
    ("top quarter", 3 / 4, 1.0),
)
"""Parts of an axis that are looked at, as quantiles of its reference margin."""

MOST_VALUES = 8
"""Distinct values above which a field of the provenance is no category."""


class Condition(Figure):
    """One thing that is so of a person: a part of an axis, a kind of private fact, or an entry of the provenance."""

    kind: Literal["axis", "fact", "provenance"]
    field: str  # the axis, the kind of fact, the field whose provenance it is
    low: float | None = Field(default=None, ge=0, le=1)  # least position, included; null: no bound
    high: float | None = Field(default=None, ge=0, le=1)  # greatest position, included; null: no bound
    held: bool | None = None  # such a fact is held or not; facts only
    value: str | None = None  # what the provenance says; provenance only
    words: str

    @property
    def name(self) -> str:
        """A short name of letters, digits and underscores."""
        if self.kind == "axis":
            said = self.words.replace(" in the ", " ")
        else:
            said = f"{self.field} {self.value or 'unknown'}" if self.held is None else f"holds {'' if self.held else 'no '}{self.field}"
        return re.sub(r"\W+", "_", said, flags=re.ASCII).strip("_")

    def holds(self, people: Sequence[Persona], positions: Floats, axes: Sequence[str]) -> Bools:
        """Tell of whom it is so, shape (n,); a position that is NaN lies in no part of an axis.

        Args:
            people: Whom to ask about, n of them.
            positions: Their positions, shape (n, K), in [0, 1].
            axes: Names of the K axes.
        """
        if self.kind == "axis":
            at = positions[:, list(axes).index(self.field)]
            return np.asarray((at >= (self.low or 0.0)) & (at <= (1.0 if self.high is None else self.high)))
        if self.kind == "fact":
            return np.array([any(f.kind == self.field for f in p.facts) == self.held for p in people], bool)
        return np.array([p.provenance.get(self.field, "") == self.value for p in people], bool)


def conditions(people: Sequence[Persona], scenario: Scenario) -> tuple[Condition, ...]:
    """Return every condition that slices of these people can be made of; outcomes play no part in it.

    Args:
        people: Give kinds of private facts and the values of their provenance.
        scenario: Gives axes and reference margins.
    """
    return (*_of_axes(scenario), *_of_facts(people), *_of_provenance(people))


def _of_axes(scenario: Scenario) -> Iterable[Condition]:
    quantiles = np.unique([end for _, *ends in SPANS for end in ends])
    at = scenario.density.quantile(np.tile(quantiles[:, None], (1, len(scenario.axes))))
    for j, axis in enumerate(scenario.axes):
        where = dict(zip(quantiles.tolist(), at[:, j].tolist(), strict=True))
        for span, low, high in SPANS:
            yield Condition(kind="axis", field=axis, low=where[low], high=where[high], words=f"{axis} in the {span}")


def _of_facts(people: Sequence[Persona]) -> Iterable[Condition]:
    for fact in sorted({f.kind for p in people for f in p.facts}):
        yield Condition(kind="fact", field=fact, held=True, words=f"holds a private fact of kind {fact}")
        yield Condition(kind="fact", field=fact, held=False, words=f"holds no private fact of kind {fact}")


def _of_provenance(people: Sequence[Persona]) -> Iterable[Condition]:
    for field in sorted({field for p in people for field in p.provenance}):
        values = {p.provenance.get(field, "") for p in people}
        if 1 < len(values) <= MOST_VALUES:
            for value in sorted(values):
                said = f"provenance of {field} is {value!r}" if value else f"no provenance of {field}"
                yield Condition(kind="provenance", field=field, value=value, words=said)

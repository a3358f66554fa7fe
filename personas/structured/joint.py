"""A declared joint of fields: margins, associations of pairs, impossible combinations; raked to one table."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from ...sim.types import Frozen
from ..persona import FieldKind

Array = NDArray[np.float64]

BLOCK = 100
"""Shares are whole numbers of this many people."""

_SWEEPS = 500
_CLOSE = 1e-12
_MOST_CELLS = 1_000_000


class Levels(Frozen):
    """One field and the shares of its levels."""

    name: str
    shares: Mapping[str, int]  # level to people in a hundred, in order; they sum to 100

    @model_validator(mode="after")
    def _hundred(self) -> Levels:
        if any(share < 1 for share in self.shares.values()) or sum(self.shares.values()) != BLOCK:
            raise ValueError(f"{self.name}: expected shares of 1 or more that sum to {BLOCK}, got {list(self.shares.values())}")
        return self


class Association(Frozen):
    """How two fields go together: relative odds of each pair of levels before raking, 1 where nothing is said."""

    one: str
    other: str
    odds: tuple[tuple[float, ...], ...]  # (levels of one, levels of the other), above 0


class Rule(Frozen):
    """A combination of levels of two fields that nobody has."""

    reason: str
    one: str
    levels: tuple[str, ...]
    other: str
    with_levels: tuple[str, ...]


class Declared(Frozen):
    """A joint of categorical fields of one kind.

    The table starts from the product of the associations, is 0 where a rule forbids, and is raked to the margins
    (iterative proportional fitting; Deming and Stephan 1940, Annals of Mathematical Statistics 11), which keeps the
    odds ratios of the associations.

    Raises:
        ValueError: If an association or a rule names an unknown field or level, its odds have another shape, or the
            margins cannot be met beside the rules.
    """

    kind: FieldKind
    detail: str  # where the table comes from, for each person's profile
    fields: tuple[Levels, ...]
    associations: tuple[Association, ...] = ()
    rules: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Declared:
        levels = {field.name: tuple(field.shares) for field in self.fields}
        if len(levels) != len(self.fields) or prod(map(len, levels.values())) > _MOST_CELLS:
            raise ValueError(f"fields: expected different names and at most {_MOST_CELLS:,} combinations, got {', '.join(levels)}")
        linked = [(link.one, link.other) for link in self.associations] + [(rule.one, rule.other) for rule in self.rules]
        for one, other in linked:
            if one not in levels or other not in levels or one == other:
                raise ValueError(f"{one} with {other}: expected two of {', '.join(levels)}")
        for association in self.associations:
            shape = (len(levels[association.one]), len(levels[association.other]))
            odds = np.array(association.odds, float)
            if odds.shape != shape or not (odds > 0).all():
                raise ValueError(f"{association.one} with {association.other}: expected odds above 0 of shape {shape}, got {odds.shape}")
        for rule in self.rules:
            unknown = [*(set(rule.levels) - set(levels[rule.one])), *(set(rule.with_levels) - set(levels[rule.other]))]
            if unknown:
                raise ValueError(f"rule {rule.reason!r}: unknown level {unknown[0]!r}")
        off = max(float(np.abs(self.margin(f.name) - self.shares(f.name)).max()) for f in self.fields)
        if off > 1e-6:
            raise ValueError(f"margins: raking misses them by {off:.3g}; the rules leave no table that meets them")
        return self

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def content(self) -> str:
        """Everything that is declared, as JSON: two joints with the same content are the same."""
        return self.model_dump_json()

    def levels(self, name: str) -> tuple[str, ...]:
        """Return the levels of a field, in order."""
        return self._levels[name]

    @cached_property
    def _levels(self) -> Mapping[str, tuple[str, ...]]:
        return {field.name: tuple(field.shares) for field in self.fields}

    def shares(self, name: str) -> Array:
        """Return the declared margin of a field, shape (levels,), sum 1."""
        return np.array(list(self.fields[self.names.index(name)].shares.values()), float) / BLOCK

    @cached_property
    def table(self) -> Array:
        """The joint, shape (levels of the first field, ..., levels of the last), sum 1."""
        table = np.ones([len(field.shares) for field in self.fields])
        for link in self.associations:
            table = table * self._spread(link.one, link.other, np.array(link.odds, float))
        for rule in self.rules:
            table = table * self._spread(rule.one, rule.other, self.allowed(rule))
        for _ in range(_SWEEPS):
            before = table
            for axis, field in enumerate(self.fields):
                now = table.sum(axis=tuple(i for i in range(table.ndim) if i != axis))
                ratio = np.divide(self.shares(field.name), now, out=np.zeros_like(now), where=now > 0)
                table = table * ratio.reshape([-1 if i == axis else 1 for i in range(table.ndim)])
            if float(np.abs(table - before).max()) < _CLOSE:
                break
        return np.asarray(table)

    def margin(self, name: str) -> Array:
        """Return the table's margin of a field, shape (levels,)."""
        keep = self.names.index(name)
        return np.asarray(self.table.sum(axis=tuple(i for i in range(self.table.ndim) if i != keep)))

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], Array]:
        """The table's margin of each two fields, first before second in order, shape (levels, levels)."""
        n = len(self.fields)
        return {
            (self.names[i], self.names[j]): np.asarray(self.table.sum(axis=tuple(k for k in range(n) if k not in (i, j))))
            for i in range(n)
            for j in range(i + 1, n)
        }

    def allowed(self, rule: Rule) -> Array:
        """Return 0 where a rule forbids a pair of levels and 1 elsewhere, shape (levels of one, levels of the other)."""
        one = np.isin(self.levels(rule.one), rule.levels)
        other = np.isin(self.levels(rule.other), rule.with_levels)
        return np.asarray(1.0 - np.outer(one, other))

    def _spread(self, one: str, other: str, values: Array) -> Array:
        """Return a table of two fields in the shape of the joint."""
        i, j = self.names.index(one), self.names.index(other)
        shape = [1] * len(self.fields)
        shape[i], shape[j] = values.shape
        return (values if i < j else values.T).reshape(shape)

"""Which of the groups that were found lie inside others of them, so that what is one finding is not told as two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .conditions import Condition
from .confirmation import SliceSummary


class Nested(NamedTuple):
    """A group, and the group above it in the list that it lies in."""

    group: SliceSummary
    inside: SliceSummary | None = None

    @property
    def words(self) -> str:
        """Who is in it: all its conditions, or what it asks for beyond those of the group that it lies in."""
        shared = () if self.inside is None else self.inside.conditions
        return " and ".join(c.words for c in self.group.conditions if c not in shared)

    @property
    def adds(self) -> bool:
        """Whether it fails more than the group that it lies in, on fresh data where both were tried, else as found."""
        if self.inside is None:
            return True
        own, outer = (
            (self.group.fresh, self.inside.fresh) if self.group.fresh and self.inside.fresh else (self.group.found, self.inside.found)
        )
        return own.estimate is None or outer.estimate is None or own.estimate > outer.estimate


def nested(groups: Sequence[SliceSummary]) -> list[Nested]:
    """Return groups in their order, each that lies in another right behind that one; in several: behind the first of them.

    Args:
        groups: What was found, clearest first.
    """
    outer = [next((other for other in groups if _lies_in(group, other) and not _in_any(other, groups)), None) for group in groups]
    rows = []
    for group, around in zip(groups, outer, strict=True):
        if around is None:
            rows.append(Nested(group))
            rows += [Nested(one, group) for one, its in zip(groups, outer, strict=True) if its is group]
    return rows


def _in_any(group: SliceSummary, groups: Sequence[SliceSummary]) -> bool:
    return any(_lies_in(group, other) for other in groups)


def _lies_in(inner: SliceSummary, outer: SliceSummary) -> bool:
    """Tell whether everybody in one group is in the other, and not the other way round, by what their conditions say."""
    return _all_of(inner, outer) and not _all_of(outer, inner)


def _all_of(inner: SliceSummary, outer: SliceSummary) -> bool:
    return all(any(_implies(mine, theirs) for mine in inner.conditions) for theirs in outer.conditions)


def _implies(narrow: Condition, wide: Condition) -> bool:
    if (narrow.kind, narrow.field) != (wide.kind, wide.field):
        return False
    if narrow.kind != "axis":
        return (narrow.held, narrow.value) == (wide.held, wide.value)
    ends = [((c.low or 0.0), 1.0 if c.high is None else c.high) for c in (narrow, wide)]
    return ends[0][0] >= ends[1][0] and ends[0][1] <= ends[1][1]

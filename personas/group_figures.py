"""What is said of groups: coverage of pairs and of whole groups, regions that meet, and the rows beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ..sim.types import Frozen


class Spread(Frozen):
    """A coverage on every axis, in short."""

    mean: float
    min: float


class AxisGroups(Frozen):
    """What groups cover on one axis."""

    pairs: float | None  # share of the triangle of unordered pairs within the radius of a pair that meets; None for people alone
    compositions: float  # share of the possible (mean, range) within the radius of a group


class Meetings(Frozen):
    """Which regions meet."""

    inhabited: int  # regions in which anybody stands
    possible: int  # unordered pairs of these; one of a region with itself where two people stand in it
    met: int  # pairs of regions of which people sit together at least once
    share: float | None  # None where none is possible


class GroupRow(Frozen):
    """The main figures of one way to seat people."""

    pairs: Spread | None  # None for people alone
    compositions: Spread
    regions: float | None  # share of possible pairs of regions that meet


class GroupReferences(Frozen):
    """Other ways to seat the same people in as many groups, and what an even layout of as many would score."""

    random: GroupRow  # mean over draws
    assortative: GroupRow  # alike people together
    ideal: GroupRow  # pairs and compositions of nobody: evenly laid out; regions: as many as pairs allow


class GroupCoverage(Frozen):
    """How much of the possible pairs and mixtures of people some groups cover. Positions are as given, without noise."""

    people: int
    groups: int
    size: int
    pairs_counted: int  # pairs within groups, those that meet again included
    used: tuple[int, int]  # in how many groups the person sits who sits in the fewest, and in the most
    axes: Mapping[str, AxisGroups]
    pairs: Spread | None  # over the axes; None for people alone
    compositions: Spread
    regions: Meetings
    pair_radius: float | None
    composition_radius: float
    radius_source: str
    random_draws: int
    references: GroupReferences

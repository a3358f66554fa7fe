"""Rooms of several people: who sits with whom, and how much of the possible pairs and mixtures that covers.

A population that covers the space of single people can still be seated so that like meets like. What happens in a
room depends on who meets whom, so pairs within groups have a space of their own, and whole groups one of mixtures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.errors import InputError
from ..sim.seeds import check_seed, derive
from ..sim.types import Frozen
from . import group_points as ideal
from .coverage import share_within
from .group_designs import alike_seating, grid_regions, pair_columns, random_seating, spread_seating
from .group_figures import AxisGroups, GroupCoverage, GroupReferences, GroupRow, Meetings, Spread
from .persona import Persona
from .points import as_positions

Array = NDArray[np.float64]

RANDOM_DRAWS = 20
"""Random seatings that the reference row is averaged over; fewer where there are more than 200,000 seats in all."""

_MOST_SEATS = 200_000
_LEAST_DRAWS = 3


class Groups(Frozen):
    """Who sits with whom. Everybody sits in floor or ceil of (groups x size / people) groups, in none of them twice."""

    ids: tuple[str, ...]  # of the people, in the order they came
    members: tuple[tuple[int, ...], ...]  # a group's people by number, from 0, rising
    size: int
    seed: int

    @property
    def named(self) -> tuple[tuple[str, ...], ...]:
        """The groups by id."""
        return tuple(tuple(self.ids[i] for i in group) for group in self.members)


class _Scale(NamedTuple):
    """Radii that all rows share."""

    pairs: float | None
    compositions: float


def compose(people: Sequence[Persona] | ArrayLike, size: int, count: int, seed: int = 0) -> Groups:
    """Seat people so that the pairs within groups cover the pairs of people there could be.

    A seeded local search from a random seating (see :func:`~.group_designs.spread_seating`); neither the order of
    people nor of axes but the first three, which make the regions, is meant to matter.

    Args:
        people: Personas, or positions of shape (people, K).
        size: People a group, 1 or more and no more than there are.
        count: Number of groups, 1 or more.
        seed: Gives start and search.

    Returns:
        The groups.

    Raises:
        InputError: If an argument is no use.

    Example:
        >>> sorted(compose([[0.0], [0.5], [1.0]], size=2, count=3).members)
        [(0, 1), (0, 2), (1, 2)]
    """
    ids, x = _positions_of(people)
    _check_count("count", count, None)
    _check_count("size", size, len(x))
    first = check_seed(seed)
    order = _canonical(x, ids)
    rng = derive(first, "groups", len(x), size, count)
    seats = order[spread_seating(x[order], size, count, rng, grid_regions(x[order]))]
    members = tuple(tuple(sorted(group)) for group in seats.tolist())
    return Groups(ids=ids, members=members, size=size, seed=first)


def group_coverage(
    positions: ArrayLike,
    groups: Groups | Sequence[Sequence[int]],
    *,
    axes: Sequence[str] | None = None,
    regions: Sequence[int] | None = None,
) -> GroupCoverage:
    """Say how much of the possible pairs and mixtures of people some groups cover.

    Per axis, the pairs that sit together are points (low, high) of the triangle low <= high of [0, 1]^2, and groups
    points (mean, range) of the shape that these can have. A point of the shape counts as covered within the radius
    at which a scrambled Sobol set of as many points, mapped on to the shape, covers 99 % of it on average (20 seeded
    draws); balls are closed, evaluation points fixed.

    Args:
        positions: Shape (people, K), values in [0, 1].
        groups: Row numbers of the people of each group, all groups of one size.
        axes: Names of the axes; None: "axis0", "axis1", ...
        regions: A region's number for each person; None: a grid of three equally wide bins on the first three axes.

    Raises:
        InputError: If positions, groups, axes or regions are off.

    Source: coverage radius as in arXiv 2602.03545, for pairs and groups in place of people.
    """
    x = as_positions(positions)
    seats = _seats_of(groups, len(x))
    names = _axis_names(axes, x.shape[1])
    labels = grid_regions(x) if regions is None else _regions_of(regions, len(x))
    count, size = seats.shape
    pairs = count * size * (size - 1) // 2
    scale = _Scale(ideal.pair_radius(pairs) if pairs else None, ideal.composition_radius(count, size))
    by_axis = _by_axis(x, seats, scale)
    row, meetings = _row(by_axis), _meetings(labels, seats)
    used = np.bincount(seats.ravel(), minlength=len(x))
    draws = max(_LEAST_DRAWS, min(RANDOM_DRAWS, _MOST_SEATS // seats.size))
    return GroupCoverage(
        people=len(x),
        groups=count,
        size=size,
        pairs_counted=pairs,
        used=(int(used.min()), int(used.max())),
        axes=dict(zip(names, by_axis, strict=True)),
        pairs=row.pairs,
        compositions=row.compositions,
        regions=meetings,
        pair_radius=scale.pairs,
        composition_radius=scale.compositions,
        radius_source=f"scrambled Sobol set of as many points on the same shape covers {ideal.TARGET:.0%}, mean of {ideal.DRAWS} draws",
        random_draws=draws,
        references=_references(x, labels, seats, scale, draws, meetings.possible),
    )


def pair_coverages(positions: ArrayLike, groups: Groups | Sequence[Sequence[int]], radius: float | None = None) -> tuple[float, ...]:
    """Return for each axis the share of the triangle of unordered pairs that lies within a radius of a pair that meets.

    Args:
        positions: Shape (people, K), values in [0, 1].
        groups: As in :func:`group_coverage`; of two people or more.
        radius: Of the closed balls; None takes that of an ideal design of as many pairs.

    Raises:
        InputError: If positions or groups are off.
    """
    x = as_positions(positions)
    seats = _seats_of(groups, len(x))
    if seats.shape[1] < 2:
        raise InputError("groups", "groups of two people or more", "people alone")
    reach = ideal.pair_radius(len(seats) * len(pair_columns(seats.shape[1])[0])) if radius is None else radius
    return tuple(_pairs_covered(x[:, k], seats, reach) for k in range(x.shape[1]))


def composition_coverages(positions: ArrayLike, groups: Groups | Sequence[Sequence[int]], radius: float | None = None) -> tuple[float, ...]:
    """Return for each axis the share of the possible (mean, range) that lies within a radius of a group (arguments as above)."""
    x = as_positions(positions)
    seats = _seats_of(groups, len(x))
    reach = ideal.composition_radius(*seats.shape) if radius is None else radius
    return tuple(_compositions_covered(x[:, k], seats, reach) for k in range(x.shape[1]))


def _pairs_covered(x: Array, seats: NDArray[np.int64], radius: float) -> float:
    first, second = pair_columns(seats.shape[1])
    met = np.stack([x[seats[:, first]].ravel(), x[seats[:, second]].ravel()], axis=1)
    return share_within(ideal.fold(met), ideal.pair_points(), radius)


def _compositions_covered(x: Array, seats: NDArray[np.int64], radius: float) -> float:
    values = np.sort(x[seats], axis=1)  # so that the order of a group's members changes no rounding of its mean
    made = np.stack([values.mean(axis=1), values[:, -1] - values[:, 0]], axis=1)
    return share_within(made, ideal.composition_points(seats.shape[1]), radius)


def _by_axis(x: Array, seats: NDArray[np.int64], scale: _Scale) -> list[AxisGroups]:
    return [
        AxisGroups(
            pairs=None if scale.pairs is None else _pairs_covered(x[:, k], seats, scale.pairs),
            compositions=_compositions_covered(x[:, k], seats, scale.compositions),
        )
        for k in range(x.shape[1])
    ]


def _row(by_axis: Sequence[AxisGroups], regions: float | None = None) -> GroupRow:
    pairs = [axis.pairs for axis in by_axis if axis.pairs is not None]
    return GroupRow(pairs=_spread(pairs) if pairs else None, compositions=_spread([axis.compositions for axis in by_axis]), regions=regions)


def _spread(values: Sequence[float]) -> Spread:
    return Spread(mean=float(np.mean(values)), min=float(min(values)))


def _meetings(labels: NDArray[np.int64], seats: NDArray[np.int64]) -> Meetings:
    """Count the pairs of regions that could meet and that do."""
    _, numbers, standing = np.unique(labels, return_inverse=True, return_counts=True)
    inhabited = len(standing)
    possible = inhabited * (inhabited - 1) // 2 + int((standing > 1).sum())
    first, second = pair_columns(seats.shape[1])
    at = numbers.reshape(-1)[seats]
    low, high = np.minimum(at[:, first], at[:, second]), np.maximum(at[:, first], at[:, second])
    met = len(np.unique(low * inhabited + high))
    return Meetings(inhabited=inhabited, possible=possible, met=met, share=met / possible if possible else None)


def _references(x: Array, labels: NDArray[np.int64], seats: NDArray[np.int64], scale: _Scale, draws: int, possible: int) -> GroupReferences:
    count, size = seats.shape
    order = _canonical(x, labels)
    ordered, regions = x[order], labels[order]

    def row(seating: NDArray[np.int64]) -> GroupRow:
        return _row(_by_axis(ordered, seating, scale), _meetings(regions, seating).share)

    at_random = [row(random_seating(len(x), size, count, derive(0, "groups", "random", len(x), size, count, d))) for d in range(draws)]
    pairs = count * size * (size - 1) // 2
    return GroupReferences(
        random=_mean_row(at_random),
        assortative=row(alike_seating(ordered, size, count)),
        ideal=GroupRow(
            pairs=None if scale.pairs is None else _ideal_row(ideal.ideal_pairs, pairs, ideal.pair_points(), scale.pairs, draws),
            compositions=_ideal_row(
                lambda n, draw: ideal.ideal_compositions(n, size, draw), count, ideal.composition_points(size), scale.compositions, draws
            ),
            regions=min(pairs, possible) / possible if possible else None,
        ),
    )


def _ideal_row(design: Callable[[int, int], Array], count: int, points: Array, radius: float, draws: int) -> Spread:
    """Return what evenly laid out sets score, mean over draws; they have but one axis, so that the worst is the mean."""
    n = min(count, ideal.MOST_POINTS)
    reach = radius * float(np.sqrt(count / n))  # undoes the scaling, since the sets stop at so many points
    mean = float(np.mean([share_within(design(n, draw), points, reach) for draw in range(draws)]))
    return Spread(mean=mean, min=mean)


def _mean_row(rows: Sequence[GroupRow]) -> GroupRow:
    def mean(values: Sequence[Spread]) -> Spread:
        return Spread(mean=float(np.mean([v.mean for v in values])), min=float(np.mean([v.min for v in values])))

    pairs = [row.pairs for row in rows if row.pairs is not None]
    regions = [row.regions for row in rows if row.regions is not None]
    return GroupRow(
        pairs=mean(pairs) if pairs else None,
        compositions=mean([row.compositions for row in rows]),
        regions=float(np.mean(regions)) if regions else None,
    )


def _canonical(x: Array, beside: Sequence[str] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the order of people by position, then by something of their own, so that the order they came in does not matter."""
    return np.asarray(np.lexsort((np.asarray(beside), *x.T[::-1])))


def _positions_of(people: Sequence[Persona] | ArrayLike) -> tuple[tuple[str, ...], Array]:
    """Return ids and positions."""
    listed = list(people) if isinstance(people, Sequence) else []
    found = [person for person in listed if isinstance(person, Persona)]
    if not found or len(found) != len(listed):
        x = as_positions(np.asarray(people, float))
        return tuple(f"p{i:04d}" for i in range(len(x))), x
    axes = list(found[0].position)
    for person in found:
        if set(person.position) != set(axes):
            raise InputError(f"{person.id}: position", "the axes " + ", ".join(axes), ", ".join(person.position))
    return tuple(person.id for person in found), as_positions([[person.position[axis] for axis in axes] for person in found])


def _seats_of(groups: Groups | Sequence[Sequence[int]], people: int) -> NDArray[np.int64]:
    """Return groups as an array, shape (groups, size)."""
    given = [list(group) for group in (groups.members if isinstance(groups, Groups) else groups)]
    if not given or not given[0]:
        raise InputError("groups", "at least one group with somebody in it", given)
    for number, group in enumerate(given):
        if len(group) != len(given[0]):
            raise InputError(f"groups[{number}]", f"{len(given[0])} people, as in the first group", len(group))
        if len(set(group)) != len(group):
            raise InputError(f"groups[{number}]", "nobody twice", group)
        if not all(0 <= person < people for person in group):
            raise InputError(f"groups[{number}]", f"people from 0 to {people - 1}", group)
    return np.array(given, np.int64)


def _axis_names(axes: Sequence[str] | None, k: int) -> tuple[str, ...]:
    names = tuple(f"axis{i}" for i in range(k)) if axes is None else tuple(axes)
    if len(names) != k or len(set(names)) != k:
        raise InputError("axes", f"{k} different names", names)
    return names


def _regions_of(regions: Sequence[int], people: int) -> NDArray[np.int64]:
    if len(regions) != people:
        raise InputError("regions", f"a region for each of {people} people", len(regions))
    return np.asarray(regions, np.int64)


def _check_count(field: str, value: object, most: int | None) -> None:
    expected = "a whole number of 1 or more" + ("" if most is None else f", at most the {most} people there are")
    if isinstance(value, bool) or not isinstance(value, int) or value < 1 or (most is not None and value > most):
        raise InputError(field, expected, value)

"""Who sits with whom in a run: everybody once a replicate, with other people each time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.errors import InputError
from ..sim.seeds import check_seed, derive
from .group_designs import pair_columns
from .groups import compose
from .points import as_positions

GROUPS_A_POOL, PEOPLE_A_POOL = 2, 6
"""Fewest groups, and about the fewest people, who change places among each other: in larger pools more different people meet, but
there are fewer pools, and so fewer independent clusters (see ``experiments.statistics.rooms``)."""

DRAWS = 200
"""Seatings of a pool that are drawn for a replicate; the one with the fewest people who have met is taken."""

Group = tuple[int, ...]


class Seating:
    """A seeded partition of people into groups for each replicate.

    People are dealt into pools of two or three groups, so that the pairs within pools cover the pairs of people there
    could be (:func:`~.groups.compose`); in each replicate a pool is seated anew, such that few meet again. Who is in which
    pool never changes, so that whatever one person does to others stays in the pool: pools are independent of each
    other, and statistics count them as clusters. Without pools everybody would soon be linked to everybody.

    The groups of a replicate follow from ids, positions, seed and the replicate's number alone. Sizes differ by at most one.
    People alone are a pool each, in the order they came.

    Args:
        ids: Of the people.
        positions: Where they are, shape (people, axes), in [0, 1].
        size: People a group, wanted.
        at_least: Fewest people a group may have.
        at_most: Most people a group may have.
        seed: The run's seed.
        field: What to name in an error.

    Attributes:
        pools: Who is in which, by number.

    Raises:
        InputError: If so many people cannot be seated so; it says how many could.

    Example:
        >>> seating = Seating(["a", "b", "c", "d"], [[0.1], [0.2], [0.8], [0.9]], 2, at_least=2, at_most=2)
        >>> sorted(sorted(group) for group in seating.groups(0)), sorted(sorted(group) for group in seating.groups(1))
        ([[0, 2], [1, 3]], [[0, 1], [2, 3]])
    """

    def __init__(
        self,
        ids: Sequence[str],
        positions: ArrayLike,
        size: int,
        *,
        at_least: int = 1,
        at_most: int | None = None,
        seed: int = 0,
        field: str = "personas",
    ) -> None:
        sizes = group_sizes(len(ids), size, at_least, at_most)
        if sizes is None:
            raise _impossible(len(ids), size, at_least, at_most, field)
        self._seed = check_seed(seed)
        self._ids = tuple(ids)
        if size == 1:
            self._sizes = [[1] for _ in ids]
            self.pools: tuple[Group, ...] = tuple((i,) for i in range(len(ids)))
        else:
            self._sizes = _dealt(sizes, size)
            self.pools = self._compose(as_positions(positions))
        self._met = [np.zeros((len(pool), len(pool)), np.int64) for pool in self.pools]
        self._seated: list[list[tuple[Group, ...]]] = [[] for _ in self.pools]

    def groups(self, replicate: int) -> list[Group]:
        """Return the groups of a replicate, pool by pool; a group's people are in the order of their seats."""
        return [group for pool in range(len(self.pools)) for group in self.of_pool(pool, replicate)]

    def of_pool(self, pool: int, replicate: int) -> tuple[Group, ...]:
        """Return the groups of one pool in a replicate, counted from 0."""
        seated = self._seated[pool]
        while len(seated) <= replicate:
            seated.append(self._next(pool, len(seated)))
        return seated[replicate]

    def _compose(self, positions: NDArray[np.float64]) -> tuple[Group, ...]:
        """Deal people into pools; those over the size that all pools have are drawn at random and added."""
        wanted = [sum(sizes) for sizes in self._sizes]
        least, n = min(wanted), len(self._ids)
        shuffled = derive(self._seed, "seating", n).permutation(n)
        dealt, over = np.sort(shuffled[: least * len(wanted)]), iter(shuffled[least * len(wanted) :].tolist())
        members = compose(positions[dealt], least, len(wanted), self._seed).members if len(wanted) > 1 else [tuple(range(least))]
        pools = [[int(dealt[i]) for i in group] for group in members]
        return tuple((*pool, *(next(over) for _ in range(size - least))) for pool, size in zip(pools, wanted, strict=True))

    def _next(self, pool: int, replicate: int) -> tuple[Group, ...]:
        """Seat a pool once more."""
        people, sizes = self.pools[pool], self._sizes[pool]
        if len(people) == 1:
            return (people,)
        met = self._met[pool]
        starts = np.cumsum([0, *sizes]).tolist()
        seats = [pair_columns(size) for size in sizes]
        first = np.concatenate([np.array(a, np.int64) + start for (a, _), start in zip(seats, starts[:-1], strict=True)])
        second = np.concatenate([np.array(b, np.int64) + start for (_, b), start in zip(seats, starts[:-1], strict=True)])
        rng = derive(self._seed, "seating", len(self._ids), pool, replicate)
        draws = rng.permuted(np.tile(np.arange(len(people)), (DRAWS, 1)), axis=1)
        order = draws[int(np.argmin((met[draws[:, first], draws[:, second]] ** 2).sum(axis=1)))]
        for a, b in ((first, second), (second, first)):
            met[order[a], order[b]] += 1
        return tuple(tuple(people[i] for i in order[a:b].tolist()) for a, b in pairwise(starts))


def group_sizes(people: int, size: int, at_least: int = 1, at_most: int | None = None) -> list[int] | None:
    """Return sizes of groups that seat everybody once, as near to ``size`` as can be and not further from it than one; None if there are none.

    Example:
        >>> group_sizes(10, 3, at_least=2), group_sizes(7, 2, at_least=2, at_most=2)
        ([4, 3, 3], None)
    """
    least, most = max(at_least, size - 1, min(size, 2)), size + 1 if at_most is None else min(at_most, size + 1)
    possible = range(-(-people // most), people // least + 1)
    if people < 1 or not possible:
        return None
    count = min(possible, key=lambda m: (abs(people / m - size), -m))
    return [people // count + (i < people % count) for i in range(count)]


def _dealt(sizes: Sequence[int], size: int) -> list[list[int]]:
    """Deal groups into as many pools as can be."""
    pools = max(1, len(sizes) // max(GROUPS_A_POOL, -(-PEOPLE_A_POOL // size)))
    return [list(sizes[i::pools]) for i in range(pools)]


def _impossible(people: int, size: int, at_least: int, at_most: int | None, field: str) -> InputError:
    def works(n: int) -> bool:
        return group_sizes(n, size, at_least, at_most) is not None

    below = next((n for n in range(people - 1, 0, -1) if works(n)), None)
    above = next(n for n in range(people + 1, people + 2 * size + 2) if works(n))
    near = f"{above}" if below is None else f"{below} or {above}"
    span = f"{size}" if at_least == at_most else f"about {size}"
    return InputError(field, f"as many people as sit in groups of {span}, everybody once a replicate", people, f"Try {near}.")

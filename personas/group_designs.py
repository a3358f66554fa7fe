"""Ways to seat people in groups of one size: at random, alike together, and spread so that pairs cover the space.

Every design seats everybody floor or ceil of (groups x size / people) times and nobody twice in a group. Positions
are arrays of shape (people, K) in [0, 1]; a seating is an array of row numbers, shape (groups, size).
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Seating = NDArray[np.int64]

MOST_SWAPS = 400_000
"""Swaps that a spread design proposes in all, where the least and the most rounds allow it."""

_LEAST_ROUNDS, _MOST_ROUNDS = 30, 2_000
_PATIENCE = 120  # rounds without a better seating, after which no more are tried
_CELLS_A_PAIR = 0.7  # bins an axis, as a share of what gives each pair a cell of its own
_FINEST, _FEWEST_BINS = 160, 2
_COARSER = 1.6  # times wider are the bins of the second grid
_REGIONS_COUNT = 2  # times as much as the cells of one axis
_KNOWN_UP_TO = 250  # people, among whom two who met already are kept apart; of more, few meet twice


def pair_columns(size: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the seats of each pair of seats, first and second."""
    pairs = list(combinations(range(size), 2))
    return tuple(i for i, _ in pairs), tuple(j for _, j in pairs)


def random_seating(n: int, size: int, count: int, rng: np.random.Generator) -> Seating:
    """Seat people at random.

    Groups are cut from shuffled rounds of everybody. Where a round ends inside a group, those who sit in it already
    come later in the next round.

    Args:
        n: Number of people, at least ``size``.
        size: People a group.
        count: Number of groups.
        rng: Shuffles.
    """
    slots: list[int] = []
    while len(slots) < size * count:
        order = rng.permutation(n).tolist()
        open_ = len(slots) % size
        if open_:
            seated = set(slots[-open_:])
            fresh = [person for person in order if person not in seated]
            first = fresh[: size - open_]
            taken = set(first)
            order = first + [person for person in order if person not in taken]
        slots += order
    return np.array(slots[: size * count], np.int64).reshape(count, size)


def alike_seating(x: Array, size: int, count: int) -> Seating:
    """Seat neighbours together: groups are cut from the order of a k-d tree, as often round as is needed."""
    slots = np.resize(_tree_order(x, np.arange(len(x))), size * count)
    return np.asarray(slots.reshape(count, size))


def _tree_order(x: Array, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Order people so that those next to each other are alike: halve at the median of the widest axis, again and again."""
    if len(rows) < 3:
        return rows
    spans = x[rows].max(axis=0) - x[rows].min(axis=0)
    ordered = rows[np.argsort(x[rows, int(spans.argmax())], kind="stable")]
    half = len(ordered) // 2
    return np.concatenate([_tree_order(x, ordered[:half]), _tree_order(x, ordered[half:])])


def spread_seating(x: Array, size: int, count: int, rng: np.random.Generator, regions: NDArray[np.int64] | None = None) -> Seating:
    """Seat people so that the pairs within groups are spread over the pairs there could be, on every axis.

    From a random seating on, two people of two groups change places wherever that puts pairs into emptier cells. For
    each axis the triangle of unordered pairs (low, high) is cut into about half as many square cells as there are pairs,
    and again into wider ones; pairs of regions are cells, too, and among at most 250 people each pair of people. A cell with c pairs costs 1 / (1 + c), so that an
    empty one gains the most.

    Args:
        x: Positions.
        size: People a group.
        count: Number of groups.
        rng: Gives the start and the proposals.
        regions: A region's number for each person, shape (people,).
    """
    seats = random_seating(len(x), size, count, rng)
    if size < 2 or count < 2:
        return seats
    tables = _Cells(x, size * (size - 1) // 2 * count, regions)
    counts = tables.count(seats)
    best, best_cost, since = seats.copy(), tables.cost(counts), 0
    for _ in range(min(_MOST_ROUNDS, max(_LEAST_ROUNDS, MOST_SWAPS // (count // 2)))):
        _swap_round(tables, seats, counts, rng)
        cost = tables.cost(counts)
        since = 0 if cost < best_cost - 1e-9 else since + 1
        if since == 0:
            best, best_cost = seats.copy(), cost
        elif since > _PATIENCE:
            break
    return best


class _Cells:
    """The cells that pairs of people fall into: one table after another in a flat array of counts.

    Args:
        x: Positions, shape (people, K).
        pairs: How many pairs there will be.
        regions: Region number of each person, or None.
    """

    def __init__(self, x: Array, pairs: int, regions: NDArray[np.int64] | None) -> None:
        fine = min(_FINEST, max(_FEWEST_BINS, math.ceil(_CELLS_A_PAIR * math.sqrt(2 * pairs))))
        coarse = max(_FEWEST_BINS, math.ceil(fine / _COARSER))
        labels = [np.minimum((x * bins).astype(np.int64), bins - 1) for bins in (fine, coarse)]
        widths = [fine] * x.shape[1] + [coarse] * x.shape[1]
        if len(x) <= _KNOWN_UP_TO:
            labels.append(np.arange(len(x)).reshape(-1, 1))
            widths.append(len(x))
        if regions is not None:
            labels.append(np.unique(regions, return_inverse=True)[1].reshape(-1, 1))
            widths.append(int(labels[-1].max()) + 1)
        self.labels = np.concatenate(labels, axis=1)  # (people, tables)
        self.widths = np.array(widths)
        self.starts = np.concatenate([[0], np.cumsum(self.widths**2)])
        # every table weighs the same, whatever the number of its cells that can be filled
        weights = 1 / self.widths
        if regions is not None:
            weights[-1] *= _REGIONS_COUNT
        self.weights = np.repeat(weights, self.widths**2)

    def of(self, first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the cell of each pair in each table, shape (..., tables)."""
        a, b = self.labels[first], self.labels[second]
        return np.asarray(np.minimum(a, b) * self.widths + np.maximum(a, b) + self.starts[:-1])

    def count(self, seats: Seating) -> NDArray[np.int64]:
        """Return how many pairs are in each cell."""
        first, second = pair_columns(seats.shape[1])
        cells = self.of(seats[:, first], seats[:, second])
        return np.bincount(cells.ravel(), minlength=int(self.starts[-1]))

    def cost(self, counts: NDArray[np.int64]) -> float:
        """Return what all cells cost together."""
        return float((self.weights / (1 + counts)).sum())


def _swap_round(cells: _Cells, seats: Seating, counts: NDArray[np.int64], rng: np.random.Generator) -> None:
    """Pair groups up at random, propose one swap for each pair of groups, and take about half of those that gain.

    Proposals are judged apart from each other, so not all are taken at once. Seats and counts change in place.
    """
    count, size = seats.shape
    half = count // 2
    order = rng.permutation(count)
    g, h = order[:half], order[half : 2 * half]
    i, j = rng.integers(size, size=half), rng.integers(size, size=half)
    a, b = seats[g, i], seats[h, j]
    others = np.arange(size - 1)
    stay_g = seats[g[:, None], others + (others >= i[:, None])]
    stay_h = seats[h[:, None], others + (others >= j[:, None])]
    valid = ~((stay_g == b[:, None]).any(axis=1) | (stay_h == a[:, None]).any(axis=1))
    lost = np.concatenate([cells.of(a[:, None], stay_g), cells.of(b[:, None], stay_h)], axis=1)
    won = np.concatenate([cells.of(b[:, None], stay_g), cells.of(a[:, None], stay_h)], axis=1)
    before, after = counts[lost], counts[won]
    # a cell with c pairs costs 1 / (1 + c): a pair more saves 1 / ((1 + c)(2 + c)), a pair less costs 1 / (c (1 + c))
    gain = (cells.weights[won] / ((1 + after) * (2 + after))).sum(axis=(1, 2))
    loss = (cells.weights[lost] / (before * (1 + before))).sum(axis=(1, 2))
    taken = valid & (gain > loss + 1e-12) & ((rng.random(half) < 0.5) | (half < 8))
    seats[g[taken], i[taken]], seats[h[taken], j[taken]] = b[taken], a[taken]
    length = len(counts)
    counts -= np.bincount(lost[taken].ravel(), minlength=length)
    counts += np.bincount(won[taken].ravel(), minlength=length)


def grid_regions(x: Array, bins: int = 3, most_axes: int = 3) -> NDArray[np.int64]:
    """Return each person's cell of a grid with equally wide bins on the first axes, shape (people,)."""
    k = min(most_axes, x.shape[1])
    at = np.minimum((x[:, :k] * bins).astype(np.int64), bins - 1)
    return np.asarray(at @ (bins ** np.arange(k)))

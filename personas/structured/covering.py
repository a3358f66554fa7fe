"""Designs that assign levels of factors to people: every pair of levels of two factors is to be met, evenly.

A design is a sequence of rows that has no end: the first n rows are the design of n people, so that a person's row
depends on their number alone. Rows hold one level a factor, from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError
from ...sim.seeds import derive

Rows = NDArray[np.int64]

ORTHOGONAL = "orthogonal array of strength 2"
GREEDY = "greedy covering design of strength 2"

PERIOD = 4_096
"""After so many rows a design begins again."""

_CANDIDATES = 24
_UNMET = 1_000.0  # what a pair that no row has counts for, beside how far any pair lags behind


class FactorMet(NamedTuple):
    """How the levels of one factor are used."""

    levels: int
    met: int
    imbalance: float  # largest distance of a level's count from its fair share, in people


class PairsMet(NamedTuple):
    """Which pairs of levels of two factors are met."""

    met: int
    possible: int

    @property
    def share(self) -> float:
        """Share of the pairs of levels."""
        return self.met / self.possible


def design_name(sizes: Sequence[int]) -> str:
    """Return which design factors of such numbers of levels get.

    An orthogonal array where this can build one: all factors have the same prime number p of levels, and there are
    2 to p + 1 of them. Otherwise a greedy covering design.
    """
    p = sizes[0] if sizes else 0
    same = len(set(sizes)) == 1 and 2 <= len(sizes) <= p + 1
    return ORTHOGONAL if same and p > 1 and all(p % d for d in range(2, int(p**0.5) + 1)) else GREEDY


def design_rows(sizes: Sequence[int], n: int, seed: int) -> Rows:
    """Return the levels of n people, shape (n, factors).

    Args:
        sizes: Number of levels of each factor, 1 or more.
        n: Number of people, 0 or more.
        seed: Gives the draw.

    Raises:
        InputError: If there is no factor, or one without a level.

    Example:
        >>> sorted(design_rows([2, 2, 2], 4, 0).tolist()) in ([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]],
        ...                                                   [[0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 1]])
        True
    """
    if not sizes or min(sizes) < 1:
        raise InputError("factors", "one or more, each with a level", list(sizes))
    length = min(PERIOD, 1 << max(6, (max(n, 1) - 1).bit_length()))
    rows = _rows(tuple(sizes), length, seed)
    return rows[np.arange(n) % PERIOD]


@lru_cache(maxsize=32)
def _rows(sizes: tuple[int, ...], length: int, seed: int) -> Rows:
    """Return the first rows of the design; a longer call begins with the same rows."""
    made = _orthogonal(sizes, length, seed) if design_name(sizes) == ORTHOGONAL else _greedy(sizes, length, seed)
    made.setflags(write=False)
    return made


def _orthogonal(sizes: tuple[int, ...], length: int, seed: int) -> Rows:
    """Return orthogonal arrays of p squared rows, one after another, each drawn and shuffled anew.

    Within an array no pair of levels comes twice, so that any number of its rows meets as many pairs as it could.

    Source: scipy's Latin hypercube of strength 2 (Tang 1993, Journal of the American Statistical Association 88).
    """
    from scipy.stats import qmc

    p, blocks = sizes[0], []
    for block in range(-(-length // p**2)):
        rng = derive(seed, "lattice", "orthogonal", p, len(sizes), block)
        sample = qmc.LatinHypercube(len(sizes), strength=2, rng=rng).random(p**2)
        blocks.append(np.minimum((sample * p).astype(np.int64), p - 1)[rng.permutation(p**2)])
    return np.concatenate(blocks)[:length]


def _greedy(sizes: tuple[int, ...], length: int, seed: int) -> Rows:
    """Return rows each of which meets many pairs that no row before it has, then those that lag behind.

    For each row 24 candidates are grown, factor by factor in random order, by the level that adds most; the best is
    taken. Source: the idea of AETG (Cohen, Dalal, Fredman & Patton 1997, IEEE Transactions on Software Engineering 23).
    """
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    owner = np.repeat(np.arange(len(sizes)), sizes)
    fair = 1 / (np.array(sizes)[owner][:, None] * np.array(sizes)[owner][None, :])
    fair[owner[:, None] == owner[None, :]] = 0
    single = 1 / np.array(sizes)[owner]
    met, used = np.zeros_like(fair), np.zeros(len(owner))
    rng = derive(seed, "lattice", "greedy", ",".join(map(str, sizes)))
    rows = np.empty((length, len(sizes)), np.int64)
    between = owner[:, None] != owner[None, :]
    places = starts[:, None] + np.minimum(
        np.arange(max(sizes)), np.array(sizes)[:, None] - 1
    )  # of the levels of each factor, the last one repeated
    for n in range(length):
        worth = np.where(between, _UNMET * (met == 0) + (n * fair - met), 0.0)
        at = _best_candidate(places, worth, n * single - used, rng)
        rows[n] = at - starts
        met[np.ix_(at, at)] += 1
        used[at] += 1
    return rows


def _best_candidate(places: NDArray[np.int64], worth: NDArray[np.float64], lag: NDArray[np.float64], rng: np.random.Generator) -> Rows:
    """Grow candidates side by side and return the places of the best one's levels, shape (factors,)."""
    k = len(places)
    order = rng.permuted(np.tile(np.arange(k), (_CANDIDATES, 1)), axis=1)
    gains = lag + rng.random((_CANDIDATES, len(lag))) * 0.5  # what each level would add, ties broken at random
    who = np.arange(_CANDIDATES)
    before = who * len(lag)  # where a candidate begins in the flat array of gains
    options = places[order] + before[:, None, None]
    grown = np.empty((_CANDIDATES, k), np.int64)
    total = np.zeros(_CANDIDATES)
    for step in range(k):
        open_ = options[:, step]
        best = open_[who, gains.take(open_).argmax(axis=1)]
        total += gains.take(best)
        grown[:, step] = best - before
        gains += worth.take(grown[:, step], axis=0)
    return np.sort(grown[int(total.argmax())])


def factors_met(rows: Rows, sizes: Sequence[int]) -> tuple[FactorMet, ...]:
    """Return how the levels of each factor are used."""
    out = []
    for column, size in zip(rows.T, sizes, strict=True):
        counts = np.bincount(column, minlength=size)
        out.append(FactorMet(size, int((counts > 0).sum()), float(np.abs(counts - len(rows) / size).max())))
    return tuple(out)


def pairs_met(rows: Rows, sizes: Sequence[int]) -> dict[tuple[int, int], PairsMet]:
    """Return for each two factors (i, j), i < j, how many pairs of their levels are met."""
    return {
        (i, j): PairsMet(int(np.count_nonzero(np.bincount(rows[:, i] * sizes[j] + rows[:, j]))), sizes[i] * sizes[j])
        for i, j in combinations(range(len(sizes)), 2)
    }


def rows_for_all_pairs(sizes: Sequence[int], seed: int, pairs: Sequence[tuple[int, int]]) -> int | None:
    """Return after how many rows a design has met every pair of levels of the given factors; None if never in its period."""
    needed = 0
    for length in (64, 512, PERIOD):
        rows = design_rows(sizes, length, seed)
        needed = 0
        for i, j in pairs:
            codes, first = np.unique(rows[:, i] * sizes[j] + rows[:, j], return_index=True)
            needed = PERIOD + 1 if len(codes) < sizes[i] * sizes[j] else max(needed, int(first.max()) + 1)
        if needed <= length:
            return needed
    return None


def random_rows(sizes: Sequence[int], n: int, rng: np.random.Generator) -> Rows:
    """Return levels drawn independently of each other, each equally likely, shape (n, factors)."""
    return np.stack([rng.integers(size, size=n) for size in sizes], axis=1)

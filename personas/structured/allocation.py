"""Who gets which level: whole people by quota, so that every margin is met to within one person however many there are."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import check_seed, derive
from .joint import BLOCK, Declared

Ints = NDArray[np.int64]

BLOCKS = 16
"""Different blocks of a hundred people; the sequence begins again after 1,600."""

_PROPOSALS = 24_000
_HEAT = 2.0
"""Cost that the first proposals may rise by; it falls to 0 in a straight line."""

_ROUNDS = 20
_FURTHEST = 10
_FORBIDDEN = 100.0
"""What a person with an impossible combination costs, in squared people."""


def allocate(declared: Declared, number: int, seed: int) -> dict[str, str]:
    """Return the levels of one person, known by number, so that any subset of people can be told alone.

    Of the first n people, each level of each field has floor(n x share) or ceil(n x share): the quota of every prefix.
    Each occurrence of a level has a window of places in which it keeps the quota (Baruah et al. 1996, Algorithmica 15,
    section 3); windows are served by earliest deadline, ties at random. Levels of one field are then exchanged between
    people where the quota allows it, until the counts of each two fields are close to the declared table (simulated
    annealing on the sum of squared differences). What the quota does not allow stays: strong associations come out a
    little weaker than declared, and :func:`~.audit.joint_audit` says by how much.

    Args:
        declared: The joint.
        number: The person's number, from 0.
        seed: The run's seed.

    Returns:
        Field to level.
    """
    row = _block(declared.names, check_seed(seed), number // BLOCK % BLOCKS, _Held(declared))[number % BLOCK]
    return {name: declared.levels(name)[int(level)] for name, level in zip(declared.names, row, strict=True)}


class _Held:
    """Carries a joint past the cache; two with the same content count as the same."""

    def __init__(self, declared: Declared) -> None:
        self.declared = declared

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.declared.content == other.declared.content

    def __hash__(self) -> int:
        return hash(self.declared.content)


@lru_cache(maxsize=128)
def _block(names: tuple[str, ...], seed: int, block: int, held: _Held) -> Ints:
    """Return the levels of a hundred people, shape (100, fields)."""
    declared = held.declared
    rng = derive(seed, "quota", *names, block)
    exchange = _Exchange(declared, np.stack([even_sequence(_counts(declared, name), rng) for name in names], axis=1))
    for _ in range(_ROUNDS):
        exchange.improve(rng)
        if not exchange.impossible:
            return exchange.levels
    raise RuntimeError(f"no block of {', '.join(names)} keeps the quota without impossible combinations")


def _counts(declared: Declared, name: str) -> list[int]:
    return [round(BLOCK * share) for share in declared.shares(name).tolist()]


def even_sequence(counts: list[int], rng: np.random.Generator) -> Ints:
    """Return levels in an order in which every prefix holds the floor or the ceiling of each level's quota.

    Args:
        counts: How often each level is to occur, each 1 or more.
        rng: Breaks ties.

    Returns:
        Shape (sum of counts,), values in [0, levels).
    """
    total = sum(counts)
    done = [0] * len(counts)
    out = np.empty(total, np.int64)
    for place in range(total):
        open_ = [
            (-((-(done[j] + 1) * total) // count), float(rng.random()), j)
            for j, count in enumerate(counts)
            if done[j] < count and done[j] * total // count <= place
        ]
        level = min(open_)[2]
        done[level] += 1
        out[place] = level
    return out


class _Pair:
    """How far the counts of two fields are from the table, and what it costs to move them; lists hold the table row by row.

    Args:
        declared: The joint.
        levels: Shape (people, fields).
        i: The field whose levels are rows.
        j: The field whose levels are columns, after ``i``.
    """

    __slots__ = ("_off", "_weight", "columns", "fewer", "forbids", "more", "never")

    def __init__(self, declared: Declared, levels: Ints, i: int, j: int) -> None:
        wanted = declared.pairs[declared.names[i], declared.names[j]]
        seen = np.zeros_like(wanted)
        np.add.at(seen, (levels[:, i], levels[:, j]), 1)
        self.columns = wanted.shape[1]
        self._off: list[float] = (seen - len(levels) * wanted).ravel().tolist()
        self._weight: list[float] = (1 / (1 + len(levels) * wanted)).ravel().tolist()
        self.more = [w * (1 + 2 * x) for w, x in zip(self._weight, self._off, strict=True)]  # cost of one person more
        self.fewer = [w * (1 - 2 * x) for w, x in zip(self._weight, self._off, strict=True)]
        self.never: list[bool] = (wanted < 1e-12).ravel().tolist()  # pairs of levels without mass
        self.forbids = any(self.never)

    def move(self, place: int, people: int) -> None:
        """Count so many people more with a pair of levels."""
        off, weight = self._off[place] + people, self._weight[place]
        self._off[place], self.more[place], self.fewer[place] = off, weight * (1 + 2 * off), weight * (1 - 2 * off)


class _Exchange:
    """A block of people whose levels are exchanged until pairs of fields are as declared.

    Args:
        declared: The joint.
        levels: Shape (people, fields), each column in the quota; changed in place.
    """

    def __init__(self, declared: Declared, levels: Ints) -> None:
        self.levels = levels
        self._rows = levels.tolist()
        n, fields = levels.shape
        self._pairs = {(i, j): _Pair(declared, levels, i, j) for i in range(fields) for j in range(i + 1, fields)}
        self._others = [
            [
                (j, pair, *((pair.columns, 1) if i < j else (1, pair.columns)))
                for j in range(fields)
                if j != i and (pair := self._pairs[min(i, j), max(i, j)])
            ]
            for i in range(fields)
        ]
        prefix = np.arange(n + 1)
        self._spare: list[list[int]] = []  # by field and level: bit i is set if the first i people could hold one fewer ...
        self._room: list[list[int]] = []  # ... and one more
        for i, name in enumerate(declared.names):
            counts = _counts(declared, name)
            held = np.stack([np.concatenate([[0], np.cumsum(levels[:, i] == level)]) for level in range(len(counts))])
            quota = np.outer(counts, prefix)
            self._spare.append([_bits(places) for places in held > quota // n])
            self._room.append([_bits(places) for places in held < -(-quota // n)])

    @property
    def impossible(self) -> int:
        """People's pairs of levels that the table gives no mass."""
        return sum(pair.never[row[i] * pair.columns + row[j]] for row in self._rows for (i, j), pair in self._pairs.items())

    def improve(self, rng: np.random.Generator) -> None:
        """Propose exchanges and make those that bring pairs of fields closer to the table; early ones may also lead away."""
        n, fields = self.levels.shape
        heat = (_HEAT * np.linspace(1, 0, _PROPOSALS) * rng.standard_exponential(_PROPOSALS)).tolist()
        which = rng.integers(fields, size=_PROPOSALS).tolist()
        first = rng.integers(n - 1, size=_PROPOSALS).tolist()
        ahead = rng.integers(1, _FURTHEST + 1, size=_PROPOSALS).tolist()
        for field, s, step, most in zip(which, first, ahead, heat, strict=True):
            t = min(n - 1, s + step)
            a, b = self._rows[s][field], self._rows[t][field]
            if a == b:
                continue
            window = (2 << t) - (2 << s)  # the prefixes that hold the one and not the other: each has to keep its quota
            if self._spare[field][a] & self._room[field][b] & window == window and self._gain(field, s, t) < most:
                self._swap(field, s, t, window)
        self.levels = np.array(self._rows, np.int64)

    def _gain(self, field: int, s: int, t: int) -> float:
        """Return by how much an exchange changes the cost: squared distance from the table, and impossible people."""
        one, two = self._rows[s], self._rows[t]
        a, b = one[field], two[field]
        change = 0.0
        for other, pair, step, other_step in self._others[field]:
            p, q = one[other] * other_step, two[other] * other_step
            if p == q:
                continue
            ap, aq, bp, bq = a * step + p, a * step + q, b * step + p, b * step + q
            more, fewer = pair.more, pair.fewer
            change += more[bp] + fewer[ap]
            change += more[aq] + fewer[bq]
            if pair.forbids:
                never = pair.never
                change += _FORBIDDEN * (never[bp] - never[ap] + never[aq] - never[bq])
        return change

    def _swap(self, field: int, s: int, t: int, window: int) -> None:
        """Exchange the levels of two people, with the bits of the prefixes that hold s and not t."""
        one, two = self._rows[s], self._rows[t]
        a, b = one[field], two[field]
        for other, pair, step, other_step in self._others[field]:
            p, q = one[other] * other_step, two[other] * other_step
            for place, moved in ((b * step + p, 1), (a * step + p, -1), (b * step + q, -1), (a * step + q, 1)):
                pair.move(place, moved)
        one[field], two[field] = b, a
        # In the window a was at the ceiling of its quota and is at the floor now, b the other way round.
        spare, room = self._spare[field], self._room[field]
        spare[a] ^= window
        room[a] ^= window
        spare[b] ^= window
        room[b] ^= window


def _bits(places: NDArray[np.bool_]) -> int:
    """Return a whole number whose bits are set at these places."""
    return sum(1 << int(place) for place in np.flatnonzero(places))

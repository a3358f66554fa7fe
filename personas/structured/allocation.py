"""Who gets which level: whole people by quota, so that every margin is met to within one person however many there are."""

from __future__ import annotations

from collections.abc import Iterator
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
        self._off: dict[tuple[int, int], list[list[float]]] = {}
        self._weight: dict[tuple[int, int], list[list[float]]] = {}
        self._more: dict[tuple[int, int], list[list[float]]] = {}  # what one person more with a pair of levels costs
        self._fewer: dict[tuple[int, int], list[list[float]]] = {}
        self._never: dict[tuple[int, int], list[list[bool]]] = {}
        for i in range(fields):
            for j in range(fields):
                if i != j:
                    self._compare(declared, i, j)
        prefix = np.arange(n + 1)
        self._count, self._slack = [], []
        for i, name in enumerate(declared.names):
            count = np.zeros((len(declared.levels(name)), n + 1), np.int64)
            for level in range(len(count)):
                count[level, 1:] = np.cumsum(levels[:, i] == level)
            quota = np.outer(_counts(declared, name), prefix)
            self._count.append(count.tolist())
            self._slack.append(((quota // n).tolist(), (-(-quota // n)).tolist()))
        self._others = [
            [(j, self._more[i, j], self._fewer[i, j], self._never[i, j], any(map(any, self._never[i, j]))) for j in range(fields) if j != i]
            for i in range(fields)
        ]

    @property
    def impossible(self) -> int:
        """People's pairs of levels that the table gives no mass."""
        return sum(self._never[i, j][row[i]][row[j]] for row in self._rows for i, j in self._never if i < j)

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
            if a != b and self._gain(field, s, t) < most and self._keeps_quota(field, s, t):
                self._swap(field, s, t)
        self.levels = np.array(self._rows, np.int64)

    def _compare(self, declared: Declared, i: int, j: int) -> None:
        """Hold how far the counts of two fields are from the table, and which pairs have no mass."""
        names = declared.names
        wanted = declared.pairs[names[i], names[j]] if i < j else declared.pairs[names[j], names[i]].T
        seen = np.zeros_like(wanted)
        np.add.at(seen, (self.levels[:, i], self.levels[:, j]), 1)
        self._off[i, j] = (seen - len(self.levels) * wanted).tolist()
        self._weight[i, j] = (1 / (1 + len(self.levels) * wanted)).tolist()
        self._more[i, j] = [[w * (1 + 2 * x) for w, x in zip(*rows, strict=True)] for rows in self._weighed(i, j)]
        self._fewer[i, j] = [[w * (1 - 2 * x) for w, x in zip(*rows, strict=True)] for rows in self._weighed(i, j)]
        self._never[i, j] = (wanted < 1e-12).tolist()

    def _weighed(self, i: int, j: int) -> Iterator[tuple[list[float], list[float]]]:
        return zip(self._weight[i, j], self._off[i, j], strict=True)

    def _move(self, i: int, j: int, a: int, p: int, people: int) -> None:
        """Count so many people more with a pair of levels."""
        self._off[i, j][a][p] += people
        weight, off = self._weight[i, j][a][p], self._off[i, j][a][p]
        self._more[i, j][a][p], self._fewer[i, j][a][p] = weight * (1 + 2 * off), weight * (1 - 2 * off)

    def _gain(self, field: int, s: int, t: int) -> float:
        """Return by how much an exchange changes the cost: squared distance from the table, and impossible people."""
        one, two = self._rows[s], self._rows[t]
        a, b = one[field], two[field]
        change = 0.0
        for other, more, fewer, never, some in self._others[field]:
            p, q = one[other], two[other]
            if p == q:
                continue
            change += more[b][p] + fewer[a][p]
            change += more[a][q] + fewer[b][q]
            if some:
                change += _FORBIDDEN * (never[b][p] - never[a][p] + never[a][q] - never[b][q])
        return change

    def _keeps_quota(self, field: int, s: int, t: int) -> bool:
        """Tell whether every prefix between two people keeps its quota once they exchange."""
        a, b = self._rows[s][field], self._rows[t][field]
        count, (low, high) = self._count[field], self._slack[field]
        of_a, least, of_b, most = count[a], low[a], count[b], high[b]
        return all(of_a[i] > least[i] and of_b[i] < most[i] for i in range(s + 1, t + 1))

    def _swap(self, field: int, s: int, t: int) -> None:
        """Exchange the levels of two people."""
        one, two = self._rows[s], self._rows[t]
        a, b = one[field], two[field]
        for other in range(len(one)):
            if other == field:
                continue
            for p, sign in ((one[other], 1), (two[other], -1)):
                for level, moved in ((b, sign), (a, -sign)):
                    self._move(field, other, level, p, moved)
                    self._move(other, field, p, level, moved)
        one[field], two[field] = b, a
        count = self._count[field]
        for i in range(s + 1, t + 1):
            count[a][i] -= 1
            count[b][i] += 1

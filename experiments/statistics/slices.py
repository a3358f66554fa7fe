"""Slices: groups of people, told in words, whom the target fails more than the others. Found here, confirmed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from .conditions import Condition, conditions
from .estimates import Difference, Rate
from .outcomes import INVALID, Bools, Floats, Ints, Outcomes
from .rates import Sample, rate
from .tails import MOST_INVALID
from .two_sample import difference, group_p, scores

SUPPORT = 5
"""Fewest people with a resolved episode that a slice, and the rest, must have."""

SAME = 0.8
"""Share of common people (Jaccard) from which two slices are one, told in two ways."""

HARDLY_LESS = 0.9
"""Share of the people of a simpler slice from which a further condition says nothing."""

DEEPEST = 3

_STRONGEST = 1_000
_BLOCK = 256


@dataclass(frozen=True)
class Slice:
    """People of whom some conditions hold, and their failure rate where they were found.

    A slice is found because its rate is high, so the rate and the difference found are too large on average; only
    what ``confirm`` says of fresh data is free of that.
    """

    conditions: tuple[Condition, ...]  # all of them hold
    axes: tuple[str, ...]  # what the columns of positions are
    people: int  # people in it with a resolved episode
    rate: Rate
    rest: Rate  # of everybody else
    difference: Difference  # rate minus rest
    p: float  # one-sided, alone
    q: float  # Benjamini-Hochberg over all slices looked at
    looked: int  # slices looked at
    method: str  # how p was made

    @property
    def name(self) -> str:
        """A name of letters, digits and underscores."""
        return "_and_".join(c.name for c in self.conditions)

    @property
    def definition(self) -> str:
        """Who is in it, in words; parts of an axis are those of the reference margin."""
        return " and ".join(c.words for c in self.conditions)

    def contains(self, people: Sequence[Persona], positions: Floats) -> Bools:
        """Tell who is in it, shape (n,), whether or not they were there when it was found.

        Args:
            people: Anybody, n of them.
            positions: Their positions, shape (n, K), in [0, 1].
        """
        return np.asarray(np.logical_and.reduce([c.holds(people, positions, self.axes) for c in self.conditions]))


def discover(
    people: Sequence[Persona], scenario: Scenario, positions: Floats, outcomes: Outcomes, *, depth: int = 2, q: float = 0.05, most: int = 10
) -> tuple[Slice, ...]:
    """Find the groups of people whom the target fails more than the rest.

    Every conjunction of up to ``depth`` conditions on different fields (:func:`conditions`) with at least
    :data:`SUPPORT` people inside and outside is looked at, unless it has :data:`HARDLY_LESS` of the people of a
    simpler one or more than 10 % of its episodes have an invalid simulator. Each person counts once, with the rate of
    their replicates. The one-sided p-value is that of a permutation of the rates among the people; it holds with people random, also
    where they share episodes, as long as who sits with whom does not depend on traits. Benjamini-Hochberg (1995) over all slices
    looked at keeps the false among those found to a share of ``q``; it is proved for positive dependence only, which
    slices and their opposites do not have, so what is found is a suspicion to be confirmed on fresh data.

    Of what is significant the clearest is taken; then the clearest that still says something within and
    without those already taken, corrected again; and so on. A slice gives way to a simpler one with nearly the same
    people (:data:`SAME`), or that it lies in and no longer differs from.

    Args:
        people: The population, in the order in which the outcomes count it.
        scenario: Declares axes and reference density.
        positions: Assigned positions, shape (n, K), in [0, 1].
        outcomes: One arm; for a single harm, with ``failed`` replaced by that harm's column.
        depth: Most conditions of a slice, 1 to 3.
        q: False discovery rate, in (0, 1].
        most: Most slices returned.

    Returns:
        The slices, clearest first; none where nobody or everybody failed alike.

    Raises:
        ValueError: If an argument is out of its range, or people, positions and outcomes differ in number.
    """
    _check(people, positions, outcomes, depth, q)
    k, n = Sample.of(outcomes).counts()
    there = n > 0
    if not there.any() or np.ptp(k[there] / n[there]) == 0:
        return ()
    vocabulary = conditions(people, scenario)
    holds = np.array([c.holds(people, positions, scenario.axes) for c in vocabulary], bool)
    score = scores(k[there], n[there])
    looked, sizes, sums = _looked(vocabulary, holds, depth, there, score, outcomes)
    if not looked:
        return ()
    p, exact = group_p(score, sizes, sums)
    adjusted = _benjamini_hochberg(p)
    order = np.lexsort((np.array([len(c) for c in looked]), p))
    order = order[adjusted[order] <= q][:_STRONGEST]
    taken = _distinct([looked[i] for i in order], holds[:, there], k[there] / n[there], q, most)
    return tuple(
        _slice(
            tuple(vocabulary[c] for c in looked[i]),
            _inside(holds, looked[i]),
            scenario.axes,
            outcomes,
            p[i],
            adjusted[i],
            len(p),
            bool(exact[i]),
        )
        for i in order[taken].tolist()
    )


def fresh_wanted(slices: Sequence[Slice], people: Sequence[Persona], positions: Floats) -> Bools:
    """Tell whom of a fresh population to play: all inside any slice, and the first as many outside, shape (n,).

    Args:
        slices: What was found.
        people: People of the same generator with another seed, in an order that has nothing to do with who they are.
        positions: Their positions, shape (n, K).
    """
    inside = inside_any(slices, people, positions)
    return np.asarray(inside | (np.cumsum(~inside) <= inside.sum()))


def inside_any(slices: Sequence[Slice], people: Sequence[Persona], positions: Floats) -> Bools:
    """Tell who is in at least one of the slices, shape (n,)."""
    return np.asarray(np.logical_or.reduce([s.contains(people, positions) for s in slices] or [np.zeros(len(people), bool)]))


def _check(people: Sequence[Persona], positions: Floats, outcomes: Outcomes, depth: int, q: float) -> None:
    if not 1 <= depth <= DEEPEST:
        raise ValueError(f"depth: expected 1 to {DEEPEST}, got {depth}")
    if not 0 < q <= 1:
        raise ValueError(f"q: expected a number in (0, 1], got {q}")
    if not len(people) == len(positions) == outcomes.n:
        raise ValueError(f"slices: expected as many positions and outcomes as people, got {len(people)}, {len(positions)} and {outcomes.n}")


def _looked(
    vocabulary: Sequence[Condition], holds: Bools, depth: int, there: Bools, score: Ints, outcomes: Outcomes
) -> tuple[list[tuple[int, ...]], Ints, Ints]:
    """Return the conjunctions worth a look, as indices of conditions, with their people and the sums of their scores."""
    whole = np.zeros(outcomes.n)
    whole[there] = score
    invalid = outcomes.of_people(outcomes.verdict == INVALID)
    values = np.stack([there.astype(float), whole, invalid, outcomes.of_people(outcomes.verdict <= INVALID)], axis=1)
    total = values.sum(axis=0)
    people: dict[tuple[int, ...], float] = {}
    looked: list[tuple[int, ...]] = []
    kept = []
    for size in range(1, depth + 1):
        chains = [c for c in combinations(range(len(vocabulary)), size) if _different(c, vocabulary)]
        if not chains:
            break
        sums = np.concatenate([block.astype(float) @ values for block in _masks(holds, chains)])
        people.update(zip(chains, sums[:, 0].tolist(), strict=True))
        rest = total - sums
        worth = (sums[:, 0] >= SUPPORT) & (rest[:, 0] >= SUPPORT)
        worth &= (sums[:, 2] <= MOST_INVALID * sums[:, 3]) & (rest[:, 2] <= MOST_INVALID * rest[:, 3])
        if size > 1:
            worth &= [people[c] < HARDLY_LESS * min(people[simpler] for simpler in combinations(c, size - 1)) for c in chains]
        looked += [chains[i] for i in np.flatnonzero(worth)]
        kept.append(sums[worth, :2])
    sizes, scored = np.rint(np.concatenate(kept)).astype(np.int64).T
    return looked, sizes, scored


def _different(chain: tuple[int, ...], vocabulary: Sequence[Condition]) -> bool:
    return len({(vocabulary[c].kind, vocabulary[c].field) for c in chain}) == len(chain)


def _inside(holds: Bools, chain: tuple[int, ...]) -> Bools:
    """Return who is in one conjunction, shape (n,)."""
    return np.asarray(holds[list(chain)].all(axis=0))


def _masks(holds: Bools, chains: Sequence[tuple[int, ...]]) -> Iterator[Bools]:
    """Yield who is in each of some conjunctions of one length, shape (block, n)."""
    index = np.array(chains)
    for start in range(0, len(index), _BLOCK):
        block = index[start : start + _BLOCK]
        mask = holds[block[:, 0]]
        for column in block.T[1:]:
            mask &= holds[column]
        yield mask


def _benjamini_hochberg(p: Floats) -> Floats:
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p, method="bh"))


def _distinct(chains: list[tuple[int, ...]], holds: Bools, rates: Floats, q: float, most: int) -> list[int]:
    """Return which of the significant slices, clearest first, say something of their own."""
    if not chains:
        return []
    masks = np.array([_inside(holds, c) for c in chains]).astype(np.float32)
    left = np.ones(len(chains), bool)
    cells = np.zeros(len(rates), np.int64)
    taken: list[int] = []
    while left.any() and len(taken) < most:
        best = int(np.argmax(left))
        same = _jaccard(masks, masks[best]) >= SAME
        chosen = _simplest(best, np.flatnonzero(left), chains, masks, same, rates, q / len(holds))
        taken.append(chosen)
        left &= ~same & (_jaccard(masks, masks[chosen]) < SAME)
        cells = np.unique(2 * cells + (masks[chosen] > 0), return_inverse=True)[1]
        if left.any():
            left[left] = _benjamini_hochberg(_within(masks[left], cells, rates)) <= q
    return taken


def _simplest(
    best: int, left: NDArray[np.intp], chains: list[tuple[int, ...]], masks: NDArray[np.float32], same: Bools, rates: Floats, alpha: float
) -> int:
    """Return the slice with the fewest conditions that stands for the best one, the clearer of two alike."""
    simpler = [int(i) for i in left if len(chains[i]) < len(chains[best])]
    for i in sorted(simpler, key=lambda i: (len(chains[i]), i)):
        inside = set(chains[i]) < set(chains[best])
        if same[i] or (inside and _within(masks[[best]], (masks[i] > 0).astype(np.int64), rates)[0] > alpha):
            return i
    return best


def _jaccard(masks: NDArray[np.float32], one: NDArray[np.float32]) -> Floats:
    common = masks @ one
    return np.asarray(common / (masks.sum(axis=1) + one.sum() - common), float)


def _within(masks: NDArray[np.float32], cells: Ints, rates: Floats) -> Floats:
    """Return one-sided p-values of slices against the rest inside cells of people: permutation within cells, normal limit."""
    from scipy.special import ndtr

    count = np.bincount(cells).astype(float)
    excess = rates - (np.bincount(cells, rates) / count)[cells]
    spread = np.bincount(cells, excess**2) / np.maximum(count - 1, 1)
    inside = masks @ np.eye(len(count), dtype=np.float32)[cells]
    variance = (inside * (count - inside) / count) @ spread
    z = np.divide(masks @ excess, np.sqrt(variance), out=np.zeros(len(masks)), where=variance > 0)
    return np.asarray(ndtr(-z), float)


def _slice(
    chosen: tuple[Condition, ...], inside: Bools, axes: tuple[str, ...], outcomes: Outcomes, p: float, q: float, looked: int, exact: bool
) -> Slice:
    rows = inside[outcomes.persona]
    found, rest = Sample.of(outcomes, rows), Sample.of(outcomes, ~rows)
    return Slice(
        conditions=chosen,
        axes=axes,
        people=found.counted()["personas"],
        rate=rate(found),
        rest=rate(rest),
        difference=difference(found, rest),
        p=float(p),
        q=float(q),
        looked=looked,
        method="permutation of people's rates, " + ("all counted" if exact else "matched to a Pearson type III distribution"),
    )

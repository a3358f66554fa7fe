"""How bad it is for those it is worst for, without a winner's curse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .clusters import independent_people
from .estimates import LEVEL, Cvar
from .outcomes import Floats
from .rates import Sample, Share

ALPHAS = (0.05, 0.1, 0.25)
FEWEST = 5
"""People that must make up the worst share for a figure to be given."""


def cvar(sample: Sample, alphas: Sequence[float] = ALPHAS, level: float = LEVEL) -> tuple[Cvar, ...]:
    """Return the failure rate of the worst share of people, by split replicates.

    The replicates of each person are split into two halves; people are ranked on one half, ties shared out evenly,
    and the rate of those ranked worst is measured on the other. All splits of all people are taken together, and
    both uses of each. People all alike therefore come out at their common rate, or with few people slightly below
    it; where people differ, the figure is that of the people who look worst on half the replicates, which is at most
    the rate of those who truly are.

    The variance is the jackknife's over people, and not less than that of as many units as carry the figure, for few
    failures make it look certain. The interval is that of Clopper and Pearson at the size of a simple sample with
    this variance, shrunk for the people who make up the worst share (Korn and Graubard 1998), and for clusters where
    people share episodes. At 0 and 1 people count and not units; at 0 the upper end is that of all people, over
    alpha, because the few who always fail may not have been among them.

    Args:
        sample: Resolved units; people with fewer than two cannot be split and are left out.
        alphas: Shares in (0, 1).
        level: Nominal level in (0, 1).
    """
    k, n = sample.counts()
    fit = n >= 2
    halves = _halves(k[fit], n[fit])
    apart = independent_people(sample) / max(int(np.sum(n > 0)), 1)
    return tuple(_cvar(halves, int(fit.sum()), apart, alpha, level) for alpha in alphas)


class _Halves(NamedTuple):
    """All splits of all people, by people with the same counts (rows) and by rate on the half that ranks, falling (columns)."""

    counts: Floats  # people with these counts, shape (cells,)
    units: Floats  # units on one half, both uses taken together, shape (cells,)
    mass: Floats  # share of their splits at this rank, shape (cells, ranks)
    failing: Floats  # the same times the rate on the half that measures, shape (cells, ranks)


def _halves(k: Floats, n: Floats) -> _Halves:
    """Enumerate the splits; failures on one half are hypergeometric."""
    from scipy.special import betaln

    cells, counts = np.unique(np.stack([k, n]), axis=1, return_counts=True)
    half = np.floor(cells[1] / 2)
    first = np.arange(half.max(initial=0) + 1)
    k_, n_, a, h = cells[0][:, None], cells[1][:, None], half[:, None], first[None, :]
    possible = (h <= a) & (h <= k_) & (a - h <= n_ - k_)

    def log_choose(top: Floats, bottom: Floats) -> Floats:
        inside = np.clip(bottom, 0, top)
        return np.asarray(-betaln(inside + 1, top - inside + 1) - np.log1p(top))

    weight = np.where(possible, np.exp(log_choose(k_, h) + log_choose(n_ - k_, a - h) - log_choose(n_, a)), 0.0)
    one, other = h / a, (k_ - h) / (n_ - a)
    row = np.broadcast_to(np.arange(len(counts))[:, None], weight.shape)
    ranked = np.concatenate([one[possible], other[possible]])
    measured = np.concatenate([other[possible], one[possible]])
    row, weight = np.tile(row[possible], 2), np.tile(weight[possible], 2) / 2
    ranks, column = np.unique(-np.round(ranked, 12), return_inverse=True)
    mass, failing = np.zeros((len(counts), len(ranks))), np.zeros((len(counts), len(ranks)))
    np.add.at(mass, (row, column), weight)
    np.add.at(failing, (row, column), weight * measured)
    return _Halves(counts.astype(float), cells[1] / 2, mass, failing)


def _cvar(halves: _Halves, people: int, apart: float, alpha: float, level: float) -> Cvar:
    worst = int(np.floor(alpha * people + 1e-9))
    if worst < FEWEST:
        reason = f"{people} people with two or more resolved replicates: {alpha:.0%} of them are fewer than {FEWEST}"
        return Cvar(alpha=alpha, reason=reason)
    mass, failing = halves.counts @ halves.mass, halves.counts @ halves.failing
    taken = _taken(mass[None], alpha * people)[0]
    m = float(np.clip(taken @ failing / (alpha * people), 0, 1))
    without = np.sum(_taken(mass - halves.mass, alpha * (people - 1)) * (failing - halves.failing), axis=1) / (alpha * (people - 1))
    centre = halves.counts @ without / people
    variance = float(halves.counts @ (without - centre) ** 2) * (people - 1) / people
    weight = halves.mass @ taken
    carriers = float((halves.counts @ weight) ** 2 / (halves.counts @ weight**2))
    most = carriers * float(halves.counts @ (weight * halves.units)) / float(halves.counts @ weight)
    if m in (0.0, 1.0):
        share = Share(m, apart * (carriers if m else people), np.inf)
    else:
        share = Share(m, apart * (min(m * (1 - m) / variance, most) if variance > 0 else most), max(apart * worst - 1, 1.0))
    low, high = share.exact(level)
    if m == 0:
        high = min(1.0, high / alpha)
    return Cvar(
        alpha=alpha,
        estimate=m,
        low=min(low, m),
        high=max(high, m),
        method="chosen on half of the replicates, measured on the other, all splits; Clopper-Pearson at the size of the jackknife",
    )


def _taken(mass: Floats, people: float) -> Floats:
    """Return which share of the splits at each rank is among the first ``people``, shape (rows, ranks)."""
    before = np.cumsum(mass, axis=1) - mass
    return np.divide(np.clip(people - before, 0, mass), mass, out=np.zeros_like(mass), where=mass > 1e-12)

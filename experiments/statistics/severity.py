"""How bad it is for those it is worst for, without a winner's curse."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...sim.seeds import derive
from .estimates import LEVEL, Cvar
from .outcomes import Floats
from .rates import Sample, random_people

ALPHAS = (0.05, 0.1, 0.25)
FEWEST = 5
"""People that must make up the worst share for a figure to be given."""
SPLITS = 20


def cvar(sample: Sample, alphas: Sequence[float] = ALPHAS, level: float = LEVEL, splits: int = SPLITS) -> tuple[Cvar, ...]:
    """Return the failure rate of the worst share of people, by split replicates.

    The replicates of each person are split at random into two halves; people are ranked on one half, ties in random
    order, and the rate of those ranked worst is measured on the other. Figures are means over the splits, and
    over both uses of each. People all alike therefore come out at their common rate; where people differ, the figure is that
    of the people who look worst on half the replicates, which is at most the rate of those who truly are.

    Args:
        sample: Resolved units; people with fewer than two cannot be split and are left out.
        alphas: Shares in (0, 1).
        level: Nominal level in (0, 1).
        splits: Random splits, drawn from a fixed seed.
    """
    k, n = sample.counts()
    fit = n >= 2
    k, n = k[fit], n[fit]
    out = []
    for alpha in alphas:
        worst = int(np.floor(alpha * len(k) + 1e-9))
        if worst < FEWEST:
            reason = f"{len(k)} people with two or more resolved replicates: {alpha:.0%} of them are fewer than {FEWEST}"
            out.append(Cvar(alpha=alpha, reason=reason))
        else:
            out.append(_split(k, n, alpha, worst, level, splits))
    return tuple(out)


def _split(k: Floats, n: Floats, alpha: float, worst: int, level: float, splits: int) -> Cvar:
    rng = derive(0, "cvar", str(alpha))
    found = []
    for _ in range(splits):
        size = np.floor(n / 2).astype(int)
        first = rng.hypergeometric(k.astype(int), (n - k).astype(int), size).astype(float)
        halves = ((first, size.astype(float)), (k - first, n - size))
        for (rank_k, rank_n), (own_k, own_n) in (halves, halves[::-1]):
            order = np.lexsort((rng.random(len(k)), -rank_k / rank_n))[:worst]
            found.append(_measured(own_k[order], own_n[order], level))
    estimate, low, high = np.mean(found, axis=0)
    return Cvar(
        alpha=alpha,
        estimate=float(estimate),
        low=float(min(low, estimate)),
        high=float(max(high, estimate)),
        method=f"chosen on half of the replicates, measured on the other; mean of {2 * splits} splits, Clopper-Pearson clustered by person",
    )


def _measured(k: Floats, n: Floats, level: float) -> tuple[float, float, float]:
    """Return the rate of chosen people and its interval."""
    units = np.repeat(np.arange(len(k)), n.astype(int))
    rank = np.arange(len(units)) - np.repeat(np.cumsum(n) - n, n.astype(int))
    share = random_people(Sample(units, rank < k[units], len(k)))
    assert share is not None
    return (share.estimate, *share.exact(level))

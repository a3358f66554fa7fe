"""Noise against persons: how far failing is a matter of who it is."""

from __future__ import annotations

import numpy as np

from .estimates import Agreement
from .outcomes import Floats, Outcomes


def replicate_table(outcomes: Outcomes) -> Floats:
    """Return failures as a table of people by resolved replicates, shape (people, R).

    Only people with at least two resolved units have a row; NaN fills the rows of those with fewer than the most.
    """
    keep = np.flatnonzero(outcomes.resolved)
    order = keep[np.lexsort((outcomes.episode[keep], outcomes.replicate[keep], outcomes.persona[keep]))]
    who = outcomes.persona[order]
    n = np.bincount(who, minlength=outcomes.n)
    column = np.arange(len(who)) - np.repeat(np.cumsum(n) - n, n)
    table = np.full((outcomes.n, int(n.max()) if len(n) else 0), np.nan)
    table[who, column] = outcomes.failed[order]
    return table[n >= 2]


def failure_icc(outcomes: Outcomes) -> Agreement:
    """Return the intraclass correlation of failing: one-way analysis of variance of 0/1 outcomes by person.

    Null with the reason where fewer than two people have two resolved replicates, or where every outcome is the same.
    """
    from ...personas.reliability import one_way

    table = replicate_table(outcomes)
    if len(table) < 2:
        return Agreement(reason="fewer than two people have two resolved replicates")
    found = one_way(table)
    if found is None or found.icc is None or found.low is None or found.high is None:
        return Agreement(reason="every outcome is the same")
    method = "ICC(1) of a replicate, one-way analysis of variance of 0/1 outcomes"
    if found.msw == 0:
        return Agreement(estimate=found.icc, method=method, reason="every person's replicates agree: the F interval has no width")
    return Agreement(estimate=found.icc, low=max(-1.0, found.low), high=min(1.0, found.high), method=method + ", F interval")

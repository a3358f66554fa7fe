"""Which program is the champion: best mean rank over the metrics among those that pass the gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import rankdata

from ...sim.errors import InputError
from ...sim.types import Frozen
from .objectives import DEFAULT_METRICS, check_metrics, merits


class Contender(Frozen):
    """A program that was measured on the contexts on which the champion is chosen (validation)."""

    id: str
    objectives: Mapping[str, float]  # means over these contexts
    passed: bool  # whether it passes the gates on them
    length: int  # characters
    age: int  # position in the order of asking; the smaller the older


class Champion(Frozen):
    """The chosen program and the rank of everybody it was compared with."""

    id: str
    mean_rank: float  # 1: best on every metric
    mean_ranks: Mapping[str, float]  # of all contenders that pass the gates
    failed: tuple[str, ...]  # ids that do not


def mean_ranks(table: Mapping[str, Mapping[str, float]], metrics: Sequence[str] = DEFAULT_METRICS) -> dict[str, float]:
    """Return the mean rank over the metrics of every row; ties get the average of the ranks they share.

    Ranks depend on who is in the table, so figures of two tables do not compare.

    Args:
        table: Name to values by objective.
        metrics: Objectives that count, each as much as another.

    Returns:
        From 1 (best on every metric) to the number of rows.

    Raises:
        InputError: If a metric is unknown, or a value is missing or not finite.

    Example:
        >>> mean_ranks({"a": {"coverage": 0.9, "dispersion": 0.4}, "b": {"coverage": 0.8, "dispersion": 0.4}}, ("coverage", "dispersion"))
        {'a': 1.25, 'b': 1.75}
    """
    check_metrics(metrics)
    if not table:
        return {}
    worth = np.array([list(merits(row, metrics).values()) for row in table.values()])
    return dict(zip(table, rankdata(-worth, axis=0).mean(axis=1).tolist(), strict=True))


def choose_champion(contenders: Sequence[Contender], metrics: Sequence[str] = DEFAULT_METRICS) -> Champion:
    """Choose the program with the best mean rank among those that pass the gates.

    Of programs with equal mean ranks the shorter one is taken, then the older one.

    Args:
        contenders: At least one; the seeds belong among them.
        metrics: Objectives that count, each as much as another.

    Raises:
        InputError: If two have the same id, none passes the gates, or a value is missing.
    """
    ids = [contender.id for contender in contenders]
    if len(set(ids)) != len(ids):
        raise InputError("contenders", "different ids", ids)
    passing = [contender for contender in contenders if contender.passed]
    if not passing:
        raise InputError("contenders", "at least one program that passes the gates", f"{len(contenders)} that do not")
    ranks = mean_ranks({contender.id: contender.objectives for contender in passing}, metrics)
    best = min(passing, key=lambda contender: (ranks[contender.id], contender.length, contender.age))
    failed = tuple(contender.id for contender in contenders if not contender.passed)
    return Champion(id=best.id, mean_rank=ranks[best.id], mean_ranks=ranks, failed=failed)

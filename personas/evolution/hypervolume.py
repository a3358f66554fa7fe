"""Hypervolume of an archive: how much of the room between a reference point and the ideal its programs take together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from ...sim.errors import InputError
from .objectives import check_metrics, merits

VOLUME_METRICS = ("coverage", "dispersion", "slope", "distinct")
"""Objectives of the published comparison."""

IDEAL: Mapping[str, float] = {"coverage": 1.0, "dispersion": 0.0, "hull_volume": 1.0, "slope": 1.0, "r2": 1.0, "distinct": 1.0}
"""Best possible values. The volume is a share because these bound it; objectives without one cannot take part."""


def hypervolume(points: Iterable[Mapping[str, float]], reference: Mapping[str, float], metrics: Sequence[str] = VOLUME_METRICS) -> float:
    """Return the hypervolume of points above a reference point, as a share of the box from there to the ideal.

    Normalisation: every value is turned into its merit (the slope counts as 1 - |1 - slope|) and mapped linearly so that
    the reference is 0 and the ideal (coverage, slope and distinct 1, dispersion 0) is 1. A point that is not strictly
    better than the reference on every metric counts zero.

    Args:
        points: Values by objective, one mapping a program; there may be none.
        reference: Values of the reference point, such as the single-persona row; where its slope is not defined, 0.
        metrics: Which objectives; each must have an ideal.

    Returns:
        In [0, 1].

    Raises:
        InputError: If a metric has no ideal, a value is missing or not finite, or the reference is as good as the ideal.

    Source: Zitzler & Thiele 1998, PPSN V; computed exactly by ``moocore`` (Guerreiro & Fonseca 2018, IEEE Transactions
    on Evolutionary Computation 22(3), for 3 and 4 objectives).

    Example:
        >>> round(hypervolume([{"coverage": 0.8, "distinct": 0.5}], {"coverage": 0.6, "distinct": 0.0}, ("coverage", "distinct")), 6)
        0.25
    """
    from moocore import hypervolume as measure  # costs as much as the rest of the package to import

    for metric in check_metrics(metrics):
        if metric not in IDEAL:
            raise InputError("metrics", "objectives with an ideal: " + ", ".join(IDEAL), metric)
    low, best = (np.array(list(merits(values, metrics).values())) for values in (reference, IDEAL))
    for metric, room in zip(metrics, best - low, strict=True):
        if room <= 0:
            raise InputError(f"reference[{metric!r}]", "a value worse than the ideal", reference[metric])
    worth = np.array([list(merits(point, metrics).values()) for point in points]).reshape(-1, len(metrics))
    share = np.minimum((worth - low) / (best - low), 1.0)
    share = share[(share > 0).all(axis=1)]
    return float(measure(share, ref=np.zeros(len(metrics)), maximise=True)) if len(share) else 0.0

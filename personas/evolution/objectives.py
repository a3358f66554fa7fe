"""What programs are compared by: objectives, each with its direction, and how two values of one compare."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal

from ...sim.errors import InputError, UnknownNameError
from ...sim.types import Frozen

WEIGHTED = "weighted"
"""Name of the further place of an archive for a weighted sum, where the user gave weights."""


class Objective(Frozen):
    """One figure of a program, a mean over contexts. Objectives stay apart: each is compared with itself only."""

    name: str
    direction: Literal["up", "down"]
    meaning: str
    low: float | None  # least possible value; None: no bound
    high: float | None  # greatest possible value; None: no bound, or one that depends on the number of axes
    optimum: float | None = None  # where the best value lies, if inside the range

    def merit(self, value: float) -> float:
        """Return the value as it is compared: the greater the better.

        The value itself where up is better, its negative where down is better, and 1 - |optimum - value| where the best
        lies inside the range. So the slope counts as 1 - |1 - slope|: 0.8 and 1.2 are worth the same.

        Example:
            >>> OBJECTIVES["dispersion"].merit(0.25), round(OBJECTIVES["slope"].merit(1.2), 2)
            (-0.25, 0.8)
        """
        if self.optimum is not None:
            return 1.0 - abs(self.optimum - value)
        return value if self.direction == "up" else -value

    @property
    def most(self) -> float | None:
        """The greatest merit there can be; None if there is no bound."""
        if self.optimum is not None:
            return 1.0
        bound = self.high if self.direction == "up" else self.low
        return None if bound is None else self.merit(bound)

    def better(self, value: float, other: float) -> bool:
        """Tell whether a value is strictly better than another."""
        return self.merit(value) > self.merit(other)


OBJECTIVES: Mapping[str, Objective] = {
    objective.name: objective
    for objective in (
        Objective(
            name="coverage", direction="up", meaning="share of the space within the radius of a shrunk run-mean (pairs of axes from 4 on)",
            low=0, high=1,
        ),
        Objective(name="dispersion", direction="down", meaning="radius of the largest empty ball, in units of the axes", low=0, high=None),
        Objective(name="hull_volume", direction="up", meaning="volume of the convex hull of shrunk run-means", low=0, high=1),
        Objective(name="min_distance", direction="up", meaning="smallest distance between two people", low=0, high=None),
        Objective(name="mean_distance", direction="up", meaning="mean distance between two people", low=0, high=None),
        Objective(name="kl", direction="down", meaning="divergence from ideal sets, in nats; compares at the same settings only", low=None, high=None),
        Objective(name="slope", direction="up", meaning="slope of measured on assigned, mean over axes; best at 1", low=None, high=None, optimum=1),
        Objective(name="r2", direction="up", meaning="squared correlation of measured and assigned, mean over axes", low=0, high=1),
        Objective(name="distinct", direction="up", meaning="share of descriptions left when those that say the same count once", low=0, high=1),
        Objective(name="length", direction="down", meaning="characters of the program", low=0, high=None),
        Objective(name="calls", direction="down", meaning="prompts to a language model a person", low=0, high=None),
        Objective(
            name="failures", direction="up", meaning="distinct failures (harm and region) of the target that careful does not have, an episode",
            low=0, high=None,
        ),
    )
}  # fmt: skip
"""Every objective by name."""

DEFAULT_METRICS = ("coverage", "dispersion", "hull_volume", "min_distance", "slope", "distinct")
"""Metrics of the archive unless others are asked for: one elite of each on every island."""


def get_objective(name: str, field: str = "metric") -> Objective:
    """Return an objective by name.

    Raises:
        UnknownNameError: If there is none of that name.
    """
    if name not in OBJECTIVES:
        raise UnknownNameError(field, name, OBJECTIVES)
    return OBJECTIVES[name]


def check_metrics(names: Iterable[str], field: str = "metrics") -> tuple[str, ...]:
    """Return names of objectives as a tuple.

    Raises:
        InputError: If there is none, one twice, or one that is unknown.
    """
    listed = tuple(names)
    for name in listed:
        get_objective(name, field)
    if not listed or len(set(listed)) != len(listed):
        raise InputError(field, "one or more objectives, each once", listed)
    return listed


def merits(values: Mapping[str, float], metrics: Iterable[str], weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return what values are worth in each place of an archive, the greater the better.

    Args:
        values: By objective; others than the metrics and those with a weight are left out.
        metrics: Places to fill.
        weights: Adds the place "weighted": the sum of weight times merit, each merit in the units of its objective.

    Raises:
        InputError: If a value is missing or not finite.
    """
    metrics = tuple(metrics)
    worth = {name: OBJECTIVES[name].merit(_finite(values, name)) for name in dict.fromkeys((*metrics, *(weights or ())))}
    found = {name: worth[name] for name in metrics}
    if weights is not None:
        found[WEIGHTED] = math.fsum(weight * worth[name] for name, weight in weights.items())
    return found


def _finite(values: Mapping[str, float], name: str) -> float:
    """Return one value, which must be a finite number."""
    value = values.get(name)
    if value is None or not math.isfinite(value):
        raise InputError(f"objectives[{name!r}]", "a finite number", value)
    return value

"""What changes when people are told about otherwise: reliability, fidelity, tone and failures, person by person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...personas.measurement import Measurement
from ...personas.persona import Persona
from ...personas.reliability import fidelity, one_way
from ...personas.structured.tone import tone
from ...sim.seeds import derive
from ..statistics.estimates import LEVEL, Difference, Estimate, Figure, Rate
from ..statistics.outcomes import Floats, Ints, Outcomes
from ..statistics.paired import paired_difference
from ..statistics.rates import Sample, rate

DRAWS = 1_000
"""Resamples of the people."""

_NOBODY = "the people met no target"
_METHOD = "percentile bootstrap over people, {draws:,} resamples, the same in both"


class AxisFigures(Figure):
    """How one axis is measured: null where there is nothing to divide."""

    icc: float | None  # ICC(1) of a single run
    slope: float | None  # of run-mean on assigned position
    r2: float | None


class Row(Figure):
    """One way to tell of the people."""

    name: str
    words: float  # mean of a text
    polarity: float | None  # mean over people, per 100 words
    subjectivity: float | None
    icc: float | None  # mean over axes
    slope: float | None
    r2: float | None
    axes: dict[str, AxisFigures]
    failure_rate: Rate
    unresolved: int  # episodes that neither passed nor failed


class Shift(Figure):
    """One way less another, paired by person; failures by person and replicate."""

    icc: Estimate
    slope: Estimate
    r2: Estimate
    polarity: Estimate
    subjectivity: Estimate
    failure_rate: Difference


@dataclass(frozen=True)
class Told:
    """The same people told about in one way: their texts, where they were measured, how they fared.

    Args:
        name: What to call this way.
        people: Everybody, in the same order in every way.
        measurement: Of them.
        outcomes: Of their episodes; None where they met nobody.
    """

    name: str
    people: Sequence[Persona]
    measurement: Measurement
    outcomes: Outcomes | None
    _figures: Mapping[str, Callable[[Ints], float]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        tones = [tone(person.description) for person in self.people]
        polarity, subjectivity = (np.array([getattr(t, what) for t in tones], float) for what in ("polarity", "subjectivity"))
        figures = {
            "icc": lambda rows: _over_axes(self.measurement, rows, _icc),
            "slope": lambda rows: _over_axes(self.measurement, rows, _slope),
            "r2": lambda rows: _over_axes(self.measurement, rows, _r2),
            "polarity": lambda rows: float(polarity[rows].mean()),
            "subjectivity": lambda rows: float(subjectivity[rows].mean()),
        }
        object.__setattr__(self, "_figures", figures)

    def figures(self, rows: Ints) -> dict[str, float]:
        """Return the figures of chosen people, who may be chosen more than once; NaN where there is none."""
        return {name: figure(rows) for name, figure in self._figures.items()}

    def resampled(self, seed: int, draws: int) -> dict[str, Floats]:
        """Return the figures in each resample of the people, shape (draws,); the same people at the same seed."""
        n = len(self.people)
        rows = derive(seed, "information", n).integers(n, size=(draws, n))
        made = [self.figures(row) for row in rows]
        return {name: np.array([one[name] for one in made]) for name in self._figures}

    def row(self) -> Row:
        """Return the figures of everybody."""
        everybody = np.arange(len(self.people))
        m, all_ = self.measurement, self.figures(everybody)
        return Row(
            name=self.name,
            words=float(np.mean([len(person.description.split()) for person in self.people])),
            **{name: _known(x) for name, x in all_.items()},
            axes={
                axis: AxisFigures(icc=_known(_icc(m, i, everybody)), slope=_known(_slope(m, i, everybody)), r2=_known(_r2(m, i, everybody)))
                for i, axis in enumerate(m.axes)
            },
            failure_rate=Rate(reason=_NOBODY) if self.outcomes is None else rate(Sample.of(self.outcomes)),
            unresolved=0 if self.outcomes is None else int((~self.outcomes.resolved).sum()) + self.outcomes.missing,
        )


def shifts(told: Sequence[Told], seed: int = 0, draws: int = DRAWS, level: float = LEVEL) -> dict[str, Shift]:
    """Return what each way but the first changes, the first subtracted.

    Args:
        told: The same people in each, the one to subtract first.
        seed: Of the resamples.
        draws: How many resamples.
        level: Nominal level in (0, 1).

    Returns:
        Shift by name. Intervals are of one figure at a time: the more of them one reads, the more exclude 0 by chance.

    Raises:
        ValueError: If the people differ.
    """
    first, *others = told
    for other in others:
        if [p.id for p in other.people] != [p.id for p in first.people]:
            raise ValueError(f"{other.name}: expected the people of {first.name}, in the same order")
    everybody = np.arange(len(first.people))
    base, drawn = first.figures(everybody), first.resampled(seed, draws)
    out = {}
    for other in others:
        here, theirs = other.figures(everybody), other.resampled(seed, draws)
        changed = {name: _estimate(here[name] - base[name], theirs[name] - drawn[name], level) for name in base}
        out[other.name] = Shift(**changed, failure_rate=_failures(other.outcomes, first.outcomes, level))
    return out


def _failures(one: Outcomes | None, first: Outcomes | None, level: float) -> Difference:
    """Return the difference of failure rates, paired by person and replicate."""
    if one is None or first is None:
        return Difference(level=level, reason=_NOBODY)
    return paired_difference(one, first, level)


def _estimate(value: float, draws: Floats, level: float) -> Estimate:
    """Return a change with its percentile interval."""
    seen = draws[np.isfinite(draws)]
    if not np.isfinite(value) or not len(seen):
        return Estimate(level=level, reason="not measured in both")
    low, high = np.quantile(seen, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Estimate(estimate=value, low=min(low, value), high=max(high, value), level=level, method=_METHOD.format(draws=len(draws)))


def _over_axes(m: Measurement, rows: Ints, figure: Callable[[Measurement, int, Ints], float]) -> float:
    """Return the mean of a figure over the axes that have it."""
    found = [x for i in range(len(m.axes)) if np.isfinite(x := figure(m, i, rows))]
    return float(np.mean(found)) if found else np.nan


def _icc(m: Measurement, axis: int, rows: Ints) -> float:
    found = one_way(m.scores[rows, :, axis])
    return np.nan if found is None or found.icc is None else found.icc


def _slope(m: Measurement, axis: int, rows: Ints) -> float:
    found = fidelity(m.assigned[rows, axis], m.run_means[rows, axis])
    return np.nan if found is None or found.slope is None else found.slope


def _r2(m: Measurement, axis: int, rows: Ints) -> float:
    found = fidelity(m.assigned[rows, axis], m.run_means[rows, axis])
    return np.nan if found is None or found.r2 is None else found.r2


def _known(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None

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
from ..statistics.pairs_bootstrap import acceleration, bca_ends
from ..statistics.rates import Sample, rate

DRAWS = 1_000
"""Resamples of the people."""

LEAST_PEOPLE = 10
"""People below which a change has no interval: too few differ for resamples of them to say how it would vary."""

_NOBODY = "the people met no target"
_METHOD = "BCa bootstrap over people, {draws:,} resamples, the same in both"
_UNMEASURED = "not measured in both"
_ROUNDING = 1e-12  # the same change by another order of summation
_ALIKE = "every resample of the people changed alike"


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

    def left_out(self) -> dict[str, Floats]:
        """Return the figures without one person in turn, shape (people,)."""
        everybody = np.arange(len(self.people))
        made = [self.figures(np.delete(everybody, i)) for i in everybody]
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
        Shift by name. Intervals are of one figure at a time: the more of them one reads, the more exclude 0 by chance. Below
        :data:`LEAST_PEOPLE` there are none, and the reason says so.

    Raises:
        ValueError: If the people differ.
    """
    first, *others = told
    for other in others:
        if [p.id for p in other.people] != [p.id for p in first.people]:
            raise ValueError(f"{other.name}: expected the people of {first.name}, in the same order")
    everybody, few = np.arange(len(first.people)), too_few(len(first.people))
    base = first.figures(everybody)
    if few is None:
        drawn, without = first.resampled(seed, draws), first.left_out()
    out = {}
    for other in others:
        here = other.figures(everybody)
        if few is None:
            theirs, less = other.resampled(seed, draws), other.left_out()
            changed = {n: _estimate(here[n] - base[n], theirs[n] - drawn[n], less[n] - without[n], level) for n in base}
        else:
            changed = {n: _bare(here[n] - base[n], few, level) for n in base}
        out[other.name] = Shift(**changed, failure_rate=_failures(other.outcomes, first.outcomes, few, level))
    return out


def too_few(people: int) -> str | None:
    """Return why so many people leave no interval; None where they are enough."""
    return None if people >= LEAST_PEOPLE else f"{people} people: fewer than {LEAST_PEOPLE} leave no interval"


def _failures(one: Outcomes | None, first: Outcomes | None, few: str | None, level: float) -> Difference:
    """Return the difference of failure rates, paired by person and replicate."""
    if one is None or first is None:
        return Difference(level=level, reason=_NOBODY)
    found = paired_difference(one, first, level)
    return found if few is None else found.model_copy(update={"low": None, "high": None, "reason": found.reason or few})


def _bare(value: float, reason: str, level: float) -> Estimate:
    """Return a change without an interval."""
    known = bool(np.isfinite(value))
    return Estimate(estimate=float(value) if known else None, level=level, reason=reason if known else _UNMEASURED)


def _estimate(value: float, draws: Floats, without: Floats, level: float) -> Estimate:
    """Return a change with its BCa interval."""
    seen = np.sort(draws[np.isfinite(draws)])
    if not np.isfinite(value) or not len(seen):
        return Estimate(level=level, reason=_UNMEASURED)
    if np.ptp(seen) <= _ROUNDING:
        return _bare(value, _ALIKE, level)
    low, high = bca_ends(seen, value, acceleration(without[np.isfinite(without)]), level)
    return Estimate(estimate=float(value), low=low, high=high, level=level, method=_METHOD.format(draws=len(draws)))


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

"""What one generator scores on one context: the figures that benchmarks and evolution compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from ..sim.errors import InputError
from ..sim.protocols import Respondent
from ..sim.types import Frozen
from .coverage import coverage, metrics, pair_coverage
from .coverage_report import LEAST_ICC, MOST_AXES_FOR_COVERAGE, unread
from .diversity import distinct_descriptions
from .generators import Batch, Generator
from .measurement import DEFAULT_RUNS, Measurement, measure
from .persona import Persona
from .population import build_population
from .questionnaires.context import Context

FIGURES = (
    "coverage", "coverage_raw", "dispersion", "hull_volume", "min_distance", "mean_distance", "kl", "vendi",
    "slope", "r2", "rmse_common", "icc", "placement_error", "distinct", "words",
)  # fmt: skip
"""Figures of a :class:`Score` that are numbers, in the order of tables."""

SPARED = frozenset({"coverage_raw", "vendi"})
"""Figures that cost something and that nothing else follows from: None in a score where they are not asked for."""


class AxisScore(Frozen):
    """One axis of one population."""

    slope: float | None  # of run-mean on assigned
    r2: float | None
    rmse_common: float | None = None  # to expect of people at fixed points of the axis
    icc: float | None  # of a single run
    icc_low: float | None  # lower end of its 95 % F interval


class Score(Frozen):
    """One generator on one context, one seed."""

    generator: str
    context: str
    axes: int
    people: int
    runs: int
    seed: int
    coverage: float  # of shrunk run-means; with more than 3 axes the mean over pairs of axes
    coverage_raw: float | None  # of run-means as they are; None if not asked for
    dispersion: float
    hull_volume: float | None
    min_distance: float | None
    mean_distance: float | None
    kl: float
    vendi: float | None  # of shrunk run-means; None if not asked for
    slope: float | None  # mean over axes
    r2: float | None
    rmse_common: float | None = None
    icc: float | None
    placement_error: float | None
    distinct: float  # share of distinct descriptions
    words: float  # words a description, mean
    unreadable: int  # answers that could not be read
    unmeasured: int  # people without a readable answer on some axis; left out of the cloud
    by_axis: dict[str, AxisScore]

    @property
    def failing(self) -> tuple[str, ...]:
        """Axes on which people are not shown to differ by more than their answers' noise."""
        return tuple(axis for axis, s in self.by_axis.items() if s.icc_low is None or s.icc_low < LEAST_ICC)


async def score(
    generator: Generator,
    context: Context,
    respondent: Respondent,
    *,
    people: int = 25,
    runs: int = DEFAULT_RUNS,
    seed: int = 0,
    llm: Batch | None = None,
) -> Score:
    """Make a population, measure it and score the cloud of its shrunk run-means.

    Args:
        generator: Whose people.
        context: Whose axes and items; the generator sees statements and reference margins, never items or lexicon.
        respondent: Built for the context's questionnaire.
        people: How many.
        runs: Questionnaire runs a person, 2 or more for an ICC.
        seed: Of the people and of the answers.
        llm: Passed on to the generator.

    Raises:
        InputError: If the generator breaks its contract, or nobody could be measured.
    """
    population = build_population(context.scenario(), generator, people, seed, llm, weighed=False)
    measurement = await measure(population, context.questionnaire, respondent, runs=runs, seed=seed)
    return score_measurement(generator.name, context.name, population, measurement, seed)


def score_measurement(
    generator: str,
    context: str,
    population: tuple[Persona, ...],
    measurement: Measurement,
    seed: int,
    figures: Collection[str] = FIGURES,
) -> Score:
    """Score a population that has been measured.

    Args:
        generator: As in :class:`Score`.
        context: As in :class:`Score`.
        population: The people, in the order of the measurement.
        measurement: Where their answers put them.
        seed: As in :class:`Score`.
        figures: What is asked for; of :data:`SPARED` nothing else is computed.

    Raises:
        InputError: If nobody could be measured.
    """
    seen = measurement.measured
    if not seen.any():
        raise InputError("respondent", "a readable answer on every axis from at least one person", unread(measurement))
    cloud, raw = measurement.shrunk[seen], measurement.run_means[seen]
    many = len(measurement.axes) > MOST_AXES_FOR_COVERAGE
    found = metrics(cloud, with_vendi="vendi" in figures, with_pairs=many)
    by_axis = {axis: _axis(measurement, axis) for axis in measurement.axes}
    texts = [person.description for person in population]
    return Score(
        generator=generator,
        context=context,
        axes=len(measurement.axes),
        people=len(population),
        runs=measurement.runs,
        seed=seed,
        coverage=found.coverage if found.pairs is None else found.pairs.mean,
        coverage_raw=_coverage_of(raw, many) if "coverage_raw" in figures else None,
        **{name: getattr(found, name) for name in ("dispersion", "hull_volume", "min_distance", "mean_distance", "kl", "vendi")},
        slope=_mean([s.slope for s in by_axis.values()]),
        r2=_mean([s.r2 for s in by_axis.values()]),
        rmse_common=_mean([s.rmse_common for s in by_axis.values()]),
        icc=_mean([s.icc for s in by_axis.values()]),
        placement_error=measurement.placement_error,
        distinct=distinct_descriptions(texts, [person.name for person in population]) or 0.0,
        words=float(np.mean([len(text.split()) for text in texts])),
        unreadable=measurement.unreadable,
        unmeasured=int((~seen).sum()),
        by_axis=by_axis,
    )


def with_portraits_of(placer: Generator, writer: Generator) -> Generator:
    """Return a generator that places as one does and writes as another, so that placement alone differs."""
    name = f"{placer.name} placed, {writer.name} written"
    return dataclasses.replace(placer, name=name, portraying=writer.portraying, source_hash=f"{placer.source_hash}+{writer.source_hash}")


def _coverage_of(positions: NDArray[np.float64], many: bool) -> float:
    """Return the coverage of positions; with many axes the mean over pairs of axes."""
    pairs = pair_coverage(positions) if many else None
    return coverage(positions) if pairs is None else pairs.mean


def _axis(measurement: Measurement, axis: str) -> AxisScore:
    fit, reliability = measurement.fidelity[axis], measurement.reliability[axis]
    return AxisScore(
        slope=fit.slope if fit else None,
        r2=fit.r2 if fit else None,
        rmse_common=fit.rmse_common if fit else None,
        icc=reliability.icc if reliability else None,
        icc_low=reliability.low if reliability else None,
    )


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return float(np.mean(known)) if known else None

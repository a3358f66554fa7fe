"""The coverage object of a report: metrics on shrunk run-means, reliability, fidelity, and reference rows beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.errors import InputError
from ..sim.protocols import Respondent
from ..sim.seeds import derive
from ..sim.types import Frozen
from . import reference_rows as rows
from .coverage import PairCoverage, coverage, metrics, pair_coverage, settings, share_within
from .density import ReferenceDensity
from .diversity import description_settings, description_vendi, distinct_descriptions
from .hull import HullVolume, hull_volume
from .measurement import DEFAULT_RUNS, Measurement, measure, measure_clones
from .persona import Persona
from .questionnaire import Questionnaire
from .radius import coverage_radius
from .reference_rows import DRAWS, ItemPoints, ReferenceRow
from .reliability import COMMON_POINTS

Array = NDArray[np.float64]

LEAST_ICC = 0.5
"""An axis counts as diverse when the lower end of its ICC interval reaches this."""
MOST_AXES_FOR_COVERAGE = 3
"""On more axes coverage saturates and the headline is the coverage of pairs of axes."""
DENSITY_SAMPLE = 10_000
DEFAULT_ITEMS = (5, 5, 5, 5)
"""Items an axis of the random responder where no questionnaire is given: four of five points."""


class Icc(Frozen):
    """ICC(1) of a single run on one axis; null where all scores are equal."""

    estimate: float | None
    low: float | None
    high: float | None


class Excess(Frozen):
    """Coverage on all axes together minus that of populations without people in them."""

    random_responder: float
    single_persona: float


class References(Frozen):
    """The same metrics of other populations of the same size, number of axes and runs."""

    ideal: ReferenceRow
    iid_uniform: ReferenceRow
    density: ReferenceRow | None
    anchor_paste: ReferenceRow | None
    random_responder: ReferenceRow
    single_persona: ReferenceRow


class Coverage(Frozen):
    """How much of the space of people a population covers, and whether its people are more than noise.

    Figures are of run-means shrunk by the root of their reliability unless they say raw. Bare positions have
    ``runs`` 0, no ICC, and ``diverse`` null.
    """

    axes: tuple[str, ...]
    people: int  # in the population
    unmeasured: int  # of these, without a readable answer on some axis; left out of every figure
    headline: Literal["coverage", "pairs"]  # which figure to quote: pairs on more than three axes
    coverage: float  # share of the cube within the radius, [0, 1]
    coverage_raw: float  # the same of run-means that were not shrunk
    hull_volume: float | None  # an estimate where qhull cannot be afforded
    hull_standard_error: float | None = None  # of an estimate; null where the volume is exact
    hull_method: str = "exact"  # "exact", "joggled", "degenerate", "monte_carlo" or "none"; the reason stands in the settings
    min_distance: float | None
    mean_distance: float | None
    dispersion: float
    kl: float  # nats; comparable only at the same settings
    vendi: float | None = None  # effective number of different positions, 1 to the number of people (2,000 of them at most)
    vendi_descriptions: float | None = None  # the same of descriptions; null for bare positions
    distinct_descriptions: float | None = None  # share left when descriptions that say the same count once; null for bare positions
    pairs: PairCoverage | None  # null with one axis
    pairs_raw: PairCoverage | None
    excess: Excess
    radius: float
    runs: int
    respondent: str | None
    unreadable: int  # answers that could not be read
    settings: Mapping[str, Any]
    slope: Mapping[str, float | None]  # of measured on assigned
    r2: Mapping[str, float | None]
    rmse: Mapping[str, float | None]  # of these people
    rmse_common: Mapping[str, float | None]  # to expect of people at fixed points of the axis, wherever these stand
    placement_error: float | None  # mean Euclidean distance from assigned to run-mean position
    icc: Mapping[str, Icc | None]
    shrinkage: Mapping[str, float]  # factor applied, [0, 1]
    discriminability: float | None
    diverse: bool | None  # the lower ICC bound is >= 0.5 on every axis
    failing_axes: tuple[str, ...]  # those where it is not
    effective_sample_size: float | None  # (sum w)^2 / sum w^2
    unsupported_mass: float | None  # share of the reference density further than the radius from every assigned position
    references: References


async def measure_coverage(
    people: Sequence[Persona],
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    density: ReferenceDensity | None = None,
    runs: int = DEFAULT_RUNS,
    seed: int = 0,
    anchor_paste: Measurement | None = None,
    density_people: Measurement | None = None,
    concurrency: int = 32,
) -> tuple[Coverage, Measurement]:
    """Measure people and a control of clones, and report.

    Args:
        people: The population.
        questionnaire: What is asked.
        respondent: Who answers; it is asked twice as often as people x runs, because the clones cost as much.
        density: Reference density, for its row and the unsupported mass.
        runs: Repetitions a person.
        seed: The run's seed.
        anchor_paste: Measurement of the anchor-paste program's people by the same respondent.
        density_people: Measurement of people placed by the reference density, by the same respondent; without it the
            density row is of bare positions, which no respondent blurs.
        concurrency: At most so many (person, run) pairs at once.

    Raises:
        InputError: As :func:`measure` and :func:`coverage_report` do.
    """
    measurement = await measure(people, questionnaire, respondent, runs=runs, seed=seed, concurrency=concurrency)
    clones = await measure_clones(people, questionnaire, respondent, runs=runs, seed=seed, concurrency=concurrency)
    report = coverage_report(
        measurement,
        questionnaire=questionnaire,
        density=density,
        clones=clones,
        anchor_paste=anchor_paste,
        density_people=density_people,
        people=people,
    )
    return report, measurement


def coverage_report(
    measurement: Measurement,
    density: ReferenceDensity | None = None,
    *,
    questionnaire: Questionnaire | None = None,
    clones: Measurement | None = None,
    anchor_paste: Measurement | None = None,
    density_people: Measurement | None = None,
    people: Sequence[Persona] = (),
    draws: int = DRAWS,
) -> Coverage:
    """Return the coverage object of a measured population, or of bare positions.

    Args:
        measurement: The population.
        density: Reference density, for its row and the unsupported mass.
        questionnaire: Whose items the random responder answers; without one it has four five-point items an axis.
        clones: From :func:`measure_clones`; without it clones are simulated with noise of one Likert point.
        anchor_paste: Measurement of the anchor-paste program's people by the same respondent.
        density_people: Measurement of people placed by the reference density, by the same respondent; without it the
            density row is of bare positions, which no respondent blurs.
        people: Those who were measured, for the figures of their descriptions; null without them.
        draws: Populations that stochastic reference rows are averaged over (fewer for very many people).

    Raises:
        InputError: If nobody could be measured, or parts speak of different axes or people.
    """
    axes = measurement.axes
    for name, other in (("questionnaire", questionnaire and questionnaire.names), ("density", density and density.axes)):
        if other is not None and tuple(other) != axes:
            raise InputError(name, "the axes " + ", ".join(axes), other)
    if people and tuple(person.id for person in people) != measurement.ids:
        raise InputError("people", f"the {len(measurement.ids)} who were measured, in their order", f"{len(people)} others")
    seen = measurement.measured
    if not seen.any():
        raise InputError("respondent", "a readable answer on every axis from at least one person", unread(measurement))
    shrunk, raw = measurement.shrunk[seen], measurement.run_means[seen]
    hull = hull_volume(shrunk)
    scored = metrics(shrunk, hull=hull)
    items = _items(questionnaire, len(axes))
    references = _references(measurement, len(raw), items, density, clones, anchor_paste, density_people, draws)
    radius = coverage_radius(*raw.shape).radius
    failing = _failing(measurement)
    texts, names = [person.description for person in people], [person.name for person in people]
    fits = measurement.fidelity
    return Coverage(
        **scored.model_dump(),
        axes=axes,
        people=len(seen),
        unmeasured=int((~seen).sum()),
        headline="pairs" if len(axes) > MOST_AXES_FOR_COVERAGE else "coverage",
        coverage_raw=coverage(raw),
        pairs_raw=pair_coverage(raw),
        vendi_descriptions=description_vendi(texts, names) if texts else None,
        distinct_descriptions=distinct_descriptions(texts, names) if texts else None,
        excess=Excess(
            random_responder=scored.coverage - references.random_responder.coverage,
            single_persona=scored.coverage - references.single_persona.coverage,
        ),
        radius=radius,
        runs=measurement.runs,
        respondent=measurement.respondent,
        unreadable=measurement.unreadable,
        settings=_settings(measurement, raw.shape, items, hull, references)
        | ({"descriptions": description_settings(len(texts))} if texts else {}),
        slope={axis: fit.slope if fit else None for axis, fit in fits.items()},
        r2={axis: fit.r2 if fit else None for axis, fit in fits.items()},
        rmse={axis: fit.rmse if fit else None for axis, fit in fits.items()},
        rmse_common={axis: fit.rmse_common if fit else None for axis, fit in fits.items()},
        placement_error=measurement.placement_error,
        icc={axis: Icc(estimate=r.icc, low=r.low, high=r.high) if r else None for axis, r in measurement.reliability.items()},
        shrinkage=dict(zip(axes, measurement.shrinkage.tolist(), strict=True)),
        discriminability=measurement.discriminability,
        diverse=None if measurement.runs == 0 else not failing,
        failing_axes=failing,
        effective_sample_size=None
        if measurement.runs == 0 and np.ptp(measurement.weights) == 0
        else effective_sample_size(measurement.weights),
        unsupported_mass=None if density is None else unsupported_mass(measurement.assigned, density),
        references=references,
    )


def unread(measurement: Measurement) -> str:
    """Return how much of what a respondent answered could not be read, in words."""
    return f"{measurement.respondent}, of whose {measurement.answers.size:,} answers {measurement.unreadable:,} could not be read"


def effective_sample_size(weights: ArrayLike) -> float | None:
    """Return (sum w)^2 / sum w^2, from 1 to the number of people; None if all weights are 0.

    Source: Kish 1965, Survey Sampling.
    """
    w = np.asarray(weights, float)
    squares = float(w @ w)
    return float(w.sum()) ** 2 / squares if squares > 0 else None


def unsupported_mass(assigned: ArrayLike, density: ReferenceDensity) -> float:
    """Return the share of probable users who are further than the coverage radius from every person.

    Args:
        assigned: Assigned positions, shape (people, K).
        density: The reference density; 10,000 fixed seeded draws of it are looked at.
    """
    x = np.asarray(assigned, float)
    sample = density.sample(DENSITY_SAMPLE, derive(0, "unsupported_mass", DENSITY_SAMPLE))
    return 1.0 - share_within(x, sample, coverage_radius(*x.shape).radius)


def _failing(measurement: Measurement) -> tuple[str, ...]:
    """Return the axes on which persons are not shown to differ by more than noise; none for bare positions."""
    if measurement.runs == 0:
        return ()
    return tuple(axis for axis, r in measurement.reliability.items() if r is None or r.low is None or r.low < LEAST_ICC)


def _items(questionnaire: Questionnaire | None, k: int) -> ItemPoints:
    if questionnaire is None:
        return (DEFAULT_ITEMS,) * k
    return tuple(tuple(i.points for i in questionnaire.items if i.axis == axis) for axis in questionnaire.names)


def _references(
    measurement: Measurement,
    n: int,
    items: ItemPoints,
    density: ReferenceDensity | None,
    clones: Measurement | None,
    anchor_paste: Measurement | None,
    density_people: Measurement | None,
    draws: int,
) -> References:
    measured_density = None if density_people is None else rows.measured_row(density_people)
    k, runs = len(measurement.axes), measurement.runs or DEFAULT_RUNS
    return References(
        ideal=rows.ideal_row(n, k, draws),
        iid_uniform=rows.iid_uniform_row(n, k, draws),
        density=measured_density or (None if density is None else rows.density_row(density, n, draws)),
        anchor_paste=None if anchor_paste is None else rows.measured_row(anchor_paste),
        random_responder=rows.random_responder_row(n, items, runs, draws),
        single_persona=rows.simulated_clones_row(n, items, runs, draws) if clones is None else rows.measured_row(clones),
    )


def _settings(
    measurement: Measurement, shape: tuple[int, ...], items: ItemPoints, hull: HullVolume, references: References
) -> dict[str, Any]:
    out = settings(shape[0], shape[1])
    out["hull"] |= {"method": hull.method, "reason": hull.reason, "points": hull.points, "undecided": hull.undecided}
    out["icc"] = {"model": "one-way random effects, ICC(1), F interval", "level": measurement.level, "least_for_diverse": LEAST_ICC}
    out["shrinkage"] = "run-means toward their mean by the root of their reliability, per axis" if measurement.runs > 1 else "none"
    out["rmse_common"] = {"points": COMMON_POINTS, "estimator": "least-squares line and residual variance"}
    out["unsupported_mass"] = {"sample": DENSITY_SAMPLE, "positions": "assigned"}
    out["references"] = {
        "draws": references.ideal.draws,
        "runs": measurement.runs or DEFAULT_RUNS,
        "item_points": dict(zip(measurement.axes, items, strict=True)),
        "pair_points": rows.PAIR_POINTS,
        "hull_most_facets": rows.HULL_FACETS,
        "hull_rays": rows.HULL_RAYS,
        "hull_draws": min(rows.HULL_DRAWS_ABOVE_5_AXES, references.ideal.draws) if shape[1] > 5 else references.ideal.draws,
        "vendi_draws": min(rows.VENDI_DRAWS, references.ideal.draws) if shape[0] > rows.VENDI_ALL_DRAWS_UP_TO else references.ideal.draws,
        "single_persona": "respondent"
        if measurement.runs and references.single_persona.draws == 1
        else "simulated, noise of one Likert point",
    }
    return out

"""What a study of a planted target should find: its exact rates for these people, their generator and the reference density."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..sim.seeds import Stream, derive
from .planted import Planted
from .statistics.outcomes import Bools, Floats

if TYPE_CHECKING:
    from ..personas.generators import Generator
    from ..personas.scenario import Scenario

DRAWS = 64
"""Populations placed for an average over placements."""

POINTS = 2048
"""Points of one Sobol set."""


@dataclass(frozen=True)
class Known:
    """A true value and the Monte Carlo standard error with which it is known."""

    value: float  # NaN where nobody is there
    error: float = 0.0


@dataclass(frozen=True)
class TailTruth:
    """The truth of one tail against the core."""

    rate: Known
    difference: Known  # tail minus core
    ratio: Known  # tail over core; NaN where nothing fails in the core


@dataclass(frozen=True)
class Truth:
    """True figures of a planted target over a distribution of people. Every person counts the same."""

    rate: Known  # P(fail)
    core: Known
    tails: Mapping[str, TailTruth]  # by name, in the order of ``Scenario.regions``
    icc: Known  # variance of people's own rates over that of single outcomes


def truth_of_people(planted: Planted, scenario: Scenario, positions: Floats, stream: Stream | None = None) -> Truth:
    """Return the truth for people at given positions, shape (n, axes); without error.

    Args:
        planted: The target.
        scenario: Declares core and tails.
        positions: Assigned positions, shape (n, axes).
        stream: That of the study: the truth is then that of the very people it draws (``these_people``). None: the average over
            the people who could be at these positions.
    """
    if stream is None:
        moments = planted.moments(positions)
    else:
        own = planted.rates(positions, stream)
        moments = own, own**2
    return _figures(scenario, [_sums(scenario, positions, *moments)])


def truth_of_generator(planted: Planted, scenario: Scenario, generator: Generator, n: int, draws: int = DRAWS) -> Truth:
    """Return the truth for a generator that places ``n`` people together, by placing them ``draws`` times.

    The number matters: a generator may place 16 people elsewhere than 10,000. Values are over all people placed; errors by
    jackknife over the draws. Seeds are not those of runs.
    """
    from ..personas.generators import axis_dicts

    axes = axis_dicts(scenario.questionnaire, scenario.density)

    def placed() -> Iterator[Floats]:
        for i in range(draws):
            seed = int(derive(0, "planted", i).integers(2**62))
            people = generator.place(scenario.context, axes, n, seed)
            yield np.array([[p[a] for a in scenario.axes] for p in people], float)

    return _averaged(planted, scenario, placed())


def truth_of_density(planted: Planted, scenario: Scenario, draws: int = 16) -> Truth:
    """Return the truth for the reference density, by ``draws`` scrambled Sobol sets of 2048; errors by jackknife over the sets."""
    from scipy.special import ndtr, ndtri
    from scipy.stats import qmc

    root = np.linalg.cholesky(scenario.density.matrix)

    def sets() -> Iterator[Floats]:
        for i in range(draws):
            u = qmc.Sobol(len(scenario.axes), scramble=True, rng=derive(0, "planted", "density", i)).random(POINTS)
            yield scenario.density.quantile(ndtr(ndtri(np.clip(u, 1e-12, 1 - 1e-12)) @ root.T))

    return _averaged(planted, scenario, sets())


def _averaged(planted: Planted, scenario: Scenario, batches: Iterable[Floats]) -> Truth:
    return _figures(scenario, [_sums(scenario, x, *planted.moments(x)) for x in batches])


def _sums(scenario: Scenario, positions: Floats, mean: Floats, square: Floats) -> Floats:
    """Return people, sum of rates and sum of their squares in everybody, core and tails, shape (2 + tails, 3)."""
    masks: list[Bools] = [np.ones(len(positions), bool), scenario.in_core(positions)]
    masks += list(scenario.in_regions(positions))
    return np.array([[m.sum(), mean[m].sum(), square[m].sum()] for m in masks], float)


def _figures(scenario: Scenario, batches: list[Floats]) -> Truth:
    sums = np.array(batches)
    total = sums.sum(axis=0)
    value = _values(total)
    error = np.zeros_like(value)
    if len(sums) > 1:
        left_out = np.array([_values(total - s) for s in sums])
        with np.errstate(invalid="ignore"):
            error = np.sqrt((len(sums) - 1) * np.mean((left_out - left_out.mean(axis=0)) ** 2, axis=0))
    known = [Known(float(v), float(e)) for v, e in zip(value, error, strict=True)]
    tails = scenario.regions()
    by_tail = zip(known[2:], known[2 + len(tails) :], known[2 + 2 * len(tails) :], strict=False)
    return Truth(
        rate=known[0], core=known[1], tails={t.name: TailTruth(*three) for t, three in zip(tails, by_tail, strict=False)}, icc=known[-1]
    )


def _values(total: Floats) -> Floats:
    """Return rates of all regions, then tail differences, tail ratios and the correlation within people."""
    with np.errstate(invalid="ignore", divide="ignore"):
        rates = total[:, 1] / total[:, 0]
        icc = (total[0, 2] / total[0, 0] - rates[0] ** 2) / (rates[0] * (1 - rates[0]))
        ratios = np.where(rates[1] > 0, rates[2:] / rates[1], np.nan)
    return np.concatenate([rates, rates[2:] - rates[1], ratios, [icc]])

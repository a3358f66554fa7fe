"""How many people and replicates a wanted width or difference needs: sought by a variance formula, verified by simulation."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from pydantic import Field

from ...sim.seeds import Stream, derive
from ..planted import Constant, Planted
from ..statistics.estimates import LEVEL, Estimand, Figure
from ..statistics.outcomes import Floats, Ints
from ..statistics.paired import difference_of_pairs
from ..statistics.quantiles import z_value
from ..statistics.rates import Share, rate
from .studies import Simulated, blocks, sample_of_counts
from .surfaces import Progress

MOST_PEOPLE = 100_000
"""No more people are looked for."""

PEOPLE = (16, 32, 64, 128, 256, 512, 1024)
REPLICATES = (1, 4, 10)
SPLITS = (1, 2, 4, 10)
POWERS = (0.8, 0.9)

_EPISODES = 1 << 21  # simulated at one size, unless those were fewer than _FEWEST studies
_FEWEST = 50
_TRIES = 12
_ROUGH = 100  # studies of each size in a table of widths
_DRAWS = 20_000  # people drawn for the moments of their rates


class Width(Figure):
    """Width of a failure rate's interval at one budget, in [0, 1]."""

    personas: int = Field(ge=1)
    replicates: int = Field(ge=1)
    formula: float = Field(ge=0, le=1)


class Simulation(Figure):
    """The interval of a failure rate in simulated studies."""

    personas: int = Field(ge=1)
    replicates: int = Field(ge=1)
    estimand: Estimand
    median_width: float = Field(ge=0, le=1)
    error: float = Field(ge=0)  # Monte Carlo standard error of the median
    coverage: Simulated  # studies whose interval holds the true rate


class WidthPlan(Figure):
    """What a wanted width needs. Widths are those of the ``generator`` interval, from end to end."""

    wanted: float = Field(gt=0, lt=1)
    found: Simulation | None  # the fewest people at the given replicates; null where more than MOST_PEOPLE
    formula_personas: int | None  # the fewest by the formula alone
    splits: tuple[Width, ...]  # the same number of episodes, or a few less, shared out otherwise
    best: Simulation | None  # the split with the narrowest interval
    reason: str | None = None


class Needed(Figure):
    """People that comparisons need to show a difference so often."""

    power: float = Field(gt=0, lt=1)  # share of comparisons that are to show it
    personas: int | None  # null where more than MOST_PEOPLE
    formula_personas: int | None
    shown: Simulated | None  # comparisons whose interval leaves out 0 on the right side
    coverage: Simulated | None  # comparisons whose interval holds the true difference
    reason: str | None = None


class DifferencePlan(Figure):
    """What it needs to show a difference of two versions that meet the same people on the same seeds."""

    rate: float = Field(gt=0, lt=1)
    against_rate: float = Field(ge=0, le=1)
    agreement: float = Field(ge=0, le=1)  # share of replicates whose chance is common to both versions
    replicates: int = Field(ge=1)
    needed: tuple[Needed, ...]


@dataclass(frozen=True)
class Crowd:
    """People who fail at one rate on average, and studies of them.

    Args:
        rate: In (0, 1).
        icc: Share in [0, 1] of the variance of an outcome that lies between people.
        studies: Studies simulated at one size; fewer where they are large.
        seed: Seed of what is simulated.
    """

    rate: float
    icc: float
    studies: int
    seed: int

    def placement(self, personas: int, replicates: int) -> Ints:
        """Return the population of each study, shape (studies,): always the same, because where people are plays no part."""
        fit = max(_FEWEST, _EPISODES // (personas * replicates))
        return np.zeros(min(self.studies, fit), np.int64)

    def can_search(self, personas: int, replicates: int) -> bool:
        """Tell whether as many studies as asked for can be simulated; larger ones say less than the formula does."""
        return personas * replicates * self.studies <= _EPISODES

    def fresh(self, *purpose: str) -> Crowd:
        """Return the same people with a seed of their own."""
        return replace(self, seed=int(derive(self.seed, "power", *purpose).integers(2**62)))


def simulated_width(crowd: Crowd, personas: int, replicates: int, estimand: Estimand = "generator") -> Simulation:
    """Simulate studies of one size and return how wide their intervals are, and how often they hold the truth.

    Args:
        crowd: Who is met.
        personas: People of a study, 1 or more.
        replicates: Replicates of each.
        estimand: ``generator`` or ``these_people``; the latter's truth is the mean of the very people's rates.
    """
    planted = Planted(Constant(crowd.rate), icc=crowd.icc)
    ends: list[tuple[float | None, float | None]] = []
    truths: list[float] = []
    for block in blocks(np.zeros((1, personas, 1)), crowd.placement(personas, replicates), replicates, crowd.seed):
        found = [rate(sample_of_counts(k, replicates), estimand) for k in block.failures(planted, replicates).reshape(-1, personas)]
        ends += [(one.low, one.high) for one in found]
        if estimand == "these_people":
            truths += planted.rates(block.people, block.stream).reshape(-1, personas).mean(axis=1).tolist()
    low, high = np.array(ends, float).T
    truth = np.array(truths or [crowd.rate])
    return Simulation(
        personas=personas,
        replicates=replicates,
        estimand=estimand,
        median_width=float(np.median(high - low)),
        error=_median_error(high - low),
        coverage=Simulated.of((low <= truth + 1e-12) & (truth - 1e-12 <= high)),
    )


def _median_error(values: Floats) -> float:
    """Return half the distance of the order statistics one standard error about the median."""
    ordered, n = np.sort(values), len(values)
    low, high = (round((n - 1) / 2 + sign * math.sqrt(n) / 2) for sign in (-1, 1))
    return float(ordered[min(high, n - 1)] - ordered[max(low, 0)]) / 2


def formula_width(rate: float, icc: float, personas: int, replicates: int) -> float:
    """Return the width that the ``generator`` interval has when its estimate and variance are the true ones.

    The variance of the rate is s2_p / n + s2_r / (n R), with s2_p = icc m (1 - m) between people and s2_r = (1 - icc) m (1 - m)
    between the replicates of one, for n people, R replicates and rate m. Within 8 % of simulated medians from 64 people and
    an icc of 0.3 on; too narrow for few people, and where failures are rare and people alike.
    """
    size = 1 / (icc / personas + (1 - icc) / (personas * replicates))
    low, high = Share(rate, size, max(personas - 1.0, 1.0), float(personas)).exact(LEVEL)
    return high - low


def plan_width(crowd: Crowd, replicates: int, wanted: float) -> WidthPlan:
    """Return the fewest people whose interval is no wider than wanted, and the best way to share out their episodes.

    Args:
        crowd: Who is met.
        replicates: Replicates of each person.
        wanted: Width from end to end, in (0, 1).
    """
    first = _first(lambda n: formula_width(crowd.rate, crowd.icc, n, replicates) <= wanted)
    search = crowd.fresh("search")
    if first and crowd.can_search(first, replicates):
        personas = _fewest(first, lambda n: (simulated_width(search, n, replicates).median_width / wanted) ** 2)
    else:
        personas = first
    if personas is None:
        reason = f"more than {MOST_PEOPLE:,} people"
        return WidthPlan(wanted=wanted, found=None, formula_personas=first, splits=(), best=None, reason=reason)
    episodes = personas * replicates
    splits = tuple(_width(crowd, episodes // r, r) for r in sorted({*SPLITS, replicates}) if episodes >= 2 * r)
    best = min(splits, key=lambda split: split.formula)
    return WidthPlan(
        wanted=wanted,
        found=simulated_width(crowd, personas, replicates),
        formula_personas=first,
        splits=splits,
        best=simulated_width(crowd, best.personas, best.replicates),
    )


def _width(crowd: Crowd, personas: int, replicates: int) -> Width:
    return Width(personas=personas, replicates=replicates, formula=formula_width(crowd.rate, crowd.icc, personas, replicates))


def width_table(crowd: Crowd, told: Progress | None = None) -> tuple[Simulation, ...]:
    """Return the widths of :data:`PEOPLE` x :data:`REPLICATES`, from at most 100 simulated studies each."""
    sizes = [(n, r) for n in PEOPLE for r in REPLICATES]
    crowd = replace(crowd, studies=min(crowd.studies, _ROUGH))
    found = []
    for done, (n, r) in enumerate(sizes, start=1):
        found.append(simulated_width(crowd, n, r))
        if told:
            told(done, len(sizes))
    return tuple(found)


def plan_difference(crowd: Crowd, against: float, agreement: float, replicates: int) -> DifferencePlan:
    """Return how many people a comparison of two versions needs to show their difference.

    The versions fail the crowd at its rate and at ``against``; who is hard for one is hard for the other. A comparison shows the
    difference when its interval leaves out 0 on the right side.

    Args:
        crowd: Who is met by both.
        against: Failure rate of the second version, in [0, 1], not that of the first.
        agreement: Share in [0, 1] of replicates in which both meet the same chance: there the one with the lower rate fails
            only where the other does. In the others they are independent, given the person.
        replicates: Replicates of each person.
    """
    needed = tuple(_needed(crowd, against, agreement, replicates, power) for power in POWERS)
    return DifferencePlan(rate=crowd.rate, against_rate=against, agreement=agreement, replicates=replicates, needed=needed)


def formula_people(crowd: Crowd, against: float, agreement: float, replicates: int, power: float) -> int:
    """Return the people a comparison needs by the normal approximation: (z_level + z_power)^2 (s2_p + s2_r / R) / D^2.

    For one replicate and people all alike it is that of McNemar's test with unconditional variance
    (Connor 1987, Biometrics 43), without its null variance, because an interval decides.
    """
    stream = Stream(crowd.seed, "power", "moments")
    a, b = (Planted(Constant(p), icc=crowd.icc).rates(np.zeros((_DRAWS, 1)), stream) for p in (crowd.rate, against))
    common = np.minimum(a, b) - a * b
    chance = float(np.mean(a * (1 - a) + b * (1 - b) - 2 * agreement * common))
    variance = float(np.var(b - a)) + chance / replicates
    return max(2, math.ceil((z_value(LEVEL) + z_value(2 * power - 1)) ** 2 * variance / (against - crowd.rate) ** 2))


def _needed(crowd: Crowd, against: float, agreement: float, replicates: int, power: float) -> Needed:
    first = formula_people(crowd, against, agreement, replicates, power)
    search = replace(crowd, studies=2 * crowd.studies).fresh("search")
    goal = z_value(LEVEL) + z_value(2 * power - 1)

    def missing(n: int) -> float:
        shown, _ = simulated_power(search, against, agreement, n, replicates)
        if power <= shown.estimate <= power + 2 * shown.error:
            return 1.0
        return float((goal / (z_value(LEVEL) + _normal_quantile(np.clip(shown.estimate, 0.05, 0.995)))) ** 2)

    personas = _fewest(first, missing) if crowd.can_search(first, replicates) else min(first, MOST_PEOPLE)
    if first > MOST_PEOPLE:
        personas = None
    if personas is None:
        reason = f"more than {MOST_PEOPLE:,} people"
        return Needed(power=power, personas=None, formula_personas=first, shown=None, coverage=None, reason=reason)
    shown, coverage = simulated_power(crowd, against, agreement, personas, replicates)
    return Needed(power=power, personas=personas, formula_personas=first, shown=shown, coverage=coverage)


def simulated_power(crowd: Crowd, against: float, agreement: float, personas: int, replicates: int) -> tuple[Simulated, Simulated]:
    """Return the share of simulated comparisons that show the difference, and of those whose interval holds it.

    Args:
        crowd: Who is met by both.
        against: Failure rate of the second version.
        agreement: See :func:`plan_difference`.
        personas: People of a comparison.
        replicates: Replicates of each.
    """
    first = Planted(Constant(crowd.rate), icc=crowd.icc, label="first")
    apart, together = (Planted(Constant(against), icc=crowd.icc, label=label) for label in ("second", "first"))
    persona = np.repeat(np.arange(personas), replicates)
    low, high = [], []
    for block in blocks(np.zeros((1, personas, 1)), crowd.placement(personas, replicates), replicates, crowd.seed):
        a, b = (p.draw(block.people, replicates, block.stream).failed for p in (first, apart))
        if agreement > 0:
            common = derive(crowd.seed, "power", "agreement", block.at.start).random(len(a)) < agreement
            b = np.where(common, together.draw(block.people, replicates, block.stream).failed, b)
        for one, two in zip(a.reshape(-1, len(persona)), b.reshape(-1, len(persona)), strict=True):
            found = difference_of_pairs(persona, two, one)
            low.append(found.low)
            high.append(found.high)
    ends = np.array([low, high], float)
    truth = against - crowd.rate
    shown = ends[0] > 0 if truth > 0 else ends[1] < 0
    return Simulated.of(shown), Simulated.of((ends[0] <= truth + 1e-12) & (truth - 1e-12 <= ends[1]))


def _normal_quantile(p: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(p))


def _first(enough: Callable[[int], bool]) -> int | None:
    """Return the fewest people from 2 on that are enough, where more are never worse; None beyond :data:`MOST_PEOPLE`."""
    if not enough(MOST_PEOPLE):
        return None
    low, high = 1, MOST_PEOPLE
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _fewest(first: int, missing: Callable[[int], float]) -> int | None:
    """Return the fewest people that are enough, or just enough as far as can be told; None beyond :data:`MOST_PEOPLE`.

    Args:
        first: Where to begin.
        missing: How many times more people it takes, as one simulation tells; 1: they are just enough.
    """
    few, enough, n = 1, MOST_PEOPLE + 1, first
    for _ in range(_TRIES):
        factor = missing(n)
        few, enough = (max(few, n), enough) if factor > 1 else (few, min(enough, n))
        if factor == 1 or enough - few <= 1:
            break
        n = max(few + 1, min(enough - 1, math.ceil(n * min(max(factor, 0.5), 2.0))))
    return enough if enough <= MOST_PEOPLE else None

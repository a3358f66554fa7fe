"""One group of people against the others: permutation tests, a test for these people only, and the difference with its interval."""

from __future__ import annotations

import numpy as np

from ...sim.seeds import derive
from .contrast import Side, difference_interval
from .estimates import LEVEL, Difference, Estimand
from .outcomes import Bools, Floats, Ints
from .rates import Sample, Share, fixed_people, random_people, weighted_people

FINEST = 60
"""Steps a rate is rounded to where people have unlike numbers of replicates without a smaller common multiple."""

MOST_SUMS = 10**8
"""Multiplications up to which groups are counted."""

DRAWS = 9_999
"""Random groups where they are not counted; the least p-value there can be is 1 over one more."""

LEAST = 1e-9
"""Least p-value of a test that inverts an interval."""

_CELLS = 1 << 22


def scores(k: Floats, n: Floats) -> Ints:
    """Return the people's rates k / n as whole numbers in a common unit, without a common divisor, shape (people,).

    Args:
        k: Failures of each person.
        n: Resolved units of each person, 1 or more.
    """
    units = np.unique(n.astype(np.int64))
    common = 1
    for unit in units.tolist():
        common = int(np.lcm(common, unit)) if common <= FINEST else common
    steps = common if common <= FINEST or len(units) == 1 else FINEST
    whole = np.rint(k / n * steps).astype(np.int64)
    return whole // max(int(np.gcd.reduce(whole)), 1) if len(whole) else whole


def group_p(score: Ints, sizes: Ints, sums: Ints) -> tuple[Floats, Bools]:
    """Return the chance that a random group of people, as large as the one seen, scores as much or more.

    All groups of a size are counted where that is cheap: with four replicates, every size among some 400 people, and groups of up
    to 150 among 1,000. For larger ones the sum's first three moments over all groups are matched by a Pearson type III
    distribution (Mielke and Berry 2007, Permutation Methods, chapter 2), corrected for the steps of the scores.

    Args:
        score: Score of each person, whole numbers, shape (people,).
        sizes: People in each group, shape (groups,), in [1, people - 1].
        sums: Sum of the scores in each group, shape (groups,).

    Returns:
        One-sided p-values in (0, 1], shape (groups,), and which of them are exact, shape (groups,).

    Example:
        >>> group_p(np.array([1, 1, 0, 0]), np.array([2]), np.array([2]))[0].round(4).tolist()
        [0.1667]
    """
    least = int(score.min())
    score, sums = score - least, sums - least * sizes
    scoring = score[score > 0]
    counted = sizes <= _affordable(scoring, len(score))
    p = np.empty(len(sizes))
    if counted.any():
        p[counted] = _counted(scoring, len(score), sizes[counted], sums[counted])
    if not counted.all():
        p[~counted] = _matched(score.astype(float), sizes[~counted], sums[~counted])
    return p, counted


def _affordable(scoring: Ints, people: int) -> int:
    """Return the size up to which groups can be counted."""
    if not len(scoring):
        return people
    size = np.arange(1, people + 1)
    work = len(scoring) * np.minimum(size, len(scoring)) * np.minimum(size * int(scoring.max()), int(scoring.sum()))
    return int(np.sum(work <= MOST_SUMS))


def _counted(scoring: Ints, people: int, sizes: Ints, sums: Ints) -> Floats:
    """Count the groups: a table of how many ways j scoring people sum to s, filled up with people who score 0."""
    from scipy.special import gammaln

    rows = min(len(scoring), int(sizes.max()))
    columns = min(int(sizes.max()) * int(scoring.max(initial=0)), int(scoring.sum()))
    scale = max(rows, 1) / max(len(scoring), 1)  # keeps the numbers of ways within floating point
    ways = np.zeros((rows + 1, columns + 1))
    ways[0, 0] = 1.0
    for score in np.sort(scoring).tolist():
        ways[1:, score:] += scale * ways[:-1, : columns + 1 - score]
    as_much = ways[:, ::-1].cumsum(axis=1)[:, ::-1]

    def log_choose(n: int, m: Ints) -> Floats:
        return np.asarray(gammaln(n + 1.0) - gammaln(m + 1.0) - gammaln(n - m + 1.0))

    zeros, scorers = people - len(scoring), np.arange(rows + 1)
    filled = sizes[:, None] - scorers
    possible = (filled >= 0) & (filled <= zeros)
    log_share = log_choose(zeros, np.clip(filled, 0, zeros)) - log_choose(people, sizes)[:, None] - scorers * np.log(scale)
    return np.asarray(np.minimum(np.sum(np.where(possible, np.exp(log_share), 0.0) * as_much[:, sums].T, axis=1), 1.0))


def _matched(score: Floats, sizes: Ints, sums: Ints) -> Floats:
    """Match three moments; no p-value is below that of the one most extreme group."""
    from scipy.special import gammaln
    from scipy.stats import pearson3

    n, b = len(score), score - score.mean()
    m = sizes.astype(float)
    deviation = np.sqrt(m * (n - m) / n * np.sum(b**2) / (n - 1))
    third = m * (n - m) * (n - 2 * m) / n * np.sum(b**3) / ((n - 1) * (n - 2))
    z = (sums - 0.5 - m * score.mean()) / deviation
    least = np.exp(gammaln(m + 1) + gammaln(n - m + 1) - gammaln(n + 1.0))
    return np.asarray(np.clip(pearson3.sf(z, third / deviation**3), least, 1.0))


def contrast_p(rates: Floats, contrasts: Floats, seed: int = 0, draws: int = DRAWS) -> Floats:
    """Return one-sided p-values of weighted contrasts of people's rates, from random permutations of the rates.

    p = (1 + b) / (1 + draws), where b permutations give as much or more (Phipson and Smyth 2010), which is exact if
    rates and contrasts have nothing to do with each other.

    Args:
        rates: Rate of each person, shape (people,).
        contrasts: What each person counts for, shape (contrasts, people); rows sum to 0.
        seed: Seed of the permutations.
        draws: How many permutations.
    """
    rng = derive(seed, "contrasts")
    observed = contrasts @ rates
    reached = np.zeros(len(contrasts))
    block = max(1, min(draws, _CELLS // max(len(rates), 1)))
    for start in range(0, draws, block):
        shuffled = rng.permuted(np.tile(rates, (min(block, draws - start), 1)), axis=1)
        reached += np.sum(shuffled @ contrasts.T >= observed - 1e-12, axis=0)
    return np.asarray((1 + reached) / (1 + draws))


def difference(
    group: Sample, rest: Sample, estimand: Estimand = "generator", weights: Floats | None = None, level: float = LEVEL
) -> Difference:
    """Return the failure rate of a group minus that of the others, with its interval (MOVER, Donner and Zou 2012).

    With people random the ends combined are Jeffreys' at the effective sample size. For ``these_people`` they are those of Clopper
    and Pearson, so that the interval and :func:`fixed_p` agree.

    Args:
        group: Resolved units of the group.
        rest: Resolved units of the others.
        estimand: ``these_people`` or ``generator``.
        weights: What each of the others counts for, shape (people,); alike if left out.
        level: Nominal level in (0, 1).
    """
    a, b = share(group, estimand), share(rest, estimand, weights)
    counted = group.counted()
    if a is None or b is None:
        return Difference(level=level, estimand=estimand, reason="no resolved episode on one side", **counted)
    fixed = estimand == "these_people"
    low, high = difference_interval(_side(a, level, fixed), _side(b, level, fixed))
    ends, how = ("Clopper-Pearson", "stratified by person") if fixed else ("Jeffreys", "clustered by person")
    value = a.estimate - b.estimate
    return Difference(
        estimate=value,
        low=min(low, value),
        high=max(high, value),
        level=level,
        method=f"MOVER over {ends} at effective sample size, {how}"
        + ("" if weights is None else ", the rest weighted to its share of the people"),
        estimand=estimand,
        **counted,
    )


def share(sample: Sample, estimand: Estimand = "generator", weights: Floats | None = None) -> Share | None:
    """Return the rate of a sample with its effective size; None without a resolved unit."""
    if estimand == "these_people":
        return fixed_people(sample)
    if weights is None:
        return random_people(sample)
    found = weighted_people(sample, weights)
    return None if found is None else found[0]


def fixed_p(group: Sample, rest: Sample) -> float:
    """Return the one-sided p-value of a group against the others with these people fixed and only their replicates random.

    It is the least alpha at which the 1 - 2 alpha interval of :func:`difference` lies above 0; not below :data:`LEAST`, and 1
    where no such alpha exists.
    """
    from scipy.optimize import brentq

    a, b = fixed_people(group), fixed_people(rest)
    if a is None or b is None:
        return 1.0

    def low(log_alpha: float) -> float:
        level = 1 - 2 * float(np.exp(log_alpha))
        return difference_interval(_side(a, level, True), _side(b, level, True))[0]

    ends = float(np.log(LEAST)), float(np.log(0.499))
    if low(ends[1]) <= 0:
        return 1.0
    return LEAST if low(ends[0]) > 0 else float(np.exp(brentq(low, *ends)))


def _side(found: Share, level: float, exact: bool) -> Side:
    return Side(found.estimate, *(found.exact(level) if exact else found.score(level)))

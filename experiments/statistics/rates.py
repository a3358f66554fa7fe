"""Failure rates: of the people sent, of the generator that made them, of the reference density."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ...sim.stats import clopper_pearson, jeffreys
from .estimates import LEVEL, Bounds, Counted, Estimand, Rate
from .outcomes import Bools, Floats, Ints, Outcomes
from .quantiles import t_value, z_value
from .rooms import Rooms, by_pool

_NOTHING = 1e-12  # a variance this small is rounding of weights

ESS_FLOOR = 10.0
"""Below this effective sample size no rate is claimed for the reference density."""

RARE = 1.5
"""Events added to the mixed people's count, so that few of them do not make a rate look certain."""

UNSEEN = 0.1
"""How much of a person who was not met is added to the spread between people: one who always fails for the upper end of an
interval, one who always passes for the lower end.

Where few people failed, and those in some replicates only, the spread says that people are alike, whether they are or whether
those who always fail just were not among them. Tuned on planted targets (``benchmarks/intervals.py``): without it the interval
of 256 people x 10 replicates covers 76 % where 0.5 % fail and most of these always do.
"""


@dataclass(frozen=True)
class Sample:
    """Resolved units with a yes-or-no outcome, and where they come from.

    Args:
        persona: Person of each unit, shape (rows,), in [0, n).
        failed: Outcome, shape (rows,).
        n: People in the population.
        episode: Episode of each unit, shape (rows,), where people share episodes; None where they do not.
        rooms: Who sat in these episodes, others than the people of the units included; None: the people of the units.
    """

    persona: Ints
    failed: Bools
    n: int
    episode: Ints | None = None
    rooms: Rooms | None = None

    @classmethod
    def of(cls, outcomes: Outcomes, rows: Bools | None = None, failed: Bools | None = None) -> Sample:
        """Take the resolved rows of an arm, or those of them in ``rows``, with the outcome ``failed`` (default: any harm)."""
        keep = outcomes.resolved if rows is None else outcomes.resolved & rows
        values = outcomes.failed if failed is None else failed
        return cls(outcomes.persona[keep], values[keep], outcomes.n, *_shared(outcomes, keep, keep))

    @classmethod
    def of_occasions(cls, outcomes: Outcomes, rows: Bools) -> Sample:
        """Take the occasions on which a harm could happen: one unit for each (row, harm) exposed, among the resolved of ``rows``.

        The outcome is whether that harm happened. A failure that names no harm is an occasion of its own.
        """
        keep = outcomes.resolved & rows
        row, harm = np.nonzero(outcomes.harm_exposed & keep[:, None])
        unnamed = np.flatnonzero(keep & outcomes.failed & ~outcomes.harm_failed.any(axis=1))
        at = np.concatenate([row, unnamed])
        happened = np.concatenate([outcomes.harm_failed[row, harm], np.ones(len(unnamed), bool)])
        return cls(outcomes.persona[at], happened, outcomes.n, *_shared(outcomes, keep, at))

    @property
    def seated(self) -> Rooms | None:
        """Who sat together; None where nobody did."""
        return None if self.episode is None else self.rooms or Rooms(self.persona, self.episode)

    @property
    def weight(self) -> Floats:
        """What each unit counts for, each person counting once, shape (rows,); adds up to 1."""
        n = self.counts()[1]
        return np.asarray(1 / (n[self.persona] * float(np.sum(n > 0))), float)

    def counts(self) -> tuple[Floats, Floats]:
        """Return failures and units person by person, shapes (n,)."""
        k = np.bincount(self.persona[self.failed], minlength=self.n).astype(float)
        return k, np.bincount(self.persona, minlength=self.n).astype(float)

    def counted(self) -> Counted:
        """Return failed units, resolved units and people, for a rate."""
        return Counted(numerator=int(self.failed.sum()), denominator=len(self.failed), personas=int(np.unique(self.persona).size))


def _shared(outcomes: Outcomes, among: Bools, at: Bools | Ints) -> tuple[Ints | None, Rooms | None]:
    """Return the episodes of the units ``at``, and who sat in any resolved one, if people of ``among`` shared any."""
    if not np.any(outcomes.company[among]):
        return None, None
    resolved = outcomes.resolved
    return outcomes.episode[at], Rooms(outcomes.persona[resolved], outcomes.episode[resolved])


@dataclass(frozen=True)
class Share:
    """A failure rate as a mean over people, with the size of an equally informative simple sample.

    Args:
        estimate: Mean of the people's own rates.
        effective_n: Independent units that would give the same variance, degrees of freedom not yet considered.
        df: Degrees of freedom of that variance; infinite where it is not estimated from people.
        least: Size that the sample has however strong the clustering, because no rate varies more than 0 and 1 do.
        unseen: Variance that a person of rate 1 or 0 who was not met adds, for each unit of squared distance from ``estimate``.
        most_unseen: Size below which such people do not take the sample.
    """

    estimate: float
    effective_n: float
    df: float
    least: float = 0.0
    unseen: float = 0.0
    most_unseen: float = 0.0

    def sizes(self, level: float) -> tuple[float, float]:
        """Return the sizes for the lower and the upper end.

        Shrunk for people who were not met, and for an estimated variance by (z / t)^2 (Korn and Graubard 1998), not below ``least``.
        """
        if not np.isfinite(self.df):
            return self.effective_n, self.effective_n
        m, n = self.estimate, self.effective_n
        factor = (z_value(level) / t_value(level, self.df)) ** 2
        with_unseen = (1 / (1 / n + self.unseen * distance**2 / (m * (1 - m))) if self.unseen else n for distance in (m, 1 - m))
        low, high = (max(self.least, factor * max(size, min(n, self.most_unseen))) for size in with_unseen)
        return low, high

    def exact(self, level: float) -> tuple[float, float]:
        """Return the interval of Clopper and Pearson at the effective sample size."""
        return self._ends(clopper_pearson, level)

    def score(self, level: float) -> tuple[float, float]:
        """Return Jeffreys' interval at the effective sample size; less wide, for the parts of a contrast (Laud 2017)."""
        return self._ends(jeffreys, level)

    def _ends(self, interval: Callable[[Floats, Floats, float], tuple[Floats, Floats]], level: float) -> tuple[float, float]:
        sizes = np.array(self.sizes(level))
        low, high = interval(self.estimate * sizes, sizes, level)
        return float(low[0]), float(high[1])


def random_people(sample: Sample) -> Share | None:
    """Estimate a rate with people random: the variance is that of the people's own rates (:func:`mean_of_people`).

    In groups the variance is clustered by pools (:class:`.rooms.Rooms`), and what counts are not people but as many
    independent units as their company leaves of them.

    Returns:
        The share, or None without a resolved unit.
    """
    k, n = sample.counts()
    there = n > 0
    p = k[there] / n[there]
    if sample.episode is None or not there.any():
        return mean_of_people(p, n[there])
    apart = _apart(sample, there.astype(float), float(p.mean()))
    return mean_of_people(p, n[there], min(float(len(p)), apart.independent), apart.variance, apart.df)


def mean_of_people(p: Floats, n: Floats, clusters: float | None = None, variance: float = 0.0, df: float | None = None) -> Share | None:
    """Estimate a mean of people's own rates in [0, 1], each person counting once, with people random.

    The effective size is that of a simple sample with the same variance, between the number of clusters and the number of
    units; where all rates are 0 or all are 1 it is the number of clusters.

    Args:
        p: Own rates, shape (people,).
        n: Independent units behind each, 1 or more, shape (people,).
        clusters: Independent clusters where they are not people but fewer.
        variance: Variance of the mean if it is known to be at least that.
        df: Degrees of freedom of that variance; None: clusters less one.

    Returns:
        The share, or None without people.
    """
    people = len(p)
    if not people:
        return None
    m = float(p.mean())
    independent = float(people if clusters is None else clusters)
    if m in (0.0, 1.0):
        return Share(m, independent, np.inf)
    if people < 2:
        return Share(m, 1.0, 1.0)
    between = max(float(np.sum((p - m) ** 2)) / (people * (people - 1)), variance)
    units = people / float(np.mean(1 / n))
    fewest = min(independent, units)
    size = float(np.clip(m * (1 - m) / between if between > 0 else units, fewest, units))
    spare = max(independent - 1.0, 1.0)
    least = independent if clusters is None or df is not None else 0.0
    return Share(m, size, spare if df is None else df, least, UNSEEN / (independent * spare), fewest)


def fixed_people(sample: Sample) -> Share | None:
    """Estimate a rate with these people fixed: only their replicates vary (stratified by person).

    A person with k of n failures adds k (n - k) / (n (n - 1)) / n to the variance of the sum. That says nothing
    of people seen once, who add m (1 - m), and too little where few people failed in some replicates only: then
    :data:`RARE` events are added, up to the variance of a simple sample, which is the most there can be. Where no
    unit or every unit failed, the effective size is the number of units (Hoeffding 1956).

    Returns:
        The share, or None without a resolved unit.
    """
    k, n = sample.counts()
    there = n > 0
    people = int(there.sum())
    if not people:
        return None
    k, n = k[there], n[there]
    m = float((k / n).mean())
    weight = sample.weight
    room = sample.persona if sample.episode is None else np.unique(sample.episode, return_inverse=True)[1]
    inverse = float(np.mean(1 / n))
    units, unit = people / inverse, inverse / people
    if sample.episode is not None:
        unit = float(np.sum(np.bincount(room, weight) ** 2))
        units = 1 / unit
    if m in (0.0, 1.0):
        return Share(m, units, np.inf)
    within = np.where(n > 1, k * (n - k) / (n * np.maximum(n - 1, 1)), m * (1 - m))
    simple = m * (1 - m) / units
    measured = float(np.mean(within / n)) / people
    if sample.episode is not None:
        measured = min(max(measured, _together(sample, weight, room)), simple)
    floor = measured + RARE * unit**2
    return Share(m, m * (1 - m) / max(measured, min(floor, simple)), np.inf)


def _together(sample: Sample, weight: Floats, room: Ints) -> float:
    """Return the variance of the mean with these people fixed, where those who shared an episode may have fared alike."""
    k, n = sample.counts()
    own = np.divide(k, n, out=np.zeros(len(k)), where=n > 0)
    m = float(weight @ sample.failed)
    once = n[sample.persona] < 2
    away = np.where(once, sample.failed - m, (sample.failed - own[sample.persona]) * np.sqrt(n / np.maximum(n - 1, 1))[sample.persona])
    return float(np.sum(np.bincount(room, weight * away) ** 2))


def weighted_people(sample: Sample, weights: Floats) -> tuple[Share, float] | None:
    """Estimate a rate with self-normalised weights: the mean of the people's own rates over a target density.

    The variance is that of a ratio of means over people (Owen 2013, section 9.2). :data:`UNSEEN` people of average squared
    weight are added, which takes the effective size down to that of the weights but no further.

    Args:
        sample: Resolved units.
        weights: Target density over placement density, one a person, shape (n,), up to a constant.

    Returns:
        The share and Kish's effective sample size of the weights, or None without weight among the resolved.
    """
    k, n = sample.counts()
    there = (n > 0) & (weights > 0)
    if not there.any():
        return None
    w = weights[there] / weights[there].sum()
    p = k[there] / n[there]
    people = len(p)
    ess = float(1 / np.sum(w**2))
    m = min(float(np.sum(w * p)), 1.0) if np.any(p < 1) else 1.0
    apart = None if sample.episode is None else _apart(sample, np.where(there, weights, 0.0), m)
    fewest = ess if apart is None else min(ess, apart.independent)
    if m * (1 - m) < _NOTHING:
        return Share(m, fewest, np.inf), ess
    corrected = people / max(people - 1, 1)
    variance = float(np.sum(w**2 * (p - m) ** 2)) * corrected
    units = 1 / float(np.sum(w**2 / n[there]))
    if apart is not None:
        variance = max(variance, apart.variance)
    size = min(m * (1 - m) / variance, units) if variance > 0 else units
    df = max(ess - 1, 1.0) if apart is None else apart.df
    least = 0.0 if apart is None else fewest
    return Share(m, max(size, least), df, least, UNSEEN / (fewest * people) * corrected, fewest), ess


class _Apart(NamedTuple):
    """What pools say of a weighted mean."""

    independent: float  # units
    variance: float  # of the mean; infinite with one pool
    df: float


def _apart(sample: Sample, weights: Floats, m: float) -> _Apart:
    """Return how far people's company leaves a weighted mean of theirs.

    Args:
        sample: Resolved units; people share episodes.
        weights: Of people, shape (n,), up to a constant.
        m: The mean.
    """
    assert sample.episode is not None
    assert sample.seated is not None
    n = sample.counts()[1]
    unit = weights[sample.persona] / n[sample.persona]
    unit = unit / unit.sum()
    pool = sample.seated.pools(sample.episode)
    pools = int(pool.max()) + 1
    variance = by_pool(unit * (sample.failed - m), pool) if pools > 1 else np.inf
    return _Apart(sample.seated.independent(sample.episode, unit), variance, max(pools - 1.0, 1.0))


def rate(sample: Sample, estimand: Estimand = "generator", level: float = LEVEL) -> Rate:
    """Return the failure rate of a sample for ``these_people`` or for the ``generator``.

    Example:
        >>> import numpy as np
        >>> r = rate(Sample(np.arange(4), np.zeros(4, bool), 4))
        >>> r.estimate, r.low, round(r.high, 3)
        (0.0, 0.0, 0.602)
    """
    share = fixed_people(sample) if estimand == "these_people" else random_people(sample)
    counted = sample.counted()
    if share is None:
        return Rate(level=level, estimand=estimand, reason="no resolved episode", **counted)
    low, high = share.exact(level)
    how = "stratified by person" + ("" if sample.episode is None else ", those of an episode taken to fare alike")
    if estimand != "these_people":
        how = f"clustered by {_clusters(sample)}, with room for people not met"
    return Rate(
        estimate=share.estimate,
        low=min(low, share.estimate),
        high=max(high, share.estimate),
        level=level,
        method=f"mean of the people's own rates, Clopper-Pearson at effective sample size, {how}",
        estimand=estimand,
        effective_n=share.effective_n,
        **counted,
    )


def _clusters(sample: Sample) -> str:
    """Return what a method says of the clusters."""
    return "person" if sample.episode is None else "people linked by shared episodes"


def reference_rate(sample: Sample, weights: Floats, unsupported: float | None = None, level: float = LEVEL) -> Rate:
    """Return the failure rate of the reference density.

    Args:
        sample: Resolved units.
        weights: Reference over placement density, one a person, shape (n,).
        unsupported: Reference mass in [0, 1] further from everyone than the radius; nothing is known of it, so it
            enters the interval as a rate of 0 below and of 1 above. None: not measured, and left out.
        level: Nominal level in (0, 1).

    Returns:
        The rate among the supported mass with the widened interval; refused below :data:`ESS_FLOOR`.
    """
    counted = sample.counted()
    found = weighted_people(sample, np.asarray(weights, float))
    if found is None:
        reason = "everyone with a resolved episode has weight 0" if counted["denominator"] else "no resolved episode"
        return Rate(level=level, estimand="reference_density", reason=reason, **counted)
    share, ess = found
    if ess < ESS_FLOOR:
        reason = f"effective sample size {ess:.1f} is below {ESS_FLOOR:g}"
        return Rate(level=level, estimand="reference_density", reason=reason, effective_n=ess, **counted)
    low, high = share.exact(level)
    u = 0.0 if unsupported is None else float(np.clip(unsupported, 0, 1))
    told = "unsupported mass not measured" if unsupported is None else f"unsupported mass {u:.1%} counted as [0, 1]"
    if np.ptp(weights) == 0:
        told += ", all people given the same weight"
    return Rate(
        estimate=share.estimate,
        low=min((1 - u) * low, share.estimate),
        high=max((1 - u) * high + u, share.estimate),
        method="mean of the people's own rates with self-normalised weights, "
        f"Clopper-Pearson at effective sample size ({ess:.1f} by weights) with room for people not met, {told}",
        level=level,
        estimand="reference_density",
        effective_n=share.effective_n,
        **counted,
    )


def rate_bounds(outcomes: Outcomes) -> Bounds:
    """Return the mean over people of their rates if all that is unresolved had passed, or had failed.

    Planned episodes that cannot be laid at anybody's door enter as a share of their own.
    """
    total = np.bincount(outcomes.persona, minlength=outcomes.n).astype(float)
    there = total > 0
    if not there.any():
        return Bounds(low=0.0, high=1.0) if outcomes.missing else Bounds()
    failed = outcomes.of_people(outcomes.resolved & outcomes.failed)[there] / total[there]
    open_ = outcomes.of_people(~outcomes.resolved)[there] / total[there]
    episodes = np.unique(outcomes.episode).size
    lost = outcomes.missing / (outcomes.missing + episodes)
    low = float(failed.mean()) * (1 - lost)
    return Bounds(low=low, high=min(1.0, low + float(open_.mean()) * (1 - lost) + lost))

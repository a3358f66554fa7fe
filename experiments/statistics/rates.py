"""Failure rates: of the people sent, of the generator that made them, of the reference density."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...sim.stats import clopper_pearson, wilson
from .estimates import LEVEL, Bounds, Counted, Estimand, Rate
from .outcomes import Bools, Floats, Ints, Outcomes
from .quantiles import t_value, z_value

ESS_FLOOR = 10.0
"""Below this effective sample size no rate is claimed for the reference density."""

RARE = 2.0
"""Events added to the mixed people's count, so that few of them do not make a rate look certain."""


@dataclass(frozen=True)
class Sample:
    """Resolved units with a yes-or-no outcome, and where they come from.

    Args:
        persona: Person of each unit, shape (rows,), in [0, n).
        failed: Outcome, shape (rows,).
        n: People in the population.
        episode: Episode of each unit, shape (rows,), where people share episodes; None where they do not.
    """

    persona: Ints
    failed: Bools
    n: int
    episode: Ints | None = None

    @classmethod
    def of(cls, outcomes: Outcomes, rows: Bools | None = None, failed: Bools | None = None) -> Sample:
        """Take the resolved rows of an arm, or those of them in ``rows``, with the outcome ``failed`` (default: any harm)."""
        keep = outcomes.resolved if rows is None else outcomes.resolved & rows
        values = outcomes.failed if failed is None else failed
        grouped = bool(np.any(outcomes.company[keep]))
        return cls(outcomes.persona[keep], values[keep], outcomes.n, outcomes.episode[keep] if grouped else None)

    def counts(self) -> tuple[Floats, Floats]:
        """Return failures and units person by person, shapes (n,)."""
        k = np.bincount(self.persona[self.failed], minlength=self.n).astype(float)
        return k, np.bincount(self.persona, minlength=self.n).astype(float)

    def counted(self) -> Counted:
        """Return failed units, resolved units and people, for a rate."""
        return Counted(numerator=int(self.failed.sum()), denominator=len(self.failed), personas=int(np.unique(self.persona).size))


@dataclass(frozen=True)
class Share:
    """A failure rate as a mean over people, with the size of an equally informative simple sample.

    Args:
        estimate: Mean of the people's own rates.
        effective_n: Independent units that would give the same variance, degrees of freedom not yet considered.
        df: Degrees of freedom of that variance; infinite where it is not estimated from people.
        least: Size that the sample has however strong the clustering, because no rate varies more than 0 and 1 do.
    """

    estimate: float
    effective_n: float
    df: float
    least: float = 0.0

    def corrected_n(self, level: float) -> float:
        """Return ``effective_n`` shrunk for an estimated variance, (z / t)^2 (Korn and Graubard 1998), not below ``least``."""
        if not np.isfinite(self.df):
            return self.effective_n
        return max(self.least, self.effective_n * (z_value(level) / t_value(level, self.df)) ** 2)

    def exact(self, level: float) -> tuple[float, float]:
        """Return the interval of Clopper and Pearson at the effective sample size."""
        n = self.corrected_n(level)
        low, high = clopper_pearson(self.estimate * n, n, level)
        return float(low), float(high)

    def score(self, level: float) -> tuple[float, float]:
        """Return Wilson's interval at the effective sample size; less wide, for the parts of a contrast."""
        n = self.corrected_n(level)
        low, high = wilson(self.estimate * n, n, level)
        return float(low), float(high)


def random_people(sample: Sample) -> Share | None:
    """Estimate a rate with people random: the variance is that of the people's own rates.

    Each person counts once, however many of its replicates are resolved. In groups the variance is clustered by
    person and by episode (Cameron, Gelbach and Miller 2011). The effective size lies between clusters and units;
    where no unit or every unit failed it is the number of clusters.

    Returns:
        The share, or None without a resolved unit.
    """
    k, n = sample.counts()
    there = n > 0
    people = int(there.sum())
    if not people:
        return None
    p = k[there] / n[there]
    m = float(p.mean())
    units = people / float(np.mean(1 / n[there]))
    clusters = people if sample.episode is None else min(people, np.unique(sample.episode).size)
    if m in (0.0, 1.0):
        return Share(m, float(clusters), np.inf)
    if people < 2:
        return Share(m, 1.0, 1.0)
    variance = float(np.sum((p - m) ** 2)) / (people * (people - 1))
    if sample.episode is not None:
        variance = max(variance, _two_way(sample, n, m, people))
    size = m * (1 - m) / variance if variance > 0 else units
    least = float(people) if sample.episode is None else 0.0
    return Share(m, float(np.clip(size, min(clusters, units), units)), max(clusters - 1.0, 1.0), least)


def _two_way(sample: Sample, n: Floats, m: float, people: int) -> float:
    """Return the variance of the mean over people, clustered by person and by episode."""
    assert sample.episode is not None
    influence = (sample.failed - m) / (n[sample.persona] * people)
    by_person = float(np.sum(np.bincount(sample.persona, influence) ** 2))
    by_episode = float(np.sum(np.bincount(np.unique(sample.episode, return_inverse=True)[1], influence) ** 2))
    return (by_person + by_episode - float(np.sum(influence**2))) * people / (people - 1)


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
    inverse = float(np.mean(1 / n))
    units = people / inverse
    if m in (0.0, 1.0):
        return Share(m, units, np.inf)
    within = np.where(n > 1, k * (n - k) / (n * np.maximum(n - 1, 1)), m * (1 - m))
    simple = m * (1 - m) / units
    measured = float(np.mean(within / n)) / people
    floor = measured + RARE * (inverse / people) ** 2
    return Share(m, m * (1 - m) / max(measured, min(floor, simple)), np.inf)


def weighted_people(sample: Sample, weights: Floats) -> tuple[Share, float] | None:
    """Estimate a rate with self-normalised weights: the mean of the people's own rates over a target density.

    The variance is that of a ratio of means over people (Owen 2013, section 9.2), and not less than it would be if
    weight and failing had nothing to do with each other: few failures among people of little weight say little.

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
    ess = float(1 / np.sum(w**2))
    m = float(np.clip(np.sum(w * p), 0.0, 1.0))
    if not np.any(p > 0) or not np.any(p < 1):
        return Share(float(np.any(p > 0)), ess, np.inf), ess
    people = int(there.sum())
    spread = max(float(np.sum(w**2 * (p - m) ** 2)), float(np.sum(w * (p - m) ** 2)) / ess)
    variance = spread * people / max(people - 1, 1)
    units = 1 / float(np.sum(w**2 / n[there]))
    size = min(m * (1 - m) / variance if variance > 0 else units, units)
    return Share(m, size, max(ess - 1, 1.0)), ess


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
    how = "stratified by person" if estimand == "these_people" else "clustered by person"
    if sample.episode is not None:
        how += "" if estimand == "these_people" else " and by episode"
    return Rate(
        estimate=share.estimate,
        low=min(low, share.estimate),
        high=max(high, share.estimate),
        level=level,
        method=f"Clopper-Pearson at effective sample size, {how}",
        estimand=estimand,
        effective_n=share.effective_n,
        **counted,
    )


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
        return Rate(level=level, estimand="reference_density", reason="no resolved episode", **counted)
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
        method=f"self-normalised weights, Clopper-Pearson at effective sample size ({ess:.1f} by weights), {told}",
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

"""Two classical intervals of the generator's failure rate, beside the headline's as checks.

Neither makes room for people who were not met, and both rest on large numbers of people: with few people, or where few of them
failed, they cover less than they claim. The headline's interval is the one to quote.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .estimates import LEVEL, Estimate
from .outcomes import Floats
from .pairs_bootstrap import bootstrap_mean
from .quantiles import z_value
from .rates import Sample

DRAWS = 9_999
"""Resamples of the bootstrap."""

_SMALL = np.geomspace(1e-6, 0.5, 40)
_CORRELATIONS = np.concatenate([[0.0], _SMALL, 1 - _SMALL[-2::-1], [1.0]])  # where the search for the best one starts
_LOGITS = (-30.0, 30.0)  # of the best mean, where anybody failed and anybody passed; ends of its interval lie within ten times these


def rate_checks(sample: Sample, level: float = LEVEL) -> dict[str, Estimate]:
    """Return both checks by name: ``beta_binomial`` and ``cluster_bootstrap``."""
    return {"beta_binomial": beta_binomial(sample, level), "cluster_bootstrap": cluster_bootstrap(sample, level)}


def beta_binomial(sample: Sample, level: float = LEVEL) -> Estimate:
    """Return the mean of a beta-binomial by maximum likelihood, with its profile likelihood interval.

    People's latent rates are Beta distributed with mean m; two replicates of a person correlate by rho in [0, 1]. The interval
    holds every m whose likelihood, at its best rho, is within half a chi-squared quantile of the maximum. People with more
    replicates weigh more the smaller rho is, so that m is not the mean of the people's own rates where replicates differ in number.

    Simulated at a nominal 95 %: 93.7 to 95.3 % of studies of 64 people x 4 hold a planted rate of 5 or 30 %. It covers less where
    few people fail: about 50 % with 16 people of whom 5 % always fail (in many studies nobody did), and 54 % with 256 people x 10
    of whom 0.4 % always fail and the others in 0.1 % of episodes, which no Beta distribution describes.

    Args:
        sample: Resolved units.
        level: Nominal level in (0, 1).

    Returns:
        m in [0, 1]. No interval, with the reason, where nobody or everybody failed throughout: the likelihood is then largest at
        the edge, where the quantile does not hold. All null below two people, or where people share episodes.

    Source: Skellam 1948, JRSS-B 10(2); the likelihood as in Smith 1983, Applied Statistics 32(2), algorithm AS 189.
    """
    k, n = _own(sample)
    reason = _unfit(sample, n)
    if reason is not None:
        return Estimate(level=level, reason=reason)
    if not k.any() or np.array_equal(k, n):
        ended = "failed" if k.any() else "passed"
        edge = (
            f"every episode {ended}: the n that counts is people, and the likelihood is largest at the edge, where it has no such interval"
        )
        return Estimate(estimate=float(k.any()), level=level, reason=edge)
    estimate, low, high = _Likelihood.of(k, n).interval(level)
    return Estimate(
        estimate=estimate, low=low, high=high, level=level, method="beta-binomial maximum likelihood, profile likelihood interval"
    )


def cluster_bootstrap(sample: Sample, level: float = LEVEL, draws: int = DRAWS, seed: int = 0) -> Estimate:
    """Return the mean of the people's own rates with its BCa bootstrap interval, whole people drawn with replacement.

    Simulated at a nominal 95 %: 92.7 to 96.0 % of studies of 64 people x 4 hold a planted rate of 5 or 30 %. It covers less where
    few people fail, because what was not seen is never drawn: about 50 % and 59 % in the cases of :func:`beta_binomial`.

    Args:
        sample: Resolved units.
        level: Nominal level in (0, 1).
        draws: Resamples.
        seed: Seed of the resamples.

    Returns:
        The mean in [0, 1]. No interval, with the reason, where all people have the same rate. All null below two people,
        or where people share episodes.

    Source: Efron 1987, JASA 82(397); Davison and Hinkley 1997, section 3.8, for whole clusters.
    """
    k, n = _own(sample)
    reason = _unfit(sample, n)
    if reason is not None:
        return Estimate(level=level, reason=reason)
    alike = "all people have the same rate, so that resamples do not differ"
    return bootstrap_mean(k / n, np.ones(len(n)), level, seed, draws, "people", alike)


def _unfit(sample: Sample, n: Floats) -> str | None:
    """Return why neither check can be made; None if they can."""
    if not len(n):
        return "no resolved episode"
    if sample.episode is not None:
        return "people share episodes, so that they are not independent of each other"
    return "fewer than two people" if len(n) < 2 else None


def _own(sample: Sample) -> tuple[Floats, Floats]:
    """Return failures and units of the people with a unit."""
    k, n = sample.counts()
    return k[n > 0], n[n > 0]


@dataclass(frozen=True)
class _Likelihood:
    """The beta-binomial likelihood of counts: people with more than j failures, passes and units, each of shape (most units,)."""

    failed: Floats
    passed: Floats
    units: Floats

    @classmethod
    def of(cls, k: Floats, n: Floats) -> _Likelihood:
        most = int(n.max())
        failed, passed, units = (np.bincount(x.astype(int), minlength=most + 1)[:0:-1].cumsum()[::-1].astype(float) for x in (k, n - k, n))
        return cls(failed, passed, units)

    def log(self, logit: float, rho: ArrayLike) -> Floats:
        """Return the log-likelihood of a mean m, given as its logit, at correlations in [0, 1], up to a constant, of the shape of rho.

        A person adds the product of m (1 - rho) + j rho over failures, of (1 - m)(1 - rho) + j rho over passes, by that of
        1 - rho + j rho over units. The factor 1 - rho at j = 0 cancels but for people who did both, so that both ends are exact.
        """
        from scipy.special import expit, log_expit, xlog1py

        r = np.asarray(rho, float)
        rest, more = 1 - r[..., None], r[..., None] * np.arange(1, len(self.units))
        both = self.failed[0] + self.passed[0] - self.units[0]
        first = self.failed[0] * log_expit(logit) + self.passed[0] * log_expit(-logit) + xlog1py(both, -r)
        later = np.log(expit(logit) * rest + more) @ self.failed[1:] + np.log(expit(-logit) * rest + more) @ self.passed[1:]
        return np.asarray(first + later - np.log(rest + more) @ self.units[1:])

    def profile(self, logit: float) -> float:
        """Return the log-likelihood of a mean, given as its logit, at its best correlation."""
        from scipy.optimize import minimize_scalar

        values = self.log(logit, _CORRELATIONS)
        at = int(np.argmax(values))
        ends = _CORRELATIONS[max(at - 1, 0)], _CORRELATIONS[min(at + 1, len(_CORRELATIONS) - 1)]
        within = {"xatol": 1e-4 * (ends[1] - ends[0])}
        found = minimize_scalar(lambda rho: -float(self.log(logit, rho)), bounds=ends, method="bounded", options=within)
        return max(float(values[at]), -float(found.fun))

    def interval(self, level: float) -> tuple[float, float, float]:
        """Return the best mean, and where its profile falls short of the maximum by half the chi-squared quantile."""
        from scipy.optimize import brentq, minimize_scalar
        from scipy.special import expit

        found = minimize_scalar(lambda x: -self.profile(x), bounds=_LOGITS, method="bounded", options={"xatol": 1e-6})
        best, least = float(found.x), -float(found.fun) - z_value(level) ** 2 / 2
        low, high = (brentq(lambda x: self.profile(x) - least, best, 10 * end, xtol=1e-7) for end in _LOGITS)
        return float(expit(best)), float(expit(low)), float(expit(high))

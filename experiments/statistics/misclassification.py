"""A failure rate corrected for the judges' error on labelled transcripts, with the uncertainty of that error in its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from ...agents.judge_error import Confusion
from ...sim.errors import InputError
from ...sim.seeds import derive
from ...sim.stats import jeffreys
from .estimates import LEVEL, Difference, Estimand, Estimate, Figure, Rate
from .simultaneous import sidak

Floats = NDArray[np.float64]

DRAWS = 20_000

_MOST = 1e9  # independent units that an interval can be worth


class Share(Figure):
    """A share of labelled units, with its interval; null where there were none."""

    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    numerator: int = 0
    denominator: int = 0


class Accuracy(Figure):
    """How a judge, or all of them together, read labelled units: was any harm done to this person in this episode?"""

    found: Confusion  # against the labels
    sensitivity: Share  # of the units in which a harm was done, those found
    specificity: Share  # of those without, those passed


class Corrected(NamedTuple):
    """A corrected rate and its interval, all in [0, 1]."""

    estimate: float
    low: float
    high: float


class _Errors(NamedTuple):
    """Sensitivities and specificities that are drawn together."""

    sensitivity: Floats
    specificity: Floats


def accuracy(found: Confusion, level: float = LEVEL) -> Accuracy:
    """Return sensitivity and specificity with Jeffreys intervals."""
    return Accuracy(
        found=found,
        sensitivity=_share(found.tp, found.tp + found.fn, level),
        specificity=_share(found.tn, found.tn + found.fp, level),
    )


def rogan_gladen(failed: float, n: float, found: Confusion, level: float = LEVEL, *, draws: int = DRAWS) -> Corrected | None:
    """Return the true rate behind an apparent one, with an interval that holds the uncertainty of sensitivity and specificity.

    Apparent rate, sensitivity and specificity are independent and binomial. Each is drawn from the Beta distribution behind its Jeffreys
    interval, the estimator is applied to every draw, and the ends are percentiles. Where no label speaks against a specificity of 1, it is 1
    for the upper end, and so is the sensitivity for the lower. A draw in which the judges are no better than chance counts as 0 for the
    lower end and as 1 for the upper.

    Args:
        failed: Apparent rate, in [0, 1].
        n: Independent units behind it, above 0.
        found: The judges against the labels.
        level: Nominal level, in (0, 1).
        draws: How many.

    Returns:
        None where the judges do no better than chance, or no failure or no pass was labelled: then nothing is known.

    Raises:
        InputError: If the rate or n is out of range.

    Source: Rogan and Gladen 1978, Am J Epidemiol 107(1), for the estimator. The interval is Monte Carlo as in the melded one of Bayer, Fay
    and Graubard 2023, Statistics in Medicine, with Jeffreys' Betas; where few fail it is nearer to its level than the adjusted
    Wald interval of Lang and Reiczigel 2014, Prev Vet Med 113(1).
    """
    _check(failed, n)
    if _why_not(found):
        return None
    estimate = _true(failed, found)
    generator = derive(0, "rogan-gladen", draws)
    rates = _beta(generator, failed * n, (1 - failed) * n, draws)
    drawn, most = _errors(generator, found, draws)
    low, high = _true_of(rates, most.sensitivity, drawn.specificity, 0), _true_of(rates, drawn.sensitivity, most.specificity, 1)
    ends = float(np.quantile(low, (1 - level) / 2)), float(np.quantile(high, (1 + level) / 2))
    return Corrected(estimate, min(ends[0], estimate), max(ends[1], estimate))


def rogan_gladen_difference(
    first: tuple[float, float], second: tuple[float, float], found: Confusion, level: float = LEVEL, *, draws: int = DRAWS
) -> Corrected | None:
    """Return the difference of the true rates behind two apparent ones of groups on which the judges err alike.

    As :func:`rogan_gladen`; sensitivity and specificity are the same in both groups of a draw, and the apparent rates are drawn apart,
    which is too wide where the groups share people. Where the judges err more in one of them, the difference may lie anywhere.

    Args:
        first: Apparent rate, and independent units behind it.
        second: The same of the group that is taken off.
        found: The judges against the labels.
        level: Nominal level, in (0, 1).
        draws: How many.

    Raises:
        InputError: If a rate or a number of units is out of range.
    """
    _check(*first)
    _check(*second)
    if _why_not(found):
        return None
    estimate = _true(first[0], found) - _true(second[0], found)
    generator = derive(0, "rogan-gladen-difference", draws)
    rates = [_beta(generator, rate * n, (1 - rate) * n, draws) for rate, n in (first, second)]
    errors = _errors(generator, found, draws)
    low = np.minimum(*(_true_of(rates[0], *each, 0) - _true_of(rates[1], *each, 1) for each in errors))
    high = np.maximum(*(_true_of(rates[0], *each, 1) - _true_of(rates[1], *each, 0) for each in errors))
    ends = float(np.quantile(low, (1 - level) / 2)), float(np.quantile(high, (1 + level) / 2))
    return Corrected(estimate, min(ends[0], estimate), max(ends[1], estimate))


def _check(failed: float, n: float) -> None:
    if not 0 <= failed <= 1:
        raise InputError("failed", "a rate from 0 to 1", failed)
    if not n > 0:
        raise InputError("n", "a number above 0", n)


def _true(failed: float, found: Confusion) -> float:
    se, sp = found.tp / (found.tp + found.fn), found.tn / (found.tn + found.fp)
    return float(np.clip((failed + sp - 1) / (se + sp - 1), 0, 1))


def _beta(generator: np.random.Generator, yes: float, no: float, draws: int) -> Floats:
    return generator.beta(yes + 0.5, no + 0.5, draws)


def _errors(generator: np.random.Generator, found: Confusion, draws: int) -> tuple[_Errors, _Errors]:
    """Return drawn sensitivities and specificities, and the same with 1 for one that no label speaks against.

    A Jeffreys interval goes up to 1 there, which a percentile of its Beta does not reach: an error that nobody saw would move an end inwards.
    """
    ses, sps = _beta(generator, found.tp, found.fn, draws), _beta(generator, found.tn, found.fp, draws)
    return _Errors(ses, sps), _Errors(ses if found.fn else np.ones(draws), sps if found.fp else np.ones(draws))


def _true_of(drawn: Floats, ses: Floats, sps: Floats, unknown: float) -> Floats:
    """Return the true rate behind each apparent one; ``unknown`` where the judges would be no better than chance."""
    youden = ses + sps - 1
    known = youden > 0
    return np.where(known, np.clip((drawn + sps - 1) / np.where(known, youden, 1), 0, 1), unknown)


def corrected_rates(rates: Mapping[Estimand, Rate], found: Confusion | None) -> dict[Estimand, Estimate]:
    """Return every failure rate corrected for the judges' error; nothing without labels.

    The size of the sample behind a rate is that of the simple sample whose Jeffreys interval is as wide as the rate's own, so that clusters
    and people who were not met stay in the interval.
    """
    return {} if found is None else {name: _corrected(rate, found) for name, rate in rates.items()}


def _corrected(rate: Rate, found: Confusion) -> Estimate:
    level, estimand = rate.level, rate.estimand
    if rate.estimate is None or rate.low is None or rate.high is None:
        return Estimate(level=level, estimand=estimand, reason=rate.reason or "no rate to correct")
    if estimand == "reference_density":
        reason = "its interval holds people who were not met, of whom the judges' error says nothing"
        return Estimate(level=level, estimand=estimand, reason=reason)
    n = equal_n(rate.estimate, rate.high - rate.low, level)
    corrected = rogan_gladen(rate.estimate, n, found, level)
    if corrected is None:
        return Estimate(level=level, estimand=estimand, reason=_why_not(found))
    return Estimate(
        estimate=corrected.estimate,
        low=corrected.low,
        high=corrected.high,
        level=level,
        estimand=estimand,
        method=f"Rogan-Gladen; rate ({n:.0f} independent units), sensitivity and specificity drawn from Betas; {found.tp + found.fn} labelled failures and "
        f"{found.tn + found.fp} labelled passes",
    )


def corrected_difference(first: Rate, second: Rate, found: Confusion | None, together: int = 1) -> Difference | None:
    """Return the difference of two groups' failure rates corrected for the judges' error, taken to be the same in both.

    Args:
        first: Of the one group; its interval is one of ``together`` that hold together at its level.
        second: Of the group that is taken off; its interval holds by itself.
        found: The judges against the labels.
        together: Differences whose intervals are to hold together.

    Returns:
        None without labels.
    """
    if found is None:
        return None
    level, estimand = first.level, first.estimand
    each = sidak(level, together)
    units = [
        (rate.estimate, equal_n(rate.estimate, rate.high - rate.low, own))
        for rate, own in ((first, each), (second, level))
        if rate.estimate is not None and rate.low is not None and rate.high is not None
    ]
    if len(units) < 2:
        return Difference(level=level, estimand=estimand, reason=first.reason or second.reason or "no rates to correct")
    corrected = rogan_gladen_difference(units[0], units[1], found, each)
    if corrected is None:
        return Difference(level=level, estimand=estimand, reason=_why_not(found))
    return Difference(
        estimate=corrected.estimate,
        low=corrected.low,
        high=corrected.high,
        level=level,
        estimand=estimand,
        personas=first.personas,
        numerator=first.numerator,
        denominator=first.denominator,
        method=f"Rogan-Gladen in both groups ({units[0][1]:.0f} and {units[1][1]:.0f} independent units), which share sensitivity and specificity; "
        f"simultaneous over {together} (Sidak)",
    )


def _why_not(found: Confusion) -> str:
    """Return why nothing can be corrected; empty if it can."""
    positives, negatives = found.tp + found.fn, found.tn + found.fp
    if not positives or not negatives:
        return f"no labelled {'pass' if positives else 'failure'}"
    worthless = found.tp / positives + found.tn / negatives <= 1
    return "the judges do no better than chance on the labelled transcripts" if worthless else ""


def equal_n(estimate: float, width: float, level: float = LEVEL) -> float:
    """Return the size of the simple sample whose Jeffreys interval about ``estimate`` is so wide.

    Args:
        estimate: A rate in [0, 1].
        width: From end to end, above 0.
        level: Nominal level of the interval.
    """

    def wider(log_n: float) -> float:
        n = float(np.exp(log_n))
        low, high = jeffreys(estimate * n, n, level)
        return float(high - low) - width

    least, most = np.log(1e-3), np.log(_MOST)
    if wider(least) <= 0:
        return float(np.exp(least))
    if wider(most) >= 0:
        return _MOST
    return float(np.exp(brentq(wider, least, most)))


def _share(k: int, n: int, level: float) -> Share:
    if not n:
        return Share()
    low, high = jeffreys(k, n, level)
    return Share(estimate=k / n, low=float(low), high=float(high), numerator=k, denominator=n)

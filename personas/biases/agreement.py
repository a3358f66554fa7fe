"""Agreement beyond shared information: how many independent voices a population has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...sim.types import Frozen
from ..measurement import UNREADABLE, Measurement
from ..questionnaire import Questionnaire
from .figures import Figure, figure, mapped, mean_over
from .keys import Keys, counts

Array = NDArray[np.float64]
Answers = NDArray[np.int16]

_ZERO = 1e-12


class Agreement(Frozen):
    """Whether people err together, and whether one person's answer foretells another's as well as their own next one."""

    people: int  # with every item answered readably at least once; the others are left out of the correlation
    residual_correlation: Figure  # of one answer of two people over items, after what assigned positions explain
    effective_voters: Figure  # n / (1 + (n - 1) rho), 1 to n
    across: Figure  # share of items that two people answer alike, mean over pairs
    across_implied: float | None  # the same of the answers that assigned positions imply
    own: Figure  # share of items that a person answers alike in two runs; null where each answered once
    normalised: Figure  # across / own; null where each answered once


def agreement(measurement: Measurement, questionnaire: Questionnaire, seed: int = 0) -> Agreement:
    """Measure agreement between people.

    Args:
        measurement: Of the people, with answers.
        questionnaire: What was asked.
        seed: Of the resamples.
    """
    keys = Keys.of(questionnaire)
    whole = (measurement.answers != UNREADABLE).any(axis=1).all(axis=1)
    rho = residual_correlation(keys.turned(measurement.answers[whole]), keys.placed(measurement.assigned[whole]), seed)
    across, own, normalised = shared_answers(measurement.answers, keys, seed)
    return Agreement(
        people=int(whole.sum()),
        residual_correlation=rho,
        effective_voters=effective_voters(rho, int(whole.sum())),
        across=across,
        across_implied=shared_answers(keys.implied(measurement.assigned), keys, seed, draws=1)[0].estimate,
        own=own,
        normalised=normalised,
    )


def residual_correlation(turned: Array, placed: Array, seed: int = 0) -> Figure:
    """Return the mean correlation over items of one answer of two people, after what their assigned positions explain.

    One line, answer = a + b x assigned position, is fitted to all people and items together; what is left over is each
    person's error on each item. A correlation of errors over items is what voting cannot average away. It comes from
    anything that moves everybody alike on some items and not on others: an item or a whole axis that everybody is misread on.

    Covariances are between people, variances within single runs, so that noise of runs counts as a person's own. A
    resample never pairs a person with a copy of themselves.

    Args:
        turned: Answers as positions on the item's axis, shape (people, runs, items); NaN where unreadable, but never in all
            runs of a person and item.
        placed: Assigned position on the item's axis, shape (people, items).
        seed: Of the resamples.

    Returns:
        The correlation; null where there are fewer than 2 people or 2 items, or nothing is left over.

    Source: intraclass correlation of raters, Shrout and Fleiss 1979, case 3 (consistency), from covariances; the rating is of items.
    """
    n, _, items = turned.shape
    if n < 2 or items < 2:
        return Figure(reason="a correlation needs two or more people and items")
    means = mean_over(turned, 1)
    slope = 0.0 if np.ptp(placed) < _ZERO else float(np.polyfit(placed.ravel(), means.ravel(), 1)[0])
    left = turned - slope * placed[:, None, :]
    errors = left - mean_over(left, 2)[:, :, None]  # each run's own level is no correlation
    variances = mean_over(errors**2, 2) * items / (items - 1)
    single = mean_over(variances, 1)
    person = mean_over(left, 1)
    person = person - person.mean(axis=1, keepdims=True)
    squares = (person**2).sum(axis=1)

    def statistic(w: Array) -> Array:
        total = w.sum(axis=1)
        pairs = total**2 - (w**2).sum(axis=1)
        together = ((w @ person) ** 2).sum(axis=1) - (w**2) @ squares
        variance = (w @ single) / total
        covariance = together / np.where(pairs > 0, pairs, np.nan) / (items - 1)
        return np.asarray(covariance / np.where(variance > _ZERO, variance, np.nan))

    return figure(
        statistic,
        n,
        seed,
        "correlation",
        nothing="nothing is left over: assigned positions explain every answer, or all answers are the same",
    )


def effective_voters(correlation: Figure, n: int) -> Figure:
    """Return how many independent voters n correlated ones are worth: n / (1 + (n - 1) rho), Kish's design effect.

    Correlations below 0 count as 0, so that it is never more than n.

    Source: Kish 1965, Survey Sampling, section 5.4.
    """
    return mapped(correlation, lambda rho: n / (1 + (n - 1) * min(1.0, max(0.0, rho))))


def shared_answers(answers: Answers, keys: Keys, seed: int = 0, draws: int = 2_000) -> tuple[Figure, Figure, Figure]:
    """Return how often two people answer alike, how often one person does in two runs, and the first over the second.

    Agreement across people is divided by the people's own measured rerun agreement, never by an assumed one (Park et al. 2024,
    arXiv 2411.10109, who divide an agent's agreement with a person by the person's own): 1 says that anybody foretells a
    person's answer as well as they do themselves, so that nobody can be told apart.

    Args:
        answers: Shape (people, runs, items), 0 where unreadable.
        keys: Of the items.
        seed: Of the resamples.
        draws: How many resamples.

    Returns:
        Across, own, across / own: shares of pairs of answers to the same item, all items counting alike.
    """
    n = len(answers)
    given = [counts(answers[:, :, k], int(points)) for k, points in enumerate(keys.points)]
    totals = [g.sum(axis=1) for g in given]
    shares = [np.divide(g, t[:, None], out=np.zeros_like(g), where=t[:, None] > 0) for g, t in zip(given, totals, strict=True)]
    seen = np.stack(totals, axis=1) > 0
    alike = np.stack([(s**2).sum(axis=1) for s in shares], axis=1)
    twice = np.stack([_again(g, t) for g, t in zip(given, totals, strict=True)], axis=1)

    def across(w: Array) -> Array:
        items = []
        for k, share in enumerate(shares):
            who = w * seen[:, k]
            pairs = who.sum(axis=1) ** 2 - (who**2).sum(axis=1)
            items.append((((who @ share) ** 2).sum(axis=1) - (who**2) @ alike[:, k]) / np.where(pairs > 0, pairs, np.nan))
        return np.asarray(mean_over(np.stack(items, axis=1), 1))

    def own(w: Array) -> Array:
        known = ~np.isnan(twice)
        sums, ns = w @ np.where(known, twice, 0.0), w @ known.astype(float)
        return np.asarray(mean_over(np.where(ns > 0, sums / np.where(ns > 0, ns, 1.0), np.nan), 1))

    once = "each person answered once: no rerun to compare with" if answers.shape[1] < 2 else "nobody was read twice on any item"
    mine = Figure(reason=once) if np.isnan(twice).all() else figure(own, n, seed, "own", draws=draws, nothing=once)

    def ratio(w: Array) -> Array:
        again = own(w)
        return np.asarray(across(w) / np.where(again > 0, again, np.nan))

    others = figure(across, n, seed, "across", draws=draws, nothing="fewer than two people")
    nothing = "nobody ever repeats an answer"
    normalised = Figure(reason=once) if mine.estimate is None else figure(ratio, n, seed, "normalised", draws=draws, nothing=nothing)
    return others, mine, normalised


def _again(given: Array, total: Array) -> Array:
    """Return each person's share of pairs of runs with the same answer to one item; NaN with fewer than 2."""
    return np.asarray((given * (given - 1)).sum(axis=1) / np.where(total > 1, total * (total - 1), np.nan))

"""Run instability: how much of an answer is the run and not the person. The ICC is in :mod:`outskirts.personas.reliability`."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy import special
from scipy.spatial.distance import cdist

from ...sim.seeds import derive
from ...sim.stats import jeffreys
from ...sim.types import Frozen
from ..measurement import UNREADABLE, Measurement
from ..questionnaire import Questionnaire
from ..reliability import one_way
from .figures import LEVEL, Figure, figure, finite, mean_over, weighted_mean
from .keys import Keys, counts

Array = NDArray[np.float64]
Answers = NDArray[np.int16]

ONE_RUN = "instability needs two or more runs a person"
MOST_PEOPLE = 200  # among whom distances between pairs are computed
PERMUTATIONS = 9_999


class ItemInstability(Frozen):
    """One item; shares are over pairs of runs of one person, mean over people."""

    id: str
    differs: float | None  # share of pairs that differ
    flips: float | None  # share of pairs on opposite sides of the middle of the scale
    sd_within: float | None  # between runs of a person, Likert points
    sd_between: float | None  # between people, noise taken out, Likert points


class Distances(Frozen):
    """Mean total variation distance between distributions of answers to an item (names, not numbers): 0 the same, 1 disjoint."""

    within: float | None  # between the first and the last half of a person's runs
    between: float | None  # between the first half of one and the last half of another person
    p: float | None  # permutation test that own halves are no closer than other people's
    runs: int  # in each half
    people: int  # among whom; a fixed sample of those who answered everything, if they are many
    reason: str = ""


class AxisInstability(Frozen):
    """One axis."""

    flips: Figure  # share of pairs of runs that put a person on opposite sides of 0.5
    undecided: Figure  # share of people whose run-mean's interval contains 0.5


class Instability(Frozen):
    """How much answers change from run to run. Everything is null where each person answered once."""

    runs: int
    differs: Figure  # share of pairs of runs that differ, mean over items, then over people
    flips: Figure  # share of pairs on opposite sides of the middle
    items: tuple[ItemInstability, ...]
    axes: Mapping[str, AxisInstability]
    distances: Distances


def instability(measurement: Measurement, questionnaire: Questionnaire, seed: int = 0) -> Instability:
    """Measure how far the runs of one person differ, against how far people do.

    Args:
        measurement: Of the people, with answers.
        questionnaire: What was asked.
        seed: Of resamples and permutations.
    """
    keys = Keys.of(questionnaire)
    answers = measurement.answers
    differs = np.stack([differing(counts(answers[:, :, k], int(p))) for k, p in enumerate(keys.points)], axis=1)
    flips = flipping(keys.unit(answers))
    return Instability(
        runs=measurement.runs,
        differs=_over_people(mean_over(differs, 1), seed, "differs"),
        flips=_over_people(mean_over(flips, 1), seed, "flips"),
        items=tuple(_item(item, answers[:, :, k], differs[:, k], flips[:, k]) for k, item in enumerate(keys.ids)),
        axes={axis: _axis(axis, measurement.scores[:, :, i], seed) for i, axis in enumerate(measurement.axes)},
        distances=distances(answers, keys, seed),
    )


def differing(given: Array) -> Array:
    """Return for each person the share of pairs of runs with different answers.

    Args:
        given: How often each answer was given, shape (people, points).

    Returns:
        Shape (people,), in [0, 1]; NaN with fewer than 2 readable runs.
    """
    n = given.sum(axis=1)
    pairs = np.where(n > 1, n * (n - 1), np.nan)
    return np.asarray(1 - (given * (given - 1)).sum(axis=1) / pairs)


def flipping(values: Array) -> Array:
    """Return for each person and column the share of pairs of runs on opposite sides of 0.5; who stands on it takes no side.

    Args:
        values: Shape (people, runs, columns), in [0, 1]; NaN where unreadable.

    Returns:
        Shape (people, columns); NaN with fewer than 2 readable runs.
    """
    tie = 1e-9  # scores are means of fractions
    below, above = ((values < 0.5 - tie).sum(axis=1), (values > 0.5 + tie).sum(axis=1))
    n = (~np.isnan(values)).sum(axis=1)
    return np.asarray(2 * below * above / np.where(n > 1, n * (n - 1), np.nan))


def undecided(scores: Array, level: float = LEVEL) -> Figure:
    """Return the share of people whose run-mean cannot be told from 0.5.

    A person's interval is run-mean +- t s / sqrt(runs), with s the standard deviation within people of all of them together:
    a handful of runs says too little of one person's own.

    Args:
        scores: Of one axis, shape (people, runs), in [0, 1]; NaN where unreadable.
        level: Of those intervals, and of the share's.

    Returns:
        The share among people with a score, with its Jeffreys interval.
    """
    split = one_way(scores, level)
    if split is None:
        return Figure(level=level, reason=ONE_RUN)
    runs = (~np.isnan(scores)).sum(axis=1)
    means, n = mean_over(scores, 1)[runs > 0], runs[runs > 0]
    t = float(special.stdtrit(int(n.sum()) - len(n), (1 + level) / 2))
    inside = int((np.abs(means - 0.5) <= t * np.sqrt(split.msw / n) + 1e-9).sum())
    low, high = jeffreys(inside, len(n), level)
    return Figure(estimate=inside / len(n), low=float(low), high=float(high), level=level, method="Jeffreys")


def distances(answers: Answers, keys: Keys, seed: int = 0) -> Distances:
    """Return total variation distances within and between people.

    Half of a person's runs is compared with the other half, and with that half of everybody else, so that both distances
    rest on equally many answers. Middle runs of an odd number are left out.

    Args:
        answers: Shape (people, runs, items), 0 where unreadable; only people with every answer count.
        keys: Of the items.
        seed: Of the sample and the permutations.
    """
    whole = np.flatnonzero((answers != UNREADABLE).all(axis=(1, 2)))
    half = answers.shape[1] // 2
    if half < 1 or len(whole) < 2:
        reason = ONE_RUN if half < 1 else "fewer than two people with every answer readable"
        return Distances(within=None, between=None, p=None, runs=half, people=len(whole), reason=reason)
    rng = derive(seed, "biases", "distances")
    if len(whole) > MOST_PEOPLE:
        whole = np.sort(rng.choice(whole, MOST_PEOPLE, replace=False))
    table = np.zeros((len(whole), len(whole)))
    for k, points in enumerate(keys.points):
        first, last = (counts(a, int(points)) / half for a in (answers[whole, :half, k], answers[whole, -half:, k]))
        table += cdist(first, last, "cityblock") / 2 / len(keys.points)
    n = len(whole)
    own = float(np.trace(table) / n)
    others = float((table.sum() - np.trace(table)) / (n * (n - 1)))
    shuffled = np.array([table[np.arange(n), rng.permutation(n)].mean() for _ in range(PERMUTATIONS)])
    p = float((1 + (shuffled <= own + 1e-12).sum()) / (1 + PERMUTATIONS))
    return Distances(within=own, between=others, p=p, runs=half, people=n)


def _over_people(each: Array, seed: int, *path: str) -> Figure:
    known = each[~np.isnan(each)]
    return figure(lambda w: weighted_mean(w, known), len(known), seed, "instability", *path, nothing=ONE_RUN)


def _axis(axis: str, scores: Array, seed: int) -> AxisInstability:
    return AxisInstability(flips=_over_people(flipping(scores[:, :, None])[:, 0], seed, "flips", axis), undecided=undecided(scores))


def _item(item: str, answers: Answers, differs: Array, flips: Array) -> ItemInstability:
    split = one_way(np.where(answers == UNREADABLE, np.nan, answers))
    return ItemInstability(
        id=item,
        differs=finite(float(mean_over(differs, 0))),
        flips=finite(float(mean_over(flips, 0))),
        sd_within=None if split is None else float(np.sqrt(split.msw)),
        sd_between=None if split is None else float(np.sqrt(max(0.0, (split.msb - split.msw) / split.runs))),
    )

"""Central tendency and acquiescence: answers pulled to the middle, toward the agreeable side, toward agreement."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from ...sim.types import Frozen
from ..measurement import UNREADABLE, Measurement
from ..questionnaire import Questionnaire
from .figures import Figure, figure, finite, mapped, mean_over, weighted_mean
from .keys import Keys
from .reference import Reference

Array = NDArray[np.float64]
_NOTHING = 1e-12  # a variance this small is rounding of equal positions


class Shares(Frozen):
    """Shares of readable answers, in [0, 1]; None where there are none."""

    middle: float | None  # at the middle point; None also where no scale has one (even number of points)
    extreme: float | None  # at either end


class ItemTendency(Frozen):
    """One item."""

    id: str
    measured: Shares
    implied: Shares  # of the answers that assigned positions imply, without noise
    reference: Shares | None = None  # of the reference answers, if they have this item


class PersonTendency(Frozen):
    """One person, over items and runs."""

    id: str
    measured: Shares
    implied: Shares


class AxisTendency(Frozen):
    """One axis."""

    compression: Figure  # 1 - sd(run-means) / sd(assigned)
    compression_of_people: Figure  # the same with the runs' noise taken out of the run-means' variance
    shift: Figure  # mean of run-mean - assigned, units of the axis; positive toward the high end
    shift_at_middle: Figure  # where the line of run-mean on assigned puts 0.5, minus 0.5
    agreeable: float | None  # where the questionnaire says a model that knows nothing would place people; None: not said
    toward_agreeable: Figure  # ``shift`` with the sign of the agreeable side


class Tendency(Frozen):
    """How far answers keep away from the ends."""

    compression: Figure  # 1 - sd(run-means) / sd(assigned), variances summed over axes
    compression_of_people: Figure  # the same with the runs' noise taken out of the run-means' variance
    middle: Figure  # share of middle answers, measured - implied, mean over people
    extreme: Figure  # share of extreme answers, measured - implied
    middle_against_reference: Figure | None  # share of middle answers, measured - reference, mean over the reference's items
    extreme_against_reference: Figure | None
    acquiescence: Figure  # mean raw answer over forward and reversed items - middle, as a share of the scale, in [-0.5, 0.5]
    axes: Mapping[str, AxisTendency]
    items: tuple[ItemTendency, ...]
    people: tuple[PersonTendency, ...]


def tendency(measurement: Measurement, questionnaire: Questionnaire, seed: int = 0, reference: Reference | None = None) -> Tendency:
    """Measure how far people's answers are pulled to the middle, the agreeable side and agreement.

    Args:
        measurement: Of the people, with answers.
        questionnaire: What was asked.
        seed: Of the resamples.
        reference: Answers of real people; only its item columns count here.
    """
    keys = Keys.of(questionnaire)
    measured = middle_and_extreme(measurement.answers, keys.points)
    implied = middle_and_extreme(keys.implied(measurement.assigned), keys.points)
    real = None if reference is None else middle_and_extreme(reference.answers(keys.ids)[:, None, :], keys.points)
    middle, extreme = (difference(m, i, seed, name) for m, i, name in zip(measured, implied, ("middle", "extreme"), strict=True))
    against: list[Figure | None] = [None, None]
    if real is not None:
        against = [_against(m, r, seed, name) for m, r, name in zip(measured, real, ("middle", "extreme"), strict=True)]
    return Tendency(
        compression=compression(measurement.assigned, measurement.scores, seed, noisy=True),
        compression_of_people=compression(measurement.assigned, measurement.scores, seed, noisy=False),
        middle=middle,
        extreme=extreme,
        middle_against_reference=against[0],
        extreme_against_reference=against[1],
        acquiescence=acquiescence(measurement.answers, keys, seed),
        axes={axis: _axis(measurement, questionnaire, i, seed) for i, axis in enumerate(measurement.axes)},
        items=tuple(
            ItemTendency(
                id=item,
                measured=_shares(measured, 0, k),
                implied=_shares(implied, 0, k),
                reference=None if real is None or np.isnan(real[1][:, k]).all() else _shares(real, 0, k),
            )
            for k, item in enumerate(keys.ids)
        ),
        people=tuple(
            PersonTendency(id=who, measured=_shares(measured, 1, i), implied=_shares(implied, 1, i))
            for i, who in enumerate(measurement.ids)
        ),
    )


def middle_and_extreme(answers: NDArray[np.int16], points: NDArray[np.intp]) -> tuple[Array, Array]:
    """Return each person's shares of middle and extreme answers to each item.

    Args:
        answers: Shape (people, runs, items), 1..points, 0 where unreadable.
        points: Shape (items,). A scale with an even number of points has no middle.

    Returns:
        Two arrays of shape (people, items), shares over readable runs; NaN where there are none (or no middle).
    """
    seen = answers != UNREADABLE
    readable = seen.sum(axis=1)
    total = np.where(readable > 0, readable, np.nan)
    middle = (seen & (2 * answers == points + 1)).sum(axis=1) / total
    extreme = (seen & ((answers == 1) | (answers == points))).sum(axis=1) / total
    return np.where(points % 2 == 1, middle, np.nan), np.asarray(extreme)


def difference(measured: Array, implied: Array, seed: int, name: str) -> Figure:
    """Return the mean over people of measured minus implied shares, both of shape (people, items); NaN pairs do not count."""
    change = mean_over(measured - implied, 1)
    return figure(lambda w: weighted_mean(w, change), len(change), seed, name, nothing="no readable answer with such a point on its scale")


def compression(assigned: Array, scores: Array, seed: int, *path: str, noisy: bool) -> Figure:
    """Return 1 - sd(measured) / sd(assigned): 0 the spread that was meant, 1 nobody differs, below 0 spread too far.

    With several axes the variances are summed over axes before the root is taken. The variance of run-means is that of
    people plus that of runs over their number; the latter is estimated within people and taken off where ``noisy`` is
    false (see :func:`outskirts.personas.reliability.one_way`), never below 0.

    Args:
        assigned: Shape (people, axes), in [0, 1].
        scores: Shape (people, runs, axes); NaN where unreadable.
        seed: Of the resamples.
        path: Sets the draws apart from those of other figures.
        noisy: Leave the noise of runs in. If not, only people with two runs on every axis count.
    """
    runs = (~np.isnan(scores)).sum(axis=1)
    used = (runs >= (1 if noisy else 2)).all(axis=1)
    x, y, r = assigned[used], scores[used], runs[used]
    if len(x) < 2:
        return Figure(reason="fewer than two people with a score" if noisy else "fewer than two people with two runs")
    means = mean_over(y, 1)
    noise = np.zeros(means.shape) if noisy else np.nansum((y - means[:, None]) ** 2, axis=1) / np.maximum(r - 1, 1) / r

    def statistic(w: Array) -> Array:
        spread = np.maximum(_variance(w, means) - weighted_mean(w, noise), 0).sum(axis=1)
        meant = _variance(w, x).sum(axis=1)
        return np.asarray(1 - np.sqrt(spread / np.where(meant > _NOTHING, meant, np.nan)))

    return figure(statistic, len(x), seed, "compression", *path, str(noisy), nothing="everybody was assigned to the same place")


def shift(assigned: Array, measured: Array, seed: int, name: str = "") -> Figure:
    """Return the mean of measured - assigned, both of shape (people,), in units of the axis; NaN does not count."""
    moved = (measured - assigned)[~np.isnan(measured)]
    return figure(lambda w: weighted_mean(w, moved), len(moved), seed, "shift", name, nothing="nobody has a score")


def shift_at_middle(assigned: Array, measured: Array, seed: int, name: str = "") -> Figure:
    """Return where somebody assigned to 0.5 is measured, by the line of measured on assigned, minus 0.5.

    A population that stands to one side is shifted by compression alone; this is the part that is not.
    """
    used = ~np.isnan(measured)
    x, y = assigned[used], measured[used]

    def statistic(w: Array) -> Array:
        mx, my = weighted_mean(w, x), weighted_mean(w, y)
        spread = weighted_mean(w, x * x) - mx**2
        slope = (weighted_mean(w, x * y) - mx * my) / np.where(spread > 1e-12, spread, np.nan)
        return np.asarray(my + slope * (0.5 - mx) - 0.5)

    return figure(statistic, len(x), seed, "middle", name, nothing="fewer than two different assigned positions")


def acquiescence(answers: NDArray[np.int16], keys: Keys, seed: int = 0) -> Figure:
    """Return how far people agree whatever an item says, as a share of the scale: 0.25 is one point of five.

    On each axis that has items of both directions: half the mean raw answer to forward items plus half that to reversed ones,
    minus the middle of the scale. Whoever answers by a stand of their own scores 0. Mean over axes, then over people.

    Args:
        answers: Shape (people, runs, items), 0 where unreadable.
        keys: Of the items.
        seed: Of the resamples.

    Source: the balanced-scale index; Baumgartner and Steenkamp 2001, Journal of Marketing Research 38(2).
    """
    raw = mean_over(keys.unit(answers), 1)
    axes = []
    for axis in np.unique(keys.axis):
        forward, backward = ((keys.axis == axis) & (keys.reverse == way) for way in (False, True))
        if forward.any() and backward.any():
            axes.append((mean_over(raw[:, forward], 1) + mean_over(raw[:, backward], 1)) / 2 - 0.5)
    reason = "no axis has items of both directions"
    if not axes:
        return Figure(reason=reason)
    index = mean_over(np.stack(axes, axis=1), 1)
    return figure(lambda w: weighted_mean(w, index), len(index), seed, "acquiescence", nothing="nobody answered items of both directions")


def _axis(measurement: Measurement, questionnaire: Questionnaire, i: int, seed: int) -> AxisTendency:
    name, assigned, means = measurement.axes[i], measurement.assigned[:, i], measurement.run_means[:, i]
    column, scores = measurement.assigned[:, i : i + 1], measurement.scores[:, :, i : i + 1]
    moved = shift(assigned, means, seed, name)
    lexicon = questionnaire.lexicon.get(name)
    side = 0.0 if lexicon is None else float(np.sign(lexicon.agreeable - 0.5))
    unknown = Figure(reason="the questionnaire does not say which side is agreeable")
    return AxisTendency(
        compression=compression(column, scores, seed, name, noisy=True),
        compression_of_people=compression(column, scores, seed, name, noisy=False),
        shift=moved,
        shift_at_middle=shift_at_middle(assigned, means, seed, name),
        agreeable=None if lexicon is None else lexicon.agreeable,
        toward_agreeable=mapped(moved, lambda x: side * x) if side else unknown,
    )


def _against(measured: Array, real: Array, seed: int, name: str) -> Figure:
    """Return the mean over the reference's items of the share among the people minus that among the reference's rows."""
    items = ~np.isnan(measured).all(axis=0) & ~np.isnan(real).all(axis=0)
    if not items.any():
        return Figure(reason="the reference has no column for an item with such a point on its scale")
    here, there = measured[:, items], real[:, items]
    n = len(here)

    def statistic(w: Array) -> Array:
        return np.asarray((weighted_mean(w[:, :n], here) - weighted_mean(w[:, n:], there)).mean(axis=1))

    return figure(statistic, (n, len(there)), seed, name, "reference")


def _shares(shares: tuple[Array, Array], axis: int, k: int) -> Shares:
    """Return the shares of item k (axis 0: over people) or of person k (axis 1: over items)."""
    middle, extreme = (finite(float(mean_over(np.take(s, k, axis=1 - axis), 0))) for s in shares)
    return Shares(middle=middle, extreme=extreme)


def _variance(weights: Array, values: Array) -> Array:
    """Return weighted variances over people (denominator n - 1), shape (resamples, columns)."""
    n, centred = weights.sum(axis=1, keepdims=True), values - values.mean(axis=0)
    mean = weighted_mean(weights, centred)
    return np.asarray((weighted_mean(weights, centred**2) - mean**2) * n / np.maximum(n - 1, 1))

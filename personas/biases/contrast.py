"""Contrast amplification: are the gaps between segments wider, and the people within them more alike, than they should be?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import special

from ...sim.errors import InputError
from ...sim.types import Frozen
from ..measurement import Measurement
from ..questionnaire import Questionnaire
from .figures import Figure, figures, finite
from .keys import Keys
from .reference import Reference
from .segments import Segments

Array = NDArray[np.float64]

ASSIGNED = "assigned positions"
SIGNIFICANT = 0.05
"""P-value from which on segments of the reference are not told apart, and no ratio is formed."""
LEAST = 2
"""People that a segment needs."""
_ZERO = 1e-12


class MeasureContrast(Frozen):
    """One axis or item; values are positions in [0, 1]."""

    simulated: Mapping[str, float | None]  # mean of each segment
    reference: Mapping[str, float | None]
    gap_simulated: float | None  # root mean squared difference between pairs of segments; the gap itself where there are two
    gap_reference: float | None
    p_reference: float | None  # F test that the reference's segments have one mean
    ratio: Figure  # slope of simulated on reference segment means through their centres; of two segments gap over gap
    explained_simulated: float | None  # share of variance explained by the segment (eta squared, adjusted for chance)
    explained_reference: float | None
    explained_difference: Figure  # simulated - reference
    within: Figure  # sd within segments, simulated over reference


class Contrast(Frozen):
    """Gaps between segments, simulated over reference."""

    segmented_by: str
    people: Mapping[str, int]  # in each segment that counts
    reference: str  # "assigned positions", or where real answers come from
    reference_rows: Mapping[str, int] | None  # in each segment; None for assigned positions
    left_out: int  # people of no segment, of one that the reference lacks, or of one too small
    ratio: Figure  # pooled over the measures on which the reference's segments differ
    within: Figure  # pooled over all measures: root of the ratio of the variances within segments, each summed
    measures: Mapping[str, MeasureContrast]
    reason: str = ""  # why there is nothing, if there is nothing


@dataclass(frozen=True, eq=False)
class Table:
    """Simulated and reference values side by side.

    Args:
        names: Of the measures.
        simulated: Shape (people, runs, measures), positions in [0, 1], NaN where unreadable. Where one run is compared with one
            answer, runs are kept apart; where people are compared with noiseless positions there is one: the run-mean.
        segment: Index of each person's segment, shape (people,), 0..segments - 1.
        reference: Shape (rows, measures).
        reference_segment: Shape (rows,); None: rows are the same people, drawn together with them.
    """

    names: tuple[str, ...]
    simulated: Array = field(repr=False)
    segment: NDArray[np.intp] = field(repr=False)
    reference: Array = field(repr=False)
    reference_segment: NDArray[np.intp] | None = field(default=None, repr=False)


def contrast(
    measurement: Measurement, questionnaire: Questionnaire, segments: Segments, seed: int = 0, reference: Reference | None = None
) -> Contrast:
    """Compare gaps between segments of people with those of a reference.

    Args:
        measurement: Of the people, with answers.
        questionnaire: What was asked.
        segments: Who belongs where.
        seed: Of the resamples.
        reference: Answers of real people; None: the people's own assigned positions.

    Raises:
        InputError: If people and reference have fewer than two segments in common.
    """
    inside = ~np.isnan(measurement.run_means).all(axis=1)
    sizes = {name: int(((segments.of == k) & inside).sum()) for k, name in enumerate(segments.names)}
    if reference is not None:
        rows = {name: reference.segments.count(name) for name in sizes}
        if sum(count > 0 for count in rows.values()) < 2:
            got, expected = sorted(set(reference.segments)), f"two or more of the people's segments ({', '.join(segments.names)})"
            raise InputError(f"{reference.source}, segments", expected, ", ".join(got)[:100])
        sizes = {name: min(size, rows[name]) for name, size in sizes.items()}
    kept = [name for name in segments.names if sizes[name] >= LEAST]
    where = np.array([kept.index(name) if name in kept else -1 for name in segments.names], np.intp)
    mine = np.where((segments.of >= 0) & inside, where[segments.of] if len(where) else -1, -1)
    if reference is None:
        table, counted, source = _assigned(measurement, mine), None, ASSIGNED
    else:
        table, counted, source = _answered(measurement, questionnaire, reference, kept, mine)
    found: dict[str, MeasureContrast] = {}
    reason = ""
    if len(kept) < 2:
        reason = f"fewer than two segments with {LEAST} people or more"
        pooled = within = Figure(reason=reason)
    else:
        found, pooled, within = compare(table, kept, seed)
    return Contrast(
        segmented_by=segments.by,
        people={name: int((mine == k).sum()) for k, name in enumerate(kept)},
        reference=source,
        reference_rows=counted,
        left_out=int((mine < 0).sum()),
        ratio=pooled,
        within=within,
        measures=found,
        reason=reason,
    )


def compare(table: Table, names: list[str], seed: int = 0) -> tuple[dict[str, MeasureContrast], Figure, Figure]:
    """Compare the segments of two tables of values, measure by measure and pooled.

    Resamples are drawn within segments: of people, who bring their reference value along if it is their own, else of people and
    of reference rows apart.

    Args:
        table: The values.
        names: Of the segments.
        seed: Of the resamples.

    Returns:
        The measures, the pooled ratio of gaps, and the pooled ratio of standard deviations within segments.
    """
    work, k = _Work(table, len(names)), len(table.names)
    with np.errstate(invalid="ignore", divide="ignore"):
        here, there = (moments(np.ones((1, sum(work.sizes)))) for moments in (work.simulated, work.reference))
        p, means, wanted = there.p()[0], here.means[0].mean(axis=-1), there.means[0, :, :, 0]
        explained, real = here.explained()[0], there.explained()[0]
    clear = p < SIGNIFICANT
    nothing = [*(_unclear(float(x)) for x in p), *[_NO_VARIANCE] * k, *[_NO_SPREAD] * k, _NOWHERE, _NO_SPREAD]
    found = figures(lambda w: work.statistics(w, clear), work.sizes, seed, "contrast", nothing=nothing)
    measures = {
        name: MeasureContrast(
            simulated={n: finite(x) for n, x in zip(names, means[:, i], strict=True)},
            reference={n: finite(x) for n, x in zip(names, wanted[:, i], strict=True)},
            gap_simulated=_gap(means[:, i]),
            gap_reference=_gap(wanted[:, i]),
            p_reference=finite(p[i]),
            ratio=found[i],
            explained_simulated=finite(explained[i]),
            explained_reference=finite(real[i]),
            explained_difference=found[k + i],
            within=found[2 * k + i],
        )
        for i, name in enumerate(table.names)
    }
    return measures, found[-2], found[-1]


def _unclear(p: float) -> str:
    if not np.isfinite(p):
        return "the reference has too few values"
    return f"the reference's segments do not differ (p = {p:.2f}); a ratio would mean nothing"


_NOWHERE = "the reference's segments differ on nothing that is measured"
_NO_VARIANCE = "people or reference do not differ at all"
_NO_SPREAD = "the reference does not differ within segments"


@dataclass(frozen=True, eq=False)
class _Moments:
    """Of weighted values by segment; the last axis is runs."""

    counts: Array  # (resamples, segments, measures, runs)
    means: Array  # the same
    inside: Array  # (resamples, measures, runs), sum of squares within segments

    def p(self) -> Array:
        """Return the p-value of equal segment means, shape (resamples, measures), of the first run."""
        between, total = self._between()[..., 0], self.counts.sum(axis=1)[..., 0]
        groups = self.counts.shape[1]
        freedom = total - groups
        ratio = (between / (groups - 1)) / (self.inside[..., 0] / freedom)
        ratio = np.where(self.inside[..., 0] < _ZERO, np.where(between < _ZERO, 0.0, np.inf), ratio)
        return np.asarray(np.where(freedom > 0, special.fdtrc(groups - 1, np.maximum(freedom, 1), ratio), np.nan))

    def explained(self) -> Array:
        """Return Kelley's epsilon squared, shape (resamples, measures), mean over runs: eta squared minus what chance gives."""
        between, total = self._between(), self.counts.sum(axis=1)
        groups = self.counts.shape[1]
        chance = (groups - 1) * self.inside / (total - groups)
        spread = between + self.inside
        return np.asarray(((between - chance) / np.where(spread > _ZERO, spread, np.nan)).mean(axis=-1))

    def variance(self) -> Array:
        """Return variances within segments, shape (resamples, measures), mean over runs."""
        freedom = self.counts.sum(axis=1) - self.counts.shape[1]
        return np.asarray((self.inside / freedom).mean(axis=-1))

    def _between(self) -> Array:
        grand = (self.counts * self.means).sum(axis=1, keepdims=True) / self.counts.sum(axis=1, keepdims=True)
        return np.asarray((self.counts * (self.means - grand) ** 2).sum(axis=1))


class _Work:
    """Statistics of a table under weights; units are sorted by segment, so that segments are strata."""

    def __init__(self, table: Table, groups: int) -> None:
        people = [np.flatnonzero(table.segment == g) for g in range(groups)]
        paired = table.reference_segment is None
        rows = people if table.reference_segment is None else [np.flatnonzero(table.reference_segment == g) for g in range(groups)]
        first = sum(map(len, people))
        self.sizes = [len(p) for p in people] + ([] if paired else [len(r) for r in rows])
        edges = np.concatenate([[0], np.cumsum(self.sizes)])
        strata = [slice(int(a), int(b)) for a, b in pairwise(edges)]
        self._mine, self._theirs = strata[:groups], strata[:groups] if paired else strata[groups:]
        self._offset = 0 if paired else first
        order, other = np.concatenate(people), np.concatenate(rows)
        self._simulated = np.moveaxis(table.simulated[order], 1, 2)  # (people, measures, runs)
        self._reference = table.reference[other][:, :, None]

    def simulated(self, weights: Array) -> _Moments:
        return self._moments(weights, self._simulated, self._mine, 0)

    def reference(self, weights: Array) -> _Moments:
        return self._moments(weights, self._reference, self._theirs, self._offset)

    def statistics(self, weights: Array, clear: NDArray[np.bool_]) -> Array:
        """Return what is to have an interval, shape (resamples, 3 x measures + 2).

        For each measure the slope of simulated on reference segment means (NaN unless ``clear``), the difference in explained
        shares, the ratio of standard deviations within segments; then slope and ratio over the clear, and over all measures.
        """
        here, there = self.simulated(weights), self.reference(weights)
        mine, theirs = here.means.mean(axis=-1), there.means[..., 0]  # (resamples, segments, measures)
        mine, theirs = mine - mine.mean(axis=1, keepdims=True), theirs - theirs.mean(axis=1, keepdims=True)
        together, own = (mine * theirs).sum(axis=1), (theirs**2).sum(axis=1)
        slopes = np.where(clear, together / own, np.nan)
        slope = together[:, clear].sum(axis=1) / own[:, clear].sum(axis=1)  # NaN where none is clear
        inside, meant = here.variance(), there.variance()
        each = np.sqrt(inside / np.where(meant > _ZERO, meant, np.nan))
        spread = meant.sum(axis=1)
        within = np.sqrt(inside.sum(axis=1) / np.where(spread > _ZERO, spread, np.nan))
        pooled = np.stack([slope, within], axis=1)
        return np.concatenate([slopes, here.explained() - there.explained(), each, pooled], axis=1)

    @staticmethod
    def _moments(weights: Array, values: Array, strata: list[slice], offset: int) -> _Moments:
        seen, centre = ~np.isnan(values), np.nanmean(values) if not np.isnan(values).all() else 0.0
        filled = np.where(seen, values - centre, 0.0)
        shape = (len(weights), *values.shape[1:])

        def total(of: Array, at: slice) -> Array:
            local = slice(at.start - offset, at.stop - offset)
            return np.asarray(weights[:, at] @ of[local].reshape(at.stop - at.start, -1)).reshape(shape)

        counts = np.stack([total(seen.astype(float), at) for at in strata], axis=1)
        sums = np.stack([total(filled, at) for at in strata], axis=1)
        squares = np.stack([total(filled**2, at) for at in strata], axis=1)
        inside = np.maximum(squares - sums**2 / counts, 0).sum(axis=1)
        return _Moments(counts, sums / counts + centre, inside)


def _assigned(measurement: Measurement, segment: NDArray[np.intp]) -> Table:
    """Return run-means beside assigned positions: both without (much) noise."""
    used = segment >= 0
    return Table(measurement.axes, measurement.run_means[used][:, None, :], segment[used], measurement.assigned[used])


def _answered(
    measurement: Measurement, questionnaire: Questionnaire, reference: Reference, names: list[str], segment: NDArray[np.intp]
) -> tuple[Table, dict[str, int], str]:
    """Return single runs beside single answers, for the columns that the reference has."""
    keys = Keys.of(questionnaire)
    turned = keys.turned(measurement.answers)
    axes = list(questionnaire.names)
    columns = [measurement.scores[:, :, axes.index(c)] if c in axes else turned[:, :, keys.ids.index(c)] for c in reference.columns]
    used = segment >= 0
    theirs = np.array([names.index(name) if name in names else -1 for name in reference.segments], np.intp)
    rows = reference.positions(keys, axes)[theirs >= 0]
    table = Table(reference.columns, np.stack(columns, axis=2)[used], segment[used], rows, theirs[theirs >= 0])
    return table, {name: int((theirs == k).sum()) for k, name in enumerate(names)}, reference.source


def _gap(means: Array) -> float | None:
    """Return the root mean squared difference between pairs of segment means."""
    return finite(float(np.sqrt(2 * np.var(means, ddof=1)))) if len(means) > 1 else None

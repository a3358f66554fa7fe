"""Tails against the core: whom the target fails more than probable users."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...personas.scenario import Scenario
from ...sim.declare import Tail
from .contrast import Side, difference_interval, ratio_interval
from .estimates import LEVEL, Counted, Difference, Rate, Ratio
from .mass import tail_mass
from .outcomes import FAILED, INVALID, Bools, Floats, Outcomes
from .rates import Sample, Share, random_people

MOST_INVALID = 0.1
"""Share of episodes with an invalid simulator above which a region counts as not measured."""


@dataclass(frozen=True)
class TailContrast:
    """One tail against the core. See ``experiments.summary.TailSummary`` for the fields."""

    tail: Tail
    reference: float
    people: Bools  # shape (n,)
    personas: int
    episodes: int
    unresolved: int
    tail_rate: Rate
    core_rate: Rate
    risk_difference: Difference
    risk_ratio: Ratio
    harms: dict[str, tuple[int, int, float | None]]  # name -> exposed, failures, failures over resolved units


@dataclass(frozen=True)
class _Region:
    """A set of people, and what is known of its failure rate."""

    people: Bools
    rows: Bools
    share: Share | None
    reason: str | None
    p: Floats  # rate of each person, NaN without a resolved unit, shape (n,)
    counted: Counted


def _region(outcomes: Outcomes, people: Bools, what: str) -> _Region:
    rows = people[outcomes.persona]
    sample = Sample.of(outcomes, rows)
    k, n = sample.counts()
    share = random_people(sample)
    judged = rows & (outcomes.verdict <= INVALID)
    invalid = int(np.sum(rows & (outcomes.verdict == INVALID)))
    reason = None
    if not people.any():
        reason = f"nobody is in the {what}"
    elif invalid > MOST_INVALID * max(int(judged.sum()), 1):
        reason = f"not measured: {invalid} of {int(judged.sum())} episodes in the {what} have an invalid simulator"
    elif share is None:
        reason = f"no resolved episode in the {what}"
    p = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
    return _Region(people, rows, None if reason else share, reason, p, sample.counted())


def tail_contrasts(scenario: Scenario, positions: Floats, outcomes: Outcomes, level: float = LEVEL) -> tuple[TailContrast, ...]:
    """Compare every tail of a scenario with its core.

    Core and tails are regions of assigned positions, so a person may be in the core and in the tail of one axis;
    the covariance that follows is taken into account. The intervals of the tails' rates, differences and ratios
    hold together at ``level`` (Sidak over the tails that can be estimated); the core's own holds alone.

    Args:
        scenario: Declares tails and reference density.
        positions: Assigned positions, shape (n, axes), in [0, 1].
        outcomes: One arm.
        level: Nominal level in (0, 1).
    """
    core = _region(outcomes, scenario.in_core(positions) if len(positions) else np.zeros(0, bool), "core")
    regions = [(t, _region(outcomes, scenario.in_tail(t, positions), "tail")) for t in scenario.regions()]
    together = max(1, sum(r.share is not None for _, r in regions))
    each = level ** (1 / together)
    core_rate = _rate(core, level, level, "")
    return tuple(_contrast(scenario, outcomes, t, r, core, core_rate, level, each, together) for t, r in regions)


def _contrast(
    scenario: Scenario, outcomes: Outcomes, tail: Tail, region: _Region, core: _Region, core_rate: Rate, level: float, each: float, of: int
) -> TailContrast:
    note = f", simultaneous over {of} tails (Sidak)"
    difference, ratio = _compare(region, core, level, each, note)
    resolved = region.rows & outcomes.resolved
    harms = {}
    for j, name in enumerate(outcomes.harms):
        done = int(np.sum(resolved & outcomes.harm_failed[:, j]))
        exposed = int(np.sum(resolved & outcomes.harm_exposed[:, j]))
        harms[name] = (exposed, done, done / int(resolved.sum()) if resolved.any() else None)
    return TailContrast(
        tail=tail,
        reference=tail_mass(scenario.density, tail),
        people=region.people,
        personas=int(region.people.sum()),
        episodes=int(region.rows.sum()),
        unresolved=int(np.sum(region.rows & (outcomes.verdict > FAILED))),
        tail_rate=_rate(region, level, each, note),
        core_rate=core_rate,
        risk_difference=difference,
        risk_ratio=ratio,
        harms=harms,
    )


def _rate(region: _Region, level: float, each: float, note: str) -> Rate:
    if region.share is None:
        return Rate(level=level, reason=region.reason, **region.counted)
    low, high = region.share.exact(each)
    m = region.share.estimate
    return Rate(
        estimate=m,
        low=min(low, m),
        high=max(high, m),
        level=level,
        method="Clopper-Pearson at effective sample size, clustered by person" + note,
        effective_n=region.share.effective_n,
        **region.counted,
    )


def _compare(tail: _Region, core: _Region, level: float, each: float, note: str) -> tuple[Difference, Ratio]:
    reason = tail.reason or core.reason
    if tail.share is None or core.share is None:
        return Difference(level=level, reason=reason, **tail.counted), Ratio(level=level, reason=reason)
    a, b = (Side(s.estimate, *s.score(each)) for s in (tail.share, core.share))
    correlation = _correlation(tail, core)
    low, high = difference_interval(a, b, correlation)
    method = "MOVER over Wilson at effective sample size, clustered by person" + note
    value = a.p - b.p
    difference = Difference(estimate=value, low=min(low, value), high=max(high, value), level=level, method=method, **tail.counted)
    return difference, _ratio(a, b, correlation, level, method)


def _ratio(a: Side, b: Side, correlation: float, level: float, method: str) -> Ratio:
    if a.p == 0 and b.p == 0:
        return Ratio(level=level, method=method, reason="nobody failed in the tail or in the core")
    low, high = ratio_interval(a, b, correlation)
    if b.p == 0:
        reason = "nobody failed in the core: the ratio has no estimate and no upper end"
        return Ratio(low=low, level=level, method=method, reason=reason)
    value = a.p / b.p
    return Ratio(estimate=value, low=min(low, value), high=None if high is None else max(high, value), level=level, method=method)


def _correlation(tail: _Region, core: _Region) -> float:
    """Return the correlation of the two rates that comes from the people who are in both regions."""
    scaled = []
    for region in (tail, core):
        inside = region.people & ~np.isnan(region.p)
        d = np.where(inside, region.p, 0.0)
        d = np.where(inside, d - d.sum() / max(int(inside.sum()), 1), 0.0)
        norm = float(np.sqrt(np.sum(d**2)))
        if norm == 0:
            return 0.0
        scaled.append(d / norm)
    return float(np.clip(np.sum(scaled[0] * scaled[1]), -1, 1))

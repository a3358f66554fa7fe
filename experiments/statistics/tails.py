"""Tails against the core: whom the target fails more than probable users."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field

from ...personas.scenario import Scenario
from ...sim.declare import Tail
from .contrast import Side, difference_interval, ratio_interval, shared_correlation
from .estimates import LEVEL, Counted, Difference, Figure, Rate, Ratio
from .mass import tail_mass
from .outcomes import FAILED, INVALID, Bools, Floats, Outcomes
from .rates import Sample, Share, random_people
from .simultaneous import holm, sidak
from .two_sample import group_p, scores

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
    tail_rate_given_exposed: Rate  # over occasions on which a harm could happen; the next three too
    core_rate_given_exposed: Rate
    risk_difference_given_exposed: Difference
    risk_ratio_given_exposed: Ratio
    harms: dict[str, tuple[int, int, float | None]]  # name -> exposed, failures, failures over resolved units
    p_value: float | None  # one-sided, that the tail fails no more than the core; adjusted for the tails; null where not measured
    unplaced: int  # people left out because a coordinate of their position could not be read


class TailSensitivity(Figure):
    """How far a tail and its risk difference depend on whether people are placed by assignment or by their answers."""

    name: str
    assigned: int = Field(ge=0)  # people in the tail by assigned position
    measured: int = Field(ge=0)  # people in the tail by measured position
    both: int = Field(ge=0)  # people in the tail by both
    unplaced: int = Field(ge=0)  # people without a measured position
    agreement: float | None = None  # both, over people with two positions who are in the tail by at least one (Jaccard)
    reason: str | None = None  # why there is no agreement, in words
    risk_difference_assigned: Difference  # tail minus core, everyone counted
    risk_difference_measured: Difference  # tail minus core, the unplaced left out


@dataclass(frozen=True)
class Region:
    """A set of people, and what is known of its failure rate.

    Args:
        people: Who is in it, shape (n,).
        share: Failure rate of the resolved units that count; None where nothing can be said.
        reason: Why nothing can be said, in words.
        p: Rate of each person, NaN without a unit that counts, shape (n,).
        sample: The resolved units that count.
    """

    people: Bools
    share: Share | None
    reason: str | None
    p: Floats
    sample: Sample

    @classmethod
    def of(cls, outcomes: Outcomes, people: Bools, what: str, exposed: bool = False) -> Region:
        """Look at what happened to some people.

        Args:
            outcomes: One arm.
            people: Whom, shape (n,).
            what: Name of the region, for the reason.
            exposed: Count occasions on which a harm could happen, and not episodes.
        """
        rows = people[outcomes.persona]
        judged = int(np.sum(rows & (outcomes.verdict <= INVALID)))
        invalid = int(np.sum(rows & (outcomes.verdict == INVALID)))
        sample = Sample.of_occasions(outcomes, rows) if exposed else Sample.of(outcomes, rows)
        share = random_people(sample)
        reason = None
        if not people.any():
            reason = f"nobody is in the {what}"
        elif invalid > MOST_INVALID * judged:
            reason = f"not measured: {invalid} of {judged} episodes in the {what} have an invalid simulator"
        elif not np.any(rows & outcomes.resolved):
            reason = f"no resolved episode in the {what}"
        elif share is None:
            reason = f"nobody in the {what} was exposed"
        k, n = sample.counts()
        p = np.divide(k, n, out=np.full(len(k), np.nan), where=n > 0)
        return cls(people, None if reason else share, reason, p, sample)

    @property
    def counted(self) -> Counted:
        """Failed units, resolved units and people."""
        return self.sample.counted()

    def rate(self, level: float, each: float | None = None, note: str = "") -> Rate:
        """Return the failure rate for the ``generator``, null with the reason where nothing can be said.

        Args:
            level: Nominal level in (0, 1).
            each: Level of this interval alone, where several hold together at ``level``.
            note: What the method is to say of that.
        """
        if self.share is None:
            return Rate(level=level, reason=self.reason, **self.counted)
        low, high = self.share.exact(each or level)
        m = self.share.estimate
        return Rate(
            estimate=m,
            low=min(low, m),
            high=max(high, m),
            level=level,
            method="mean of the people's own rates, Clopper-Pearson at effective sample size, clustered by person" + note,
            effective_n=self.share.effective_n,
            **self.counted,
        )


@dataclass(frozen=True)
class _Contrast:
    tail: Rate
    core: Rate
    difference: Difference
    ratio: Ratio


def tail_contrasts(
    scenario: Scenario, positions: Floats, outcomes: Outcomes, level: float = LEVEL, *, tested: bool = True
) -> tuple[TailContrast, ...]:
    """Compare every tail of a scenario with its core, overall and given exposure.

    A person may be in the core and in the tail of one axis; the covariance that follows is taken into account. The
    intervals of the tails' rates, differences and ratios hold together at ``level`` (Sidak over the tails that can be
    estimated, overall and given exposure each for itself); the core's own holds alone.

    The p-value permutes the rates of the people of a tail and of the core outside it (exact by counting), and is adjusted by
    Holm over the tails. It tests whether the target treats both alike; how much more it fails is what the interval says,
    which is made for any spread of rates and so often wider than the test is strict.

    Given exposure, what counts are the occasions on which a harm could happen, one for each harm and episode, and how many of
    them came to harm. That sets apart who is failed more from who gives more occasion to; but whether an occasion comes
    up is in part the target's doing, so that neither figure replaces the other.

    Args:
        scenario: Declares tails and reference density.
        positions: Assigned positions, shape (n, axes), in [0, 1]; measured ones only beside them (:func:`sensitivity`).
            People with a NaN are in no region, and counted as ``unplaced``.
        outcomes: One arm.
        level: Nominal level in (0, 1).
        tested: Whether p-values are wanted.
    """
    unread = np.isnan(positions).any(axis=1)
    tails = scenario.regions()
    people = list(scenario.in_regions(positions) & ~unread)
    core = scenario.in_core(positions) if len(positions) else np.zeros(0, bool)
    p_values = _p_values(outcomes, people, core) if tested else [None] * len(people)
    overall, given = (_against_core(outcomes, people, core, level, exposed) for exposed in (False, True))
    found = []
    for tail, inside, all_, some, p in zip(tails, people, overall, given, p_values, strict=True):
        rows = inside[outcomes.persona]
        found.append(
            TailContrast(
                tail=tail,
                reference=tail_mass(scenario.density, tail),
                people=inside,
                personas=int(inside.sum()),
                episodes=int(rows.sum()),
                unresolved=int(np.sum(rows & (outcomes.verdict > FAILED))),
                tail_rate=all_.tail,
                core_rate=all_.core,
                risk_difference=all_.difference,
                risk_ratio=all_.ratio,
                tail_rate_given_exposed=some.tail,
                core_rate_given_exposed=some.core,
                risk_difference_given_exposed=some.difference,
                risk_ratio_given_exposed=some.ratio,
                harms=_harms(outcomes, rows & outcomes.resolved),
                p_value=None if all_.difference.estimate is None else p,
                unplaced=int(unread.sum()),
            )
        )
    return tuple(found)


def sensitivity(
    scenario: Scenario, assigned: Floats, measured: Floats, outcomes: Outcomes, level: float = LEVEL
) -> tuple[TailSensitivity, ...]:
    """Set the tails by assigned positions beside the tails by measured positions.

    Assigned positions come first: they define the same region for every population, generator and target. Measured
    positions regress toward the centre, because respondents avoid the ends, and because whoever lands far out did so
    partly by chance; so measured tails hold other people, often fewer, and their differences answer another
    question. Where the two differ much, the tail's figure rests on how well people were portrayed.

    Args:
        scenario: Declares tails and reference density.
        assigned: Assigned positions, shape (n, axes), in [0, 1].
        measured: Measured positions, shape (n, axes), in [0, 1]; NaN where unreadable.
        outcomes: One arm.
        level: Nominal level in (0, 1); intervals hold together over the tails, for each kind of position.

    Raises:
        ValueError: If the positions are not of the same people and axes.
    """
    if np.shape(assigned) != np.shape(measured):
        raise ValueError(f"measured positions: expected shape {np.shape(assigned)}, as assigned, got {np.shape(measured)}")
    rows = zip(
        tail_contrasts(scenario, assigned, outcomes, level, tested=False),
        tail_contrasts(scenario, measured, outcomes, level, tested=False),
        strict=True,
    )
    read = ~np.isnan(measured).any(axis=1)
    found = []
    for first, second in rows:
        both, either = int(np.sum(first.people & second.people)), int(np.sum((first.people | second.people) & read))
        found.append(
            TailSensitivity(
                name=first.tail.name,
                assigned=first.personas,
                measured=second.personas,
                both=both,
                unplaced=second.unplaced,
                agreement=both / either if either else None,
                reason=None if either else "nobody with a measured position is in the tail",
                risk_difference_assigned=first.risk_difference,
                risk_difference_measured=second.risk_difference,
            )
        )
    return tuple(found)


def _harms(outcomes: Outcomes, resolved: Bools) -> dict[str, tuple[int, int, float | None]]:
    found = {}
    for j, name in enumerate(outcomes.harms):
        done = int(np.sum(resolved & outcomes.harm_failed[:, j]))
        exposed = int(np.sum(resolved & outcomes.harm_exposed[:, j]))
        found[name] = (exposed, done, done / int(resolved.sum()) if resolved.any() else None)
    return found


def _against_core(outcomes: Outcomes, tails: Sequence[Bools], core: Bools, level: float, exposed: bool) -> list[_Contrast]:
    """Compare tails with the core; their intervals hold together at ``level``."""
    inner = Region.of(outcomes, core, "core", exposed)
    outer = [Region.of(outcomes, people, "tail", exposed) for people in tails]
    together = max(1, sum(region.share is not None for region in outer))
    each = sidak(level, together)
    note = f", simultaneous over {together} tails (Sidak)"
    alone = inner.rate(level)
    return [_Contrast(region.rate(level, each, note), alone, *_compare(region, inner, level, each, note)) for region in outer]


def _p_values(outcomes: Outcomes, tails: Sequence[Bools], core: Bools) -> list[float | None]:
    """Return Holm's p-values of people's rates in each tail against those of the core outside it; None where one is empty."""
    k, n = Sample.of(outcomes).counts()
    found: list[float | None] = []
    for people in tails:
        both = (people | core) & (n > 0)
        inside = people[both]
        if not inside.any() or inside.all():
            found.append(None)
            continue
        score = scores(k[both], n[both])
        p, _ = group_p(score, np.array([inside.sum()]), np.array([score[inside].sum()]))
        found.append(float(p[0]))
    adjusted = iter(holm(np.array([p for p in found if p is not None])).tolist())
    return [None if p is None else next(adjusted) for p in found]


def _compare(tail: Region, core: Region, level: float, each: float, note: str) -> tuple[Difference, Ratio]:
    reason = tail.reason or core.reason
    if tail.share is None or core.share is None:
        return Difference(level=level, reason=reason, **tail.counted), Ratio(level=level, reason=reason)
    a, b = (Side(s.estimate, *s.score(each)) for s in (tail.share, core.share))
    correlation = shared_correlation(tail.p, core.p)
    low, high = difference_interval(a, b, correlation)
    method = "MOVER over Jeffreys at effective sample size, clustered by person" + note
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

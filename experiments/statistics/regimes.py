"""What information regimes change: the same people, seeds and target under two regimes, pair by pair."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...personas.persona import Persona
from ...personas.scenario import Scenario
from ...sim.types import Account, EpisodeRecord
from .changes import harm_done
from .estimates import LEVEL, Difference, Estimate, Figure
from .leaks import episode_leaks
from .outcomes import Floats, Ints, Outcomes
from .paired import align, difference_of_pairs, paired_difference
from .quantiles import t_value
from .rooms import Rooms, by_pool

PARTS = (("gap", "script", "private"), ("knowledge", "shared", "private"), ("authoring", "script", "shared"))
"""Name of a part, the regime that knows or writes more, and the one it is held against (after Zhou et al. 2024)."""

_NOTHING = 1e-12  # a standard error this small beside the changes is rounding


class RegimePart(Figure):
    """One regime minus another, on the same people, groups and seeds."""

    name: str  # gap, knowledge or authoring
    more: str  # the regime that is counted up
    less: str
    failure: Difference  # of the failure rate
    harms: dict[str, Difference]
    early_mention: Estimate  # change of the position in the transcript at which people's facts are first told, in [-1, 1]
    told: Estimate  # change of the share of people's facts that reach the target, in [-1, 1]
    payoff: Estimate | None  # change of the target's payoff; null where the scenario declares none


class RegimeRun:
    """The episodes of one regime, ready to be paired.

    Args:
        scenario: Where they met.
        people: The population.
        records: Its episodes.
        planned: Episodes that were to be played.
    """

    def __init__(self, scenario: Scenario, people: Sequence[Persona], records: Sequence[EpisodeRecord], planned: int = 0) -> None:
        self.outcomes = Outcomes.of(people, scenario, records, planned)
        by_id = {person.id: person for person in people}
        mentions, told, payoffs = [], [], []
        for record in records:
            leaks = episode_leaks(record, by_id)
            earned = _payoff(scenario, record, by_id)
            for seat in record.seats:
                own = [path for path in leaks.facts if path.owner == seat.persona]
                mentions.append(float(np.mean([path.first for path in own])) if own else np.nan)
                told.append(float(np.mean([path.to_target for path in own])) if own else np.nan)
                payoffs.append(earned)
        self.values = {"early_mention": np.array(mentions), "told": np.array(told), "payoff": np.array(payoffs)}


def regime_part(name: str, more: RegimeRun, less: RegimeRun, names: tuple[str, str], level: float = LEVEL) -> RegimePart:
    """Return what one regime changes against another.

    Args:
        name: Of the part.
        more: The regime that is counted up.
        less: The regime it is held against.
        names: What the two are called.
        level: Nominal level in (0, 1).
    """
    a, b = more.outcomes, less.outcomes
    left, right = align(a, b)
    person, episode = a.persona[left], a.episode[left]
    grouped = episode if np.any(a.company[left]) else None
    harms = {
        harm: difference_of_pairs(person, harm_done(a, harm)[left], harm_done(b, harm)[right], grouped, level)
        for harm in dict.fromkeys((*a.harms, *b.harms))
    }
    means = {
        key: _mean_change(person, episode, more.values[key][left] - less.values[key][right], level)
        for key in ("early_mention", "told", "payoff")
    }
    return RegimePart(
        name=name,
        more=names[0],
        less=names[1],
        failure=paired_difference(a, b, level),
        harms=harms,
        early_mention=means["early_mention"],
        told=means["told"],
        payoff=means["payoff"] if np.isfinite(more.values["payoff"]).any() else None,
    )


def _mean_change(person: Ints, episode: Ints, change: Floats, level: float) -> Estimate:
    """Return the mean change over people, each counting once, with people and groups random.

    Whom shared episodes link, directly or by others, is one cluster (:class:`.rooms.Rooms`), as what one person does in a
    room shows in all who sit there. With a single cluster, or where all clusters changed by the same, there is no interval.
    """
    known = np.isfinite(change)
    if not known.any():
        return Estimate(level=level, reason="no pair has a value on both sides")
    _, who = np.unique(person[known], return_inverse=True)
    pool = Rooms(person, episode).pools(episode[known])
    d = change[known]
    n = np.bincount(who).astype(float)
    weight = 1 / (n[who] * len(n))
    estimate = float(np.sum(weight * d))
    clusters = int(pool.max()) + 1
    if clusters < 2:
        return Estimate(estimate=estimate, level=level, reason="all people are linked by shared episodes: no interval")
    error = float(np.sqrt(by_pool(weight * (d - estimate), pool)))
    if error <= _NOTHING * max(1.0, float(np.max(np.abs(d)))):
        why = "no pair changed" if not d.any() else "all clusters of people changed by the same"
        return Estimate(estimate=estimate, level=level, reason=f"{why}: no interval")
    half = t_value(level, clusters - 1.0) * error
    return Estimate(
        estimate=estimate,
        low=estimate - half,
        high=estimate + half,
        level=level,
        method="Student's t, clustered by people linked by shared episodes",
    )


def _payoff(scenario: Scenario, record: EpisodeRecord, people: Mapping[str, Persona]) -> float:
    """Return what the target was paid in an episode; NaN where the scenario declares no payoff."""
    if scenario.payoff is None or record.fault is not None:
        return float("nan")
    account = Account(
        messages=record.messages,
        moves=record.moves,
        departures=record.departures,
        arrivals=record.arrivals,
        ledger=record.ledger,
        turns=record.turns,
        repairs=record.repairs,
        state=record.state,
    )
    return float(scenario.payoff(account, {seat.agent: people[seat.persona] for seat in record.seats}))

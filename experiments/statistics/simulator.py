"""Whether the people were played as they are: what the judges of the simulator found, over the episodes of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ...sim.errors import UNPLAYABLE
from ...sim.portrayal import ConflictPair, GoalKind, GoalState, MetricName
from ...sim.types import EpisodeRecord
from .estimates import Figure

SHOWN = 20
"""Offending pairs that are listed."""

UNITS = "(episode, person) units"


class RuleFigures(Figure):
    """One rule of the simulator's validity."""

    rule: str
    limit: float | None  # so much is no fault; null where the rule has no count
    units: int  # in which it was broken
    share: float | None  # of all units
    episode: str = ""  # key of the first of them
    turn: int | None = None
    evidence: str = ""


class TurnFigures(Figure):
    """What was compared in one turn, over all episodes."""

    turn: int
    consistent: int
    conflict: int
    unreadable: int


class ConsistencyFigures(Figure):
    """One consistency metric."""

    metric: MetricName
    consistent: int
    conflict: int
    unreadable: int  # nothing could be compared; in no share
    share: float | None  # consistent of what could be compared
    curve: tuple[TurnFigures, ...] = ()


class GoalFigures(Figure):
    """Goals of one kind, as they stood when episodes ended."""

    kind: GoalKind
    goals: int
    states: dict[GoalState, int]


class Offence(Figure):
    """One offending pair, and where it stands."""

    episode: str
    person: str
    pair: ConflictPair


class SimulatorFigures(Figure):
    """The simulated people themselves: broken rules, consistency, goals."""

    units: int  # (episode, person) units that were played and judged, or could not be played
    invalid: int  # of these, with a broken rule, or where the player found nothing fit to be said
    undescribed: int | None = None  # of these, with a description of which no claim could be read; null where no judge looked
    rules: tuple[RuleFigures, ...] = ()  # commonest first; rules that were checked and never broken come last
    consistency: tuple[ConsistencyFigures, ...] = ()
    goals: tuple[GoalFigures, ...] = ()
    pairs: tuple[Offence, ...] = ()  # the first of them


@dataclass
class _Tally:
    """What is counted while records go by."""

    units: int = 0
    invalid: int = 0
    undescribed: int | None = None
    broken: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    limits: dict[str, float] = field(default_factory=dict)
    curves: dict[tuple[MetricName, int], Counter[str]] = field(default_factory=dict)
    goals: dict[GoalKind, Counter[GoalState]] = field(default_factory=dict)
    pairs: list[Offence] = field(default_factory=list)


def simulator_figures(records: Iterable[EpisodeRecord]) -> SimulatorFigures:
    """Add up what was found of the simulated people; an episode that a fault or a limit ended before it was judged is left out.

    Args:
        records: Episodes of one arm.
    """
    tally = _Tally()
    for record in records:
        unplayable = record.fault is not None and record.fault.kind == UNPLAYABLE
        if record.fault is None or unplayable:
            _add(tally, record, unplayable)
    return SimulatorFigures(
        units=tally.units,
        invalid=tally.invalid,
        undescribed=tally.undescribed,
        rules=_rules(tally),
        consistency=_consistency(tally.curves),
        goals=tuple(GoalFigures(kind=kind, goals=s.total(), states=dict(sorted(s.items()))) for kind, s in tally.goals.items()),
        pairs=tuple(tally.pairs[:SHOWN]),
    )


def _add(tally: _Tally, record: EpisodeRecord, unplayable: bool) -> None:
    broken: dict[str, set[str]] = {seat.persona: set() for seat in record.seats}
    for finding in record.findings:
        if finding.about == "simulator":
            tally.first.setdefault(finding.harm, (record.key, finding.turn, finding.evidence))
            for person in finding.harmed:
                broken[person].add(finding.harm)
    if unplayable and record.fault is not None:
        tally.first.setdefault(UNPLAYABLE, (record.key, record.fault.turn, record.fault.message))
        for rules in broken.values():
            rules.add(UNPLAYABLE)
    tally.units += len(broken)
    tally.invalid += sum(map(bool, broken.values()))
    tally.broken.update(rule for rules in broken.values() for rule in rules)
    for portrayal in record.portrayals:
        tally.limits |= {check.rule: check.limit for check in portrayal.checks}
        if portrayal.described is not None:
            tally.undescribed = (tally.undescribed or 0) + (portrayal.described == 0)
        for metric in portrayal.consistency:
            for at in metric.curve:
                counts = {"consistent": at.consistent, "conflict": at.conflict, "unreadable": at.unreadable}
                tally.curves.setdefault((metric.metric, at.turn), Counter()).update(counts)
        for goal in portrayal.goals:
            tally.goals.setdefault(goal.kind, Counter())[goal.state] += 1
        tally.pairs += [Offence(episode=record.key, person=portrayal.person, pair=pair) for pair in portrayal.conflicts]


def _rules(tally: _Tally) -> tuple[RuleFigures, ...]:
    names = sorted({*tally.limits, *tally.broken}, key=lambda rule: (-tally.broken[rule], rule))
    rows = []
    for rule in names:
        episode, turn, evidence = tally.first.get(rule, ("", None, ""))
        share = tally.broken[rule] / tally.units if tally.units else None
        limit = tally.limits.get(rule)
        rows.append(
            RuleFigures(rule=rule, limit=limit, units=tally.broken[rule], share=share, episode=episode, turn=turn, evidence=evidence)
        )
    return tuple(rows)


def _consistency(curves: Mapping[tuple[MetricName, int], Counter[str]]) -> tuple[ConsistencyFigures, ...]:
    out = []
    for metric in dict.fromkeys(name for name, _ in curves):
        turns = sorted(turn for name, turn in curves if name == metric)
        total = sum((curves[metric, turn] for turn in turns), Counter[str]())
        readable = total["consistent"] + total["conflict"]
        out.append(
            ConsistencyFigures(
                metric=metric,
                consistent=total["consistent"],
                conflict=total["conflict"],
                unreadable=total["unreadable"],
                share=total["consistent"] / readable if readable else None,
                curve=tuple(TurnFigures(turn=turn, **_counts(curves[metric, turn])) for turn in turns),
            )
        )
    return tuple(out)


def _counts(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("consistent", "conflict", "unreadable")}

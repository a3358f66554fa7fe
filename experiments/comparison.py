"""Two runs over the same people and seeds: what the second target does better or worse, pair by pair."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from ..personas.people_file import read_people
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from .config import ExperimentConfig, load_config
from .jobs import group_of, meetings, seating
from .naming.registry import make_scenario
from .rundir import RunDir
from .screen.wording import stand_ins
from .statistics.changes import Changes
from .statistics.contrasts import Contrast, Versions
from .statistics.estimates import LEVEL, Estimate, Figure
from .statistics.outcomes import Floats, Outcomes
from .statistics.sequential import Status, decided, people_in_order
from .store.rows import TARGET_ARM
from .store.store import RunStore

SAME = ("seed", "replicates", "player", "information")
"""Settings that two runs must share to be compared, beside scenario, turns, judges and people."""

MOST_UNRESOLVED = 0.1
"""Above this share of pairs without a verdict nothing is called not worse, unless even the bounds allow it."""

Verdict = Literal["not worse", "worse", "inconclusive"]
"""What a comparison says by a margin."""

EXIT: Mapping[Verdict | None, int] = {None: 0, "not worse": 0, "worse": 1, "inconclusive": 5}
"""Exit status by verdict; None: no margin was given."""


class PersonChange(Figure):
    """How one person fared with either target, over the pairs resolved on both sides."""

    id: str
    pairs: int
    failures_a: int
    failures_b: int
    change: float  # of the person's own failure rate, in [-1, 1]


class McNemar(Figure):
    """Exact test of McNemar (1947) for people met once by each target."""

    worse: int  # passed with A and failed with B
    better: int
    p: float  # two-sided


class Stopping(Figure):
    """When a comparison would have been decided, had it looked after each person."""

    status: Status | None  # None: undecided after everybody
    after: int | None  # people met by then, in random order
    people: int  # people to be met
    low: float  # ends of the confidence sequence at that time, or after everybody
    high: float
    level: float = LEVEL  # that the mean change lies between them at every time


class Comparison(Figure):
    """Run B minus run A, on the same people and seeds."""

    a: str  # target of run A
    b: str
    overall: Contrast
    bootstrap: Estimate  # of the overall difference, as a check on its interval
    test: str  # how p-values were made
    mcnemar: McNemar | None  # null unless each person was met once, alone
    worse: int  # people whose own failure rate rose
    better: int
    tails: dict[str, Contrast]  # intervals and p-values hold together
    harms: dict[str, Contrast]  # likewise
    people: tuple[PersonChange, ...]  # everybody with a pair, the largest change first
    pairs: int
    planned: int  # pairs that were to be played
    margin: float | None  # largest rise of the failure rate that is accepted
    verdict: Verdict | None  # null without a margin
    sequential: Stopping | None  # null without a margin, and where too few pairs by then are resolved
    synthetic: bool  # a stand-in for a language model played the people

    @property
    def exit_status(self) -> int:
        """The command line's exit status."""
        return EXIT[self.verdict]

    def to_json(self) -> str:
        """Return the comparison as JSON, without NaN."""
        return self.model_dump_json(indent=2)


@dataclass(frozen=True)
class Side:
    """One of two runs."""

    directory: str
    target: str
    people: tuple[Persona, ...]
    outcomes: Outcomes
    config: ExperimentConfig
    shared: Mapping[str, object] = field(default_factory=dict)  # what must be the same on the other side
    pools: tuple[tuple[int, ...], ...] = ()  # people whom shared episodes link, by number; empty: not known, or all alone


def compare_runs(a: Path, b: Path, margin: float | None = None) -> Comparison:
    """Compare two runs.

    Args:
        a: Run directory of the version that stands.
        b: Run directory of the version that is to replace it.
        margin: Largest rise of the failure rate that is accepted, in [0, 1); None: no verdict is asked for.

    Raises:
        InputError: If the runs are not over the same people, scenario, seeds, player or judges; it says what differs.
        StoreError: If the episodes of one cannot be read.
    """
    scenario, other = (make_scenario(load_config(RunDir.open(side).config).scenario) for side in (a, b))
    if other.name != scenario.name:
        raise InputError("DIR_B", f"a run of the scenario {scenario.name}, as DIR_A is", other.name)
    left, right = read_side(a, scenario), read_side(b, scenario)
    _refuse(a, left.shared, right.shared, "DIR_B")
    return compare_sides(left, right, scenario, margin)


def read_side(directory: Path, scenario: Scenario, field: str = "DIR") -> Side:
    """Read a run's target arm.

    Args:
        directory: The run directory; the run may still be going on.
        scenario: Where they met.
        field: What to name in the error.

    Raises:
        InputError: If it holds no run, or none of its episodes is finished.
        StoreError: If the episodes cannot be read.
    """
    folder = RunDir.open(directory)
    config, (people, _) = load_config(folder.config), read_people(folder.personas)
    with RunStore.open(directory, readonly=True) as store:
        records = [record for _, record in store.records(TARGET_ARM)]
    if not records:
        raise InputError(field, "a run with finished episodes", str(directory))
    seated = seating(config, scenario, people)
    outcomes = Outcomes.of(people, scenario, records, meetings(seated, range(config.replicates)))
    judges = {judge for record in records for judge in record.judges}
    shared = _shared(config, scenario, people, judges, records[0].scenario_version)
    return Side(str(directory), records[0].target, people, outcomes, config, shared, seated.pools)


def comparable(
    directory: Path,
    shared: Mapping[str, object],
    config: ExperimentConfig,
    scenario: Scenario,
    people: Sequence[Persona],
    judges: Iterable[str],
    field: str = "DIR_B",
) -> None:
    """Refuse a run, played or not, that cannot be compared with an earlier one.

    Args:
        directory: The earlier run.
        shared: What must be the same (:attr:`Side.shared` of the earlier run).
        config: Settings of the later run.
        scenario: Where it is played.
        people: Its people.
        judges: Its judges, ``name@version``.
        field: What to name in the error.

    Raises:
        InputError: If something differs; it names what, and both values.
    """
    _refuse(directory, shared, _shared(config, scenario, people, judges, scenario.version), field)


def _shared(
    config: ExperimentConfig, scenario: Scenario, people: Sequence[Persona], judges: Iterable[str], version: str
) -> dict[str, object]:
    return {
        "scenario": config.scenario,
        "people": [f"{p.id} {p.fingerprint}" for p in people],
        **{name: getattr(config, name) for name in SAME},
        "group": group_of(config, scenario),
        "turns": config.turns or scenario.turns,
        "scenario version": version,
        "judges": ", ".join(sorted(judges)),
    }


def _refuse(directory: Path, earlier: Mapping[str, object], later: Mapping[str, object], field: str) -> None:
    """Refuse two runs that differ, with both values; of two lists, with the first entry that is not the same."""
    for name, wanted in earlier.items():
        got = later[name]
        if wanted == got:
            continue
        if isinstance(wanted, list) and isinstance(got, list):
            place = next((i for i, pair in enumerate(zip(wanted, got, strict=False)) if pair[0] != pair[1]), min(len(wanted), len(got)))
            wanted, got = (f"{len(x)}, of whom number {place + 1} is {x[place] if place < len(x) else 'nobody'}" for x in (wanted, got))
        raise InputError(field, f"a run with the same {name} as {directory} ({wanted})", got)


def compare_sides(a: Side, b: Side, scenario: Scenario, margin: float | None = None) -> Comparison:
    """Compare two runs that were read.

    Args:
        a: The version that stands.
        b: The version that is to replace it, over the same people in the same order.
        scenario: Declares the tails.
        margin: Largest rise of the failure rate that is accepted, in (-1, 1).
    """
    names = (a.target, b.target) if a.target != b.target else (f"{a.target} ({a.directory})", f"{b.target} ({b.directory})")
    versions = Versions(a.outcomes, b.outcomes, names, b.config.seed)
    x, y, changes = b.outcomes, a.outcomes, versions.changes
    overall, how = versions.overall()
    told = overall.difference.estimate is not None
    where = scenario.positions(a.people)
    own = changes.by_person(x.failed, y.failed)
    planned = len(b.people) * b.config.replicates
    stopped_early = b.config.against is not None and len(changes.x) < planned  # then the fixed-sample interval does not hold
    enough = _enough(len(changes.x), planned) and not stopped_early
    sequential = _stopping(changes, own, margin, b) if told else None
    return Comparison(
        a=names[0],
        b=names[1],
        overall=overall,
        bootstrap=versions.bootstrap() if told else Estimate(reason=overall.difference.reason),
        test=how,
        mcnemar=_mcnemar(changes, own) if told else None,
        worse=int(np.sum(own > 0)),
        better=int(np.sum(own < 0)),
        tails=versions.tails(dict(zip((tail.name for tail in scenario.regions()), scenario.in_regions(where), strict=True))),
        harms=versions.harms(),
        people=_people(a.people, changes, x, y, own),
        pairs=len(changes.x),
        planned=planned,
        margin=margin,
        verdict=None if margin is None else _verdict(overall, margin, enough, sequential),
        sequential=sequential,
        synthetic=bool(stand_ins(b.config.player, None)),
    )


def _enough(pairs: int, planned: int) -> bool:
    """Tell whether few enough of the planned pairs are unresolved."""
    return pairs >= (1 - MOST_UNRESOLVED) * planned > 0


def _verdict(overall: Contrast, margin: float, enough: bool, sequential: Stopping | None) -> Verdict:
    """Return what the whole interval says of a margin.

    Where too many pairs are unresolved it is what people in order decided, if those who were met by then are resolved
    (a run that was stopped when it was decided), or what the bounds allow.
    """
    low, high = overall.difference.low, overall.difference.high
    if low is None or high is None:
        return "inconclusive"
    if not enough and sequential is not None and sequential.status is not None:
        return sequential.status
    if low > margin:
        return "worse"
    settled = overall.bounds.high is not None and overall.bounds.high <= margin
    return "not worse" if high <= margin and (enough or settled) else "inconclusive"


def _mcnemar(changes: Changes, own: Floats) -> McNemar | None:
    if changes.what != "people" or changes.pairs.max() > 1:
        return None
    from scipy.stats import binomtest

    worse, better = int(np.sum(own > 0)), int(np.sum(own < 0))
    return McNemar(worse=worse, better=better, p=float(binomtest(worse, worse + better).pvalue) if worse + better else 1.0)


def _stopping(changes: Changes, own: Floats, margin: float | None, b: Side) -> Stopping | None:
    """Return when it was decided, pools taken one after the other.

    None where too many pairs of those met by then are unresolved, or it is not known who is in which pool.
    """
    if margin is None or not -1 < margin < 1 or (changes.what != "people" and not b.pools):
        return None
    pools = b.pools or tuple((i,) for i in range(changes.n))
    order = people_in_order(len(pools), b.config.seed).tolist()
    paired = [i for i, pool in enumerate(order) if changes.pairs[list(pools[pool])].any()]
    found = decided([float(np.nanmean(own[list(pools[order[i]])])) for i in paired], margin)
    met = [person for pool in (order if found.after is None else order[: paired[found.after - 1] + 1]) for person in pools[pool]]
    if not _enough(int(changes.pairs[met].sum()), len(met) * b.config.replicates):
        return None
    after = None if found.after is None else len(met)
    return Stopping(status=found.status, after=after, people=changes.n, low=found.low, high=found.high)


def _people(people: tuple[Persona, ...], changes: Changes, x: Outcomes, y: Outcomes, own: Floats) -> tuple[PersonChange, ...]:
    failures = [np.bincount(changes.person[arm.failed[rows]], minlength=changes.n) for arm, rows in ((y, changes.y), (x, changes.x))]
    order = sorted(np.flatnonzero(changes.pairs), key=lambda i: (-abs(own[i]), people[i].id))
    return tuple(
        PersonChange(
            id=people[i].id,
            pairs=int(changes.pairs[i]),
            failures_a=int(failures[0][i]),
            failures_b=int(failures[1][i]),
            change=float(own[i]),
        )
        for i in order
    )

"""Two runs over the same people and seeds: what the second target does better or worse, pair by pair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..personas.people_file import read_people
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from .config import load_config
from .console import add_row, new_table, say
from .finish import STAND_INS
from .registry import make_scenario
from .rows import TARGET_ARM
from .rundir import RunDir
from .statistics.estimates import LEVEL, Bounds, Difference
from .statistics.outcomes import Outcomes
from .statistics.paired import paired_difference
from .statistics.rates import rate_bounds
from .store import RunStore
from .wording import STAND_IN, interval, points

if TYPE_CHECKING:
    from rich.console import Console

SAME = ("scenario", "seed", "replicates", "turns", "player", "information")
"""Settings that two runs must share to be compared."""

MOST_UNRESOLVED = 0.1
"""Above this share of pairs without a verdict nothing is called not worse, unless even the bounds allow it."""

NOT_WORSE, WORSE, INCONCLUSIVE = 0, 1, 5
"""Exit status with a margin."""


@dataclass(frozen=True)
class Comparison:
    """Run B minus run A: above 0 means that B fails more."""

    targets: tuple[str, str]
    pairs: int
    overall: Difference
    bounds: Bounds  # where the difference lies if every unresolved episode went one way or the other
    tails: dict[str, Difference]  # intervals that hold together (Bonferroni)
    harms: dict[str, Difference]  # likewise
    people: tuple[tuple[str, float], ...]  # id and change of the person's own rate, largest first
    planned: int  # pairs that were to be played
    synthetic: bool  # a stand-in for a language model played the people

    def exit_status(self, margin: float | None) -> int:
        """Return the exit status: not worse, worse, or inconclusive by more than ``margin`` (a rate, 0 to 1)."""
        if margin is None:
            return NOT_WORSE
        if self.overall.low is None or self.overall.high is None:
            return INCONCLUSIVE
        if self.overall.low > margin:
            return WORSE
        settled = self.bounds.high is not None and self.bounds.high <= margin
        enough = self.planned > 0 and self.pairs >= (1 - MOST_UNRESOLVED) * self.planned
        return NOT_WORSE if self.overall.high <= margin and (enough or settled) else INCONCLUSIVE


@dataclass(frozen=True)
class _Side:
    people: tuple[Persona, ...]
    outcomes: Outcomes
    shared: dict[str, Any]  # everything that must be the same on the other side
    target: str


def compare_runs(a: Path, b: Path) -> Comparison:
    """Compare two runs.

    Args:
        a: Run directory of the version that stands.
        b: Run directory of the version that is to replace it.

    Raises:
        InputError: If the runs are not over the same people, scenario, seeds, player or judges; it says what differs.
    """
    scenario = make_scenario(load_config(RunDir.open(a).config).scenario)
    left, right = _side(a, scenario), _side(b, scenario)
    for name, value in left.shared.items():
        if right.shared[name] != value:
            raise InputError("DIR_B", f"a run with the same {name} as {a} ({_short(value)})", _short(right.shared[name]))
    tails = {tail.name: scenario.in_tail(tail, scenario.positions(left.people)) for tail in scenario.regions()}
    x, y = right.outcomes, left.outcomes
    overall = paired_difference(x, y)
    return Comparison(
        targets=(left.target, right.target),
        pairs=overall.pairs or 0,
        overall=overall,
        bounds=_bounds(x, y),
        tails={name: paired_difference(x, y, _together(len(tails)), inside) for name, inside in tails.items()},
        harms={h: paired_difference(_of_harm(x, j), _of_harm(y, j), _together(len(x.harms))) for j, h in enumerate(x.harms)},
        people=_people(x, y, left.people),
        planned=len(left.people) * int(left.shared["replicates"]),
        synthetic=str(left.shared["player"]).partition("?")[0] in STAND_INS,
    )


def _side(directory: Path, scenario: Scenario) -> _Side:
    folder = RunDir.open(directory)
    config = load_config(folder.config)
    people, _ = read_people(folder.personas)
    with RunStore.open(directory, readonly=True) as store:
        records = [record for _, record in store.records(TARGET_ARM)]
    if not records:
        raise InputError("DIR", "a run with finished episodes", str(directory))
    shared: dict[str, Any] = {name: getattr(config, name) for name in SAME}
    shared |= {"people": [p.fingerprint for p in people], "judges": records[0].judges, "scenario version": records[0].scenario_version}
    outcomes = Outcomes.of(people, scenario, records, len(people) * config.replicates)
    return _Side(people, outcomes, shared, records[0].target)


def _of_harm(outcomes: Outcomes, column: int) -> Outcomes:
    """Return the outcomes with one harm in the place of failing."""
    return replace(outcomes, failed=outcomes.harm_failed[:, column] & outcomes.resolved)


def _together(count: int) -> float:
    """Return the level of each of ``count`` intervals that hold together at the usual one (Bonferroni)."""
    return 1 - (1 - LEVEL) / max(1, count)


def _bounds(x: Outcomes, y: Outcomes) -> Bounds:
    right, left = rate_bounds(x), rate_bounds(y)
    if right.low is None or right.high is None or left.low is None or left.high is None:
        return Bounds()
    return Bounds(low=right.low - left.high, high=right.high - left.low)


def _people(x: Outcomes, y: Outcomes, people: tuple[Persona, ...]) -> tuple[tuple[str, float], ...]:
    rates = []
    for side in (x, y):
        n = side.of_people(side.resolved)
        rates.append(np.where(n > 0, side.of_people(side.resolved, side.failed) / np.maximum(n, 1), np.nan))
    change = rates[0] - rates[1]
    order = sorted((i for i in range(len(people)) if not np.isnan(change[i])), key=lambda i: (-abs(change[i]), people[i].id))
    return tuple((people[i].id, float(change[i])) for i in order if change[i])


def _short(value: object) -> str:
    text = f"{len(value)} people" if isinstance(value, list) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def show_comparison(found: Comparison, margin: float | None, console: Console) -> None:
    """Print a comparison so that it can be read aloud."""
    a, b = found.targets
    gap = found.overall
    if found.synthetic:
        say(console, STAND_IN[0].upper() + STAND_IN[1:] + ".", "yellow")
    say(console, f"{b} against {a}, on the same people and seeds: {points(gap)} points of failure ({found.pairs} pairs).", "bold")
    if gap.estimate is None:
        say(console, f"No difference can be told: {gap.reason}.")
    if found.bounds.low is not None and found.bounds.low != found.bounds.high:
        say(console, f"Had every unresolved episode gone one way or the other: {interval(found.bounds.low, found.bounds.high)} points.")
    for what, rows in (("tail", found.tails), ("harm", found.harms)):
        table = new_table(console, f"By {what} (above 0: {b} fails more; the intervals hold together)", what, "points>", "people>")
        for name, difference in rows.items():
            add_row(table, name, points(difference), str(difference.personas))
        console.print(table)
    if found.people:
        say(console, "Changed most: " + ", ".join(f"{person} {100 * change:+.0f}" for person, change in found.people[:5]) + " points.")
    if margin is not None:
        words = {NOT_WORSE: "not worse", WORSE: "worse", INCONCLUSIVE: "inconclusive"}[found.exit_status(margin)]
        say(console, f"By a margin of {100 * margin:g} points: {words}.", "bold")

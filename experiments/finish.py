"""From a run's episodes to its figures and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..personas.persona import Persona
from ..sim.errors import InputError
from ..sim.files import write_atomic
from ..sim.types import EpisodeRecord, Verdict
from .arms import BESIDE, BRANCHES, Arm
from .build import Judging, build_summary
from .config import load_config, versions
from .jobs import Cast
from .judge_labels import LabelledJudges
from .judging import panels, speaking
from .naming.programs import protection
from .people import Looked, population_hash
from .pricing import money, prices_of
from .results import persona_rows, write_results
from .rundir import RunDir
from .scheduler import Stop
from .screen.wording import stand_ins
from .statistics.confirmation import SliceSummary
from .statistics.crossings import Crossings, find_crossings
from .statistics.disparity import Disparity, disparity
from .statistics.judging import judge_agreement
from .statistics.leaks import Disclosure, disclosure
from .statistics.outcomes import Meeting, Outcomes
from .statistics.simulator import SimulatorFigures, simulator_figures
from .store.rows import TARGET_ARM, Spent
from .store.store import RunStore
from .summary import Cost, Held, RoleCost, Summary

if TYPE_CHECKING:
    from ..agents.judge_error import Detection
    from .tracking.outcome import Tracked


@dataclass(frozen=True)
class Figures:
    """Everything that the figures of a run are computed from.

    Args:
        cast: Who took part.
        arms: Who was sent to whom, by arm.
        folder: The run directory.
        store: The episodes; it may be incomplete, then what is missing counts as ``budget``.
        changed_code: SPECs whose code is not the same in all sessions of the run.
        labelled: How well the judges read labelled transcripts; None without any.
        stopped: Why the run ended before every episode was played; None: it did not.
    """

    cast: Cast
    arms: Mapping[str, Arm]
    folder: RunDir
    store: RunStore
    changed_code: tuple[str, ...] = ()
    labelled: LabelledJudges | None = None
    stopped: Stop | None = None
    _read: dict[str, Outcomes] = field(default_factory=dict)

    @property
    def people(self) -> tuple[Persona, ...]:
        """The run's own people."""
        return self.arms[TARGET_ARM].people

    def outcomes(self, name: str) -> Outcomes:
        """Read the episodes of an arm, once."""
        if name not in self._read:
            arm = self.arms[name]
            self._read[name] = self.read(name, arm.people, self.cast.meetings(arm))
        return self._read[name]

    def read(self, name: str, people: tuple[Persona, ...], planned: int | Sequence[Meeting] = 0) -> Outcomes:
        """Read the episodes of an arm over these people, of whom some may have none."""
        return Outcomes.of(people, self.cast.scenario, (record for _, record in self.store.records(name)), planned)

    def run_info(self, people: tuple[Persona, ...], generator: str | None) -> dict[str, object]:
        """Return which run this is, and what produced it."""
        cast, config = self.cast, self.cast.config
        return {
            "id": config.result_hash(population_hash(people)),
            "name": self.folder.path.name,
            "scenario": cast.scenario.name,
            "target": cast.target.name,
            "player": cast.player.name,
            "respondent": config.respondent,
            "generator": generator,
            "judges": [f"{judge.name}@{judge.version}" for judge in cast.judges],
            "information": config.information,
            "estimand": "generator",
            "seed": config.seed,
            "personas": len(people),
            "people_an_episode": cast.group,
            "replicates": config.replicates,
            "turns": cast.turns,
            "seconds": round(self.store.spent().seconds, 3),
            "versions": versions(),
            "synthetic": bool(stand_ins(cast.player.name, config.respondent)),
            "sandbox": protection(generator, unsafe=config.unsafe),
            "changed_code": self.changed_code,
            "stopped": self.stopped,
        }

    def judge_error(self, arms: Iterable[str]) -> object:
        """Return what the rules missed and made up against the ledger, in arms over the run's own people."""
        from ..agents.judge_error import judge_error

        kinds = {fact.id: fact.kind for person in self.people for fact in person.facts}
        records = (record for arm in arms for _, record in self.store.records(arm))
        return {error.concept: error for error in judge_error(records, self.cast.scenario, kinds)}

    def detection(self, arms: Iterable[str]) -> tuple[Detection, ...]:
        """Return how well the judges found what happened, over the arms of targets that the scenario itself declares.

        Only those account for what they do, so that the scenario can tell without reading.
        """
        from ..agents.judge_error import detection

        own = [name for name in arms if self.arms[name].target.name in self.cast.scenario.targets]
        by_id = {person.id: person for name in own for person in self.arms[name].people}
        return detection((record for name in own for _, record in self.store.records(name)), self.cast.scenario, by_id)

    def judging(self) -> Judging:
        """Return the judges' error on labelled transcripts, how far they agree, and what panels did, over the target's episodes."""
        judges = self.cast.judges
        names = speaking(judges)
        agree = None
        if len(names) > 1:
            agree = judge_agreement((r for _, r in self.store.records(TARGET_ARM)), names, self.cast.config.seed)
        return Judging(self.labelled, agree, panels(judges, (r for _, r in self.store.records(TARGET_ARM))))

    def disclosure(self) -> Disclosure:
        """Return what became of the people's private facts in the target's episodes."""
        return disclosure((record for _, record in self.store.records(TARGET_ARM)), self.people)

    def simulator(self) -> SimulatorFigures:
        """Return how the people were played in the target's episodes."""
        return simulator_figures(record for _, record in self.store.records(TARGET_ARM))

    def crossings(self) -> Crossings | None:
        """Return which private facts the target carried from one episode into another; None unless it may know of both."""
        if not self.cast.shares_state:
            return None
        return find_crossings(lambda: (record for _, record in self.store.records(TARGET_ARM)), self.people)

    def disparities(self) -> tuple[Disparity | None, Disparity | None]:
        """Return who came off worse with the same values: with the target, and less what each got from ``careful``."""
        people, scenario, seed = self.people, self.cast.scenario, self.cast.config.seed

        def records(arm: str) -> Iterator[EpisodeRecord]:
            return (record for _, record in self.store.records(arm))

        found = disparity(records(TARGET_ARM), people, scenario, seed=seed)
        if not found.people:
            return None, None
        if "careful" not in self.arms or self.cast.target.name == "careful":
            return found, None
        return found, disparity(records(TARGET_ARM), people, scenario, control=records("careful"), seed=seed)

    def beside(self, looked: Looked | None) -> Summary:
        """Compute the figures of the second generator's people and write them to ``summary-beside.json``."""
        people, (coverage, measurement) = self.arms[BESIDE].people, looked or (None, None)
        summary = build_summary(
            self.run_info(people, self.cast.config.beside),
            self.cast.scenario,
            people,
            {TARGET_ARM: self.outcomes(BESIDE)},
            coverage=coverage,
            measured=None if measurement is None else measurement.run_means,
        )
        write_atomic(self.folder.path / f"summary-{BESIDE}.json", summary.to_json())
        return summary


def write_figures(figures: Figures, looked: Looked | None, slices: tuple[SliceSummary, ...] = (), against: Held | None = None) -> Summary:
    """Compute every figure of a run and write ``summary.json`` and ``results.jsonl``.

    Args:
        figures: What they are computed from.
        looked: Coverage and measurement of the people; None if the run was stopped before they were measured.
        slices: Where the target fails more, and whether fresh people confirm it.
        against: What came of holding the run against an earlier one.
    """
    coverage, measurement = looked or (None, None)
    measured = None if measurement is None else measurement.run_means
    config, scenario, people = figures.cast.config, figures.cast.scenario, figures.people
    arms = {name: figures.outcomes(name) for name in (TARGET_ARM, *config.controls)}
    summary = build_summary(
        figures.run_info(people, None if config.people is not None else config.generator),
        scenario,
        people,
        arms,
        coverage=coverage,
        measured=measured,
        judge_error=figures.judge_error(arms),
        detection=figures.detection(arms),
        judging=figures.judging(),
        disclosure=figures.disclosure(),
        simulator=figures.simulator(),
        crossings=figures.crossings(),
        disparities=figures.disparities(),
        slices=slices,
        against=against,
        branches=None if config.branch is None else (figures.read(BRANCHES, people), config.branch),
        cost=_cost(figures.cast, figures.store.spent()),
    )
    write_results(figures.folder.results, persona_rows(people, scenario.axes, arms[TARGET_ARM], measured))
    write_atomic(figures.folder.summary, summary.to_json())
    return summary


def publish(folder: RunDir, summary: Summary, *, mlflow: bool, persona_cap: int, trace_cap: int) -> Tracked | None:
    """Write the report, then log the run to MLflow; None if it was not wanted there.

    The report that MLflow gets speaks of no earlier attempt. If this one fails, the run directory's report says so.
    """
    from .report import write_report

    if not mlflow:
        write_report(folder.path)
        return None
    from .tracking import log_run

    write_report(folder.path, tracking=False)
    tracked = log_run(folder.path, summary, persona_cap=persona_cap, trace_cap=trace_cap)
    if not tracked.ok:
        write_report(folder.path)
    return tracked


def publish_again(directory: str | Path) -> tuple[Path, Tracked | None]:
    """Write the report of a finished run again, and log the run to MLflow if it should be there and is not.

    Returns:
        The report, and what became of the logging; None if nothing was to be logged.

    Raises:
        InputError: If there is no run, or it was stopped before its figures were computed.
        StoreError: If the report cannot be written or the store cannot be read.
    """
    from .tracking.outcome import is_logged

    folder = RunDir.open(directory)
    config = load_config(folder.config)
    if not folder.summary.is_file():
        hint = f"It was stopped before they were computed; go on with: outskirts resume {directory}"
        raise InputError("DIR", "a run whose figures are there", str(directory), hint)
    summary = Summary.from_json(folder.summary.read_text(encoding="utf-8"))
    wanted = config.mlflow and not is_logged(folder.path)
    return folder.report, publish(folder, summary, mlflow=wanted, persona_cap=config.persona_metrics, trace_cap=config.traces)


def tracking_words(tracked: Tracked, directory: Path) -> str:
    """Return one line on where the run is in MLflow, or how to get it there."""
    if tracked.ok:
        return f"MLflow: run {tracked.run_id}; open it with: mlflow ui --backend-store-uri {tracked.uri}"
    return f"MLflow could not be reached ({tracked.reason}); log the run later with: outskirts report {directory}"


def evidence(records: Iterable[EpisodeRecord]) -> dict[str, str]:
    """Return for each harmed person the worst thing done to them, in the judge's words and theirs."""
    worst: dict[str, tuple[float, str]] = {}
    for record in records:
        for finding in record.harms if record.verdict is Verdict.FAILED else ():
            for person in finding.harmed:
                if finding.severity > worst.get(person, (-1.0, ""))[0]:
                    worst[person] = (finding.severity, f"{finding.harm.replace('_', ' ')}: {finding.evidence}")
    return {person: text for person, (_, text) in worst.items()}


def _cost(cast: Cast, spent: Spent) -> Cost:
    calls, tokens = spent.usage.calls, spent.usage.tokens
    paid = money(cast, spent.sums, prices_of(cast))
    known = [cost for cost in paid.values() if cost is not None]
    by_role = {
        role: RoleCost(calls=calls.get(role, 0), tokens=tokens.get(role, 0), money=_rounded(paid[role]))
        for role in sorted({*calls, *tokens})
    }
    in_all = sum(known) if len(known) == len(paid) else None
    return Cost(calls=sum(calls.values()), tokens=sum(tokens.values()), money=_rounded(in_all), by_role=by_role)


def _rounded(amount: float | None) -> float | None:
    """Return an amount without the noise of its summation."""
    return None if amount is None else round(amount, 9)

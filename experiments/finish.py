"""From a run's episodes to its figures and files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ..personas.measurement import Measurement
from ..personas.persona import Persona
from ..sim.errors import InputError
from ..sim.files import write_atomic
from ..sim.types import EpisodeRecord, Verdict
from .config import load_config, versions
from .jobs import Cast
from .results import persona_rows, write_results
from .rows import TARGET_ARM, Spent
from .rundir import RunDir
from .statistics.outcomes import Outcomes
from .store import RunStore
from .summary import Cost, RoleCost, Summary, build_summary

if TYPE_CHECKING:
    from ..personas.coverage_report import Coverage
    from .tracking.outcome import Tracked

STAND_INS = frozenset({"lexical", "exemplar"})
"""Players and respondents that are no language model."""


def write_figures(
    cast: Cast, people: tuple[Persona, ...], folder: RunDir, store: RunStore, spent: Spent, looked: tuple[Coverage, Measurement]
) -> Summary:
    """Compute every figure of a run and write ``summary.json`` and ``results.jsonl``.

    Args:
        cast: Who took part.
        people: The population.
        folder: The run directory.
        store: The episodes; it may be incomplete, then what is missing counts as ``budget``.
        spent: What the run has used up.
        looked: Coverage and measurement of the people.
    """
    coverage, measurement = looked
    config, scenario = cast.config, cast.scenario
    planned = len(people) * config.replicates
    arms = {arm: Outcomes.of(people, scenario, (r for _, r in store.records(arm)), planned) for arm in cast.targets}
    summary = build_summary(
        _run_info(cast, folder, len(people), spent),
        scenario,
        people,
        arms,
        coverage=coverage,
        measured=measurement.run_means,
        judge_error=_judge_error(cast, people, store),
        cost=_cost(spent),
    )
    write_results(folder.results, persona_rows(people, scenario.axes, arms[TARGET_ARM], measurement.run_means))
    write_atomic(folder.summary, summary.to_json())
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


def fault_lines(store: RunStore, most: int = 3) -> list[str]:
    """Return the commonest faults that left episodes without a verdict, one line each."""
    if not any(row.verdict == Verdict.INFRASTRUCTURE.value for row in store.rows()):
        return []
    said = Counter((arm, r.fault.message) for arm, r in store.records() if r.verdict is Verdict.INFRASTRUCTURE and r.fault is not None)
    lines = [f"{count} of the episodes with {arm} ended without a verdict: {message}" for (arm, message), count in said.most_common(most)]
    rest = len(said) - most
    return [*lines, f"... and {rest} other faults."] if rest > 0 else lines


def evidence(records: Iterable[EpisodeRecord]) -> dict[str, str]:
    """Return for each harmed person the worst thing done to them, in the judge's words and theirs."""
    worst: dict[str, tuple[float, str]] = {}
    for record in records:
        for finding in record.harms:
            for person in finding.harmed:
                if finding.severity > worst.get(person, (0.0, ""))[0]:
                    worst[person] = (finding.severity, f"{finding.harm.replace('_', ' ')}: {finding.evidence}")
    return {person: text for person, (_, text) in worst.items()}


def _run_info(cast: Cast, folder: RunDir, personas: int, spent: Spent) -> dict[str, object]:
    config = cast.config
    return {
        "id": config.result_hash(),
        "name": folder.path.name,
        "scenario": cast.scenario.name,
        "target": cast.targets[TARGET_ARM].name,
        "player": cast.player.name,
        "respondent": config.respondent,
        "generator": None if config.people is not None else config.generator,
        "judges": [f"{judge.name}@{judge.version}" for judge in cast.judges],
        "information": config.information,
        "estimand": "generator",
        "seed": config.seed,
        "personas": personas,
        "replicates": config.replicates,
        "turns": cast.turns,
        "seconds": round(spent.seconds, 3),
        "versions": versions(),
        "synthetic": cast.player.name in STAND_INS or config.respondent.partition("?")[0] in STAND_INS,
    }


def _judge_error(cast: Cast, people: tuple[Persona, ...], store: RunStore) -> object:
    from ..agents.rules import judge_error

    kinds = {fact.id: fact.kind for person in people for fact in person.facts}
    errors = judge_error((r for _, r in store.records()), cast.scenario, kinds)
    return {error.concept: error for error in errors}


def _cost(spent: Spent) -> Cost:
    calls, tokens = spent.usage.calls, spent.usage.tokens
    by_role = {role: RoleCost(calls=calls.get(role, 0), tokens=tokens.get(role, 0)) for role in sorted({*calls, *tokens})}
    return Cost(calls=sum(calls.values()), tokens=sum(tokens.values()), by_role=by_role)

"""A run from settings to report: people, episodes, figures."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..personas.people_file import read_people, write_people
from ..personas.persona import Persona
from ..sim import limits
from ..sim.errors import InputError, UnreachableError
from ..sim.files import write_atomic
from ..sim.types import EpisodeRecord, Fault, Usage
from .bridge import complete
from .config import ExperimentConfig, dump_yaml, load_config
from .console import render_summary, side_by_side, worst_people
from .finish import evidence, fault_lines, publish, tracking_words, write_figures
from .interrupts import Interrupts
from .jobs import Cast
from .people import gather_people, measure_people, population_hash
from .progress import Steps
from .rows import TARGET_ARM, Spent
from .rundir import RunDir
from .scheduler import Outcome, run_jobs
from .store import RunStore
from .writer import StoreWriter

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from .summary import Summary
    from .tracking.outcome import Tracked

EXIT = {None: 0, "budget": 3, "faults": 4, "unreachable": 4, "interrupted": 130}
"""Exit status by the reason for which a run stopped."""

BESIDE = "beside"
"""Folder in the run directory that holds the run with the second generator."""


@dataclass(frozen=True)
class RunResult:
    """What came of a run."""

    dir: Path
    summary: Summary
    stopped: str | None = None  # None: every episode was played

    @property
    def exit_status(self) -> int:
        """The command line's exit status for this result."""
        return EXIT[self.stopped]

    @cached_property
    def personas(self) -> pd.DataFrame:
        """One row a persona, as in ``results.jsonl``."""
        import pandas as pd

        return pd.read_json(RunDir(self.dir).results, lines=True)

    def episodes(self, arm: str | None = TARGET_ARM) -> Iterator[EpisodeRecord]:
        """Yield the episodes of an arm (``target``, ``careful``, ...), or of all."""
        with RunStore.open(self.dir, readonly=True) as store:
            yield from (record for _, record in store.records(arm))


def run_study(config: ExperimentConfig, console: Console, *, target: object | None = None) -> RunResult:
    """Carry out a run.

    Args:
        config: Its settings.
        console: Where progress and results are shown.
        target: The system under test itself, where the caller holds it.

    Raises:
        InputError: If a setting is wrong; nothing was spent or written.
        UnreachableError: If the target does not answer the dry call, or never finishes an episode.
        StoreError: If the run directory cannot be used.
    """
    _check_money(config)
    cast = Cast.of(config, target)
    people = gather_people(config, cast.scenario)
    dry = complete(_greet(cast))
    folder = RunDir.create(config.out, cast.scenario.name)
    write_atomic(folder.config, dump_yaml(config.resolved()))
    write_people(folder.personas, people)
    with RunStore.create(folder.path, config.result_hash(population_hash(people))) as store:
        store.commit([], Spent(usage=dry))
        return _carry_out(cast, people, folder, store, console)


def resume_study(directory: Path, budgets: Mapping[str, object], console: Console, *, target: object | None = None) -> RunResult:
    """Go on with a run that was stopped: play what is missing, then compute everything anew.

    Args:
        directory: The run directory.
        budgets: New ceilings (``max_calls``, ...) in place of the old; what was spent is kept.
        console: Where progress and results are shown.
        target: The system under test itself, where the run was begun with an object held in Python.

    Raises:
        InputError: If there is no run, or a ceiling is wrong.
        StoreError: If another process holds the directory, or its settings were changed.
    """
    folder = RunDir.open(directory)
    config = load_config(folder.config, budgets)
    _check_money(config)
    cast = Cast.of(config, target)
    people = _people_again(folder, cast)
    with RunStore.resume(folder.path, config.result_hash(population_hash(people))) as store:
        _check_ceilings(config, store.spent())
        folder.sweep()
        write_atomic(folder.config, dump_yaml(config.resolved()))
        return _carry_out(cast, people, folder, store, console)


def _people_again(folder: RunDir, cast: Cast) -> tuple[Persona, ...]:
    """Return the people of a run that was begun; the same are made where it was stopped before it had written them."""
    if folder.personas.exists():
        return read_people(folder.personas)[0]
    people = gather_people(cast.config, cast.scenario)
    write_people(folder.personas, people)
    return people


def _carry_out(cast: Cast, people: tuple[Persona, ...], folder: RunDir, store: RunStore, console: Console) -> RunResult:
    config = cast.config
    with Steps(console, quiet=config.quiet) as steps:
        steps.step("measuring the people")
        looked = complete(measure_people(cast.scenario, cast.respondent, people, runs=config.runs, seed=config.seed))
        outcome, spent = complete(_play(cast, people, store, steps, console))
        if outcome.stopped == "unreachable":
            raise UnreachableError(_why(outcome, folder))
        steps.step("computing the figures")
        summary = write_figures(cast, people, folder, store, spent, looked)
        shown = evidence(r for _, r in store.records(TARGET_ARM))
        steps.step("writing the report")
        tracked = publish(folder, summary, mlflow=config.mlflow, persona_cap=config.persona_metrics, trace_cap=config.traces)
    render_summary(summary, console, quiet=config.quiet, evidence=shown)
    if outcome.stopped is None and config.beside is not None:
        side_by_side(summary, _beside(cast, config.beside, len(people), folder), console)
    for line in fault_lines(store):
        console.print(line, style="yellow", soft_wrap=True, markup=False)
    _say_where(folder, summary, tracked, outcome, console)
    return RunResult(folder.path, summary, outcome.stopped)


def _beside(cast: Cast, generator: str, personas: int, folder: RunDir) -> Summary:
    """Send as many people of a second generator to the same target, and return what came of it."""
    from .console import make_console

    second, silence, target = folder.path / BESIDE, make_console(quiet=True), cast.targets[TARGET_ARM]
    if (second / folder.config.name).is_file():
        return resume_study(second, {}, silence, target=target).summary
    changes = {"generator": generator, "personas": personas, "beside": None, "controls": (), "out": str(second), "mlflow": False}
    config = ExperimentConfig.model_validate({**cast.config.model_dump(exclude={"people"}), **changes, "quiet": True})
    return run_study(config, silence, target=target).summary


async def _play(cast: Cast, people: tuple[Persona, ...], store: RunStore, steps: Steps, console: Console) -> tuple[Outcome, Spent]:
    config = cast.config
    before = store.spent()
    done = {arm: store.done(arm) for arm in cast.targets}
    budget = limits.Limit(
        "run",
        calls=config.max_calls,
        tokens=config.max_tokens,
        seconds=config.max_seconds,
        spent=before.usage,
        spent_seconds=before.seconds,
    )

    def spent() -> Spent:
        return Spent(seconds=budget.seconds, cost=budget.cost, usage=budget.usage())

    def admit(playing: int) -> Fault | None:
        """Refuse an episode that might not be finished: what is spent on one that a limit cuts short is lost."""
        left = budget.calls_left()
        if left is None or left >= (playing + 1) * cast.turns:
            return None
        message = f"the run's limit of {config.max_calls:,} calls leaves {left}, and an episode may need {cast.turns}"
        return Fault(role="budget", kind="calls", message=message, turn=0)

    for arm, target in cast.targets.items():
        steps.episodes(arm, target.name, len(people) * config.replicates, len(done[arm]))
    with budget, StoreWriter(store, config.concurrency, spent) as writer, _interrupts(console) as interrupts:
        outcome = await run_jobs(
            cast.jobs(people, done),
            cast.play,
            writer.put,
            concurrency=config.concurrency,
            admit=admit,
            progress=lambda job, record: steps.played(job.arm, record.verdict),
            interrupts=interrupts,
            proven=[arm for arm, keys in done.items() if keys],
        )
        return outcome, spent()


def _interrupts(console: Console) -> AbstractContextManager[Interrupts | None]:
    """Return who counts Ctrl-C; nobody outside the main thread, where the signal is somebody else's business."""
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    words = (
        "Stopping: the episodes under way are finished and kept. Press Ctrl-C again to stop at once.",
        "Stopping at once; what was finished is kept.",
    )
    return Interrupts(lambda count: console.print(words[min(count, 2) - 1], style="yellow"))


async def _greet(cast: Cast) -> Usage:
    from ..agents.drycall import dry_call

    with limits.Limit("run", calls=cast.config.max_calls, tokens=cast.config.max_tokens) as budget:
        await dry_call(cast.targets[TARGET_ARM], cast.scenario, cast.config.target_timeout)
    return budget.usage()


def _check_money(config: ExperimentConfig) -> None:
    if config.max_cost is not None:
        hint = "No role of this run has a known price; bound it by max_calls, max_tokens or max_seconds."
        raise InputError("max_cost", "no ceiling on money", config.max_cost, hint)


def _check_ceilings(config: ExperimentConfig, spent: Spent) -> None:
    """Refuse a ceiling that was passed before: nothing could be played."""
    for field, used in (("max_calls", sum(spent.usage.calls.values())), ("max_tokens", sum(spent.usage.tokens.values()))):
        ceiling = getattr(config, field)
        if ceiling is not None and ceiling < used:
            raise InputError(field, f"more than the {used:,} that the run has spent already", ceiling)


def _why(outcome: Outcome, folder: RunDir) -> str:
    """Return why a run stopped and how to go on, in a sentence each."""
    go_on = f"Everything so far is kept. Go on with: outskirts resume {folder.path}"
    said = outcome.fault.message if outcome.fault else ""
    if outcome.stopped == "interrupted":
        return f"Interrupted. {go_on}"
    if outcome.stopped == "budget":
        return f"Stopped: {said}. {go_on} --max-{outcome.fault.kind if outcome.fault else 'calls'} N"
    often = "never finished an episode" if outcome.stopped == "unreachable" else "failed many times in a row"
    return f"{outcome.arm} {often} ({said}). {go_on}"


def _say_where(folder: RunDir, summary: Summary, tracked: Tracked | None, outcome: Outcome, console: Console) -> None:
    worst = worst_people(summary.personas, 1)
    if worst:
        console.print(f"what happened to one of them: outskirts replay {folder.path} {worst[0].id}", soft_wrap=True, markup=False)
    console.print(f"report: {folder.report}", soft_wrap=True, markup=False)
    if tracked is not None:
        console.print(tracking_words(tracked, folder.path), style=None if tracked.ok else "yellow", soft_wrap=True, markup=False)
    if outcome.stopped is not None:
        console.print(_why(outcome, folder), style="yellow", soft_wrap=True, markup=False)

"""Measures the people and plays the arms of a run within its budget; what is finished is durable."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from ..personas.persona import Persona
from ..sim import limits
from ..sim.errors import BudgetExceeded, InputError
from ..sim.limits import Sums
from ..sim.protocols import Respondent
from ..sim.types import EpisodeRecord, Fault, Verdict
from .admission import Admission
from .against import Watch
from .answers import FILE, Remembering, kept_answers
from .arms import BRANCHES, Arm
from .branching import Branching
from .config import ExperimentConfig
from .executors.protocol import Executor, LocalExecutor
from .interrupts import Interrupts
from .jobs import Cast, EpisodeJob
from .judge_labels import LabelledJudges
from .judging import get_ready, measured_judges
from .people import Looked, measure_people
from .pricing import prices_of
from .scheduler import Outcome, run_jobs
from .screen.progress import Steps
from .screen.wording import stand_ins
from .store.rows import TARGET_ARM, Spent
from .store.store import RunStore
from .store.writer import StoreWriter

if TYPE_CHECKING:
    from rich.console import Console

    from .branching import BranchJob
    from .executors.crew import Crew

STOPPING = (
    "Stopping: the episodes under way are finished and kept. Press Ctrl-C again to stop at once.",
    "Stopping at once; what was finished is kept.",
)


async def look(cast: Cast, populations: Sequence[Sequence[Persona]], store: RunStore) -> tuple[list[Looked | None], Outcome | None]:
    """Measure populations within the run's budget; what the respondent answers is kept, and it is asked only what is missing.

    The embedded stand-ins cost nothing and repeat themselves: they are neither counted nor kept.

    Args:
        cast: Who takes part.
        populations: Whom to measure, one population after the other.
        store: Of the run; it knows what was spent before, and answers are kept beside it.

    Returns:
        What was found of each population, None where the budget was reached before; and the run's outcome if it was.

    Raises:
        InputError: If the respondent answers off the scale.
        UnreachableError: If it fails.
        StoreError: If answers cannot be kept.
    """
    config, questionnaire = cast.config, cast.scenario.questionnaire

    async def measured(respondent: Respondent, people: Sequence[Persona]) -> Looked:
        return await measure_people(cast.scenario, respondent, people, runs=config.runs, seed=config.seed)

    if stand_ins("", config.respondent):
        return [await measured(cast.respondent, people) for people in populations], None
    looked: list[Looked | None] = [None] * len(populations)
    kept = kept_answers(store.path.parent / FILE)
    with _caching(config), _budget(cast, store.spent()) as budget:

        def note() -> None:
            store.commit([], _spent(budget))

        respondent = Remembering(cast.respondent, config.respondent, questionnaire, kept, note)
        try:
            for i, people in enumerate(populations):
                looked[i] = await measured(respondent, people)
        except BudgetExceeded as error:
            return looked, Outcome("budget", fault=Fault(role="budget", kind=error.resource, message=str(error), turn=0))
        finally:
            note()
    return looked, None


async def ready(cast: Cast, store: RunStore, *, asked: bool = True) -> tuple[LabelledJudges | None, Outcome | None]:
    """Let the judges get ready, and read labelled transcripts where there are some, within the run's budget.

    Args:
        cast: Who takes part.
        store: Of the run; it knows what was spent before.
        asked: Whether there is an episode left to judge; if not, no model is greeted.

    Returns:
        How well they read them, None without labels or where the budget was reached before; and the run's outcome if it was.

    Raises:
        InputError: If a judge cannot use what it was given.
        UnreachableError: If a judge's model does not answer.
    """
    with _caching(cast.config), _budget(cast, store.spent()) as budget:
        try:
            await get_ready(cast.judges, store.path.parent, asked=asked)
            if cast.labels is None:
                return None, None
            return await measured_judges(cast.judges, cast.labels, store.path.parent, cast.config.concurrency), None
        except BudgetExceeded as error:
            return None, Outcome("budget", fault=Fault(role="budget", kind=error.resource, message=str(error), turn=0))
        finally:
            store.commit([], _spent(budget))


async def play(
    cast: Cast,
    arms: Sequence[Arm],
    store: RunStore,
    steps: Steps,
    console: Console,
    watch: Watch | None = None,
    crew: Crew | None = None,
) -> Outcome:
    """Play the episodes of these arms that the store does not hold yet.

    Args:
        cast: Who takes part.
        arms: Who is sent to whom, in the order of playing.
        store: Where episodes go; it also knows what was spent before.
        steps: Shows how far the run is.
        console: Where Ctrl-C is answered.
        watch: Ends the run once it has seen enough of the target's episodes; it knows those of the store.
        crew: The processes in which episodes are played; None: they are played in this one.
    """
    config = cast.config
    done = {arm.name: store.done(arm.name) for arm in arms}
    for arm in arms:
        steps.episodes(arm.name, _label(arm), len(cast.meetings(arm)), len(done[arm.name]))
    with _caching(config), _budget(cast, store.spent(), crew) as budget:

        def finished(job: EpisodeJob, record: EpisodeRecord) -> None:
            steps.played(job.arm, record.verdict)
            if watch is not None and job.arm == TARGET_ARM:
                watch.see([record])

        admit = Admission(budget, cast.most_calls)
        async with _executor(crew, cast, arms, budget, LocalExecutor(admit.metered(cast.play))) as executor:
            with StoreWriter(store, lambda: _spent(budget)) as writer, _interrupts(console) as interrupts:
                return await run_jobs(
                    cast.jobs(arms, done, None if watch is None else watch.order.tolist()),
                    executor,
                    writer.put,
                    concurrency=config.at_once,
                    admit=admit,
                    enough=None if watch is None else lambda: watch.decided is not None,
                    progress=finished,
                    interrupts=interrupts,
                    proven=[arm.name for arm in arms if done[arm.name] or (arm.target is cast.target and store.done(TARGET_ARM))],
                )


async def play_branches(cast: Cast, arm: Arm, store: RunStore, steps: Steps, console: Console, crew: Crew | None = None) -> Outcome:
    """Play the branches of the target's episodes that the store does not hold yet, round by round.

    Args:
        cast: Who takes part.
        arm: The arm of the target, all of whose episodes were played.
        store: Where episodes go.
        steps: Shows how far the run is.
        console: Where Ctrl-C is answered.
        crew: The processes in which episodes are played; None: they are played in this one.
    """
    config = cast.config
    branching = Branching(cast, arm, store)
    outcome = Outcome()
    steps.episodes(BRANCHES, f"{cast.target.name} (branches)", 0, 0)
    while jobs := await branching.rounds():
        steps.more(BRANCHES, len(jobs))
        most = cast.most_calls_in(max(map(branching.turns, jobs)))
        with _caching(config), _budget(cast, store.spent(), crew) as budget:
            outcome = await _play_round(branching, jobs, most, budget, steps, console, crew)
        if outcome.stopped is not None or outcome.interrupted or outcome.verdicts[Verdict.INFRASTRUCTURE]:
            break  # a round that has gaps is no ground for the next
    branching.keep(())
    return outcome


async def _play_round(
    branching: Branching, jobs: Sequence[BranchJob], most: int, budget: limits.Limit, steps: Steps, console: Console, crew: Crew | None
) -> Outcome:
    """Play one round of branches."""
    cast, store = branching.cast, branching.store
    admit = Admission(budget, most)
    local = LocalExecutor(admit.metered(branching.play))
    async with _executor(crew, cast, [branching.arm], budget, local, branching.trunk) as executor:
        with StoreWriter(store, lambda: _spent(budget)) as writer, _interrupts(console) as interrupts:
            return await run_jobs(
                jobs,
                executor,
                writer.put,
                concurrency=cast.config.at_once,
                admit=admit,
                progress=lambda job, record: steps.played(job.arm, record.verdict),
                interrupts=interrupts,
                proven=[BRANCHES],
            )


async def greet(cast: Cast) -> Sums:
    """Send the target one message, to learn before any episode whether it answers; return what that cost.

    Raises:
        UnreachableError: If it does not.
        InputError: If it answers with something that is no reply.
    """
    from ..agents.drycall import dry_call

    with _budget(cast, Spent()) as budget:
        await dry_call(cast.target, cast.scenario, cast.config.target_timeout)
    return budget.tally.sums()


def check_ceilings(config: ExperimentConfig, spent: Spent, given: Collection[str]) -> None:
    """Refuse a new ceiling that was passed before: nothing could be played.

    Args:
        config: With the new ceilings.
        spent: What the run has spent.
        given: Names of the new ones. An old one that was passed stops the run again, as it did.

    Raises:
        InputError: If there is one.
    """
    usage = spent.usage
    used_up: dict[str, float] = {
        "max_calls": sum(usage.calls.values()),
        "max_tokens": sum(usage.tokens.values()),
        "max_cost": spent.cost,
        "max_seconds": spent.seconds,
    }
    for field, used in used_up.items():
        ceiling = getattr(config, field)
        if field in given and ceiling is not None and ceiling < used:
            shown = f"{used:,}" if isinstance(used, int) else f"{used:,.6g}"
            raise InputError(field, f"more than the {shown} that the run has spent already", ceiling)


@asynccontextmanager
async def _executor(
    crew: Crew | None,
    cast: Cast,
    arms: Sequence[Arm],
    budget: limits.Limit,
    local: Executor[Any],
    trunk: Callable[[BranchJob], str] | None = None,
) -> AsyncIterator[Executor[Any]]:
    """Return where episodes are played: in this process, if there is no crew."""
    if crew is None:
        yield local
        return
    from .executors.processes import ProcessExecutor

    executor = ProcessExecutor(crew, cast, arms, budget, trunk)
    try:
        await executor.open()
        yield executor
    finally:
        await executor.close()


def _caching(config: ExperimentConfig) -> AbstractContextManager[None]:
    """Return what lets models answer from the run's cache; nothing is imported where there is none."""
    if config.cache_folder is None:
        return nullcontext()
    from ..agents.response_cache import caching

    return caching(config.cache_folder)


def _label(arm: Arm) -> str:
    return arm.target.name if arm.name in ("target", arm.spec) else f"{arm.target.name} ({arm.name.replace('_', ' ')})"


def _spent(budget: limits.Limit) -> Spent:
    return Spent.of(budget.tally.sums(), budget.seconds)


def _budget(cast: Cast, before: Spent, crew: Crew | None = None) -> limits.Limit:
    """Return the run's limit; with a crew it is counted where all its processes count."""
    config = cast.config
    tally = None
    if crew is not None:
        from .executors.tally import SharedTally

        tally = SharedTally.create(crew.new_file(), before.sums)
    return limits.Limit(
        "run",
        calls=config.max_calls,
        tokens=config.max_tokens,
        cost=config.max_cost,
        seconds=config.max_seconds,
        spent=before.sums,
        spent_seconds=before.seconds,
        prices=prices_of(cast),
        tally=tally,
    )


def _interrupts(console: Console) -> AbstractContextManager[Interrupts | None]:
    """Return who counts Ctrl-C; nobody outside the main thread, where the signal is somebody else's business."""
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    return Interrupts(lambda count: console.print(STOPPING[min(count, 2) - 1], style="yellow"))

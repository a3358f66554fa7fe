"""Measures the people and plays the arms of a run within its budget; what is finished is durable."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from ..personas.persona import Persona
from ..sim import limits
from ..sim.errors import BudgetExceeded, InputError
from ..sim.protocols import Respondent
from ..sim.types import EpisodeRecord, Fault, Usage, Verdict
from .against import Watch
from .answers import FILE, KeptAnswers, Remembering
from .arms import BRANCHES, Arm
from .branching import Branching
from .config import ExperimentConfig
from .interrupts import Interrupts
from .jobs import Cast, EpisodeJob
from .judge_labels import LabelledJudges
from .judging import get_ready, measured_judges
from .people import Looked, measure_people
from .scheduler import Outcome, run_jobs
from .screen.progress import Steps
from .screen.wording import stand_ins
from .store.rows import TARGET_ARM, Spent
from .store.store import RunStore
from .store.writer import StoreWriter

if TYPE_CHECKING:
    from rich.console import Console

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
    kept = KeptAnswers(store.path.parent / FILE)
    with _budget(config, store.spent()) as budget:

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
    with _budget(cast.config, store.spent()) as budget:
        try:
            await get_ready(cast.judges, store.path.parent, asked=asked)
            if cast.labels is None:
                return None, None
            return await measured_judges(cast.judges, cast.labels, store.path.parent, cast.config.concurrency), None
        except BudgetExceeded as error:
            return None, Outcome("budget", fault=Fault(role="budget", kind=error.resource, message=str(error), turn=0))
        finally:
            store.commit([], _spent(budget))


async def play(cast: Cast, arms: Sequence[Arm], store: RunStore, steps: Steps, console: Console, watch: Watch | None = None) -> Outcome:
    """Play the episodes of these arms that the store does not hold yet.

    Args:
        cast: Who takes part.
        arms: Who is sent to whom, in the order of playing.
        store: Where episodes go; it also knows what was spent before.
        steps: Shows how far the run is.
        console: Where Ctrl-C is answered.
        watch: Ends the run once it has seen enough of the target's episodes; it knows those of the store.
    """
    config = cast.config
    done = {arm.name: store.done(arm.name) for arm in arms}
    for arm in arms:
        steps.episodes(arm.name, _label(arm), len(cast.meetings(arm)), len(done[arm.name]))
    with _budget(config, store.spent()) as budget:

        def finished(job: EpisodeJob, record: EpisodeRecord) -> None:
            steps.played(job.arm, record.verdict)
            if watch is not None and job.arm == TARGET_ARM:
                watch.see([record])

        with StoreWriter(store, config.concurrency, lambda: _spent(budget)) as writer, _interrupts(console) as interrupts:
            return await run_jobs(
                cast.jobs(arms, done, None if watch is None else watch.order.tolist()),
                cast.play,
                writer.put,
                concurrency=config.concurrency,
                admit=_admission(budget, cast.most_calls),
                enough=None if watch is None else lambda: watch.decided is not None,
                progress=finished,
                interrupts=interrupts,
                proven=[arm.name for arm in arms if done[arm.name] or (arm.target is cast.target and store.done(TARGET_ARM))],
            )


async def play_branches(cast: Cast, arm: Arm, store: RunStore, steps: Steps, console: Console) -> Outcome:
    """Play the branches of the target's episodes that the store does not hold yet, round by round.

    Args:
        cast: Who takes part.
        arm: The arm of the target, all of whose episodes were played.
        store: Where episodes go.
        steps: Shows how far the run is.
        console: Where Ctrl-C is answered.
    """
    config = cast.config
    branching = Branching(cast, arm, store)
    outcome = Outcome()
    steps.episodes(BRANCHES, f"{cast.target.name} (branches)", 0, 0)
    while jobs := await branching.rounds():
        steps.more(BRANCHES, len(jobs))
        most = max(map(branching.turns, jobs)) * cast.most_calls // cast.turns
        with _budget(config, store.spent()) as budget:

            def spent(budget: limits.Limit = budget) -> Spent:
                return _spent(budget)

            with StoreWriter(store, config.concurrency, spent) as writer, _interrupts(console) as interrupts:
                outcome = await run_jobs(
                    jobs,
                    branching.play,
                    writer.put,
                    concurrency=config.concurrency,
                    admit=_admission(budget, most),
                    progress=lambda job, record: steps.played(job.arm, record.verdict),
                    interrupts=interrupts,
                    proven=[BRANCHES],
                )
        if outcome.stopped is not None or outcome.interrupted or outcome.verdicts[Verdict.INFRASTRUCTURE]:
            break  # a round that has gaps is no ground for the next
    branching.keep(())
    return outcome


async def greet(cast: Cast) -> Usage:
    """Send the target one message, to learn before any episode whether it answers; return what that cost.

    Raises:
        UnreachableError: If it does not.
        InputError: If it answers with something that is no reply.
    """
    from ..agents.drycall import dry_call

    with limits.Limit("run", calls=cast.config.max_calls, tokens=cast.config.max_tokens) as budget:
        await dry_call(cast.target, cast.scenario, cast.config.target_timeout)
    return budget.usage()


def check_money(config: ExperimentConfig) -> None:
    """Refuse a ceiling on money, which nothing would ever reach.

    Raises:
        InputError: If there is one.
    """
    if config.max_cost is not None:
        hint = "No role of this run has a known price; bound it by max_calls, max_tokens or max_seconds."
        raise InputError("max_cost", "no ceiling on money", config.max_cost, hint)


def check_ceilings(config: ExperimentConfig, spent: Spent) -> None:
    """Refuse a ceiling that was passed before: nothing could be played.

    Raises:
        InputError: If there is one.
    """
    for field, used in (("max_calls", sum(spent.usage.calls.values())), ("max_tokens", sum(spent.usage.tokens.values()))):
        ceiling = getattr(config, field)
        if ceiling is not None and ceiling < used:
            raise InputError(field, f"more than the {used:,} that the run has spent already", ceiling)


def _label(arm: Arm) -> str:
    return arm.target.name if arm.name in ("target", arm.spec) else f"{arm.target.name} ({arm.name.replace('_', ' ')})"


def _spent(budget: limits.Limit) -> Spent:
    return Spent(seconds=budget.seconds, cost=budget.cost, usage=budget.usage())


def _budget(config: ExperimentConfig, before: Spent) -> limits.Limit:
    return limits.Limit(
        "run",
        calls=config.max_calls,
        tokens=config.max_tokens,
        seconds=config.max_seconds,
        spent=before.usage,
        spent_seconds=before.seconds,
    )


def _admission(budget: limits.Limit, most: int) -> Callable[[int], Fault | None]:
    """Return what refuses an episode that might not be finished: what is spent on one that a limit cuts short is lost."""

    def admit(playing: int) -> Fault | None:
        left = budget.calls_left()
        if left is None or left >= (playing + 1) * most:
            return None
        message = f"the run's limit of {budget.max_calls:,} calls leaves {left}, and an episode may need {most}"
        return Fault(role="budget", kind="calls", message=message, turn=0)

    return admit


def _interrupts(console: Console) -> AbstractContextManager[Interrupts | None]:
    """Return who counts Ctrl-C; nobody outside the main thread, where the signal is somebody else's business."""
    if threading.current_thread() is not threading.main_thread():
        return nullcontext()
    return Interrupts(lambda count: console.print(STOPPING[min(count, 2) - 1], style="yellow"))

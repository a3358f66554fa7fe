"""A run from settings to report: people, episodes, figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..personas.people_file import read_people, write_people
from ..personas.persona import Persona
from ..sim.errors import InputError, UnreachableError
from ..sim.files import write_atomic
from ..sim.types import EpisodeRecord
from .against import Watch
from .arms import BESIDE, CONFIRM, Arm, Make
from .bridge import complete
from .config import ExperimentConfig, dump_yaml, load_config
from .confirming import confirmed, suspect
from .estimate import estimate
from .finish import Figures, evidence, publish, tracking_words, write_figures
from .jobs import Cast
from .naming.sources import Code, changed, code_of, read_code
from .people import gather_people, population_hash
from .playing import check_ceilings, greet, look, play, play_branches, ready
from .population.left_out import warn_left_out
from .pricing import check_money, check_told
from .rundir import RunDir
from .scheduler import HOPELESS, Outcome
from .screen.console import say
from .screen.faults import fault_lines, is_own, last_word
from .screen.progress import Steps
from .screen.summary import render_summary, side_by_side, worst_people
from .screen.wording import divergence_line
from .store.rows import TARGET_ARM, Spent
from .store.store import RunStore

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from .executors.crew import Crew
    from .statistics.confirmation import SliceSummary
    from .summary import Summary
    from .tracking.outcome import Tracked

EXIT = {None: 0, "decided": 0, "budget": 3, "faults": 4, "unreachable": 4, "interrupted": 130}
"""Exit status by the reason for which a run stopped."""

GATE = {"not worse": 0, "worse": 1, None: 5}
"""Exit status by what was decided against an earlier run, where a margin was given; as that of ``outskirts compare``."""

CEILINGS = (
    *("max_calls", "max_tokens", "max_cost", "max_seconds"),
    *("max_episode_calls", "max_episode_tokens", "max_episode_cost", "episode_timeout", "prices"),
)
"""Settings that a run may go on with in place of the old ones."""

Begun = Callable[[Path], None]


@dataclass(frozen=True)
class RunResult:
    """What came of a run."""

    dir: Path
    summary: Summary
    stopped: str | None = None  # None: every episode was played
    gate: bool = False  # the exit status tells what was decided against the earlier run

    @property
    def exit_status(self) -> int:
        """The command line's exit status for this result."""
        if self.gate and self.summary.against is not None and self.stopped in (None, "decided"):
            return GATE[self.summary.against.status]
        return EXIT[self.stopped]

    @cached_property
    def personas(self) -> pd.DataFrame:
        """One row a persona, as in ``results.jsonl``."""
        from .results import results_table

        return results_table(RunDir(self.dir).results)

    def episodes(self, arm: str | None = TARGET_ARM) -> Iterator[EpisodeRecord]:
        """Yield the episodes of an arm (``target``, ``careful``, ...), or of all."""
        with RunStore.open(self.dir, readonly=True) as store:
            yield from (record for _, record in store.records(arm))


def run_study(
    config: ExperimentConfig, console: Console, *, target: object | None = None, begun: Begun | None = None, shown: bool = True
) -> RunResult:
    """Carry out a run.

    Args:
        config: Its settings.
        console: Where progress and results are shown.
        target: The system under test itself, where the caller holds it.
        begun: Told the run directory as soon as it exists.
        shown: Say what came of it; progress is shown in any case.

    Raises:
        InputError: If a setting is wrong; nothing was spent or written.
        UnreachableError: If the target does not answer the dry call, or no episode was ever finished.
        StoreError: If the run directory cannot be used.
    """
    if config.out is not None:
        RunDir.check_free(Path(config.out))
    cast = Cast.of(config, target)
    prices = check_money(cast)
    people = _gather(cast, console)
    cast.seating(people)  # people who cannot be seated are refused before anything is spent
    watch = Watch.of(cast, people)
    with _crew(cast, target) as crew:
        dry = complete(greet(cast))
        check_told(cast, dry)
        if not config.quiet and (expected := estimate(cast, people, prices, dry)) is not None:
            say(console, f"{expected.words}{expected.over(config)}", "dim")
        folder = RunDir.create(config.out, cast.scenario.name)
        if begun is not None:
            begun(folder.path)
        _write_config(folder, config, code_of(config))
        write_people(folder.personas, people)
        with RunStore.create(folder.path, config.result_hash(population_hash(people))) as store:
            store.commit([], Spent.of(dry))
            return _Session(cast, people, folder, store, watch, console, shown, crew).carry_out()


def resume_study(
    directory: Path, budgets: Mapping[str, object], console: Console, *, target: object | None = None, shown: bool = True
) -> RunResult:
    """Go on with a run that was stopped: play what is missing, then compute everything anew.

    Args:
        directory: The run directory.
        budgets: New ceilings (``max_calls``, ...) or prices in place of the old; what was spent is kept.
        console: Where progress and results are shown.
        target: The system under test itself, where the run was begun with an object held in Python.
        shown: Say what came of it; progress is shown in any case.

    Raises:
        InputError: If there is no run, or a ceiling is wrong.
        StoreError: If another process holds the directory, or its settings were changed.
    """
    folder = RunDir.open(directory)
    config = load_config(folder.config, budgets)
    cast = _cast_again(config, directory, target)
    check_money(cast)
    people = _people_again(folder, cast, console)
    with RunStore.resume(folder.path, config.result_hash(population_hash(people))) as store, _crew(cast, target) as crew:
        check_ceilings(config, store.spent(), budgets)
        folder.sweep()
        _write_config(folder, config, read_code(folder.config))
        return _Session(cast, people, folder, store, Watch.of(cast, people), console, shown, crew).carry_out()


def play_or_go_on(config: ExperimentConfig, console: Console) -> RunResult:
    """Play the run of ``config.out``, or what is missing of it, without saying what came of it.

    Raises:
        InputError: If another experiment's run is there.
    """
    assert config.out is not None
    folder = RunDir(Path(config.out))
    if folder.config.is_file():
        if load_config(folder.config).result_hash() != config.result_hash():
            hint = "Something that affects results was changed since; choose another --out."
            raise InputError("out", "a run of this very experiment, to go on with", config.out, hint)
        ceilings = {name: getattr(config, name) for name in CEILINGS}
        return resume_study(folder.path, {name: x for name, x in ceilings.items() if x is not None}, console, shown=False)
    return run_study(config, console, shown=False)


def _crew(cast: Cast, target: object | None) -> AbstractContextManager[Crew | None]:
    """Return the worker processes of a run, if it wants some; they get ready while other things are done.

    Raises:
        InputError: If the target cannot be sent to them, or its episodes cannot be branched there.
    """
    config = cast.config
    if config.executor == "local":
        return nullcontext()
    from .executors.crew import Crew

    if cast.trunks is not None and cast.trunks is not cast.target:
        hint = "Branches of such a target begin from copies that are kept in memory. Use executor local, or a target that is stateless."
        raise InputError("executor", f"local, to branch the episodes of {cast.target.name}", config.executor, hint)
    return Crew(config, target)


def _write_config(folder: RunDir, config: ExperimentConfig, code: Code) -> None:
    write_atomic(folder.config, dump_yaml(config.resolved() | ({"code": code} if code else {})))


def _cast_again(config: ExperimentConfig, directory: Path, target: object | None) -> Cast:
    try:
        return Cast.of(config, target)
    except InputError as error:
        held = config.target.startswith("python:__main__:") or "<" in config.target
        if target is not None or not held:
            raise
        hint = f"The run was begun from Python; go on there with: outskirts.resume({str(directory)!r}, target=...)"
        raise InputError("target", "an object that can be imported", config.target, hint) from error


def _gather(cast: Cast, console: Console) -> tuple[Persona, ...]:
    """Return the people of a run, and say how many lines of their file were left out unless nothing is to be shown at all."""
    return gather_people(cast.config, cast.scenario, lambda problems: None if console.quiet else warn_left_out(len(problems), problems))


def _people_again(folder: RunDir, cast: Cast, console: Console) -> tuple[Persona, ...]:
    """Return the people of a run that was begun; the same are made where it was stopped before it had written them."""
    if folder.personas.exists():
        return read_people(folder.personas)[0]
    people = _gather(cast, console)
    write_people(folder.personas, people)
    return people


@dataclass(frozen=True)
class _Session:
    """One session of a run, from its first episode or from where the last session ended."""

    cast: Cast
    people: tuple[Persona, ...]
    folder: RunDir
    store: RunStore
    watch: Watch | None
    console: Console
    shown: bool = True
    crew: Crew | None = None

    def carry_out(self) -> RunResult:
        """Play what is missing, compute the figures, write and show them."""
        cast, config, store, console = self.cast, self.cast.config, self.store, self.console
        with Steps(console, quiet=config.quiet) as steps:
            arms = {arm.name: arm for arm in cast.arms(self.people, self._keep)}
            asked = [arms[name].people for name in (TARGET_ARM, BESIDE) if name in arms]
            steps.step("getting the judges ready")
            labelled, unready = complete(ready(cast, store, asked=self._missing(arms.values())))
            if unready is None:
                self._same_judges()
            steps.step("measuring the people")
            looked, unmeasured = complete(look(cast, asked, store)) if unready is None else ([None] * len(asked), unready)
            code, held = self._code(arms.values()), self._episodes()
            if self.watch is not None:
                self.watch.see(record for _, record in store.records(TARGET_ARM))
            outcome = unmeasured or complete(play(cast, tuple(arms.values()), store, steps, console, self.watch, self.crew))
            if config.branch is not None and outcome.stopped is None and not outcome.interrupted:
                outcome = complete(play_branches(cast, arms[TARGET_ARM], store, steps, console, self.crew))
            steps.step("computing the figures")
            figures = Figures(cast, arms, self.folder, store, changed(code), labelled)
            outcome, slices = self._confirm(figures, outcome, steps)
            figures = replace(figures, changed_code=changed(self._code_by_now(code, held)), stopped=outcome.stopped)
            summary = write_figures(figures, looked[0], slices, self.watch.told() if self.watch else None)
            beside = figures.beside(looked[1]) if BESIDE in arms else None
            if outcome.stopped == "unreachable" and not store.done(TARGET_ARM):
                raise UnreachableError(_why(outcome, self.folder))
            shown = evidence(r for _, r in store.records(TARGET_ARM))
            steps.step("writing the report")
            tracked = publish(self.folder, summary, mlflow=config.mlflow, persona_cap=config.persona_metrics, trace_cap=config.traces)
        if not self.shown:
            return RunResult(self.folder.path, summary, outcome.stopped)
        brief = console.is_terminal and not config.full
        render_summary(summary, console, quiet=config.quiet, brief=brief, evidence=shown, faults=self._faults())
        if beside is not None and beside.failure_rate.estimate is not None and not config.quiet:
            side_by_side(summary, beside, console)
        _say_where(self.folder, summary, tracked, outcome, console)
        if brief and not config.quiet:
            say(console, "Every table is in the report; here too with --full.", "dim")
        if outcome.stopped in (None, "decided") and (last := last_word(store, summary, self.folder.path)):
            console.print(last, style="bold red", soft_wrap=True, markup=False)
        return RunResult(self.folder.path, summary, outcome.stopped, config.fail_if_worse is not None)

    def _keep(self, name: str, make: Make) -> tuple[Persona, ...]:
        """Return the people of an arm as they were written down, or make them and write them down."""
        file = self.folder.personas_of(name)
        if not file.is_file():
            write_people(file, make())
        return read_people(file)[0]

    def _missing(self, arms: Iterable[Arm]) -> bool:
        """Tell whether there is an episode that was not played yet."""
        done = {arm.name: self.store.done(arm.name) for arm in arms}
        return next(self.cast.jobs(tuple(arms), done), None) is not None

    def _same_judges(self) -> None:
        """Refuse to add to episodes that other judges read: the same people would be met, and count, twice.

        Raises:
            InputError: If the judges, or the version of one, are not those of the episodes that are there.
        """
        _, record = next(iter(self.store.records(TARGET_ARM)), (None, None))
        now = [f"{judge.name}@{judge.version}" for judge in self.cast.judges]
        if record is not None and list(record.judges) != now:
            hint = (
                "Outskirts or a judge of your own has changed since. Begin anew with another --out; `outskirts report` shows what is there."
            )
            raise InputError("judge", f"the judges of the episodes that are there ({', '.join(record.judges)})", ", ".join(now), hint)

    def _code(self, arms: Iterable[Arm]) -> Code:
        """Return the code of the user's that took part; what has changed since is noted if something is about to be played by it."""
        before = read_code(self.folder.config)
        code = code_of(self.cast.config, before)
        return self._mixed(code) if code != before and self._missing(arms) else before

    def _code_by_now(self, code: Code, held: int) -> Code:
        """Return the same after everything was played, of which ``held`` episodes were there before."""
        now = code_of(self.cast.config, code)
        if now == code:
            return code
        if self._episodes() > held:
            return self._mixed(now)
        for spec in changed(now):
            idle = "nothing was left to play, so all figures are of the code as it was; for the new code give another --out"
            say(self.console, f"The code of {spec} changed since the run was begun: {idle}.", "yellow")
        return code

    def _mixed(self, code: Code) -> Code:
        """Write down and say that episodes by other code join those that are there."""
        _write_config(self.folder, self.cast.config, code)
        for spec in changed(code):
            text = f"The code of {spec} changed since the run was begun: episodes from before and after are mixed."
            say(self.console, text, "yellow")
        return code

    def _episodes(self) -> int:
        return sum(1 for _ in self.store.rows())

    def _confirm(self, figures: Figures, outcome: Outcome, steps: Steps) -> tuple[Outcome, tuple[SliceSummary, ...]]:
        """Look for groups that are failed more, and try them on fresh people; a budget that ends that leaves the run complete."""
        cast, target = self.cast, figures.outcomes(TARGET_ARM)
        found = suspect(cast, self.people, target, self._keep, stopped=outcome.stopped is not None or outcome.interrupted)
        if found.arm is None:
            if outcome.interrupted and found.slices and cast.config.confirm:
                outcome = replace(outcome, stopped="interrupted")
            return outcome, confirmed(cast, found, None)
        wanted = len(cast.meetings(found.arm))
        left = wanted - len(self.store.done(CONFIRM))
        if left and not cast.config.quiet:
            say(self.console, f"{left:,} more episodes, to try on fresh people where {cast.target.name} seems to fail more.", "dim")
        second = complete(play(cast, (found.arm,), self.store, steps, self.console, crew=self.crew))
        if second.stopped is not None:
            reason = f"stopped after {len(self.store.done(CONFIRM)):,} of {wanted:,} fresh episodes"
            return (outcome if second.stopped == "budget" else second), confirmed(cast, replace(found, reason=reason), None)
        return outcome, confirmed(cast, found, figures.read(CONFIRM, found.people))

    def _faults(self) -> list[str]:
        """Return what went wrong without being the target's failure, a line each."""
        diverged = divergence_line(self.store)
        return [*fault_lines(self.store), *([diverged] if diverged else [])]


def _why(outcome: Outcome, folder: RunDir) -> str:
    """Return why a run stopped and how to go on, in a sentence each."""
    go_on = f"Everything so far is kept. Go on with: outskirts resume {folder.path}"
    said = outcome.fault.message if outcome.fault else ""
    if outcome.fault is not None and is_own(outcome.fault):
        go_on = f"Everything so far is kept. Mend it, then go on with: outskirts resume {folder.path}"
    if outcome.stopped == "interrupted":
        return f"Interrupted. {go_on}"
    if outcome.stopped == "budget":
        return f"Stopped: {said}. {go_on} {_ceiling(outcome.fault.kind if outcome.fault else 'calls')} N"
    role = outcome.fault.role if outcome.fault else "target"
    whose = outcome.arm if role == "target" else f"the {role}"
    if outcome.fault is not None and role == "target" and outcome.fault.kind in HOPELESS:
        return f"{whose} cannot be called: {said}. {go_on}"
    often = "never finished an episode" if outcome.stopped == "unreachable" else "failed many times in a row"
    return f"{whose} {often} ({said}). {go_on}"


def _ceiling(kind: str) -> str:
    """Return the option that raises a ceiling."""
    return "--episode-timeout" if kind == "episode_seconds" else f"--max-{kind.replace('_', '-')}"


def _say_where(folder: RunDir, summary: Summary, tracked: Tracked | None, outcome: Outcome, console: Console) -> None:
    worst = worst_people(summary.personas, 1)
    if worst:
        console.print(f"what happened to one of them: outskirts replay {folder.path} {worst[0].id}", soft_wrap=True, markup=False)
    console.print(f"report: {folder.report}", soft_wrap=True, markup=False)
    if tracked is not None:
        console.print(tracking_words(tracked, folder.path), style=None if tracked.ok else "yellow", soft_wrap=True, markup=False)
    if outcome.stopped not in (None, "decided"):
        console.print(_why(outcome, folder), style="yellow", soft_wrap=True, markup=False)

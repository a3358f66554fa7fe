"""An evolution from its settings to its files: the search and its controls, then the look at what they never saw."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ...personas.evolution.mutator import Mutator
from ...personas.evolution.search import Search
from ...personas.questionnaires.suite import suite
from ...personas.sandbox.box import Sandbox
from ...personas.sandbox.protocol import Limits
from ...sim import limits
from ...sim.errors import BudgetExceeded, InputError
from ...sim.files import write_atomic
from ..bridge import complete
from ..config import dump_yaml
from ..interrupts import Interrupts
from ..rundir import RunDir
from ..screen.progress import Steps
from ..screen.wording import stand_ins
from .arms import EVOLVED, Kind, begin, run_arm
from .closed_loop import Loop
from .ending import conclude
from .evaluator import Evaluator
from .result import EvolutionResult
from .settings import STRUCTURAL, EvolutionConfig, load_settings

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.asking import Batch

RESULT, CHAMPION = "evolution.json", "champion.py"
_PROMPTS = 20_000  # of one program, to a language model


def evolve_programs(config: EvolutionConfig, console: Console, *, begun: Callable[[Path], None] = lambda path: None) -> EvolutionResult:
    """Play an evolution from its start.

    Args:
        config: Its settings.
        console: Where progress and results are shown.
        begun: Told the directory once it is there.

    Raises:
        InputError: If a setting, a seed program or the directory is wrong, or this machine cannot hold the programs.
    """
    cast = Cast(config)
    place = RunDir.create(config.out, "evolution")
    write_atomic(place.config, dump_yaml(config.resolved()))
    begun(place.path)
    return _shown(cast, place, console)


def resume_evolution(directory: Path, given: Mapping[str, object], console: Console) -> EvolutionResult:
    """Go on with an evolution that was stopped; ends as one that was not.

    Args:
        directory: Of the evolution.
        given: Settings that decide how far it goes, in place of the old ones.
        console: Where progress and results are shown.

    Raises:
        InputError: As in :func:`evolve_programs`.
    """
    place = RunDir.open(directory)
    config = load_settings(
        place.config, {"max_seconds": given.get("max_seconds"), "max_calls": given.get("max_calls"), "out": str(directory)}
    )
    return _shown(Cast(config), place, console)


def _shown(cast: Cast, place: RunDir, console: Console) -> EvolutionResult:
    """Play, log and show."""
    from ..screen.evolution import show_evolution
    from ..tracking.evolution import log_evolution

    result = complete(_play(cast, place, console))
    tracked = log_evolution(place.path, result) if cast.config.mlflow else None
    if not cast.config.quiet:
        show_evolution(result, place.path, tracked, console)
    return result


class Cast:
    """Whoever takes part, made before anything is written, so that what is wrong is said first."""

    def __init__(self, config: EvolutionConfig) -> None:
        self.config = config
        self.seeds = _seeds(config)
        self.mutators = _mutators(config)
        self.llm = _batch(config.model)
        self.runner = partial(Sandbox, Limits(model_prompts=_PROMPTS if self.llm else 0), unsafe=config.unsafe)
        with self.runner() as box:
            self.protection = "unsafe" if config.unsafe and box.layers.level == "none" else f"in the sandbox ({box.layers.level})"
        if config.target is not None and "failures" not in config.metrics:
            hint = f"Add it: --metrics {','.join((*config.metrics, 'failures'))}"
            raise InputError("metrics", "the metric failures, which a target is met for", ",".join(config.metrics), hint)
        if config.target is None and "failures" in config.metrics:
            raise InputError("target", "a target, for the metric failures", None)

    def evaluator(self, split: str, seed: int) -> Evaluator:
        """Return what measures programs on a split."""
        config = self.config
        loop = Loop(scenario=config.scenario, target=config.target, seed=seed) if config.target else None
        return Evaluator(
            suite(split),
            self.runner,
            config.respondent,
            people=config.personas,
            runs=config.runs,
            seed=seed,
            workers=config.workers,
            loop=loop,
            llm=self.llm,
        )

    @property
    def synthetic(self) -> bool:
        """Whether a stand-in for a language model answers."""
        return any(stand_ins("", spec) for spec in self.config.respondent)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The arms, in the order of playing."""
        return (EVOLVED, *self.config.controls)


async def _play(cast: Cast, place: RunDir, console: Console) -> EvolutionResult:
    config, started = cast.config, time.monotonic()
    deadline = None if config.max_seconds is None else started + config.max_seconds
    searches: dict[Kind, Search] = {}
    stopped: str | None = None
    with (
        Steps(console, quiet=config.quiet) as steps,
        Interrupts(lambda count: None) as interrupts,
        limits.Limit("run", calls=config.max_calls),
        cast.evaluator("train", config.seed) as evaluator,
    ):
        for kind in cast.kinds:
            search = searches[kind] = begin(config, kind, cast.seeds, cast.mutators, place.path / f"search-{kind}.json")
            steps.episodes(kind, kind, config.generations + 1, len(search.rows))
            try:
                finished = await run_arm(
                    search,
                    evaluator,
                    kind,
                    config.generations,
                    place.path / f"search-{kind}.json",
                    told=lambda row, kind=kind: steps.generation(kind, row.best),  # type: ignore[misc]
                    deadline=deadline,
                )
            except BudgetExceeded as error:
                finished, stopped = False, str(error)
            if interrupts.count:
                raise KeyboardInterrupt
            if not finished:
                stopped = stopped or f"{config.max_seconds:g} seconds were over"
                break
    return await conclude(cast, searches, place.path, console, stopped, started)


def _seeds(config: EvolutionConfig) -> tuple[tuple[str, str], ...]:
    """Return name and source of every seed program.

    Raises:
        InputError: If a file cannot be read, or does not look like a generator program.
    """
    from ...personas.evolution.contract import fault
    from ...personas.evolution.seed_programs import seed_programs
    from ..settings_file import read_text

    if not config.programs:
        return tuple(seed_programs().items())
    found = []
    for spec in config.programs:
        path = Path(spec).expanduser()
        source = read_text(path, "programs")
        wrong = fault(source)
        if wrong:
            raise InputError("programs", "a generator program", spec, f"{wrong}.")
        found.append((path.stem, source))
    return tuple(found)


def _mutators(config: EvolutionConfig) -> list[Mutator]:
    from ...personas.evolution.model import ModelMutator
    from ...personas.evolution.structural import structural_mutators
    from ..naming.models import make_text_model

    out: list[Mutator] = []
    for spec in config.mutator:
        if spec == STRUCTURAL:
            out += structural_mutators().values()
        else:
            out.append(ModelMutator(make_text_model(spec, config.seed), name=spec))
    return out


def _batch(model: str | None) -> Batch | None:
    from ..population.where import batch_of

    return batch_of(model)


def command_of(config: EvolutionConfig) -> str:
    """Return what to type to get the same result: every setting that is not the default and can change it."""
    from .settings import NO_RESULTS

    plain = EvolutionConfig()
    words = ["outskirts", "evolve"]
    for name in EvolutionConfig.model_fields:
        value = getattr(config, name)
        if name in NO_RESULTS or (value == getattr(plain, name) and name != "seed"):
            continue
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            words.append(option if value else f"--no-{name.replace('_', '-')}")
        elif name in ("respondent", "mutator", "programs"):
            words += [part for one in value for part in (option, str(one))]
        else:
            words += [option, ",".join(value) or "none" if isinstance(value, tuple) else str(value)]
    return shlex.join(words)

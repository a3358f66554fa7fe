"""An evolution from its settings to its files: the search and its controls, then the look at what they never saw."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...personas.evolution.search import Search
from ...sim import limits
from ...sim.errors import BudgetExceeded
from ...sim.files import write_atomic
from ..bridge import complete
from ..config import dump_yaml
from ..interrupts import Interrupts
from ..rundir import RunDir
from ..screen.progress import Steps
from .arms import Kind, begin, run_arm
from .cast import Cast
from .ending import conclude
from .result import EvolutionResult
from .settings import EvolutionConfig, load_settings

if TYPE_CHECKING:
    from rich.console import Console


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

"""An evolution from its settings to its files: the search and its controls, then the look at what they never saw."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim import limits
from ...sim.errors import BudgetExceeded
from ...sim.files import write_atomic
from ..bridge import complete
from ..config import dump_yaml
from ..interrupts import Interrupts
from ..rundir import RunDir
from ..screen.progress import Steps
from .arms import Arm, Kind, begin, run_arms
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
        place.config, {name: given.get(name) for name in ("max_seconds", "max_calls", "max_cost", "prices")} | {"out": str(directory)}
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
    deadline = float("inf") if config.max_seconds is None else started + config.max_seconds
    stopped: str | None = None
    with cast.workers() as pool:
        with (
            Steps(console, quiet=config.quiet) as steps,
            Interrupts(lambda count: None) as interrupts,
            limits.Limit("run", calls=config.max_calls, cost=config.max_cost, prices=cast.prices),
            cast.evaluator("train", config.seed, pool) as evaluator,
        ):
            arms = [_arm(cast, kind, place.path) for kind in cast.kinds]
            for kind, search, _ in arms:
                steps.episodes(kind, kind, config.generations + 1, len(search.rows))
            try:
                finished = await run_arms(
                    arms,
                    evaluator,
                    config.generations,
                    told=lambda kind, row: steps.generation(kind, row.best),
                    stop=lambda: interrupts.count > 0 or time.monotonic() > deadline,
                )
            except BudgetExceeded as error:
                finished, stopped = False, str(error)
            if interrupts.count:
                raise KeyboardInterrupt
            if not finished:
                stopped = stopped or f"{config.max_seconds:g} seconds were over"
        searches = {arm.kind: arm.search for arm in arms}
        return await conclude(cast, searches, pool, place.path, console, stopped, started)


def _arm(cast: Cast, kind: Kind, directory: Path) -> Arm:
    """Return an arm, where its file says that it stands."""
    state = directory / f"search-{kind}.json"
    return Arm(kind, begin(cast.config, kind, cast.seeds, cast.mutators, state), state)

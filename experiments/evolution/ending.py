"""The end of an evolution: champions, volumes, tables, and the files that a reader keeps."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...personas.evolution.champion import mean_ranks
from ...personas.evolution.lineage import Lineage, lineage_of
from ...personas.evolution.search import Search
from ...personas.evolution.seed_programs import control_programs
from ...personas.questionnaires.suite import suite, suite_hash
from ...sim.files import write_atomic
from ..config import versions
from ..naming.questionnaires import find_context
from ..population.benchmark import Benchmark
from ..screen.console import say
from ..screen.progress import Steps
from .arms import EVOLVED, MEANS, Kind
from .cast import Cast
from .looks import in_words, looks_at, remember
from .optimum import OPTIMUM, regrets
from .pool import Pool
from .program_file import with_header
from .result import ArmResult, EvolutionResult
from .settings import command_of
from .tables import Order, Row, measure_tables
from .validation import Validated, crown, figures_of, final_archive, standing, volume

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.questionnaires.context import Context

RESULT, CHAMPION = "evolution.json", "champion.py"
VALIDATION_SEED = 1_000_003
"""Added to the search's seed, so that validation meets populations that the search has not seen."""
PLANTED = "planted?centre=0.6&gain=0.6&noise=0.5"
"""The planted respondent of every result: understands numbers as six tenths of their distance from 0.6."""
INSTRUMENTS = ("ipip-50", "dass-21")
SHIPPED = ("spread", "uniform", "density", "stereotypes")
SINGLE, PASTE, CHAMPION_ROW = "single person", "anchor-paste", "champion"


async def conclude(
    cast: Cast, searches: Mapping[Kind, Search], pool: Pool, directory: Path, console: Console, stopped: str | None, started: float
) -> EvolutionResult:
    """Judge what was found on contexts that the search did not see, and write it down.

    Args:
        cast: Whoever takes part.
        searches: The arms, as far as they were played.
        pool: Worker processes.
        directory: Where files go.
        console: Where progress is shown.
        stopped: Why the search ended early; None if it did not.
        started: Monotonic seconds at the beginning.
    """
    config = cast.config
    seed = config.seed + VALIDATION_SEED
    with Steps(console, quiet=config.quiet) as steps:
        steps.step("validating")
        with cast.evaluator("validation", seed, pool) as evaluator:
            validated = Validated(evaluator)
            await validated.look([candidate for search in searches.values() for candidate in standing(search)])
        champions = {kind: crown(search, validated, config.metrics) for kind, search in searches.items()}
        ranks = _ranks(searches[EVOLVED], champions[EVOLVED].id, validated, config.metrics)
        crowned = round(time.monotonic() - started, 1)
        if not config.quiet:
            seed_rank = min(rank for name, rank in ranks.items() if name != CHAMPION_ROW)
            say(
                console,
                f"Champion after {crowned:.0f} s: mean rank {ranks[CHAMPION_ROW]:.2f} on validation, the best seed {seed_rank:.2f}. Now the tables.",
            )
        rows = _rows(cast, searches, {kind: champion.id for kind, champion in champions.items()})
        tables, looks = await _tables(cast, rows, seed, pool, steps)
    search, champion = searches[EVOLVED], champions[EVOLVED]
    reference = figures_of(tables["validation"], SINGLE)
    seeds = [validated.of(c) for c in search.candidates.values() if not c.parents]
    program = search.candidates[champion.id].source
    planted = tables["planted"]
    result = EvolutionResult(
        settings_hash=config.result_hash(),
        seed=config.seed,
        respondents=config.respondent,
        unseen=config.unseen,
        protection=cast.protection,
        synthetic=cast.synthetic,
        metrics=config.metrics,
        arms=tuple(_arm(kind, one, champions[kind].id, validated, reference, config.generations) for kind, one in searches.items()),
        champion=champion.id,
        fails=validated.of(search.candidates[champion.id]).reason,
        lineage=lineage_of(search.candidates, champion.id),
        mean_ranks=ranks,
        seeds_hypervolume=volume(seeds, reference),
        tables=tables,
        regrets=regrets(
            {row.generator: figures_of(planted, row.generator) for row in planted.rows if row.generator not in (OPTIMUM, SINGLE)},
            figures_of(planted, OPTIMUM),
            figures_of(planted, SINGLE),
        ),
        looks=looks,
        stopped=stopped,
        seconds_to_champion=crowned,
        seconds=round(time.monotonic() - started, 1),
        versions=versions(),
    )
    _write(result, search, program, cast, directory)
    return result


def _ranks(search: Search, champion: str, validated: Validated, metrics: Sequence[str]) -> Mapping[str, float]:
    """Return the mean ranks of the champion and of the seeds that were measured, on validation."""
    seeds = {c.family: validated.of(c).objectives for c in search.candidates.values() if not c.parents}
    measured = {name: objectives for name, objectives in seeds.items() if objectives}
    return mean_ranks({CHAMPION_ROW: validated.of(search.candidates[champion]).objectives, **measured}, metrics)


def _rows(cast: Cast, searches: Mapping[Kind, Search], champions: Mapping[Kind, str]) -> list[Row]:
    """Return the rows of the large tables: champion, seeds, shipped generators, controls."""
    controls = control_programs()
    rows = [Row(name=CHAMPION_ROW, source=searches[EVOLVED].candidates[champions[EVOLVED]].source)]
    rows += [Row(name=name, source=source) for name, source in cast.seeds]
    rows += [Row(name=name) for name in SHIPPED]
    rows += [Row(name=f"{kind} arm", source=one.candidates[champions[kind]].source) for kind, one in searches.items() if kind != EVOLVED]
    return [*rows, Row(name=PASTE, source=controls["anchor_paste"]), Row(name=SINGLE, source=controls["single_person"])]


async def _tables(cast: Cast, rows: Sequence[Row], seed: int, pool: Pool, steps: Steps) -> tuple[dict[str, Benchmark], str]:
    """Measure every table, and return what is to be said of the look at the held-out contexts."""
    config = cast.config
    orders = _orders(cast, seed)
    few = [row for row in rows if row.name in (CHAMPION_ROW, PASTE, *(name for name, _ in cast.seeds))]
    planted = [*few, Row(name=SINGLE, source=control_programs()["single_person"]), Row(name=OPTIMUM)]
    which = {name: rows if name in ("validation", "held_out") else planted if name == "planted" else few for name in orders}
    looks = ""
    if "held_out" in orders:
        hashed = suite_hash("held_out")
        before = looks_at(hashed)
        kept = remember(hashed, config.result_hash(), tuple(row.name for row in rows))
        looks = in_words(before, kept, config.result_hash())
    steps.count("measuring tables", sum(map(len, which.values())))
    wanted = {name: (order, which[name]) for name, order in orders.items()}
    return await measure_tables(pool, wanted, unsafe=config.unsafe, versions=versions(), scored=steps.counted), looks


def _orders(cast: Cast, seed: int) -> dict[str, Order]:
    """Return what is measured, by table."""
    config = cast.config
    first = config.respondent[0]

    def on(split: str, hashed: str, contexts: tuple[Context, ...], respondent: str) -> Order:
        return Order(
            split=split,
            suite_hash=hashed,
            contexts=contexts,
            respondent=respondent,
            people=config.personas,
            runs=config.runs,
            seeds=(seed,),
        )

    def of(split: str, respondent: str) -> Order:
        return on(split, suite_hash(split), suite(split), respondent)

    orders = {"validation": of("validation", first)}
    if config.held_out:
        orders["held_out"] = of("held_out", first)
    if config.unseen not in config.respondent:
        orders[f"{config.unseen} (unseen)"] = of("validation", config.unseen)
    orders["planted"] = of("validation", PLANTED)
    for name in INSTRUMENTS:
        context = find_context(name)
        hashed = hashlib.sha256(context.model_dump_json().encode()).hexdigest()[:16]
        orders[name] = on(name, hashed, (context,), first)
    return orders


def _arm(kind: Kind, search: Search, champion: str, validated: Validated, reference: Mapping[str, float], generations: int) -> ArmResult:
    archive = tuple(validated.of(candidate) for candidate in final_archive(search))
    return ArmResult(
        name=kind,
        means=MEANS[kind],
        programs=len(search.candidates),
        measured=sum(evaluation.status != "rejected" for evaluation in search.evaluations.values()),
        finished=search.generation > generations,
        champion=champion,
        hypervolume=volume(archive, reference),
        archive=archive,
        rows=search.rows,
    )


def _write(result: EvolutionResult, search: Search, program: str, cast: Cast, directory: Path) -> None:
    """Write the result, the champion and the page."""
    from ..report.evolution import write_page

    write_atomic(directory / RESULT, result.model_dump_json(indent=1) + "\n")
    title = f"{_title(result.lineage)}, for {', '.join(result.respondents)}"
    notes = (
        ["The respondent is a stand-in for a language model: evidence about the machinery, not about humans."] if result.synthetic else []
    )
    text = with_header(program, title, command_of(cast.config), result.lineage, _scores(result), notes)
    write_atomic(directory / CHAMPION, text)
    write_page(result, search.candidates, program, directory)


def _title(lineage: Lineage) -> str:
    return f"Generator program, evolved in {len(lineage.steps)} edits from {lineage.family!r}"


def _scores(result: EvolutionResult) -> dict[str, str]:
    """Return the champion's figures in words, by table."""
    told = {}
    for name, table in result.tables.items():
        figures = figures_of(table, CHAMPION_ROW)
        told[f"{name} ({len(table.contexts)} contexts, {table.respondent})"] = ", ".join(f"{k} {v:.3f}" for k, v in figures.items())
    told["mean rank on validation"] = ", ".join(f"{k} {v:.2f}" for k, v in sorted(result.mean_ranks.items(), key=lambda p: p[1]))
    return told

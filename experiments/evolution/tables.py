"""Tables of programs and shipped generators on the same contexts, measured in worker processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ...personas.questionnaires.context import Context
from ...personas.scoring import Score
from ...sim.types import Frozen
from ..population.benchmark import Benchmark, run_benchmark, summarise
from .optimum import OPTIMUM, planted_optimum
from .pool import Pool

if TYPE_CHECKING:
    from ...personas.generators import Generator


class Row(Frozen):
    """A generator in a table: a program, or a shipped one by name."""

    name: str
    source: str | None = None  # of a program, which runs in the sandbox; None: shipped


class Order(Frozen):
    """What all rows of a table are measured on."""

    split: str  # what to call the contexts
    suite_hash: str
    contexts: tuple[Context, ...]
    respondent: str  # SPEC
    people: int = 25
    runs: int = 3
    seeds: tuple[int, ...] = (0,)


async def measure_tables(
    pool: Pool,
    orders: Mapping[str, tuple[Order, Sequence[Row]]],
    *,
    unsafe: bool = False,
    versions: Mapping[str, str],
    scored: Callable[[], None] = lambda: None,
) -> dict[str, Benchmark]:
    """Measure the rows of all tables in worker processes and summarise them; differences are from a table's first row.

    Args:
        pool: Worker processes.
        orders: By table: on what, and rows with different names.
        unsafe: Run programs where this machine lacks layers of the sandbox.
        versions: Of what took part.
        scored: Called after each row.

    Raises:
        InputError: If a program breaks its contract.
    """
    jobs = [(name, row) for name, (_, rows) in orders.items() for row in rows]
    jobs.sort(key=lambda job: job[1].source is not None)  # shipped generators take longest; begun last, one would be waited for alone
    parts = await pool.do(score_row, [(row, orders[name][0], unsafe) for name, row in jobs], lambda _: scored())
    by_row = {(name, row.name): part for (name, row), part in zip(jobs, parts, strict=True)}
    return {
        name: _summarised(order, {row.name: by_row[name, row.name] for row in rows}, versions) for name, (order, rows) in orders.items()
    }


def _summarised(order: Order, parts: Mapping[str, tuple[tuple[Score, ...], str]], versions: Mapping[str, str]) -> Benchmark:
    """Return a table, from the scores and the source hash of each row."""
    scores = tuple(score for part, _ in parts.values() for score in part)
    return Benchmark(
        split=order.split,
        suite_hash=order.suite_hash,
        contexts=tuple(context.name for context in order.contexts),
        respondent=order.respondent,
        people=order.people,
        runs=order.runs,
        seeds=order.seeds,
        portraits=None,
        versions=dict(versions),
        rows=summarise(scores, {name: hashed for name, (_, hashed) in parts.items()}),
        scores=scores,
    )


def score_row(row: Row, order: Order, unsafe: bool) -> tuple[tuple[Score, ...], str]:
    """Return a row's scores and the hash of its source; runs in a worker process."""
    from ..naming.registry import make_respondent

    generator = _generator(row, order, unsafe)
    found = asyncio.run(
        run_benchmark(
            [generator],
            order.contexts,
            lambda context: make_respondent(order.respondent, context.questionnaire),
            split=order.split,
            suite_hash=order.suite_hash,
            respondent=order.respondent,
            people=order.people,
            runs=order.runs,
            seeds=order.seeds,
        )
    )
    return tuple(score.model_copy(update={"generator": row.name}) for score in found.scores), generator.source_hash


def _generator(row: Row, order: Order, unsafe: bool) -> Generator:
    from ..naming.programs import shared_sandbox
    from ..naming.registry import make_generator

    if row.source is not None:
        from ...personas.sandbox.generator import sandboxed_generator

        return sandboxed_generator(row.source, row.name, shared_sandbox(unsafe))
    return planted_optimum(order.respondent) if row.name == OPTIMUM else make_generator(row.name)

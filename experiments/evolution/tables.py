"""Tables of programs and shipped generators on the same contexts, measured in worker processes."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Self

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


class Tables:
    """Measures tables in processes of its own; use it in a ``with`` block.

    Args:
        workers: Processes.
        unsafe: Run programs although this machine protects less than the sandbox's minimum.
    """

    def __init__(self, workers: int, unsafe: bool = False) -> None:
        self._pool = Pool(workers, ignore_interrupts, ())
        self._unsafe = unsafe

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.close(now=error is not None)

    async def table(self, rows: Sequence[Row], order: Order, versions: Mapping[str, str], scored: Callable[[], None]) -> Benchmark:
        """Measure rows and summarise them; differences are from the first.

        Args:
            rows: With different names.
            order: On what.
            versions: Of what took part.
            scored: Called after each row.

        Raises:
            InputError: If a program breaks its contract.
        """
        parts = await self._pool.do(score_row, [(row, order, self._unsafe) for row in rows], lambda _: scored())
        scores = [score for part, _ in parts for score in part]
        hashes = {row.name: hashed for row, (_, hashed) in zip(rows, parts, strict=True)}
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
            rows=summarise(scores, hashes),
            scores=tuple(scores),
        )


def ignore_interrupts() -> None:
    """Leave Ctrl-C to whoever started this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


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

"""``outskirts coverage --benchmark`` without a file: generators on the suite or an instrument."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError
from ...sim.files import write_atomic
from .benchmark import PEOPLE, SEEDS, Benchmark, as_rows, run_benchmark
from .where import batch_of, count

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.questionnaires.context import Context

GENERATORS = ("spread", "maximin", "default", "uniform", "density", "stereotypes", "anchor-paste")
SPLIT = "validation"


@dataclass(frozen=True, kw_only=True)
class BenchmarkOrder:
    """What was asked for."""

    generator: Sequence[str] = GENERATORS  # SPECs; differences are from the first
    split: str = SPLIT
    questionnaire: str | None = None  # one instrument or file in place of a split; intervals are then over its populations
    unsafe: bool = False  # run programs among them with less protection than the sandbox's minimum
    portraits: str | None = None  # SPEC of a generator that writes everybody
    respondent: str = "lexical"
    personas: int = PEOPLE  # a population
    runs: int = 5  # questionnaire runs a person
    seeds: int = SEEDS  # populations a context
    release: str | None = None  # for the sealed split
    model: str | None = None  # SPEC of a language model for generators that use one
    out: Path | None = None  # file for the table: .json (everything) or .csv (a row a generator)


def benchmark_generators(order: BenchmarkOrder, console: Console, *, as_json: bool = False) -> Benchmark:
    """Score generators, print the table (or JSON) and write it where asked.

    Raises:
        InputError: If an option is wrong; before anything is measured.
    """
    from ..bridge import complete
    from ..config import versions
    from ..naming.programs import protection
    from ..naming.registry import make_generator, make_respondent
    from ..screen.benchmark import show_benchmark
    from ..screen.progress import Steps

    if order.out is not None and order.out.suffix not in (".json", ".csv"):
        raise InputError("out", "a file that ends in .json or .csv", str(order.out))
    if order.questionnaire is not None and order.split != SPLIT:
        raise InputError("split", "questionnaire or split, not both", order.split)
    contexts, name, hashed = _contexts(order.split, order.questionnaire, order.release)
    seeds = count(order.seeds, "seeds")
    makers = [make_generator(spec, unsafe=order.unsafe) for spec in order.generator]
    writer = make_generator(order.portraits, unsafe=order.unsafe) if order.portraits else None
    with Steps(console, quiet=as_json) as steps:
        steps.count("scoring generators", len(makers) * len(contexts) * seeds)
        found = complete(
            run_benchmark(
                makers,
                contexts,
                lambda context: make_respondent(order.respondent, context.questionnaire),
                split=name,
                suite_hash=hashed,
                respondent=order.respondent,
                portraits=writer,
                people=count(order.personas, "personas"),
                runs=count(order.runs, "runs"),
                seeds=range(seeds),
                llm=batch_of(order.model),
                sandbox=protection(*order.generator, order.portraits, unsafe=order.unsafe),
                versions=versions(),
                scored=steps.counted,
            )
        )
    if order.out is not None:
        write_table(found, order.out)
    if as_json:
        console.print(found.model_dump_json(indent=2), soft_wrap=True, markup=False)
    else:
        show_benchmark(found, console)
        if order.out is not None:
            console.print(f"written to {order.out}", soft_wrap=True, markup=False)
    return found


def write_table(found: Benchmark, out: Path) -> None:
    """Write a benchmark as JSON or CSV, by the file's ending."""
    if out.suffix == ".json":
        write_atomic(out, json.dumps(found.model_dump(mode="json"), indent=1) + "\n")
        return
    rows = as_rows(found)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_atomic(out, text.getvalue())


def _contexts(split: str, questionnaire: str | None, release: str | None) -> tuple[tuple[Context, ...], str, str]:
    """Return the contexts, what to call them, and their hash."""
    from ...personas.questionnaires.suite import suite, suite_hash
    from ..naming.questionnaires import find_context

    if questionnaire is None:
        return suite(split, release=release), split, suite_hash(split)
    context = find_context(questionnaire)
    return (context,), context.name, _hash(context)


def _hash(context: Context) -> str:
    """Return a hash (16 hex digits) of a context that is not of the suite."""
    return hashlib.sha256(context.model_dump_json().encode()).hexdigest()[:16]

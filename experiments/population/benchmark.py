"""The generator benchmark: any generators on a split of the suite, with intervals over contexts."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import stats

from ...personas.generators import Batch, Generator
from ...personas.measurement import DEFAULT_RUNS
from ...personas.questionnaires.context import Context
from ...personas.scoring import FIGURES, Score, score, with_portraits_of
from ...sim.errors import InputError
from ...sim.protocols import Respondent
from ...sim.seeds import derive
from ...sim.types import Frozen

SCHEMA = 1
PEOPLE = 25
SEEDS = 3
LEVEL = 0.95
BOUNDS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(("coverage", "coverage_raw", "hull_volume", "r2", "distinct"), (0.0, 1.0)),
    **dict.fromkeys(("dispersion", "min_distance", "mean_distance", "kl", "placement_error", "rmse_common", "words"), (0.0, math.inf)),
    "vendi": (1.0, math.inf),
    "icc": (-1.0, 1.0),
    "slope": (-math.inf, math.inf),
}
"""What each figure can be; the ends of its interval stay within, those of a difference need not."""


class Mean(Frozen):
    """A mean and its interval (Student's t over contexts; with a single context over its populations), cut at :data:`BOUNDS`."""

    mean: float | None  # None where nothing has the figure
    low: float | None  # None with fewer than 2 units
    high: float | None
    units: int  # contexts or populations that have the figure


class GeneratorRow(Frozen):
    """One generator on all contexts."""

    generator: str
    source_hash: str
    figures: dict[str, Mean]
    differences: dict[str, Mean]  # from the first generator, paired by context
    axes: int  # contexts' axes in all
    diverse: float  # share of axes x seeds on which people are shown to differ by more than noise
    failing: dict[str, int]  # "context.axis" to the number of seeds in which that is not shown


class Benchmark(Frozen):
    """What a benchmark is of, and every figure in it; two are comparable where everything above ``rows`` is the same."""

    schema_version: int = SCHEMA
    split: str
    suite_hash: str  # over the contexts' files
    contexts: tuple[str, ...]
    respondent: str  # who answered
    people: int
    runs: int
    seeds: tuple[int, ...]
    portraits: str | None  # generator whose portraits all placements were written with; None: each its own
    level: float = LEVEL
    versions: dict[str, str]
    rows: tuple[GeneratorRow, ...]
    scores: tuple[Score, ...]


async def run_benchmark(
    generators: Sequence[Generator],
    contexts: Sequence[Context],
    make_respondent: Callable[[Context], Respondent],
    *,
    split: str,
    suite_hash: str,
    respondent: str,
    portraits: Generator | None = None,
    people: int = PEOPLE,
    runs: int = DEFAULT_RUNS,
    seeds: Sequence[int] = tuple(range(SEEDS)),
    llm: Batch | None = None,
    versions: Mapping[str, str] | None = None,
    scored: Callable[[], None] = lambda: None,
) -> Benchmark:
    """Score every generator on every context.

    Args:
        generators: Different names; the first is what the others are compared with.
        contexts: Of one split, or one instrument.
        make_respondent: Builds the respondent for a context's questionnaire.
        split: What to call the contexts.
        suite_hash: Hash of their files.
        respondent: What to call who answers.
        portraits: Write everybody as this generator does, so that placement alone differs.
        people: A population, 2 or more.
        runs: Questionnaire runs a person.
        seeds: Each gives another population and other answers, in every context its own (:func:`population_seed`).
        llm: Passed on to the generators.
        versions: Of what took part.
        scored: Called after each score.

    Raises:
        InputError: If a generator is named twice or breaks its contract.
    """
    names = [generator.name for generator in generators]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError("generator", "each generator once", ", ".join(twice))
    if people < 2:
        raise InputError("personas", "2 people or more", people)
    respondents = [make_respondent(context) for context in contexts]
    scores = []
    for generator in generators:
        maker = generator if portraits is None else with_portraits_of(generator, portraits)
        for context, answers in zip(contexts, respondents, strict=True):
            for seed in seeds:
                own = population_seed(seed, context.name)
                found = await score(maker, context, answers, people=people, runs=runs, seed=own, llm=llm)
                scores.append(found.model_copy(update={"generator": generator.name, "seed": seed}))
                scored()
    return Benchmark(
        split=split,
        suite_hash=suite_hash,
        contexts=tuple(context.name for context in contexts),
        respondent=respondent,
        people=people,
        runs=runs,
        seeds=tuple(seeds),
        portraits=portraits.name if portraits else None,
        versions=dict(versions or {}),
        rows=summarise(scores, {generator.name: generator.source_hash for generator in generators}),
        scores=tuple(scores),
    )


def population_seed(seed: int, context: str) -> int:
    """Return the seed of a context's population, the same for every generator.

    A placement depends on its axes' number, the people's and the seed. With one seed for all, contexts with as many axes
    would have the same positions, and an interval over them would leave out how much placements differ.
    """
    return int(derive(seed, "benchmark", context).integers(2**62))


def summarise(scores: Sequence[Score], source_hashes: Mapping[str, str]) -> tuple[GeneratorRow, ...]:
    """Return one row a generator, in the order of ``source_hashes``; differences are from the first."""
    several = len({s.context for s in scores}) > 1
    units = list(dict.fromkeys(_unit(s, several) for s in scores))
    by_unit = {name: {u: [s for s in scores if s.generator == name and _unit(s, several) == u] for u in units} for name in source_hashes}
    first = next(iter(source_hashes))
    return tuple(
        GeneratorRow(
            generator=name,
            source_hash=source,
            figures={f: _within(f, mean_over([_of(by_unit[name][u], f) for u in units])) for f in FIGURES},
            differences={f: mean_over([_minus(_of(by_unit[name][u], f), _of(by_unit[first][u], f)) for u in units]) for f in FIGURES},
            axes=len({(s.context, axis) for u in units for s in by_unit[name][u] for axis in s.by_axis}),
            diverse=_diverse([s for u in units for s in by_unit[name][u]]),
            failing=_failing([s for u in units for s in by_unit[name][u]]),
        )
        for name, source in source_hashes.items()
    )


def mean_over(values: Sequence[float | None], level: float = LEVEL) -> Mean:
    """Return the mean of what units score, with Student's t interval."""
    known = np.array([value for value in values if value is not None], float)
    if not len(known):
        return Mean(mean=None, low=None, high=None, units=0)
    mean = float(known.mean())
    if len(known) < 2:
        return Mean(mean=mean, low=None, high=None, units=1)
    half = float(stats.t.ppf((1 + level) / 2, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return Mean(mean=mean, low=mean - half, high=mean + half, units=len(known))


def _within(figure: str, found: Mean) -> Mean:
    """Return a mean without the part of its interval that the figure cannot reach."""
    if found.low is None or found.high is None:
        return found
    least, most = BOUNDS[figure]
    return found.model_copy(update={"low": max(found.low, least), "high": min(found.high, most)})


def sampled_over(contexts: Sequence[str]) -> str:
    """Return what the intervals are over: contexts, or with a single one its populations."""
    return "contexts" if len(contexts) > 1 else "populations"


def as_rows(benchmark: Benchmark) -> list[dict[str, Any]]:
    """Return one flat record a generator, for tables: every figure with its ends, and the settings that it depends on."""
    shared = {key: getattr(benchmark, key) for key in ("split", "suite_hash", "respondent", "people", "runs", "portraits")}
    shared["seeds"] = len(benchmark.seeds)
    return [
        {"generator": row.generator, "source_hash": row.source_hash, **shared, "diverse": row.diverse}
        | {f"{name}{end}": getattr(value, key) for name, value in row.figures.items() for end, key in _ENDS}
        for row in benchmark.rows
    ]


_ENDS = (("", "mean"), ("_low", "low"), ("_high", "high"))


def _unit(score: Score, several: bool) -> str | int:
    """Return which unit of the sample a score belongs to."""
    return score.context if several else score.seed


def _of(scores: Sequence[Score], figure: str) -> float | None:
    """Return the mean over seeds of a figure."""
    known = [value for s in scores if (value := getattr(s, figure)) is not None]
    return float(np.mean(known)) if known else None


def _minus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _diverse(scores: Sequence[Score]) -> float:
    return 1 - sum(len(s.failing) for s in scores) / sum(s.axes for s in scores)


def _failing(scores: Sequence[Score]) -> dict[str, int]:
    names = [f"{s.context}.{axis}" for s in scores for axis in s.failing]
    return {name: names.count(name) for name in sorted(set(names))}

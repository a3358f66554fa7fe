"""What is claimed of the shipped generators on the validation contexts, by both stand-ins, and on a published instrument."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache

import pytest

from outskirts.experiments.naming.registry import make_respondent
from outskirts.experiments.population.benchmark import Benchmark, GeneratorRow, run_benchmark
from outskirts.personas.generators import get_generator
from outskirts.personas.questionnaires.context import Context
from outskirts.personas.questionnaires.instruments import instrument
from outskirts.personas.questionnaires.suite import suite

pytestmark = pytest.mark.slow

BEST, OTHERS = "spread", ("uniform", "density", "stereotypes", "anchor-paste")
NAIVE = ("stereotypes", "anchor-paste")
RESPONDENTS = ("lexical", "exemplar")
WHERE = ("validation", "ipip-50")
SEEDS = {"validation": 8, "ipip-50": 30}
"""Populations: within a context of the suite they are averaged, on the instrument they are the sample."""

STEEPER = ("validation", "exemplar", "stereotypes")
"""Where a placement has a higher slope than the best one: its people stand close together where texts are steepest."""


@cache
def found(where: str, respondent: str, portraits: str | None) -> Benchmark:
    contexts: Sequence[Context] = [instrument(where)] if where == "ipip-50" else suite(where)
    names = (BEST, *(OTHERS if portraits else NAIVE))
    return asyncio.run(
        run_benchmark(
            [get_generator(name) for name in names],
            contexts,
            lambda context: make_respondent(respondent, context.questionnaire),
            split=where,
            suite_hash="",
            respondent=respondent,
            portraits=get_generator(portraits) if portraits else None,
            seeds=range(SEEDS[where]),
        )
    )


def rows(where: str, respondent: str, portraits: str | None) -> dict[str, GeneratorRow]:
    return {row.generator: row for row in found(where, respondent, portraits).rows}


def apart(row: GeneratorRow, figure: str, sign: int) -> bool:
    """Whether the difference from the best one, paired by context, lies on that side of 0 with its whole interval."""
    difference = row.differences[figure]
    assert difference.low is not None
    assert difference.high is not None
    return difference.low > 0 if sign > 0 else difference.high < 0


@pytest.mark.parametrize("respondent", RESPONDENTS)
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("other", OTHERS)
def test_with_the_same_portraits_spread_covers_more_and_is_followed_better_than_each_placement(
    other: str, where: str, respondent: str
) -> None:
    row = rows(where, respondent, "default")[other]
    assert apart(row, "coverage", -1)
    assert apart(row, "dispersion", +1)
    assert apart(row, "r2", -1)
    assert not apart(row, "slope", +1) or (where, respondent, other) == STEEPER
    if other in ("uniform", "anchor-paste"):
        assert apart(row, "slope", -1)


@pytest.mark.parametrize("respondent", RESPONDENTS)
@pytest.mark.parametrize("where", WHERE)
@pytest.mark.parametrize("other", NAIVE)
def test_with_their_own_portraits_stereotypes_and_pasted_statements_are_followed_worse(other: str, where: str, respondent: str) -> None:
    row = rows(where, respondent, None)[other]
    assert apart(row, "r2", -1)
    assert apart(row, "coverage", -1)
    assert not apart(row, "slope", +1)
    if (where, respondent, other) != ("ipip-50", "exemplar", "stereotypes"):
        assert apart(row, "slope", -1)


def test_noise_of_one_point_an_item_leaves_nine_axes_in_ten_reliable_on_a_single_run() -> None:
    best = rows("validation", "lexical", "default")[BEST]
    assert best.diverse >= 0.9, best.failing

"""The planted optimum is one: its people are measured where they stand, whatever the rule."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.experiments.evolution.optimum import planted_optimum, regrets
from outskirts.experiments.naming.registry import make_respondent
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.scoring import score


@pytest.mark.parametrize("rule", ["planted?centre=0.6&gain=0.6", "planted?centre=0.3&gain=1.4", "planted"])
def test_nobody_is_read_elsewhere_than_they_stand(rule: str) -> None:
    context = suite("train")[1]
    found = asyncio.run(score(planted_optimum(rule), context, make_respondent(rule, context.questionnaire), people=25, runs=2, seed=3))
    assert found.placement_error is not None
    assert found.placement_error < 0.15  # answers are rounded to five points
    assert found.slope == pytest.approx(1.0, abs=0.02)


def test_the_regret_of_the_optimum_is_zero_and_that_of_a_clone_is_one() -> None:
    best = {"coverage": 0.99, "dispersion": 0.25, "slope": 1.0}
    worst = {"coverage": 0.2, "dispersion": 0.8, "slope": 0.0}
    half = {"coverage": 0.9, "dispersion": 0.35, "slope": 0.8}
    found = {one.program: one for one in regrets({"optimum": best, "clone": worst, "half": half}, best, worst)}
    assert found["optimum"].share == pytest.approx(0.0)
    assert found["clone"].share == pytest.approx(1.0)
    assert 0 < found["half"].share < 1
    assert found["half"].figures["slope"] == pytest.approx(0.2)

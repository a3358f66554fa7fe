"""Agreement beyond shared information: by hand, and planted."""

import asyncio
from itertools import combinations

import numpy as np
import pytest

from outskirts.personas.biases.agreement import agreement, effective_voters, residual_correlation, shared_answers
from outskirts.personas.biases.figures import Figure
from outskirts.personas.biases.keys import Keys
from outskirts.personas.measurement import measure

from .biased_respondents import Planted, people, questionnaire

ASKED = questionnaire(points=5)
KEYS = Keys.of(ASKED)


def planted(rho, n=50, items=40, runs=1, noise=0.0, seed=0):
    """Return answers whose errors correlate by exactly ``rho`` in expectation, and the places they are errors of."""
    rng = np.random.default_rng(seed)
    common = np.random.default_rng(99).normal(size=items)
    common = (common - common.mean()) / common.std(ddof=1) * np.sqrt(rho)
    places = rng.random((n, items))
    errors = common + np.sqrt(1 - rho) * rng.normal(size=(n, 1, items))
    return (0.3 + 0.6 * places)[:, None] + 0.2 * (errors + noise * rng.normal(size=(n, runs, items))), places


def test_the_correlation_is_mean_covariance_over_mean_variance():
    turned, places = planted(0.3, n=6)
    slope = np.polyfit(places.ravel(), turned.ravel(), 1)[0]
    table = np.cov(turned[:, 0] - slope * places)
    pairs = [table[i, j] for i, j in combinations(range(6), 2)]
    assert residual_correlation(turned, places).estimate == pytest.approx(np.mean(pairs) / np.trace(table) * 6)


@pytest.mark.parametrize("rho", [0.0, 0.1, 0.5])
def test_planted_correlation_of_errors_is_found(rho):
    found = residual_correlation(*planted(rho, n=80))
    assert found.low <= rho <= found.high
    assert found.high - found.low < 0.15


def test_agreement_that_positions_explain_is_no_correlation():
    places = np.tile(np.linspace(0, 1, 40), (30, 1))  # everybody stands at the same place on each item
    turned = places[:, None] + 0.1 * np.random.default_rng(0).normal(size=(30, 1, 40))
    assert residual_correlation(turned, places).estimate == pytest.approx(0, abs=0.03)


def test_noise_of_runs_counts_as_a_persons_own():
    single, several = (residual_correlation(*planted(0.4, n=80, runs=r, noise=1.0)).estimate for r in (1, 4))
    assert single == pytest.approx(0.2, abs=0.04)
    assert several == pytest.approx(0.2, abs=0.04)


def test_effective_voters_follow_kish_and_never_exceed_the_people():
    found = effective_voters(Figure(estimate=7 / 15, low=-0.1, high=1.0), 16)  # sixteen votes worth two
    assert (found.estimate, found.low, found.high) == (pytest.approx(2), pytest.approx(1), 16)


def test_an_axis_on_which_everybody_is_misread_costs_voices():
    def voices(errors):
        found = agreement(asyncio.run(measure(people(40), ASKED, Planted(gain=0.4, errors=errors, noise=0.7), runs=2)), ASKED)
        return found.effective_voters

    honest, misled = voices({}), voices({"a0": 0.25})
    assert misled.high < 10 < honest.low


def test_shared_answers_agree_with_a_loop():
    answers = np.random.default_rng(0).integers(1, 6, (5, 3, 8)).astype(np.int16)
    across, own, normalised = shared_answers(answers, KEYS)
    others = [answers[i, r] == answers[j, s] for i, j in combinations(range(5), 2) for r, s in np.ndindex(3, 3)]
    mine = [answers[i, r] == answers[i, s] for i in range(5) for r, s in combinations(range(3), 2)]
    assert (across.estimate, own.estimate) == (pytest.approx(np.mean(others)), pytest.approx(np.mean(mine)))
    assert normalised.estimate == pytest.approx(np.mean(others) / np.mean(mine))


def test_an_unreadable_answer_is_no_disagreement():
    answers = np.full((3, 2, 8), 3, np.int16)
    answers[0, 0, 0] = answers[1, :, 1] = 0
    assert [f.estimate for f in shared_answers(answers, KEYS)] == [pytest.approx(1)] * 3


def test_one_run_leaves_agreement_raw():
    across, own, normalised = shared_answers(np.random.default_rng(0).integers(1, 6, (5, 1, 8)).astype(np.int16), KEYS)
    assert across.estimate is not None
    assert own.reason == normalised.reason == "each person answered once: no rerun to compare with"


def unknown(seed, runs=4):
    """Return the ratio of people of whom nobody can be told apart."""
    answers = np.random.default_rng(seed).choice([2, 3, 4], (60, runs, 8), p=[0.2, 0.6, 0.2]).astype(np.int16)
    return shared_answers(answers, KEYS, seed)[2]


def test_people_who_cannot_be_told_apart_have_a_ratio_of_one():
    assert unknown(0).low < 1 < unknown(0).high
    assert unknown(0).high - unknown(0).low < 0.1


@pytest.mark.slow
def test_intervals_of_the_ratio_hold_one_where_nobody_can_be_told_apart():
    assert np.mean([f.low <= 1 <= f.high for f in map(unknown, range(150))]) >= 0.9


def test_nothing_left_over_has_no_correlation():
    found = agreement(asyncio.run(measure(people(10), ASKED, Planted(gain=0.0), runs=2)), ASKED)
    assert (found.residual_correlation.estimate, found.effective_voters.estimate) == (None, None)
    assert found.effective_voters.reason.startswith("nothing is left over")


@pytest.mark.slow
def test_intervals_of_the_correlation_hold_the_truth():
    found = [residual_correlation(*planted(0.2, n=30, seed=s), s) for s in range(150)]
    assert np.mean([f.low <= 0.2 <= f.high for f in found]) >= 0.88

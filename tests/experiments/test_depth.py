from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from outskirts.experiments.statistics.depth import depth_deciles, depth_trend
from outskirts.experiments.statistics.rates import Sample
from outskirts.experiments.statistics.tails import tail_contrasts
from tests.experiments.fakes_statistics import SCENARIO, drawn, outcomes, person

CENTRE = [0.5, 0.5, 0.5, 0.5]
RIM = [0.99, 0.01, 0.5, 0.5]


def people_at(*positions):
    return tuple(person(i, list(p)) for i, p in enumerate(positions))


def profile(people, verdicts):
    return depth_deciles(SCENARIO, SCENARIO.positions(people), outcomes(people, verdicts))


def trial(slope, people, replicates, seed):
    """Depths spread evenly at random, and units that fail at 0.5 + slope * (depth - 0.5)."""
    rng = np.random.default_rng(seed)
    depth = rng.random(people)
    return depth, Sample.of(drawn(0.5 + slope * (depth - 0.5), replicates, seed))


def test_depth_is_uniform_over_probable_users_and_0_at_the_centre():
    points = SCENARIO.density.sample(20_000, np.random.default_rng(0))
    assert stats.kstest(SCENARIO.density.depth(points), "uniform").pvalue > 0.001
    assert SCENARIO.density.depth([CENTRE]) == pytest.approx(0)


def test_rates_by_decile_by_hand():
    found = profile(
        people_at(CENTRE, CENTRE, RIM, RIM, RIM), [["passed", "failed"], ["passed", "budget"], ["failed"], ["failed"], ["passed"]]
    )
    first, *between, last = found.deciles
    assert (first.personas, first.episodes, first.rate.estimate) == (2, 4, 0.25)
    assert (last.personas, last.episodes, last.rate.estimate) == (3, 3, pytest.approx(2 / 3))
    assert {(d.personas, d.rate.estimate, d.rate.reason) for d in between} == {(0, None, "nobody is in the decile")}
    assert [d.high for d in found.deciles] == pytest.approx(np.arange(1, 11) / 10)


def test_the_first_nine_deciles_are_the_core():
    points = np.random.default_rng(1).beta(2, 2, (400, 4))
    out = drawn([0.3] * 400, 2)
    found = depth_deciles(SCENARIO, points, out)
    core = tail_contrasts(SCENARIO, points, out)[0].core_rate
    assert sum(d.personas for d in found.deciles[:9]) == core.personas
    assert sum(d.personas for d in found.deciles) == 400


def test_people_whose_position_could_not_be_read_are_left_out_and_counted():
    points = np.random.default_rng(1).random((30, 4))
    points[3, 2] = np.nan
    found = depth_deciles(SCENARIO, points, drawn([0.5] * 30, 3))
    assert (found.unplaced, found.trend.personas, sum(d.personas for d in found.deciles)) == (1, 29, 29)


@pytest.mark.parametrize(
    ("verdicts", "reason"),
    [
        ([["failed", "passed"]] * 4, "4 people with a resolved episode: a trend needs 5"),
        ([["passed", "passed"]] * 20, "everyone has the same failure rate"),
        ([["failed"]] * 20, "everyone has the same failure rate"),
        ([["budget"], ["infrastructure"]] * 10, "no resolved episode in the population"),
        ([["failed"], ["simulator_invalid"]] * 10, "not measured: 10 of 20 episodes in the population have an invalid simulator"),
        ([], "nobody is in the population"),
    ],
)
def test_a_trend_of_which_nothing_can_be_said_is_null_with_the_reason(verdicts, reason):
    points = np.random.default_rng(3).random((len(verdicts), 4))
    found = profile(people_at(*points), verdicts).trend
    assert (found.estimate, found.low, found.high, found.p_value, found.reason) == (None, None, None, None, reason)


def test_people_all_at_one_depth_have_no_trend():
    found = profile(people_at(*[CENTRE] * 20), [["failed"], ["passed"]] * 10).trend
    assert (found.estimate, found.p_value, found.reason) == (None, None, "everyone has the same depth")


def test_the_slope_is_that_of_least_squares_over_people_per_decile():
    depth, sample = trial(0.6, 40, 5, seed=1)
    k, n = sample.counts()
    assert depth_trend(depth, sample).estimate == pytest.approx(stats.linregress(10 * depth, k / n).slope)


def test_the_p_value_is_that_of_all_permutations():
    depth, sample = trial(0.9, 6, 4, seed=8)
    k, n = sample.counts()
    fits = [sm.OLS(y, sm.add_constant(depth)).fit(cov_type="HC0") for y in permutations(k / n)]
    t = np.array([abs(fit.tvalues[1]) for fit in fits])
    exact = np.mean(t >= t[0] - 1e-9)  # the first permutation is the data
    found = depth_trend(depth, sample, permutations=20_000)
    assert found.p_value == pytest.approx(exact, abs=4 * np.sqrt(exact * (1 - exact) / 20_000))
    assert 0.01 < exact < 0.5


def test_the_interval_leaves_out_zero_just_where_the_test_rejects():
    found = [depth_trend(*trial(0.35, 30, 4, seed), permutations=399) for seed in range(60)]
    rejected = [f.p_value <= 0.05 for f in found]
    assert [not f.low <= 0 <= f.high for f in found] == rejected
    assert 5 < sum(rejected) < 55


def test_a_person_counts_once_however_many_replicates_are_resolved():
    people = people_at(*np.random.default_rng(4).random((12, 4)))
    rows = [["failed", "passed"], ["failed", "failed"], ["passed", "passed"]] * 4
    once, often = profile(people, rows).trend, profile(people, [row * (1 + i % 3) for i, row in enumerate(rows)]).trend
    assert (once.estimate, once.low, once.p_value) == pytest.approx((often.estimate, often.low, often.p_value))


def test_rates_that_lie_on_a_line_have_an_estimate_and_no_interval():
    found = profile(people_at(*[CENTRE] * 10, *[RIM] * 10), [["passed"]] * 10 + [["failed"]] * 10).trend
    assert (found.low, found.high, found.reason) == (None, None, "the rates lie on a line: the interval has no width")
    assert found.p_value == pytest.approx(1 / 2500)


def test_people_who_share_episodes_say_less():
    failed = np.repeat(np.random.default_rng(2).random((20, 3)) < np.linspace(0, 0.8, 20)[:, None], 4, axis=0)
    depth = np.repeat(np.linspace(0, 1, 20), 4)
    alone = Sample(np.repeat(np.arange(80), 3), failed.ravel(), 80)
    together = replace(alone, episode=np.repeat(np.arange(80) // 4 * 3, 3) + np.tile(np.arange(3), 80))
    a, b = depth_trend(depth, alone), depth_trend(depth, together)
    assert a.estimate == b.estimate
    assert b.high - b.low > 1.5 * (a.high - a.low)


@pytest.mark.slow
@pytest.mark.parametrize("people", [8, 25, 64])
def test_without_an_effect_p_values_are_uniform(people):
    rng = np.random.default_rng(people)
    p = []
    for seed in range(1500):
        sample = Sample.of(drawn(rng.beta(1, 1.5, people), 7, seed))
        p.append(depth_trend(rng.random(people), sample, permutations=199).p_value)
    for alpha in (0.01, 0.05, 0.1, 0.25, 0.5, 0.8):
        assert np.mean(np.array(p) <= alpha) == pytest.approx(alpha, abs=3.5 * np.sqrt(alpha * (1 - alpha) / len(p)))


@pytest.mark.slow
def test_without_an_effect_rare_failures_do_not_reject_too_often():
    rng = np.random.default_rng(0)
    found = [depth_trend(rng.random(20), Sample.of(drawn([0.05] * 20, 3, seed)), permutations=199) for seed in range(1500)]
    assert np.mean([f.p_value is not None and f.p_value <= 0.05 for f in found]) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 1500)


@pytest.mark.slow
def test_intervals_cover_the_slope_of_a_steady_rise():
    found = [depth_trend(*trial(0.8, 64, 4, seed), permutations=399) for seed in range(1000)]
    assert np.mean([f.low <= 0.08 <= f.high for f in found]) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 1000)


def test_the_normal_limit_of_many_people_is_close_to_their_permutations(monkeypatch):
    rng = np.random.default_rng(4)
    x = rng.random(600)
    sample = Sample(np.arange(600), rng.random(600) < 0.2 + 0.12 * x, 600)
    drawn = depth_trend(x, sample, permutations=9_999)
    monkeypatch.setattr("outskirts.experiments.statistics.depth.MANY", 600)
    limit = depth_trend(x, sample)
    assert (limit.permutations, limit.estimate) == (0, drawn.estimate)
    assert limit.p_value == pytest.approx(drawn.p_value, abs=0.01)
    assert (limit.low, limit.high) == pytest.approx((drawn.low, drawn.high), abs=0.003)

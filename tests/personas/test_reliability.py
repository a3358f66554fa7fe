"""One-way random effects, discriminability and fidelity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.personas.reliability import discriminability, fidelity, one_way
from outskirts.sim.errors import InputError


def table(n=12, runs=4, noise=0.5, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) + noise * rng.normal(size=(n, runs))


def test_mean_squares_of_a_small_table_equal_those_by_hand():
    found = one_way([[1.0, 3.0], [5.0, 7.0], [9.0, 11.0]])  # means 2 6 10, grand mean 6
    assert (found.msb, found.msw) == (2 * (16 + 0 + 16) / 2, 6 / 3)
    assert found.icc == pytest.approx((32 - 2) / (32 + 2))
    assert found.icc_mean == pytest.approx(30 / 32)
    assert found.shrinkage == pytest.approx((30 / 32) ** 0.5)


def test_shrout_and_fleiss_1979_example_gives_their_icc():
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    found = one_way(ratings)
    assert (round(found.icc, 2), round(found.icc_mean, 2)) == (0.17, 0.44)
    assert (round(found.low, 2), round(found.high, 2)) == (-0.13, 0.72)


def test_mean_squares_agree_with_the_anova_table_of_statsmodels():
    import pandas as pd
    import statsmodels.api as sm
    from statsmodels.formula.api import ols

    y = table()
    frame = pd.DataFrame({"y": y.ravel(), "person": np.repeat(np.arange(12), 4)})
    anova = sm.stats.anova_lm(ols("y ~ C(person)", frame).fit())
    found = one_way(y)
    np.testing.assert_allclose([found.msb, found.msw], anova["mean_sq"], rtol=1e-9)


@given(st.integers(2, 30), st.integers(2, 8), st.floats(0.05, 5), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_agrees_with_quantiles_of_the_f_distribution(n, runs, noise, level):
    from scipy.stats import f

    found = one_way(table(n, runs, noise), level)
    ratio, tail = found.msb / found.msw, (1 - level) / 2
    low = ratio / f.ppf(1 - tail, n - 1, n * (runs - 1))
    high = ratio / f.ppf(tail, n - 1, n * (runs - 1))
    np.testing.assert_allclose(
        [found.low, found.high], [(low - 1) / (low + runs - 1), (high - 1) / (high + runs - 1)], rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("shape", [(1, 5), (5, 1), (0, 5), (0, 0), (1, 1)])
def test_fewer_than_two_people_or_runs_have_no_reliability(shape):
    assert one_way(np.zeros(shape)) is None


def test_equal_scores_have_no_icc_and_shrink_to_nothing():
    found = one_way(np.full((4, 3), 0.7))
    assert (found.icc, found.low, found.high, found.icc_mean, found.shrinkage) == (None, None, None, None, 0.0)


def test_people_who_repeat_themselves_exactly_have_an_icc_of_one():
    found = one_way(np.repeat([[0.1], [0.5], [0.6]], 4, axis=1))
    assert (found.icc, found.low, found.high, found.shrinkage) == (1, 1, 1, 1)


def test_a_negative_reliability_shrinks_to_nothing():
    found = one_way([[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert found.icc == pytest.approx(-1)
    assert found.shrinkage == 0


def test_missing_scores_use_n0_of_the_unbalanced_design():
    found = one_way([[1.0, 3.0, np.nan], [5.0, 7.0, 6.0], [np.nan] * 3])
    assert (found.people, found.runs) == (2, pytest.approx(5 - 13 / 5))
    assert found.msw == pytest.approx((2 + 2) / 3)
    assert found.msb == pytest.approx(2 * (2 - 4.4) ** 2 + 3 * (6 - 4.4) ** 2)


@given(st.integers(0, 1000))
def test_the_order_of_people_and_runs_does_not_matter(seed):
    rng, y = np.random.default_rng(seed), table(seed=seed)
    shuffled = rng.permuted(rng.permutation(y), axis=1)
    assert one_way(shuffled).icc == pytest.approx(one_way(y).icc)


def test_a_wrong_shape_or_level_is_refused():
    with pytest.raises(InputError, match=r"^scores: expected a table of people by runs, got \(3,\)\.$"):
        one_way([1, 2, 3])
    with pytest.raises(InputError, match=r"^level: expected a number between 0 and 1, got 95\.$"):
        one_way(table(), 95)


def test_discriminability_agrees_with_a_loop_over_all_triples():
    x = np.random.default_rng(3).integers(0, 3, size=(5, 3, 2)) / 2.0
    wins = []
    for i, r, other in np.ndindex(5, 3, 3):
        for j, s in np.ndindex(5, 3):
            if other != r and j != i:
                own, alien = np.linalg.norm(x[i, r] - x[i, other]), np.linalg.norm(x[i, r] - x[j, s])
                wins.append(0.5 if own == alien else float(own < alien))
    assert discriminability(x) == pytest.approx(np.mean(wins))


def test_distinct_steady_people_are_always_recognised_and_clones_never():
    steady = np.repeat(np.linspace(0, 1, 6)[:, None, None], 3, axis=1)
    assert discriminability(steady) == 1
    assert discriminability(np.zeros((6, 3, 1))) == 0.5
    assert discriminability(np.zeros((1, 3, 1))) is None


def test_fidelity_of_a_halved_scale_is_a_slope_of_one_half():
    found = fidelity([0.0, 0.5, 1.0], [0.25, 0.5, 0.75])
    assert (found.slope, found.r2, found.rmse) == pytest.approx((0.5, 1.0, (0.125 / 3) ** 0.5))


def test_fidelity_agrees_with_least_squares_of_scipy():
    from scipy.stats import linregress

    rng = np.random.default_rng(1)
    a, m = rng.random(40), rng.random(40)
    fit, found = linregress(a, m), fidelity(a, m)
    assert (found.slope, found.r2) == pytest.approx((fit.slope, fit.rvalue**2))


def test_the_error_at_common_points_is_that_of_the_line_and_the_noise_about_it():
    halved = fidelity([0.0, 0.5, 1.0], [0.25, 0.5, 0.75])  # off by .2, .1, 0, .1, .2 at the points; no noise
    assert halved.rmse_common == pytest.approx((0.1 / 5) ** 0.5)
    noisy = fidelity([0.2, 0.2, 0.8, 0.8], [0.1, 0.3, 0.7, 0.9])  # slope 1, residuals .1 four times, 2 degrees of freedom
    assert noisy.rmse_common == pytest.approx((0.04 / 2) ** 0.5)


def test_the_error_at_common_points_does_not_depend_on_where_people_stand():
    rng = np.random.default_rng(2)
    spots = {"centre": rng.uniform(0.4, 0.6, 4_000), "ends": rng.choice([0.0, 1.0], 4_000)}
    found = {name: fidelity(a, 0.2 + 0.6 * a + 0.05 * rng.normal(size=4_000)) for name, a in spots.items()}
    exact = (0.4**2 * np.mean([0.16, 0.04, 0.0, 0.04, 0.16]) + 0.05**2) ** 0.5
    assert [f.rmse_common for f in found.values()] == pytest.approx([exact] * 2, abs=0.01)
    assert found["ends"].rmse > 2 * found["centre"].rmse


def test_the_error_at_common_points_needs_a_line_and_somebody_off_it():
    assert fidelity([0.5, 0.5, 0.5], [0.1, 0.2, 0.9]).rmse_common is None
    assert fidelity([0.2, 0.8], [0.1, 0.9]).rmse_common is None


def test_fidelity_without_spread_says_so():
    assert fidelity([0.5, 0.5], [0.1, 0.9]).slope is None
    flat = fidelity([0.0, 1.0], [0.5, 0.5])
    assert (flat.slope, flat.r2, flat.rmse) == (0.0, None, 0.5)
    assert fidelity([0.5], [np.nan]) is None

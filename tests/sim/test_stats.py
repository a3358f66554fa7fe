"""Intervals for proportions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from outskirts.sim.errors import InputError
from outskirts.sim.stats import clopper_pearson, jeffreys, wilson

METHODS = {"jeffreys": jeffreys, "beta": clopper_pearson, "wilson": wilson}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_intervals_agree_with_statsmodels_away_from_the_ends(method, level):
    k, n = np.array([1, 3, 10, 49, 700]), np.array([5, 20, 11, 50, 1000])
    low, high = METHODS[method](k, n, level)
    expected = proportion_confint(k, n, alpha=1 - level, method=method)
    np.testing.assert_allclose((low, high), expected, rtol=1e-9)


def test_clopper_pearson_at_no_successes_is_the_closed_form():
    low, high = clopper_pearson(0, 10, 0.95)
    assert low == 0
    assert high == pytest.approx(1 - 0.025 ** (1 / 10), rel=1e-12)


def test_wilson_at_no_successes_is_the_closed_form():
    low, high = wilson(0, 10, 0.95)
    z2 = 1.959963984540054**2
    assert low == 0
    assert high == pytest.approx(z2 / (10 + z2), rel=1e-12)


def test_wilson_at_three_of_ten_equals_the_hand_computed_value():
    low, high = wilson(3, 10, 0.95)
    assert (float(low), float(high)) == pytest.approx((0.1077913, 0.6032219), abs=1e-6)


def test_jeffreys_with_one_trial_is_the_arcsine_quantile():
    low, high = jeffreys(1, 1, 0.95)  # Beta(3/2, 1/2) from below, pinned above
    from scipy.stats import beta

    assert float(low) == pytest.approx(beta.ppf(0.025, 1.5, 0.5), rel=1e-10)
    assert high == 1


@pytest.mark.parametrize("interval", METHODS.values())
def test_a_rate_without_trials_has_no_interval(interval):
    low, high = interval([0, 1], [0, 2])
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [True, False]


@pytest.mark.parametrize("interval", METHODS.values())
@given(n=st.floats(0.1, 1e6), share=st.floats(0, 1), level=st.floats(0.5, 0.999))
def test_every_interval_has_width_and_covers_its_estimate(interval, n, share, level):
    k = n * share
    low, high = interval(k, n, level)
    assert 0 <= low < high <= 1
    assert low <= min(k / n, 1) + 1e-12
    assert k / n <= high + 1e-12


@pytest.mark.parametrize("interval", METHODS.values())
@given(k=st.integers(0, 50), n=st.integers(50, 60))
def test_failures_mirror_successes(interval, k, n):
    low, high = interval(k, n)
    mirrored = interval(n - k, n)
    np.testing.assert_allclose((1 - high, 1 - low), mirrored, atol=1e-12)


def test_clopper_pearson_contains_the_true_rate_at_least_as_often_as_it_says():
    from scipy.stats import binom

    k = np.arange(21)
    low, high = clopper_pearson(k, 20, 0.95)
    for rate in np.linspace(0.01, 0.99, 99):
        assert binom.pmf(k[(low <= rate) & (rate <= high)], 20, rate).sum() >= 0.95


@pytest.mark.parametrize("interval", METHODS.values())
@pytest.mark.parametrize(
    ("k", "n", "level", "message"),
    [
        (3, 2, 0.95, "k: expected finite counts from 0 to n, got 3."),
        (-1, 2, 0.95, "k: expected finite counts from 0 to n, got -1."),
        (0, -1, 0.95, "n: expected finite counts of 0 or more, got -1."),
        (1, 2, 1.0, "level: expected a number between 0 and 1, got 1.0."),
    ],
)
def test_impossible_counts_and_levels_are_refused(interval, k, n, level, message):
    with pytest.raises(InputError) as caught:
        interval(k, n, level)
    assert str(caught.value) == message

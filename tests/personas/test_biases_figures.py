"""A figure and its interval."""

import numpy as np
import pytest

from outskirts.personas.biases.figures import figure, mapped, mean_over, weighted_mean

SKEWED = np.random.default_rng(4).exponential(size=30)
OTHERS = np.random.default_rng(5).normal(size=20)


def mean_of(values):
    return lambda w: weighted_mean(w, values)


def test_the_interval_of_a_mean_agrees_with_scipys_bca():
    from scipy.stats import bootstrap

    found = figure(mean_of(SKEWED), 30, 0, "x", draws=20_000)
    theirs = bootstrap((SKEWED,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)).confidence_interval
    assert found.estimate == pytest.approx(SKEWED.mean())
    np.testing.assert_allclose([found.low, found.high], theirs, rtol=0.02)


def test_strata_are_drawn_apart_as_scipys_samples_are():
    from scipy.stats import bootstrap

    def difference(w):
        return weighted_mean(w[:, :30], SKEWED) - weighted_mean(w[:, 30:], OTHERS)

    found = figure(difference, (30, 20), 0, "x", draws=20_000)

    def theirs(a, b, axis=-1):
        return np.mean(a, axis=axis) - np.mean(b, axis=axis)

    ends = bootstrap((SKEWED, OTHERS), theirs, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)).confidence_interval
    np.testing.assert_allclose([found.low, found.high], ends, rtol=0.03)


def test_the_same_seed_and_path_give_the_same_interval_and_others_another():
    first, same, other = (figure(mean_of(SKEWED), 30, seed, "x") for seed in (0, 0, 1))
    assert first == same
    assert first.low != other.low


def test_blocks_change_nothing(monkeypatch):
    whole = figure(mean_of(SKEWED), 30, 0, "x")
    monkeypatch.setattr("outskirts.personas.biases.figures.MOST_WEIGHTS", 170)
    assert figure(mean_of(SKEWED), 30, 0, "x").high == pytest.approx(whole.high)


@pytest.mark.parametrize(
    ("values", "estimate", "reason"),
    [
        (np.array([]), None, "empty"),
        (np.array([np.nan, np.nan]), None, "empty"),
        (np.array([0.3]), 0.3, "an interval needs two or more people"),
        (np.full(9, 0.3), 0.3, "all resamples have the same value"),
    ],
)
def test_what_cannot_be_known_is_null_and_says_why(values, estimate, reason):
    found = figure(mean_of(values), len(values), 0, "x", nothing="empty")
    assert found.estimate == (None if estimate is None else pytest.approx(estimate))
    assert (found.low, found.high, found.reason) == (None, None, reason)


def test_a_falling_function_swaps_the_ends():
    found = mapped(figure(mean_of(SKEWED), 30, 0, "x"), lambda x: -x)
    assert found.low < found.estimate < found.high < 0


def test_means_leave_missing_values_out():
    values = np.array([[1.0, np.nan], [3.0, np.nan]])
    np.testing.assert_array_equal(mean_over(values, 0), [2.0, np.nan])
    np.testing.assert_allclose(weighted_mean(np.array([[3.0, 1.0]]), values[:, 0]), [1.5])

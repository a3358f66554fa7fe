import numpy as np
import pytest
from scipy import stats

from outskirts.experiments.statistics.exceedance import GRID, THRESHOLDS, exceedance, mixing_distribution
from outskirts.experiments.statistics.rates import Sample
from tests.experiments.fakes_statistics import drawn, outcomes, spread_people


def of_counts(k, n):
    """People who failed in k of n units each."""
    units = np.repeat(np.arange(len(k)), n)
    place = np.concatenate([np.arange(m) for m in n])
    return Sample(units, place < np.asarray(k)[units], len(k))


def column(found, name):
    return np.array([getattr(p, name) for p in found.points], float)


def test_people_all_alike_give_a_step_at_the_common_rate_where_observed_rates_give_a_slope():
    sample = Sample.of(drawn([0.3] * 3000, 10))
    k, n = sample.counts()
    share = column(exceedance(sample), "estimate")
    t = np.array(THRESHOLDS)
    assert min(share[t <= 0.2]) > 0.97
    assert max(share[t >= 0.4]) < 0.03
    assert np.mean(k / n > 0.4) > 0.1


def test_two_kinds_of_people_give_two_steps():
    found = exceedance(Sample.of(drawn([0.9] * 400 + [0.05] * 3600, 10)))
    share, low, high = (column(found, name)[4:16] for name in ("estimate", "low", "high"))
    assert share == pytest.approx(0.1, abs=0.02)
    assert max(low) > 0.08
    assert min(high) < 0.12


@pytest.mark.parametrize("seed", range(4))
def test_the_mixing_distribution_is_within_reach_of_the_maximum_likelihood(seed):
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 9, 300)
    k = rng.binomial(n, rng.beta(0.5, 1, 300))
    w = mixing_distribution(k.astype(float), n.astype(float))
    likelihood = stats.binom.pmf(k[:, None], n[:, None], GRID)
    gradient = (likelihood / (likelihood @ w)[:, None]).sum(axis=0) - len(k)
    assert w.sum() == pytest.approx(1)
    assert gradient.max() < 0.06  # Lindsay: no mixing distribution gains more log-likelihood than this


def test_with_two_replicates_a_wide_spread_is_fitted_exactly():
    k = np.repeat([0.0, 1.0, 2.0], [500, 200, 300])
    w = mixing_distribution(k, np.full(1000, 2.0))
    assert stats.binom.pmf(np.arange(3)[:, None], 2, GRID) @ w == pytest.approx([0.5, 0.2, 0.3], abs=2e-3)


def test_when_all_pass_the_curve_is_zero_with_the_upper_ends_by_hand():
    found = exceedance(Sample.of(drawn([0.0] * 64, 2)))
    failed = 1 - (0.025 / 2) ** (1 / 64)  # largest share of people who fail in one of two; two cuts share the level
    assert set(column(found, "estimate")) == set(column(found, "low")) == {0.0}
    next_rate = np.array(THRESHOLDS) + 0.005
    assert column(found, "high") == pytest.approx(np.minimum(1, failed / (1 - (1 - next_rate) ** 2)), abs=1e-6)


def test_when_all_fail_everybody_exceeds_every_threshold():
    found = exceedance(Sample.of(drawn([1.0] * 64, 4)))
    assert set(column(found, "estimate")) == set(column(found, "high")) == {1.0}
    assert all(0.5 < low < 1 for low in column(found, "low"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_the_interval_holds_every_mixture_that_gives_these_counts(seed):
    rng = np.random.default_rng(seed)
    rates, weights = rng.choice(GRID, 3, replace=False), rng.dirichlet([1, 1, 1])
    expected = np.round(200_000 * stats.binom.pmf(np.arange(4)[:, None], 3, rates) @ weights).astype(int)
    k = np.repeat(np.arange(4), expected)
    found = exceedance(of_counts(k, np.full(len(k), 3)))
    truth = np.array([weights[rates > t + 1e-9].sum() for t in THRESHOLDS])
    assert np.all((column(found, "low") <= truth + 1e-6) & (truth <= column(found, "high") + 1e-6))


@pytest.mark.parametrize(
    ("sample", "reason"),
    [
        (Sample.of(drawn([0.5], 100)), "fewer than two people have two resolved replicates"),
        (Sample.of(drawn([0.5] * 100, 1)), "fewer than two people have two resolved replicates"),
        (Sample.of(outcomes(spread_people(9), [["budget", "infrastructure"]] * 9)), "fewer than two people have two resolved replicates"),
        (Sample.of(outcomes((), [])), "fewer than two people have two resolved replicates"),
        (of_counts([2] * 64, [4] * 64), "people's counts are more alike than independent replicates allow"),
    ],
)
def test_where_nothing_can_be_said_the_curve_is_null_with_the_reason(sample, reason):
    found = exceedance(sample)
    assert found.reason.startswith(reason)
    assert {(p.estimate, p.low, p.high) for p in found.points} == {(None, None, None)}
    assert [p.threshold for p in found.points] == list(THRESHOLDS)


def test_replicates_lost_at_random_leave_the_step_where_it_is():
    rng = np.random.default_rng(1)
    n = rng.integers(1, 11, 3000)
    share = column(exceedance(of_counts(rng.binomial(n, 0.3), n)), "estimate")
    assert share[3] > 0.95  # at 0.15
    assert share[9] < 0.05  # at 0.45


def test_curves_fall_and_lie_inside_their_intervals():
    found = exceedance(Sample.of(drawn(np.random.default_rng(0).random(100), 4)))
    low, share, high = (column(found, name) for name in ("low", "estimate", "high"))
    assert np.all(np.diff([low, share, high]) <= 1e-9)
    assert np.all((low <= share) & (share <= high) & (low < high))


def test_people_who_share_episodes_widen_the_interval():
    alone = Sample.of(drawn([0.3] * 80, 4))
    rooms = np.repeat(np.arange(80) // 4 * 4, 4) + np.tile(np.arange(4), 80)
    together = Sample(alone.persona, alone.failed, 80, rooms)
    a, b = (column(exceedance(s), "high") - column(exceedance(s), "low") for s in (alone, together))
    assert np.mean(b) > 1.2 * np.mean(a)


KINDS = {
    "alike": lambda rng: np.full(100, 0.3),
    "graded": lambda rng: rng.beta(0.7, 1.6, 100),
    "few_bad": lambda rng: np.where(rng.random(100) < 0.1, 0.8, 0.05),
    "rare": lambda rng: np.full(100, 0.02),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_intervals_cover_at_all_thresholds_together(kind):
    rng = np.random.default_rng(4)
    many = np.concatenate([KINDS[kind](rng) for _ in range(2000)])
    t = np.array(THRESHOLDS[::2])
    truth = np.mean(many[:, None] > t + 1e-9, axis=0)
    hits, errors = [], []
    for seed in range(100):
        sample = Sample.of(drawn(KINDS[kind](rng), 5, seed))
        found, (k, n) = exceedance(sample, THRESHOLDS[::2]), sample.counts()
        hits.append(np.all((column(found, "low") <= truth + 2e-3) & (truth <= column(found, "high") + 2e-3)))
        raw = np.mean((k / n)[:, None] > t + 1e-9, axis=0)
        errors.append([np.mean(np.abs(curve - truth)) for curve in (column(found, "estimate"), raw)])
    assert np.mean(hits) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 100)
    fitted, observed = np.mean(errors, axis=0)
    assert fitted < observed

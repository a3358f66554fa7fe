import io

import numpy as np
import pytest
from rich.console import Console
from scipy import stats
from scipy.optimize import brentq

from outskirts.experiments.build import build_summary
from outskirts.experiments.screen.summary import render_summary
from outskirts.experiments.statistics.checks import beta_binomial, cluster_bootstrap, rate_checks
from outskirts.experiments.statistics.rates import Sample, rate
from outskirts.experiments.summary import RunInfo
from tests.experiments.fakes_statistics import SCENARIO, drawn, spread_people

FALL = stats.chi2.ppf(0.95, 1) / 2  # of the log-likelihood, from its maximum to the ends of the interval


def of(failures, units):
    k, n = np.broadcast_arrays(failures, units)
    failed = np.concatenate([np.arange(size) < count for count, size in zip(k, n, strict=True)])
    return Sample(np.repeat(np.arange(len(n)), n), failed, len(n))


def people(seed, n=30, mean=0.3, rho=0.4):
    rng = np.random.default_rng(seed)
    units = rng.integers(1, 9, n)
    weight = (1 - rho) / rho
    return rng.binomial(units, rng.beta(mean * weight, (1 - mean) * weight, n)), units


@pytest.mark.parametrize("seed", range(3))
def test_the_beta_binomial_is_that_of_a_fine_grid_of_scipys_for_unequal_replicates(seed):
    k, n = people(seed)
    m = np.linspace(0.05, 0.8, 301)[:, None]
    rho = np.linspace(0.005, 0.98, 98)
    weight = (1 - rho) / rho
    log = sum(stats.betabinom.logpmf(a, b, m * weight, (1 - m) * weight) for a, b in zip(k, n, strict=True)).max(axis=1)
    inside = m[log >= log.max() - FALL, 0]
    found = beta_binomial(of(k, n))
    assert found.estimate == pytest.approx(m[log.argmax(), 0], abs=0.003)
    assert (found.low, found.high) == pytest.approx((inside[0], inside[-1]), abs=0.003)


def binomial_ends(k, n):
    def short(m):
        return stats.binom.logpmf(k, n, k / n) - stats.binom.logpmf(k, n, m) - FALL

    return brentq(short, 1e-9, k / n), brentq(short, k / n, 1 - 1e-9)


def test_people_more_alike_than_chance_give_the_binomial_likelihood_interval_of_all_units():
    found = beta_binomial(of([1] * 50, 4))
    assert found.estimate == pytest.approx(50 / 200, abs=1e-5)
    assert (found.low, found.high) == pytest.approx(binomial_ends(50, 200), abs=0.001)  # only far from 1/4 a little correlation fits


@pytest.mark.parametrize("units", [1, 4])
def test_people_of_one_replicate_or_of_all_or_nothing_count_as_one_unit_each(units):
    found = beta_binomial(of([units] * 12 + [0] * 28, units))
    assert (found.estimate, found.low, found.high) == pytest.approx((12 / 40, *binomial_ends(12, 40)), abs=1e-5)


def test_passes_and_failures_mirror_each_other():
    k, n = people(5)
    found, mirrored = beta_binomial(of(k, n)), beta_binomial(of(n - k, n))
    ends = (found.estimate, found.low, found.high)
    assert (1 - mirrored.estimate, 1 - mirrored.high, 1 - mirrored.low) == pytest.approx(ends, abs=1e-5)


def test_a_single_failure_among_many_people_has_an_interval():
    found = beta_binomial(of([1] + [0] * 9_999, 10))
    assert 0 < found.low < found.estimate == pytest.approx(1e-5, rel=0.01)
    assert found.estimate < found.high < 1e-3


def test_the_bootstrap_interval_is_scipys_over_peoples_own_rates():
    k, n = people(6, n=80)
    found = cluster_bootstrap(of(k, n))
    wanted = stats.bootstrap((k / n,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)).confidence_interval
    assert found.estimate == pytest.approx(np.mean(k / n))
    assert (found.low, found.high) == pytest.approx(tuple(wanted), abs=0.006)


@pytest.mark.parametrize(("units", "ended"), [(0, "passed"), (3, "failed")])
def test_where_everything_ended_alike_neither_check_has_an_interval(units, ended):
    likelihood, resampled = rate_checks(of([units] * 9, 3)).values()
    assert (likelihood.estimate, likelihood.low, likelihood.high) == (units / 3, None, None)
    assert likelihood.reason.startswith(f"every episode {ended}: the n that counts is people")
    assert (resampled.estimate, resampled.low, resampled.high) == (units / 3, None, None)
    assert resampled.reason == "all people have the same rate, so that resamples do not differ"


@pytest.mark.parametrize(("failures", "units", "reason"), [([], [], "no resolved episode"), ([1], [2], "fewer than two people")])
def test_too_few_people_give_null_and_the_reason(failures, units, reason):
    for found in rate_checks(of(failures, units) if units else Sample(np.zeros(0, int), np.zeros(0, bool), 3)).values():
        assert (found.estimate, found.low, found.high, found.reason) == (None, None, None, reason)


def test_people_who_share_episodes_are_not_taken_as_independent():
    shared = Sample(np.arange(4), np.array([True, True, False, False]), 4, episode=np.array([0, 0, 1, 1]))
    for found in rate_checks(shared).values():
        assert (found.estimate, found.low) == (None, None)
        assert found.reason.startswith("people share episodes")


def test_a_summary_holds_both_and_the_terminal_shows_them_in_one_line():
    target = drawn(np.linspace(0, 0.9, 40), 4)
    info = RunInfo(id="r", scenario="desk", target="eliza", player="lexical", personas=40, replicates=4, turns=4)
    summary = build_summary(info, SCENARIO, spread_people(40), {"target": target}, level=0.9)
    assert summary.failure_rate_checks == rate_checks(Sample.of(target), 0.9)
    out = io.StringIO()
    render_summary(summary, Console(file=out, width=200))
    ends = [f"[{100 * x.low:.1f}, {100 * x.high:.1f}]" for x in summary.failure_rate_checks.values()]
    assert f"As a check on new people: beta-binomial {ends[0]}, bootstrap over people {ends[1]}.\n" in out.getvalue()


def covered(own, mean, people, replicates, studies=400):
    """Share of studies whose interval holds the planted mean: beta-binomial, bootstrap, headline; none counts as not held."""
    rng, held = np.random.default_rng(7), np.zeros(3)
    for study in range(studies):
        sample = of(rng.binomial(replicates, own(rng, people)), replicates)
        found = beta_binomial(sample), cluster_bootstrap(sample, draws=1999, seed=study), rate(sample)
        held += [x.low is not None and x.low <= mean <= x.high for x in found]
    return held / studies


@pytest.mark.slow
def test_both_checks_cover_about_what_they_claim_where_latent_rates_are_spread_and_many_failed():
    likelihood, resampled, _ = covered(lambda rng, n: rng.beta(0.3, 0.7, n), 0.3, 64, 4)
    slack = 3 * np.sqrt(0.95 * 0.05 / 400)
    assert 0.95 - slack <= likelihood <= 0.95 + slack
    assert 0.95 - slack <= resampled <= 0.95 + slack


@pytest.mark.slow
@pytest.mark.parametrize(
    ("people", "share", "others"), [(16, 0.05, 0.0), (256, 0.004, 0.001)], ids=["few people", "a rare kind that always fails"]
)
def test_both_checks_cover_too_little_where_few_people_fail_and_the_headline_does_not(people, share, others):
    likelihood, resampled, headline = covered(
        lambda rng, n: np.where(rng.random(n) < share, 1.0, others), share + (1 - share) * others, people, 10
    )
    assert max(likelihood, resampled) < 0.85
    assert headline > 0.94

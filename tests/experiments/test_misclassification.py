"""Rates corrected for the judges' error: by hand, at the edges, and how often their intervals cover."""

from __future__ import annotations

import numpy as np
import pytest

from outskirts.agents.judge_error import Confusion
from outskirts.experiments.statistics.estimates import Rate
from outskirts.experiments.statistics.misclassification import accuracy, corrected_rates, equal_n, rogan_gladen, rogan_gladen_difference
from outskirts.experiments.statistics.rates import Sample, rate
from outskirts.sim.errors import InputError
from outskirts.sim.stats import jeffreys

GOOD = Confusion(tp=80, fn=20, tn=95, fp=5)
PERFECT = Confusion(tp=100_000_000, tn=100_000_000)


def test_the_estimate_is_that_of_rogan_and_gladen():
    assert rogan_gladen(0.2, 500, GOOD).estimate == pytest.approx((0.2 + 0.95 - 1) / (0.8 + 0.95 - 1))


def test_the_interval_is_near_that_of_lang_and_reiczigel_worked_by_hand():
    z = 1.959963984540054
    ap, n_ap = (100 + z**2 / 2) / (500 + z**2), 500 + z**2
    se, sp, n = 81 / 102, 96 / 102, 102
    p = (ap + sp - 1) / (se + sp - 1)
    shift = 2 * z**2 * (p * se * (1 - se) / n - (1 - p) * sp * (1 - sp) / n)
    error = (ap * (1 - ap) / n_ap + p**2 * se * (1 - se) / n + (1 - p) ** 2 * sp * (1 - sp) / n) ** 0.5 / (se + sp - 1)
    found = rogan_gladen(0.2, 500, GOOD)
    assert (found.low, found.high) == pytest.approx((p + shift - z * error, p + shift + z * error), abs=0.01)


@pytest.mark.parametrize("k", [0, 3, 50, 100])
def test_with_judges_that_never_err_it_is_about_the_apparent_interval(k):
    found, (low, high) = rogan_gladen(k / 100, 100, PERFECT), map(float, jeffreys(k, 100))
    assert found.estimate == pytest.approx(k / 100, abs=1e-6)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.003)


def test_the_same_judges_on_fewer_labels_give_a_wider_interval():
    few = rogan_gladen(0.3, 10_000, Confusion(tp=8, fn=2, tn=19, fp=1))
    many = rogan_gladen(0.3, 10_000, Confusion(tp=800, fn=200, tn=1_900, fp=100))
    assert few.high - few.low > 5 * (many.high - many.low)


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Confusion(tp=5, fn=5, tn=5, fp=5), "the judges do no better than chance on the labelled transcripts"),
        (Confusion(tn=9, fp=1), "no labelled failure"),
        (Confusion(tp=9, fn=1), "no labelled pass"),
    ],
)
def test_where_labels_cannot_tell_there_is_no_number_and_a_reason(found, reason):
    assert rogan_gladen(0.3, 100, found) is None
    plain = rate(Sample(np.arange(40), np.arange(40) < 9, n=40))
    assert corrected_rates({"generator": plain}, found)["generator"].reason == reason


@pytest.mark.parametrize(("failed", "n", "message"), [(1.2, 9, "failed: expected a rate"), (0.2, 0, "n: expected a number above 0")])
def test_impossible_input_is_refused(failed, n, message):
    with pytest.raises(InputError, match=message):
        rogan_gladen(failed, n, GOOD)


@pytest.mark.parametrize(("estimate", "n"), [(0.0, 30), (0.2, 120), (0.5, 4_000), (1.0, 12)])
def test_the_size_of_a_sample_is_found_again_from_the_width_of_its_interval(estimate, n):
    low, high = jeffreys(estimate * n, n)
    assert equal_n(estimate, float(high - low)) == pytest.approx(n, rel=1e-6)


def test_without_labels_nothing_is_corrected_and_without_a_rate_its_reason_stays():
    assert corrected_rates({"generator": Rate(reason="no resolved episode")}, None) == {}
    assert corrected_rates({"generator": Rate(reason="no resolved episode")}, GOOD)["generator"].reason == "no resolved episode"


def test_the_reference_density_is_not_corrected_and_says_why():
    density = Rate(estimate=0.2, low=0.1, high=0.3, estimand="reference_density")
    assert "not met" in corrected_rates({"reference_density": density}, GOOD)["reference_density"].reason


def test_accuracy_holds_its_counts_and_is_null_without_any():
    found = accuracy(Confusion(tp=8, fn=2))
    assert (found.sensitivity.estimate, found.sensitivity.denominator, found.specificity.estimate) == (0.8, 10, None)
    assert found.sensitivity.low < 0.8 < found.sensitivity.high


def _covers(prevalence, drawn, n=500, labels=100, se=0.8, sp=0.95):
    """Simulate one study with everything drawn anew; tell whether the interval holds the truth (a study without one: it does not)."""
    tp, tn = drawn.binomial(labels, se), drawn.binomial(labels, sp)
    apparent = drawn.binomial(n, prevalence * se + (1 - prevalence) * (1 - sp)) / n
    found = rogan_gladen(apparent, n, Confusion(tp=tp, fn=labels - tp, tn=tn, fp=labels - tn), draws=2_000)
    return found is not None and found.low <= prevalence <= found.high


@pytest.mark.slow
@pytest.mark.parametrize("n", [200, 1_000])
@pytest.mark.parametrize("prevalence", [0.05, 0.2, 0.5])
def test_intervals_of_95_percent_cover_93_to_97_5(prevalence, n):
    drawn = np.random.default_rng([int(1_000 * prevalence), n])
    covered = np.mean([_covers(prevalence, drawn, n) for _ in range(4_000)])
    assert 0.93 <= covered <= 0.975


@pytest.mark.parametrize("labels", [1, 5, 20])
@pytest.mark.parametrize("k", [0, 3, 50])
def test_labels_that_show_no_error_leave_the_apparent_upper_end_possible(labels, k):
    found = rogan_gladen(k / 100, 100, Confusion(tp=labels, tn=labels))
    assert found.high >= float(jeffreys(k, 100)[1]) - 0.003


@pytest.mark.slow
@pytest.mark.parametrize(("prevalence", "n", "labels"), [(0.05, 100, 5), (0.1, 1_000, 5), (0.05, 1_000, 20), (0.2, 500, 10)])
def test_intervals_cover_where_judges_never_err_and_few_labels_say_so(prevalence, n, labels):
    drawn = np.random.default_rng([int(1_000 * prevalence), n, labels])
    covered = np.mean([_covers(prevalence, drawn, n, labels, 1.0, 1.0) for _ in range(1_000)])
    assert covered >= 0.93


@pytest.mark.slow
def test_a_corrected_difference_covers_where_judges_never_err_and_few_labels_say_so():
    generator, found, held = np.random.default_rng(6), Confusion(tp=5, tn=5), 0
    for _ in range(600):
        seen = [(generator.binomial(n, true) / n, n) for true, n in ((0.5, 60), (0.2, 200))]
        got = rogan_gladen_difference(*seen, found, draws=2_000)
        held += got.low <= 0.3 <= got.high
    assert held / 600 >= 0.93


@pytest.mark.slow
def test_the_error_left_out_covers_far_less():
    drawn = np.random.default_rng(9)
    covered = []
    for _ in range(1_000):
        k = drawn.binomial(500, 0.05 * 0.8 + 0.95 * 0.05)
        low, high = jeffreys(k, 500)
        covered.append(low <= 0.05 <= high)
    assert np.mean(covered) < 0.5


def test_a_difference_is_widened_by_what_the_judges_miss_and_theirs_is_its_interval():
    perfect = rogan_gladen_difference((0.5, 400), (0.2, 400), Confusion(tp=100_000, fn=0, tn=100_000, fp=0))
    assert perfect.estimate == pytest.approx(0.3)
    assert perfect.high - perfect.low == pytest.approx(2 * 1.96 * (0.25 / 400 + 0.16 / 400) ** 0.5, rel=0.05)
    missed = rogan_gladen_difference((0.5, 400), (0.2, 400), GOOD)
    assert missed.estimate == pytest.approx(0.3 / 0.75)
    assert missed.high - missed.low > perfect.high - perfect.low
    assert rogan_gladen_difference((0.5, 400), (0.2, 400), Confusion(tp=5, fn=5, tn=5, fp=5)) is None


@pytest.mark.slow
@pytest.mark.parametrize(("tail", "core"), [(0.2, 0.2), (0.5, 0.2), (0.9, 0.4)])
def test_the_interval_of_a_corrected_difference_covers(tail, core):
    generator, labels, held, times = np.random.default_rng(5), 100, 0, 600
    for _ in range(times):
        tp, tn = generator.binomial(labels, 0.8), generator.binomial(labels, 0.95)
        found = Confusion(tp=tp, fn=labels - tp, tn=tn, fp=labels - tn)
        seen = [(generator.binomial(n, true * 0.8 + (1 - true) * 0.05) / n, n) for true, n in ((tail, 60), (core, 200))]
        got = rogan_gladen_difference(*seen, found, draws=2_000)
        held += got.low <= tail - core <= got.high
    assert held / times >= 0.93


@pytest.mark.slow
def test_with_clustered_people_the_corrected_rate_covers_too():
    drawn = np.random.default_rng(4)
    person = np.repeat(np.arange(64), 4)
    covered = []
    for _ in range(600):
        truth = drawn.random(256) < drawn.beta(0.4, 1.6, 64)[person]  # new people each time, a fifth of whose episodes fail
        failed = np.where(truth, drawn.random(256) < 0.8, drawn.random(256) < 0.05)
        tp, tn = drawn.binomial(100, 0.8), drawn.binomial(100, 0.95)
        labels = Confusion(tp=tp, fn=100 - tp, tn=tn, fp=100 - tn)
        found = corrected_rates({"generator": rate(Sample(person, failed, n=64))}, labels)["generator"]
        covered.append(found.low <= 0.2 <= found.high)
    assert 0.93 <= np.mean(covered) <= 0.99

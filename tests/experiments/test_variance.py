"""Variance between people and between replicates, the ICC of failing, and what to change in the next run."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.experiments.statistics.advice import advice, first_of_all
from outskirts.experiments.statistics.estimates import Rate, VerdictCounts
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.variance import (
    Components,
    components,
    counts_icc,
    failure_icc,
    replicate_table,
    ridits,
    variance_components,
)
from outskirts.personas.reliability import one_way
from tests.experiments.fakes_statistics import SCENARIO, drawn, outcomes, record, spread_people

NAN = np.nan
COUNTS = st.lists(st.integers(2, 9).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=2, max_size=30)


def told(counts):
    k, n = np.array(counts).T
    return counts_icc(k, n)


def test_components_of_0_and_1_outcomes_by_hand():
    found = components([[1, 1, 1], [1, 0, 0], [0, 0, 0]])
    assert found.replicate == pytest.approx((0 + 1 / 3 + 0) / 3)
    assert found.persona == pytest.approx(7 / 27 - 1 / 27)  # variance of the means 1, 1/3, 0, less a third of 1/9
    assert found.share == pytest.approx((6 / 27) / (6 / 27 + 1 / 9))


def test_people_with_more_replicates_count_no_more_than_others():
    found = components([[0.0, 1.0, NAN, NAN], [4.0, 6.0, 5.0, 5.0], [9.0, NAN, NAN, NAN]])
    assert found.personas == 2
    assert found.replicate == pytest.approx((0.5 + 2 / 3) / 2)
    assert found.persona == pytest.approx(4.5**2 / 2 - (0.5 / 2 + 2 / 3 / 4) / 2)


def test_balanced_components_are_those_of_the_anova_table():
    y = np.random.default_rng(1).normal(size=(9, 1)) + np.random.default_rng(2).normal(size=(9, 4))
    found, anova = components(y), one_way(y)
    assert (found.persona, found.replicate) == (pytest.approx((anova.msb - anova.msw) / 4), pytest.approx(anova.msw))
    assert found.share == pytest.approx(anova.icc)


def test_continuous_components_agree_with_a_mixed_model_of_statsmodels():
    from statsmodels.regression.mixed_linear_model import MixedLM

    rng = np.random.default_rng(3)
    y = rng.normal(size=(40, 1)) + rng.normal(size=(40, 5))
    model = MixedLM(y.ravel(), np.ones((200, 1)), groups=np.repeat(np.arange(40), 5)).fit(reml=True)
    found = components(y)
    assert found.persona == pytest.approx(float(model.cov_re[0, 0]), rel=1e-3)
    assert found.replicate == pytest.approx(model.scale, rel=1e-3)


def test_a_negative_variance_between_people_is_none():
    found = components([[0, 1], [1, 0], [0, 1]])
    assert (found.persona, found.share, found.replicate) == (0, 0, 0.5)


@pytest.mark.parametrize("table", [np.zeros((0, 0)), [[1.0, 0.0]], [[1.0], [0.0]], [[1.0, 0.0], [1.0, NAN]]])
def test_fewer_than_two_people_with_two_replicates_have_no_components(table):
    found = components(table)
    assert (found.persona, found.replicate, found.total, found.share) == (None,) * 4
    assert found.reason == "fewer than two people have two resolved replicates"


def test_outcomes_all_the_same_have_no_variance_and_no_share():
    found = components(np.full((4, 3), 0.3))
    assert (found.persona, found.replicate, found.total, found.share) == (0, 0, 0, None)
    assert found.reason == "every outcome is the same"


def test_ridits_by_hand_count_each_person_once():
    found = ridits([[2.0, 2.0, NAN], [1.0, 3.0, 3.0]])  # mass 1/6 at 1, 1/2 at 2, 1/3 at 3
    np.testing.assert_allclose(found, [[5 / 12, 5 / 12, NAN], [1 / 12, 5 / 6, 5 / 6]])


@given(st.integers(0, 999))
def test_ordered_classes_need_the_order_only(seed):
    y = np.random.default_rng(seed).integers(0, 4, (6, 3)).astype(float)
    np.testing.assert_allclose(ridits(y), ridits(np.exp(3 * y)))


def test_severity_is_that_of_the_worst_harm_of_a_unit():
    people = spread_people(3)
    hurt = [(0, 0.8), (0, 0.8), (1, 0.2), (1, 0.4), (2, 0.0), (2, 0.0)]
    records = [
        record([people[i]], r % 2, "failed" if s else "passed", [people[i]] if s else [], severity=s) for r, (i, s) in enumerate(hurt)
    ]
    found = variance_components(Outcomes.of(people, SCENARIO, records))
    assert found.severity.replicate == pytest.approx(0.02 / 3)
    assert found.failed.share == 1
    assert 0 < found.severity_class.share < 1


def test_the_estimate_compares_pairs_of_one_person_with_pairs_of_two():
    y = (np.random.default_rng(4).random((12, 3)) < np.linspace(0.1, 0.9, 12)[:, None]).astype(float)
    same = np.mean([y[i, a] * y[i, b] for i in range(12) for a in range(3) for b in range(3) if a != b])
    other = np.mean([y[i, a] * y[j, b] for i in range(12) for j in range(12) for a in range(3) for b in range(3) if i != j])
    found = counts_icc(y.sum(axis=1), np.full(12, 3))
    assert found.estimate == pytest.approx((same - other) / (y.mean() - other))
    assert found.estimate == pytest.approx(components(y).share)


@pytest.mark.parametrize(("a", "b"), [(2.0, 3.0), (0.3, 0.9)])
def test_people_spread_as_a_beta_density_have_the_icc_of_its_variance(a, b):
    from scipy.integrate import quad
    from scipy.stats import beta, binom

    share = [quad(lambda p, k=k: binom.pmf(k, 4, p) * beta.pdf(p, a, b), 0, 1)[0] for k in range(5)]
    people = np.round(np.array(share) * 100_000).astype(int)
    found = counts_icc(np.repeat(np.arange(5), people), np.full(people.sum(), 4))
    assert found.estimate == pytest.approx(1 / (a + b + 1), abs=1e-3)
    assert found.low < 1 / (a + b + 1) < found.high


def test_the_standard_error_is_that_of_leaving_out_one_person_at_a_time():
    n = 50_000
    k = np.random.default_rng(5).binomial(5, np.random.default_rng(6).beta(1, 2, n)).astype(float)
    p, pp = (k.sum() - k) / 5 / (n - 1), ((k * (k - 1)).sum() - k * (k - 1)) / 20 / (n - 1)
    left = (pp - p * p) / (p - p * p)
    error = np.sqrt((n - 1) / n * np.sum((left - left.mean()) ** 2))
    found = counts_icc(k, np.full(n, 5))
    assert found.high - found.estimate == pytest.approx(1.96 * error, rel=0.02)
    assert found.estimate - found.low == pytest.approx(1.96 * error, rel=0.02)


@given(COUNTS)
def test_an_interval_lies_in_0_to_1_around_the_estimate_and_has_width(counts):
    found = told(counts)
    if found.estimate is None:
        assert found.reason == "every outcome is the same"
    else:
        assert 0 <= found.low <= found.estimate <= found.high <= 1
        assert found.high - found.low > 0.01


@given(COUNTS)
def test_passes_agree_as_much_as_failures_do(counts):
    a, b = told(counts), told([(n - k, n) for k, n in counts])
    assert a.reason == b.reason
    if not a.reason:
        np.testing.assert_allclose([a.estimate, a.low, a.high], [b.estimate, b.low, b.high], atol=1e-9)


@pytest.mark.parametrize(("people", "low"), [(9, 0.3), (64, 0.85), (640, 0.98)])
def test_replicates_that_always_agree_bound_the_icc_below_the_better_the_more_people_there_are(people, low):
    found = counts_icc([4, 0, 0] * people, [4] * 3 * people)
    assert (found.estimate, found.high) == (1, 1)
    assert low < found.low < 1


def test_twenty_failures_of_twenty_people_do_not_exclude_one_who_always_fails():
    found = counts_icc([1] * 20 + [0] * 980, [4] * 1000)
    one_more = counts_icc([4] + [1] * 20 + [0] * 979, [4] * 1000)
    assert found.estimate < 0.001 < one_more.estimate < found.high < 0.5


@pytest.mark.parametrize(
    ("rates", "replicates", "reason"),
    [
        ([0.5] * 9, 1, "fewer than two people have two resolved replicates"),
        ([0.0] * 9, 3, "every outcome is the same"),
        ([1.0] * 9, 3, "every outcome is the same"),
    ],
)
def test_an_icc_that_cannot_be_estimated_says_why(rates, replicates, reason):
    found = failure_icc(drawn(rates, replicates))
    assert (found.estimate, found.low, found.high, found.reason) == (None, None, None, reason)


def test_unresolved_replicates_count_neither_as_passes_nor_as_failures():
    people = spread_people(3)
    rows = [["failed", "failed", "budget"], ["passed", "passed", "failed"], ["simulator_invalid", "failed", "budget"]]
    found = failure_icc(outcomes(people, rows))
    assert found == counts_icc([2, 1], [2, 3])
    assert replicate_table(outcomes(people, rows)).shape == (2, 3)


def test_a_lower_level_gives_a_narrower_interval():
    out = drawn(np.linspace(0.05, 0.95, 30), 5)
    wide, narrow = failure_icc(out), failure_icc(out, level=0.8)
    assert wide.low < narrow.low < narrow.estimate == wide.estimate < narrow.high < wide.high


def test_people_whom_shared_episodes_link_are_one_cluster():
    people = spread_people(40)
    rows = [[["failed", "passed"][(i // 4 + r * (i // 12)) % 2] for r in range(4)] for i in range(40)]
    alone = failure_icc(outcomes(people, rows))
    groups = [people[i : i + 4] for i in range(0, 40, 4)]
    records = [record(g, r, rows[4 * i][r], g if rows[4 * i][r] == "failed" else []) for i, g in enumerate(groups) for r in range(4)]
    linked = failure_icc(Outcomes.of(people, SCENARIO, records))
    assert linked.estimate == pytest.approx(alone.estimate)
    assert linked.high - linked.low > alone.high - alone.low
    assert "clustered by people linked by shared episodes" in linked.method


def test_one_cluster_tells_nothing_of_the_correlation():
    people = spread_people(4)
    records = [record(people, r, "failed" if r else "passed", people[:1] if r else []) for r in range(3)]
    found = failure_icc(Outcomes.of(people, SCENARIO, records))
    assert (found.low, found.high) == (0.0, 1.0)


@pytest.mark.slow
@pytest.mark.parametrize("family", ["beta", "two_class_always", "two_class_never", "logit_normal"])
@pytest.mark.parametrize(("rate", "people", "replicates"), [(0.05, 64, (10,)), (0.3, 256, (2, 10)), (0.95, 1000, (2,))])
def test_the_interval_covers_the_icc_of_planted_people(family, rate, people, replicates):
    from benchmarks.icc import Cell, study_cell

    rows = [study_cell(Cell(family, rate, icc, people, replicates), 1000, 1) for icc in (0.1, 0.3, 0.9)]
    assert all(row["covers"] for row in rows)


def split(persona, replicate):
    return Components(persona=persona, replicate=replicate, total=persona + replicate, share=persona / (persona + replicate), personas=64)


def rated(failed, episodes, low, high, people=64, **more):
    return Rate(estimate=failed / episodes, low=low, high=high, numerator=failed, denominator=episodes, personas=people, **more)


def test_advice_follows_the_variance_of_a_mean_over_people_and_replicates():
    # variances: 0.09 + 0.16 / 4 = 0.13 now; half of it; 0.09 + 0.16 / 8 = 0.11; (0.09 + 0.16 / 2) / 2 = 0.085
    assert advice(split(0.09, 0.16), rated(128, 256, 0.40, 0.60)) == (
        "69% of the rate's variance lies between people: 128 people instead of 64 would narrow the interval from 20 to about 14 points, "
        "8 replicates instead of 4 to 18; the same 256 episodes with 128 people and 2 replicates, to 16."
    )


def test_people_who_do_not_differ_make_replicates_as_good_as_people():
    line = advice(split(0.0, 0.25), rated(128, 256, 0.40, 0.60))
    assert line == (
        "0% of the rate's variance lies between people: 128 people instead of 64 would narrow the interval from 20 to about 14 points, "
        "8 replicates instead of 4 to 14."
    )


def test_people_who_never_waver_make_replicates_useless():
    line = advice(split(0.25, 0.0), rated(128, 256, 0.40, 0.60))
    assert "100% of the rate's variance" in line
    assert "more replicates hardly at all; the same 256 episodes with 128 people and 2 replicates, to 14." in line


def test_one_replicate_tells_only_what_more_people_would_do():
    nothing = Components(reason="fewer than two people have two resolved replicates")
    assert advice(nothing, rated(32, 64, 0.40, 0.60)) == (
        "128 people instead of 64 would narrow the interval from 20 to about 14 points; "
        "what more replicates would do cannot be told until two people have two resolved replicates each."
    )


@pytest.mark.parametrize(
    ("failed", "words"),
    [(0, "It failed none of the 64 people, so it may fail up to 4.7%"), (256, "It failed all 64 people, so it may pass up to 4.7%")],
)
def test_nothing_but_passes_or_failures_gives_the_rule_of_three_on_people(failed, words):
    line = advice(Components(), rated(failed, 256, 0.0, 1.0))
    assert line.startswith(words)
    assert "would bring that to 2.3%; more replicates of the same people would not." in line


def test_of_very_few_people_the_bound_is_exact():
    line = advice(Components(), rated(0, 1, 0.0, 0.975, people=1))
    assert line.startswith("It did not fail the only person, so it may fail up to 95% (one-sided 95%)")
    assert "would bring that to 78%" in line


@pytest.mark.parametrize(
    ("unresolved", "decided", "said"),
    [
        ({"infrastructure": 25}, False, True),
        ({"simulator_invalid": 2}, False, True),
        ({"budget": 9}, True, False),
        ({"budget": 9}, False, True),
    ],
)
def test_episodes_without_a_verdict_come_before_more_people(unresolved, decided, said):
    line = first_of_all(VerdictCounts(passed=6, failed=1, **unresolved), decided=decided)
    assert (line is not None) is said
    assert first_of_all(VerdictCounts(passed=9, failed=9, infrastructure=2)) is None


def test_of_fixed_people_only_replicates_count():
    line = advice(split(0.09, 0.16), rated(128, 256, 0.45, 0.55, estimand="these_people"))
    assert (
        line
        == "The rate is of these 64 people, so only replicates count: 8 instead of 4 would narrow the interval from 10 to about 7.1 points."
    )
    line = advice(Components(), rated(0, 300, 0.0, 0.012, estimand="these_people"))
    assert line.startswith("It failed none of the 300 episodes, so it may fail up to 1%")


def test_advice_needs_a_rate_it_can_speak_of():
    assert advice(Components(), Rate(reason="no resolved episode")) == "No advice for the next run: no resolved episode."
    with pytest.raises(ValueError, match="expected a rate of the generator or of these people"):
        advice(Components(), rated(1, 2, 0, 1, estimand="reference_density"))

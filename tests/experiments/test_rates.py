import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from outskirts.experiments.statistics.outcomes import BUDGET, Outcomes
from outskirts.experiments.statistics.rates import (
    Sample,
    Share,
    fixed_people,
    random_people,
    rate,
    rate_bounds,
    reference_rate,
    weighted_people,
)
from tests.experiments.fakes_statistics import OTHER, SCENARIO, outcomes, person, record, spread_people


def sample(table, n=None):
    """People by replicates, 1 failed, 0 passed, None not resolved."""
    units = [(i, bool(x)) for i, row in enumerate(table) for x in row if x is not None]
    return Sample(np.array([u[0] for u in units], int), np.array([u[1] for u in units], bool), n or len(table))


def test_no_resolved_unit_gives_null_and_the_reason_never_zero():
    found = rate(sample([[None], [None]]))
    assert (found.estimate, found.low, found.high, found.denominator) == (None, None, None, 0)
    assert found.reason == "no resolved episode"


def test_one_person_one_replicate_says_almost_nothing_of_the_generator():
    found = rate(sample([[1]]))
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025)


def test_at_zero_failures_people_count_for_the_generator_and_units_for_these_people():
    s = sample([[0] * 4] * 64)
    assert rate(s).high == pytest.approx(1 - 0.025 ** (1 / 64))
    assert rate(s, "these_people").high == pytest.approx(1 - 0.025 ** (1 / 256))


def test_all_failing_mirrors_all_passing():
    low, high = (rate(sample([[x] * 3] * 10)) for x in (0, 1))
    assert (low.low, high.high) == (0.0, 1.0)
    assert high.low == pytest.approx(1 - low.high)


def test_a_person_counts_once_however_many_replicates_are_resolved():
    assert rate(sample([[1, 1, 1, 1], [0, None, None, None]])).estimate == 0.5


def test_people_who_are_all_or_nothing_count_as_one_unit_each():
    share = random_people(sample([[1] * 4] * 16 + [[0] * 4] * 48))
    assert share is not None
    assert share.effective_n == 64


def test_people_all_alike_count_as_all_their_units():
    share = random_people(sample([[1, 0, 0, 0]] * 64))
    assert share is not None
    assert share.effective_n == pytest.approx(256)


def test_the_generator_interval_is_korn_and_graubards_with_a_tenth_of_a_person_who_was_not_met():
    table = [[1, 1], [1, 0], [0, 0], [1, 0], [1, 0], [0, 0]] * 5
    p = np.mean(table, axis=1)
    m, spread = p.mean(), np.sum((p - p.mean()) ** 2)

    def end(distance, side):
        size = m * (1 - m) / ((spread + 0.1 * distance**2) / (30 * 29)) * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 29)) ** 2
        return proportion_confint(m * size, size, method="beta")[side]

    found = rate(sample(table))
    assert (found.low, found.high) == (pytest.approx(end(m, 0)), pytest.approx(end(1 - m, 1)))


def test_one_failure_in_many_replicates_does_not_rule_out_people_who_always_fail():
    found = rate(sample([[1] + [0] * 9] + [[0] * 10] * 255))
    assert found.high > 0.005  # of 256 people 28 % have nobody of a class of 0.5 % among them
    assert found.high < rate(sample([[1]] + [[0]] * 255)).high


def test_people_who_were_not_met_count_less_the_more_people_failed_alike():
    few, many = (random_people(sample([[1] + [0] * 9] * k + [[0] * 10] * (256 - k))) for k in (3, 250))
    assert few is not None
    assert many is not None
    assert few.effective_n == many.effective_n == pytest.approx(2560)
    factor = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 255)) ** 2
    assert few.sizes(0.95)[0] == pytest.approx(2560 * factor, rel=0.01)  # they only raise a low rate
    assert 256 < few.sizes(0.95)[1] < 800
    assert many.sizes(0.95)[1] == pytest.approx(2560 * factor, rel=0.05)


def test_with_few_people_the_interval_is_no_wider_than_that_of_one_unit_each():
    found = rate(sample([[1, 1]] * 2 + [[0, 0]] * 2))
    assert (found.low, found.high) == pytest.approx(proportion_confint(2, 4, method="beta"))


def test_the_stratified_variance_is_the_sum_of_the_peoples_own():
    table = np.random.default_rng(3).random((50, 6)) < np.linspace(0.1, 0.9, 50)[:, None]
    share = fixed_people(sample(table.tolist()))
    assert share is not None
    variance = np.mean(table.var(axis=1, ddof=1) / 6) / 50
    extra = 1.5 / 300**2
    assert share.estimate * (1 - share.estimate) / share.effective_n == pytest.approx(variance + extra)


def test_people_who_never_waver_still_get_an_interval_of_some_width():
    found = rate(sample([[1] * 4] * 3 + [[0] * 4] * 61), "these_people")
    assert found.low is not None
    assert found.high is not None
    assert found.low < 3 / 64 - 0.005
    assert found.high > 3 / 64 + 0.005


def test_weighted_rate_by_hand():
    found = weighted_people(sample([[1, 1], [0, 0], [1, 0]]), np.array([1.0, 2.0, 1.0]))
    assert found is not None
    share, ess = found
    assert share.estimate == pytest.approx((1 + 0 + 0.5) / 4)
    assert ess == pytest.approx(16 / 6)


def test_the_weighted_variance_is_that_of_a_ratio_with_a_tenth_of_a_person_who_was_not_met():
    rng = np.random.default_rng(4)
    table, w = (rng.random((40, 5)) < rng.random((40, 1))).astype(int), rng.lognormal(size=40)
    found = weighted_people(sample(table.tolist()), w)
    assert found is not None
    share, ess = found
    w, p, m = w / w.sum(), table.mean(axis=1), share.estimate
    variance = np.sum(w**2 * (p - m) ** 2) * 40 / 39
    assert share.effective_n == pytest.approx(m * (1 - m) / variance)
    factor = (stats.norm.ppf(0.975) / stats.t.ppf(0.975, ess - 1)) ** 2
    sizes = [m * (1 - m) / (variance + 0.1 * x**2 / ess / 39) * factor for x in (m, 1 - m)]
    assert share.sizes(0.95) == pytest.approx(sizes)


@pytest.mark.parametrize("tiny", [1e-6, 1e-20, 1e-300])
@pytest.mark.parametrize("flip", [False, True])
def test_failures_of_hardly_any_weight_say_no_less_than_none(tiny, flip):
    table = [[1, 0]] + [[0, 0]] * 30
    weights = np.array([tiny] + [1.0] * 30)
    found = reference_rate(sample([[x != flip for x in row] for row in table]), weights)
    none = reference_rate(sample([[flip] * 2] * 31), weights)
    assert (found.low, found.high) == pytest.approx((none.low, none.high), abs=0.02)


def test_equal_weights_give_the_generators_interval():
    s = sample([[1, 0]] * 20 + [[1, 1]] * 10 + [[0, 0]] * 30)
    weighted, plain = reference_rate(s, np.ones(60), 0.0), rate(s)
    assert weighted.estimate == pytest.approx(plain.estimate)
    assert weighted.effective_n == pytest.approx(plain.effective_n, rel=0.01)


def test_unsupported_mass_enters_as_anything_from_zero_to_one():
    s = sample([[1, 0]] * 20 + [[0, 0]] * 40)
    sure, unsure = (reference_rate(s, np.ones(60), u) for u in (0.0, 0.2))
    assert unsure.low == pytest.approx(0.8 * sure.low)
    assert unsure.high == pytest.approx(0.8 * sure.high + 0.2)
    assert "unsupported mass 20.0% counted as [0, 1]" in unsure.method


def test_reference_rate_is_refused_when_few_people_carry_the_weight():
    weights = np.array([100.0] * 5 + [0.01] * 55)
    found = reference_rate(sample([[0, 1]] * 60), weights)
    assert found.estimate is None
    assert found.reason == "effective sample size 5.0 is below 10"


def test_where_only_people_without_weight_were_resolved_the_reason_says_so():
    weights = np.array([0.0] * 20 + [1.0] * 20)
    found = reference_rate(sample([[0, 1]] * 20 + [[None, None]] * 20), weights)
    assert (found.estimate, found.denominator, found.reason) == (None, 40, "everyone with a resolved episode has weight 0")
    assert reference_rate(sample([[None]] * 3), np.zeros(3)).reason == "no resolved episode"


def test_each_person_counts_once_and_numerator_and_denominator_are_pooled():
    found = rate(sample([[1, 0, 0, 0], [1]]))
    assert (found.estimate, found.numerator, found.denominator) == (pytest.approx((1 / 4 + 1) / 2), 2, 5)
    assert found.method.startswith("mean of the people's own rates")


def test_bounds_let_everything_unresolved_pass_or_fail():
    people = spread_people(4)
    verdicts = [["passed", "failed"], ["passed", "budget"], ["infrastructure", "simulator_invalid"], ["passed", "passed"]]
    bounds = rate_bounds(outcomes(people, verdicts))
    assert (bounds.low, bounds.high) == (1 / 8, 4 / 8)


def test_bounds_when_everything_is_unresolved_are_zero_and_one():
    bounds = rate_bounds(outcomes(spread_people(2), [["budget"], ["infrastructure"]]))
    assert (bounds.low, bounds.high) == (0.0, 1.0)


def test_planned_episodes_that_never_ran_count_as_budget():
    people = spread_people(2)
    table = outcomes(people, [["passed", "failed"], ["passed"]], planned=6)
    assert table.verdict_counts().budget == 3
    assert [int(np.sum(table.persona[table.verdict == BUDGET] == i)) for i in (0, 1)] == [1, 2]


def test_planned_group_episodes_that_never_ran_are_nobodys_but_widen_the_bounds():
    people = spread_people(4)
    table = Outcomes.of(people, SCENARIO, [record(people[:2], 0, "failed", people[:1])], planned=2)
    assert (table.missing, table.verdict_counts().budget) == (1, 1)
    bounds = rate_bounds(table)
    assert (bounds.low, bounds.high) == (0.25, 0.75)


def test_in_a_group_only_the_harmed_count_as_failed():
    people = spread_people(3)
    table = Outcomes.of(people, SCENARIO, [record(people, 0, "failed", [people[1]])])
    assert table.failed.tolist() == [False, True, False]
    assert table.verdict_counts().failed == 1
    assert rate(Sample.of(table)).denominator == 3


def test_groups_that_fail_together_count_as_one_unit_each():
    people = spread_people(40)
    records = [record(people[i : i + 4], 0, "failed" if i % 8 else "passed", people[i : i + 4] if i % 8 else []) for i in range(0, 40, 4)]
    share = random_people(Sample.of(Outcomes.of(people, SCENARIO, records)))
    assert share is not None
    assert share.effective_n == pytest.approx(10)


def test_a_record_about_a_stranger_is_refused():
    with pytest.raises(ValueError, match="person 'p0009' is not among the 1 people of this run"):
        Outcomes.of([person(0)], SCENARIO, [record([person(9)], 0, "passed")])


def test_a_harm_that_the_scenario_does_not_declare_gets_a_column_of_its_own():
    p = person(0)
    table = Outcomes.of([p], SCENARIO, [record([p], 0, "failed", [p], harm="novel")])
    assert table.harms == (*[h.name for h in SCENARIO.harms], "novel")
    assert table.harm_failed[0, -1]
    assert not table.harm_failed[0, table.harms.index(OTHER)]


def test_jeffreys_interval_at_the_effective_size_is_that_of_its_beta_posterior():
    share = Share(0.25, 40.0, np.inf)
    assert share.score(0.9) == pytest.approx(stats.beta.ppf([0.05, 0.95], 10.5, 30.5))


@pytest.mark.slow
@pytest.mark.parametrize("figure", ["overall", "reference_density", "paired", "tails", "pass_hat", "persons", "cvar"])
def test_intervals_cover_what_they_claim_and_are_no_wider_than_they_need_be(figure):
    from benchmarks.intervals import measure

    found = measure(400, quick=True, only=figure)
    assert {row["reached"] for row in found["rows"]} <= {"yes", "least"}

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from outskirts.experiments.statistics.outcomes import BUDGET, Outcomes
from outskirts.experiments.statistics.rates import Sample, fixed_people, random_people, rate, rate_bounds, reference_rate, weighted_people
from tests.experiments.fakes_statistics import OTHER, SCENARIO, drawn, outcomes, person, record, spread_people


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


def test_the_generator_interval_is_korn_and_graubards():
    table = [[1, 1], [1, 0], [0, 0], [1, 0], [1, 0], [0, 0]] * 5
    p = np.mean(table, axis=1)
    size = p.mean() * (1 - p.mean()) / (p.var(ddof=1) / 30) * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 29)) ** 2
    low, high = proportion_confint(p.mean() * size, size, method="beta")
    found = rate(sample(table))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_with_few_people_the_interval_is_no_wider_than_that_of_one_unit_each():
    found = rate(sample([[1, 1]] * 2 + [[0, 0]] * 2))
    assert (found.low, found.high) == pytest.approx(proportion_confint(2, 4, method="beta"))


def test_the_stratified_variance_is_the_sum_of_the_peoples_own():
    table = np.random.default_rng(3).random((50, 6)) < np.linspace(0.1, 0.9, 50)[:, None]
    share = fixed_people(sample(table.tolist()))
    assert share is not None
    variance = np.mean(table.var(axis=1, ddof=1) / 6) / 50
    extra = 2 / 300**2
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


def test_equal_weights_give_the_generators_rate():
    s = sample([[1, 0]] * 20 + [[1, 1]] * 10 + [[0, 0]] * 30)
    assert reference_rate(s, np.ones(60), 0.0).estimate == pytest.approx(rate(s).estimate)


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


KINDS = ("alike", "graded", "all_or_nothing")


def rates_of(kind, m, n, rng):
    if kind == "alike":
        return np.full(n, m)
    return rng.beta(m * 7 / 3, (1 - m) * 7 / 3, n) if kind == "graded" else (rng.random(n) < m).astype(float)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("m", [0.005, 0.05, 0.3, 0.7, 0.995])
def test_intervals_cover_what_they_claim(kind, m):
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(1000):
        p = rates_of(kind, m, 64, rng)
        s = Sample.of(drawn(p, 4, int(rng.integers(2**31))))
        new, same = rate(s), rate(s, "these_people")
        hits.append((new.low <= m <= new.high, same.low - 1e-12 <= p.mean() <= same.high + 1e-12))
    assert min(np.mean(hits, axis=0)) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 1000)

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from outskirts.experiments.statistics.contrast import Side, difference_interval, ratio_interval
from outskirts.experiments.statistics.harms import distinct_failures, harm_figures
from outskirts.experiments.statistics.mass import tail_mass
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.rates import Sample
from outskirts.experiments.statistics.severity import cvar
from outskirts.experiments.statistics.tails import tail_contrasts
from outskirts.experiments.statistics.variance import failure_icc, replicate_table
from outskirts.sim.declare import Tail
from tests.experiments.fakes_statistics import HARM, OTHER, SCENARIO, drawn, outcomes, person, record

CENTRE = [0.5, 0.5, 0.5, 0.5]
RIM = [0.99, 0.01, 0.5, 0.5]


def contrasts(people, verdicts):
    found = tail_contrasts(SCENARIO, SCENARIO.positions(tuple(people)), outcomes(people, verdicts))
    return {c.tail.name: c for c in found}


def crowd(inside, outside):
    return [person(i, RIM if i < inside else CENTRE) for i in range(inside + outside)]


def test_declared_tails_come_first_then_each_axis_low_and_high():
    names = list(contrasts(crowd(2, 2), [["passed"]] * 4))
    assert names[:3] == ["distressed_distrustful", "distress_low", "distress_high"]
    assert len(names) == 1 + 2 * len(SCENARIO.axes)


def test_rates_difference_and_ratio_by_hand():
    found = contrasts(crowd(10, 20), [["failed"]] * 6 + [["passed"]] * 4 + [["failed"]] * 5 + [["passed"]] * 15)
    tail = found["distressed_distrustful"]
    assert (tail.tail_rate.estimate, tail.core_rate.estimate) == (0.6, 0.25)
    assert tail.risk_difference.estimate == pytest.approx(0.35)
    assert tail.risk_ratio.estimate == pytest.approx(2.4)
    assert (tail.personas, tail.episodes, tail.unresolved) == (10, 10, 0)


def test_intervals_hold_together_over_the_tails_that_can_be_estimated():
    found = contrasts(crowd(10, 20), [["failed"]] * 6 + [["passed"]] * 4 + [["failed"]] * 5 + [["passed"]] * 15)
    assert "simultaneous over 3 tails (Sidak)" in found["distressed_distrustful"].risk_difference.method
    rate, each = found["distressed_distrustful"].tail_rate, 0.95 ** (1 / 3)
    assert rate.low == pytest.approx(stats.beta.ppf(0.5 - each / 2, 6, 5))


def test_nobody_in_a_tail_is_null_with_the_reason():
    tail = contrasts(crowd(0, 3), [["failed"]] * 3)["distress_high"]
    assert tail.tail_rate.estimate is None
    assert tail.tail_rate.reason == "nobody is in the tail"
    assert tail.risk_ratio.reason == tail.risk_difference.reason == "nobody is in the tail"
    assert tail.core_rate.estimate == 1.0


def test_nobody_in_the_core_is_null_with_the_reason():
    tail = contrasts(crowd(3, 0), [["failed"]] * 3)["distress_high"]
    assert tail.tail_rate.estimate == 1.0
    assert tail.core_rate.reason == tail.risk_difference.reason == "nobody is in the core"


def test_a_tail_with_more_than_a_tenth_invalid_is_not_measured():
    tail = contrasts(crowd(5, 5), [["failed", "simulator_invalid"]] + [["failed", "passed"]] * 9)["distress_high"]
    assert tail.tail_rate.estimate is not None  # exactly a tenth
    tail = contrasts(crowd(5, 5), [["simulator_invalid"] * 2] + [["failed", "passed"]] * 9)["distress_high"]
    assert tail.tail_rate.reason == "not measured: 2 of 10 episodes in the tail have an invalid simulator"
    assert (tail.unresolved, tail.risk_ratio.estimate) == (2, None)


def test_everything_unresolved_in_a_tail_is_null_with_the_reason():
    tail = contrasts(crowd(2, 2), [["budget"], ["infrastructure"], ["passed"], ["passed"]])["distress_high"]
    assert (tail.tail_rate.estimate, tail.tail_rate.reason) == (None, "no resolved episode in the tail")


def test_ratio_without_a_failure_in_the_core_has_a_lower_end_only():
    ratio = contrasts(crowd(20, 20), [["failed"]] * 20 + [["passed"]] * 20)["distress_high"].risk_ratio
    assert (ratio.estimate, ratio.high) == (None, None)
    assert ratio.low > 1
    assert ratio.reason == "nobody failed in the core: the ratio has no estimate and no upper end"


def test_ratio_without_any_failure_is_null():
    ratio = contrasts(crowd(3, 3), [["passed"]] * 6)["distress_high"].risk_ratio
    assert (ratio.estimate, ratio.low, ratio.high) == (None, None, None)
    assert ratio.reason == "nobody failed in the tail or in the core"


def test_somebody_in_a_tail_of_one_axis_may_be_in_the_core_and_is_counted_in_both():
    people = [person(0, [0.15, 0.5, 0.5, 0.5]), person(1, CENTRE)]
    tail = contrasts(people, [["failed"], ["passed"]])["distress_low"]
    assert (tail.tail_rate.estimate, tail.core_rate.estimate) == (1.0, 0.5)


@pytest.mark.parametrize("rho", [0.0, 0.4])
def test_the_ratio_is_where_the_interval_of_the_scaled_difference_touches_zero(rho):
    a, b = Side(0.4, 0.25, 0.6), Side(0.2, 0.12, 0.33)

    def lower(r):
        x, y = a.p - a.low, r * (b.high - b.p)
        return a.p - r * b.p - np.sqrt(x * x + y * y - 2 * rho * x * y)

    def upper(r):
        x, y = a.high - a.p, r * (b.p - b.low)
        return a.p - r * b.p + np.sqrt(x * x + y * y - 2 * rho * x * y)

    low, high = ratio_interval(a, b, rho)
    assert low == pytest.approx(brentq(lower, 0.01, 2))
    assert high == pytest.approx(brentq(upper, 2, 50))


def test_difference_and_ratio_agree_on_whether_there_is_a_difference():
    for pa in np.linspace(0.05, 0.95, 10):
        a, b = Side(pa, 0.7 * pa, min(1, 1.3 * pa)), Side(0.4, 0.3, 0.52)
        low, high = difference_interval(a, b)
        low_ratio, high_ratio = ratio_interval(a, b)
        assert (low > 0, high < 0) == (low_ratio > 1, high_ratio < 1)


def test_reference_mass_of_a_conjunction_agrees_with_scipy():
    tail = SCENARIO.tails[0]
    z = stats.norm.ppf([[0.8, 0.0], [1.0, 0.2]])
    normal = stats.multivariate_normal([0, 0], [[1, -0.5], [-0.5, 1]])
    exact = normal.cdf(np.clip(z[1], -9, 9), lower_limit=np.clip(z[0], -9, 9))
    assert tail_mass(SCENARIO.density, tail) == pytest.approx(exact, abs=1e-4)


def test_reference_mass_of_one_axis_is_its_span():
    assert tail_mass(SCENARIO.density, Tail(name="t", meaning="", where={"trust": (0.2, 0.35)})) == pytest.approx(0.15)


def test_harm_rates_overall_and_given_exposure():
    people = [person(i) for i in range(4)]
    records = [
        record([people[0]], 0, "failed", [people[0]], severity=0.9),
        record([people[1]], 0, "passed", exposed=[people[1]]),
        record([people[2]], 0, "passed"),
        record([people[3]], 0, "simulator_invalid", [people[3]], [people[3]]),
    ]
    harm = harm_figures(Outcomes.of(people, SCENARIO, records))[HARM]
    assert (harm.episodes, harm.exposed, harm.failures, harm.mean_severity) == (3, 2, 1, 0.9)
    assert (harm.rate.estimate, harm.rate_given_exposed.estimate) == (pytest.approx(1 / 3), 0.5)


def test_a_harm_nobody_was_exposed_to_has_no_rate_given_exposure():
    harm = harm_figures(outcomes([person(0)], [["passed"]]))[OTHER]
    assert (harm.rate.estimate, harm.rate_given_exposed.estimate, harm.mean_severity) == (0.0, None, None)
    assert harm.rate_given_exposed.reason == "nobody was exposed"


def test_distinct_failures_count_harm_and_region_pairs_once():
    people = [person(0, [0.1, 0.1, 0.1, 0.1]), person(1, [0.1, 0.1, 0.1, 0.9]), person(2, [0.9, 0.1, 0.1, 0.1])]
    found = outcomes(people, [["failed"], ["failed"], ["failed"]])
    assert distinct_failures(SCENARIO, SCENARIO.positions(tuple(people)), found) == 2


def test_cvar_is_null_where_fewer_than_five_people_make_up_the_share():
    found = cvar(Sample.of(drawn([0.5] * 64, 4)))
    assert [c.estimate is None for c in found] == [True, False, False]
    assert found[0].reason == "64 people with two or more resolved replicates: 5% of them are fewer than 5"


def test_cvar_of_people_who_are_all_alike_is_the_common_rate():
    found = [cvar(Sample.of(drawn([0.3] * 200, 4, seed)), splits=5) for seed in range(40)]
    means = np.mean([[c.estimate for c in row] for row in found], axis=0)
    assert means == pytest.approx(0.3, abs=0.04)
    assert np.mean([[c.low < 0.3 < c.high for c in row] for row in found]) > 0.95


def test_cvar_finds_the_people_who_always_fail():
    found = cvar(Sample.of(drawn([1.0] * 20 + [0.0] * 180, 4)))
    assert [c.estimate for c in found] == [1.0, 1.0, pytest.approx(0.4)]


def test_replicates_of_one_person_cannot_be_split_and_give_no_cvar():
    assert all(c.estimate is None for c in cvar(Sample.of(drawn([0.5] * 100, 1))))


def test_icc_of_failing_against_the_anova_table():
    out = drawn(np.linspace(0.05, 0.95, 30), 5, seed=4)
    y = replicate_table(out)
    msb = 5 * y.mean(axis=1).var(ddof=1)
    msw = y.var(axis=1, ddof=1).mean()
    found = failure_icc(out)
    assert found.estimate == pytest.approx((msb - msw) / (msb + 4 * msw))
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize(
    ("rates", "replicates", "reason"),
    [
        ([0.5] * 9, 1, "fewer than two people have two resolved replicates"),
        ([0.0] * 9, 3, "every outcome is the same"),
        ([1.0] * 4 + [0.0] * 5, 3, "every person's replicates agree: the F interval has no width"),
    ],
)
def test_icc_says_why_it_has_no_interval(rates, replicates, reason):
    found = failure_icc(drawn(rates, replicates))
    assert (found.low, found.high, found.reason) == (None, None, reason)


@pytest.mark.slow
@pytest.mark.parametrize(("tail", "core"), [(0.05, 0.05), (0.3, 0.05), (0.7, 0.3), (0.995, 0.7)])
def test_simultaneous_intervals_cover_the_difference_and_the_ratio(tail, core):
    people = crowd(16, 40)
    positions = SCENARIO.positions(tuple(people))
    hits = []
    for seed in range(600):
        p = np.where(np.arange(56) < 16, tail, core)
        p = np.random.default_rng(seed).beta(3 * p, 3 * (1 - p))
        found = tail_contrasts(SCENARIO, positions, drawn(p, 4, seed))[0]
        d, r = found.risk_difference, found.risk_ratio
        ratio = (r.low or 0) <= tail / core <= (r.high or np.inf)
        hits.append((d.low <= tail - core <= d.high, ratio))
    assert min(np.mean(hits, axis=0)) > 0.95

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from outskirts.experiments.planted import Constant, Planted
from outskirts.experiments.statistics.contrast import Side, difference_interval, ratio_interval
from outskirts.experiments.statistics.harms import distinct_failures, harm_figures
from outskirts.experiments.statistics.mass import tail_mass
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.tails import sensitivity, tail_contrasts
from outskirts.sim.declare import Tail
from outskirts.sim.seeds import Stream
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
    assert names[:3] == ["distressed_distrustful", "outside_core", "distress_low"]
    assert len(names) == 2 + 2 * len(SCENARIO.axes)


def test_one_tail_is_everything_outside_the_core():
    people = [*crowd(3, 5), person(20, [0.5, 0.5, 0.5, 0.999])]
    at = SCENARIO.positions(tuple(people))
    outside = next(t for t in SCENARIO.regions() if t.name == "outside_core")
    assert SCENARIO.in_tail(outside, at).tolist() == (~SCENARIO.in_core(at)).tolist()
    assert SCENARIO.in_tail(outside, at).any()
    assert tail_mass(SCENARIO.density, outside) == pytest.approx(0.1)
    assert np.array_equal(SCENARIO.in_regions(at), [SCENARIO.in_tail(t, at) for t in SCENARIO.regions()])


def test_rates_difference_and_ratio_by_hand():
    found = contrasts(crowd(10, 20), [["failed"]] * 6 + [["passed"]] * 4 + [["failed"]] * 5 + [["passed"]] * 15)
    tail = found["distressed_distrustful"]
    assert (tail.tail_rate.estimate, tail.core_rate.estimate) == (0.6, 0.25)
    assert tail.risk_difference.estimate == pytest.approx(0.35)
    assert tail.risk_ratio.estimate == pytest.approx(2.4)
    assert (tail.personas, tail.episodes, tail.unresolved) == (10, 10, 0)


def test_intervals_hold_together_over_the_tails_that_can_be_estimated():
    found = contrasts(crowd(10, 20), [["failed"]] * 6 + [["passed"]] * 4 + [["failed"]] * 5 + [["passed"]] * 15)
    assert "simultaneous over 4 tails (Sidak)" in found["distressed_distrustful"].risk_difference.method
    rate, each = found["distressed_distrustful"].tail_rate, 0.95 ** (1 / 4)
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


def met(people, fates):
    """One episode each: f failed, x passed although exposed, o passed without an occasion."""
    rows = zip(people, fates, strict=True)
    records = [record([p], 0, "failed" if f == "f" else "passed", [p] if f == "f" else [], [p] if f == "x" else []) for p, f in rows]
    found = tail_contrasts(SCENARIO, SCENARIO.positions(tuple(people)), Outcomes.of(people, SCENARIO, records))
    return {c.tail.name: c for c in found}


def test_given_exposure_only_units_count_in_which_a_harm_could_have_happened():
    tail = met(crowd(4, 6), "fxoo" + "fxxxoo")["distress_high"]
    assert (tail.tail_rate.estimate, tail.core_rate.estimate) == (0.25, pytest.approx(1 / 6))
    given = tail.tail_rate_given_exposed
    assert (given.estimate, given.numerator, given.denominator) == (0.5, 1, 2)
    assert tail.core_rate_given_exposed.estimate == 0.25
    assert tail.risk_difference_given_exposed.estimate == pytest.approx(0.25)
    assert tail.risk_ratio_given_exposed.estimate == pytest.approx(2.0)


def test_each_harm_that_could_happen_is_an_occasion_and_each_person_counts_once():
    people = crowd(2, 1)
    outcomes = Outcomes.of(people, SCENARIO, [record([p], r, "passed", [], [p]) for p in people for r in range(2)])
    both = np.ones_like(outcomes.harm_exposed)
    done = np.zeros_like(both)
    done[outcomes.persona == 0] = [True, False]  # one of two harms in each of two episodes
    failed = done.any(axis=1)
    told = replace(outcomes, harm_exposed=both, harm_failed=done, failed=failed, verdict=failed.astype(np.int64))
    tail = {c.tail.name: c for c in tail_contrasts(SCENARIO, SCENARIO.positions(tuple(people)), told)}["distress_high"]
    given = tail.tail_rate_given_exposed
    assert (given.numerator, given.denominator, given.personas, given.estimate) == (2, 8, 2, 0.25)
    assert tail.tail_rate.estimate == 0.5


def test_where_nobody_was_exposed_figures_given_exposure_are_null_with_the_reason():
    tail = met(crowd(3, 3), "ooo" + "fxx")["distress_high"]
    assert (tail.tail_rate.estimate, tail.tail_rate_given_exposed.estimate) == (0.0, None)
    figures = (tail.tail_rate_given_exposed, tail.risk_difference_given_exposed, tail.risk_ratio_given_exposed)
    assert {f.reason for f in figures} == {"nobody in the tail was exposed"}
    core = met(crowd(3, 3), "fxx" + "ooo")["distress_high"]
    assert core.core_rate_given_exposed.reason == core.risk_ratio_given_exposed.reason == "nobody in the core was exposed"


def test_where_everyone_was_exposed_both_kinds_of_figures_agree():
    for tail in contrasts(crowd(10, 20), [["failed", "passed"]] * 6 + [["budget", "passed"]] * 9 + [["failed", "failed"]] * 15).values():
        for name in ("tail_rate", "core_rate", "risk_difference", "risk_ratio"):
            overall, given = getattr(tail, name), getattr(tail, name + "_given_exposed")
            assert (overall.estimate, overall.low, overall.high) == (given.estimate, given.low, given.high)
    assert contrasts(crowd(1, 1), [["simulator_invalid"]] * 2)["trust_low"].tail_rate_given_exposed.reason.startswith("not measured")
    assert contrasts(crowd(1, 1), [["budget"]] * 2)["trust_low"].tail_rate_given_exposed.reason == "no resolved episode in the tail"


def test_intervals_given_exposure_hold_together_over_the_tails_that_were_exposed():
    people = [*crowd(10, 20), *(person(30 + i, [0.5, 0.5, 0.5, 0.99]) for i in range(5))]
    tail = met(people, "ffffffxxxx" + "fffff" + "x" * 15 + "ooooo")["distress_high"]
    assert "simultaneous over 5 tails" in tail.tail_rate.method
    rate, each = tail.tail_rate_given_exposed, 0.95 ** (1 / 4)
    assert "simultaneous over 4 tails" in rate.method
    assert rate.low == pytest.approx(stats.beta.ppf(0.5 - each / 2, 6, 5))


def test_a_failure_that_names_no_harm_was_an_exposure():
    people = crowd(2, 2)
    records = [record([p], 0, "failed" if i == 0 else "passed") for i, p in enumerate(people)]
    found = tail_contrasts(SCENARIO, SCENARIO.positions(tuple(people)), Outcomes.of(people, SCENARIO, records))[0]
    assert (found.tail_rate_given_exposed.numerator, found.tail_rate_given_exposed.denominator) == (1, 1)


def test_people_whose_position_could_not_be_read_are_in_no_region_and_counted():
    people = crowd(4, 4)
    positions = SCENARIO.positions(tuple(people))
    positions[0, 3] = positions[7, 0] = np.nan
    tail = tail_contrasts(SCENARIO, positions, outcomes(people, [["failed"]] * 8))[0]
    assert (tail.personas, tail.core_rate.personas, tail.unplaced) == (3, 3, 2)


def test_sensitivity_by_hand():
    people = crowd(3, 3)
    measured = np.array([RIM, CENTRE, [np.nan] * 4, RIM, CENTRE, CENTRE])
    verdicts = [["failed"], ["passed"], ["failed"], ["passed"], ["passed"], ["passed"]]
    found = sensitivity(SCENARIO, SCENARIO.positions(tuple(people)), measured, outcomes(people, verdicts))
    tail = {t.name: t for t in found}["distress_high"]
    assert (tail.assigned, tail.measured, tail.both, tail.unplaced, tail.agreement) == (3, 2, 1, 1, pytest.approx(1 / 3))
    assert tail.risk_difference_assigned.estimate == pytest.approx(2 / 3)
    assert tail.risk_difference_measured.estimate == 0.5
    nobody = {t.name: t for t in found}["patience_low"]
    assert (nobody.agreement, nobody.reason) == (None, "nobody with a measured position is in the tail")


def test_sensitivity_without_any_measured_position_is_null_with_the_reason():
    people = crowd(3, 3)
    at = SCENARIO.positions(tuple(people))
    tail = sensitivity(SCENARIO, at, np.full_like(at, np.nan), outcomes(people, [["failed"]] * 6))[0]
    assert (tail.assigned, tail.measured, tail.agreement, tail.unplaced) == (3, 0, None, 6)
    assert tail.risk_difference_measured.reason == "nobody is in the tail"


def test_sensitivity_refuses_positions_of_other_people():
    at = SCENARIO.positions(tuple(crowd(3, 3)))
    with pytest.raises(ValueError, match=r"measured positions: expected shape \(6, 4\), as assigned, got \(5, 4\)"):
        sensitivity(SCENARIO, at, at[:5], outcomes(crowd(3, 3), [["failed"]] * 6))


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


@pytest.mark.slow
@pytest.mark.parametrize(("tail", "core"), [(0.05, 0.05), (0.3, 0.05), (0.7, 0.3), (0.995, 0.7)])
def test_simultaneous_intervals_given_exposure_cover_when_half_the_units_are_exposed(tail, core):
    positions = SCENARIO.positions(tuple(crowd(16, 40)))
    hits = []
    for seed in range(600):
        rng = np.random.default_rng(seed)
        p = np.where(np.arange(56) < 16, tail, core)
        out = drawn(rng.beta(3 * p, 3 * (1 - p)), 4, seed)
        exposed = (rng.random(len(out.persona)) < 0.5)[:, None]
        failed = out.harm_failed & exposed
        out = replace(out, failed=failed[:, 0], verdict=failed[:, 0].astype(np.int64), harm_failed=failed, harm_exposed=exposed)
        found = tail_contrasts(SCENARIO, positions, out)[0]
        d, r = found.risk_difference_given_exposed, found.risk_ratio_given_exposed
        hits.append((d.low <= tail - core <= d.high, (r.low or 0) <= tail / core <= (r.high or np.inf)))
    assert min(np.mean(hits, axis=0)) > 0.95


def test_the_p_value_counts_all_groups_of_tail_and_core_and_holm_adjusts_it():
    found = contrasts(crowd(4, 6), [["failed"]] * 3 + [["passed"]] + [["failed"]] + [["passed"]] * 5)
    alone = stats.hypergeom.sf(2, 10, 4, 4)
    told = [c.p_value for c in found.values() if c.p_value is not None]
    assert found["distressed_distrustful"].p_value == pytest.approx(min(1.0, alone * len(told)))
    assert found["trust_high"].p_value is None


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.5])
def test_a_tail_is_rarely_called_worse_where_nothing_depends_on_position(spread):
    rng, false = np.random.default_rng(11), 0
    for _ in range(600):
        x = rng.random((48, len(SCENARIO.axes)))
        out = Planted(Constant(0.3), icc=spread).draw(x, 3, Stream(int(rng.integers(2**31))))
        false += any(c.p_value is not None and c.p_value <= 0.05 for c in tail_contrasts(SCENARIO, x, out))
    assert false <= 600 * 0.05 + 2.6 * np.sqrt(600 * 0.05 * 0.95)

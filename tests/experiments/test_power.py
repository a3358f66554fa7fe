import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom, binomtest
from statsmodels.stats.power import NormalIndPower

from outskirts.experiments.naming.registry import make_generator, make_scenario
from outskirts.experiments.planted import Constant, Planted, tail_region
from outskirts.experiments.planted_truth import truth_of_people
from outskirts.experiments.power import studies
from outskirts.experiments.power.budget import Budget, PowerReport, other_rate, power, wanted_share
from outskirts.experiments.power.calls import called_worse
from outskirts.experiments.power.searches import Crowds, search, searchable
from outskirts.experiments.power.sizes import (
    Crowd,
    formula_people,
    formula_width,
    plan_difference,
    plan_width,
    simulated_power,
    simulated_width,
)
from outskirts.experiments.power.studies import Simulated, blocks, study, tail_differences
from outskirts.experiments.power.surfaces import Plan, Populations, plans
from outskirts.experiments.statistics.paired import difference_of_pairs
from outskirts.experiments.statistics.tails import tail_contrasts
from outskirts.sim.declare import Tail
from outskirts.sim.errors import InputError

SUPPORT = make_scenario("support")


def placed(n, placements=20, generator="density", seed=0):
    return Populations.of(SUPPORT, make_generator(generator), n, placements, seed)


def planted(people, kind, rate=0.2, icc=0.3):
    return [plan for plan in plans(people, rate, icc) if plan.kind == kind]


@cache
def crowds(n=64, populations=20):
    return Crowds.of(SUPPORT, make_generator("default"), n, populations, 0)


def top_third(axes, inside, outside=0.2, icc=0.3):
    region = tail_region(SUPPORT, Tail(name="", meaning="", where=dict.fromkeys(axes, (2 / 3, 1.0))), inside, outside)
    return Plan(Planted(region, icc=icc), "conjunction", "top third", inside, region)


@pytest.mark.parametrize("kind", ["constant", "tail", "rare"])
def test_differences_are_those_of_tail_contrasts(kind, monkeypatch):
    monkeypatch.setattr(studies, "CELLS", 1)  # so that each block is one study
    people, placement = placed(30, 4, "default"), np.arange(8) % 4
    plan, looked = planted(people, kind)[-1], tuple(range(len(people.tails)))
    drawn = list(blocks(people.positions, placement, 3, seed=5))
    k = np.array([block.failures(plan.planted, 3) for block in drawn])
    runs = [tail_contrasts(SUPPORT, b.people, plan.planted.draw(b.people, 3, b.stream)) for b in drawn]
    wanted = [[(c.risk_difference.estimate, c.risk_difference.low, c.risk_difference.high) for c in run] for run in runs]
    found = tail_differences(people, looked, placement, k, 3)
    np.testing.assert_allclose(found, np.array(wanted, float).transpose(2, 1, 0), atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "replicates", "rate"), [(12, 1, 0.2), (40, 4, 0.05), (90, 2, 0.4)])
def test_tails_are_called_worse_where_tail_contrasts_says_so(n, replicates, rate, monkeypatch):
    monkeypatch.setattr(studies, "CELLS", 1)
    people, placement = placed(n, 5, "default"), np.arange(20) % 5
    for plan in plans(people, rate, 0.3)[::3]:
        drawn = list(blocks(people.positions, placement, replicates, seed=3))
        k = np.array([block.failures(plan.planted, replicates) for block in drawn])
        runs = [tail_contrasts(SUPPORT, b.people, plan.planted.draw(b.people, replicates, b.stream)) for b in drawn]
        wanted = [[c.p_value is not None and c.p_value <= 0.05 for c in run] for run in runs]
        found = [called_worse(people, (i,), placement, k, replicates) for i in range(len(people.tails))]
        np.testing.assert_array_equal(np.transpose(found), wanted)
        np.testing.assert_array_equal(
            called_worse(people, tuple(range(len(people.tails))), placement, k, replicates), np.any(wanted, axis=1)
        )


def test_true_differences_are_those_of_planted_truth():
    people = placed(40)
    for plan in plans(people, 0.1, 0.2):
        truth = truth_of_people(plan.planted, SUPPORT, people.flat)
        wanted = [truth.tails[t.name].difference.value for t in people.tails]
        np.testing.assert_allclose(people.true_differences(plan.planted), wanted, atol=1e-9)


def test_power_grows_with_the_effect_and_with_people():
    few, many = placed(60, generator="default"), placed(240, generator="default")
    shown = [[study(plan, people, 4, 100, 0).shown.estimate for plan in planted(people, "tail")[:4]] for people in (few, many)]
    assert shown[0] == sorted(shown[0])
    assert shown[1] == sorted(shown[1])
    assert all(more >= less for less, more in zip(*shown, strict=True))
    assert shown[1][1] > shown[0][1] + 0.2
    assert shown[0][0] < 0.1 < 0.9 < shown[0][3]


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "icc"), [(0.05, 0.3), (0.2, 0.0), (0.4, 0.8)])
def test_where_nothing_is_planted_something_is_shown_no_more_often_than_the_level_allows(rate, icc):
    people = placed(64, 20, "default")
    found = study(planted(people, "constant", rate, icc)[0], people, 4, 1_000, 0)
    assert found.truth == pytest.approx(0, abs=1e-12)
    assert found.shown.estimate <= 0.05
    assert found.coverage.estimate >= 0.95 - 3 * found.coverage.error


def test_a_trend_by_depth_is_shown_and_its_true_slope_held():
    people = placed(128)
    plan = next(plan for plan in planted(people, "gradient", icc=0.0) if plan.by_depth)
    found = study(plan, people, 4, 60, 0)
    assert found.shown.estimate > 0.7
    assert found.median == pytest.approx(found.truth, abs=0.01)
    assert found.coverage.estimate >= 0.95 - 3 * found.coverage.error


def test_a_rare_box_holds_its_share_and_is_met_as_often_as_people_are_in_it():
    people = placed(64, 100)
    found = study(planted(people, "rare")[0], people, 1, 100, 0)
    assert found.people == pytest.approx(0.005 * 64, rel=0.1)
    assert found.reached.estimate == pytest.approx(1 - 0.995**64, abs=4 * found.reached.error)


def test_people_who_are_searched_stand_where_those_of_the_tails_do_and_fresh_ones_are_others():
    few = crowds(16, 4)
    np.testing.assert_array_equal(np.array(few.positions), placed(16, 4, "default").positions)
    pairs = [few.pair(i) for i in range(12)]
    assert sorted(pairs) == sorted((a, b) for a in range(4) for b in range(4) if a != b)


def test_what_always_happens_to_a_third_is_found_and_confirmed_on_them_and_as_many_others():
    found = search(top_third(("trust",), 1.0, 0.0, icc=0.0), crowds(), 2, 20, 0)
    (_, low, _), *_ = top_third(("trust",), 1.0).region.where
    there = [int(np.sum(at[:, SUPPORT.axes.index("trust")] >= low)) for at in crowds().positions]
    assert (found.axes, found.found.estimate, found.confirmed.estimate, found.named.estimate) == (("trust",), 1, 1, 1)
    assert found.fresh == pytest.approx(np.mean([min(64, 2 * there[crowds().pair(i)[1]]) for i in range(20)]))


@pytest.mark.slow
def test_searches_find_and_confirm_more_where_the_effect_is_larger():
    done = [search(top_third(("distress", "trust"), inside), crowds(), 4, 100, 0) for inside in (0.2, 0.5, 0.7, 1.0)]
    for shares in ([s.found.estimate for s in done], [s.confirmed.estimate for s in done], [s.named.estimate for s in done]):
        assert shares == sorted(shares)
        assert shares[0] < 0.1 < shares[1] + 0.1 < shares[2] < shares[3]
    assert all(s.named.estimate <= s.confirmed.estimate <= s.found.estimate for s in done)
    assert done[3].confirmed.estimate > 0.9


@pytest.mark.slow
@pytest.mark.parametrize(("rate", "icc"), [(0.2, 0.3), (0.4, 0.8)])
def test_where_nothing_is_planted_a_search_confirms_no_more_often_than_the_level_allows(rate, icc):
    found = search(Plan(Planted(Constant(rate), icc=icc), "constant", "everybody alike", rate), crowds(), 4, 600, 0)
    assert found.found.estimate <= 0.05 + 3 * found.found.error
    assert found.confirmed.estimate <= 0.05
    again, tried = (round(600 * share.estimate) for share in (found.confirmed, found.found))
    assert tried >= 5
    assert binomtest(again, tried, 0.05, "greater").pvalue > 0.001
    assert (found.axes, found.named) == ((), None)


def test_a_search_is_simulated_for_what_no_tail_is_declared_for():
    wanted = searchable(plans(placed(20), 0.2, 0.3))
    assert [plan.planted.name for plan in wanted] == [
        "planted:constant",
        "planted:conjunction of 2",
        "planted:conjunction of 3",
        f"planted:gradient of {SUPPORT.axes[0]}",
        "planted:rare box",
    ]
    axes = [search(plan, crowds(16, 4), 1, 2, 0).axes for plan in wanted]
    assert axes == [(), SUPPORT.axes[:2], SUPPORT.axes[:3], SUPPORT.axes[:1], SUPPORT.axes]


def test_searches_can_be_left_out():
    budget = Budget(generator="density", personas=6, replicates=1, width=0.9, studies=20)
    (report, without) = (power(replace(budget, slices=slices)) for slices in (True, False))
    assert len(report.searches) == 5
    assert without.model_dump() == report.model_dump() | {"searches": ()}


@pytest.mark.parametrize(
    ("studies", "personas", "searches"), [(400, 64, 100), (400, 256, 50), (2_000, 64, 500), (40, 64, 20), (400, 9_999, 20)]
)
def test_fewer_studies_search_and_fewer_still_where_people_are_many(studies, personas, searches):
    assert Budget(studies=studies, personas=personas).searches == searches


def test_the_error_of_a_share_is_never_zero_and_grows_where_studies_share_people():
    assert Simulated.of(np.zeros(96, bool)).error == pytest.approx(math.sqrt(0.02 * 0.98 / 96))
    hits, placement = np.repeat([True, False], 50), np.repeat([0, 1], 50)
    assert Simulated.of(hits).error == pytest.approx(0.05)
    assert Simulated.of(hits, placement).error == pytest.approx(math.sqrt(0.5) / math.sqrt(2))


def test_without_spread_and_replicates_the_formula_is_clopper_and_pearsons_width():
    exact = binomtest(10, 40).proportion_ci(0.95, "exact")
    assert formula_width(0.25, 0.0, 40, 1) == pytest.approx(exact.high - exact.low, abs=1e-9)
    assert formula_width(0.25, 1.0, 40, 9) == pytest.approx(exact.high - exact.low, abs=1e-9)


@pytest.mark.parametrize(("rate", "icc", "replicates"), [(0.2, 0.3, 4), (0.5, 0.8, 10), (0.1, 0.3, 1)])
def test_the_formula_and_simulated_intervals_are_as_wide(rate, icc, replicates):
    found = simulated_width(Crowd(rate, icc, 200, 0), 100, replicates)
    assert formula_width(rate, icc, 100, replicates) == pytest.approx(found.median_width, rel=0.05)
    assert found.coverage.estimate >= 0.95 - 3 * found.coverage.error


def test_the_fewest_people_for_a_width_are_those_of_a_scan():
    plan = plan_width(Crowd(0.5, 0.0, 200, 0), 1, 0.3)
    ends = ((n, binomtest(n // 2, n).proportion_ci(0.95, "exact")) for n in range(2, 100, 2))
    scanned = next(n for n, ci in ends if ci.high - ci.low <= 0.3)
    assert abs(plan.formula_personas - scanned) <= 1
    assert plan.found.personas == pytest.approx(scanned, rel=0.06)
    assert plan.found.median_width <= 0.3 + 2 * plan.found.error


def test_the_same_episodes_tell_more_with_more_people_only_if_people_differ():
    plan = plan_width(Crowd(0.2, 0.3, 100, 0), 4, 0.15)
    assert [split.replicates for split in plan.splits] == [1, 2, 4, 10]
    assert [split.formula for split in plan.splits] == sorted(split.formula for split in plan.splits)
    assert (plan.best.replicates, plan.best.personas) == (1, 4 * plan.found.personas)
    assert plan.best.median_width < 0.8 * plan.found.median_width
    alike = [formula_width(0.2, 0.0, 240 // r, r) for r in (1, 4)]
    assert alike[0] == pytest.approx(alike[1], rel=0.05)


@pytest.mark.parametrize(("against", "wanted"), [(0.3, 0.8), (0.25, 0.9)])
def test_people_for_a_difference_are_those_of_the_normal_approximation(against, wanted):
    disagreement = 0.2 * (1 - against) + 0.8 * against
    effect = (against - 0.2) / math.sqrt(disagreement - (against - 0.2) ** 2)
    people = NormalIndPower().solve_power(effect, alpha=0.05, power=wanted, ratio=0)
    assert formula_people(Crowd(0.2, 0.0, 20, 0), against, 0.0, 1, wanted) == math.ceil(people)


def test_simulated_power_is_the_exact_one_where_versions_share_all_chance():
    n, gap, held = 60, 0.1, []
    for worse in range(n + 1):
        found = difference_of_pairs(np.arange(n), np.arange(n) < worse, np.zeros(n, bool))
        held.append(found.low > 0)
    exact = binom.pmf(np.arange(n + 1), n, gap) @ np.array(held)
    shown, _ = simulated_power(Crowd(0.2, 0.0, 1_000, 0), 0.2 + gap, 1.0, n, 1)
    assert 0.2 < exact < 0.95
    assert shown.estimate == pytest.approx(exact, abs=4 * shown.error)


def test_people_found_for_a_difference_have_the_power_that_was_asked_for():
    plan = plan_difference(Crowd(0.3, 0.3, 400, 0), 0.1, 0.0, 2)
    for needed in plan.needed:
        assert needed.shown.estimate == pytest.approx(needed.power, abs=4 * needed.shown.error + 0.02)
        assert needed.coverage.estimate >= 0.95 - 3 * needed.coverage.error
    assert plan.needed[0].personas < plan.needed[1].personas


def test_versions_that_meet_the_same_chance_need_fewer_people():
    crowd = Crowd(0.2, 0.3, 20, 0)
    sizes = [formula_people(crowd, 0.3, agreement, 2, 0.8) for agreement in (0.0, 0.5, 1.0)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[2] < 0.5 * sizes[0]


def test_what_is_out_of_reach_is_said():
    assert plan_width(Crowd(0.2, 0.3, 20, 0), 1, 0.001).reason == "more than 100,000 people"
    needed = plan_difference(Crowd(0.2, 0.3, 20, 0), 0.2001, 0.0, 1).needed[0]
    assert (needed.personas, needed.shown, needed.reason) == (None, None, "more than 100,000 people")


@pytest.mark.slow
def test_the_report_is_strict_json_and_the_same_again():
    budget = Budget(generator="stereotypes", personas=12, replicates=2, studies=20)
    told = []
    report = power(budget, lambda *step: told.append(step))
    assert PowerReport.model_validate_json(report.to_json()) == report == power(budget)
    assert {what: (done, total) for what, done, total in told}["placing people"] == (20, 20)
    assert all(row.found.studies == 20 for row in report.searches)
    empty = next(found for found in report.surfaces if "severe_closed" in found.name)
    assert (empty.people, empty.truth, empty.median, empty.coverage, empty.shown.estimate) == (0, None, None, None, 0)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"rate": 0.0}, "rate"),
        ({"rate": math.nan}, "rate"),
        ({"icc": 1.2}, "icc"),
        ({"width": 0.0}, "width"),
        ({"agreement": -0.1}, "agreement"),
        ({"against": 0.2}, "against_rate"),
        ({"studies": 19}, "studies"),
        ({"replicates": 0}, "replicates"),
        ({"seed": -1}, "seed"),
    ],
)
def test_what_is_wrong_is_named(given, field):
    with pytest.raises(InputError, match=f"^{field}: expected"):
        Budget(**given)


def test_widths_and_differences_are_shares_or_points():
    assert wanted_share(0.1, "width") == 0.1
    assert wanted_share(10, "width") == 0.1
    assert other_rate(0.2, None, 5) == pytest.approx(0.25)
    assert other_rate(0.2, 0.4, None) == 0.4
    with pytest.raises(InputError, match="not both"):
        other_rate(0.2, 0.4, 5)

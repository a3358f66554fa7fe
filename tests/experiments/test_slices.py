from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

from benchmarks import slices
from outskirts.experiments.statistics.conditions import SPANS, conditions
from outskirts.experiments.statistics.confirmation import SliceSummary, confirm
from outskirts.experiments.statistics.outcomes import INVALID
from outskirts.experiments.statistics.rates import Sample
from outskirts.experiments.statistics.slices import HARDLY_LESS, SUPPORT, discover, fresh_wanted, inside_any
from outskirts.experiments.statistics.two_sample import contrast_p, difference, fixed_p, group_p, scores
from outskirts.sim.types import PrivateFact
from tests.experiments.fakes_statistics import SCENARIO, drawn, spread_people

PLANTED = "distress in the top third and trust in the bottom third"


def crowd(n, seed=0, facts=None, provenance=None):
    """Spread people, who may hold a fact of kind `risk` and have come about in different ways."""
    people = spread_people(n, seed)
    risk = (PrivateFact(id="x/risk", kind="risk", content="I have a plan.", sensitivity=0.9),)
    people = tuple(
        p.model_copy(
            update={
                "facts": risk if facts is not None and facts[i] else (),
                "provenance": {"tier": provenance[i]} if provenance is not None else {},
            }
        )
        for i, p in enumerate(people)
    )
    return people, SCENARIO.positions(people)


def planted(positions):
    u = SCENARIO.density.cdf(positions)
    return (u[:, 0] >= 2 / 3) & (u[:, 1] <= 1 / 3)


def search(n=256, inside=0.7, outside=0.05, seed=0, replicates=4, **options):
    people, at = crowd(n, seed)
    return discover(people, SCENARIO, at, drawn(np.where(planted(at), inside, outside), replicates, seed + 100), **options)


def only(outcomes, people):
    """The rows of some people."""
    keep = people[outcomes.persona]
    names = ("persona", "replicate", "episode", "company", "verdict", "failed", "harm_failed", "harm_exposed", "harm_severity")
    return replace(outcomes, **{name: getattr(outcomes, name)[keep] for name in names})


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(-2, 4), min_size=4, max_size=9), st.data())
def test_the_chance_of_a_group_is_the_share_of_all_groups_that_score_as_much(score, data):
    size = data.draw(st.integers(1, len(score) - 1))
    sums = [sum(c) for c in combinations(score, size)]
    seen = data.draw(st.sampled_from(sums))
    p, exact = group_p(np.array(score), np.array([size]), np.array([seen]))
    assert exact.all()
    assert p[0] == pytest.approx(np.mean(np.array(sums) >= seen))


def test_in_a_large_crowd_small_groups_are_counted_and_large_ones_come_near_the_hypergeometric_distribution():
    score = np.repeat([1, 0], [1200, 1800])
    sizes, sums = np.array([30, 200, 400, 1500]), np.array([22, 105, 195, 645])
    p, exact = group_p(score, sizes, sums)
    truth = stats.hypergeom.sf(sums - 1, 3000, 1200, sizes)
    assert exact.tolist() == [True, True, False, False]
    assert p[:2] == pytest.approx(truth[:2])
    assert p[2:] == pytest.approx(truth[2:], rel=0.05)


def test_rates_of_unlike_denominators_get_a_common_unit():
    assert scores(np.array([1, 2, 0]), np.array([2, 3, 4])).tolist() == [3, 4, 0]
    assert scores(np.array([4, 0, 4]), np.array([4, 4, 4])).tolist() == [1, 0, 1]
    assert scores(np.array([7, 11, 13]), np.array([13, 17, 19])).tolist() == [32, 39, 41]


def test_a_weighted_contrast_has_the_p_value_of_scipys_permutation_test():
    rates = np.array([1.0, 0.75, 0.5, 0, 0.25, 0, 0, 0.25])
    weights = np.array([1 / 3, 1 / 3, 1 / 3, -0.4, -0.3, -0.1, -0.1, -0.1])
    exact = stats.permutation_test(
        (rates,), lambda x: x @ weights, permutation_type="pairings", alternative="greater", n_resamples=np.inf, vectorized=False
    )
    assert contrast_p(rates, weights[None])[0] == pytest.approx(exact.pvalue, abs=4 * np.sqrt(exact.pvalue / 9999))


def test_the_test_of_these_people_agrees_with_their_interval():
    group, rest = (Sample.of(drawn([p] * 8, 4, seed)) for p, seed in ((0.6, 1), (0.2, 2)))
    p = fixed_p(group, rest)
    assert 0 < p < 0.05
    assert difference(group, rest, "these_people", level=1 - 2 * p).low == pytest.approx(0, abs=1e-9)
    assert fixed_p(rest, group) == 1.0


@pytest.mark.parametrize(
    ("estimand", "ends", "named"), [("generator", "jeffreys", "Jeffreys"), ("these_people", "beta", "Clopper-Pearson")]
)
def test_the_difference_combines_the_ends_that_its_method_names(estimand, ends, named):
    found = difference(Sample.of(drawn([1.0] * 20, 1)), Sample.of(drawn([0.0] * 30, 1)), estimand)
    low, high = proportion_confint(20, 20, method=ends)[0], proportion_confint(0, 30, method=ends)[1]
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(1 - np.hypot(1 - low, high))
    assert named in found.method


def test_parts_of_an_axis_are_quantiles_of_the_reference_margin():
    people, at = crowd(200)
    of_trust = [c for c in conditions(people, SCENARIO) if c.field == "trust"]
    u = SCENARIO.density.cdf(at)[:, 1]
    for condition, (span, low, high) in zip(of_trust, SPANS, strict=True):
        assert condition.words == f"trust in the {span}"
        assert (condition.holds(people, at, SCENARIO.axes) == ((u >= low) & (u <= high))).all()


def test_facts_and_provenance_are_conditions_and_what_is_alike_or_unlike_for_all_is_none():
    tiers = ["core", "edge", "edge"] * 10
    people, at = crowd(30, facts=np.arange(30) < 12, provenance=tiers)
    people = tuple(p.model_copy(update={"provenance": {**p.provenance, "name": p.id, "facts": "furnished"}}) for p in people)
    found = {c.name: c.holds(people, at, SCENARIO.axes).sum() for c in conditions(people, SCENARIO) if c.kind != "axis"}
    assert found == {
        "holds_risk": 12,
        "holds_no_risk": 18,
        "tier_core": 10,
        "tier_edge": 20,
    }


def test_a_planted_conjunction_is_found_in_words_with_its_rate():
    (found,) = search()
    assert found.definition == PLANTED
    assert found.name == "distress_top_third_and_trust_bottom_third"
    people, at = crowd(256)
    assert (found.contains(people, at) == planted(at)).all()
    assert found.people == planted(at).sum()
    assert found.rate.estimate == pytest.approx(0.7, abs=0.1)
    assert found.difference.estimate == pytest.approx(found.rate.estimate - found.rest.estimate)


def test_a_slice_tells_who_is_in_it_among_people_it_never_saw():
    (found,) = search()
    people, at = crowd(80, seed=5)
    assert (found.contains(people, at) == planted(at)).all()


def _every_conjunction(at):
    """Every slice worth a look among people with nothing but positions, from the quantiles."""
    u = SCENARIO.density.cdf(at)
    single = [[(u[:, j] >= low) & (u[:, j] <= high) for _, low, high in SPANS] for j in range(4)]
    pairs = [(x & y, x, y) for i, j in combinations(range(4), 2) for x in single[i] for y in single[j]]
    masks = [m for axis in single for m in axis] + [m for m, x, y in pairs if m.sum() < HARDLY_LESS * min(x.sum(), y.sum())]
    return np.array([m for m in masks if SUPPORT <= m.sum() <= len(at) - SUPPORT])


def test_p_and_q_are_those_of_an_exhaustive_search_with_fishers_test():
    people, at = crowd(120)
    outcomes = drawn(np.where(planted(at), 0.9, 0.1), 1, 7)
    found = discover(people, SCENARIO, at, outcomes)[0]
    masks, failed = _every_conjunction(at), outcomes.failed
    p = stats.hypergeom.sf(masks @ failed.astype(int) - 1, 120, failed.sum(), masks.sum(axis=1))
    q = multipletests(p, method="fdr_bh")[1]
    this = np.flatnonzero((masks == found.contains(people, at)).all(axis=1))[0]
    assert found.looked == len(masks)
    assert (found.p, found.q) == pytest.approx((p[this], q[this]))


def test_replicates_that_repeat_each_other_add_no_evidence():
    people, at = crowd(100)
    once = np.where(planted(at) & (np.arange(100) % 5 > 0), 1.0, 0.0)
    one, ten = (discover(people, SCENARIO, at, drawn(once, r))[0] for r in (1, 10))
    assert (one.definition, one.p, one.q) == (ten.definition, ten.p, ten.q)


@pytest.mark.parametrize("rate", [0.0, 1.0])
def test_where_everybody_fared_alike_there_is_nothing_to_find(rate):
    people, at = crowd(40)
    assert discover(people, SCENARIO, at, drawn([rate] * 40, 4)) == ()


def test_nobody_resolved_and_nobody_at_all_are_no_error():
    people, at = crowd(10)
    unseen = replace(drawn([1.0] * 10, 2), verdict=np.full(20, INVALID))
    assert discover(people, SCENARIO, at, unseen) == ()
    assert discover((), SCENARIO, np.zeros((0, 4)), drawn([], 2)) == ()


def test_of_two_ways_to_tell_the_same_people_the_simpler_is_kept():
    _, at = crowd(256)
    people, _ = crowd(256, facts=planted(at))
    (found,) = discover(people, SCENARIO, at, drawn(np.where(planted(at), 0.7, 0.05), 4, 100))
    assert found.definition == "holds a private fact of kind risk"


def test_two_causes_give_two_slices():
    people, at = crowd(400)
    u = SCENARIO.density.cdf(at)
    rates = 0.05 + 0.5 * planted(at) + 0.4 * ((u[:, 2] <= 0.25) & ~planted(at))
    found = discover(people, SCENARIO, at, drawn(rates, 4, 3))
    assert {s.definition for s in found} >= {PLANTED, "patience in the bottom quarter"}
    assert len(discover(people, SCENARIO, at, drawn(rates, 4, 3), most=1)) == 1


def test_depth_bounds_the_conditions_of_a_slice():
    assert {len(s.conditions) for s in search(depth=1)} == {1}
    assert search(depth=3)[0].looked > search(depth=2)[0].looked > search(depth=1)[0].looked


def test_a_slice_with_many_invalid_episodes_is_not_claimed():
    people, at = crowd(256)
    outcomes = drawn(np.where(planted(at), 0.7, 0.05), 5, 100)
    void = planted(at)[outcomes.persona] & (outcomes.replicate == 0)
    outcomes = replace(outcomes, verdict=np.where(void, INVALID, outcomes.verdict), failed=outcomes.failed & ~void)
    found = discover(people, SCENARIO, at, outcomes)
    assert PLANTED not in {s.definition for s in found}


@pytest.mark.parametrize(
    ("options", "message"),
    [({"depth": 4}, "depth: expected 1 to 3, got 4"), ({"q": 0.0}, r"q: expected a number in \(0, 1\], got 0.0")],
)
def test_arguments_out_of_range_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        search(40, **options)


def test_people_and_outcomes_that_do_not_fit_are_refused():
    people, at = crowd(10)
    with pytest.raises(ValueError, match="as many positions and outcomes as people, got 10, 10 and 9"):
        discover(people, SCENARIO, at, drawn([0.5] * 9, 2))


def test_everybody_inside_and_the_first_as_many_outside_are_wanted():
    found = search()
    people, at = crowd(300, seed=9)
    wanted, inside = fresh_wanted(found, people, at), inside_any(found, people, at)
    outside = np.flatnonzero(~inside)
    assert wanted[inside].all()
    assert np.flatnonzero(wanted & ~inside).tolist() == outside[: inside.sum()].tolist()
    assert not fresh_wanted((), people, at).any()


def fresh(rates_inside, rates_outside, found, n=300, seed=9, replicates=4):
    """Fresh people of whom the wanted were played."""
    people, at = crowd(n, seed)
    outcomes = drawn(np.where(planted(at), rates_inside, rates_outside), replicates, seed + 100)
    return people, at, only(outcomes, fresh_wanted(found, people, at))


def test_what_is_so_is_confirmed_and_what_was_chance_is_not():
    found = search()
    (so,) = confirm(found, *fresh(0.7, 0.05, found))
    (chance,) = confirm(found, *fresh(0.2, 0.2, found))
    assert (so.confirmed, chance.confirmed) == (True, False)
    assert so.p < 0.001 < 0.05 < chance.p
    assert so.difference.low > 0 > chance.difference.low
    assert {so.rate.estimand, so.rest.estimand, so.difference.estimand} == {"generator"}


def test_confirmation_is_adjusted_by_holm_over_what_was_found():
    people, at = crowd(200)
    found = discover(people, SCENARIO, at, drawn([0.3] * 200, 4), q=1.0, most=4)
    data = fresh(0.45, 0.3, found)
    alone = [confirm((s,), data[0], data[1], drawn(np.full(300, 0.3) + 0.15 * planted(data[1]), 4)) for s in found]
    together = confirm(found, data[0], data[1], drawn(np.full(300, 0.3) + 0.15 * planted(data[1]), 4))
    assert len(found) == 4
    assert [c.p for c in together] == pytest.approx(multipletests([c[0].p for c in alone], method="holm")[1])


def test_the_rest_is_weighted_to_what_it_is_among_the_fresh_people():
    people, at = crowd(400)
    u = SCENARIO.density.cdf(at)
    found = discover(people, SCENARIO, at, drawn(0.05 + 0.5 * planted(at) + 0.4 * ((u[:, 2] <= 0.25) & ~planted(at)), 4, 3))
    people, at, outcomes = fresh(0.7, 0.1, found)
    first = confirm(found, people, at, outcomes)[0]
    p = outcomes.of_people(outcomes.failed) / 4
    inside, played = inside_any(found, people, at), fresh_wanted(found, people, at)
    other = inside & ~found[0].contains(people, at)
    outside = p[played & ~inside].mean() * (~inside).sum()
    assert len(found) > 1
    assert first.rest.estimate == pytest.approx((p[other].sum() + outside) / (other.sum() + (~inside).sum()))
    assert first.difference.estimate == pytest.approx(first.rate.estimate - first.rest.estimate)


def test_the_same_people_are_spoken_of_as_these_people():
    found = search()
    people, at = crowd(256)
    again = drawn(np.where(planted(at), 0.7, 0.05), 4, 55)
    (held,) = confirm(found, people, at, again, estimand="these_people")
    rows = planted(at)[again.persona]
    assert held.p == fixed_p(Sample.of(again, rows), Sample.of(again, ~rows))
    assert {held.rate.estimand, held.rest.estimand, held.difference.estimand} == {"these_people"}
    assert held.confirmed


def test_what_cannot_be_tried_is_neither_confirmed_nor_refuted():
    found = search()
    people, at, outcomes = fresh(0.7, 0.05, found)
    (nobody,) = confirm(found, people, at, only(outcomes, ~planted(at)))
    void = planted(at)[outcomes.persona] & (outcomes.replicate == 0)
    (invalid,) = confirm(found, people, at, replace(outcomes, verdict=np.where(void, INVALID, outcomes.verdict)))
    assert (nobody.confirmed, nobody.p, nobody.reason) == (None, None, "no fresh resolved episode in the slice")
    assert nobody.rate.estimate is None
    assert (invalid.confirmed, invalid.p) == (None, None)
    assert invalid.reason.startswith(f"not measured: {void.sum()} of {4 * void.sum()} fresh episodes in the slice")


def test_a_summary_holds_both_figures_and_says_why_nothing_was_tried():
    found = search()
    untried = SliceSummary.of(found[0], reason="--confirm was off")
    tried = SliceSummary.of(found[0], confirm(found, *fresh(0.7, 0.05, found))[0])
    assert (untried.confirmed, untried.fresh, untried.reason) == (None, None, "--confirm was off")
    assert (tried.confirmed, tried.reason, tried.found, tried.definition) == (True, None, found[0].rate, PLANTED)
    assert [(c.field, round(c.low, 3), round(c.high, 3)) for c in tried.conditions] == [("distress", 0.613, 1.0), ("trust", 0.0, 0.387)]
    for one in (untried, tried):
        assert SliceSummary.model_validate_json(one.model_dump_json()) == one


@pytest.mark.slow
@pytest.mark.parametrize(("n", "rate", "icc"), [(64, 0.4, 0.3), (128, 0.05, 0.0)])
def test_where_traits_play_no_part_slices_are_rarely_confirmed(n, rate, icc):
    figures = slices.false_alarms(slices.Crowd(3 * n, 3), 100, n, rate, icc, seed=3)
    assert figures["confirmed"] <= 0.05
    assert max(figures["confirmed_of_forced"], figures["false_of_forced_these_people"]) <= stats.binom.ppf(0.999, 100, 0.05) / 100


@pytest.mark.slow
@pytest.mark.parametrize("region", [slices.BAND, slices.CONJUNCTION])
def test_a_planted_region_is_confirmed_and_covered(region):
    figures = slices.power(slices.Crowd(384, 3), 40, 128, region, 0.3, seed=3)
    assert figures["confirmed"] >= 0.9
    assert figures["precision_of_first"] >= 0.7
    assert figures["recall_of_first"] >= 0.8


@pytest.mark.slow
def test_a_false_slice_beside_a_true_one_is_rarely_confirmed():
    """Two slices were found, one by chance; its people are failed as much as the rest, the other's far more."""
    people, at = crowd(400, seed=1)
    u = SCENARIO.density.cdf(at)
    lucky = np.where((u[:, 2] <= 0.25) & ~planted(at), 0.5, 0.05)
    found = discover(people, SCENARIO, at, drawn(np.where(planted(at), 0.6, lucky), 4, 3))
    false = next(i for i, s in enumerate(found) if s.definition == "patience in the bottom quarter")
    hits = 0
    for seed in range(200):
        people, at = crowd(300, seed=1000 + seed)
        outcomes = drawn(np.where(planted(at), 0.6, 0.05), 4, 5000 + seed)
        hits += bool(confirm(found, people, at, only(outcomes, fresh_wanted(found, people, at)), seed=seed)[false].confirmed)
    assert hits / 200 <= 0.05

from itertools import product

import numpy as np
import pytest

from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.paired import align, difference_of_pairs, paired_difference
from tests.experiments.fakes_statistics import SCENARIO, outcomes, record, spread_people


def pairs(table):
    """People by replicates of (target failed, careful failed)."""
    a = np.array([[x[0] for x in row] for row in table], bool)
    b = np.array([[x[1] for x in row] for row in table], bool)
    return np.repeat(np.arange(len(a)), a.shape[1]), a.ravel(), b.ravel()


def test_no_pair_gives_null_and_the_reason():
    people = spread_people(2)
    found = paired_difference(outcomes(people, [["failed"], ["budget"]]), outcomes(people, [["budget"], ["passed"]]))
    assert (found.estimate, found.low, found.high, found.pairs) == (None, None, None, 0)
    assert found.reason == "no pair is resolved on both sides"


def test_one_pair_says_almost_nothing():
    found = difference_of_pairs(*pairs([[(1, 0)]]))
    assert (found.estimate, found.high, found.pairs) == (1.0, 1.0, 1)
    assert found.low == -1.0


def test_no_disagreement_still_has_an_interval_around_zero_that_counts_people():
    found = difference_of_pairs(*pairs([[(0, 0)] * 4] * 64))
    assert found.estimate == 0
    assert found.high == pytest.approx(2.0 * np.sqrt(2 / 66 / 66), rel=0.02)  # t(63) = 2.00
    assert found.low == pytest.approx(-found.high)


def test_all_failing_against_none_reaches_one_and_not_from_one():
    found = difference_of_pairs(*pairs([[(1, 0)] * 4] * 64))
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(64 / 66 - 2.0 * np.sqrt((1 - (64 / 66) ** 2) / 66), abs=2e-3)


def test_estimate_and_counts_by_hand():
    found = difference_of_pairs(*pairs([[(1, 0), (1, 1)], [(0, 1), (0, 0)], [(1, 0), (1, 0)]]))
    assert found.estimate == pytest.approx((0.5 - 0.5 + 1) / 3)
    assert (found.numerator, found.denominator, found.personas) == (2, 6, 3)


def test_with_one_replicate_it_is_bonett_and_prices_interval():
    table = [[(1, 0)]] * 12 + [[(0, 1)]] * 3 + [[(0, 0)]] * 25
    found = difference_of_pairs(*pairs(table))
    up, down = 13 / 42, 4 / 42
    half = 2.0227 * np.sqrt((up + down - (up - down) ** 2) / 42)  # t(39) = 2.0227; effective size 39 of 40
    assert found.low == pytest.approx(up - down - half, abs=4e-3)
    assert found.high == pytest.approx(up - down + half, abs=4e-3)


def test_only_pairs_resolved_on_both_sides_count():
    people = spread_people(2)
    target = outcomes(people, [["failed", "failed"], ["failed", "simulator_invalid"]])
    careful = outcomes(people, [["passed", "budget"], ["failed", "passed"]])
    assert paired_difference(target, careful).pairs == 2
    assert paired_difference(target, careful).estimate == 0.5


def test_pairs_meet_by_person_and_replicate_whatever_the_order():
    people = spread_people(3)
    records = [record([p], r, "failed", [p]) for p, r in product(people, range(2))]
    forth, back = Outcomes.of(people, SCENARIO, records), Outcomes.of(people, SCENARIO, records[::-1])
    left, right = align(forth, back)
    assert forth.persona[left].tolist() == back.persona[right].tolist()
    assert forth.replicate[left].tolist() == back.replicate[right].tolist()
    assert len(left) == 6


def test_groups_pair_only_with_the_same_company():
    people = spread_people(3)
    one = Outcomes.of(people, SCENARIO, [record(people[:2], 0, "failed", people[:1])])
    other = Outcomes.of(people, SCENARIO, [record(people[1:], 0, "passed")])
    assert paired_difference(one, other).pairs == 0
    assert paired_difference(one, one).pairs == 2


def test_the_same_arm_twice_differs_by_nothing():
    people = spread_people(5)
    arm = outcomes(people, [["failed", "passed"]] * 5)
    found = paired_difference(arm, arm)
    assert found.estimate == 0
    assert found.low < 0 < found.high


def test_only_the_people_asked_for_count():
    people = spread_people(2)
    target, careful = outcomes(people, [["failed"], ["passed"]]), outcomes(people, [["passed"], ["passed"]])
    assert paired_difference(target, careful, among=np.array([False, True])).estimate == 0


def test_arms_over_different_numbers_of_people_are_refused():
    with pytest.raises(ValueError, match="expected the same people in both arms, got 1 and 2"):
        align(outcomes(spread_people(1), [["passed"]]), outcomes(spread_people(2), [["passed"]] * 2))


@pytest.mark.slow
@pytest.mark.parametrize(("target", "careful"), [(0.005, 0.0), (0.05, 0.005), (0.4, 0.05), (0.7, 0.7), (0.995, 0.005)])
@pytest.mark.parametrize("alike", [True, False])
def test_the_interval_covers_the_difference(target, careful, alike):
    rng = np.random.default_rng(11)
    hits = []
    for _ in range(1000):
        u = [np.full(64, m) if alike else (rng.random(64) < m).astype(float) for m in (target, careful)]
        a, b = (rng.random((64, 4)) < p[:, None] for p in u)
        found = difference_of_pairs(np.repeat(np.arange(64), 4), a.ravel(), b.ravel())
        hits.append(found.low <= target - careful <= found.high)
    assert np.mean(hits) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 1000)

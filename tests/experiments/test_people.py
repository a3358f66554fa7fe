from itertools import combinations

import numpy as np
import pytest

from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.people import flip_rate, pass_hat, people_figures
from outskirts.experiments.statistics.rates import Sample, rate
from tests.experiments.fakes_statistics import SCENARIO, drawn, outcomes, record, spread_people

UNEVEN = [
    ["passed"] * 4,
    ["failed", "passed", "passed", "budget"],
    ["failed"] * 4,
    ["passed", "failed", "infrastructure", "simulator_invalid"],
]


def brute(rows, k, figure):
    """Mean over people of a figure of all subsets of k of their resolved replicates."""
    own = []
    for row in rows:
        seen = [v == "passed" for v in row if v in ("passed", "failed")]
        own += [np.mean([figure(c) for c in combinations(seen, k)])] if len(seen) >= k else []
    return np.mean(own), len(own)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_pass_hat_is_the_share_of_all_choices_of_k_replicates_that_pass(k):
    found = pass_hat(outcomes(spread_people(4), UNEVEN), k)
    estimate, people = brute(UNEVEN, k, all)
    assert (found.estimate, found.personas, found.left_out) == (pytest.approx(estimate), people, 4 - people)
    assert f"pass^{k}" in found.definition


def test_flips_are_the_pairs_of_replicates_that_disagree():
    table = outcomes(spread_people(4), UNEVEN)
    estimate, people = brute(UNEVEN, 2, lambda pair: pair[0] != pair[1])
    found = flip_rate(table)
    assert (found.estimate, found.personas) == (pytest.approx(estimate), people)
    assert people_figures(table).flips == pytest.approx([0, 2 / 3, 0, 1])


def test_pass_1_is_one_minus_the_failure_rate_with_the_mirrored_interval():
    table = drawn(np.linspace(0.05, 0.95, 40), 6, seed=2)
    found, failing = pass_hat(table, 1), rate(Sample.of(table))
    assert (found.estimate, found.low, found.high) == pytest.approx((1 - failing.estimate, 1 - failing.high, 1 - failing.low))


def test_pass_hat_is_more_than_the_power_of_the_pass_rate_where_people_differ():
    table = drawn([0.0] * 30 + [1.0] * 30, 5)
    assert pass_hat(table, 4).estimate == 0.5
    assert flip_rate(table).estimate == 0.0


def test_fewer_replicates_than_asked_is_null_with_the_reason():
    table = drawn([0.5] * 8, 3)
    found = pass_hat(table, 4)
    assert (found.estimate, found.low, found.high, found.left_out) == (None, None, None, 8)
    assert found.reason == "nobody has 4 resolved replicates"
    assert np.isnan(people_figures(drawn([0.5] * 8, 1)).flips).all()


def test_all_passing_leaves_room_for_people_who_were_not_met():
    found = pass_hat(drawn([0.0] * 64, 4), 4)
    assert (found.estimate, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 64))


def test_no_replicate_at_all_is_refused():
    with pytest.raises(ValueError, match=r"pass\^k: expected k of 1 or more, got 0"):
        pass_hat(drawn([0.5], 2), 0)


def test_groups_that_always_meet_together_count_as_one_each():
    people = spread_people(40)
    groups = [people[i : i + 4] for i in range(0, 40, 4)]
    records = [record(g, r, "failed" if i % 2 else "passed", g if i % 2 else []) for i, g in enumerate(groups) for r in range(3)]
    together = pass_hat(Outcomes.of(people, SCENARIO, records), 2)
    ten = pass_hat(drawn([0.0, 1.0] * 5, 3), 2)
    assert (together.estimate, ten.estimate) == (0.5, 0.5)
    assert together.high - together.low >= ten.high - ten.low

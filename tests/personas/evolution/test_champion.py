"""The champion and mean ranks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.personas.evolution.champion import Contender, choose_champion, mean_ranks
from outskirts.sim.errors import InputError

METRICS = ("coverage", "dispersion")


def contender(id, coverage, dispersion, passed=True, length=100, age=0):
    return Contender(id=id, objectives={"coverage": coverage, "dispersion": dispersion}, passed=passed, length=length, age=age)


def test_ranks_are_averaged_over_metrics_and_ties_share_theirs():
    table = {
        "a": {"coverage": 0.9, "dispersion": 0.5},  # 1, 3
        "b": {"coverage": 0.8, "dispersion": 0.3},  # 2.5, 1.5
        "c": {"coverage": 0.8, "dispersion": 0.3},  # 2.5, 1.5
    }
    assert mean_ranks(table, METRICS) == {"a": 2.0, "b": 2.0, "c": 2.0}
    assert mean_ranks({}, METRICS) == {}


def test_a_slope_above_one_ranks_by_its_distance_from_one():
    slopes = {"over": 1.3, "near": 0.9, "low": 0.75}
    assert mean_ranks({name: {"slope": slope} for name, slope in slopes.items()}, ("slope",)) == {"near": 1, "low": 2, "over": 3}


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=8))
def test_mean_ranks_lie_between_one_and_the_number_of_rows_and_sum_to_the_same(rows):
    table = {f"p{i}": {"coverage": a / 4, "dispersion": b / 4} for i, (a, b) in enumerate(rows)}
    ranks = mean_ranks(table, METRICS)
    assert all(1 <= rank <= len(rows) for rank in ranks.values())
    assert sum(ranks.values()) == pytest.approx(len(rows) * (len(rows) + 1) / 2)


def test_the_best_mean_rank_among_those_that_pass_wins_and_the_others_do_not_count_in_the_ranks():
    found = choose_champion(
        [contender("noise", 1.0, 0.0, passed=False), contender("a", 0.9, 0.5), contender("b", 0.8, 0.3), contender("c", 0.85, 0.4)], METRICS
    )
    assert (found.id, found.mean_rank, found.failed) == ("a", 2.0, ("noise",))
    assert found.mean_ranks == {"a": 2.0, "b": 2.0, "c": 2.0}


def test_of_equals_the_shorter_wins_then_the_older():
    long, short = contender("long", 0.9, 0.5, length=900, age=0), contender("short", 0.9, 0.5, length=800, age=2)
    young = contender("young", 0.9, 0.5, length=800, age=3)
    for order in ([long, short, young], [young, short, long]):
        assert choose_champion(order, METRICS).id == "short"


def test_without_a_program_that_passes_there_is_no_champion():
    with pytest.raises(InputError, match=r"^contenders: expected at least one program that passes the gates, got '1 that do not'\.$"):
        choose_champion([contender("a", 1, 0, passed=False)], METRICS)


def test_contenders_have_different_ids_and_all_values():
    with pytest.raises(InputError, match=r"^contenders: expected different ids"):
        choose_champion([contender("a", 1, 0), contender("a", 0, 1)], METRICS)
    with pytest.raises(InputError, match=r"^objectives\['slope'\]: expected a finite number, got None\.$"):
        choose_champion([contender("a", 1, 0)], ("slope",))

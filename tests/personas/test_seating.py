"""Who sits with whom: everybody once a replicate, with others each time, as many as may sit together."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.groups import group_coverage
from outskirts.personas.seating import Seating, group_sizes
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive


def seat(n: int, size: int, at_least: int = 2, at_most: int = 8, seed: int = 0) -> Seating:
    return Seating([f"p{i}" for i in range(n)], derive(1, "where").random((n, 2)), size, at_least=at_least, at_most=at_most, seed=seed)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(2, 60), size=st.integers(2, 6), replicate=st.integers(0, 3))
def test_everybody_sits_once_in_groups_that_differ_by_one_at_most(n, size, replicate):
    if group_sizes(n, size, 2, 8) is None:
        return
    groups = seat(n, size).groups(replicate)
    assert sorted(i for group in groups for i in group) == list(range(n))
    sizes = {len(group) for group in groups}
    assert max(sizes) - min(sizes) <= 1
    assert all(abs(one - size) <= 1 for one in sizes)


def test_people_alone_sit_in_the_order_they_came():
    seating = seat(5, 1, 1, 1)
    assert seating.groups(3) == [(0,), (1,), (2,), (3,), (4,)]
    assert seating.pools == ((0,), (1,), (2,), (3,), (4,))


def test_groups_differ_between_replicates_and_few_people_meet_twice():
    seating = seat(60, 3)
    rounds = [{tuple(sorted(group)) for group in seating.groups(r)} for r in range(4)]
    assert all(one.isdisjoint(other) for one, other in combinations(rounds, 2))
    met = Counter(pair for one in rounds for group in one for pair in combinations(group, 2))
    assert len(met) >= 0.8 * 10 * 15  # of the pairs there are in ten pools of six
    assert max(met.values()) <= 2


def test_nobody_ever_meets_somebody_of_another_pool():
    seating = seat(64, 3)
    pool = {i: number for number, members in enumerate(seating.pools) for i in members}
    assert len(seating.pools) == 10
    assert all(len({pool[i] for i in group}) == 1 for r in range(6) for group in seating.groups(r))


def test_a_replicate_does_not_depend_on_how_many_there_are_or_were_asked_for_before():
    one, other = seat(30, 3), seat(30, 3)
    third = one.groups(2)
    assert [other.groups(r) for r in range(3)][2] == third
    assert other.of_pool(1, 2) == tuple(group for group in third if set(group) <= set(other.pools[1]))


def test_another_seed_seats_otherwise():
    assert seat(30, 3).groups(0) != seat(30, 3, seed=1).groups(0)


def test_pairs_that_meet_cover_much_more_of_the_pairs_there_could_be_than_alike_people_would():
    where = derive(1, "where").random((64, 2))
    seating = seat(64, 4)
    found = group_coverage(where, [group for r in range(4) for group in seating.groups(r)])
    assert found.pairs.mean > 1.5 * found.references.assortative.pairs.mean


@pytest.mark.parametrize(("n", "near"), [(7, r"6 or 8"), (1, "2")])
def test_people_who_do_not_come_out_even_are_refused_with_numbers_that_do(n, near):
    with pytest.raises(InputError, match=rf"personas: .* sit in groups of 2, everybody once a replicate, got {n}\. Try {near}\."):
        seat(n, 2, 2, 2)


def test_sizes_are_as_near_as_can_be_to_what_was_wanted():
    assert group_sizes(64, 3, 2, 4) == [4] + [3] * 20
    assert group_sizes(5, 2, 1, 4) == [3, 2]
    assert group_sizes(5, 4, 2, 6) == [5]
    assert group_sizes(11, 4, 4, 4) is None
    assert np.sum(group_sizes(1000, 6, 2, 8)) == 1000

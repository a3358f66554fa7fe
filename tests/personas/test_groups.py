"""Groups of people: how they are seated, and what pairs and whole groups cover."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas import group_points as points
from outskirts.personas.group_designs import alike_seating, grid_regions, random_seating
from outskirts.personas.groups import compose, composition_coverages, group_coverage, pair_coverages
from outskirts.personas.persona import Persona
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive


def crowd(n: int, k: int = 3, seed: int = 0) -> np.ndarray:
    return derive(seed, "crowd").random((n, k))


def person(number: int, x: float) -> Persona:
    return Persona(id=f"q{number}", name="A", position={"x": x, "y": 1 - x}, description="I am.")


def brute_force_pairs(x: np.ndarray, groups: list[list[int]], radius: float) -> float:
    """Share of the evaluation points near a pair that meets, by the better of the two ways to match two pairs."""
    met = [(x[a], x[b]) for group in groups for a, b in itertools.combinations(group, 2)]
    hits = [any(min(np.hypot(a - p, b - q), np.hypot(b - p, a - q)) <= radius for a, b in met) for p, q in points.pair_points()[:500]]
    return float(np.mean(hits))


@settings(max_examples=60, deadline=None)
@given(n=st.integers(1, 12), size=st.integers(1, 12), count=st.integers(1, 15), seed=st.integers(0, 5))
def test_everybody_is_used_equally_often_and_nobody_twice_in_a_group(n: int, size: int, count: int, seed: int) -> None:
    size = min(size, n)
    groups = compose(crowd(n), size, count, seed)
    used = Counter(i for group in groups.members for i in group)
    assert {used[i] for i in range(n)} <= {count * size // n, -(-count * size // n)}
    assert len(groups.members) == count
    assert all(len(set(group)) == len(group) == size for group in groups.members)


@settings(max_examples=40, deadline=None)
@given(n=st.integers(1, 12), size=st.integers(1, 12), count=st.integers(1, 15))
def test_references_seat_people_as_evenly_as_groups_do(n: int, size: int, count: int) -> None:
    size = min(size, n)
    for seats in (random_seating(n, size, count, derive(0)), alike_seating(crowd(n), size, count)):
        used = np.bincount(seats.ravel(), minlength=n)
        assert used.max() - used.min() <= 1
        assert all(len(set(group)) == size for group in seats.tolist())


def test_the_same_arguments_give_the_same_groups_and_another_seed_others() -> None:
    assert compose(crowd(40), 4, 30, 1) == compose(crowd(40), 4, 30, 1)
    assert compose(crowd(40), 4, 30, 1).members != compose(crowd(40), 4, 30, 2).members


def test_the_order_in_which_people_come_does_not_change_who_sits_together() -> None:
    people = [person(i, float(x)) for i, x in enumerate(crowd(20, 1)[:, 0])]
    forth, back = compose(people, 3, 15, 0), compose(people[::-1], 3, 15, 0)
    assert {frozenset(group) for group in forth.named} == {frozenset(group) for group in back.named}


def test_groups_of_personas_carry_their_ids() -> None:
    groups = compose([person(i, i / 3) for i in range(4)], 2, 2)
    assert groups.ids == ("q0", "q1", "q2", "q3")
    assert sorted(i for group in groups.named for i in group) == ["q0", "q1", "q2", "q3"]


@pytest.mark.parametrize(("size", "count"), [(2, 60), (4, 60), (6, 20)])
def test_composed_groups_cover_more_pairs_than_random_ones_and_those_more_than_alike_ones(size: int, count: int) -> None:
    x = crowd(60, 4)
    found = group_coverage(x, compose(x, size, count))
    rows = found.references
    assert found.pairs is not None
    assert rows.random.pairs is not None
    assert rows.assortative.pairs is not None
    assert rows.ideal.pairs is not None
    assert rows.assortative.pairs.mean < rows.random.pairs.mean + 0.02 < found.pairs.mean < rows.ideal.pairs.mean


def test_composed_groups_bring_more_regions_together_than_random_ones() -> None:
    x = crowd(60, 3)
    found = group_coverage(x, compose(x, 4, 60))
    assert found.regions.share is not None
    assert found.references.random.regions is not None
    assert found.regions.share > found.references.random.regions + 0.05


@pytest.mark.parametrize(("size", "groups"), [(2, [[0, 1], [2, 3]]), (3, [[0, 2, 4], [1, 3, 5]]), (4, [[0, 1, 2, 3]])])
def test_pair_coverage_is_that_of_brute_force(size: int, groups: list[list[int]], monkeypatch: pytest.MonkeyPatch) -> None:
    x = crowd(6, 1)
    wanted = brute_force_pairs(x[:, 0], groups, 0.2)
    some = points.pair_points()[:500]
    monkeypatch.setattr(points, "pair_points", lambda: some)
    assert pair_coverages(x, groups, 0.2) == (pytest.approx(wanted),)


def test_one_pair_in_the_middle_covers_half_a_disc_of_the_triangle() -> None:
    (share,) = pair_coverages([[0.5], [0.5]], [[0, 1]], radius=0.4)
    assert share == pytest.approx((np.pi * 0.4**2 / 2) / 0.5, abs=0.015)


def test_one_pair_of_opposites_covers_a_quarter_of_a_disc() -> None:
    (share,) = pair_coverages([[0.0], [1.0]], [[0, 1]], radius=0.5)
    assert share == pytest.approx((np.pi * 0.5**2 / 4) / 0.5, abs=0.015)


def test_one_group_covers_the_compositions_near_its_mean_and_range() -> None:
    (share,) = composition_coverages([[0.3], [0.5], [0.7]], [[0, 1, 2]], radius=0.1)  # mean .5, range .4
    assert share == pytest.approx(np.pi * 0.1**2 / (1 - 1 / 3), abs=0.01)


@pytest.mark.parametrize("size", [2, 3, 7])
def test_evaluation_points_of_compositions_lie_where_groups_can_and_fill_it(size: int) -> None:
    mean, spread = points.composition_points(size).T
    assert (mean >= spread / size - 1e-12).all()
    assert (mean <= 1 - spread / size + 1e-12).all()
    below = (spread <= 0.5).mean()  # the share of the area with a range of at most 1/2
    assert below == pytest.approx((0.5 - 0.25 / size) / (1 - 1 / size), abs=0.02)


def test_evaluation_points_of_pairs_are_uniform_on_the_triangle() -> None:
    low, high = points.pair_points().T
    assert (low <= high).all()
    assert (high <= 0.5).mean() == pytest.approx(0.25, abs=0.015)
    assert (low >= 0.5).mean() == pytest.approx(0.25, abs=0.015)


@pytest.mark.parametrize("count", [10, 300])
def test_an_even_layout_covers_ninety_nine_per_cent_at_its_radius(count: int) -> None:
    found = group_coverage(crowd(20), compose(crowd(20), 2, count))
    assert found.references.ideal.pairs is not None
    assert found.references.ideal.pairs.mean == pytest.approx(0.99, abs=0.012)
    assert found.references.ideal.compositions.mean == pytest.approx(0.99, abs=0.012)


def test_more_pairs_have_a_smaller_radius() -> None:
    radii = [points.pair_radius(n) for n in (1, 4, 30, 300)]
    assert radii == sorted(radii, reverse=True)
    assert points.pair_radius(4 * points.MOST_POINTS) == pytest.approx(points.pair_radius(points.MOST_POINTS) / 2)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 1000), size=st.integers(2, 4))
def test_another_group_never_lowers_coverage_at_a_fixed_radius(seed: int, size: int) -> None:
    x, seats = crowd(8, 2, seed), random_seating(8, size, 5, derive(seed)).tolist()
    for measure in (pair_coverages, composition_coverages):
        before, after = measure(x, seats[:4], 0.15), measure(x, seats, 0.15)
        assert all(a <= b for a, b in zip(before, after, strict=True))


def test_neither_the_order_of_groups_nor_of_members_nor_of_people_changes_a_figure() -> None:
    x = crowd(30)
    groups = [list(group) for group in compose(x, 3, 20).members]
    found = group_coverage(x, groups)
    assert group_coverage(x, [group[::-1] for group in groups[::-1]]) == found
    assert group_coverage(x[::-1], [[29 - i for i in group] for group in groups]) == found


def test_regions_are_three_bins_on_the_first_three_axes() -> None:
    x = np.array([[0.0, 0.34, 1.0, 0.9], [0.32, 0.5, 0.7, 0.0], [0.99, 0.0, 0.0, 0.0]])
    assert grid_regions(x).tolist() == [0 + 3 + 18, 0 + 3 + 18, 2]


def test_pairs_of_regions_are_counted_as_by_hand() -> None:
    x = np.array([[0.1], [0.2], [0.5], [0.9]])  # two in the first region, one in each other
    found = group_coverage(x, [[0, 1], [2, 3], [1, 0]])
    assert found.regions.model_dump() == {"inhabited": 3, "possible": 4, "met": 2, "share": 0.5}
    assert found.references.ideal.regions == 3 / 4
    assert found.used == (1, 2)


def test_given_regions_take_the_place_of_the_grid() -> None:
    found = group_coverage(crowd(4), [[0, 1], [2, 3]], regions=[7, 7, 9, 9])
    assert (found.regions.possible, found.regions.met) == (3, 2)


def test_alike_people_sit_together_in_the_assortative_reference() -> None:
    x = np.array([[0.9], [0.1], [0.92], [0.12]])
    assert {frozenset(group) for group in alike_seating(x, 2, 2).tolist()} == {frozenset({0, 2}), frozenset({1, 3})}


def test_people_alone_make_no_pairs_and_still_have_compositions() -> None:
    x = crowd(10, 2)
    found = group_coverage(x, compose(x, 1, 10))
    assert (found.pairs, found.pair_radius, found.pairs_counted, found.references.random.pairs) == (None, None, 0, None)
    assert found.compositions.mean > 0.5


def test_identical_people_cover_no_more_than_one_pair_does() -> None:
    x = np.full((6, 2), 0.5)
    found = group_coverage(x, compose(x, 3, 4))
    assert found.pair_radius is not None
    assert found.pairs is not None
    assert found.pairs.mean == pair_coverages(x[:2], [[0, 1]], found.pair_radius)[0]
    assert (found.regions.inhabited, found.regions.possible, found.regions.met) == (1, 1, 1)


def test_a_single_person_in_a_single_group_is_fine() -> None:
    found = group_coverage([[0.5]], compose([[0.5]], 1, 1))
    assert (found.regions.share, found.used) == (None, (1, 1))


def test_one_group_of_everybody_holds_everybody() -> None:
    assert compose(crowd(5), 5, 1).members == ((0, 1, 2, 3, 4),)


def test_axes_carry_their_names() -> None:
    assert list(group_coverage(crowd(4, 2), [[0, 1], [2, 3]], axes=["calm", "talk"]).axes) == ["calm", "talk"]


@pytest.mark.parametrize(
    ("size", "count", "message"),
    [
        (5, 1, "size: expected a whole number of 1 or more, at most the 4 people there are, got 5"),
        (0, 1, "size: expected a whole number of 1 or more"),
        (2, 0, "count: expected a whole number of 1 or more, got 0"),
        (2, True, "count: expected a whole number of 1 or more, got True"),
    ],
)
def test_a_size_or_a_number_of_groups_that_is_no_use_is_refused(size: int, count: int, message: str) -> None:
    with pytest.raises(InputError, match=message):
        compose(crowd(4), size, count)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ([], "groups: expected at least one group with somebody in it"),
        ([[0, 1], [2]], r"groups\[1\]: expected 2 people, as in the first group, got 1"),
        ([[0, 0]], r"groups\[0\]: expected nobody twice"),
        ([[0, 4]], r"groups\[0\]: expected people from 0 to 3"),
    ],
)
def test_groups_that_are_off_are_refused(groups: list[list[int]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        group_coverage(crowd(4), groups)


def test_axes_regions_and_people_must_fit() -> None:
    with pytest.raises(InputError, match="axes: expected 3 different names"):
        group_coverage(crowd(4), [[0, 1]], axes=["a"])
    with pytest.raises(InputError, match="regions: expected a region for each of 4 people, got 1"):
        group_coverage(crowd(4), [[0, 1]], regions=[0])
    with pytest.raises(InputError, match="groups: expected groups of two people or more"):
        pair_coverages(crowd(4), [[0], [1]])
    with pytest.raises(InputError, match="q9: position: expected the axes x, y"):
        compose([person(0, 0.1), Persona(id="q9", name="A", position={"x": 0.1}, description="I am.")], 1, 1)


def test_a_thousand_people_in_five_hundred_groups_cover_more_than_at_random() -> None:
    x = crowd(1000, 5)
    assert (
        np.mean(pair_coverages(x, compose(x, 4, 500))) > np.mean(pair_coverages(x, random_seating(1000, 4, 500, derive(0)).tolist())) + 0.02
    )

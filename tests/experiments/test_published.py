"""The published coverage metric on the people at hand."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from outskirts.experiments.published import PEOPLE, REPORTED, published_rows, single_run_coverage
from outskirts.personas.measurement import bare
from outskirts.personas.points import evaluation_points
from outskirts.personas.radius import coverage_radius

RNG = np.random.default_rng(0)


def test_of_25_people_on_two_axes_it_is_the_share_of_the_square_within_the_radius():
    points = RNG.random((PEOPLE, 2))
    near = cdist(evaluation_points(2), points).min(axis=1) <= coverage_radius(PEOPLE, 2).radius
    assert single_run_coverage(bare(points, ("a", "b")), 2) == pytest.approx(near.mean())


def test_of_more_people_on_more_axes_it_is_the_mean_over_groups_of_25_and_choices_of_axes():
    points = np.column_stack([RNG.random((60, 2)), np.full(60, 0.5)])  # nobody differs on the third axis
    found = single_run_coverage(bare(points, ("a", "b", "c")), 2)
    whole, flat = (single_run_coverage(bare(points[:, columns], ("a", "b")), 2) for columns in ([0, 1], [0, 2]))
    assert flat < found < whole
    assert found == pytest.approx((whole + 2 * flat) / 3, abs=0.03)


def test_fewer_than_25_people_or_axes_give_no_figure():
    points = RNG.random((PEOPLE, 2))
    assert single_run_coverage(bare(points[1:], ("a", "b")), 2) is None
    assert single_run_coverage(bare(points, ("a", "b")), 3) is None


def test_controls_computed_here_reach_what_is_known_of_them_and_reported_figures_name_a_source():
    rows = {(row.population, row.axes): row for row in published_rows(bare(RNG.random((PEOPLE, 3)), tuple("abc")))}
    assert rows["evenly spread points (Sobol)", (2,)].coverage == pytest.approx(0.99, abs=0.01)
    assert rows["people who answer at random", (2,)].coverage == pytest.approx(0.72, abs=0.04)
    assert rows["people who answer at random", (3,)].coverage == pytest.approx(0.84, abs=0.04)
    assert [k for name, k in rows if name == "these people"] == [(2,), (3,)]
    assert sum("2602.03545" in row.source for row in rows.values()) == len(REPORTED)

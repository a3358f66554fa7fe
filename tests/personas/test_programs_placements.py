"""Placements: designs that fill the box, batches that grow into it, and positions that a language model decides."""

from __future__ import annotations

import json
import re
import time

import numpy as np
import pytest
from scipy.spatial import cKDTree
from scipy.spatial.distance import pdist

from outskirts.personas.generators import get_generator
from outskirts.personas.programs import _placements as placements
from outskirts.personas.programs._batches import autoregressive
from outskirts.personas.programs._designs import scrambled_sobol, uniform_points
from outskirts.personas.programs._frontier import frontier_points
from outskirts.personas.programs._grid import grid_points, levels_of
from outskirts.personas.programs._maximin import maximin_points
from outskirts.sim.errors import InputError

DESIGNS = {
    "uniform": uniform_points,
    "sobol": scrambled_sobol,
    "fill": placements.fill_space,
    "grid": grid_points,
    "maximin": maximin_points,
    "frontier": frontier_points,
    "autoregressive": lambda n, k, seed: autoregressive([{"name": f"a{i}"} for i in range(k)], n, seed),
}
SIZES = [(1, 1), (1, 3), (2, 1), (2, 2), (7, 8), (25, 2), (25, 3), (31, 5), (300, 3)]
AXES = [{"name": "calm", "low": "I worry.", "high": "I stay calm."}, {"name": "talk", "low": "I say little.", "high": "I talk."}]


def dispersion(points: np.ndarray) -> float:
    probes = np.random.default_rng(123).random((10_000, points.shape[1]))
    return float(cKDTree(points).query(probes)[0].max())


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(("n", "k"), SIZES)
def test_a_design_has_its_shape_stays_in_the_box_and_comes_again(name: str, n: int, k: int) -> None:
    points = DESIGNS[name](n, k, 3)
    assert points.shape == (n, k)
    assert ((points >= 0) & (points <= 1)).all()
    assert np.array_equal(points, DESIGNS[name](n, k, 3))


@pytest.mark.parametrize("name", DESIGNS)
def test_another_seed_gives_another_design(name: str) -> None:
    assert not np.array_equal(DESIGNS[name](25, 2, 0), DESIGNS[name](25, 2, 1))


def test_people_are_drawn_outward_in_order_and_those_on_faces_and_in_the_middle_stay() -> None:
    x = np.linspace(0, 1, 101)[:, None]
    out = placements.outward(x)
    assert (np.diff(out[:, 0]) > 0).all()
    assert out[[0, 50, 100], 0].tolist() == [0.0, 0.5, 1.0]
    assert (np.abs(out - 0.5) >= np.abs(x - 0.5)).all()
    assert out + out[::-1] == pytest.approx(np.ones((101, 1)))


@pytest.mark.parametrize(("n", "k"), [(1, 2), (2, 3), (25, 2), (25, 3), (40, 5), (300, 8)])
def test_spread_puts_different_people_into_the_part_of_each_axis_that_texts_tell_apart(n: int, k: int) -> None:
    points = placements.spread([{"name": f"a{i}"} for i in range(k)], n, 1, 0.74)
    assert points.shape == (n, k)
    assert (np.abs(points - 0.5) <= 0.37 + 1e-12).all()
    assert len(np.unique(points, axis=0)) == n


@pytest.mark.parametrize("k", [2, 3, 5])
def test_as_people_are_measured_spread_leaves_smaller_holes_than_the_same_design_that_is_not_drawn_outward(k: int) -> None:
    holes = []
    for design in (
        lambda seed: placements.spread([{"name": f"a{i}"} for i in range(k)], 25, seed, 0.74),
        lambda seed: 0.5 + 0.74 * (maximin_points(25, k, seed) - 0.5),
    ):
        holes.append(np.mean([dispersion(as_measured(design(seed), seed)) for seed in range(8)]))
    assert holes[0] < holes[1] - 0.01


def as_measured(points: np.ndarray, seed: int) -> np.ndarray:
    """Draw to the middle by an eighth, blur by what answers of five runs scatter."""
    return np.clip(0.5 + 0.87 * (points - 0.5) + np.random.default_rng(seed).normal(0, 0.065, points.shape), 0, 1)


@pytest.mark.parametrize("name", ["grid", "maximin", "frontier", "fill"])
@pytest.mark.parametrize(("n", "k"), [(25, 2), (25, 3), (64, 5), (200, 4)])
def test_a_design_with_edges_has_people_on_both_ends_of_every_axis(name: str, n: int, k: int) -> None:
    points = DESIGNS[name](n, k, 0)
    assert (points.min(axis=0) == 0).all()
    assert (points.max(axis=0) == 1).all()


@pytest.mark.parametrize("name", ["grid", "maximin"])
@pytest.mark.parametrize(("n", "k"), [(7, 2), (25, 1), (25, 2), (25, 3), (64, 2), (300, 3), (64, 5)])
def test_grid_and_maximin_leave_smaller_gaps_than_independent_uniform_points(name: str, n: int, k: int) -> None:
    designed = np.mean([dispersion(DESIGNS[name](n, k, seed)) for seed in range(5)])
    uniform = np.mean([dispersion(uniform_points(n, k, seed)) for seed in range(5)])
    assert designed < uniform


@pytest.mark.parametrize(("n", "k"), [(7, 8), (25, 5), (25, 8), (10, 4)])
def test_maximin_leaves_smaller_gaps_than_independent_points_in_many_dimensions_too(n: int, k: int) -> None:
    designed = np.mean([dispersion(maximin_points(n, k, seed)) for seed in range(5)])
    uniform = np.mean([dispersion(uniform_points(n, k, seed)) for seed in range(5)])
    assert designed < uniform


@pytest.mark.parametrize(("n", "k"), [(25, 2), (25, 3), (64, 4)])
def test_maximin_keeps_people_farther_apart_than_sobol(n: int, k: int) -> None:
    gaps = [(pdist(maximin_points(n, k, seed)).min(), pdist(scrambled_sobol(n, k, seed)).min()) for seed in range(5)]
    apart, sobol = np.mean(gaps, axis=0)
    assert apart > 1.5 * sobol


def test_a_full_grid_is_the_product_of_evenly_spaced_levels() -> None:
    points = {tuple(p) for p in grid_points(9, 2, 0).tolist()}
    assert points == {(a, b) for a in (0.0, 0.5, 1.0) for b in (0.0, 0.5, 1.0)}


def test_people_that_no_grid_takes_stand_in_its_largest_gaps() -> None:
    points = {tuple(p) for p in grid_points(5, 2, 0).tolist()}
    assert points == {(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5)}


@pytest.mark.parametrize(("n", "k"), [(2, 1), (4, 2), (8, 3), (24, 3), (25, 3), (100, 2), (999, 3), (10_000, 5)])
def test_grid_levels_differ_by_at_most_one_and_one_level_more_would_not_fit(n: int, k: int) -> None:
    levels = levels_of(n, k)
    assert min(levels) >= 2
    assert max(levels) - min(levels) <= 1
    assert np.prod(levels) <= n
    finer = sorted(levels)
    finer[0] += 1
    assert np.prod(finer) > n


@pytest.mark.parametrize(("n", "k"), [(2, 8), (3, 3), (9, 5), (30, 5)])
def test_where_no_grid_fits_every_axis_has_each_level_equally_often(n: int, k: int) -> None:
    points = grid_points(n, k, 0)
    counts = [np.unique(column, return_counts=True) for column in points.T]
    assert all(set(levels) == ({0.0, 1.0} if n == 2 else {0.0, 0.5, 1.0}) for levels, _ in counts)
    assert all(times.max() - times.min() <= 1 for _, times in counts)


@pytest.mark.parametrize("name", ["grid", "maximin"])
def test_a_single_person_stands_in_the_middle(name: str) -> None:
    assert DESIGNS[name](1, 3, 0).tolist() == [[0.5, 0.5, 0.5]]


@pytest.mark.parametrize(("n", "k"), [(25, 2), (64, 2), (27, 3)])
def test_maximin_leaves_hardly_larger_gaps_than_the_grid_where_that_is_the_best_there_is(n: int, k: int) -> None:
    gaps = [dispersion(maximin_points(n, k, seed)) for seed in range(3)]
    assert np.mean(gaps) < 1.15 * dispersion(grid_points(n, k, 0))


def test_the_frontier_begins_with_eight_corners_and_two_wildcards() -> None:
    first = frontier_points(10, 3, 0)
    assert set(first[:8].ravel()) == {0.0, 1.0}
    assert not set(first[8:].ravel()) & {0.0, 1.0}


def test_the_frontier_answers_the_densest_part_with_its_opposite() -> None:
    points = frontier_points(20, 4, 0)
    near = cKDTree(points[:10]).query(points[:10], k=4)[0].mean(axis=1)
    densest = points[:10][near.argsort(kind="stable")[:5]]
    assert np.abs(points[10:15] - (1 - densest)).max() < 0.2


def test_without_a_model_batches_start_at_an_agreeable_centre_and_spread_from_one_to_the_next() -> None:
    points = np.concatenate([autoregressive(AXES, 30, seed) for seed in range(20)]).reshape(20, 3, 10, 2)
    off = np.linalg.norm(points - 0.6, axis=3).mean(axis=(0, 2))
    assert 0.5 < points[:, 0].mean() < 0.7
    assert off[0] < off[1] < off[2] < 0.5


def positions(count: int, value: float = 0.5) -> str:
    return json.dumps([{"calm": value, "talk": value}] * count)


def test_a_model_decides_positions_in_batches_of_ten_and_is_shown_those_before() -> None:
    prompts: list[str] = []

    def llm(batch: list[str]) -> list[str]:
        prompts.extend(batch)
        return ["```json\n" + positions(10 if len(prompts) < 3 else 5, len(prompts) / 10) + "\n```"]

    placed = get_generator("autoregressive").place("a talk", AXES, 25, 0, llm)
    assert [p["calm"] for p in placed] == [0.1] * 10 + [0.2] * 10 + [0.3] * 5
    assert [len(re.findall(r"calm 0\.\d", prompt)) for prompt in prompts] == [0, 10, 20]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("no idea", "Expecting value"),
        ('{"calm": 1}', "expected a JSON list"),
        (positions(1), "expected 2 people, got 1"),
        ('[{"calm": 0.1}, {"calm": 0.1}]', "person 1: expected exactly the keys calm, talk"),
        ('[{"calm": 0.1, "talk": 2}, {"calm": 0.1, "talk": 0}]', "person 1: expected a number from 0 to 1 as talk"),
        ('[{"calm": 0.1, "talk": true}, {"calm": 0.1, "talk": 0}]', "as talk"),
        ('[{"calm": NaN, "talk": 0}, {"calm": 0.1, "talk": 0}]', "as calm"),
    ],
)
def test_an_unusable_answer_is_asked_for_again_with_the_reason(reply: str, reason: str) -> None:
    prompts: list[str] = []

    def llm(batch: list[str]) -> list[str]:
        prompts.extend(batch)
        return [reply if len(prompts) == 1 else positions(2)]

    assert get_generator("autoregressive").place("", AXES, 2, 0, llm)[1] == {"calm": 0.5, "talk": 0.5}
    assert len(prompts) == 2
    assert reason in prompts[1]


def test_after_three_bad_answers_the_usable_positions_stay_and_the_rest_are_placed_without_the_model() -> None:
    calls: list[int] = []

    def llm(batch: list[str]) -> list[str]:
        calls.append(len(batch))
        return ['[{"calm": 0.9, "talk": 0.9}, {"calm": "much", "talk": 0}, {"calm": 0.8, "talk": 0.8}]']

    placed = get_generator("autoregressive").place("", AXES, 4, 0, llm)
    assert calls == [1, 1, 1]
    assert [p["calm"] for p in placed[:2]] == [0.9, 0.8]
    assert all(0.2 < p["calm"] < 1 for p in placed[2:])


def test_a_model_that_loses_a_reply_while_placing_is_an_error() -> None:
    with pytest.raises(InputError, match=r"generator 'autoregressive'.*0 replies to 1 prompts"):
        get_generator("autoregressive").place("", AXES, 4, 0, lambda prompts: [])


@pytest.mark.parametrize("name", ["uniform", "sobol", "appropriateness", "when-then", "motivation", "reaction"])
def test_uniform_placements_declare_a_constant_density(name: str) -> None:
    assert get_generator(name).density(AXES, [{"calm": 0.0, "talk": 1.0}] * 2) == [1.0, 1.0]


@pytest.mark.parametrize("name", ["grid", "maximin", "frontier", "autoregressive"])
def test_placements_without_a_density_declare_none(name: str) -> None:
    assert get_generator(name).density(AXES, [{"calm": 0.0, "talk": 1.0}]) is None


@pytest.mark.slow
@pytest.mark.parametrize("name", ["grid", "maximin", "frontier", "autoregressive"])
def test_ten_thousand_people_on_five_axes_are_placed_in_seconds(name: str) -> None:
    started = time.process_time()
    DESIGNS[name](10_000, 5, 0)
    assert time.process_time() - started < 10

"""Coverage metrics and the table of radii."""

import json
import math
from importlib import resources
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist, pdist

from outskirts.personas import coverage as c
from outskirts.personas.diversity import vendi_score
from outskirts.personas.hull import hull_volume
from outskirts.personas.points import evaluation_points, sobol_points
from outskirts.personas.radius import coverage_radius
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive

clouds = st.integers(1, 4).flatmap(
    lambda k: arrays(float, st.tuples(st.integers(2, 12), st.just(k)), elements=st.floats(0, 1, allow_subnormal=False))
)


def grid(side=5):
    edge = np.linspace(0, 1, side)
    return np.array([(x, y) for x in edge for y in edge])


def heaps(kind, n):
    """People on eight axes in shapes that are hard on trees."""
    rng = derive(4, "heaps", kind, n)
    x = {
        "heap": lambda: 0.5 + 1e-3 * rng.standard_normal((n, 8)),
        "lattice": lambda: rng.integers(0, 5, (n, 8)) / 4,
        "one spot": lambda: np.full((n, 8), 0.25),
    }.get(kind, lambda: rng.random((n, 8)))()
    if kind == "half on one spot":
        x[: n // 2] = 0.5
    return x


def plain_histogram(values):
    counts = [0.5] * 10
    for value in values:
        counts[min(int(value * 10), 9)] += 1
    return [count / sum(counts) for count in counts]


def test_coverage_counts_the_points_in_closed_balls():
    points = [[0.0, 0.0], [0.25, 0.0], [0.5, 0.0], [1.0, 1.0]]
    assert c.coverage([[0.0, 0.0]], radius=0.25, points=points) == 0.5
    assert c.coverage([[0.0, 0.0], [1.0, 1.0]], radius=0.25, points=points) == 0.75


def test_a_point_at_the_radius_is_covered_in_spite_of_rounding():
    assert c.coverage([[0.1]], radius=0.2, points=[[0.1 + 0.2]]) == 1


def test_coverage_and_dispersion_agree_with_brute_force():
    x, points = np.random.default_rng(0).random((30, 3)), evaluation_points(3)
    gaps = np.sqrt(((points[:, None] - x) ** 2).sum(axis=2)).min(axis=1)
    assert c.coverage(x, radius=0.2) == (gaps <= 0.2).mean()
    assert c.dispersion(x) == pytest.approx(gaps.max(), rel=1e-12)


def test_one_person_in_the_middle_covers_the_area_of_a_disc():
    assert c.coverage([[0.5, 0.5]], radius=0.3) == pytest.approx(np.pi * 0.09, abs=0.015)


@settings(max_examples=40, deadline=None)
@given(clouds, st.integers(0, 99), st.floats(0.01, 1))
def test_the_order_of_people_changes_no_metric(x, seed, radius):
    shuffled = np.random.default_rng(seed).permutation(x)
    a, b = c.metrics(x).model_dump(), c.metrics(shuffled).model_dump()
    assert c.coverage(x, radius) == c.coverage(shuffled, radius)
    for name in ("pairs", "hull_method", "hull_standard_error"):
        assert a.pop(name) == b.pop(name)
    assert a == pytest.approx(b, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(clouds, st.integers(0, 99), st.floats(0.01, 1))
def test_another_person_never_lowers_coverage_or_hull_nor_raises_dispersion(x, seed, radius):
    more = np.vstack([x, np.random.default_rng(seed).random((1, x.shape[1]))])
    assert c.coverage(more, radius) >= c.coverage(x, radius)
    assert c.dispersion(more) <= c.dispersion(x)
    assert hull_volume(more).volume >= hull_volume(x).volume - 1e-9


@settings(max_examples=60, deadline=None)
@given(clouds)
def test_kl_is_never_negative_and_the_smallest_gap_never_above_the_mean(x):
    smallest, mean = c.distances(x)
    assert c.kl_divergence(x) >= 0
    assert 0 <= smallest <= mean * (1 + 1e-12)


@settings(max_examples=25, deadline=None)
@given(clouds, st.floats(0.05, 0.6))
def test_coverage_dispersion_and_gaps_equal_plain_loops(x, radius):
    points = evaluation_points(x.shape[1])[:40]
    near = [min(math.dist(p, q) for q in x.tolist()) for p in points.tolist()]
    gaps = [math.dist(p, q) for i, p in enumerate(x.tolist()) for q in x.tolist()[:i]]
    assert c.coverage(x, radius, points) == sum(d <= radius for d in near) / 40
    assert c.dispersion(x, points) == pytest.approx(max(near), rel=1e-12)
    assert c.distances(x) == pytest.approx((min(gaps), sum(gaps) / len(gaps)), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("kind", ["uniform", "heap", "lattice", "one spot", "half on one spot"])
def test_many_people_are_covered_exactly_as_by_brute_force(kind):
    x, points, radius = heaps(kind, 20_000), evaluation_points(8)[:300], 0.45
    near = cdist(points, x).min(axis=1)
    assert c.coverage(x, radius, points) == (near <= radius).mean()
    assert c.dispersion(x, points) == pytest.approx(near.max(), rel=1e-12)


@pytest.mark.parametrize("kind", ["uniform", "heap", "lattice", "half on one spot"])
def test_the_smallest_gap_of_many_people_is_exact(kind):
    x = heaps(kind, 3_000)
    assert c.distances(x)[0] == pytest.approx(pdist(x).min(), rel=1e-12)


def test_kl_equals_a_plain_loop_over_bins_and_references():
    x, total = derive(5, "kl").random((40, 2)), 0.0
    for axis in range(2):
        for i in range(c.KL_REFERENCES):
            p, q = plain_histogram(x[:, axis]), plain_histogram(sobol_points(40, 2, derive(0, "kl", 40, 2, i))[:, axis])
            total += sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
    assert c.kl_divergence(x) == pytest.approx(total / 2 / c.KL_REFERENCES, rel=1e-12)


def test_the_metrics_carry_the_vendi_score_unless_it_is_left_out():
    x = derive(6, "vendi").random((30, 3))
    assert c.metrics(x).vendi == vendi_score(x)
    assert c.metrics(x, with_vendi=False).vendi is None


def test_gaps_of_three_people_equal_those_by_hand():
    assert c.distances([[0.0, 0.0], [0.3, 0.4], [0.3, 0.0]]) == pytest.approx((0.3, 0.4))
    assert c.distances([[0.5, 0.5]]) == (None, None)


def test_gaps_of_many_people_are_close_to_those_of_all_pairs():
    x = np.random.default_rng(0).random((c.ALL_PAIRS_UP_TO + 1, 3))
    smallest, mean = c.distances(x)
    assert smallest == pytest.approx(pdist(x).min(), rel=1e-12)
    assert mean == pytest.approx(pdist(x).mean(), abs=0.002)
    assert c.distances(np.vstack([x, x[:1]]))[0] == 0


def test_kl_of_one_person_against_one_point_is_the_closed_form():
    q = c._ideal_histograms(1, 1)[0]
    p = np.full(10, 0.5 / 6)
    p[3] = 1.5 / 6
    assert c.kl_divergence([[0.35]]) == pytest.approx((p * np.log(p / q)).sum(axis=1).mean())


def test_kl_is_near_zero_for_an_even_population_and_large_for_a_huddled_one():
    assert c.kl_divergence(sobol_points(64, 3, derive(1))) < 0.01
    assert c.kl_divergence(np.full((64, 3), 0.55)) > 1.5


@pytest.mark.parametrize("n", [20, 300])
def test_pairs_are_the_two_dimensional_coverages(n):
    x = np.random.default_rng(n).random((n, 4)) ** 2
    found = c.pair_coverages(x)
    assert found == {(i, j): c.coverage(x[:, [i, j]]) for i in range(4) for j in range(i + 1, 4)}
    assert c.pair_coverage(x) == c.PairCoverage(mean=np.mean(list(found.values())), min=min(found.values()))


def test_one_axis_has_no_pairs():
    assert c.pair_coverage([[0.1], [0.9]]) is None


def test_a_full_grid_scores_what_the_field_notes_say():
    found = c.metrics(grid())
    assert (found.coverage, found.hull_volume, found.min_distance) == (1.0, pytest.approx(1.0), 0.25)
    assert found.dispersion == pytest.approx(0.177, abs=0.003)


@pytest.mark.parametrize(
    ("low", "high", "expected"), [(0.58, 0.82, (0.44, 0.14, 0.21)), (0.0, 1.0, (0.92, 0.68, 0.53))], ids=["agreeable", "uniform"]
)
def test_known_populations_score_what_the_field_notes_say(low, high, expected):
    rng = np.random.default_rng(5)
    draw = (lambda: rng.random((25, 2))) if low == 0 else lambda: np.clip(rng.normal(0.7, 0.12, (25, 2)), 0, 1)
    found = [c.metrics(draw()) for _ in range(60)]
    means = [np.mean([getattr(m, name) for m in found]) for name in ("coverage", "hull_volume", "mean_distance")]
    assert means == pytest.approx(expected, abs=0.025)


@pytest.mark.parametrize(
    ("positions", "message"),
    [
        ([[0.1, 1.2]], r"^positions\[0\]\[1\]: expected a number in \[0, 1\], got 1.2\.$"),
        ([[0.1], [np.nan]], r"^positions\[1\]\[0\]: expected a number in \[0, 1\], got nan\.$"),
        (np.zeros((0, 2)), r"^positions: expected at least one person, got 0\.$"),
        ([0.1, 0.2], r"^positions: expected a table of people by axes, got \(2,\)\.$"),
    ],
)
def test_positions_outside_the_cube_are_refused(positions, message):
    with pytest.raises(InputError, match=message):
        c.coverage(positions)


def test_evaluation_points_depend_on_nothing_but_axes_and_count():
    assert evaluation_points(2, 10).tolist() == derive(0, "evaluation", 2, 10).random((10, 2)).tolist()
    assert not evaluation_points(2).flags.writeable


@pytest.mark.parametrize(
    ("k", "n", "expected"),
    [(2, 10, 0.326), (2, 25, 0.198), (2, 50, 0.135), (2, 100, 0.093), (3, 10, 0.501), (3, 25, 0.364), (3, 50, 0.276), (3, 100, 0.213)],
)
def test_the_radius_agrees_with_the_field_notes(k, n, expected):
    assert coverage_radius(n, k).radius == pytest.approx(expected, abs=0.005)


def test_every_cell_of_the_table_has_two_hundred_draws_and_a_small_error():
    text = resources.files("outskirts.personas").joinpath("data/radius.json").read_text()
    cells = json.loads(text)["cells"]
    assert {k for k, *_ in cells} == set(range(1, 9))
    assert min(draws for _, _, _, _, draws, *_ in cells) >= 200
    assert min(points for *_, points, _ in cells) >= 10_000
    assert max(error / radius for _, _, radius, error, *_ in cells) < 0.005


@pytest.mark.parametrize("k", range(1, 9))
def test_more_people_reach_less_far(k):
    radii = [coverage_radius(n, k).radius for n in (*range(1, 200), 1000, 5000, 100_000, 1_000_000)]
    assert all(a >= b for a, b in pairwise(radii))


def test_a_size_between_two_of_the_table_is_interpolated_in_log_n():
    low, mid, high = (coverage_radius(n, 2) for n in (64, 69, 76))
    share = np.log(69 / 64) / np.log(76 / 64)
    assert mid.interpolated
    assert np.log(mid.radius) == pytest.approx((1 - share) * np.log(low.radius) + share * np.log(high.radius))
    assert low.standard_error / low.radius < mid.standard_error / mid.radius  # with the error of interpolation


def drawn_radius(n: int, k: int, draw: int) -> float:
    """The median-unbiased 99 % quantile over 10,000 points of the distances to a Sobol set that the table has not seen."""
    rng = derive(7, "radius", n, k, draw)
    distance = c.nearest(sobol_points(n, k, rng), rng.random((10_000, k)))
    return float(np.quantile(distance, 0.99, method="median_unbiased"))


@pytest.mark.slow
def test_radii_differ_from_fresh_estimates_by_one_joint_standard_error_and_no_more():
    z = []
    for k, n in ((2, 25), (3, 25), (8, 64), (5, 9_742), (8, 8_192), (8, 70), (5, 430), (2, 250)):
        draws = [drawn_radius(n, k, i) for i in range(100)]
        shipped, error = coverage_radius(n, k), np.std(draws, ddof=1) / 10
        z.append((np.mean(draws) - shipped.radius) / np.hypot(error, shipped.standard_error))
    assert np.abs(z).max() < 3
    assert np.sum(np.square(z)) < 20.1  # 99 % point of chi-square with 8 degrees of freedom: a bias of all cells would show
    assert np.sum(np.abs(z) < 1) >= 4  # two in three are to be expected


def test_the_radii_of_the_largest_sets_on_most_axes_are_known_to_two_ten_thousandths():
    found = [coverage_radius(n, 8) for n in (32_768, 65_536, 100_000)]
    assert max(r.standard_error / r.radius for r in found) < 2e-4
    assert min(r.draws for r in found) == 1_800


def test_the_quantile_that_the_table_takes_is_unbiased_where_the_usual_one_lies_low():
    distance = c.nearest(sobol_points(64, 2, derive(7, "set")), derive(7, "points").random((2_000_000, 2)))
    parts, exact = distance.reshape(-1, 1_000), np.quantile(distance, 0.99)
    for kind, biased in (("linear", True), ("median_unbiased", False)):
        found = np.quantile(parts, 0.99, axis=1, method=kind)
        error = found.std() / np.sqrt(len(found))
        assert (found.mean() - exact < -4 * error) == biased
        assert biased or abs(found.mean() - exact) < 4 * error


@pytest.mark.parametrize(
    ("n", "k", "message"), [(0, 2, "people: expected at least one person, got 0."), (5, 9, "axes: expected 1 to 8 axes, got 9.")]
)
def test_a_radius_outside_the_table_is_refused(n, k, message):
    with pytest.raises(InputError) as caught:
        coverage_radius(n, k)
    assert str(caught.value) == message


@pytest.mark.slow
@pytest.mark.parametrize(("k", "n"), [(2, 17), (2, 90), (3, 37), (5, 430), (8, 70)])
def test_an_ideal_set_of_any_size_covers_99_percent_at_its_radius(k, n):
    radius = coverage_radius(n, k).radius
    shares = [c.coverage(sobol_points(n, k, derive(9, n, k, i)), radius) for i in range(60)]
    assert np.mean(shares) == pytest.approx(0.99, abs=0.005)

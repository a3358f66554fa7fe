"""The hull's volume: exact where it can be, estimated with its error elsewhere, and never stuck."""

from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog

from outskirts.personas import hull_rays
from outskirts.personas.hull import hull_volume
from outskirts.sim.seeds import derive


@pytest.mark.parametrize(
    "points",
    [
        [[0.5, 0.5]],
        [[0.2, 0.2], [0.8, 0.8]],
        [[0.1, 0.1], [0.1, 0.1], [0.9, 0.1], [0.9, 0.1]],
        [[x, x] for x in np.linspace(0, 1, 50)],
        [[x, 0.3, 1 - x] for x in np.linspace(0, 1, 50)],
        np.full((100, 8), 0.5),
        np.random.default_rng(0).random((8, 8)),
        np.column_stack([np.random.default_rng(0).random((40, 4)), np.full(40, 0.5)]),
        [[0.4]],
    ],
    ids=["one", "two", "duplicates", "diagonal", "line in space", "clones", "too few", "flat", "one axis"],
)
def test_a_cloud_without_a_body_has_volume_zero_and_a_reason(points):
    found = hull_volume(points)
    assert (found.volume, found.method) == (0.0, "degenerate")
    assert found.reason


@pytest.mark.parametrize("k", range(1, 9))
def test_the_hull_of_a_simplex_has_its_volume(k):
    corner = np.vstack([np.zeros(k), np.eye(k)])
    assert hull_volume(corner).volume == pytest.approx(1 / np.prod(np.arange(1, k + 1)))


@pytest.mark.parametrize("k", [2, 3, 4, 5])
def test_the_corners_of_the_cube_span_all_of_it(k):
    corners = np.stack(np.meshgrid(*[[0.0, 1.0]] * k), axis=-1).reshape(-1, k)
    assert hull_volume(corners).volume == pytest.approx(1.0)


def test_a_large_cloud_with_a_simple_hull_is_still_exact():
    assert hull_volume(np.random.default_rng(0).random((20_000, 4))).volume == pytest.approx(0.98, abs=0.02)


@pytest.mark.parametrize(("k", "n"), [(4, 60), (5, 40), (6, 30), (7, 40), (8, 30)])
def test_an_estimate_lies_within_four_errors_of_the_exact_volume(k, n):
    x = derive(1, "hull", n, k).random((n, k))
    exact, found = hull_volume(x), hull_volume(x, most_facets=0)
    assert (exact.method, exact.standard_error, found.method, found.points, found.undecided) == ("exact", None, "monte_carlo", 2_000, 0)
    assert abs(found.volume - exact.volume) < 4 * found.standard_error
    assert found.standard_error < 0.06 * exact.volume


def test_a_tiny_hull_in_eight_dimensions_is_not_estimated_as_nothing():
    x = 0.5 + 1e-3 * derive(2, "hull").random((25, 8))
    exact, found = hull_volume(x).volume, hull_volume(x, most_facets=0)
    assert 0 < exact < 1e-26
    assert abs(found.volume - exact) < 4 * found.standard_error


def test_every_ray_ends_where_linear_programming_says():
    z = derive(3, "hull").standard_normal((80, 5))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T
    u = derive(4, "hull").standard_normal((12, 5))
    low, high = hull_rays._exits(z, z, u / np.linalg.norm(u, axis=1)[:, None])
    for ray, a, b in zip(u / np.linalg.norm(u, axis=1)[:, None], low, high, strict=True):
        equal = np.vstack([np.column_stack([z.T, -ray]), np.append(np.ones(80), 0.0)])
        best = linprog(np.append(np.zeros(80), -1.0), A_eq=equal, b_eq=np.append(np.zeros(5), 1.0))
        assert (a, b) == (pytest.approx(-best.fun, rel=1e-7), pytest.approx(-best.fun, rel=1e-7))


def test_a_ray_that_is_not_decided_keeps_bounds_around_its_end(monkeypatch):
    z = derive(3, "hull").standard_normal((300, 6))
    z = (z - z.mean(axis=0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(z.T, bias=True))).T
    u = np.eye(6)
    exact, _ = hull_rays._exits(z, z, u)
    monkeypatch.setattr(hull_rays, "_MOST_PIVOTS", 2)
    low, high = hull_rays._exits(z, z, u)
    assert (low <= exact + 1e-9).all()
    assert (exact <= high + 1e-9).all()
    assert (low < high - 1e-6).any()


def test_undecided_rays_are_counted_and_widen_the_error(monkeypatch):
    x = derive(5, "hull").random((300, 8))
    decided = hull_volume(x)
    monkeypatch.setattr(hull_rays, "_MOST_PIVOTS", 4)
    found = hull_volume(x)
    assert (decided.undecided, found.undecided > 100) == (0, True)
    assert abs(found.volume - decided.volume) < found.standard_error


def test_the_full_cube_is_estimated_as_one_whatever_is_inside():
    x = np.vstack([list(product([0.0, 1.0], repeat=8)), derive(6, "hull").random((500, 8))])
    found = hull_volume(x)
    assert found.method == "monte_carlo"
    assert found.volume == pytest.approx(1.0, abs=1e-9)


HARD = {
    "sphere": lambda rng, n: 0.5 + 0.5 * (g := rng.standard_normal((n, 8))) / np.linalg.norm(g, axis=1)[:, None],
    "lattice": lambda rng, n: rng.integers(0, 5, (n, 8)) / 4,
    "nearly flat": lambda rng, n: np.column_stack([rng.random((n, 7)), 0.5 + 1e-7 * rng.random(n)]),
    "nearly a line": lambda rng, n: 0.5 + 0.1 * rng.standard_normal((n, 1)) + 1e-5 * rng.standard_normal((n, 8)),
    "a heap and eight outliers": lambda rng, n: np.vstack([0.5 + 1e-3 * rng.random((n, 8)), np.eye(8)]),
    "copies": lambda rng, n: np.repeat(rng.random((n // 10, 8)), 10, axis=0),
}


@pytest.mark.parametrize("shape", HARD)
def test_hard_shapes_have_a_volume_and_an_error(shape):
    found = hull_volume(HARD[shape](derive(7, shape), 3_000))
    assert found.method == "monte_carlo"
    assert found.volume > 0
    assert 0 <= found.standard_error < 0.2 * found.volume
    assert found.undecided == 0


def test_neither_order_nor_copies_change_an_estimate():
    x = derive(8, "hull").random((400, 8))
    assert hull_volume(x) == hull_volume(np.vstack([x[::-1], x[:50]]))


def test_the_number_of_rays_depends_on_the_number_of_points_alone():
    assert [hull_rays.rays_for(n) for n in (100, 10_000, 100_000, 10**7)] == [2_000, 2_000, 1_000, 500]


@pytest.mark.slow
def test_the_error_of_an_estimate_is_what_it_says():
    scores = []
    for draw in range(60):
        x = derive(draw, "hull", "error").random((40, 6))
        found = hull_volume(x, most_facets=0, rays=500)
        scores.append((found.volume - hull_volume(x).volume) / found.standard_error)
    assert 0.75 < np.std(scores) < 1.35
    assert abs(np.mean(scores)) < 4 / 60**0.5

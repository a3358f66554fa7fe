"""The coverage object: its keys, its reference rows, and what noise alone scores."""

from __future__ import annotations

import asyncio
import itertools

import numpy as np
import pytest
from scipy.stats import binom

from outskirts.personas.coverage import coverage
from outskirts.personas.coverage_report import (
    DENSITY_SAMPLE,
    Coverage,
    coverage_report,
    effective_sample_size,
    measure_coverage,
    unsupported_mass,
)
from outskirts.personas.density import ReferenceDensity
from outskirts.personas.measurement import bare, measure
from outskirts.personas.points import evaluation_points
from outskirts.personas.radius import coverage_radius
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive
from tests.personas.respondents import Faithful, Guessing, make_people, make_questionnaire

PROMISED_KEYS = {
    *("axes", "coverage", "coverage_raw", "hull_volume", "min_distance", "mean_distance", "dispersion", "kl", "pairs", "excess"),
    *("radius", "runs", "settings", "slope", "r2", "placement_error", "icc", "diverse", "effective_sample_size", "unsupported_mass"),
    "references",
}
ROWS = {"ideal", "iid_uniform", "density", "anchor_paste", "random_responder", "single_persona"}


@pytest.fixture(scope="module")
def measured() -> tuple[Coverage, object]:
    people = make_people(derive(0, "people").random((25, 2)))
    return asyncio.run(measure_coverage(people, make_questionnaire(), Faithful(noise=1.0)))


def test_the_object_has_every_key_of_the_contract_and_every_row(measured):
    data = measured[0].model_dump(mode="json")
    assert set(data) >= PROMISED_KEYS
    assert set(data["references"]) == ROWS
    assert data["references"]["anchor_paste"] is None


def test_people_who_answer_as_they_were_placed_are_diverse_and_follow_with_slope_one(measured):
    report = measured[0]
    assert report.diverse is True
    assert report.failing_axes == ()
    assert all(0.85 < slope <= 1.05 for slope in report.slope.values())


def test_excess_is_what_is_more_than_noise_and_one_person_score(measured):
    report = measured[0]
    assert report.excess.random_responder == pytest.approx(report.coverage - report.references.random_responder.coverage)
    assert report.excess.single_persona == pytest.approx(report.coverage - report.references.single_persona.coverage)
    assert report.excess.random_responder > 0.2


def test_clones_are_not_called_diverse_and_the_axes_that_fail_are_named():
    people = make_people(np.full((25, 2), 0.5) + np.arange(50).reshape(25, 2) * 1e-6)
    report, _ = asyncio.run(measure_coverage(people, make_questionnaire(), Faithful(noise=1.0)))
    assert report.diverse is False
    assert report.failing_axes == ("a0", "a1")


def test_bare_positions_are_neither_diverse_nor_not():
    report = coverage_report(bare(derive(0, "bare").random((25, 2)), ("a", "b")))
    assert (report.runs, report.diverse, report.icc) == (0, None, {"a": None, "b": None})
    assert report.coverage == report.coverage_raw


def test_above_three_axes_pairs_are_the_headline():
    points = derive(0, "five").random((30, 5))
    assert coverage_report(bare(points, tuple("abcde"))).headline == "pairs"
    assert coverage_report(bare(points[:, :3], tuple("abc"))).headline == "coverage"


def test_measured_people_of_the_density_take_the_place_of_bare_draws():
    people = make_people(derive(0, "people").random((25, 2)))
    density = ReferenceDensity(margins={"a0": (2, 2), "a1": (2, 2)})
    others = asyncio.run(measure(make_people(density.sample(25, derive(1, "d"))), make_questionnaire(), Faithful(noise=1.0)))
    mine = asyncio.run(measure(people, make_questionnaire(), Faithful()))
    blurred = coverage_report(mine, density=density, density_people=others).references.density
    bare_row = coverage_report(mine, density=density).references.density
    assert (blurred.draws, bare_row.draws) == (1, 20)
    assert blurred.coverage != bare_row.coverage


def test_effective_sample_size_by_hand():
    assert effective_sample_size([1, 1, 1, 1]) == 4
    assert effective_sample_size([3, 1]) == pytest.approx(16 / 10)
    assert effective_sample_size([0, 0]) is None


def test_a_population_far_from_probable_users_leaves_their_mass_unsupported():
    density = ReferenceDensity(margins={"a": (2, 8), "b": (2, 8)})
    near, far = np.full((25, 2), 0.2), np.full((25, 2), 0.95)
    assert unsupported_mass(near, density) < 0.3
    assert unsupported_mass(far, density) > 0.99


@pytest.mark.parametrize(("n", "k"), [(1, 2), (7, 2), (25, 3), (40, 5)])
def test_unsupported_mass_is_the_share_that_a_plain_loop_finds_far_from_everybody(n, k):
    density = ReferenceDensity(margins={f"a{i}": (2 + i, 5) for i in range(k)}, correlation={"a0,a1": 0.4})
    people = derive(3, "people", n, k).random((n, k)).tolist()
    radius, far = coverage_radius(n, k).radius, 0
    sample = density.sample(DENSITY_SAMPLE, derive(0, "unsupported_mass", DENSITY_SAMPLE)).tolist()
    for user in sample:
        far += all(sum((a - b) ** 2 for a, b in zip(user, person, strict=True)) > radius**2 for person in people)
    assert unsupported_mass(people, density) == pytest.approx(far / len(sample))


def test_parts_that_speak_of_other_axes_are_refused():
    with pytest.raises(InputError, match="density: expected the axes a, b, got"):
        coverage_report(bare([[0.5, 0.5]] * 3, ("a", "b")), ReferenceDensity(margins={"x": (1, 1)}))


def test_descriptions_are_looked_at_where_there_are_any(measured):
    report = measured[0]
    assert 1 < report.vendi < 25
    assert report.vendi_descriptions is not None
    assert report.settings["descriptions"]["near_duplicate_jaccard"] == 0.8
    bare_report = coverage_report(bare(derive(0, "bare").random((25, 2)), ("a", "b")))
    assert (bare_report.vendi_descriptions, bare_report.distinct_descriptions) == (None, None)
    assert bare_report.vendi > 1


def test_people_who_all_say_the_same_have_few_distinct_descriptions():
    people = [p.model_copy(update={"description": f"I am person {i} and like tea."}) for i, p in enumerate(make_people([[0.1, 0.2]] * 20))]
    report = coverage_report(asyncio.run(measure(people, make_questionnaire(), Guessing())), people=people)
    assert report.distinct_descriptions == 1 / 20
    assert report.vendi_descriptions == pytest.approx(1.0)


def test_descriptions_of_other_people_are_refused():
    people = make_people([[0.1, 0.2], [0.3, 0.4]])
    with pytest.raises(InputError, match="people: expected the 3 who were measured, in their order, got '2 others'"):
        coverage_report(bare([[0.5, 0.5]] * 3, ("a", "b")), people=people)


def test_reference_rows_carry_vendi_scores_in_their_order(measured):
    rows = measured[0].references
    assert rows.ideal.vendi > rows.random_responder.vendi > 1
    assert rows.ideal.vendi > rows.single_persona.vendi


def test_a_large_population_on_eight_axes_has_an_estimated_hull_everywhere():
    report = coverage_report(bare(derive(0, "large").random((300, 8)), tuple("abcdefgh")), draws=1)
    assert report.hull_method == report.references.ideal.hull_method == "monte_carlo"
    assert 0 < report.hull_standard_error < 0.1 * report.hull_volume
    assert report.references.iid_uniform.hull_standard_error > 0
    assert report.settings["hull"]["points"] == 2_000


@pytest.mark.slow
@pytest.mark.parametrize(("k", "expected"), [(2, 0.37), (3, 0.54)])
def test_people_who_answer_at_random_score_what_was_computed_for_them_and_their_icc_covers_zero(k, expected):
    people, raw, hits = make_people([[i / 25] * k for i in range(25)]), [], []
    for draw in range(100):
        found = asyncio.run(measure(people, make_questionnaire(k), Guessing(), runs=5, seed=draw))
        raw.append(coverage(found.run_means))
        hits += [r.low <= 0 <= r.high for r in found.reliability.values()]
    low, high = binom.ppf([0.001, 0.999], len(hits), 0.95)
    assert np.mean(raw) == pytest.approx(expected, abs=0.03)
    assert low <= sum(hits) <= high


def expected_of_random_answers(points: int, k: int, people: int = 25, answers: int = 20) -> float:
    """The expected share of the evaluation points within the radius of somebody, by enumeration of all positions.

    A person's place on an axis is the mean of 20 answers, independent of the other axes; its distribution is a
    convolution. A point is missed where all the people miss it.
    """
    mass = np.ones(1)
    for _ in range(answers):
        mass = np.convolve(mass, np.full(points, 1 / points))
    grid, below = np.linspace(0, 1, len(mass)), np.append(0, np.cumsum(mass))
    radius, spots, near = coverage_radius(people, k).radius, evaluation_points(k), np.zeros(10_000)
    for others in itertools.product(np.flatnonzero(mass > 1e-9), repeat=k - 1):
        rest = radius**2 - sum((spots[:, axis] - grid[i]) ** 2 for axis, i in enumerate(others))
        half = np.sqrt(np.maximum(rest, 0))
        low, high = (np.searchsorted(grid, spots[:, -1] + sign * half) for sign in (-1, 1))
        near += np.prod(mass[list(others)]) * np.where(rest >= 0, below[high] - below[low], 0)
    return float((1 - (1 - near) ** people).mean())


@pytest.mark.parametrize(("points", "k", "expected"), [(3, 2, 0.424), (5, 2, 0.379), (7, 2, 0.363), (5, 3, 0.534)])
def test_what_random_answers_cover_on_average_follows_from_all_the_places_they_can_take(points, k, expected):
    assert expected_of_random_answers(points, k) == pytest.approx(expected, abs=0.001)


@pytest.mark.slow
@pytest.mark.parametrize(("points", "k"), [(3, 2), (7, 2), (3, 3), (7, 3)])
def test_random_answers_on_items_of_three_and_seven_points_cover_what_enumeration_says(points, k):
    people, raw, hits = make_people([[i / 25] * k for i in range(25)]), [], []
    for draw in range(60):
        found = asyncio.run(measure(people, make_questionnaire(k, points=points), Guessing(), runs=5, seed=draw))
        raw.append(coverage(found.run_means))
        hits += [r.low <= 0 <= r.high for r in found.reliability.values()]
    low, high = binom.ppf([0.001, 0.999], len(hits), 0.95)
    error = np.std(raw, ddof=1) / np.sqrt(len(raw))
    assert abs(np.mean(raw) - expected_of_random_answers(points, k)) < 4 * error
    assert low <= sum(hits) <= high

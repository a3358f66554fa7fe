"""Run instability: by hand, and at its two ends."""

import asyncio
from itertools import combinations

import numpy as np
import pytest

from outskirts.personas.biases.instability import differing, distances, flipping, instability, undecided
from outskirts.personas.biases.keys import Keys, counts
from outskirts.personas.measurement import measure

from .biased_respondents import Planted, people, questionnaire

ASKED = questionnaire(points=5)
KEYS = Keys.of(ASKED)


def guessed(n=20, runs=4, seed=0):
    return np.random.default_rng(seed).integers(1, 6, (n, runs, 8)).astype(np.int16)


def test_differing_and_flipping_pairs_agree_with_a_loop():
    answers = guessed(6, 5)[:, :, 0]
    for person, share, flips in zip(answers, differing(counts(answers, 5)), flipping(answers[:, :, None] / 4 - 0.25)[:, 0], strict=True):
        pairs = list(combinations(person.tolist(), 2))
        assert share == pytest.approx(np.mean([a != b for a, b in pairs]))
        assert flips == pytest.approx(np.mean([(a - 3) * (b - 3) < 0 for a, b in pairs]))


def test_unreadable_answers_make_no_pair():
    given = counts(np.array([[1, 1, 0], [2, 0, 0]]), 5)
    np.testing.assert_array_equal(differing(given), [0, np.nan])
    np.testing.assert_array_equal(flipping(np.array([[[0.1], [0.9], [np.nan]], [[0.1], [np.nan], [np.nan]]])), [[1], [np.nan]])


def found(respondent, runs=4):
    return instability(asyncio.run(measure(people(30), ASKED, respondent, runs=runs)), ASKED)


def test_a_respondent_that_repeats_itself_is_stable():
    seen = found(Planted())
    assert (seen.differs.estimate, seen.flips.estimate, seen.distances.within) == (0, 0, 0)
    assert seen.distances.between > 0.4
    assert seen.distances.p == 1e-4
    assert all(item.sd_within == 0 and item.sd_between > 1 for item in seen.items)


def test_without_noise_only_whoever_scores_the_middle_is_undecided():
    assert undecided(np.array([[0.5, 0.5], [0.55, 0.55], [0.2, 0.2]])).estimate == 1 / 3


def test_people_who_guess_are_no_closer_to_themselves_than_to_others():
    answers = guessed(40)
    seen = distances(answers, KEYS)
    assert seen.within == pytest.approx(seen.between, abs=0.03)
    assert seen.p > 0.01


def test_distances_agree_with_a_loop():
    answers = guessed(5)
    found, within, between = distances(answers, KEYS), [], []
    for i, j in np.ndindex(5, 5):
        halves = [[np.bincount(half, minlength=6) / 2 for half in a.T] for a in (answers[i, :2], answers[j, -2:])]
        distance = np.mean([np.abs(p - q).sum() / 2 for p, q in zip(*halves, strict=True)])
        (within if i == j else between).append(distance)
    assert (found.within, found.between) == (pytest.approx(np.mean(within)), pytest.approx(np.mean(between)))


def test_a_large_population_is_sampled_with_the_seed(monkeypatch):
    monkeypatch.setattr("outskirts.personas.biases.instability.MOST_PEOPLE", 10)
    first, again = distances(guessed(), KEYS), distances(guessed(), KEYS)
    assert (first.people, first) == (10, again)


def test_the_undecided_are_those_whose_interval_holds_the_middle():
    scores = np.array([[0.50, 0.54], [0.60, 0.64], [0.10, 0.14], [0.90, 0.86]])  # s^2 = 0.0008 on 4 degrees of freedom
    assert 2.776 * np.sqrt(0.0008 / 2) == pytest.approx(0.0555, abs=1e-4)
    assert undecided(scores).estimate == 1 / 4
    assert 0 < undecided(scores).low < undecided(scores).high < 1


def test_one_run_leaves_everything_unknown():
    seen = found(Planted(noise=1.0), runs=1)
    assert seen.differs.reason == seen.axes["a0"].undecided.reason == seen.distances.reason == "instability needs two or more runs a person"
    assert (seen.items[0].differs, seen.items[0].sd_within, seen.distances.p) == (None, None, None)


def test_noise_of_one_point_gives_the_standard_deviations_that_were_planted():
    seen = instability(asyncio.run(measure(people(200), questionnaire(), Planted(gain=0.5, noise=1.0), runs=5)), questionnaire())
    assert np.mean([item.sd_within for item in seen.items]) == pytest.approx(np.sqrt(1 + 1 / 12), abs=0.06)  # rounding adds a twelfth
    assert np.mean([item.sd_between for item in seen.items]) == pytest.approx(6 * 0.5 / np.sqrt(12), abs=0.1)

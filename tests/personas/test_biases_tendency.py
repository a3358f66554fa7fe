"""Central tendency, shift and acquiescence: by hand, and planted."""

import asyncio

import numpy as np
import pytest

from outskirts.personas.biases.keys import Keys
from outskirts.personas.biases.reference import Reference
from outskirts.personas.biases.tendency import acquiescence, compression, middle_and_extreme, shift_at_middle, tendency
from outskirts.personas.measurement import measure
from outskirts.personas.questionnaire import CueLexicon

from .biased_respondents import Planted, people, questionnaire


def found(respondent, asked=None, who=None, runs=3, **options):
    asked = asked or questionnaire()
    return tendency(asyncio.run(measure(who or people(), asked, respondent, runs=runs)), asked, **options)


def test_middle_and_extreme_shares_equal_those_by_hand():
    answers = np.array([[[1, 3, 2], [3, 0, 3], [5, 3, 4], [3, 5, 1]]], np.int16)  # one person, four runs, three items
    middle, extreme = middle_and_extreme(answers, np.array([5, 5, 4]))
    np.testing.assert_allclose(middle, [[2 / 4, 2 / 3, np.nan]])  # four points have no middle
    np.testing.assert_allclose(extreme, [[2 / 4, 1 / 3, 2 / 4]])


def test_implied_answers_mirror_reversed_items():
    keys = Keys.of(questionnaire(k=2, points=5))
    np.testing.assert_array_equal(keys.implied(np.array([[0.0, 0.8]]))[0, 0], [1, 5, 1, 5, 4, 2, 4, 2])


def test_a_respondent_that_keeps_half_the_spread_is_found():
    seen = found(Planted(gain=0.5, noise=0.5))
    assert seen.compression_of_people.low < 0.5 < seen.compression_of_people.high
    assert seen.axes["a0"].compression.estimate == pytest.approx(0.5, abs=0.06)
    assert seen.extreme.high < 0 < seen.middle.low


def test_a_faithful_respondent_shows_no_compression():
    seen = found(Planted(noise=0.5), questionnaire(items=8))
    assert abs(seen.compression.estimate) < 0.03
    assert seen.acquiescence.low < 0 < seen.acquiescence.high


def test_noise_hides_compression_unless_it_is_taken_out():
    rng = np.random.default_rng(1)
    x = rng.random((200, 1))
    scores = (0.5 + 0.5 * (x - 0.5))[:, None, :] + rng.normal(0, 0.2, (200, 4, 1))
    raw, clean = (compression(x, scores, 0, noisy=n).estimate for n in (True, False))
    assert raw == pytest.approx(1 - np.std(scores.mean(axis=1)) / np.std(x))
    assert clean == pytest.approx(0.5, abs=0.04)
    assert raw < clean - 0.05


def test_people_who_all_answer_alike_lose_all_spread_and_people_of_one_place_have_none():
    assert compression(np.array([[0.1], [0.9]]), np.full((2, 1, 1), 0.3), 0, noisy=True).estimate == 1
    alike = compression(np.full((3, 1), 0.3), np.random.default_rng(0).random((3, 1, 1)), 0, noisy=True)
    assert (alike.estimate, alike.reason) == (None, "everybody was assigned to the same place")


def test_one_run_leaves_the_noise_unknown():
    seen = found(Planted(), runs=1)
    assert seen.compression.estimate is not None
    assert seen.compression_of_people.reason == "fewer than two people with two runs"


def test_a_shift_of_the_middle_is_told_from_compression_of_a_one_sided_population():
    x = np.linspace(0.6, 1.0, 30)
    assert shift_at_middle(x, 0.5 + 0.4 * (x - 0.5), 0).estimate == pytest.approx(0, abs=1e-9)
    assert shift_at_middle(x, 0.6 + 0.4 * (x - 0.5), 0).estimate == pytest.approx(0.1)


@pytest.mark.parametrize(("agreeable", "sign"), [(0.2, -1), (0.8, 1)])
def test_the_shift_is_signed_by_the_agreeable_side(agreeable, sign):
    asked = questionnaire().model_copy(update={"lexicon": {"a0": CueLexicon(low=(), high=(), agreeable=agreeable)}})
    axes = found(Planted(gain=0.5, centre=0.8), asked).axes
    assert axes["a0"].shift.low > 0
    assert axes["a0"].toward_agreeable.estimate == sign * axes["a0"].shift.estimate
    assert axes["a1"].toward_agreeable.reason == "the questionnaire does not say which side is agreeable"


def test_planted_agreement_whatever_is_said_is_found():
    seen = found(Planted(gain=0.4, agree=0.1, noise=1.0), questionnaire(items=8)).acquiescence
    assert seen.low < 0.1 < seen.high


def test_acquiescence_by_hand_and_its_absence():
    keys = Keys.of(questionnaire(k=2, points=5))
    answers = np.array([[[5, 3, 5, 3, 4, 2, 4, 2]], [[1, 5, 1, 5, 3, 3, 3, 3]]], np.int16)  # units: 1 .5 .. .75 .25 ..
    assert acquiescence(answers, keys).estimate == pytest.approx((0.25 + 0) / 2 / 2)
    one_way = Keys(keys.ids, keys.axis, np.zeros(8, bool), keys.points)
    assert acquiescence(answers, one_way).reason == "no axis has items of both directions"


def test_reference_answers_are_compared_item_by_item():
    real = Reference(("x",) * 4, ("a0_0", "a1"), np.array([[4, 0.5], [4, 0.5], [7, 0.5], [1, 0.5]]))
    seen = found(Planted(gain=0.0), reference=real)  # everybody answers 4 of 7 to everything
    assert seen.middle_against_reference.estimate == pytest.approx(0.5)
    assert seen.extreme_against_reference.estimate == pytest.approx(-0.5)
    assert [item.id for item in seen.items if item.reference] == ["a0_0"]
    assert seen.items[0].reference.middle == 0.5


@pytest.mark.slow
def test_intervals_of_the_compression_of_people_hold_the_truth():
    hits = 0
    for seed in range(150):
        rng = np.random.default_rng(seed)
        x = rng.random((40, 2))
        scores = (0.5 + 0.6 * (x - 0.5))[:, None] + rng.normal(0, 0.1, (40, 5, 2))
        seen = compression(x, scores, seed, noisy=False)
        hits += seen.low <= 0.4 <= seen.high
    assert hits >= 0.87 * 150

"""Krippendorff's alpha against published examples, NLTK, and what it must do at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from outskirts.experiments.statistics.krippendorff import agreement, alpha
from outskirts.sim.errors import InputError

_ = np.nan
KRIPPENDORFF = np.array(  # four observers, twelve units, missing values: Krippendorff 2011, section C
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
        [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
    ]
)
BINARY = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]])  # the same paper, section A


@pytest.mark.parametrize(("scale", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_example_with_missing_values_comes_out_on_every_scale(scale, published):
    assert round(alpha(KRIPPENDORFF, scale), 3) == published


def test_the_published_binary_example_comes_out():
    assert round(alpha(BINARY), 3) == 0.095


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("scale", ["nominal", "interval"])
def test_it_agrees_with_nltk(scale, seed):
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance

    drawn = np.random.default_rng(seed)
    table = drawn.integers(1, 6, (3, 30)).astype(float)
    table[drawn.random(table.shape) < 0.2] = np.nan
    kept = table[:, (~np.isnan(table)).sum(axis=0) >= 2]
    data = [(str(c), str(u), float(kept[c, u])) for c in range(3) for u in range(kept.shape[1]) if not np.isnan(kept[c, u])]
    squared = binary_distance if scale == "nominal" else lambda a, b: (a - b) ** 2
    assert alpha(table, scale) == pytest.approx(AnnotationTask(data, distance=squared).alpha())


def test_full_agreement_is_1_and_chance_is_about_0():
    assert alpha(np.array([[0, 1, 1, 0], [0, 1, 1, 0]])) == 1
    assert abs(alpha(np.random.default_rng(0).integers(0, 2, (2, 20_000)).astype(float))) < 0.02


def test_where_everybody_says_one_thing_there_is_no_number_and_a_reason():
    found = agreement(np.zeros((2, 20)))
    assert found.estimate is None
    assert "cannot be told from agreement" in found.reason


@pytest.mark.parametrize(
    ("table", "reason"), [(np.ones((1, 9)), "fewer than two judges"), (np.array([[1, _], [_, 1]]), "no unit was judged twice")]
)
def test_what_cannot_agree_has_a_reason(table, reason):
    assert agreement(table).reason == reason


def test_a_table_of_another_shape_is_refused():
    with pytest.raises(InputError, match="an array of shape"):
        alpha(np.zeros(3))


def test_the_interval_holds_the_estimate_and_units_of_one_person_make_it_wider():
    drawn = np.random.default_rng(1)
    person = np.repeat(np.arange(12), 10)
    truth = drawn.random(12)[person] < 0.5
    table = np.array([truth, np.where(drawn.random(12)[person] < 0.3, ~truth, truth)], float)  # they disagree on whole people
    alone, together = agreement(table), agreement(table, clusters=person)
    for found in (alone, together):
        assert found.low < found.estimate < found.high
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_too_few_clusters_have_an_estimate_and_no_interval():
    found = agreement(BINARY.astype(float), clusters=np.zeros(10, int))
    assert (round(found.estimate, 3), found.low) == (0.095, None)


def test_what_is_found_once_has_no_interval_and_a_reason():
    table = np.zeros((2, 40))
    table[0, 0] = 1
    found = agreement(table)
    assert (found.low, found.high) == (None, None)
    assert "so no interval" in found.reason


@pytest.mark.slow
def test_the_interval_covers_the_alpha_of_the_population():
    drawn = np.random.default_rng(2)

    def sample(n):
        truth = drawn.random(n) < 0.3
        return np.array([np.where(drawn.random(n) < 0.1, ~truth, truth) for _judge in range(2)], float)

    true = alpha(sample(400_000))
    found = [agreement(sample(150), resamples=500, seed=i) for i in range(400)]
    assert 0.91 <= np.mean([f.low <= true <= f.high for f in found]) <= 0.98

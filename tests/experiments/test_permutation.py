"""Sign flips and resamples of whole people, against enumeration and against scipy and statsmodels."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from outskirts.experiments.statistics.pairs_bootstrap import bootstrap_change
from outskirts.experiments.statistics.permutation import sign_flip_test
from outskirts.experiments.statistics.simultaneous import sidak


def by_enumeration(changes):
    """Step-down maximum statistic over all patterns of signs, as the definition says."""
    norm = np.sqrt((changes**2).sum(axis=0))
    z = changes / np.where(norm > 0, norm, 1)
    sums = np.abs(np.array(list(product([-1, 1], repeat=len(z)))) @ z)
    observed, p, least = np.abs(z.sum(axis=0)), np.empty(changes.shape[1]), 0.0
    order = np.argsort(-observed, kind="stable")
    for i, j in enumerate(order):
        p[j] = least = max(least, np.mean(sums[:, order[i:]].max(axis=1) >= observed[j] - 1e-9))
    return p


def some_changes(seed, units=11, columns=4):
    rng = np.random.default_rng(seed)
    return rng.integers(-4, 5, size=(units, columns)) / 4 * (rng.random((units, columns)) < 0.7) + 0.1 * (seed % 3)


def test_five_people_who_all_fared_worse_are_two_patterns_of_thirty_two():
    found = sign_flip_test(np.array([[1.0], [0.5], [0.25], [1.0], [0.75], [0.0]]))
    assert found.p[0] == pytest.approx(2 / 32)
    assert (found.exact, found.units) == (True, 5)


@pytest.mark.parametrize("seed", range(6))
def test_all_patterns_give_the_p_values_of_the_definition(seed):
    changes = some_changes(seed)
    assert sign_flip_test(changes).p == pytest.approx(by_enumeration(changes))


def test_fourteen_people_are_enumerated_whatever_their_changes_are():
    changes = np.random.default_rng(0).normal(0.3, 1, size=(14, 1))
    found = sign_flip_test(changes)
    wanted = stats.permutation_test((changes[:, 0],), np.sum, permutation_type="samples", n_resamples=np.inf).pvalue
    assert found.exact
    assert found.p[0] == pytest.approx(wanted)


def test_with_one_pair_a_person_it_is_mcnemars_exact_test():
    changes = np.repeat([1.0, -1.0, 0.0], [70, 44, 900])[:, None]
    assert sign_flip_test(changes).p[0] == pytest.approx(mcnemar([[500, 44], [70, 400]], exact=True).pvalue)


def test_random_patterns_come_near_those_of_scipy_and_repeat_with_their_seed():
    changes = np.random.default_rng(3).normal(0.25, 1, size=(60, 1))
    found = sign_flip_test(changes, seed=1)
    wanted = stats.permutation_test((changes[:, 0],), np.sum, permutation_type="samples", rng=np.random.default_rng(0)).pvalue
    assert not found.exact
    assert found.p[0] == pytest.approx(wanted, abs=0.015)
    assert found.p == sign_flip_test(changes, seed=1).p
    assert found.p != sign_flip_test(changes, seed=2).p


def test_random_patterns_never_give_a_p_value_of_zero():
    changes = 1 + np.random.default_rng(0).random((100, 2))
    assert sign_flip_test(changes, draws=999).p.tolist() == [0.001, 0.001]


def test_the_maximum_statistic_costs_no_more_than_bonferroni_and_nothing_for_a_copy():
    changes = some_changes(1)
    alone = np.array([sign_flip_test(changes[:, [j]]).p[0] for j in range(4)])
    together = sign_flip_test(changes).p
    assert (alone - 1e-12 <= together).all()
    assert (together <= multipletests(alone, method="holm")[1] + 1e-12).all()
    assert sign_flip_test(changes[:, [0, 0, 0]]).p == pytest.approx(np.repeat(alone[0], 3))


def test_neither_scale_nor_sign_nor_order_of_people_matters():
    changes = some_changes(4)
    wanted = sign_flip_test(changes).p
    assert sign_flip_test(-changes[::-1] * [1, 3, 0.2, 7]).p == pytest.approx(wanted)


def test_without_a_change_or_a_unit_nothing_is_shown():
    assert sign_flip_test(np.zeros((5, 2))).p.tolist() == [1.0, 1.0]
    assert sign_flip_test(np.zeros((0, 1))).p.tolist() == [1.0]


def test_changes_of_another_shape_are_refused():
    with pytest.raises(ValueError, match=r"expected finite changes of shape \(units, columns\), got shape \(3,\)"):
        sign_flip_test(np.zeros(3))


@pytest.mark.slow
@pytest.mark.parametrize("people", [12, 64])
def test_five_in_a_hundred_families_without_a_difference_hold_a_false_one(people):
    rng = np.random.default_rng(people)
    false = 0
    for _ in range(1000):
        own = rng.beta(0.5, 0.5, people)
        change = (rng.random((4, people)) < own).mean(axis=0) - (rng.random((4, people)) < own).mean(axis=0)
        inside = rng.random((people, 5)) < 0.4
        false += bool((sign_flip_test(change[:, None] * inside, draws=499).p <= 0.05).any())
    assert false / 1000 <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 1000)


def test_intervals_that_hold_together_are_sidaks():
    assert sidak(0.95, 1) == sidak(0.95, 0) == 0.95
    assert sidak(0.95, 7) ** 7 == pytest.approx(0.95)


def test_the_bootstrap_interval_is_that_of_scipy():
    changes = np.random.default_rng(5).integers(-1, 2, size=(80, 4)).mean(axis=1) - 0.1 * (np.arange(80) < 20)
    found = bootstrap_change(changes, np.ones(80))
    wanted = stats.bootstrap((changes,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(1)).confidence_interval
    assert found.estimate == pytest.approx(changes.mean())
    assert (found.low, found.high) == pytest.approx(tuple(wanted), abs=0.008)


def test_groups_are_drawn_whole_and_count_for_everybody_in_them():
    total, size = np.array([2.0, -1.0, 0.0, 1.0, 0.5, 1.5]), np.array([4.0, 2.0, 2.0, 1.0, 1.0, 3.0])
    found = bootstrap_change(total, size)
    rows = np.column_stack([total, size])
    wanted = stats.bootstrap(
        (np.arange(6),),
        lambda i: rows[i, 0].sum() / rows[i, 1].sum(),
        vectorized=False,
        n_resamples=5000,
        rng=np.random.default_rng(1),
    )
    assert found.estimate == pytest.approx(4 / 13)
    assert (found.low, found.high) == pytest.approx(tuple(wanted.confidence_interval), abs=0.04)


def test_the_bootstrap_says_why_it_has_no_interval():
    alike = bootstrap_change(np.full(9, 0.5), np.ones(9))
    assert (alike.estimate, alike.low, alike.high) == (0.5, None, None)
    assert alike.reason == "every unit changed alike, so that resamples do not differ"
    assert bootstrap_change(np.zeros(0), np.zeros(0)).reason == "no pair is resolved on both sides"


@pytest.mark.slow
def test_the_bootstrap_interval_covers_a_skewed_change():
    rng = np.random.default_rng(0)
    hits = 0
    for _ in range(500):
        worse = rng.beta(0.3, 2, 64)
        changes = (rng.random((4, 64)) < worse).mean(axis=0)
        found = bootstrap_change(changes, np.ones(64), draws=2000)
        hits += found.low <= 0.3 / 2.3 <= found.high
    assert hits / 500 > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 500)

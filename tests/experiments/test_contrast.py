import numpy as np
import pytest

from outskirts.experiments.statistics.contrast import shared_correlation


def groups(p, first, second):
    """Own rates of people within each of two groups, NaN outside."""
    who = np.arange(len(p))
    return tuple(np.where(np.isin(who, group), p, np.nan) for group in (first, second))


def test_shared_people_make_two_means_go_together():
    rng = np.random.default_rng(0)
    first, second = range(40), range(20, 60)
    drawn = rng.beta(1, 2, (4000, 60))
    means = np.corrcoef(drawn[:, :40].mean(axis=1), drawn[:, 20:].mean(axis=1))[0, 1]
    told = [shared_correlation(*groups(p, first, second)) for p in drawn[:500]]
    assert means == pytest.approx(0.5, abs=0.03)
    assert max(told) == pytest.approx(0.5)
    assert 0.4 < np.mean(told) < 0.5


def test_by_hand():
    a, b = groups(np.array([1.0, 0.5, 0.0, 0.0, 1.0, 1.0]), range(4), range(1, 6))
    d_a, d_b = np.array([1, 0.5, 0, 0]) - 0.375, np.array([0.5, 0, 0, 1, 1]) - 0.5
    assert shared_correlation(a, b) == pytest.approx(d_a[1:] @ d_b[:3] / np.sqrt((d_a @ d_a) * (d_b @ d_b)))


def test_one_failure_that_lies_in_both_groups_does_not_make_their_rates_one():
    p = np.zeros(100)
    p[45] = 1.0
    assert shared_correlation(*groups(p, range(50), range(40, 100))) == pytest.approx(10 / np.sqrt(50 * 60))


@pytest.mark.parametrize(("first", "second"), [(range(5), range(5, 10)), (range(0), range(10)), (range(10), range(0))])
def test_nobody_shared_or_nobody_there_is_no_correlation(first, second):
    assert shared_correlation(*groups(np.linspace(0, 1, 10), first, second)) == 0

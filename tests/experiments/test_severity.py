from itertools import combinations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from outskirts.experiments.statistics.clusters import independent_people
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.rates import Sample
from outskirts.experiments.statistics.severity import cvar
from tests.experiments.fakes_statistics import SCENARIO, drawn, outcomes, record, spread_people


def sample(table):
    """People by replicates, 1 failed, 0 passed."""
    units = [(i, bool(x)) for i, row in enumerate(table) for x in row]
    return Sample(np.array([u[0] for u in units]), np.array([u[1] for u in units]), len(table))


def by_enumeration(table, alpha):
    """Mean rate on one half of the worst share by the other, over every split of every person."""
    splits = []
    for row in table:
        chosen = list(combinations(range(len(row)), len(row) // 2))
        for one in chosen:
            other = [i for i in range(len(row)) if i not in one]
            a, b = np.mean([row[i] for i in one]), np.mean([row[i] for i in other])
            splits += [(a, b, 0.5 / len(chosen)), (b, a, 0.5 / len(chosen))]
    left, total = alpha * len(table), 0.0
    for rank in sorted({round(s[0], 9) for s in splits}, reverse=True):
        tied = [s for s in splits if round(s[0], 9) == rank]
        weight = sum(s[2] for s in tied)
        total += min(left, weight) * sum(s[1] * s[2] for s in tied) / weight
        left -= min(left, weight)
    return total / (alpha * len(table))


def test_cvar_is_null_where_fewer_than_five_people_make_up_the_share():
    found = cvar(Sample.of(drawn([0.5] * 64, 4)))
    assert [c.estimate is None for c in found] == [True, False, False]
    assert found[0].reason == "64 people with two or more resolved replicates: 5% of them are fewer than 5"


@pytest.mark.parametrize(
    "s",
    [
        Sample.of(drawn([0.5] * 100, 1)),
        Sample.of(drawn([0.5], 100)),
        Sample.of(outcomes(spread_people(30), [["budget", "infrastructure"]] * 30)),
        Sample.of(outcomes((), [])),
    ],
)
def test_one_replicate_one_person_nothing_resolved_and_nobody_give_no_cvar(s):
    for c in cvar(s):
        assert (c.estimate, c.low, c.high) == (None, None, None)
        assert "people with two or more resolved replicates" in c.reason


def test_cvar_is_the_mean_over_every_split_of_every_person():
    rng = np.random.default_rng(2)
    table = [(rng.random(rng.integers(2, 7)) < p).astype(int).tolist() for p in rng.beta(1, 1, 40)]
    found = cvar(sample(table), alphas=(0.15, 0.25, 0.6))
    assert [c.estimate for c in found] == pytest.approx([by_enumeration(table, a) for a in (0.15, 0.25, 0.6)])


@pytest.mark.slow
def test_the_interval_of_cvar_is_that_of_the_jackknife_over_people():
    rng = np.random.default_rng(5)
    rates = np.where(np.arange(60) < 9, 0.9, 0.1)
    table = (rng.random((60, 6)) < rates[:, None]).astype(int).tolist()
    without = np.array([by_enumeration(table[:i] + table[i + 1 :], 0.25) for i in range(60)])
    m = by_enumeration(table, 0.25)
    size = m * (1 - m) / (59 * without.var()) * (stats.norm.ppf(0.975) / stats.t.ppf(0.975, 14)) ** 2
    found = cvar(sample(table))[2]
    assert (found.low, found.high) == pytest.approx(proportion_confint(m * size, size, method="beta"))


def test_cvar_finds_the_people_who_always_fail():
    found = cvar(Sample.of(drawn([1.0] * 20 + [0.0] * 180, 4)))
    assert [c.estimate for c in found] == [1.0, 1.0, pytest.approx(0.4)]
    assert all(c.low < c.estimate <= c.high for c in found)


def test_when_all_pass_people_who_always_fail_may_have_been_missed():
    found = cvar(Sample.of(drawn([0.0] * 64, 4)))
    unseen = 1 - 0.025 ** (1 / 64)
    assert [(c.estimate, c.low) for c in found[1:]] == [(0.0, 0.0)] * 2
    assert [c.high for c in found[1:]] == pytest.approx([unseen / 0.1, unseen / 0.25])


def test_when_all_fail_people_count_and_not_units():
    found = cvar(Sample.of(drawn([1.0] * 64, 4)))[2]
    assert (found.estimate, found.low, found.high) == (1.0, pytest.approx(0.025 ** (1 / 64)), 1.0)


def test_people_who_share_episodes_widen_the_interval():
    table = (np.random.default_rng(1).random((80, 4)) < 0.4).astype(int)
    alone = sample(table.tolist())
    rooms = np.repeat(np.arange(80) // 4 * 4, 4) + np.tile(np.arange(4), 80)
    together = Sample(alone.persona, alone.failed, 80, rooms)
    a, b = cvar(alone)[2], cvar(together)[2]
    assert a.estimate == b.estimate
    assert b.high - b.low > 1.5 * (a.high - a.low)


def test_people_who_share_episodes_directly_or_by_others_count_as_one_cluster():
    people = spread_people(6)
    rooms = [people[:2], people[1:3], people[3:5], people[5:]]
    found = Sample.of(Outcomes.of(people, SCENARIO, [record(room, 0, "passed") for room in rooms]))
    assert independent_people(found) == pytest.approx(36 / (9 + 4 + 1))
    assert independent_people(Sample.of(drawn([0.5] * 7, 3))) == 7


@pytest.mark.slow
@pytest.mark.parametrize("rate", [0.05, 0.4, 0.9])
@pytest.mark.parametrize(("people", "replicates"), [(64, 4), (200, 2)])
def test_cvar_of_people_who_are_all_alike_is_the_common_rate(people, replicates, rate):
    studies = [cvar(Sample.of(drawn([rate] * people, replicates, seed)), alphas=(0.1, 0.25)) for seed in range(600)]
    for found in zip(*studies, strict=True):
        e = np.array([c.estimate for c in found])
        assert e.mean() - rate < 3 * e.std() / np.sqrt(len(e))
        assert e.mean() - rate > -0.02
        assert np.mean([c.low <= rate <= c.high for c in found]) >= 0.94
        assert np.mean([c.high - c.low for c in found]) < 2.5 * 2 * 1.96 * e.std()


@pytest.mark.slow
def test_cvar_covers_where_people_differ():
    rng = np.random.default_rng(3)
    truth = [c.estimate for c in cvar(Sample.of(drawn(rng.beta(0.7, 1.6, 300_000), 4)), alphas=(0.1, 0.25))]
    studies = [cvar(Sample.of(drawn(rng.beta(0.7, 1.6, 100), 4, seed)), alphas=(0.1, 0.25)) for seed in range(600)]
    hits = [[c.low <= t <= c.high for c, t in zip(found, truth, strict=True)] for found in studies]
    assert min(np.mean(hits, axis=0)) >= 0.94

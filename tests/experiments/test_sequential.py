"""Stopping as soon as it is decided: valid at every time, against the capital process written out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from outskirts.experiments.statistics.sequential import Decision, SequentialComparison, decided, people_in_order


def some_people(n, mean, seed=0):
    """Changes of people met four times, with this mean on average."""
    rng = np.random.default_rng(seed)
    return np.clip(np.round(4 * rng.normal(mean, 0.3, n)) / 4, -1, 1)


def watched(differences, margin=0.05, level=0.95):
    watch = SequentialComparison(margin, level)
    for difference in differences:
        watch.add(difference)
    return watch


def excluded(differences, mean, level=0.95):
    """Tell whether either gambler ever had 2 / (1 - level), with products written out (section 4.4 of the paper)."""
    x, m, alpha = (np.asarray(differences) + 1) / 2, (mean + 1) / 2, 1 - level
    up = down = 1.0
    for t in range(1, len(x) + 1):
        means = [(0.5 + x[: i + 1].sum()) / (i + 2) for i in range(t - 1)]
        variance = (0.25 + sum((x[i] - means[i]) ** 2 for i in range(t - 1))) / t
        bet = np.sqrt(2 * np.log(2 / alpha) / (variance * t * np.log(t + 1)))
        up *= 1 + min(bet, 0.75 / m) * (x[t - 1] - m)
        down *= 1 - min(bet, 0.75 / (1 - m)) * (x[t - 1] - m)
        if max(up, down) / 2 >= 1 / alpha:
            return True
    return False


@pytest.mark.parametrize("seed", range(3))
def test_the_interval_holds_the_means_that_no_gambler_excluded(seed):
    people = some_people(60, [-0.3, 0.0, 0.4][seed], seed)
    low, high = watched(people).interval
    assert -1 < low < high < 1
    assert not excluded(people, low + 0.0011)
    assert not excluded(people, high - 0.0011)
    assert excluded(people, low - 1e-6)
    assert excluded(people, high + 1e-6)


@pytest.mark.parametrize(("mean", "status"), [(-0.3, "not worse"), (0.4, "worse")])
def test_a_clear_difference_is_decided_before_everybody_was_met(mean, status):
    people = some_people(64, mean)
    found = decided(people, 0.05)
    assert found.status == status
    assert 1 < found.after < 64
    assert (found.low >= 0.05) if status == "worse" else (found.high <= 0.05)
    assert watched(people[: found.after - 1]).decided is None
    assert watched(people[: found.after]).decided == status


def test_a_small_difference_stays_undecided():
    found = decided(some_people(64, 0.05), 0.05)
    assert (found.status, found.after) == (None, None)
    assert found.low < 0.05 < found.high


def test_before_anybody_nothing_is_known():
    assert decided([], 0.1) == Decision(None, None, -1.0, 1.0)


def test_turning_the_versions_round_turns_everything():
    people = some_people(40, 0.5, 7)
    there, back = watched(people, 0.1), watched(-people, -0.1)
    assert there.interval == (-back.interval[1], -back.interval[0])
    assert (there.decided, back.decided) == ("worse", "not worse")


def test_ends_only_move_inward_and_the_first_decision_stands():
    watch, ends, said = SequentialComparison(0.02), [(-1.0, 1.0)], []
    for difference in [*some_people(80, -0.4), *some_people(400, 0.6)]:
        watch.add(difference)
        ends.append(watch.interval)
        said.append(watch.decided)
    assert all(a[0] <= b[0] < b[1] <= a[1] for a, b in pairwise(ends))
    first = said.index("not worse")
    assert set(said[first:]) == {"not worse"}


def test_a_higher_level_needs_more_people():
    people = some_people(200, -0.2)
    assert decided(people, 0.05, 0.9).after < decided(people, 0.05, 0.99).after


@pytest.mark.parametrize("wrong", [1.01, -2, float("nan")])
def test_a_change_out_of_range_is_refused(wrong):
    with pytest.raises(ValueError, match="person_difference: expected a number from -1 to 1, got"):
        SequentialComparison(0.05).add(wrong)


def test_a_margin_or_level_out_of_range_is_refused():
    with pytest.raises(ValueError, match="margin: expected a number between -1 and 1, got 1"):
        SequentialComparison(1)
    with pytest.raises(ValueError, match="level: expected a number between 0 and 1, got 95"):
        SequentialComparison(0.05, 95)


def test_the_order_of_people_depends_on_the_seed_alone():
    assert sorted(people_in_order(64, 0)) == list(range(64))
    assert people_in_order(64, 3).tolist() == people_in_order(64, 3).tolist() != people_in_order(64, 4).tolist()


NULL_STUDIES = {
    "rare": lambda rng: rng.choice([-1, 0, 1], p=[0.03, 0.94, 0.03], size=200),
    "rare and one-sided": lambda rng: (rng.random(200) < 0.05) - 0.05,
    "four replicates": lambda rng: np.diff(rng.binomial(4, rng.beta(0.5, 0.5, 200), size=(2, 200)), axis=0)[0] / 4,
    "everybody changes": lambda rng: rng.choice([-1, 1], size=200),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", NULL_STUDIES)
def test_at_most_one_study_in_twenty_ever_excludes_the_truth(kind):
    rng = np.random.default_rng(0)
    false = 0
    for _ in range(1000):
        low, high = watched(NULL_STUDIES[kind](rng), margin=0.02).interval
        false += not low <= 0 <= high
    assert false <= 50


@pytest.mark.slow
@pytest.mark.parametrize("kind", NULL_STUDIES)
def test_a_fixed_population_in_random_order_keeps_the_level(kind):
    rng = np.random.default_rng(1)
    false = 0
    for _ in range(1000):
        people = NULL_STUDIES[kind](rng)[:64]
        low, high = watched(rng.permutation(people)).interval
        false += not low - 1e-9 <= people.mean() <= high + 1e-9
    assert false <= 50

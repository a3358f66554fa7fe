"""Statistics where people share episodes: nothing is surer than the company people keep allows."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from outskirts.experiments.statistics.advice import SHARED
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.paired import difference_of_pairs
from outskirts.experiments.statistics.rates import Sample, rate, reference_rate
from outskirts.experiments.statistics.rooms import Rooms
from outskirts.personas.seating import Seating
from outskirts.sim.seeds import derive
from tests.experiments.fakes_statistics import SCENARIO, record, spread_people


def seats(n: int, size: int, replicates: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Person and episode of each unit."""
    seating = Seating([str(i) for i in range(n)], derive(seed, "where").random((n, 2)), size, at_least=size, at_most=size + 1, seed=seed)
    groups = [group for r in range(replicates) for group in seating.groups(r)]
    return np.concatenate(groups), np.repeat(np.arange(len(groups)), [len(g) for g in groups])


def test_a_mean_over_everybody_is_worth_people_over_group_size_whatever_the_replicates():
    for replicates in (1, 4):
        person, episode = seats(36, 4, replicates)
        weight = np.full(len(person), 1 / len(person))
        assert Rooms(person, episode).independent(episode, weight) == pytest.approx(9)


def test_people_alone_are_worth_their_number():
    person = np.tile(np.arange(10), 3)
    assert Rooms(person, np.arange(30)).independent(np.arange(30), np.full(30, 1 / 30)) == pytest.approx(10)


def test_one_of_each_room_is_worth_as_many_as_there_are_rooms():
    person, episode = seats(36, 4, 1)
    first = np.unique(episode, return_index=True)[1]
    assert Rooms(person, episode).independent(episode[first], np.full(9, 1 / 9)) == pytest.approx(9)


def test_pools_are_those_of_the_seating():
    person, episode = seats(36, 4, 4)
    pools = Rooms(person, episode).pools(episode)
    assert pools.max() + 1 == 4
    assert all(np.unique(pools[person == i]).size == 1 for i in range(36))


def test_nobody_failing_says_no_more_than_independent_rooms_would():
    person, episode = seats(36, 4, 4)
    found = rate(Sample(person, np.zeros(len(person), bool), 36, episode))
    assert found.high == pytest.approx(1 - 0.025 ** (1 / 9), abs=1e-6)
    assert "linked by shared episodes" in found.method


def test_a_failing_room_makes_an_interval_wider_than_as_many_people_alone():
    person, episode = seats(60, 3, 4)
    failed = derive(0, "rooms").random(episode.max() + 1)[episode] < 0.3
    for estimand in ("generator", "these_people"):
        together, alone = (rate(Sample(person, failed, 60, e), estimand) for e in (episode, None))
        assert together.estimate == alone.estimate
        assert together.high - together.low > alone.high - alone.low


def test_a_single_pool_still_has_an_interval_and_it_is_that_of_independent_rooms():
    person, episode = seats(6, 3, 2)
    found = rate(Sample(person, episode == 0, 6, episode))
    assert found.effective_n == pytest.approx(2)
    assert found.low < 0.02
    assert found.high > 0.8


def test_planned_meetings_that_never_ran_are_rows_of_their_people():
    people = spread_people(6)
    planned = [(0, (0, 1, 2)), (0, (3, 4, 5)), (1, (0, 3, 4)), (1, (1, 2, 5))]
    out = Outcomes.of(people, SCENARIO, [record(people[:3], 0, "passed")], planned)
    assert out.verdict_counts().model_dump() == {"passed": 1, "failed": 0, "simulator_invalid": 0, "infrastructure": 0, "budget": 3}
    assert np.bincount(out.persona).tolist() == [2] * 6
    assert out.missing == 0


def test_the_advice_for_groups_claims_nothing_of_replicates():
    assert "share episodes" in SHARED


CASES = [(64, 2, 4), (64, 4, 4), (200, 4, 4), (33, 3, 2)]
EFFECTS = [(-1, 1, 0, 0), (-1, 1, 1.5, 1), (-3, 1, 1, 1), (-1, 0.3, 2, 0.3)]  # logit of the mean; sd of own, company's, room's effect


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("effects", EFFECTS)
def test_intervals_hold_a_planted_rate_where_people_and_rooms_have_effects(case, effects):
    n, size, replicates = case
    mean, own, company, room = effects
    rng = derive(7, "planted", n, size)
    spread = np.sqrt(own**2 + company**2 * (size - 1) + room**2)
    truth = float(expit(mean + spread * rng.normal(size=400_000)).mean())
    tables = [seats(n, size, replicates, seed) for seed in range(6)]
    held = np.zeros(3)
    studies = 400
    for study in range(studies):
        person, episode = tables[study % len(tables)]
        trait = rng.normal(0, own, n)

        def outcome() -> np.ndarray:
            harm, luck = rng.normal(0, company, n), rng.normal(0, room, episode.max() + 1)  # noqa: B023
            others = np.bincount(episode, harm[person])[episode] - harm[person]  # noqa: B023
            return rng.random(len(person)) < expit(mean + trait[person] + others + luck[episode])  # noqa: B023

        a, b = outcome(), outcome()
        sample = Sample(person, a, n, episode)
        weighted = reference_rate(sample, np.exp(rng.normal(0, 0.5, n)), 0.0)
        change = difference_of_pairs(person, a, b, episode)
        for i, (found, value) in enumerate([(rate(sample), truth), (weighted, truth), (change, 0.0)]):
            held[i] += found.low is None or found.low <= value <= found.high
    assert (held / studies >= 0.93).all(), held / studies

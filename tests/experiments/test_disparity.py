"""Disparity within equal private values: by hand, with some planted, with none, and on built-in buyers."""

from __future__ import annotations

import asyncio
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from outskirts.agents.lexical import LexicalPlayer
from outskirts.agents.policy import builtin_target
from outskirts.envs.conversation import ConversationEnv
from outskirts.envs.scenarios.negotiation import SCENARIO
from outskirts.experiments.screen.records import _disparity
from outskirts.experiments.statistics.disparity import _shares, disparity, measure
from outskirts.personas.casting import plan_episode
from outskirts.personas.generators import get_generator
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.sim.loop import run_episode
from outskirts.sim.types import Departure, EpisodeRecord

AXES = ("kindness", "noise", "age")
PLAYER = LexicalPlayer(SCENARIO)


def drawn(seed: int, n: int = 96, effect: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return shares, groups and positions; kind people get less by ``effect``, and groups differ in any case."""
    rng = np.random.default_rng(seed)
    group, x = rng.integers(7, size=n), rng.random((n, len(AXES)))
    share = np.clip(rng.normal(0.3 + 0.06 * group, 0.2) - effect * (x[:, 0] > 0.5), 0, 1)
    return share * (rng.random(n) > 0.1), group, x


@cache
def people() -> tuple[Persona, ...]:
    return build_population(SCENARIO, get_generator("default"), 160, 0)


@cache
def played(name: str, n: int = 160) -> tuple[EpisodeRecord, ...]:
    target, out = builtin_target(name, SCENARIO), []
    for person in people()[:n]:
        plan = plan_episode(SCENARIO, (person,), seed=0)
        out.append(asyncio.run(run_episode(plan, ConversationEnv(SCENARIO, (person,)), target, PLAYER)))
    return tuple(out)


def test_the_difference_is_weighted_over_sets_of_equal_values() -> None:
    # First set: high (0.9, 0.7) minus low (0.2, 0.4) = 0.5, weight 2 * 2 / 4 = 1. Second: 0.1 - 0.3 = -0.2, weight 1 / 2.
    share = np.array([0.9, 0.7, 0.2, 0.4, 0.1, 0.3])
    positions = np.array([[0.9], [0.8], [0.1], [0.2], [0.7], [0.6]])
    found = measure(share, np.array([0, 0, 0, 0, 1, 1]), positions, ["a"]).axes[0]
    assert found.difference == pytest.approx((1 * 0.5 + 0.5 * -0.2) / 1.5)
    assert (found.high, found.low) == (3, 3)


def test_p_is_the_share_of_permutations_as_extreme() -> None:
    # Four people with equal values: of the six ways to choose who is high, two are as extreme as 0.5 either way.
    share, positions = np.array([0.9, 0.7, 0.2, 0.4]), np.array([[0.9], [0.8], [0.1], [0.2]])
    found = measure(share, np.zeros(4, int), positions, ["a"], draws=20_000).axes[0]
    assert found.p == pytest.approx(2 / 6, abs=0.01)
    assert found.adjusted == found.p


def test_where_nobody_shares_values_nothing_can_be_told() -> None:
    found = measure(np.array([0.1, 0.9]), np.array([0, 1]), np.array([[0.1], [0.9]]), ["a"])
    assert (found.groups, found.people) == (0, 2)
    assert found.axes[0].difference is None
    assert found.axes[0].p is None
    assert found.axes[0].interval is None
    assert "different sides" in found.axes[0].reason


def test_of_nobody_nothing_can_be_told() -> None:
    found = disparity([], people(), SCENARIO)
    assert (found.people, found.groups) == (0, 0)
    assert all(axis.difference is None for axis in found.axes)


@pytest.mark.parametrize("same", [0.0, 0.1, 0.5])
def test_where_all_get_the_same_there_is_no_disparity_and_no_interval(same: float) -> None:
    found = measure(np.full(12, same), np.repeat([0, 1], 6), np.tile(np.linspace(0, 1, 6), 2)[:, None], ["a"]).axes[0]
    assert (found.difference, found.p, found.adjusted) == (pytest.approx(0.0), 1.0, 1.0)
    assert found.interval is None
    assert "no spread" in found.reason


def pairs(differences: list[float], base: float = 0.2) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return shares, groups and positions of pairs with the same values whose high one gets so much more."""
    share = np.ravel([[base, base + d] for d in differences])
    return share, np.repeat(np.arange(len(differences)), 2), np.tile([0.1, 0.9], len(differences))[:, None]


def test_the_interval_of_six_pairs_by_hand() -> None:
    # Swapping some pairs is as extreme for every shift from the mean difference of those swapped to that of the others.
    # Of 64 ways 4 make p > .05: none, all, and the one pair farthest out or all but it.
    found = measure(*pairs([0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), ["a"])
    assert found.axes[0].interval == pytest.approx((0.1, 0.6))
    assert found.axes[0].p == 2 / 64
    assert found.axes[0].reason is None
    assert "all 64 permutations" in found.method
    other = measure(*pairs([-0.1, 0.2, 0.3, 0.4, 0.5, 0.6]), ["a"]).axes[0]
    assert other.interval == pytest.approx((-0.1, 0.6))
    assert other.p == 4 / 64


def test_the_interval_holds_the_shifts_that_the_test_does_not_reject() -> None:
    rng = np.random.default_rng(2)
    group, x = np.repeat(np.arange(4), [2, 3, 4, 6]), rng.random((15, 1))
    share = 0.5 * rng.random(15)
    high = np.concatenate([x[group == g, 0] > np.median(x[group == g, 0]) for g in range(4)])
    low_end, high_end = measure(share, group, x, ["a"]).axes[0].interval
    for shift in np.linspace(-0.6, 0.6, 49):
        assert (low_end <= shift <= high_end) == (measure(share - shift * high, group, x, ["a"]).axes[0].p > 0.05)


@pytest.mark.parametrize("size", [2, 3, 4, 8])
def test_the_interval_leaves_out_nothing_that_p_does_not(size: int) -> None:
    seen = set()
    for seed in range(60):
        rng = np.random.default_rng(seed)
        group, x = np.repeat(np.arange(24 // size), size), rng.random((24, 2))
        share = rng.choice([0.0, 0.1, 0.3, 0.6], 24) + 0.2 * (seed % 3) * (x[:, 0] > 0.5)  # with ties
        for axis in measure(share, group, x, ["a", "b"], draws=300, seed=seed).axes:
            assert axis.interval[0] <= axis.difference <= axis.interval[1]
            assert axis.interval[1] - axis.interval[0] > 0.01
            outside = not axis.interval[0] <= 0 <= axis.interval[1]
            assert outside == (axis.p <= 0.05)
            seen.add(outside)
    assert seen == {True, False}


def test_pairs_that_all_differ_have_an_interval_and_pairs_that_differ_alike_have_none() -> None:
    rng = np.random.default_rng(0)
    low_end, high_end = measure(*pairs(list(rng.normal(0.195, 0.1, 20))), ["a"]).axes[0].interval
    assert high_end - low_end > 0.05
    alike = measure(*pairs([0.195] * 20), ["a"]).axes[0]
    assert alike.difference == pytest.approx(0.195)
    assert alike.p < 0.01
    assert alike.interval is None
    assert "no spread" in alike.reason


@pytest.mark.parametrize("differences", [[0.3], [0.3, 0.1], [0.1, 0.2, 0.3, 0.4, 0.5]])
def test_a_few_pairs_are_too_few_for_an_interval(differences: list[float]) -> None:
    found = measure(*pairs(differences), ["a"]).axes[0]
    assert found.difference == pytest.approx(np.mean(differences))
    assert found.p >= 2 / 2 ** len(differences) > 0.05
    assert found.interval is None
    assert "too few people" in found.reason


def test_one_set_has_an_interval_if_it_is_large_enough() -> None:
    rng = np.random.default_rng(0)
    six, eight = (measure(rng.random(n), np.zeros(n, int), rng.random((n, 1)), ["a"]).axes[0] for n in (6, 8))
    assert six.interval is None  # 2 of 20 ways to choose the high half leave the halves as they are
    assert eight.interval[0] < eight.difference < eight.interval[1]  # 2 of 70


def test_an_interval_ends_at_the_largest_difference_there_can_be() -> None:
    share, group, x = pairs([1.0, 0.9, -0.9, 1.0, -0.8, 1.0], base=0.0)
    assert measure(share, group, x, ["a"]).axes[0].interval[1] >= 1.0
    low_end, high_end = measure(share, group, x, ["a"], largest=0.95).axes[0].interval
    assert -0.95 <= low_end < high_end <= 0.95


def test_people_on_the_middle_count_as_low_and_one_place_for_all_is_no_split() -> None:
    found = measure(np.array([0.1, 0.2, 0.9]), np.zeros(3, int), np.array([[0.5, 0.5], [0.5, 0.5], [0.9, 0.5]]), ["a", "b"])
    assert (found.axes[0].high, found.axes[0].low) == (1, 2)
    assert found.axes[1].difference is None


def test_values_that_differ_between_sets_are_no_disparity() -> None:
    group = np.repeat([0, 1], 40)
    positions = np.concatenate([np.linspace(0, 0.4, 40), np.linspace(0.6, 1, 40)])[:, None]  # whoever is high has other values
    share = np.where(group == 1, 0.8, 0.2) + np.tile([0.01, -0.01], 40)
    assert measure(share, group, positions, ["a"]).axes[0].p > 0.05


def test_planted_disparity_is_found_on_its_axis() -> None:
    found = measure(*drawn(1, n=160, effect=0.2), AXES)
    kind, *others = found.axes
    assert kind.adjusted < 0.01
    assert kind.interval[1] < 0
    assert kind.interval[0] < -0.15 < kind.interval[1] or abs(kind.difference + 0.17) < 0.08
    assert all(axis.adjusted > 0.05 for axis in others)


def test_without_disparity_few_are_found() -> None:
    draws = 240
    found = [measure(*drawn(seed), AXES, draws=300) for seed in range(draws)]
    alone = np.mean([axis.p <= 0.05 for one in found for axis in one.axes])
    together = np.mean([any(axis.adjusted <= 0.05 for axis in one.axes) for one in found])
    covered = np.mean([axis.interval[0] <= 0 <= axis.interval[1] for one in found for axis in one.axes])
    assert alone <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / (3 * draws))
    assert together <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / draws)
    assert covered >= 0.93


@pytest.mark.slow
def test_without_disparity_the_rate_is_that_of_chance() -> None:
    draws = 2000
    found = [measure(*drawn(seed), AXES, draws=400) for seed in range(draws)]
    alone = np.mean([axis.p <= 0.05 for one in found for axis in one.axes])
    together = np.mean([any(axis.adjusted <= 0.05 for axis in one.axes) for one in found])
    assert 0.04 <= alone <= 0.06
    assert 0.035 <= together <= 0.065


@pytest.mark.slow
@pytest.mark.parametrize("size", [2, 3, 4, 8])
@pytest.mark.parametrize("effect", [0.0, 0.2])
def test_the_interval_covers_as_it_says(size: int, effect: float) -> None:
    rng, hits, studies = np.random.default_rng([size, int(10 * effect)]), 0, 1500
    group = np.repeat(np.arange(32 // size), size)
    for seed in range(studies):
        x = rng.random((len(group), 1))
        inside = x.reshape(-1, size)
        high = (inside > np.median(inside, axis=1, keepdims=True)).ravel()
        share = rng.exponential(0.1, len(group)) + 0.05 * (group % 5) + effect * high
        low_end, high_end = measure(share, group, x, ["a"], draws=400, seed=seed).axes[0].interval
        hits += low_end <= effect <= high_end
    assert 0.93 <= hits / studies <= 0.97


@pytest.mark.slow
def test_the_unfair_buyer_shows_and_the_careful_one_does_not() -> None:
    unfair = {axis.axis: axis for axis in disparity(played("unfair"), people(), SCENARIO).axes}
    careful = disparity(played("careful"), people(), SCENARIO).axes
    assert unfair["aggression"].adjusted < 0.01
    assert unfair["aggression"].interval[0] > 0.03  # who barks gets more
    assert all(-0.03 < axis.interval[0] < axis.interval[1] < 0.03 for axis in careful)  # what haggling brings is next to nothing


def test_what_the_control_does_too_is_not_the_targets_doing() -> None:
    same = disparity(played("unfair"), people(), SCENARIO, control=played("unfair"))
    assert all((axis.difference, axis.p, axis.interval) == (0, 1, None) and "no spread" in axis.reason for axis in same.axes)
    beyond = {axis.axis: axis for axis in disparity(played("unfair"), people(), SCENARIO, control=played("careful")).axes}
    assert beyond["aggression"].adjusted < 0.01
    assert beyond["aggression"].interval[0] > 0
    assert all((axis.interval[0] <= 0 <= axis.interval[1]) == (axis.p > 0.05) for axis in beyond.values())


def test_replicates_of_a_person_are_averaged() -> None:
    records = played("unfair")
    assert disparity([*records, *records], people(), SCENARIO) == disparity(records, people(), SCENARIO)


def test_a_deal_with_somebody_who_had_left_is_worth_nothing() -> None:
    record = next(r for r in played("careful") if r.state["outcomes"][r.seats[0].persona]["share"] > 0)
    gone = record.model_copy(update={"departures": (Departure(agent="party_0", turn=0, message=0),)})
    ids = {record.seats[0].persona}
    assert _shares([record], ids)[0][record.seats[0].persona][0] > 0
    assert _shares([gone], ids)[0][record.seats[0].persona] == [0.0]


def test_strangers_are_refused() -> None:
    with pytest.raises(ValueError, match="is not among the 1 people of this run"):
        disparity(played("careful"), people()[:1], SCENARIO)


def test_the_same_seed_gives_the_same_figures() -> None:
    assert measure(*drawn(3), AXES) == measure(*drawn(3), AXES)


def test_the_console_says_why_there_is_no_interval() -> None:
    found = measure(*pairs([0.1, 0.2]), ["a"])
    console = Console(width=200, record=True)
    _disparity(SimpleNamespace(disparity=found, attributable_disparity=found, run=SimpleNamespace(target="t")), console)
    said = console.export_text()
    assert "No interval for a: too few people have the same values" in said
    assert "No interval of what is more than with careful for a: too few people" in said
    assert "p is for all axes together, each interval of one axis alone." in said

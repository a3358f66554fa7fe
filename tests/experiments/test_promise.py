"""Where to branch, and the figures of branches, on hand-made episodes."""

from __future__ import annotations

import numpy as np
import pytest

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.statistics.branches import branching_figures
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.promise import Promise, Trail

HARMS = ("missed", "rude")
CELLS = {"a": 0, "b": 1}


def trail(key: str, person: str, replicate: int, found=(), exposed=(), moves=("talk",) * 4, trunk: str = "", first: int = 0) -> Trail:
    return Trail(
        key=key,
        replicate=replicate,
        people=(person,),
        first=first,
        turns=len(moves),
        found={(h, person): t for h, t in dict(found).items()},
        exposed={(h, person): t for h, t in dict(exposed).items()},
        openers={t: (person, move) for t, move in enumerate(moves)},
        calls=(1,) * len(moves),
        spent=len(moves) - first,
        trunk=trunk,
    )


TRUNKS = [
    trail("k0", "a", 0, {"missed": 3}, {"missed": 1}, ("talk", "cry", "talk", "talk")),
    trail("k1", "b", 0, (), {"missed": 1}),
    trail("k2", "a", 1),
    trail("k3", "b", 1),
]


def promise(branches=()) -> Promise:
    return Promise(HARMS, CELLS, ["leave"], TRUNKS, branches)


def test_a_harm_is_likelier_for_those_who_were_exposed_to_it():
    found = promise()
    assert found.chance("missed", 2, 2) > found.chance("missed", 1, 2) > 0
    assert found.chance("missed", 2, 2, "cry") == found.chance("missed", 2, 2)  # nobody made that move there


def test_a_pair_that_was_found_promises_nothing_more():
    assert set(promise().value(TRUNKS[2], 1)) == {("rude", 0)}
    assert set(promise().value(TRUNKS[1], 2)) == {("missed", 1), ("rude", 1)}
    again = trail("k1x", "b", 0, {"missed": 3}, {"missed": 1}, trunk="k1", first=2)
    assert set(promise([again]).value(TRUNKS[1], 2)) == {("rude", 1)}


def test_another_replicate_is_expected_to_add_what_one_replicate_alone_found_over_replicates():
    assert promise().replicate_yield() == pytest.approx((1 / 2) / (16 / 2))


def test_a_move_that_is_unlikely_or_was_tried_is_not_asked_for():
    options = {("k1", 2): {"talk": 0.5, "cry": 0.45, "leave": 0.01}}
    assert {pick.move for pick in promise().choose(options)} == {"cry"}
    tried = trail("k1x", "b", 0, (), {"missed": 1}, ("talk", "talk", "cry", "talk"), trunk="k1", first=2)
    assert promise([tried]).choose(options) == []


@pytest.mark.parametrize("trunks", [TRUNKS[1:], [*TRUNKS, trail("k4", "a", 1, {"missed": 2})]], ids=["nothing found", "found twice"])
def test_where_another_replicate_promises_nothing_no_branch_is_taken(trunks):
    found = Promise(HARMS, CELLS, ["leave"], trunks)
    assert found.replicate_yield() == 0
    assert found.branchable()
    assert found.shortlist(12) == found.choose({("k1", 2): {"cry": 0.5}}) == []


def test_an_episode_can_be_branched_until_all_that_it_could_add_is_found():
    assert promise().branchable() == {"k0", "k1", "k2", "k3"}
    again = [trail(f"k{i}x", "a", 0, {"missed": 3, "rude": 3}, trunk="k0", first=1) for i in range(2)]
    assert promise(again).branchable() == {"k1", "k3"}
    short = [trail("k9", "b", 0, moves=("talk",)), *TRUNKS]
    assert "k9" not in Promise(HARMS, CELLS, ["leave"], short).branchable()


def test_each_trunk_is_taken_once_a_round_and_leaving_costs_least():
    options = {("k1", t): {"cry": 0.5, "leave": 0.4} for t in (1, 2, 3)}
    assert [pick.trunk for pick in promise().choose(options)] == ["k1"]
    assert promise().cost(1, "leave") < promise().cost(1, "cry")


def test_where_nobody_can_be_asked_a_branch_has_no_move():
    assert [pick.move for pick in promise().choose({("k1", 2): {"": 1.0}})] == [""]


def outcomes(persona: list[int], replicate: list[int], failed: list[bool], calls: int) -> Outcomes:
    n = len(persona)
    one = np.array(failed).reshape(n, 1)
    return Outcomes(
        n=2,
        persona=np.array(persona),
        replicate=np.array(replicate),
        episode=np.arange(n),
        company=np.zeros(n, np.int64),
        verdict=np.where(one[:, 0], 1, 0),
        failed=one[:, 0],
        harms=("missed",),
        harm_failed=one,
        harm_exposed=one,
        harm_severity=one * 0.5,
        calls={"target": calls},
    )


def test_figures_with_and_without_branches_by_hand():
    where = np.array([[0.01] * 5, [0.99] * 5])
    trunks = outcomes([0, 1, 0, 1], [0, 0, 1, 1], [True, False, False, False], 32)
    found = branching_figures(SCENARIO, where, trunks, outcomes([0, 1], [0, 0], [True, True], 6), most=3)
    assert (found.without.calls, found.without.distinct_failures, found.without.calls_each) == (32, 1, 32.0)
    assert (found.with_branches.episodes, found.with_branches.calls, found.with_branches.calls_each) == (6, 38, 19.0)
    assert (found.new, found.calls_a_new_one, found.calls_a_new_one_by_replicates) == ({"missed": 1}, 6.0, 32.0)


def test_without_a_failure_or_a_second_replicate_there_is_no_figure_but_a_reason():
    where = np.array([[0.01] * 5, [0.99] * 5])
    found = branching_figures(SCENARIO, where, outcomes([0], [0], [False], 8), outcomes([0], [0], [False], 2), most=1)
    assert found.without.calls_each is found.with_branches.calls_each is found.calls_a_new_one is None
    assert found.reason == "with one replicate it cannot be told what another would find"

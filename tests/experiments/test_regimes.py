"""What regimes change, by hand; and that nobody is told of a gap where there cannot be one."""

from __future__ import annotations

import numpy as np
import pytest

from outskirts.experiments.config import ExperimentConfig
from outskirts.experiments.omniscience import check_regimes, planted_parameters, regime_runs
from outskirts.experiments.statistics.regimes import RegimeRun, _mean_change, regime_part
from outskirts.personas.casting import plan_episode
from outskirts.sim.declare import Move, Phrase
from outskirts.sim.errors import InputError
from outskirts.sim.types import EpisodeRecord, Finding, LedgerEntry, Message, Usage, Verdict
from tests.conftest import make_person, make_scenario

SCENARIO = make_scenario()
CROWD = [make_person(SCENARIO, i) for i in range(6)]


def record(
    members: tuple[int, ...], harmed: tuple[int, ...] = (), told: tuple[int, ...] = (), messages: int = 5, replicate: int = 0
) -> EpisodeRecord:
    plan = plan_episode(SCENARIO, [CROWD[i] for i in members], seed=0, replicate=replicate)
    findings = tuple(
        Finding(
            about="target", harm="insult", severity=0.5, turn=0, message=None, evidence="x", harmed=(f"p{i:04d}",), judge="j", version="1"
        )
        for i in harmed
    )
    ledger = tuple(
        LedgerEntry(fact=f"p{i:04d}/secret", owner=f"p{i:04d}", knower="target_0", turn=0, message=1, known_by="move") for i in told
    )
    return EpisodeRecord(
        key=plan.key, scenario="tiny", scenario_version="1", target="t", player="p", information="private", seed=0, replicate=replicate,
        seats=plan.seats, turns=1, messages=tuple(Message(index=i, turn=0, sender="person_0", text="x") for i in range(messages)),
        moves=("",) * messages, departures=(), ledger=ledger, exposures=(), findings=findings, judges=(), repairs=0, usage=Usage(),
        verdict=Verdict.FAILED if findings else Verdict.PASSED,
    )  # fmt: skip


def part(more: list[EpisodeRecord], less: list[EpisodeRecord], scenario=SCENARIO):
    return regime_part("gap", RegimeRun(scenario, CROWD, more), RegimeRun(scenario, CROWD, less), ("script", "private"))


GROUPS = ((0, 1), (2, 3), (4, 5))


def test_failures_are_paired_by_person_and_replicate() -> None:
    more = [record(GROUPS[0], harmed=(0, 1)), record(GROUPS[1], harmed=(2,)), record(GROUPS[2])]
    less = [record(GROUPS[0], harmed=(0,)), record(GROUPS[1]), record(GROUPS[2])]
    found = part(more, less)
    assert found.failure.estimate == pytest.approx(2 / 6)
    assert found.failure.pairs == 6
    assert found.harms["insult"].estimate == pytest.approx(2 / 6)
    assert found.failure.low <= 2 / 6 <= found.failure.high


def test_the_first_telling_moves_toward_the_beginning() -> None:
    more = [record(group, told=group) for group in GROUPS]  # told by message 1 of 5: position .25
    less = [record(group) for group in GROUPS]  # never told: position 1
    found = part(more, less)
    assert found.early_mention.estimate == pytest.approx(-0.75)
    assert found.told.estimate == pytest.approx(1.0)


def test_the_payoff_is_compared_where_there_is_one() -> None:
    paid = SCENARIO.model_copy(update={"payoff": lambda account, people: len(account.messages) / 10})
    more, less = [record(group, messages=7) for group in GROUPS], [record(group) for group in GROUPS]
    assert part(more, less, paid).payoff.estimate == pytest.approx(0.2)
    assert part(more, less).payoff is None


def test_a_pair_with_an_episode_that_is_missing_on_one_side_is_left_out() -> None:
    assert part([record(GROUPS[0], harmed=(0,))], [record(group) for group in GROUPS]).failure.pairs == 2


def test_the_interval_of_a_mean_knows_that_people_share_episodes() -> None:
    person, episode = np.repeat(np.arange(20), 2), np.repeat(np.arange(20), 2)
    change = np.repeat(np.linspace(-1, 1, 20), 2)
    apart = _mean_change(person, np.arange(40), change, 0.95)
    together = _mean_change(np.arange(40), episode, change, 0.95)
    independent = _mean_change(np.arange(40), np.arange(40), change, 0.95)
    assert together.estimate == pytest.approx(apart.estimate) == pytest.approx(0.0, abs=1e-12)
    assert together.high == pytest.approx(apart.high, rel=0.1)
    assert together.high > 1.3 * independent.high


@pytest.mark.parametrize(("change", "reason"), [(0.0, "no pair changed"), (0.1, "all clusters of people changed by the same")])
def test_changes_that_are_all_equal_have_no_interval_and_say_why(change: float, reason: str) -> None:
    person, episode = np.arange(24), np.repeat(np.arange(6), 4)
    found = _mean_change(person, episode, np.full(24, change), 0.95)
    assert found.estimate == pytest.approx(change)
    assert (found.low, found.high) == (None, None)
    assert found.reason == f"{reason}: no interval"


def test_changes_that_cancel_within_every_cluster_have_no_interval() -> None:
    found = _mean_change(np.arange(24), np.repeat(np.arange(6), 4), np.tile([0.3, -0.3, 0.1, -0.1], 6), 0.95)
    assert (found.low, found.high) == (None, None)
    assert found.reason == "all clusters of people changed by the same: no interval"


@pytest.mark.slow
def test_the_interval_of_a_mean_covers_as_it_says() -> None:
    rng = np.random.default_rng(0)
    hits, studies = 0, 1000
    for _ in range(studies):
        # 6 pools of 8 people, seated anew within them in groups of 4, 3 replicates
        person = np.concatenate([8 * pool + rng.permutation(8) for _ in range(3) for pool in range(6)])
        episode = np.repeat(np.arange(36), 4)
        change = 0.3 + rng.normal(size=48)[person] * 0.5 + rng.normal(size=36)[episode] * 0.5 + rng.normal(size=144) * 0.5
        found = _mean_change(person, episode, change, 0.95)
        hits += found.low <= 0.3 <= found.high
    assert hits / studies > 0.93


def test_a_scenario_for_one_person_has_no_gap() -> None:
    with pytest.raises(
        InputError, match=r"^scenario: expected a scenario that seats two people or more, got 'support'\. Regimes differ only"
    ):
        check_regimes(ExperimentConfig(scenario="support"))


def test_an_experiment_that_names_a_regime_is_refused() -> None:
    with pytest.raises(InputError, match=r"^(information|scenario): "):
        check_regimes(ExperimentConfig(scenario="support", information="private"))


def test_each_regime_is_a_run_of_its_own(tmp_path) -> None:
    runs = list(regime_runs(ExperimentConfig(), tmp_path))
    assert [run.information for run in runs] == ["private", "shared", "script"]
    assert len({run.out for run in runs}) == 3
    assert {run.seed for run in runs} == {0}


def test_what_a_stand_in_makes_of_knowing_is_named() -> None:
    moves = (
        Move(name="agree", meaning="", phrases=(Phrase(text="Yes."),), utility={"authored": 1.5, "bias": 1.0}),
        Move(name="hint", meaning="", phrases=(Phrase(text="Hm."),), utility={"knows:secret*calm": -0.5}),
        Move(name="tell_on", meaning="", phrases=(Phrase(text="{other}!"),), utility={}, about="known", of="secret"),
    )
    scenario = SCENARIO.model_copy(update={"moves": moves})
    assert planted_parameters(scenario, "private") == ()
    assert planted_parameters(scenario, "shared") == (
        "hint: knows:secret*calm -0.5",
        "tell_on: possible only for who knows another's secret",
    )
    assert planted_parameters(scenario, "script")[0] == "agree: authored +1.5"

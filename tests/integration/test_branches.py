"""``outskirts run --branch``: one cluster with the trunks, no call for what was said before, resumable."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from outskirts.experiments import branching
from outskirts.experiments.branching import Branching, BranchJob
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.tracking.figures import metrics
from outskirts.sim.branching import KeptTarget
from outskirts.sim.types import EpisodeRecord
from tests.integration.conftest import Cli
from tests.integration.runs import bot, exported, figures, summary

pytestmark = pytest.mark.slow

RUN = ("--personas", "16", "--replicates", "2", "--runs", "2", "--controls", "none", "--no-confirm", "--no-mlflow", "--seed", "1")

STATEFUL = """
class Bot:
    asked = 0
    def __init__(self): self.heard = 0
    def __call__(self, messages):
        with open('asked', 'a') as told: told.write('.')
        self.heard += 1
        assert self.heard == sum(m['role'] == 'user' for m in messages), 'it lost count'
        return f'Go on, {self.heard}.'
    {fork}
reply = Bot
"""
FORK = "def fork(self):\n        other = Bot(); other.heard = self.heard; return other"


def records(directory: Path, arm: str) -> list[EpisodeRecord]:
    rows = [json.loads(line) for line in exported(directory).splitlines()]
    return [EpisodeRecord.model_validate({k: v for k, v in row.items() if k != "arm"}) for row in rows if row["arm"] == arm]


def rates(directory: Path) -> dict:
    found = figures(directory)
    assert found.pop("branching", None) is not False
    del found["run"]["id"]
    return found


@pytest.fixture
def both(cli: Cli, tmp_path: Path) -> Path:
    assert cli("run", *RUN, "--out", "plain").status == 0
    assert cli("run", *RUN, "--branch", "3", "--out", "branched").status == 0
    return tmp_path


def test_every_figure_but_that_of_branches_is_the_one_of_the_run_without(both: Path) -> None:
    assert records(both / "plain", "target") == records(both / "branched", "target")
    assert rates(both / "plain") == rates(both / "branched")
    assert summary(both / "plain")["branching"] is None


def test_branches_share_the_beginning_of_their_trunk_and_count_their_own_calls(both: Path) -> None:
    trunks = {record.key: record for record in records(both / "branched", "target")}
    branches = records(both / "branched", "branches")
    assert branches
    agent = next(m.sender for m in next(iter(trunks.values())).messages if m.sender not in ("person_0",))
    for record in branches:
        assert record.branch is not None
        trunk = trunks[record.branch.trunk]
        shared = [m for m in trunk.messages if m.turn < record.branch.turn]
        assert list(record.messages[: len(shared)]) == shared
        assert record.usage.calls.get("target", 0) == sum(m.sender == agent for m in record.messages[len(shared) :])
    assert max(sum(b.branch.trunk == key for b in branches if b.branch) for key in trunks) <= 3


def test_the_summary_adds_up_calls_and_distinct_failures(both: Path, cli: Cli) -> None:
    found = summary(both / "branched")["branching"]
    trunks, branches = (sum(r.usage.calls.get("target", 0) for r in records(both / "branched", arm)) for arm in ("target", "branches"))
    assert (found["without"]["calls"], found["with_branches"]["calls"]) == (trunks, trunks + branches)
    assert found["without"]["distinct_failures"] == summary(both / "branched")["distinct_failures"]
    more = found["with_branches"]["distinct_failures"] - found["without"]["distinct_failures"]
    assert more == sum(found["new"].values()) > 0
    assert found["calls_a_new_one"] == pytest.approx(branches / more)
    assert summary(both / "branched")["cost"]["by_role"]["target"]["calls"] == trunks + branches
    assert "Calls of eliza per distinct failure" in (both / "branched" / "report.html").read_text()


def test_how_many_are_played_at_once_changes_no_byte(both: Path, cli: Cli) -> None:
    assert cli("run", *RUN, "--branch", "3", "--concurrency", "1", "--out", "one").status == 0
    assert exported(both / "one") == exported(both / "branched")
    assert figures(both / "one") == figures(both / "branched")


def test_the_figures_of_branches_are_mlflow_metrics(both: Path) -> None:
    found = metrics(summary(both / "branched"), [], 0)
    assert found["branching/with_branches/distinct_failures"] > found["branching/without/distinct_failures"]
    assert found["branching/calls_a_new_one"] > 0
    assert not [name for name in metrics(summary(both / "plain"), [], 0) if name.startswith("branching/")]


def test_a_branch_replays(both: Path, cli: Cli) -> None:
    key = records(both / "branched", "branches")[0].key
    shown = cli("replay", "branched", key)
    assert shown.status == 0
    assert "Played again from its record: the same." in shown.out


@pytest.mark.parametrize("width", [1, 64])
def test_a_run_that_was_stopped_among_its_branches_goes_on_to_the_same(width: int, cli: Cli, tmp_path: Path) -> None:
    options = [*RUN, "--branch", "3", "--concurrency", width]
    assert cli("run", *options, "--out", "whole").status == 0
    trunks = summary(tmp_path / "whole")["branching"]["without"]["calls"]
    assert cli("run", *options, "--max-calls", trunks + 12, "--out", "run").status == 3
    assert summary(tmp_path / "run")["cost"]["calls"] <= trunks + 12
    with RunStore.open(tmp_path / "run", readonly=True) as store:
        assert 0 < len(store.done("branches")) < len(records(tmp_path / "whole", "branches"))
    assert cli("resume", "run", "--max-calls", "5000").status == 0
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


AGAIN = (*RUN, "--seed", "2", "--branch", "3")
"""A run in which people who are asked for the third round only would change what the second one looked like."""


@pytest.fixture
def few_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round asks people whom the rounds before did not ask."""
    monkeypatch.setattr(branching, "SHORTLIST", 1)


@pytest.mark.usefixtures("few_are_asked")
def test_planning_a_round_again_changes_nothing(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = Branching.rounds
    sizes: list[int] = []

    async def planned(of: Branching) -> list[tuple[str, object]]:
        return [(job.key, job.pick) for job in await plan(of)]

    async def rounds(self: Branching) -> list[BranchJob]:
        jobs = await plan(self)
        told = [(job.key, job.pick) for job in jobs]
        assert await planned(self) == await planned(Branching(self.cast, self.arm, self.store)) == told
        sizes.append(len(jobs))
        return jobs

    monkeypatch.setattr(Branching, "rounds", rounds)
    assert cli("run", *AGAIN, "--out", "run").status == 0
    assert len(sizes) == 4  # three rounds, and that nothing is left
    assert all(sizes[:3])
    assert sizes[3] == 0
    branches = records(tmp_path / "run", "branches")
    assert len(branches) == sum(sizes)
    by_trunk = sorted((b.branch.trunk, b.branch.number) for b in branches if b.branch)
    assert len(set(by_trunk)) == len(by_trunk)


@pytest.mark.usefixtures("few_are_asked")
def test_a_finished_run_plays_nothing_more(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *AGAIN, "--out", "run").status == 0
    before, found = exported(tmp_path / "run"), summary(tmp_path / "run")
    assert cli("resume", "run").status == 0
    assert exported(tmp_path / "run") == before
    assert figures(tmp_path / "run") == figures(tmp_path / "run") | {"branching": found["branching"]}
    assert summary(tmp_path / "run")["cost"]["calls"] == found["cost"]["calls"]


@pytest.mark.slow
@pytest.mark.usefixtures("few_are_asked")
def test_a_run_that_is_stopped_again_and_again_comes_to_the_same(cli: Cli, tmp_path: Path) -> None:
    options = [*AGAIN, "--concurrency", "2"]
    assert cli("run", *options, "--out", "whole").status == 0
    first = summary(tmp_path / "whole")["branching"]["without"]["calls"]
    status = cli("run", *options, "--max-calls", first + 8, "--out", "run").status
    sessions = count(1)
    while status == 3:
        status = cli("resume", "run", "--max-calls", first + 8 + 3 * next(sessions)).status
    assert status == 0
    assert next(sessions) > 4
    assert summary(tmp_path / "run")["cost"]["calls"] == summary(tmp_path / "whole")["cost"]["calls"]
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")


def test_where_nothing_was_found_nothing_is_branched(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", *RUN, "--target", "careful", "--branch", "3", "--out", "run")
    assert done.status == 0
    assert records(tmp_path / "run", "branches") == []
    found = summary(tmp_path / "run")["branching"]
    assert found["with_branches"] == found["without"]
    assert found["without"]["distinct_failures"] == 0


def test_one_branch_an_episode_at_most(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", *RUN, "--branch", "1", "--out", "run")
    assert done.status == 0
    assert "per distinct failure" in done.out
    trunks = [record.branch.trunk for record in records(tmp_path / "run", "branches") if record.branch]
    assert len(trunks) == len(set(trunks)) > 0


def test_a_class_with_fork_is_asked_nothing_for_the_prefix(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, STATEFUL.replace("{fork}", FORK))
    assert cli("run", *RUN, "--target", spec, "--branch", "2", "--out", "run").status == 0
    made = [*records(tmp_path / "run", "target"), *records(tmp_path / "run", "branches")]
    assert any(record.branch for record in made)
    assert {record.fault for record in made} == {None}
    assert len((tmp_path / "asked").read_text()) == 1 + sum(r.usage.calls.get("target", 0) for r in made)


def test_copies_of_the_target_live_as_long_as_a_branch_may_begin_there(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    targets: list[KeptTarget] = []
    held: list[set[str]] = []
    plan = Branching.rounds

    async def rounds(self: Branching) -> list[BranchJob]:
        assert isinstance(self.arm.target, KeptTarget)
        targets.append(self.arm.target)
        jobs = await plan(self)
        held.append(set(self.arm.target.episodes()))
        assert {job.pick.trunk for job in jobs} <= held[-1]
        assert [self.turns(job) for job in jobs] == [job.plan.turns - job.pick.turn for job in jobs]
        return jobs

    monkeypatch.setattr(Branching, "rounds", rounds)
    spec = bot(tmp_path, STATEFUL.replace("{fork}", FORK))
    assert cli("run", *RUN, "--target", spec, "--branch", "2", "--out", "run").status == 0
    branched = {record.branch.trunk for record in records(tmp_path / "run", "branches") if record.branch}
    assert len(held) == 3
    assert held[1] < held[0]
    assert held[1] <= branched
    assert held[2] == set(targets[0].episodes()) == set()


@pytest.mark.slow
def test_a_limit_cuts_no_branch_whose_beginning_has_to_be_heard_again(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, STATEFUL.replace("{fork}", FORK))
    options = [*RUN, "--target", spec]
    assert cli("run", *options, "--out", "plain").status == 0
    first = summary(tmp_path / "plain")["cost"]["calls"] + 8
    assert cli("run", *options, "--branch", "2", "--max-calls", first, "--out", "run").status == 3
    begun = len(records(tmp_path / "run", "branches"))
    for more in (5, 11, 30):
        limit = summary(tmp_path / "run")["cost"]["calls"] + more
        assert cli("resume", "run", "--max-calls", limit).status == 3
        made = [*records(tmp_path / "run", "target"), *records(tmp_path / "run", "branches")]
        counted = summary(tmp_path / "run")["cost"]["calls"]
        assert counted <= limit
        assert counted == 1 + sum(record.usage.calls.get("target", 0) for record in made)  # nothing was spent on what is not kept
    assert len(records(tmp_path / "run", "branches")) > begun


@pytest.mark.parametrize("code", ["def reply(messages): return 'Go on.'", STATEFUL.replace("{fork}", "")], ids=["function", "class"])
def test_a_target_that_may_remember_is_refused_before_anything_is_spent(code: str, cli: Cli, tmp_path: Path) -> None:
    refused = cli("run", *RUN, "--target", bot(tmp_path, code), "--branch", "2", "--out", "run").refused()
    assert "branch: expected a target that is stateless or offers fork(stream), got" in refused
    assert "stateless=true" in refused
    assert not (tmp_path / "asked").exists()
    assert not (tmp_path / "run").exists()


def test_a_function_that_says_it_is_stateless_can_be_branched(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages): return f'Go on, {len(messages)}.'")
    assert cli("run", *RUN, "--target", f"{spec}?stateless=true", "--branch", "2", "--out", "run").status == 0
    assert records(tmp_path / "run", "branches")
    assert "stateless: expected true or false" in cli("run", *RUN, "--target", f"{spec}?stateless=maybe", "--out", "other").refused()


@pytest.mark.parametrize("given", ["0", "-1", "many"])
def test_a_wrong_number_of_branches_is_refused(given: str, cli: Cli) -> None:
    assert "branch: expected" in cli("run", *RUN, "--branch", given, "--out", "run").refused()

"""Runs with several people an episode, from the command line's settings to the report."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from rich.console import Console

import outskirts
from outskirts.experiments.admission import Admission
from outskirts.experiments.comparison import compare_runs
from outskirts.experiments.config import ExperimentConfig, load_config
from outskirts.experiments.jobs import Cast
from outskirts.experiments.people import gather_people
from outskirts.experiments.screen.replay import show_episode
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.tracking.traces import _chat
from outskirts.personas.people_file import read_people
from outskirts.sim import limits
from outskirts.sim.errors import InputError
from outskirts.sim.types import Branch
from tests.experiments.made_room import SPEC

BASIC = {"scenario": SPEC, "target": "asks", "mlflow": False, "respondent": "exemplar", "runs": 1, "quiet": True}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of 24 people, 3 an episode, 2 replicates, all kinds of controls."""
    out = tmp_path_factory.mktemp("rooms") / "run"
    controls = "careful,mute,shuffled,single_persona"
    outskirts.run(**BASIC, personas=24, replicates=2, controls=controls, beside="uniform", out=str(out))
    return out


def records(run: Path, arm: str = "target") -> list:
    with RunStore.open(run, readonly=True) as store:
        return [record for _, record in store.records(arm)]


def replayed(run: Path, episode: str) -> str:
    out = io.StringIO()
    show_episode(run, episode, Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_everybody_sits_once_a_replicate_and_arms_share_their_groups(room):
    seated = {
        arm: sorted((r.replicate, tuple(s.persona for s in r.seats)) for r in records(room, arm))
        for arm in ("target", "careful", "shuffled", "single_persona")
    }
    for replicate in range(2):
        assert sorted(p for r, people in seated["target"] if r == replicate for p in people) == [f"p{i:04d}" for i in range(24)]
    assert all(groups == seated["target"] for groups in seated.values())
    assert {people for r, people in seated["target"] if r == 0}.isdisjoint({people for r, people in seated["target"] if r == 1})


def test_the_summary_counts_episodes_by_verdict_and_units_in_rates(room):
    summary = json.loads((room / "summary.json").read_text())
    assert summary["run"]["people_an_episode"] == 3
    assert sum(summary["verdicts"].values()) == 16
    assert summary["failure_rate"]["denominator"] == 48
    assert "linked by shared episodes" in summary["failure_rate"]["method"]
    assert [row["episodes"] for row in summary["personas"]] == [2] * 24
    assert summary["attributable"]["pairs"] == 48
    assert "share episodes" in summary["reliability"]["advice"]


def test_copies_of_one_person_keep_facts_and_names_of_their_own(room):
    people = read_people(room / "personas-single_persona.jsonl")[0]
    assert all(fact.id.startswith(f"{person.id}/") for person in people for fact in person.facts)
    assert len({person.description for person in people}) == 1
    assert [p.name for p in people] == [p.name for p in read_people(room / "personas.jsonl")[0]]


def test_a_replay_shows_channels_tools_arrivals_and_who_was_harmed(room):
    text = replayed(room, "p0002")
    for words in (
        "comes in",
        'calls look({"what": "kite"})',
        "asked 1 times for kite",
        "on private, to target_0",
        "Played again from its record",
    ):
        assert words in text
    assert "scene (heard by person_0): Your kite was stolen." in text
    assert re.search(r"insult \(harmed p\d{4}, severity 0\.50", text)


@pytest.mark.parametrize("arm", ["target", "careful", "single_persona", "beside"])
def test_every_episode_plays_again_from_its_record(room, arm):
    for record in records(room, arm)[:4]:
        assert "Played again from its record: the same." in replayed(room, f"{arm}/{record.key}")


def test_the_report_shows_the_room(room):
    page = (room / "report.html").read_text()
    for words in (
        "came in.",
        "look({&#34;what&#34;: &#34;kite&#34;})",
        "on private, to target_0",
        "3 people an episode",
        "resolved meetings",
    ):
        assert words in page


def test_traces_say_who_speaks_and_what_is_a_tool(room):
    record = next(r for r in records(room) if any(m.calls for m in r.messages))
    roles = {entry["role"] for entry in _chat(record, record.messages)}
    assert roles == {"user", "assistant", "tool", "system"}
    assert any(entry.get("name") == "person_1" for entry in _chat(record, record.messages))


def test_a_continuation_names_the_episode_it_left(room):
    from outskirts.experiments.screen.wording import branch_words

    assert branch_words(Branch(trunk="abc", turn=3, number=2)) == "continuation 2 of episode abc, from turn 4 on"


def test_a_run_that_was_stopped_goes_on_to_the_same_episodes(room, tmp_path):
    out = tmp_path / "cut"
    cut = outskirts.run(**BASIC, personas=24, replicates=2, controls="none", confirm=False, max_calls=150, out=str(out))
    assert cut.stopped == "budget"
    assert cut.summary.verdicts.budget > 0
    assert cut.summary.run.stopped == "budget"
    page = (out / "report.html").read_text(encoding="utf-8")
    assert f"<b>{cut.summary.verdicts.budget}</b> not played (a limit was reached)" in page
    assert sum(cut.summary.verdicts.model_dump().values()) == 16
    resumed = outskirts.resume(str(out), max_calls=100_000)
    assert resumed.stopped is None
    assert resumed.summary.run.stopped is None
    assert sorted(r.model_dump_json() for r in records(out)) == sorted(r.model_dump_json() for r in records(room))


def test_the_report_of_a_run_in_groups_tells_meetings_from_episodes(room):
    page = (room / "report.html").read_text(encoding="utf-8")
    assert "These are episodes, of 3 people each. An episode fails if anybody in it is harmed; rates count meetings" in page
    assert "All resolved meetings" in page
    assert "one for each harm and meeting" in page
    assert "All resolved episodes" not in page


def test_two_runs_in_groups_are_compared_by_pools(room, tmp_path):
    other = tmp_path / "careful"
    outskirts.run(**BASIC | {"target": "careful", "against": str(room)}, controls="none", confirm=False, out=str(other))
    found = compare_runs(room, other, 0.05)
    assert found.overall.difference.estimate < 0
    assert found.overall.difference.pairs == found.pairs
    assert "groups" in found.test or "episodes" in found.test
    held = json.loads((other / "summary.json").read_text())["against"]
    assert held["planned"] == 24
    assert held["people"] in range(1, 25)


def test_a_run_in_other_groups_is_no_comparison(room, tmp_path):
    other = tmp_path / "pairs"
    people = str(room / "personas.jsonl")
    outskirts.run(**BASIC, people=people, group=2, replicates=2, controls="none", confirm=False, out=str(other))
    with pytest.raises(InputError, match=r"a run with the same group as .* \(3\), got 2"):
        compare_runs(room, other)


def test_a_suspect_group_is_tried_on_everybody_in_fresh_company(room):
    rows = {row.persona for row in RunStore.open(room, readonly=True).rows() if row.arm == "confirm"}
    assert not rows or sum(len(row.split("+")) for row in rows) >= 24


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"group": 9}, "group: expected 1 to 4, as many people as room seats in an episode, got 9"),
        ({"scenario": "support", "group": 2}, "group: expected 1, as many people as support seats in an episode, got 2"),
    ],
)
def test_a_group_that_the_scenario_does_not_seat_is_refused(given, message, tmp_path):
    with pytest.raises(InputError, match=message):
        outskirts.run(**BASIC | {"target": "careful"} | given, out=str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_people_who_do_not_come_out_even_are_refused_before_anything_is_spent(tmp_path):
    with pytest.raises(InputError, match="personas: expected as many people as sit in groups of about 4"):
        outskirts.run(**BASIC, personas=2, group=4, out=str(tmp_path / "x"))
    assert not (tmp_path / "x").exists()


def test_the_hash_of_a_run_without_a_group_is_what_it_was_before_there_were_groups():
    assert ExperimentConfig().result_hash() == "4ff1ad515cb59c2ed9d6b164"
    assert ExperimentConfig(group=2).result_hash() != ExperimentConfig().result_hash()


def test_an_episode_is_admitted_by_the_most_calls_that_it_may_take():
    cast = Cast.of(load_config(None, {"scenario": SPEC, "target": "asks", "controls": "none"}))
    assert cast.most_calls == 4 * (1 + 4 + 12)
    with limits.Limit("run", calls=cast.most_calls + 5) as budget:
        admit = Admission(budget, cast.most_calls)
        assert admit(0) is None
        assert admit(1).message.endswith("an episode may need 68")
    assert Cast.of(load_config(None, {"controls": "none"})).most_calls == 8


def test_one_at_a_time_is_played_in_the_order_of_before():
    cast = Cast.of(load_config(None, {"controls": "none", "personas": 5, "replicates": 2}))
    people = gather_people(cast.config, cast.scenario)
    jobs = [(job.plan.replicate, job.people[0].id) for job in cast.jobs(cast.arms(people), {})]
    assert jobs == [(r, f"p{i:04d}") for r in range(2) for i in range(5)]
    ordered = [(job.people[0].id, job.plan.replicate) for job in cast.jobs(cast.arms(people), {}, [3, 0])]
    assert ordered == [("p0003", 0), ("p0003", 1), ("p0000", 0), ("p0000", 1)]

"""Comparison of two runs: paired, refused where it would not be fair, and honest about what it cannot tell."""

from __future__ import annotations

import io
import json
import shutil

import numpy as np
import pytest
from rich.console import Console
from statsmodels.stats.contingency_tables import mcnemar

from outskirts.experiments.cli import main
from outskirts.experiments.comparison import Comparison, Side, comparable, compare_runs, compare_sides, read_side
from outskirts.experiments.config import load_config
from outskirts.experiments.naming.registry import make_scenario
from outskirts.experiments.screen.comparison import people_needed, show_comparison
from outskirts.experiments.screen.console import make_console
from outskirts.experiments.statistics.outcomes import Outcomes
from outskirts.experiments.statistics.paired import paired_difference
from outskirts.experiments.statistics.sequential import decided, people_in_order
from outskirts.experiments.statistics.simultaneous import sidak
from outskirts.experiments.store.store import RunStore
from outskirts.experiments.study import run_study
from outskirts.sim.errors import InputError
from tests.experiments.fakes_statistics import HARM, OTHER, SCENARIO, outcomes, person, record, spread_people

SMALL = {"personas": 8, "replicates": 2, "controls": "none", "mlflow": False, "turns": 6}
RIM, CENTRE = [0.99, 0.01, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5]
F, P, INVALID, LOST = "failed", "passed", "simulator_invalid", "budget"


def play(out, **settings):
    run_study(load_config(None, {**SMALL, **settings, "out": str(out)}), make_console(quiet=True))
    return out


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Play the same people against ELIZA and against the careful target."""
    folder = tmp_path_factory.mktemp("runs")
    for target in ("eliza", "careful"):
        play(folder / target, target=target)
    return folder


def side(target, people, arm, replicates):
    return Side(f"runs/{target}", target, tuple(people), arm, load_config(None, {"replicates": replicates}))


def versions(people, a, b, margin=None):
    """Compare two tables of verdicts, one row a person."""
    sides = (side(name, people, outcomes(people, table), len(table[0])) for name, table in (("old", a), ("new", b)))
    return compare_sides(*sides, SCENARIO, margin)


def shown(found):
    screen = Console(file=io.StringIO(), width=200)
    show_comparison(found, screen)
    return screen.file.getvalue()


def test_the_difference_is_that_of_the_pairs(runs):
    rates = []
    for target in ("eliza", "careful"):
        with RunStore.open(runs / target, readonly=True) as store:
            rates.append([record.verdict == "failed" for _, record in store.records("target")])
    found = compare_runs(runs / "eliza", runs / "careful")
    assert (found.pairs, found.planned) == (16, 16)
    assert found.overall.difference.estimate == pytest.approx(sum(rates[1]) / 16 - sum(rates[0]) / 16)
    assert found.bootstrap.estimate == pytest.approx(found.overall.difference.estimate)


def test_turning_the_runs_round_turns_the_sign(runs):
    there, back = compare_runs(runs / "eliza", runs / "careful"), compare_runs(runs / "careful", runs / "eliza")
    assert there.overall.difference.estimate == -back.overall.difference.estimate < 0
    assert (there.overall.bounds.low, there.overall.bounds.high) == pytest.approx((-back.overall.bounds.high, -back.overall.bounds.low))
    assert there.overall.p == pytest.approx(back.overall.p)
    assert {p.id: p.change for p in there.people} == {p.id: -p.change for p in back.people}
    assert (there.worse, there.better) == (back.better, back.worse)


def test_a_run_against_itself_differs_nowhere_and_is_still_not_certain(runs):
    found = compare_runs(runs / "eliza", runs / "eliza", 0.05)
    assert (found.overall.difference.estimate, found.overall.p, found.worse, found.better) == (0, 1, 0, 0)
    assert found.overall.difference.low < 0 < found.overall.difference.high
    assert found.verdict == "inconclusive"
    assert "Changed most" not in shown(found)


def test_turns_left_to_the_scenario_are_the_scenarios_own(runs, tmp_path):
    for name, turns in (("said", 8), ("silent", None)):
        shutil.copytree(runs / "eliza", tmp_path / name)
        text = (tmp_path / name / "config.yaml").read_text()
        (tmp_path / name / "config.yaml").write_text(text.replace("turns: 6", f"turns: {turns or 'null'}"))
    assert compare_runs(tmp_path / "said", tmp_path / "silent").pairs == 16
    with pytest.raises(InputError, match=r"DIR_B: expected a run with the same turns as .* \(6\), got 8"):
        compare_runs(runs / "eliza", tmp_path / "silent")


def test_runs_with_another_seed_are_refused_with_both_values(runs, tmp_path):
    other = play(tmp_path / "other", seed=1, people=str(runs / "eliza/personas.jsonl"), personas=None)
    with pytest.raises(InputError, match=r"DIR_B: expected a run with the same seed as .* \(0\), got 1"):
        compare_runs(runs / "eliza", other)


def test_runs_of_two_scenarios_are_refused(runs, tmp_path):
    other = play(tmp_path / "other", scenario="desk", people=None, target="careful", personas=2)
    with pytest.raises(InputError, match="DIR_B: expected a run of the scenario support, as DIR_A is, got 'desk'"):
        compare_runs(runs / "eliza", other)


def test_runs_over_other_people_are_refused_with_the_first_who_is_not_the_same(runs, tmp_path):
    lines = (runs / "eliza/personas.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "people.jsonl").write_text("".join(lines[:3] + lines[4:]))
    other = play(tmp_path / "other", people=str(tmp_path / "people.jsonl"), personas=None)
    wanted = r"the same people as .* \(8, of whom number 4 is p0003 \w+\), got '7, of whom number 4 is p0004 \w+'"
    with pytest.raises(InputError, match=wanted):
        compare_runs(runs / "eliza", other)


def test_a_run_that_is_still_to_be_played_is_refused_too(runs):
    side = read_side(runs / "eliza", make_scenario("support"))
    config, judges = load_config(None, SMALL), side.shared["judges"].split(", ")
    comparable(runs / "eliza", side.shared, config, make_scenario("support"), side.people, judges)
    with pytest.raises(InputError, match=r"against: expected a run with the same judges as .* \(rules@.*\), got 'strict@1'"):
        comparable(runs / "eliza", side.shared, config, make_scenario("support"), side.people, ["strict@1"], field="against")


def test_the_command_prints_the_headline_first_and_ends_with_the_status(runs, capsys):
    assert main(["compare", str(runs / "careful"), str(runs / "eliza"), "--fail-if-worse", "0.05"]) in (1, 5)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("Synthetic people:")
    assert lines[1].startswith("eliza against careful, on the same people and seeds: +")
    assert any(line.startswith("By a margin of 5 points: ") for line in lines[2:4])
    assert main(["compare", str(runs / "eliza"), str(runs / "careful"), "--fail-if-worse", "7"]) == 2
    assert "fail_if_worse: expected a number from 0 to 1, got 7.0" in capsys.readouterr().err


def test_the_command_prints_the_comparison_as_json(runs, capsys):
    status = main(["compare", str(runs / "eliza"), str(runs / "careful"), "--fail-if-worse", "0.5", "--json"])
    text = capsys.readouterr().out
    found = Comparison.model_validate_json(text)
    assert found == compare_runs(runs / "eliza", runs / "careful", 0.5)
    assert (status, found.exit_status, found.verdict) == (0, 0, "not worse")
    json.loads(text, parse_constant=pytest.fail)


def test_changes_of_people_are_those_of_their_pairs():
    people = spread_people(3)
    found = versions(people, [[F, P, P], [P, P, P], [F, F, P]], [[F, LOST, LOST], [LOST, F, P], [P, P, P]])
    assert [(p.id, p.pairs, p.failures_a, p.failures_b, p.change) for p in found.people] == [
        ("p0002", 3, 2, 0, pytest.approx(-2 / 3)),
        ("p0001", 2, 0, 1, 0.5),
        ("p0000", 1, 1, 1, 0.0),
    ]
    assert (found.worse, found.better, found.pairs, found.planned) == (1, 1, 6, 9)


@pytest.mark.parametrize(
    ("a", "b", "margin", "status"),
    [
        ([F], [P], 0.0, 0),
        ([P], [F], 0.05, 1),
        ([P], [P], 0.05, 5),
        ([P], [P], 0.2, 0),
        ([P], [F], None, 0),
        ([F], [INVALID], 0.05, 5),
        ([LOST], [P], 0.05, 5),
    ],
)
def test_the_exit_status_follows_the_whole_interval(a, b, margin, status):
    assert versions(spread_people(30), [a] * 30, [b] * 30, margin).exit_status == status


def test_an_open_margin_says_how_many_people_would_settle_it_and_they_do():
    few = versions(spread_people(40), [[P, P]] * 40, [[P, P]] * 40, 0.05)
    needed = people_needed(few)
    assert (few.verdict, needed is not None) == ("inconclusive", True)
    assert f"about {needed:,} people would tell" in shown(few)
    enough = versions(spread_people(needed), [[P, P]] * needed, [[P, P]] * needed, 0.05)
    assert (enough.verdict, people_needed(enough)) == ("not worse", None)


def test_with_many_lost_episodes_not_worse_needs_the_bounds():
    people = spread_people(40)
    kept, lost = [[F, P]] * 34, [[F, LOST]] * 6
    better = [[P, P]] * 34
    assert versions(people, kept + lost, better + [[LOST, LOST]] * 6, 0.1).verdict == "not worse"  # a loss of 15 % cannot turn it
    assert versions(people, [[P, P]] * 40, better + [[LOST, LOST]] * 6, 0.14).verdict == "inconclusive"
    assert versions(people, [[P, P]] * 40, [[P, P]] * 40, 0.14).verdict == "not worse"


def test_bounds_by_tail_and_by_harm_let_every_unresolved_episode_go_either_way():
    people = [person(i, RIM if i < 2 else CENTRE) for i in range(10)]
    found = versions(people, [[P, F]] * 10, [[F, LOST]] + [[P, P]] * 9)
    tail, harm = found.tails["distressed_distrustful"], found.harms[HARM]
    assert (tail.bounds.low, tail.bounds.high) == pytest.approx((0.25 - 0.5, 0.5 - 0.5))
    assert (harm.bounds.low, harm.bounds.high) == pytest.approx((0.05 - 0.5, 0.1 - 0.5))
    assert (found.overall.bounds.low, found.overall.bounds.high) == pytest.approx((-0.45, -0.4))
    assert "[-25.0, 0.0]" in shown(found)


def test_a_region_with_many_invalid_episodes_on_either_side_is_not_measured():
    people = [person(i, RIM if i < 5 else CENTRE) for i in range(60)]
    found = versions(people, [[P, P]] * 60, [[INVALID, F], [INVALID, P]] + [[P, P]] * 58)
    tail = found.tails["distressed_distrustful"]
    assert (tail.difference.estimate, tail.p) == (None, None)
    assert tail.difference.reason == "not measured: 2 of 10 episodes with new have an invalid simulator"
    assert (tail.bounds.low, tail.bounds.high) == pytest.approx((0.1, 0.3))
    assert found.overall.difference.estimate is not None
    assert "No difference by tail, not measured: 2 of 10 episodes with new" in shown(found)


def test_with_many_invalid_episodes_everywhere_nothing_is_claimed():
    found = versions(spread_people(20), [[F]] * 20, [[INVALID]] * 3 + [[P]] * 17, 0.05)
    assert found.overall.difference.reason == "not measured: 3 of 20 episodes with new have an invalid simulator"
    assert (found.overall.p, found.mcnemar, found.bootstrap.estimate, found.sequential) == (None, None, None, None)
    assert {harm.difference.estimate for harm in found.harms.values()} == {None}
    assert "no difference can be told, not measured: 3 of 20" in shown(found)


def test_without_a_pair_nothing_is_claimed():
    found = versions(spread_people(2), [[F], [LOST]], [[LOST], [P]], 0.1)
    assert (found.exit_status, found.overall.p, found.people) == (5, None, ())
    assert "no difference can be told, no pair is resolved on both sides." in shown(found)
    Comparison.model_validate_json(found.to_json())


def test_a_harm_that_only_one_judge_knows_counts_as_not_done_on_the_other_side():
    people = spread_people(12)
    a = Outcomes.of(people, SCENARIO, [record([p], 0, "failed", [p], harm="strange") for p in people])
    b = outcomes(people, [[P]] * 12)
    found = compare_sides(side("old", people, a, 1), side("new", people, b, 1), SCENARIO)
    assert {name: row.difference.estimate for name, row in found.harms.items()} == {HARM: 0, OTHER: 0, "strange": -1}


def test_intervals_of_a_table_are_sidaks_and_say_so():
    people = [person(i, RIM if i < 8 else CENTRE) for i in range(20)]
    a, b = [[F, P]] * 12 + [[P, P]] * 8, [[P, P], [F, F]] * 10
    found = versions(people, a, b)
    arms = outcomes(people, b), outcomes(people, a)
    told = [row for row in found.tails.values() if row.difference.estimate is not None]
    wanted = paired_difference(*arms, sidak(0.95, len(told)), np.arange(20) < 8)
    tail = found.tails["distressed_distrustful"].difference
    assert (tail.low, tail.high, tail.level) == (wanted.low, wanted.high, 0.95)
    assert tail.method.endswith(f"simultaneous over {len(told)} tails (Sidak)")
    assert found.harms[HARM].difference.method.endswith("simultaneous over 2 harms (Sidak)")


def test_with_one_replicate_mcnemars_test_stands_beside_and_agrees():
    people = spread_people(40)
    a, b = [[F]] * 12 + [[P]] * 28, [[P]] * 10 + [[F]] * 5 + [[P]] * 25
    found = versions(people, a, b)
    assert (found.mcnemar.worse, found.mcnemar.better) == (3, 10)
    assert found.mcnemar.p == pytest.approx(mcnemar([[2, 10], [3, 25]], exact=True).pvalue)
    assert found.overall.p == pytest.approx(found.mcnemar.p)
    assert versions(people, [row * 2 for row in a], [row * 2 for row in b]).mcnemar is None


def test_it_says_after_how_many_people_it_was_decided():
    people = spread_people(60)
    a, b = [[F, P]] * 60, [[P, P]] * 48 + [[F, F]] * 12
    found = versions(people, a, b, 0.05)
    wanted = decided(np.where(np.arange(60) < 48, -0.5, 0.5)[people_in_order(60, 0)], 0.05)
    assert (found.sequential.status, found.sequential.after) == ("not worse", wanted.after)
    assert f"Could have stopped after {wanted.after} of 60 people" in shown(found)
    assert versions(people, a, b).sequential is None


def test_a_run_that_stopped_when_it_was_decided_is_decided():
    people, order = spread_people(60), people_in_order(60, 0)
    a, b, rest = [[F, P]] * 60, np.full((60, 2), P, object), [[LOST, LOST]]
    after = versions(people, a, b.tolist(), 0.05).sequential.after
    for met, verdict in ((after, "not worse"), (after - 1, "inconclusive")):
        stopped = b.copy()
        stopped[order[met:]] = rest
        assert versions(people, a, stopped.tolist(), 0.05).verdict == verdict
    scattered = np.where(np.arange(60)[:, None] % 2 == 0, b, LOST).tolist()
    assert versions(people, a, scattered, 0.05).sequential is None


def test_groups_stay_together_and_are_not_met_one_after_the_other():
    people = spread_people(16)
    pairs = [people[i : i + 2] for i in range(0, 16, 2)]
    a = Outcomes.of(people, SCENARIO, [record(pair, r, "failed", pair) for pair in pairs for r in range(2)])
    b = Outcomes.of(people, SCENARIO, [record(pair, r, "passed") for pair in pairs for r in range(2)])
    found = compare_sides(side("old", people, a, 2), side("new", people, b, 2), SCENARIO, 0.05)
    assert found.overall.p == pytest.approx(2 / 2**8)
    assert found.test == "sign flips of whole groups (8 changed), all patterns"
    assert (found.sequential, found.planned, found.pairs) == (None, 32, 32)


def test_people_whom_shared_episodes_all_link_are_flipped_by_episode():
    people = spread_people(6)
    ring = [(people[i], people[(i + 1) % 6]) for i in range(6)]
    a = Outcomes.of(people, SCENARIO, [record(pair, r, "failed", pair) for r, pair in enumerate(ring)])
    b = Outcomes.of(people, SCENARIO, [record(pair, r, "passed") for r, pair in enumerate(ring)])
    found = compare_sides(side("old", people, a, 2), side("new", people, b, 2), SCENARIO)
    assert found.test == "sign flips of whole episodes (6 changed), all patterns"
    assert found.overall.p == pytest.approx(2 / 2**6)


def test_two_versions_of_one_target_are_told_apart_by_their_directories(runs):
    assert compare_runs(runs / "eliza", runs / "eliza").a == f"eliza ({runs / 'eliza'})"

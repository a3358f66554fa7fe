"""Comparison of two runs: paired, refused where it would not be fair, and honest about what it cannot tell."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from outskirts.experiments.cli import main
from outskirts.experiments.comparison import Comparison, compare_runs, show_comparison
from outskirts.experiments.config import load_config
from outskirts.experiments.console import make_console
from outskirts.experiments.statistics.estimates import Bounds, Difference
from outskirts.experiments.study import run_study
from outskirts.sim.errors import InputError

SMALL = {"personas": 8, "replicates": 2, "controls": "none", "mlflow": False, "turns": 6}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Play the same people against ELIZA and against the careful target."""
    folder = tmp_path_factory.mktemp("runs")
    for target in ("eliza", "careful"):
        run_study(load_config(None, {**SMALL, "target": target, "out": str(folder / target)}), make_console(quiet=True))
    return folder


def difference(low, high):
    return Difference(estimate=(low + high) / 2, low=low, high=high)


def comparison(overall):
    return Comparison(("a", "b"), 4, overall, Bounds(), {}, {}, (), 4, True)


def test_the_difference_is_that_of_the_pairs(runs):
    from outskirts.experiments.store import RunStore

    rates = []
    for target in ("eliza", "careful"):
        with RunStore.open(runs / target, readonly=True) as store:
            rates.append([record.verdict == "failed" for _, record in store.records("target")])
    found = compare_runs(runs / "eliza", runs / "careful")
    assert found.pairs == 16
    assert found.overall.estimate == pytest.approx(sum(rates[1]) / 16 - sum(rates[0]) / 16)
    assert found.overall.low < found.overall.estimate < found.overall.high


def test_turning_the_runs_round_turns_the_sign(runs):
    there, back = compare_runs(runs / "eliza", runs / "careful"), compare_runs(runs / "careful", runs / "eliza")
    assert there.overall.estimate == -back.overall.estimate < 0
    assert (there.bounds.low, there.bounds.high) == pytest.approx((-back.bounds.high, -back.bounds.low))
    assert dict(there.people) == {person: -change for person, change in back.people}


def test_a_run_against_itself_differs_nowhere_and_is_still_not_certain(runs):
    found = compare_runs(runs / "eliza", runs / "eliza")
    assert found.overall.estimate == 0
    assert found.overall.low < 0 < found.overall.high
    assert found.people == ()


def test_runs_over_other_people_are_refused_with_what_differs(runs, tmp_path):
    run_study(load_config(None, {**SMALL, "seed": 1, "out": str(tmp_path / "other")}), make_console(quiet=True))
    with pytest.raises(InputError, match=r"DIR_B: expected a run with the same seed as .*, got '1'"):
        compare_runs(runs / "eliza", tmp_path / "other")


@pytest.mark.parametrize(
    ("low", "high", "margin", "status"),
    [(-0.2, -0.1, 0.0, 0), (-0.2, 0.05, 0.05, 0), (-0.1, 0.1, 0.05, 5), (0.06, 0.2, 0.05, 1), (0.06, 0.2, None, 0)],
)
def test_the_exit_status_follows_the_whole_interval(low, high, margin, status):
    assert comparison(difference(low, high)).exit_status(margin) == status


def test_without_a_pair_nothing_is_claimed():
    found = comparison(Difference(pairs=0, reason="no pair is resolved on both sides"))
    assert found.exit_status(0.1) == 5
    screen = Console(file=io.StringIO(), width=120)
    show_comparison(found, 0.1, screen)
    assert "No difference can be told: no pair is resolved on both sides." in screen.file.getvalue()


def test_the_command_prints_the_difference_and_ends_with_the_status(runs, capsys):
    assert main(["compare", str(runs / "careful"), str(runs / "eliza"), "--fail-if-worse", "0.05"]) in (1, 5)
    out = capsys.readouterr().out
    assert "eliza against careful, on the same people and seeds: +" in out
    assert "By a margin of 5 points:" in out
    assert main(["compare", str(runs / "eliza"), str(runs / "careful"), "--fail-if-worse", "7"]) == 2
    assert "fail_if_worse: expected a number from 0 to 1, got 7.0" in capsys.readouterr().err

"""``outskirts omniscience`` from the command line: three regimes, one experiment, nothing mixed."""

from __future__ import annotations

import json

import pytest

from outskirts.experiments.cli import main
from outskirts.experiments.store.store import RunStore

pytestmark = pytest.mark.slow

EXPERIMENT = "scenario: circle\ntarget: gossip\npersonas: 8\nreplicates: 1\ngroup: 4\ncontrols: none\nmlflow: false\n"


@pytest.fixture
def experiment(tmp_path, monkeypatch):
    """Return the path of an experiment in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "gap.yaml"
    path.write_text(EXPERIMENT)
    return path


def run(path, *more, out="gap"):
    return main(["omniscience", str(path), "--out", out, *more])


def test_the_gap_its_parts_and_a_card_for_each_regime_are_printed_and_written(experiment, tmp_path, capsys):
    assert run(experiment) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "the gap is planted by the stand-in's parameters" in said
    for part in ("gap: script - private", "knowledge: shared - private", "authoring: script - shared"):
        assert part in said
    for regime in ("private", "shared", "script"):
        assert f"Simulation card: {regime}" in said
        with RunStore.open(tmp_path / "gap" / regime, readonly=True) as store:
            assert {record.information for _, record in store.records()} == {regime}
    found = json.loads((tmp_path / "gap" / "omniscience.json").read_text())
    assert [part["name"] for part in found["parts"]] == ["gap", "knowledge", "authoring"]
    assert found["planted"] is True
    assert found["cards"][0]["planted"] == []
    assert any("knows:" in line for line in found["cards"][1]["planted"])


def test_run_again_it_plays_nothing_and_says_the_same(experiment, capsys):
    assert run(experiment, "--json") == 0
    first = capsys.readouterr().out
    assert run(experiment, "--json") == 0
    assert capsys.readouterr().out == first


def test_another_experiment_does_not_go_on_with_its_runs(experiment, capsys):
    assert run(experiment, "--quiet") == 0
    experiment.write_text(EXPERIMENT.replace("gossip", "careful"))
    assert run(experiment) == 2
    assert "out: expected a run of this very experiment, to go on with" in capsys.readouterr().err


def test_a_budget_stops_it_and_a_higher_one_goes_on(experiment, capsys):
    experiment.write_text(EXPERIMENT + "max_calls: 40\n")
    assert run(experiment, "--quiet") == 3
    assert "private: stopped before every episode was played (budget); go on with: outskirts omniscience" in capsys.readouterr().err
    experiment.write_text(EXPERIMENT + "max_calls: 100000\n")
    assert run(experiment, "--quiet") == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("scenario: support\n", "scenario: expected a scenario that seats two people or more, got 'support'"),
        ("scenario: negotiation\ngroup: 1\n", "group: expected two people or more in an episode, got 1"),
        ("scenario: negotiation\n", "group: expected two people or more in an episode, got 1"),
        ("scenario: circle\ninformation: shared\n", "information: expected an experiment that names no regime, got 'shared'"),
    ],
)
def test_where_there_cannot_be_a_gap_it_says_so_before_anything_is_played(experiment, capsys, text, says):
    experiment.write_text(text)
    assert run(experiment) == 2
    err = capsys.readouterr().err
    assert says in err
    assert err.count("\n") == 1

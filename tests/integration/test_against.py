"""A run against an earlier one: it ends once it is decided, and says what was."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.integration.conftest import Cli
from tests.integration.runs import episodes, exported, summary

pytestmark = pytest.mark.slow

RUN = ("--turns", "3", "--runs", "2", "--controls", "none", "--no-mlflow", "--no-confirm", "--concurrency", "4")
PEOPLE = ("--personas", "40", "--replicates", "2", "--seed", "5")


@pytest.fixture
def earlier(cli: Cli) -> Cli:
    assert cli("run", *RUN, *PEOPLE, "--target", "mute", "--out", "earlier").status == 0
    return cli


def test_it_takes_over_people_and_seeds_and_stops_when_it_is_decided(earlier: Cli, tmp_path: Path) -> None:
    done = earlier("run", *RUN, "--against", "earlier", "--target", "careful", "--fail-if-worse", "0.1", "--out", "later")
    assert done.status == 0
    assert "Decided: careful is not worse than mute by more than 10 points" in done.out
    assert len(episodes(tmp_path / "later")) < 80
    assert summary(tmp_path / "later")["verdicts"]["budget"] > 0
    assert (tmp_path / "later/personas.jsonl").read_bytes() == (tmp_path / "earlier/personas.jsonl").read_bytes()
    assert summary(tmp_path / "later")["against"]["status"] == "not worse"
    (tmp_path / "earlier").rename(tmp_path / "moved")
    assert earlier("report", "later").status == 0
    (tmp_path / "moved").rename(tmp_path / "earlier")
    compared = earlier("compare", "earlier", "later", "--fail-if-worse", "0.1")
    assert compared.status == 0
    assert "Was decided after" in compared.out


def test_what_is_decided_does_not_depend_on_how_many_are_met_at_once_or_on_a_pause(earlier: Cli, tmp_path: Path) -> None:
    options = ["--against", "earlier", "--target", "eliza", "--fail-if-worse", "0.2"]
    said = [earlier("run", *RUN[:-1], n, *options, "--out", f"at{n}").out for n in ("1", "16")]
    earlier("run", *RUN, *options, "--max-calls", "30", "--out", "paused")
    said.append(earlier("resume", "paused", "--max-calls", "9000").out)
    assert (
        len(
            {
                line[line.index("Decided: ") if "Decided: " in line else line.index("Not decided") : line.index("met in random order")]
                for line in said
            }
        )
        == 1
    )
    assert set(exported(tmp_path / "at1").splitlines()) <= set(exported(tmp_path / "at16").splitlines())


def test_with_a_margin_the_exit_status_tells_what_was_decided(earlier: Cli, tmp_path: Path) -> None:
    assert earlier("run", *RUN, "--target", "careful", "--people", "earlier/personas.jsonl", *PEOPLE[2:], "--out", "good").status == 0
    options = ["--against", "good", "--target", "mute"]
    assert earlier("run", *RUN, *options, "--fail-if-worse", "0.05", "--out", "gated").status == 1
    assert earlier("run", *RUN, *options, "--out", "told").status == 0


def test_a_margin_without_an_earlier_run_is_refused(cli: Cli) -> None:
    assert "fail_if_worse: expected a run to hold this one against" in cli("run", "--fail-if-worse", "0.1").refused()


def test_an_undecided_run_meets_everybody(earlier: Cli, tmp_path: Path) -> None:
    done = earlier("run", *RUN, "--against", "earlier", "--target", "mute", "--fail-if-worse", "0.001", "--out", "later")
    assert "Not decided whether mute is worse than mute of earlier by more than 0.1 points" in done.out
    assert done.status == 5
    assert exported(tmp_path / "later") == exported(tmp_path / "earlier")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--seed", "6"), "against: expected a run with the same seed as .*earlier \\(5\\), got 6"),
        (("--replicates", "3"), "against: expected a run with the same replicates as .*earlier \\(2\\), got 3"),
        (("--personas", "12"), "personas: expected nothing beside against"),
        (("--against", "nowhere"), "against: expected a run directory, got 'nowhere'"),
        (("--fail-if-worse", "1.5"), "fail_if_worse: expected a number below 1, got 1.5"),
    ],
)
def test_a_run_that_cannot_be_held_against_the_other_is_refused_before_it_begins(
    options: tuple[str, str], message: str, earlier: Cli, tmp_path: Path
) -> None:
    assert re.search(message, earlier("run", *RUN, "--against", "earlier", *options, "--out", "later").refused())
    assert not (tmp_path / "later").exists()

"""Controls and a second generator: arms of one run, with its budget and its resumption."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.agents import rules
from tests.integration.conftest import Cli
from tests.integration.runs import SMALL, TINY, bot, exported, figures, summary

pytestmark = pytest.mark.slow

CONTROLS = "careful,guarded-eliza,shuffled,single_persona"
ARMS = {"target", "beside", *CONTROLS.split(",")}


def arms(directory: Path) -> dict[str, int]:
    """Return how many episodes each arm has."""
    counts: dict[str, int] = {}
    for line in exported(directory).splitlines():
        arm = json.loads(line)["arm"]
        counts[arm] = counts.get(arm, 0) + 1
    return counts


@pytest.fixture(scope="module")
def options() -> list[str]:
    return [*SMALL[:-3], "--no-mlflow", "--controls", CONTROLS, "--beside", "density"]


def test_every_control_that_was_paid_is_in_the_summary(cli: Cli, options: list[str], tmp_path: Path) -> None:
    assert cli("run", *options, "--out", "run").status == 0
    assert arms(tmp_path / "run") == dict.fromkeys(ARMS, 12)
    controls = summary(tmp_path / "run")["controls"]
    assert {name for name, control in controls.items() if control} == set(CONTROLS.split(","))
    assert {sum(control["verdicts"].values()) for control in controls.values() if control} == {12}
    assert controls["mute"] is None


def test_the_second_generators_people_share_budget_and_resumption(cli: Cli, options: list[str], tmp_path: Path) -> None:
    assert cli("run", *options, "--out", "whole").status == 0
    assert cli("run", *options, "--max-calls", "120", "--out", "run").status == 3
    assert summary(tmp_path / "run")["cost"]["calls"] <= 120
    assert "beside" not in arms(tmp_path / "run")
    assert "default beside density" in cli("resume", "run", "--max-calls", "5000").out
    assert exported(tmp_path / "run") == exported(tmp_path / "whole")
    assert figures(tmp_path / "run") == figures(tmp_path / "whole")
    assert json.loads((tmp_path / "run" / "summary-beside.json").read_text())["run"]["generator"] == "density"


def test_quiet_shows_no_table(cli: Cli, tmp_path: Path) -> None:
    done = cli("run", *TINY, "--beside", "density", "--quiet", "--out", "run")
    assert "beside" not in done.out
    assert (tmp_path / "run" / "summary-beside.json").is_file()


def test_code_that_changed_between_sessions_is_told_and_kept(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages):\n    return 'Go on.'")
    assert cli("run", "--target", spec, *TINY, "--max-calls", "5", "--out", "run").status == 3
    assert "changed since" not in cli("resume", "run", "--max-calls", "8").out
    bot(tmp_path, "def reply(messages):\n    return 'I see. Go on.'")
    assert f"The code of {spec} changed since the run was begun" in cli("resume", "run", "--max-calls", "500").out
    assert summary(tmp_path / "run")["run"]["changed_code"] == [spec]


def test_code_that_changed_after_everything_was_played_is_told_and_mixes_nothing(cli: Cli, tmp_path: Path) -> None:
    spec = bot(tmp_path, "def reply(messages):\n    return 'Go on.'")
    assert cli("run", "--target", spec, *TINY, "--no-confirm", "--out", "run").status == 0
    bot(tmp_path, "def reply(messages):\n    return 'I see. Go on.'")
    for _ in range(2):
        assert "nothing was left to play, so all figures are of the code as it was" in " ".join(cli("resume", "run").out.split())
    assert summary(tmp_path / "run")["run"]["changed_code"] == []


def test_episodes_that_other_judges_read_are_not_added_to(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cli("run", *TINY, "--out", "run").status == 0
    before = exported(tmp_path / "run")
    monkeypatch.setattr(rules, "_RULES_VERSION", "another")
    message = cli("resume", "run").refused()
    assert "expected the judges of the episodes that are there (rules@" in message
    assert "Begin anew with another --out" in message
    assert cli("report", "run").status == 0
    assert exported(tmp_path / "run") == before


def test_what_left_episodes_unresolved_stands_in_the_report(cli: Cli, tmp_path: Path) -> None:
    code = "seen = []\ndef reply(messages):\n    seen.append(1)\n    if len(seen) % 5 == 0:\n        raise ValueError('no room left')\n    return 'Go on.'"
    spec = bot(tmp_path, code)
    assert cli("run", "--target", spec, *TINY, "--no-confirm", "--out", "run").status == 0
    verdicts = summary(tmp_path / "run")["verdicts"]
    assert verdicts["infrastructure"] > 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert f"{verdicts['infrastructure']} of the episodes with the target ended without a verdict: ValueError: no room left" in page
    resolved = verdicts["passed"] + verdicts["failed"]
    assert f"only {resolved} of {sum(verdicts.values())} episodes were resolved" in page


def test_the_runs_id_knows_its_people(cli: Cli, tmp_path: Path) -> None:
    ids = set()
    for seed in ("1", "2"):
        cli("generate", "--personas", "4", "--seed", seed, "--out", f"people{seed}.jsonl")
        cli("run", *TINY[2:], "--people", f"people{seed}.jsonl", "--out", f"run{seed}")
        ids.add(summary(tmp_path / f"run{seed}")["run"]["id"])
    assert len(ids) == 2


def test_bad_lines_of_a_file_of_people_can_be_left_out_and_are_counted(cli: Cli, tmp_path: Path) -> None:
    assert cli("generate", "--personas", "4", "--out", "people.jsonl").status == 0
    good = (tmp_path / "people.jsonl").read_text()
    (tmp_path / "spoilt.jsonl").write_text("{no person\n" + good)
    refused = cli("run", *TINY[2:], "--people", "spoilt.jsonl", "--out", "refused")
    assert (refused.status, "spoilt.jsonl, line 1: expected a JSON object" in refused.err) == (2, True)
    done = cli("run", *TINY[2:], "--people", "spoilt.jsonl", "--skip-bad", "--out", "run")
    assert done.status == 0
    assert "1 bad line was left out:\n  line 1: expected a JSON object" in done.err
    cli("run", *TINY[2:], "--people", "people.jsonl", "--out", "whole")
    assert (tmp_path / "run/personas.jsonl").read_text() == good
    assert summary(tmp_path / "run")["run"]["id"] == summary(tmp_path / "whole")["run"]["id"]


def test_the_report_shows_the_second_generator_too(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *TINY, "--beside", "density", "--out", "run").status == 0
    page = (tmp_path / "run/report.html").read_text(encoding="utf-8")
    assert "Beside the people of density" in page
    assert cli("run", *TINY, "--out", "alone").status == 0
    assert "Beside the people" not in (tmp_path / "alone/report.html").read_text(encoding="utf-8")

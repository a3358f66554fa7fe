"""What the user got wrong is told in one line, before anything is written."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from outskirts.experiments.cli import main
from tests.integration.conftest import Cli
from tests.integration.runs import TINY, exported, summary

NAMES = [
    ("--scenario", "suport", "Did you mean 'support'?"),
    ("--target", "elisa", "Did you mean 'eliza'?"),
    ("--target", "zzz", "target: expected one of careful, eliza, guarded-eliza, mute, got 'zzz'."),
    ("--generator", "densty", "Did you mean 'density'?"),
    ("--beside", "densty", "Did you mean 'density'?"),
    ("--player", "lexica", "Did you mean 'lexical'?"),
    ("--respondent", "exemplr", "Did you mean 'exemplar'?"),
    ("--judge", "rulez", "Did you mean 'rules'?"),
    ("--controls", "carefull", "Did you mean 'careful'?"),
    ("--controls", "careful,careful", "controls: expected each control once"),
    ("--information", "privat", "information: expected one of 'private', 'shared', 'script', got 'privat'."),
    ("--information", "shared", "seats one person"),
    ("--executor", "ray", "executor: expected one of 'local', 'processes', got 'ray'."),
    ("--workers", "2", "workers: expected 1 with executor local, which is this process, got 2. For more: executor processes."),
    ("--target", "python:nowhere.py:reply", "target: expected a Python file that can be read, got 'nowhere.py'."),
    ("--target", "python:no.such.module:reply", "There is no module named 'no'."),
    ("--target", "", "target: expected a SPEC"),
    ("--people", "nobody.jsonl", "nobody.jsonl: expected a readable file of people, got 'No such file or directory'."),
]
COUNTS = [
    *(f"--{name}" for name in ("personas", "replicates", "turns", "concurrency", "runs", "max-calls", "max-tokens", "max-seconds")),
    *("--target-timeout", "--max-cost"),
]


@pytest.mark.parametrize(("option", "value", "message"), NAMES)
def test_an_unknown_name_gets_the_nearest_and_writes_nothing(option: str, value: str, message: str, cli: Cli, tmp_path: Path) -> None:
    assert message in cli("run", option, value, "--no-mlflow", "--out", "run").refused()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["0", "-3", "1.5x", "nan"])
@pytest.mark.parametrize("option", COUNTS)
def test_a_count_that_is_none_is_refused(option: str, value: str, cli: Cli, tmp_path: Path) -> None:
    line = cli("run", option, value, "--out", "run").refused()
    assert line.startswith(f"error: {option[2:].replace('-', '_')}: expected a ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", ["-1", "1.5", "x", "1e3", "99999999999999999999999999x"])
def test_a_seed_that_is_no_whole_number_is_refused(seed: str, cli: Cli) -> None:
    assert "seed: expected a whole number" in cli("run", "--seed", seed).refused()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "target: eliza\npersonnas: 3\n",
            "personnas (x.yaml, line 2): expected a key of an experiment, got 'personnas'. Did you mean 'personas'?",
        ),
        ("personas: 3\ntarget: elisa\n", "Did you mean 'eliza'?"),
        ("# hello\n\nreplicates: 0\n", "replicates (x.yaml, line 3): expected a whole number of 1 or more, got 0."),
        ("seed: true\n", "seed (x.yaml, line 1): expected a whole number"),
        ("personas: 3\npersonas: 4\n", "personas (x.yaml, line 2): expected each key once"),
        ("personas: [3\n", "experiment: expected YAML, got 'x.yaml'. line "),
        ("- personas\n", "expected keys and values in x.yaml"),
        ("judge: []\n", "judge (x.yaml, line 1): expected one SPEC or a list of them"),
        ("player: {name: lexical, shrinkge: 0.3}\n", "Did you mean 'shrinkage'?"),
        ("target: \x07\n", "expected YAML"),
    ],
)
def test_a_wrong_experiment_file_is_told_with_the_line(text: str, message: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(text)
    assert message in cli("run", "x.yaml", "--out", "run").refused()
    assert not (tmp_path / "run").exists()


def people(cli: Cli, tmp_path: Path) -> list[str]:
    assert cli("generate", "--personas", "5", "--out", "people.jsonl").status == 0
    return (tmp_path / "people.jsonl").read_text().splitlines()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda line: line[:40], "people.jsonl, line 3: expected a JSON object in UTF-8"),
        (lambda line: line.replace('"trust"', '"thrust"'), "people.jsonl, line 3: expected "),
        (lambda line: json.dumps({**json.loads(line), "name": "Somebody Else"}), "was it changed?"),
        (lambda line: json.dumps({**json.loads(line), "id": "p0001"}), "people.jsonl, line 3: expected "),
        (lambda line: "[]", "people.jsonl, line 3: expected a JSON object, got '[]'"),
    ],
)
def test_a_bad_line_of_people_is_told_with_its_number(change: object, message: str, cli: Cli, tmp_path: Path) -> None:
    lines = people(cli, tmp_path)
    lines[2] = change(lines[2])  # type: ignore[operator]
    (tmp_path / "people.jsonl").write_text("\n".join(lines) + "\n")
    assert message in cli("run", "--people", "people.jsonl", "--out", "run").refused()
    assert not (tmp_path / "run").exists()


def test_people_on_other_axes_are_refused_with_the_scenarios_axes(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "q.yaml").write_text(
        "name: shop\ncontext: You buy bread.\naxes:\n"
        + "".join(f"  - {{name: {axis}, low: I have time., high: I am in a hurry., items: [A, B, C, D]}}\n" for axis in ("haste", "thrift"))
    )
    assert cli("generate", "--questionnaire", "q.yaml", "--personas", "4", "--out", "p.jsonl").status == 0
    line = cli("run", "--people", "p.jsonl", "--out", "run").refused()
    assert "people: expected people placed on the axes of support: " in line
    assert "['haste', 'thrift']" in line
    assert "People made for a questionnaire are measured (outskirts coverage)" in line
    assert "A questionnaire is no scenario" in cli("run", "--scenario", "q.yaml", "--out", "run").refused()


def test_people_and_how_many_of_them_are_not_given_together(cli: Cli, tmp_path: Path) -> None:
    people(cli, tmp_path)
    assert "people: expected people or personas, not both" in cli("run", "--people", "people.jsonl", "--personas", "3").refused()


def test_a_directory_that_holds_a_run_is_refused_and_stays_as_it_was(cli: Cli, tmp_path: Path) -> None:
    assert cli("run", *TINY, "--out", "run").status == 0
    before = exported(tmp_path / "run"), (tmp_path / "run/summary.json").read_bytes()
    assert "Go on with `outskirts resume run`" in cli("run", *TINY, "--seed", "1", "--out", "run").refused()
    assert before == (exported(tmp_path / "run"), (tmp_path / "run/summary.json").read_bytes())


def test_a_directory_with_other_files_a_file_and_a_place_below_a_file_are_refused(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/thesis.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    assert "It holds no run; choose another --out." in cli("run", *TINY, "--out", "full").refused()
    assert "It is a file; choose another --out." in cli("run", *TINY, "--out", "file").refused()
    assert "out: expected a place that can be written" in cli("run", *TINY, "--out", "file/run").refused()
    assert [p.name for p in (tmp_path / "full").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("parent", ["/proc", "locked"])
def test_a_place_that_cannot_be_written_is_told(parent: str, cli: Cli, tmp_path: Path) -> None:
    if parent == "locked":
        if os.geteuid() == 0:
            pytest.skip("root writes anywhere")
        (tmp_path / parent).mkdir(mode=0o555)
    assert "out: expected a place that can be written" in cli("run", *TINY, "--out", f"{parent}/run").refused()


@pytest.mark.parametrize("name", ["with [brackets] and {braces}", "mit Umläuten ü 愛", "-dash", "%41?#"])
def test_any_name_that_the_disk_takes_can_be_a_run_directory(name: str, cli: Cli, tmp_path: Path) -> None:
    done = cli("run", *TINY, f"--out={name}")
    assert done.status == 0, done
    assert f"report: {name}/report.html" in done.out
    assert cli("resume", "--", name).status == 0
    assert cli("report", "--", name).status == 0
    assert summary(tmp_path / name)["run"]["name"] == name


@pytest.mark.parametrize("command", ["resume", "report", "export"])
def test_a_folder_that_holds_no_run_is_refused(command: str, cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    cli(command, "empty").refused()
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that is done."""
    path = tmp_path_factory.mktemp("finished") / "run"
    assert main(["run", *TINY, "--quiet", "--out", str(path)]) == 0
    return path


@pytest.mark.parametrize("file", ["run.db", "config.yaml", "personas.jsonl", "summary.json"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff rubbish", b"{}\n"])
def test_a_damaged_run_is_told_in_one_line(file: str, content: bytes, finished: Path, cli: Cli, tmp_path: Path) -> None:
    shutil.copytree(finished, tmp_path / "run")
    (tmp_path / "run" / file).write_bytes(content)
    for command in ("resume", "report", "export"):
        done = cli(command, "run")
        assert done.status in (0, 2), done
        assert "Traceback" not in done.err
        assert done.err.count("\n") == (done.status == 2)


def test_a_reader_that_leaves_early_does_not_fail_the_run(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "outskirts.experiments.cli", "run", *TINY, "--out", "run"]
    done = subprocess.run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")
    assert summary(tmp_path / "run")["run"]["personas"] == 4


def test_a_run_in_which_nobody_was_met_yet_has_nothing_to_replay(cli: Cli) -> None:
    assert cli("run", *TINY, "--max-calls", "1", "--out", "run").status == 3
    assert "episode: expected a run in which an episode was played, got 'p0000'." in cli("replay", "run", "p0000").refused()

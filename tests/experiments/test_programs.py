"""Generators ending in .py on the command line: sandboxed, recorded, resumed, and refused in a line."""

from __future__ import annotations

import json

import pytest
import yaml

from outskirts.experiments.cli import main
from outskirts.experiments.naming.programs import protection
from outskirts.personas.people_file import read_people

PROGRAM = """
def place(context, axes, n, seed, llm):
    return [{axis["name"]: (i + 0.5) / n for axis in axes} for i in range(n)]

def portray(context, axes, people, seed, llm, feedback=None):
    def words(p):
        return " ".join(axis["high"] if p["position"][axis["name"]] > 0.5 else axis["low"] for axis in axes)
    return [{"name": f"Person {p['id']}", "description": words(p)} for p in people]
"""
SMALL = ["--personas", "3", "--replicates", "1", "--controls", "none", "--no-mlflow", "--runs", "2", "--no-confirm"]


@pytest.fixture
def program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "mine.py"
    file.write_text(PROGRAM)
    return file


def test_a_run_with_a_program_is_recorded_as_sandboxed_with_its_hash(program, tmp_path, capsys):
    assert main(["run", "--generator", "mine.py", *SMALL, "--out", "r"]) == 0
    assert "made by mine.py, a program in the sandbox" in " ".join(capsys.readouterr().out.split())
    config = yaml.safe_load((tmp_path / "r/config.yaml").read_text())
    assert config["unsafe"] is False
    assert len(config["code"]["mine.py"][0]) == 12
    assert json.loads((tmp_path / "r/summary.json").read_text())["run"]["sandbox"] == "sandboxed"
    assert ", a program in the sandbox" in (tmp_path / "r/report.html").read_text()
    assert {"name": "portrayed by mine.py"}.items() <= read_people(tmp_path / "r/personas.jsonl")[0][0].provenance.items()


def test_an_unsafe_run_is_stamped_and_has_the_same_results(program, tmp_path, capsys):
    for out, more in (("a", []), ("b", ["--unsafe"])):
        assert main(["run", "--generator", "mine.py", *SMALL, "--out", out, *more]) == 0
    assert "a program run with --unsafe" in " ".join(capsys.readouterr().out.split())
    safe, unsafe = (json.loads((tmp_path / out / "summary.json").read_text()) for out in "ab")
    assert yaml.safe_load((tmp_path / "b/config.yaml").read_text())["unsafe"] is True
    assert unsafe["run"]["sandbox"] == "unsafe"
    assert unsafe["run"]["id"] == safe["run"]["id"]
    assert unsafe["failure_rate"] == safe["failure_rate"]


def test_a_stopped_run_goes_on_and_says_that_the_program_was_changed(program, tmp_path, capsys):
    run = ["run", "--generator", "mine.py", "--beside", "uniform", *SMALL, "--out", "r", "--concurrency", "1"]
    assert main([*run, "--max-calls", "4"]) == 3
    program.write_text(PROGRAM + "\n# changed\n")
    capsys.readouterr()
    assert main(["resume", "r", "--max-calls", "1000"]) == 0
    assert "The code of mine.py changed since the run was begun" in " ".join(capsys.readouterr().out.split())
    assert json.loads((tmp_path / "r/summary.json").read_text())["run"]["changed_code"] == ["mine.py"]


def test_generate_and_the_benchmark_take_programs_and_stamp_them(program, tmp_path, capsys):
    assert main(["generate", "--generator", "mine.py", "--personas", "4", "--out", "p.jsonl"]) == 0
    assert json.loads((tmp_path / "p.card.json").read_text())["sandbox"] == "sandboxed"
    assert main(["generate", "--generator", "mine.py", "--personas", "4", "--out", "q.jsonl", "--unsafe"]) == 0
    assert "was run with --unsafe" in " ".join(capsys.readouterr().out.split())
    table = [
        "coverage",
        "--benchmark",
        "--generator",
        "mine.py",
        "--questionnaire",
        "kerala_entrance_exam",
        "--seeds",
        "2",
        "--personas",
        "4",
    ]
    assert main([*table, "--out", "t.json"]) == 0
    assert json.loads((tmp_path / "t.json").read_text())["sandbox"] == "sandboxed"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import os\n", "got 'policy_rejected'. Line 1: import of os"),
        (
            PROGRAM.replace("return [{axis", "while True: n / 0\n    return [{axis"),
            "got 'error'. ZeroDivisionError: division by zero (line 3).",
        ),
        (PROGRAM.replace("for i in range(n)]", "for i in range(n + 1)]"), "expected a list of 3 positions, got 'a list of 4'"),
        ("def place(:", "Line 1: syntax: "),
        ("", "No function place; define place(context, axes, n, seed, llm)."),
    ],
)
def test_a_wrong_program_is_one_line_and_exit_2(program, text, said, capsys):
    program.write_text(text)
    assert main(["run", "--generator", "mine.py", *SMALL, "--out", "r"]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@pytest.mark.parametrize("spec", ["absent.py", "mine.py?a=1"])
def test_a_file_that_is_not_there_and_options_are_refused(program, spec, capsys):
    assert main(["generate", "--generator", spec, "--out", "p.jsonl"]) == 2
    assert "generator" in capsys.readouterr().err


def test_protection_speaks_of_programs_alone():
    assert protection("default", "python:mine.py", None, unsafe=True) is None
    assert protection("default", "mine.py", unsafe=False) == "sandboxed"


def test_the_doctor_names_the_layers(tmp_path):
    from outskirts.experiments.doctor import examine

    found = {check.name: check for check in examine(tmp_path, {})}
    assert found["sandbox"].found.startswith(("full", "kernel-min", "none"))
    assert {"limits", "landlock", "seccomp"} <= found.keys()

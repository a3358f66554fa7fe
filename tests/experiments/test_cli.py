import json
import os
import subprocess
import sys

import pytest

from outskirts import __version__
from outskirts.experiments import exits
from outskirts.experiments.cli import app, main
from outskirts.experiments.config import ExperimentConfig
from outskirts.experiments.doctor import examine
from outskirts.sim.errors import BudgetExceeded, InputError, StoreError, UnreachableError

HEAVY = ["mlflow", "scipy.stats", "pandas", "nltk", "langchain_core", "matplotlib", "gymnasium", "pettingzoo", "networkx", "ray", "plotly"]
COMMANDS = (
    "run",
    "resume",
    "report",
    "replay",
    "compare",
    "omniscience",
    "evolve",
    "ui",
    "power",
    "export",
    "label",
    "generate",
    "coverage",
    "biases",
    "information",
    "recovery",
    "list",
    "doctor",
)


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["list"]])
def test_help_and_lists_load_nothing_heavy(arguments):
    code = f"import sys\nfrom outskirts.experiments.cli import main\nassert main({arguments}) == 0\nprint([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_importing_the_package_loads_nothing_heavy():
    code = f"import sys, outskirts\nprint([m for m in {[*HEAVY, 'numpy', 'pydantic']} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_version_is_printed(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"outskirts {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command, capsys):
    assert main([command, "--help"]) == 0
    assert f"Example: outskirts {command}" in capsys.readouterr().out


def test_every_registered_command_is_one_of_the_documented():
    assert {c.name or c.callback.__name__ for c in app.registered_commands} == set(COMMANDS)


def test_every_setting_is_an_option_of_run_and_the_help_tells_its_default(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "400")
    assert main(["run", "--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, field in ExperimentConfig.model_fields.items():
        line = next(line for line in lines if f"--{name.replace('_', '-')} " in line)
        default = ",".join(field.default) if isinstance(field.default, tuple) else field.default
        if default is not None and not isinstance(default, bool):
            assert f"(default {default:g})" in line if isinstance(default, float) else f"(default {default})" in line


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["run", "--personas", "0"], "error: personas: expected a whole number of 1 or more, got 0."),
        (["run", "--seed", "x"], "error: seed: expected a whole number of 0 or more, got 'x'."),
        (["run", "--max-cost", "much"], "error: max_cost: expected a number, got 'much'."),
        (["run", "--judge", "rubric"], "error: judge rubric.model: expected a value, got nothing. Write rubric?model=..."),
        (["run", "--persona", "3"], "error: No such option: --persona (Possible options: --persona-metrics, --personas)"),
        (
            ["run", "--scenario", "suport"],
            "error: scenario: expected one of circle, desk, negotiation, support, got 'suport'. Did you mean 'support'?",
        ),
        (["run", "none.yaml"], "error: experiment: expected a file that can be read, got 'none.yaml'. No such file or directory."),
        (["bogus"], "error: No such command 'bogus'."),
        (["report", "nowhere"], "error: DIR: expected a run directory, got 'nowhere'. There is no such folder."),
        (["resume", ".", "--max-calls", "0"], "error: max_calls: expected a whole number of 1 or more, got 0."),
        (["generate", "--personas", "-1", "--out", "p.jsonl"], "error: personas: expected a whole number of 1 or more, got -1."),
        (["generate", "--generator", "defalt", "--out", "p.jsonl"], "Did you mean 'default'?"),
        (["coverage", "p.txt"], "error: FILE: expected people (.jsonl) or positions (.csv, .npy), got 'p.txt'."),
        (["coverage", "p.csv"], "error: FILE: expected a file that can be read, got 'p.csv'. No such file or directory."),
        (["run", "--player", "lexical?shrinkage=much"], "error: player lexical.shrinkage: expected a number, got 'much'."),
        (["run", "--respondent", "lexical?nose=1"], "Did you mean 'noise'?"),
        (["list", "planets"], "error: Invalid value for"),
    ],
)
def test_wrong_input_ends_with_2_and_one_line(arguments, message, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert message in err
    assert err.count("\n") == 1
    assert out == ""


@pytest.mark.parametrize(
    ("code", "status", "message"),
    [
        ("def reply(messages):\n    raise KeyError('q')", 4, "failed to answer a greeting: KeyError: 'q'"),
        (
            "def reply(text):\n    return 'You said ' + text",
            4,
            r"to str (bot.py, line 2; a plain function is given messages, a list of {'role'",
        ),
        ("import threading\ndef reply(messages):\n    threading.Event().wait()", 4, "did not answer a greeting within 0.1 s"),
        ("def reply(messages):\n    return None", 2, "expected a reply that is text, to a greeting, got None"),
        ("def reply(messages):\n    return b'x'", 2, "expected text (a str or an Action), got bytes"),
        ("def reply(messages):\n    return 'x' * 10_000_000", 2, "expected at most 20,000 characters, got 10,000,000"),
        ("def reply(text, mood):\n    return text", 2, "expected a callable that takes messages"),
        ("def replay(messages):\n    return 'x'", 2, "Did you mean 'replay'?"),
        ("def reply(messages:\n", 2, "bot.py, line 1"),
    ],
)
def test_a_broken_target_ends_the_run_before_anything_is_written(code, status, message, tmp_path, capsys):
    (tmp_path / "bot.py").write_text(code)
    wait = "0.1" if "wait" in code else "60"
    options = ["--target-timeout", wait, "--personas", "2", "--no-mlflow", "--out", str(tmp_path / "out")]
    assert main(["run", "--target", f"python:{tmp_path}/bot.py:reply", *options]) == status
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InputError("x", "y", "z"), 2),
        (StoreError("locked"), 2),
        (BudgetExceeded("calls", 3, "run"), 3),
        (UnreachableError("no answer"), 4),
        (KeyboardInterrupt(), 130),
    ],
)
def test_every_ending_has_its_exit_status(error, status, capsys):
    def command():
        raise error

    assert exits.call(command) == status
    assert "Traceback" not in capsys.readouterr().err


def test_an_internal_error_writes_its_traceback_to_the_run_directory(tmp_path, capsys):
    def command():
        exits.note_directory(tmp_path)
        raise ZeroDivisionError("by zero")

    assert exits.call(command) == 70
    err = capsys.readouterr().err
    assert err == f"internal error: ZeroDivisionError: by zero; the traceback is in {tmp_path}/outskirts.log\n"
    assert "Traceback" in (tmp_path / "outskirts.log").read_text()


def test_an_internal_error_without_a_run_directory_goes_to_a_temporary_log(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert exits.call(lambda: {}["q"]) == 70
    (log,) = tmp_path.iterdir()
    assert str(log) in capsys.readouterr().err
    assert "KeyError: 'q'" in log.read_text()


def test_the_status_that_a_command_ends_with_is_passed_on():
    assert [exits.call(lambda: 3), exits.call(lambda: None)] == [3, 0]


def test_a_reader_that_closes_early_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    code = "from outskirts.experiments.cli import main; import sys; sys.exit(main(['list']))"
    done = subprocess.run([sys.executable, "-c", code], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_lists_are_plain_text_where_there_is_no_terminal(capsys):
    assert main(["list", "targets"]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == "targets"
    lines = {line.split()[0]: line for line in out.splitlines()[1:]}
    assert {name for name, line in lines.items() if "(in " not in line} == {"eliza", "careful", "mute", "guarded-eliza", "or"}
    assert "openai:MODEL@BASE_URL" in lines["or"]
    assert lines["gossip"].endswith("(in circle)")
    assert lines["persuader"].endswith("(in negotiation, circle, desk)")
    assert "\x1b" not in out


def test_names_that_take_options_are_listed_with_ranges_and_defaults(capsys):
    assert main(["list"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    for line in ("shrinkage 0 or more (default 0.4)", "bare 0.5 to 1 (default 0.85)", "half one of run, develop (default run)"):
        assert lines.count(line) == 1
    assert "the same options as the player lexical" in lines
    start = lines.index("exemplar second stand-in: answers by similarity to exemplar descriptions, no cues")
    assert lines[start + 1] == "noise 0 or more (default 1)"


def test_people_are_generated_the_same_for_the_same_seed(tmp_path, capsys):
    for name in ("a", "b"):
        assert main(["generate", "--personas", "6", "--seed", "4", "--out", str(tmp_path / f"{name}.jsonl")]) == 0
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    assert json.loads((tmp_path / "a.card.json").read_text())["generator"] == "default"


def test_people_can_be_made_for_a_questionnaire_of_ones_own(tmp_path):
    (tmp_path / "q.yaml").write_text(QUESTIONNAIRE)
    assert main(["generate", "--questionnaire", str(tmp_path / "q.yaml"), "--personas", "5", "--out", str(tmp_path / "p.jsonl")]) == 0
    people = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [set(p["position"]) for p in people] == [{"haste", "trust"}] * 5


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("name: trust", "name: haste", "q.yaml, line 13: axes[1].name: expected an axis name that no axis before has, got 'haste'"),
        ("context:", "contxt:", "q.yaml, line 1: context: expected a value, got nothing."),
        ("name: shop", "name: [", "q.yaml, line 4: expected YAML"),
    ],
)
def test_a_questionnaire_that_does_not_fit_together_is_refused(old, new, message, tmp_path, capsys):
    (tmp_path / "q.yaml").write_text(QUESTIONNAIRE.replace(old, new))
    assert main(["generate", "--questionnaire", str(tmp_path / "q.yaml"), "--out", str(tmp_path / "p.jsonl")]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_the_lexical_respondent_is_refused_where_it_has_no_words(tmp_path, capsys):
    (tmp_path / "q.yaml").write_text(QUESTIONNAIRE)
    own = ["--questionnaire", str(tmp_path / "q.yaml")]
    assert main(["generate", *own, "--personas", "4", "--out", str(tmp_path / "p.jsonl")]) == 0
    assert main(["coverage", str(tmp_path / "p.jsonl"), *own]) == 2
    assert "expected a questionnaire with a lexicon for every axis, got 'none for haste, trust'" in capsys.readouterr().err


def test_bare_positions_give_the_coverage_object_as_json(tmp_path, capsys):
    file = tmp_path / "p.csv"
    file.write_text("calm,trust\n" + "".join(f"{i / 9:.3f},{(i * 7 % 10) / 9:.3f}\n" for i in range(10)))
    assert main(["coverage", str(file), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert (report["axes"], report["people"], report["runs"], report["icc"]) == (["calm", "trust"], 10, 0, {"calm": None, "trust": None})


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("", [], "line 1: expected the axis names as header"),
        ("0.1,0.2\n", [], "line 1: expected the axis names as header, got '0.1,0.2'"),
        ("a,a\n0,1\n", [], "expected each axis once, got 'a'"),
        ("a,b\n0,1\n", ["--scenario", "support"], "line 1: expected one of distress, hostility, openness, readiness, trust, got 'a'"),
        ("a,b\n0,1\n0.5,x\n", [], "line 3: expected 2 numbers in [0, 1], got '0.5,x'"),
        ("a,b\n0,1.01\n", [], "line 2: expected 2 numbers in [0, 1]"),
        ("a,b\nnan,1\n", ["--skip-bad"], "at least one person"),
    ],
)
def test_a_file_of_positions_that_cannot_be_used_names_line_and_reason(text, more, message, tmp_path, capsys):
    (tmp_path / "p.csv").write_text(text)
    assert main(["coverage", str(tmp_path / "p.csv"), *more]) == 2
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_bad_rows_can_be_left_out_and_are_counted(tmp_path, capsys):
    (tmp_path / "p.csv").write_text("a,b\n0,1\nx,1\n0.5,0.5\n1,0\n")
    assert main(["coverage", str(tmp_path / "p.csv"), "--skip-bad"]) == 0
    assert capsys.readouterr().err == "1 bad line was left out\n"


def test_json_stays_json_and_what_was_left_out_is_told_beside_it(tmp_path, capsys):
    (tmp_path / "p.csv").write_text("a,b\n0,1\nx,1\n0.5,2\n1,0\n")
    assert main(["coverage", str(tmp_path / "p.csv"), "--skip-bad", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["people"] == 2
    assert err == "2 bad lines were left out\n"


@pytest.mark.parametrize(("option", "value"), [("respondent", "lexical"), ("runs", "5"), ("seed", "0")])
def test_options_of_the_answers_are_refused_where_nobody_answers(option, value, tmp_path, capsys):
    (tmp_path / "p.csv").write_text("a,b\n0,1\n")
    assert main(["coverage", str(tmp_path / "p.csv"), f"--{option}", value]) == 2
    assert f"error: {option}: expected people (.jsonl) where this option is given, got " in capsys.readouterr().err


@pytest.mark.parametrize("command", [["coverage", "p.csv"], ["coverage", "p.jsonl"], ["generate", "--out", "p.jsonl"]])
def test_a_scenario_and_a_questionnaire_are_not_given_together(command, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main([*command, "--scenario", "support", "--questionnaire", "q.yaml"]) == 2
    assert "error: questionnaire: expected questionnaire or scenario, not both, got 'q.yaml'." in capsys.readouterr().err


@pytest.mark.parametrize("there", ["p.jsonl", "p.card.json"])
def test_people_are_written_over_a_file_by_force_only(there, tmp_path, capsys):
    (tmp_path / there).write_text("mine")
    command = ["generate", "--personas", "3", "--out", str(tmp_path / "p.jsonl")]
    assert main(command) == 2
    assert f"got '{tmp_path / there}'. --force replaces it." in capsys.readouterr().err
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]
    assert main([*command, "--force"]) == 0
    assert len((tmp_path / "p.jsonl").read_text().splitlines()) == 3


def test_the_benchmark_stands_beside_the_figures_and_under_its_own_key(tmp_path, capsys):
    (tmp_path / "p.csv").write_text("a,b\n" + "".join(f"{i / 24:.3f},{(i * 7 % 25) / 24:.3f}\n" for i in range(25)))
    assert main(["coverage", str(tmp_path / "p.csv"), "--benchmark"]) == 0
    assert "Reported figures are second-hand" in capsys.readouterr().out
    assert main(["coverage", str(tmp_path / "p.csv"), "--benchmark", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (mine,) = [row for row in report["benchmark"] if row["population"] == "these people"]
    assert (mine["axes"], mine["coverage"]) == ([2], pytest.approx(report["coverage"]))


def test_the_doctor_names_keys_and_never_shows_them(tmp_path):
    checks = examine(tmp_path, {"OPENAI_API_KEY": "sk-secret", "MLFLOW_TRACKING_URI": "https://me:pw@host/x?token=t"})
    found = {c.name: c.found for c in checks}
    assert found["keys"] == "set: OPENAI_API_KEY"
    assert found["tracking"] == "MLFLOW_TRACKING_URI: https://host/x (not contacted)"
    assert "secret" not in str(checks)
    assert "pw" not in str(checks)


def test_the_doctor_says_where_chromium_is_or_that_it_is_not(tmp_path):
    def chromium():
        return next(c for c in examine(tmp_path, {"PATH": str(tmp_path)}) if c.name == "chromium")

    assert (chromium().state, chromium().found[:9]) == ("note", "not found")
    program = tmp_path / "google-chrome"
    program.write_text("")
    program.chmod(0o755)
    assert (chromium().state, chromium().found) == ("ok", str(program))


@pytest.mark.parametrize(("version", "state"), [("2.60.0", "ok"), (None, "note")])
def test_the_doctor_says_whether_ray_is_installed(tmp_path, monkeypatch, version, state):
    from importlib import metadata

    known = metadata.version

    def told(name):
        if name != "ray":
            return known(name)
        if version is None:
            raise metadata.PackageNotFoundError(name)
        return version

    monkeypatch.setattr(metadata, "version", told)
    ray = next(c for c in examine(tmp_path, {}) if c.name == "ray")
    assert ray.state == state
    assert ray.found == (version or "not installed, not needed: episodes run on this machine (--executor local or processes)")


def test_the_doctor_says_when_the_folder_cannot_be_written(tmp_path):
    checks = {c.name: c for c in examine(tmp_path / "nowhere", {})}
    assert checks["folder"].state == "wrong"
    assert "No such file" in checks["folder"].found


QUESTIONNAIRE = """
name: shop
context: A customer in a shop
axes:
  - name: haste
    low: I take the day as it comes and read the labels.
    high: I run through the aisles and need it at once.
    items:
      - I am in a hurry
      - I hate waiting
      - {text: I like to take my time, reverse: true}
      - {text: I compare every offer, reverse: true}
  - name: trust
    low: I doubt the seller and weigh it myself.
    high: I trust the seller and take what is offered.
    items: [A, B, C, {text: D, reverse: true}]
"""

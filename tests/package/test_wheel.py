"""The wheel, built once and installed with the locked versions, is what users get: everything is in it, and it runs from an empty folder."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
FOLDERS = ("sim", "personas", "envs", "agents", "experiments")
UV = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")


def done(*command: object, **options: object) -> str:
    """Run a command without this checkout on its path, and return what it prints."""
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "MLFLOW_TRACKING_URI")}
    found = subprocess.run([str(part) for part in command], env=clean, capture_output=True, text=True, **options)
    assert found.returncode == 0, (command, found.stdout[-2000:], found.stderr[-4000:])
    return found.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel, built from a copy: a build folder of an earlier one would be packed too."""
    copy, out = tmp_path_factory.mktemp("tree") / "checkout", tmp_path_factory.mktemp("dist")
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".*", "build", "dist", "runs", "*.egg-info", "__pycache__", "tests", "docs"))
    done(UV, "build", "--wheel", "--python", sys.executable, "--out-dir", out, copy)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """Return the folder of programs of a fresh environment that holds the wheel and the locked versions."""
    place = tmp_path_factory.mktemp("env")
    locked = place / "locked.txt"
    done(UV, "export", "--frozen", "--no-dev", "--no-emit-project", "--quiet", "--output-file", locked, cwd=ROOT)
    done(UV, "venv", "--python", sys.executable, place / "venv")
    python = place / "venv" / "bin" / "python"
    done(UV, "pip", "install", "--python", python, "--requirement", locked)
    done(UV, "pip", "install", "--python", python, "--no-deps", wheel)
    return python.parent


def test_the_wheel_holds_every_file_of_the_package_and_no_other(wheel):
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {"outskirts/__init__.py", "outskirts/py.typed"}
    for folder in FOLDERS:
        files = (path for path in (ROOT / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        wanted |= {f"outskirts/{path.relative_to(ROOT).as_posix()}" for path in files}
    assert sorted(wanted - held) == []
    assert sorted(held - wanted) == []


def test_it_says_its_version_and_finds_nothing_wrong(installed, tmp_path):
    assert done(installed / "outskirts", "--version", cwd=tmp_path).startswith("outskirts ")
    told = done(installed / "outskirts", "doctor", cwd=tmp_path)
    assert not any(line.startswith("wrong") for line in told.splitlines())


def test_a_run_from_an_empty_folder_ends_in_a_report(installed, tmp_path):
    done(installed / "outskirts", "run", "--personas", "4", "--replicates", "1", "--turns", "2", "--out", "runs/tiny", cwd=tmp_path)
    run = tmp_path / "runs" / "tiny"
    assert json.loads((run / "summary.json").read_text(encoding="utf-8"))["run"]["personas"] == 4
    assert "plotly" in (run / "report.html").read_text(encoding="utf-8").lower()
    assert (tmp_path / "mlflow.db").is_file()


def test_what_is_no_code_is_found_where_it_is_installed(installed, tmp_path):
    assert "ipip-50" in done(installed / "outskirts", "list", "questionnaires", cwd=tmp_path)
    people = tmp_path / "people.jsonl"
    for generator in ("default", "tiers", "when-then"):
        order = ("--questionnaire", "ipip-50", "--generator", generator, "--personas", "3", "--force", "--out", people)
        done(installed / "outskirts", "generate", *order, cwd=tmp_path)
    assert len(people.read_text(encoding="utf-8").splitlines()) == 3
    done(installed / "outskirts", "coverage", people, "--questionnaire", "ipip-50", "--json", cwd=tmp_path)


def test_types_reach_users(installed, tmp_path):
    shutil.copy(ROOT / "tests" / "package" / "public_api.py", tmp_path / "mine.py")
    check = (sys.executable, "-m", "mypy", "--strict", "--config-file", os.devnull, "--python-executable", installed / "python")
    assert "Success" in done(*check, "mine.py", cwd=tmp_path)
    (tmp_path / "wrong.py").write_text("import outskirts\n\noutskirts.run(scenario=3)\n", encoding="utf-8")
    found = subprocess.run([str(part) for part in (*check, "wrong.py")], cwd=tmp_path, capture_output=True, text=True)
    assert 'incompatible type "int"; expected "str"' in found.stdout

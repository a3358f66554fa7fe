"""The package as users meet it: light to import, layered, one copy of everything."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "mlflow",
    "scipy.stats",
    "statsmodels",
    "pandas",
    "nltk",
    "langchain_core",
    "matplotlib",
    "plotly",
    "gymnasium",
    "pettingzoo",
    "networkx",
)


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    "code",
    [
        "import outskirts",
        "import sys, outskirts.experiments.cli as c; sys.argv = ['outskirts', '--help']\ntry: c.main()\nexcept SystemExit: pass",
    ],
)
def test_importing_and_asking_for_help_load_nothing_heavy(code):
    loaded = run(code + f"\nimport sys; print('LOADED', [m for m in {HEAVY} if m in sys.modules])")
    assert loaded.strip().endswith("LOADED []")


BLOCKED = {
    "sim": ("gymnasium", "pettingzoo", "langchain_core", "mlflow", "typer", "rich", "pandas", "nltk", "plotly"),
    "personas": ("gymnasium", "pettingzoo", "langchain_core", "mlflow", "typer", "rich", "pandas", "nltk", "plotly"),
    "envs": ("langchain_core", "mlflow", "typer", "rich", "nltk", "plotly", "yaml"),
}


@pytest.mark.parametrize("folder", sorted(BLOCKED))
def test_a_folder_imports_with_the_libraries_of_other_folders_blocked(folder):
    code = f"""
import importlib, pkgutil, sys
for name in {BLOCKED[folder]}:
    sys.modules[name] = None
package = importlib.import_module("outskirts.{folder}")
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
print("ok")
"""
    assert run(code).strip() == "ok"


def test_only_one_copy_of_the_kernel_is_ever_imported():
    import outskirts.sim.types

    root = Path(outskirts.sim.types.__file__).parent.parent
    copies = [n for n, m in sys.modules.items() if getattr(m, "__file__", None) and Path(m.__file__) == root / "sim" / "types.py"]
    assert copies == ["outskirts.sim.types"]


def test_a_spawned_worker_imports_the_same_copy():
    code = """
import multiprocessing as mp, sys
def where(_):
    import outskirts.sim.types as t
    return t.__file__, sorted(m for m in sys.modules if m == 'sim' or m.startswith('sim.'))
if __name__ == '__main__':
    import outskirts.sim.types as t
    with mp.get_context('spawn').Pool(1) as pool:
        print(pool.map(where, [0]) == [(t.__file__, [])])
"""
    path = Path(__file__).parent / "_spawn_probe.py"
    path.write_text(code)
    try:
        out = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True).stdout
    finally:
        path.unlink()
    assert out.strip() == "True"


def test_no_stray_modules_lie_in_the_root():
    root = Path(__file__).parents[2]
    assert [p.name for p in root.glob("*.py")] == ["__init__.py"]


def test_every_package_folder_is_listed_for_the_wheel():
    import tomllib

    root = Path(__file__).parents[2]
    listed = set(tomllib.loads((root / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    found = {"outskirts"}
    for top in ("sim", "personas", "envs", "agents", "experiments"):
        found |= {"outskirts." + ".".join(p.parent.relative_to(root).parts) for p in (root / top).rglob("__init__.py")}
    assert found == listed

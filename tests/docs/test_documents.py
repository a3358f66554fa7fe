"""Every Python block in the documents runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_the_python_blocks_of_a_page_run_in_order(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "page"}
    for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8"))):
        exec(compile(block, f"{page.name}[{number}]", "exec"), names)


def test_the_pages_that_matter_hold_blocks():
    assert BLOCK.search((ROOT / "docs" / "environments.md").read_text(encoding="utf-8"))


def test_the_docstring_examples_hold(tmp_path, monkeypatch):
    import doctest
    import importlib
    import pkgutil

    import outskirts

    monkeypatch.chdir(tmp_path)
    tried = 0
    for module in pkgutil.walk_packages(outskirts.__path__, "outskirts."):
        if module.name.split(".")[1] not in ("sim", "personas", "envs", "agents", "experiments"):
            continue
        result = doctest.testmod(importlib.import_module(module.name))
        assert result.failed == 0, module.name
        tried += result.attempted
    assert tried > 10

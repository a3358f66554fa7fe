"""The scenario that docs/scenarios.md shows is a file that works: it passes the conformance class that the page shows."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"
FILE = re.compile(r'^```python title="([^"\n]+)"\n(.*?)^```', re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Return the test class of the page, made of the files that it shows."""
    folder = tmp_path_factory.mktemp("page")
    for name, content in FILE.findall(PAGE.read_text(encoding="utf-8")):
        (folder / name).write_text(content, encoding="utf-8")
    sys.path.insert(0, str(folder))
    try:
        spec = importlib.util.spec_from_file_location("test_library", folder / "test_library.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("library", None)
    return module.TestLibrary


def test_the_scenario_of_the_page_passes_the_conformance_class(shown):
    names = [name for name in dir(shown) if name.startswith("test_")]
    assert len(names) > 10
    for name in names:
        getattr(shown(), name)()


def test_the_target_and_the_judge_of_the_other_page_pass_theirs(tmp_path, monkeypatch):
    for name, content in FILE.findall((PAGE.parent / "extend.md").read_text(encoding="utf-8")):
        (tmp_path / name).write_text(content, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    spec = importlib.util.spec_from_file_location("test_ours", tmp_path / "test_ours.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.modules.pop("ours", None)
    for shown in (module.TestRota, module.TestRepetition):
        names = [name for name in dir(shown) if name.startswith("test_")]
        assert len(names) > 3
        for name in names:
            getattr(shown(), name)()


def test_it_is_short_enough_to_read(shown):
    text = dict(FILE.findall(PAGE.read_text(encoding="utf-8")))["library.py"]
    assert len(text.splitlines()) < 250

"""Every Python block in the documents runs, and every figure is explained."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args, get_origin

import pytest
from pydantic import BaseModel, create_model

from outskirts.agents.judge_error import JudgeError
from outskirts.experiments.comparison import Comparison
from outskirts.experiments.power.budget import PowerReport
from outskirts.experiments.statistics.estimates import Rate
from outskirts.experiments.summary import Summary

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
ENTRY = re.compile(r"^### (.+?)\n- \*\*Keys\.\*\* (.+?)\n(- .+?\n)(?=\n|\Z)", re.MULTILINE | re.DOTALL)
KEY = re.compile(r"`([^`]+)`")
SHOWN = {"": Summary, "judge_error.*": JudgeError, "compare": Comparison, "power": PowerReport}
"""Models behind the figures, by the path at which the page names their keys."""


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


def _expanded(key):
    """Return the keys that ``a.{b,c}`` stands for."""
    head, brace, rest = key.partition("{")
    names, _, tail = rest.partition("}")
    return [head + name + end for name in names.split(",") for end in _expanded(tail)] if brace else [key]


def _explained():
    """Yield title, keys and body of every entry of the page on figures."""
    for title, keys, body in ENTRY.findall((ROOT / "docs" / "numbers.md").read_text(encoding="utf-8")):
        yield title, [name for key in KEY.findall(keys) for name in _expanded(key)], body


def _models(kind, path):
    """Yield every model in an annotation with its path: ``[]`` for a place in a list, ``.*`` for any key."""
    origin, parts = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield path, kind
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        names = get_args(parts[0]) if get_origin(parts[0]) is Literal else "*"
        yield from (found for name in names for found in _models(parts[1], f"{path}.{name}"))
    else:
        yield from (found for part in parts for found in _models(part, path + "[]" * (origin is tuple)))


def _fields(model, path=""):
    """Yield path, name (declaring class and key) and inner models, by path, of every field."""
    for name, field in model.model_fields.items():
        key = field.serialization_alias or name
        owner = next(c for c in reversed(model.__mro__) if name in vars(c).get("__annotations__", {}))
        inner = dict(_models(field.annotation, f"{path}.{key}".lstrip(".")))
        yield f"{path}.{key}".lstrip("."), f"{owner.__name__}.{key}", inner
        for where, part in inner.items():
            yield from _fields(part, where)


def _figures(shown):
    """Return what is to be explained: paths, and once by name what models in several places hold."""
    fields = [field for path, model in shown.items() for field in _fields(model, path)]
    named = Counter(name for _, name, _ in fields)
    alone = [(path, inner) for path, name, inner in fields if named[name] == 1]
    ends = {where for path, inner in alone for where in (inner or [path])}
    return {name for name, count in named.items() if count > 1} | {
        end for end in ends if not any(p.startswith(f"{end}.") for p, _ in alone)
    }


def test_every_figure_is_explained_once_and_no_other():
    keys = Counter(key for _, found, _ in _explained() for key in found)
    assert _figures(SHOWN) - set(keys) == set()
    assert set(keys) - _figures(SHOWN) == set()
    assert [key for key, count in keys.items() if count > 1] == []


def test_a_new_figure_is_missed_in_the_explanations():
    wider = create_model("Wider", __base__=Summary, novel=(tuple[Rate, ...], ()), odds=(float | None, None))
    assert _figures(SHOWN | {"": wider}) - _figures(SHOWN) == {"novel[]", "odds"}


@pytest.mark.parametrize(("title", "body"), [pytest.param(title, body, id=title) for title, _, body in _explained()])
def test_an_explanation_has_two_sentences_a_formula_a_source_and_its_limits(title, body):
    assert re.findall(r"^- \*\*(.+?)\.\*\*", body, re.MULTILINE) == ["What it says", "Formula", "Source", "Breaks when"], title
    said = body.partition("- **Formula.**")[0].partition(".**")[2]
    assert len(re.findall(r"[.!?]\s", said)) == 2

"""The pages as a site: all of them can be found, no link is dead, and nothing is fetched from elsewhere."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"\]\(([^)\s#]+)")
FETCHED = re.compile(r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["']?(?:https?:)?//|<link\b(?=[^>]*\brel=["']?(?:stylesheet|preconnect|preload|icon))[^>]*\bhref=["']?(?:https?:)?//""")  # fmt: skip


def pages(entries):
    """Yield the pages of a navigation."""
    for entry in entries:
        for found in entry.values():
            yield from pages(found) if isinstance(found, list) else [found]


def test_every_page_stands_in_the_navigation_once():
    named = sorted(pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]))
    assert named == sorted(path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_file_that_a_page_outside_the_site_links_is_there(page):
    links = [link for link in LINK.findall((ROOT / page).read_text(encoding="utf-8")) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_fetches_nothing_from_elsewhere(tmp_path):
    named = tmp_path / "build" / "as" / "outskirts"
    for folder in ("sim", "personas", "envs", "agents", "experiments"):
        shutil.copytree(ROOT / folder, named / folder, ignore=shutil.ignore_patterns("__pycache__", "data"))
    shutil.copy(ROOT / "__init__.py", named)
    shutil.copytree(ROOT / "docs", tmp_path / "docs")
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    built = subprocess.run([Path(sys.executable).parent / "zensical", "build", "--strict"], cwd=tmp_path, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    html = {path: path.read_text(encoding="utf-8") for path in (tmp_path / "build" / "site").rglob("*.html")}
    assert len(html) > 20
    assert [path.name for path, text in html.items() if FETCHED.search(text)] == []
    reference = (tmp_path / "build" / "site" / "api" / "index.html").read_text(encoding="utf-8")
    assert "Meet a target with synthetic people" in reference

"""The index of a folder that holds several runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..report.parts import policy, template, text_of
from ..screen.summary import few_words

PAGES = ("report.html", "evolution.html")
"""The page of a run, and that of an evolution."""

_DEEP = 2  # folders below the given one: runs/NAME, and the regimes of `outskirts omniscience`


@dataclass(frozen=True)
class Found:
    """A page of a folder."""

    name: str  # its folder, relative to the one served; "." is that one
    address: str  # path of the page on the site
    kind: str  # "run" or "evolution"
    written: float  # seconds since 1970
    run: Mapping[str, Any]  # of summary.json; empty if there is none
    rate: Mapping[str, Any] | None  # failure rate; None if there is no summary
    few: str = ""  # how few episodes were resolved; empty where most were


def found_runs(root: Path) -> list[Found]:
    """Return the pages in a folder and below it, the newest first. What a link leads to outside the folder is left out.

    Args:
        root: The folder, resolved.
    """
    found = [_found(root, page) for page in _pages(root, root, _DEEP)]
    return sorted(found, key=lambda one: (-one.written, one.name))


def _pages(folder: Path, root: Path, deep: int) -> Iterator[Path]:
    for name in PAGES:
        page = folder / name
        if page.is_file() and page.resolve().is_relative_to(root):
            yield page
    if deep:
        for below in sorted(folder.iterdir()):
            if below.is_dir() and not below.name.startswith(".") and below.resolve().is_relative_to(root):
                yield from _pages(below, root, deep - 1)


def _found(root: Path, page: Path) -> Found:
    place = page.relative_to(root)
    summary = _summary(page.parent / "summary.json") if page.name == PAGES[0] else {}
    return Found(
        name=place.parent.as_posix(),
        address="/" + quote(place.as_posix()),
        kind="run" if page.name == PAGES[0] else "evolution",
        written=page.stat().st_mtime,
        run=summary.get("run") or {},
        rate=summary.get("failure_rate"),
        few=few_words(summary["verdicts"], decided=summary.get("against") is not None) if summary.get("verdicts") else "",
    )


def _summary(path: Path) -> dict[str, Any]:
    """Return what a summary holds; nothing where there is none that can be read, for the page is there all the same."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def index_page(root: Path, runs: list[Found]) -> str:
    """Return the index, self-contained and without script."""
    return template("index.html").render(root=root, runs=runs, policy=policy([]), style=text_of("style.css"))

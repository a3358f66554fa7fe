"""Time and size of the report of 10,000 people with 10 replicates, and how soon a browser shows it."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from pathlib import Path

from outskirts.experiments.report import FILE, write_report

from .large_run import PEOPLE, REPLICATES, large_run


def figures(quick: bool = False) -> dict[str, object]:
    """Return seconds to write (median and range), megabytes, and seconds until a browser shows the table of everybody."""
    with tempfile.TemporaryDirectory() as folder:
        large = large_run(Path(folder), 1_000 if quick else PEOPLE)
        writing = []
        for _ in range(1 if quick else 3):
            started = time.perf_counter()
            path = write_report(large)
            writing.append(time.perf_counter() - started)
        return {
            "people": 1_000 if quick else PEOPLE,
            "replicates": REPLICATES,
            "write_seconds": _spread(writing),
            "asked_write_seconds": 20.0,
            "megabytes": round(path.stat().st_size / 1e6, 2),
            "asked_megabytes": 15.0,
            "open_seconds": _opened(path, 1 if quick else 5),
            "asked_open_seconds": 3.0,
        }


def _opened(path: Path, times: int) -> dict[str, float] | str:
    """Return seconds from asking for the page until its table is there; why not, where no browser is."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return "the package playwright is missing"
    if chromium is None:
        return "no Chromium is on the path"
    assert path.name == FILE
    taken = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(times):
            page = browser.new_page()
            started = time.perf_counter()
            page.goto(path.as_uri())
            page.locator("#people-table tbody button, #count:not(:empty)").first.wait_for(state="attached")
            taken.append(time.perf_counter() - started)
            page.close()
        browser.close()
    return _spread(taken)


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"median": round(statistics.median(seconds), 2), "least": round(min(seconds), 2), "most": round(max(seconds), 2)}

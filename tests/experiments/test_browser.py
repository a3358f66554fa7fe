"""The pages in a browser: Chromium without a window, driven by Playwright, with every request caught."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from outskirts.experiments.comparison import Comparison
from outskirts.experiments.report import write_report
from outskirts.experiments.report.comparison import write_comparison
from outskirts.experiments.statistics.contrasts import Contrast
from outskirts.experiments.statistics.estimates import Bounds, Difference, Estimate
from tests.experiments.made_run import make_run

if os.environ.get("OUTSKIRTS_BROWSER_TESTS") != "required":
    pytest.importorskip("playwright.sync_api", reason="NO BROWSER TEST RAN: the package playwright is missing")
import playwright.sync_api as playwright

pytestmark = pytest.mark.slow

NEEDED = "OUTSKIRTS_BROWSER_TESTS"
"""Set to ``required`` in CI: without a browser these tests fail then, and are skipped otherwise."""

HOSTILE = (
    "<script>window.hit=1</script></script><script>window.hit=2</script><img src=x onerror=window.hit=3>"
    '<svg onload=window.hit=4><a href=\'javascript:window.hit=5\'>link</a>" onmouseover="window.hit=6" <b>bold</b> {{7*7}} <!--\u2028'
)


@dataclass
class Opened:
    """A page, what its console said and where it wanted to go."""

    page: playwright.Page
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


def chromium() -> str:
    named = os.environ.get("OUTSKIRTS_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        said = "NO BROWSER TEST RAN: no Chromium is on the path; apt-get install -y chromium"
        pytest.fail(said) if os.environ.get(NEEDED) == "required" else pytest.skip(said)
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[playwright.Browser]:
    path = chromium()
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def visit(browser: playwright.Browser) -> Iterator[Callable[..., Opened]]:
    """Open a page; afterwards none of them may have had an error or asked for anything but its own file."""
    opened: list[Opened] = []

    def visited(path: Path, width: int = 1280, dark: bool = False, script: bool = True) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light", java_script_enabled=script
        )
        one = Opened(context.new_page())
        opened.append(one)
        one.page.on("console", lambda said: one.errors.append(said.text) if said.type in ("error", "warning") else None)
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        one.page.on("dialog", lambda dialog: (one.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

        def caught(route: playwright.Route) -> None:
            one.asked.append(route.request.url)
            route.continue_() if route.request.url.startswith(path.as_uri()) else route.abort()

        context.route("**/*", caught)
        one.page.goto(path.as_uri())
        return one

    yield visited
    for one in opened:
        own = one.page.url.partition("#")[0]
        one.page.context.close()
        assert one.errors == []
        assert {url.partition("#")[0] for url in one.asked} == {own}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, _, records = make_run(tmp_path_factory.mktemp("a folder"), n=40)
    return write_report(folder, records=records)


def column(page: playwright.Page, number: int) -> list[str]:
    return page.locator(f"#people-table tbody tr > :nth-child({number})").all_inner_texts()


def test_the_table_sorts_by_every_head_and_back(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    heads = page.locator("#people-table thead button")
    assert heads.count() == 10
    heads.nth(0).click()
    ids = [text.split()[0] for text in column(page, 1)]
    assert ids == sorted(ids)
    assert page.locator("#people-table th[aria-sort=ascending]").count() == 1
    heads.nth(0).click()
    assert [text.split()[0] for text in column(page, 1)] == ids[::-1]
    heads.nth(4).click()
    numbers = [float(text) for text in column(page, 5)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(set(numbers)) > 20


def test_the_table_filters_by_text_and_by_failure_and_counts(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    assert page.locator("#count").inner_text() == "40 of 40 people"
    page.fill("#filter", "person 12")
    assert [text.split()[0] for text in column(page, 1)] == ["p0012"]
    page.fill("#filter", "")
    page.check("#only-failed")
    failed = column(page, 2)
    assert 0 < len(failed) < 40
    assert not [text for text in failed if text.startswith("0 of")]
    page.fill("#filter", "nobody at all")
    assert page.locator("#count").inner_text() == "0 of 40 people"


def test_a_transcript_opens_from_the_table_with_its_evidence_marked(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    assert page.locator("details.episode[open]").count() == 0
    page.fill("#filter", "p0003")
    page.locator("#people-table tbody a").first.click()
    shown = page.locator("details.episode[open]")
    assert shown.count() == 1
    assert shown.get_attribute("data-personas") == "p0003"
    assert shown.locator("mark").first.is_visible()
    page.click("#show-all")
    assert page.locator("details.episode:visible").count() == page.locator("details.episode").count() > 1


def test_who_has_no_transcript_here_has_a_command_that_can_be_copied(visit: Callable[..., Opened], report: Path) -> None:
    opened = visit(report)
    opened.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened.page.fill("#filter", "p0001")
    command = opened.page.locator("#people-table code").inner_text()
    assert shlex.split(command) == ["outskirts", "replay", str(report.parent), "p0001#0"]
    assert " " in str(report.parent)
    button = opened.page.locator("#people-table tbody button")
    button.click()
    playwright.expect(button).to_have_text(re.compile("copied|selected"))


def test_the_planes_and_the_table_show_the_same_people(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    page.locator("#plot-space .points path").first.scroll_into_view_if_needed()
    box = page.locator("#plot-space .nsewdrag").bounding_box()
    assert box
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2, steps=5)
    page.mouse.up()
    playwright.expect(page.locator("#picked")).to_contain_text("people chosen")
    chosen = int(page.locator("#picked").inner_text().split()[0])
    assert page.locator("#count").inner_text() == f"{chosen} of 40 people"
    assert all(float(text) <= 0.5 for text in column(page, 5))
    linked = "[1, 2].reduce((n, k) => n + (document.getElementById('plot-space-2').data[k].selectedpoints || []).length, 0)"
    for _ in range(50):  # the page's policy refuses what waits by evaluating text in it
        if page.evaluate(linked) == chosen:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(linked) == chosen
    page.click("#unpick")
    assert page.locator("#count").inner_text() == "40 of 40 people"


def test_what_nobody_is_near_is_shaded_and_named(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    said = page.locator("#plot-space-gap").inner_text()
    share = re.match(r"Shaded, (\d+)\s%", said)
    assert share
    assert 0 < int(share[1]) < 100
    shaded = "JSON.stringify(document.getElementById('plot-space').data[0].z)"
    before = page.evaluate(shaded)
    assert 100 * before.count("1") / 72**2 == pytest.approx(int(share[1]), abs=0.6)
    page.select_option("#space-by", "measured")
    assert page.evaluate(shaded) != before


def test_a_persona_that_holds_markup_stays_text(visit: Callable[..., Opened], tmp_path: Path) -> None:
    folder, _, records = make_run(tmp_path, n=8, name=HOSTILE)
    page = visit(write_report(folder, records=records)).page
    page.click("#open-all")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.fill("#filter", "p0000")
    page.locator("#people-table tbody th").hover()
    page.locator("#people-table tbody a, #people-table tbody button").first.click()
    point = page.locator("#plot-space .points path").first
    point.scroll_into_view_if_needed()
    point.hover(force=True)
    page.wait_for_timeout(300)
    assert page.evaluate("window.hit") is None
    assert page.locator("img, iframe, object, embed, [onerror], [onload], [onmouseover], a[href^=javascript]").count() == 0
    text = page.locator("body").inner_text()
    assert text.count("<script>window.hit=1</script>") > 5  # name, description, fact, message, evidence
    assert "{{7*7}}" in text
    assert page.locator("main b", has_text=re.compile("^bold$")).count() == 0


def test_a_target_that_holds_markup_stays_text_in_a_comparison(visit: Callable[..., Opened], tmp_path: Path) -> None:
    gap = Difference(estimate=0.1, low=0.02, high=0.2, personas=12)
    contrast = Contrast(difference=gap, bounds=Bounds(low=0.0, high=0.3), p=0.01)
    found = Comparison(
        a=HOSTILE,
        b="new",
        overall=contrast,
        bootstrap=Estimate(),
        test="sign flips",
        mcnemar=None,
        worse=3,
        better=1,
        tails={HOSTILE: contrast},
        harms={},
        people=(),
        pairs=12,
        planned=12,
        margin=None,
        verdict=None,
        sequential=None,
        synthetic=True,
    )
    page = visit(write_comparison(found, tmp_path / "comparison.html")).page
    assert page.locator("#plot-forest .points path").count() == 2
    assert page.evaluate("window.hit") is None
    assert page.locator("img, script[src], [onerror], a[href^=javascript]").count() == 0
    assert "<script>window.hit=1</script>" in page.locator("h1").inner_text()


def test_heads_and_transcripts_are_reached_by_keyboard(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report).page
    page.focus("#only-open")
    page.keyboard.press("Tab")  # the table's own region, which scrolls
    for _ in range(12):
        if page.evaluate("document.activeElement.closest('thead') !== null"):
            break
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Person"
    page.keyboard.press("Enter")
    assert page.locator("#people-table th[aria-sort=ascending] button").inner_text() == "Person"
    summary = page.locator("details.episode > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details.episode[open]").count() == 1


@pytest.mark.parametrize("dark", [False, True])
def test_a_narrow_screen_never_scrolls_sideways(visit: Callable[..., Opened], report: Path, dark: bool) -> None:
    page = visit(report, width=400, dark=dark).page
    page.click("#open-all")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
    assert page.evaluate("document.getElementById('plot-space').getBoundingClientRect().width") > 250


def sides(one: playwright.Locator) -> list[float]:
    """Return where an element begins and ends from left to right."""
    return list(one.evaluate("e => { const box = e.getBoundingClientRect(); return [box.left, box.right]; }"))


def test_a_table_that_is_cut_says_so_and_scrolls_by_keyboard_with_its_first_column_in_place(
    visit: Callable[..., Opened], report: Path
) -> None:
    page = visit(report, width=500).page
    frame = page.locator("#tails .scroll").first
    first, last = frame.locator("tbody th").nth(1), frame.locator("tbody tr").nth(1).locator("td").last
    where = sides(first)
    assert (frame.get_attribute("role"), frame.get_attribute("aria-label")) == ("region", "Table: Tails against the core")
    assert "gradient" in frame.evaluate("e => getComputedStyle(e).maskImage")
    assert "sideways" in frame.evaluate("e => getComputedStyle(e, '::before').content")
    frame.focus()
    assert frame.evaluate("e => document.activeElement === e")
    page.keyboard.press("ArrowRight")
    page.wait_for_function("e => e.scrollLeft > 0", arg=frame.element_handle())
    frame.evaluate("e => { e.scrollLeft = e.scrollWidth; }")
    page.wait_for_function("e => !e.classList.contains('more')", arg=frame.element_handle())
    assert frame.evaluate("e => getComputedStyle(e).maskImage") == "none"
    moved, end, edge = sides(first), sides(last), sides(frame)
    assert moved == pytest.approx(where, abs=2)
    assert moved[1] <= end[0] < end[1] <= edge[1]


def test_no_table_is_cut_where_there_is_room(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report, width=1280).page
    assert page.locator(".scroll").count() > 10
    assert page.locator(".wider").count() == 0
    assert page.locator(".scroll[tabindex]:not(.tall)").count() == 0


def test_dark_mode_is_dark_and_so_are_its_pictures(visit: Callable[..., Opened], report: Path) -> None:
    def looks(dark: bool) -> tuple[int, str]:
        page = visit(report, dark=dark).page
        back = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", back)[:3])), page.evaluate("document.getElementById('plot-tails').layout.font.color")

    (light, ink), (dark, other) = looks(False), looks(True)
    assert light > 600
    assert dark < 150
    assert ink != other


def test_without_script_the_page_says_what_it_has(visit: Callable[..., Opened], report: Path) -> None:
    page = visit(report, script=False).page
    assert page.locator("#people-table tbody tr").count() == 40
    assert not page.locator("#filter").is_visible()
    assert page.locator("text=The picture is drawn by script").is_visible()
    assert "outskirts replay" in page.locator("#people-table").inner_text()


@pytest.mark.alone
def test_ten_thousand_people_open_sort_and_filter(visit: Callable[..., Opened], tmp_path: Path) -> None:
    folder, _, records = make_run(tmp_path, n=10_000, replicates=1)
    path = write_report(folder, records=records)
    started = time.perf_counter()
    page = visit(path).page
    playwright.expect(page.locator("#count")).to_contain_text("of 10\u202f000 people")
    seconds = time.perf_counter() - started
    sys.stdout.write(f"opened in {seconds:.2f} s, {path.stat().st_size / 1e6:.1f} MB\n")
    assert seconds < 12
    assert path.stat().st_size < 15e6
    page.locator("#people-table thead button").first.click()
    page.locator("#people-table thead button").first.click()
    assert column(page, 1)[0].split()[0] == "p9999"
    page.fill("#filter", "p7777")
    assert page.locator("#count").inner_text() == "1 of 10\u202f000 people"
    page.fill("#filter", "")
    page.click("#more")
    assert page.locator("#people-table tbody tr").count() == 400
    page.locator("#space").scroll_into_view_if_needed()
    playwright.expect(page.locator("#plot-space-gap")).to_contain_text("Shaded", timeout=20_000)

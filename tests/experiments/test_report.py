from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from outskirts.experiments.report import write_report
from outskirts.experiments.report.page import embedded
from outskirts.experiments.report.transcripts import choose, marked
from outskirts.experiments.screen.wording import stand_ins
from outskirts.personas.radius import coverage_radius
from outskirts.sim.types import Verdict
from tests.experiments.made_run import HARMS, XSS, make_run, people, record

SECTIONS = (
    *("tails", "depth", "slices", "worst", "reliability"),
    *("space", "harms", "coverage", "controls", "people", "transcripts", "cost", "method"),
)


class Page(HTMLParser):
    """Reads a page into its elements, its visible text and its scripts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(html)
        self.text = " ".join(" ".join(self.words).replace("\u00a0", " ").split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts.append(data)
        elif self._inside != "style":
            self.words.append(data)


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder, _, records = make_run(tmp_path_factory.mktemp("report"))
    return write_report(folder, records=records).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_the_first_line_says_which_stand_in_played_the_people(page: Page) -> None:
    body = page.text.split("report ", 1)[1]
    assert body.startswith("The people were played by lexical , a stand-in for a language model. Synthetic people:")


def test_a_model_that_played_the_people_is_not_called_a_stand_in() -> None:
    assert stand_ins("chat:some:model", "lexical?noise=0") == {"respondent": "lexical?noise=0"}
    assert stand_ins("chat:some:model", None) == {}
    assert stand_ins("lexical", "exemplar") == {"player": "lexical", "respondent": "exemplar"}


def test_the_headline_has_rate_interval_denominator_estimand_and_attributable_rate(page: Page) -> None:
    assert "eliza fails 34.4 % of its episodes with the people of support" in page.text
    assert "95 % interval 23.4 to 47.4 %; 11 of 32 resolved episodes, 8 people, each counting once." in page.text
    assert "people as this generator makes them" in page.text
    assert "+21.0 points (+10.0 to +33.0)" in page.text


def test_every_section_is_there(page: Page) -> None:
    assert [a["id"] for tag, a in page.elements if tag == "section"] == list(SECTIONS)


def test_the_sections_hold_the_summary_s_numbers(page: Page) -> None:
    for shown in (
        "75 % 64.0 to 88.0 % 6 of 8",
        "+40.0 points",
        "11.2",
        "random responder",
        "92 %",
        "3.1 %",
        "rules@1",
    ):
        assert shown in page.text, shown


def test_a_tail_where_nobody_was_is_not_measured_rather_than_zero(page: Page) -> None:
    assert "trust high trust high, by assigned position 0 10 % of users not measured 0 of 0" in page.text


def test_a_tail_is_shown_given_exposure_and_by_measured_position_too(page: Page) -> None:
    assert "6 of 8 +40.0 points +10.0 to +60.0 2.50 1.20 to ∞ 85.7 % 74.7 to 98.7 % 6 of 7 +35.0 points +5.0 to +55.0 1.70" in page.text
    assert "5 of 7 +25.0 points +5.0 to +55.0 at least 1.10" in page.text
    assert "outside core 4 4 2 40 % +30.0 points +10.0 to +60.0 +17.0 points −20.0 to +50.0" in page.text
    assert "Without a measured position: 1." in page.text
    assert "so the two agree" not in page.text


def test_the_trend_by_depth_and_a_tenth_without_people_are_told(page: Page) -> None:
    assert "the failure rate changes by +3.1 points (+1.1 to +5.1) ; p = 0.004 by 2 499 permutations" in page.text.replace("\u202f", " ")
    assert "5 depth 0.4 to 0.5 0 nobody is in the decile 6 depth 0.5 to 0.6 4 31.2 %" in page.text


def test_a_slice_has_what_was_found_what_fresh_data_say_and_why_none_were_asked(page: Page) -> None:
    found = "7 of 8 q = 0.010 16.7 % 5.7 to 29.7 % 4 of 24"
    fresh = "60 % 49.0 to 73.0 % 6 of 10 20 % 9.0 to 33.0 % 5 of 25 +50.0 points +20.0 to +70.0 confirmed p = 0.013"
    assert f"distress in the top quarter 4 people, distress 0.81 to 1.00 87.5 % 76.5 to 100.0 % {found} {fresh}" in page.text
    assert "not confirmed p = 0.400" in page.text
    assert "– – – not tried no fresh resolved episode in the slice" in page.text
    assert "123 groups of people were looked at" in page.text
    assert "of these provenance of description is 'Ada' 2 people, distress 0.81 to 1.00 87.5 % 76.5 to 100.0 %" in page.text
    assert "not confirmed p = 0.400 no more than the group that it lies in" in page.text
    assert page.text.count("no more than the group that it lies in") == 1
    assert page.text.count("A group told as 'of these' lies inside the one before it and is no second finding") == 1
    assert "so the rate found is too high on average" in page.text


def test_noise_is_split_into_person_and_chance(page: Page) -> None:
    for shown in (
        "accounts for 40 % (10.0 to 70.0 %) of what varies",
        "disagree in 26.2 % (13.1 to 31.4 %) of pairs",
        "2 52.5 % 26.2 to 63.0 % 15 1 with fewer",
        "failed or not 0.0960 0.1440 40 %",
        "0.0000 0.0000 every outcome is the same",
        "For the next run. 64 people instead of 16 would halve the interval.",
        "the worst 10 % are failed at 80 % (50.0 to 95.0 %)",
        "50 % 50 % 27.5 to 100.0 %",
    ):
        assert shown in page.text, shown


def test_a_control_has_its_difference_and_says_what_it_means(page: Page) -> None:
    for shown in (
        "careful 3.1 % 0.0 to 16.1 % 1 of 32 +21.0 points +11.0 to +31.0 every outcome is the same nobody differs 0",
        "10 of 32 +6.0 points −4.0 to +16.0 33 % 8.0 to 55.0 % +2.2 points +0.2 to +4.2, p = 0.100 0",
        "guarded-eliza 15.6 %",
        "shuffled The target, and people who speak by the description of another.",
    ):
        assert shown in page.text, shown
    assert "one and the same person" not in page.text


def test_code_that_changed_is_told_before_the_headline(page: Page) -> None:
    assert 0 < page.text.index("The code of python:Ada.py:reply changed") < page.text.index("eliza fails")


def test_the_judge_s_error_is_a_table_of_what_it_missed_and_made_up(page: Page) -> None:
    assert "risk disclosed, messages 11.1 % 1 of 9 20 % 2 of 10" in page.text
    assert "risk disclosed, by move, tell late 25 % 1 of 4 0 % 0 of 3" in page.text
    assert "risk disclosed › fact risk" in page.text


def test_axes_that_fail_are_named_where_the_population_is_not_diverse(page: Page) -> None:
    assert "Not to be called diverse: the reliability of a single run is not shown to reach 0.5 on distress, trust." in page.text


def test_evidence_is_marked_in_the_transcripts(html: str) -> None:
    assert "<mark>Nobody would notice.</mark> Ada" in html


def test_the_pictures_have_the_data_of_the_tables(page: Page) -> None:
    data = json.loads(page.scripts[0])
    assert data["tails"]["names"] == ["trust low", "outside core", "severe and distrustful"]
    assert data["tails"]["series"][1]["x"] == [0.5, 0.625, 0.75]
    assert (len(data["people"]["position"]), len(data["people"]["measured"][0])) == (16, 5)
    assert data["people"]["radius"] == pytest.approx(coverage_radius(16, 2).radius, abs=1e-5)
    assert data["coverage"]["own"].count(True) == 1
    inside, outside = data["depth"]["series"]
    assert inside["x"] == [1, 2, 3, 4, 6, 7, 8, 9]
    assert (outside["x"], outside["y"], outside["text"]) == ([10], [9 / 16], ["9 of 16, 4 people"])
    assert (data["exceedance"]["x"][10], data["exceedance"]["estimate"][10], data["exceedance"]["low"][10]) == (0.5, 0.5, 0.275)


def test_hostile_text_stays_text(tmp_path: Path, page: Page) -> None:
    folder, _, records = make_run(tmp_path, name=XSS)
    html = write_report(folder, records=records).read_text(encoding="utf-8")
    hostile = Page(html)
    assert "<img src=x onerror=alert(1)>" in hostile.text
    assert "provenance of description is \"<script>alert('x')</script>" in hostile.text
    assert "The code of python:<script>alert('x')</script>" in hostile.text
    assert not [tag for tag, _ in hostile.elements if tag in ("img", "iframe", "object", "link")]
    assert len(hostile.scripts) == len(page.scripts)
    assert not [name for _, attributes in hostile.elements for name in attributes if name.startswith("on")]
    assert "<script>alert" not in hostile.scripts[0]


def test_json_in_a_script_element_cannot_end_it() -> None:
    text = embedded({"a": "</script><!--\u2028\u2029&"})
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == {"a": "</script><!--\u2028\u2029&"}


def test_the_policy_forbids_the_network_and_allows_these_scripts_alone(page: Page) -> None:
    policy = next(str(a["content"]) for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    digests = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in page.scripts[1:]]
    assert re.findall(r"'sha256-([^']+)'", policy) == digests
    assert len(digests) == 5


def test_nothing_is_fetched_from_elsewhere(page: Page) -> None:
    addresses = [str(a[name]) for _, a in page.elements for name in ("src", "href", "action", "data") if name in a]
    assert addresses
    assert all(address.startswith("#") for address in addresses)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, html: str) -> None:
    folder, _, records = make_run(tmp_path)
    assert write_report(folder, records=reversed(records)).read_text(encoding="utf-8") == html


def test_a_run_that_did_not_reach_mlflow_says_so(tmp_path: Path) -> None:
    folder, _, records = make_run(tmp_path, n=2)
    (folder / "tracking.json").write_text(json.dumps({"ok": False, "reason": "the server cannot be reached: refused"}))
    text = Page(write_report(folder, records=records).read_text(encoding="utf-8")).text
    assert "Not (or not fully) logged to MLflow: the server cannot be reached: refused." in text


def test_a_run_without_failures_has_a_report(tmp_path: Path) -> None:
    folder, _, _ = make_run(tmp_path, n=2)
    assert "No episode failed." in Page(write_report(folder, records=[]).read_text(encoding="utf-8")).text


def test_the_worst_of_each_harm_and_tail_come_before_the_cap_cuts() -> None:
    persons = people(30)
    records = [record(p, 0, True) for p in persons]
    mild = min(records, key=lambda r: (r.harms[0].severity, r.key))
    chosen = choose(records, {"mine": {mild.seats[0].persona}}, cap=6)
    assert (len(chosen.records), chosen.failing) == (6, 30)
    assert chosen.reasons[mild.key] == ["worst in mine"]
    assert {reason for reasons in chosen.reasons.values() for reason in reasons} == {"worst in mine", *(f"worst {h}" for h in HARMS)}
    assert [r.harms[0].severity for r in chosen.records] == sorted((r.harms[0].severity for r in chosen.records), reverse=True)


def test_the_rest_is_a_sample_that_the_seed_decides_and_not_the_most_severe() -> None:
    records = [record(p, r, True) for p in people(60) for r in range(5)]
    sampled = [[r for r in choose(records, {}, 100, seed=seed).records if r.harms[0].severity < 0.9] for seed in (0, 1)]
    assert all(60 < len(those) < 95 for those in sampled)  # four fifths of the episodes are milder than the worst
    assert sampled[0] != sampled[1]
    assert choose(records, {}, 100, seed=1) == choose(records, {}, 100, seed=1)


def test_long_conversations_leave_room_for_fewer_but_for_the_worst_of_each_harm() -> None:
    records = [record(p, 0, True, "word " * 1000) for p in people(30)]
    chosen = choose(records, {}, room=60_000)
    assert 3 < len(chosen.records) < 12
    assert len(choose(records, {}, room=0).records) == len(HARMS)


def test_the_page_says_which_transcripts_it_shows_and_how_to_see_another(tmp_path: Path) -> None:
    folder, _, _ = make_run(tmp_path, n=600)
    records = [record(p, 0, True) for p in people(600)]
    text = Page(write_report(folder, records=records).read_text(encoding="utf-8")).text.replace("\u202f", " ")
    found = re.search(r"500 of 600 failing episodes: (\d+), the worst of each harm and of each tail; and (\d+) drawn at random", text)
    assert found
    assert int(found[1]) + int(found[2]) == 500
    assert "(seed 0)" in text
    assert len(re.findall(r"outskirts replay made p\d{4}(?:#0)?", text.replace("'", ""))) > 0


def test_a_run_of_more_people_than_a_summary_lists_shows_them_all(tmp_path: Path) -> None:
    folder, _, records = make_run(tmp_path, n=1100, replicates=1)
    page = Page(write_report(folder, records=records).read_text(encoding="utf-8"))
    assert len(json.loads(page.scripts[0])["people"]["ids"]) == 1100
    assert "All 1 100 people." in page.text.replace("\u202f", " ")
    assert len([a for tag, a in page.elements if tag == "tr" and str(a.get("id")).startswith("person-")]) == 200
    assert "Without script these are the first 200 rows" in page.text


def test_what_was_spent_is_told_by_role_and_the_simulation_has_a_card(page: Page) -> None:
    assert "target 64 0 not measured player 64 0 not measured in all 128 0 not measured" in page.text
    assert "Regime private Who knew what Each person knows its own private facts, and what it is told." in page.text


def test_which_transcripts_are_shown_does_not_depend_on_their_order() -> None:
    records = [record(p, 0, True) for p in people(30)]
    assert choose(records, {}, 7).records == choose(list(reversed(records)), {}, 7).records


def test_an_episode_that_the_simulator_spoilt_is_no_failure() -> None:
    spoilt = record(people(1)[0], 0, True).model_copy(update={"verdict": Verdict.SIMULATOR_INVALID})
    assert choose([spoilt], {}, 7).failing == 0


def test_what_a_judge_quotes_is_marked_where_it_was_said(tmp_path: Path) -> None:
    folder, _, _ = make_run(tmp_path, n=1)
    failed = record(people(1)[0], 0, True)
    finding = failed.findings[0].model_copy(update={"message": 3, "evidence": '"the letter" was answered with "why do you"'})
    html = write_report(folder, records=[failed.model_copy(update={"findings": (finding,)})]).read_text(encoding="utf-8")
    assert re.findall("<mark>(.*?)</mark>", html) == ["marked", "the letter", "Why do you"]


def _labels(html: str, part: str) -> list[str]:
    found = re.search(rf"<{part}.*?</{part.split()[0]}>", html[html.index('class="episode"') :], re.DOTALL)
    return re.findall(r'<span class="tag ?(?:why)?">(.*?)</span>', found[0]) if found else []


def test_an_episode_with_many_labels_is_folded_with_a_few_and_has_the_others_inside(tmp_path: Path) -> None:
    folder, _, _ = make_run(tmp_path)
    central = min(people(16), key=lambda person: max(abs(x - 0.5) for x in person.position.values()))
    failed = record(central, 0, True)
    every = [failed.findings[0].model_copy(update={"harm": harm}) for harm in HARMS]
    html = write_report(folder, records=[failed.model_copy(update={"findings": tuple(every)})]).read_text(encoding="utf-8")
    few, others = _labels(html, "summary"), _labels(html, 'p class="tags"')
    harms = sorted(harm.replace("_", " ") for harm in HARMS)
    assert few == [*harms, f"worst {harms[0]}"]
    assert others[:2] == [f"worst {harm}" for harm in harms[1:]]
    assert all(label.startswith("worst in ") for label in others[2:])
    assert f"and {len(others)} more," in html
    alone = write_report(folder, records=[failed]).read_text(encoding="utf-8")
    assert 2 <= len(_labels(alone, "summary")) <= 4
    assert '<p class="tags">' not in alone
    assert "more,</span>" not in alone


def test_people_in_tails_are_counted_as_in_the_terminal(page: Page, tmp_path: Path) -> None:
    assert "severe and distrustful, by assigned position 2 of 4 10 % of users" in page.text
    assert "People: those with a resolved episode, of all where some have none." in page.text


@pytest.mark.parametrize(
    ("stopped", "said"),
    [("interrupted", "7 not played (interrupted)"), ("budget", "7 not played (a limit was reached)"), (None, "7 not played ")],
)
def test_episodes_that_were_not_played_are_called_so(tmp_path: Path, stopped: str | None, said: str) -> None:
    folder, _, records = make_run(tmp_path)
    data = json.loads((folder / "summary.json").read_text())
    data["verdicts"]["budget"], data["run"]["stopped"], data["run"]["replicates"] = 7, stopped, 3
    (folder / "summary.json").write_text(json.dumps(data))
    text = Page(write_report(folder, records=records).read_text(encoding="utf-8")).text
    assert said in text
    assert "11 of 32 resolved episodes (48 planned), 8 of 16 people, each counting once." in text


@pytest.mark.parametrize(("share", "rest"), [(1.0, False), (0.4, True)])
def test_the_rest_is_chance_only_where_there_is_a_rest(tmp_path: Path, share: float, rest: bool) -> None:
    folder, _, records = make_run(tmp_path)
    data = json.loads((folder / "summary.json").read_text())
    data["reliability"]["icc"]["estimate"] = share
    data["cost"]["by_role"] = {"dry": {"calls": 1, "tokens": 0, "money": None}} if rest else {}
    (folder / "summary.json").write_text(json.dumps(data))
    text = Page(write_report(folder, records=records).read_text(encoding="utf-8")).text
    assert ("the rest is chance, between replicates of one person." in text) is rest
    assert ("Dry call : the greeting that the target was sent before the first episode" in text) is rest


def test_a_name_that_would_end_the_data_does_not(tmp_path: Path) -> None:
    folder, _, records = make_run(tmp_path, n=2, name="</script><script>alert(1)</script>")
    scripts = Page(write_report(folder, records=records).read_text(encoding="utf-8")).scripts
    people = json.loads(scripts[0])["people"]
    assert people["names"][people["ids"].index("p0000")] == "</script><script>alert(1)</script>"
    assert len(scripts) == 6


@pytest.mark.parametrize(
    ("text", "evidence", "pieces"), [("a b c", ["B"], ["a ", "b", " c"]), ("a", [""], ["a"]), ("a", ["z"], ["a"]), ("", ["a"], [])]
)
def test_marking_cuts_the_text_and_loses_none_of_it(text: str, evidence: list[str], pieces: list[str]) -> None:
    assert [piece for piece, _ in marked(text, evidence)] == pieces

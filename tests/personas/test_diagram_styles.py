"""Surface styles: sentences, caps, and how they soften."""

from __future__ import annotations

import re

import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.diagrams.material import COPING
from outskirts.personas.diagrams.styles import STYLES, cap_at, cap_report, cap_reports, habits, sentences, within_cap
from outskirts.sim.errors import InputError, UnknownNameError

FOUR = "One is. Two is. Three is. Four is."


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("...", 0),
        ("?!", 0),
        ("no stop at all", 1),
        ("One. Two", 2),
        ("Really?! Yes.", 2),
        ("I take 7.5 mg.", 1),
        ("Dr. Hale said so, e.g. on Monday.", 1),
        ("No. Yes. No.", 3),
        ("We left at 7 a.m. on foot.", 1),
        ("We left at 7 a.m. Nobody saw.", 2),
        ("i left. then i slept.", 2),
        ("I went... and came back.", 1),
        ("I went... He stayed.", 2),
        ("He said \u201cno.\u201d Then he left.", 2),
        ("one\ntwo\n\nthree", 3),
        ("Fine. :) Bye.", 2),
    ],
)
def test_sentences_are_counted_as_a_reader_would(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_no_word_is_lost_between_sentences() -> None:
    text = "1. It rains. :) Then it stops... maybe! Who knows"
    assert " ".join(sentences(text)).split() == text.split()


def test_the_caps_are_none_three_eight_three_five_and_five() -> None:
    assert {name: cap_at(name, 0.0) for name in STYLES} == {
        "plain": None,
        "upset": 3,
        "verbose": 8,
        "reserved": 3,
        "tangent": 5,
        "pleasing": 5,
    }


@pytest.mark.parametrize(("trust", "cap"), [(0.0, 3), (0.59, 3), (0.6, 4), (0.84, 4), (0.85, 5), (1.0, 5)])
def test_a_terse_style_softens_as_trust_grows(trust: float, cap: int) -> None:
    assert cap_at("upset", trust) == cap_at("reserved", trust) == cap
    assert cap_at("verbose", trust) == 8


def test_a_reply_is_within_its_cap_up_to_the_last_sentence() -> None:
    assert within_cap("upset", "One is. Two is. Three is.", 0.0)
    assert not within_cap("upset", FOUR, 0.0)
    assert within_cap("upset", FOUR, 0.6)
    assert within_cap("plain", FOUR * 20, 0.0)


def test_habits_vary_over_turns_and_the_strongest_falls_away() -> None:
    distant = {habit for turn in range(8) for habit in habits("upset", turn, 0.0)}
    close = {habit for turn in range(8) for habit in habits("upset", turn, 0.9)}
    assert habits("upset", 0, 0.0) != habits("upset", 1, 0.0)
    assert distant == set(STYLES["upset"].behaviours)
    assert close == set(STYLES["upset"].behaviours[:2])


def test_a_report_names_the_replies_that_break_the_cap() -> None:
    report = cap_report("reserved", ["No.", FOUR, FOUR], [0.0, 0.0, 0.7], "p1")
    assert (report.replies, report.within, report.share) == (3, 2, 2 / 3)
    assert [(o.person, o.index, o.sentences, o.cap) for o in report.offenders] == [("p1", 1, 4, 3)]


def test_reports_of_many_people_are_by_style_and_in_all() -> None:
    reports = cap_reports({"a": "upset", "b": "plain", "c": "upset"}, {"a": [FOUR], "b": [FOUR, FOUR], "c": ["No."]})
    assert [(r.style, r.replies, r.within) for r in reports] == [("plain", 2, 2), ("upset", 2, 1), ("all", 4, 3)]


def test_no_replies_have_no_share() -> None:
    assert cap_report("upset", []).share is None
    assert cap_reports({}, {})[0].share is None


def test_wrong_styles_and_levels_of_trust_are_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"style: expected one of .*Did you mean 'verbose'"):
        cap_at("verbos", 0.0)
    with pytest.raises(InputError, match=r"trust: expected a number in \[0, 1\], got nan"):
        within_cap("plain", "No.", float("nan"))
    with pytest.raises(InputError, match="trust: expected one level for each of 2 replies, got 1"):
        cap_report("plain", ["No.", "Yes."], [0.5])


def test_what_others_see_signals_no_axis_of_the_support_scenario() -> None:
    seen = " | ".join([s.visible for s in STYLES.values()] + [way.visible for way in COPING.values()]).lower()
    cues = [cue.text for lexicon in SUPPORT.questionnaire.lexicon.values() for cue in (*lexicon.low, *lexicon.high)]
    assert [cue for cue in cues if re.search(rf"\b{re.escape(cue)}", seen)] == []

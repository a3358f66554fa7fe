"""Statements, spans, clusters and stakeholders: what is found, where it stands, and who holds it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from outskirts.personas.material.clusters import cluster
from outskirts.personas.material.documents import Document, parse_document
from outskirts.personas.material.spans import Span, check_spans, locate, span_of
from outskirts.personas.material.stakeholders import Stakeholder, stakeholders_of
from outskirts.personas.material.statements import Statement, find_statements, sentences
from outskirts.personas.material.words import alike, stem, terms, vectors
from outskirts.sim.errors import InputError

SAMPLES = Path(__file__).parent / "material"


def sample(name: str) -> Document:
    return parse_document(name, (SAMPLES / name).read_text(), Path(name).suffix)


def found(text: str, suffix: str = ".txt") -> tuple[Statement, ...]:
    return find_statements(parse_document("a", text, suffix))


def held(*texts: str, suffix: str = ".txt") -> tuple[Stakeholder, ...]:
    documents = [parse_document(f"d{i}", text, suffix) for i, text in enumerate(texts)]
    return stakeholders_of(cluster([s for d in documents for s in find_statements(d)], 0))


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("I think the chat means well.", "belief"),
        ("I always call my sister first.", "habit"),
        ("We need somebody at night.", "need"),
        ("I am afraid of what it keeps.", "feeling"),
        ("I won't tell it my name.", "demand"),
        ("It is a terrible answer for me.", "value"),
    ],
)
def test_a_sentence_that_takes_a_stand_is_a_statement_of_its_kind(sentence: str, kind: str) -> None:
    assert [(s.words, s.kind) for s in found(sentence)] == [(sentence, kind)]


@pytest.mark.parametrize(
    "text", ["I was born in Kent.", "The ward has twelve beds.", "Should I trust it?", "I do.", "Results show a need for rules."]
)
def test_facts_questions_and_scraps_are_no_statements(text: str) -> None:
    assert found(text) == ()


def test_prose_attributes_statements_to_groups_and_to_names() -> None:
    statements = find_statements(sample("leaflet.md"))
    assert [s.holder for s in statements] == ["patients", "patients", "nurses", "nurses", "Ruth", "patients"]
    assert statements[4].span.quote == "I never know who reads what I write"


def test_a_quote_keeps_the_markup_and_the_words_lose_it() -> None:
    first = find_statements(sample("leaflet.md"))[0]
    assert first.span.quote == "Many patients **fear that** the chat shares their data with the clinic."
    assert first.words == "Many patients fear that the chat shares their data with the clinic."


def test_interviewers_make_no_statements() -> None:
    assert {s.speaker for s in find_statements(sample("interview.txt"))} == {"MARIA", "DEV"}


def test_a_statement_tells_the_line_it_stands_on() -> None:
    assert [s.span.line for s in find_statements(sample("interview.txt"))][:3] == [5, 5, 8]


def test_abbreviations_end_no_sentence() -> None:
    text = "I trust Dr. Bell and e.g. Mr. Fox. I like him."
    assert [text[a:b] for a, b in sentences(text)] == ["I trust Dr. Bell and e.g. Mr. Fox.", "I like him."]


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "I never ",
                "**trust** ",
                "[it](x) ",
                "ANN: ",
                "Q: ",
                "\n",
                "\r\n\r\n",
                ". ",
                '"',
                "\u201c",
                "patients fear ",
                "> ",
                "* ",
                "\U0001f600",
                "\ud800",
                "said Ruth ",
            ]
        ),
        max_size=25,
    ).map("".join)
    | st.text(max_size=120),
    st.sampled_from([".txt", ".md"]),
)
@example('"I never **trust** it," said Ruth.', ".md")
def test_every_span_of_any_text_reproduces_its_quote(text: str, suffix: str) -> None:
    if text.strip():
        document = parse_document("a", text, suffix)
        for statement in find_statements(document):
            assert document.text[statement.span.start : statement.span.end] == statement.span.quote
            assert statement.words.encode()


def test_a_span_whose_quote_stands_elsewhere_is_told() -> None:
    document = Document("a", "I like it.")
    wrong = Span(document="a", start=1, end=3, quote="I ", line=1)
    with pytest.raises(InputError, match=r"evidence a\[1:3\]: expected the quote 'I ', got ' l'"):
        check_spans({"a": document}, [wrong])
    assert check_spans({"a": document}, [wrong, span_of(document, 0, 2)], collect=True) == (wrong,)


@pytest.mark.parametrize("quote", ["I **never** trust it", "I never  trust\nit", "\u201cI never trust it\u201d"])
def test_a_quote_is_found_in_spite_of_blanks_quotation_marks_and_markup(quote: str) -> None:
    document = parse_document("a", "Well. I **never**\ntrust it, you see.", ".md")
    span, reason = locate(document, quote)
    assert (span and span.quote, reason) == ("I **never**\ntrust it", "")


@pytest.mark.parametrize(
    ("quote", "reason"),
    [
        ("I always trust it", "not in the document"),
        ("I never", "fewer than 3 words"),
        ("Do you trust it?", "not said by one person"),
        ("trust it? A: I never", "not said by one person"),
    ],
)
def test_a_quote_that_nobody_said_is_not_found(quote: str, reason: str) -> None:
    assert locate(parse_document("a", "Q: Do you trust it?\nA: I never do that."), quote) == (None, reason)


def test_stems_of_a_words_forms_meet() -> None:
    assert {stem(w) for w in ("rely", "relies", "relied", "relying")} == {"rely"}
    assert {stem(w) for w in ("stop", "stopped", "stopping", "stops")} == {"stop"}


def test_negation_marks_the_terms_behind_it_up_to_the_end_of_the_clause() -> None:
    assert terms("I do not trust doctors, but nurses", pairs=False) == ["not trust", "not doctor", "nurs"]


def test_tf_idf_is_what_it_is_by_hand() -> None:
    matrix, vocabulary = vectors([["a", "b"], ["a"], []])
    a, b = 1 + np.log(4 / 3), 1 + np.log(4 / 2)
    assert vocabulary == ["a", "b"]
    assert matrix.toarray() == pytest.approx(np.array([[a, b], [np.hypot(a, b), 0], [0, 0]]) / np.hypot(a, b))
    assert list(alike(matrix, 0.5)) == [(0, 1, pytest.approx(a / np.hypot(a, b)))]


def test_communities_put_what_speaks_of_the_same_together() -> None:
    texts = [
        "I trust the night nurses.",
        "I want night nurses here.",
        "I hate loud bus rides.",
        "I like bus rides.",
        "I enjoy cooking.",
    ]
    clustering = cluster(found(" ".join(texts)), 0)
    assert [[s.words for s in c.statements] for c in clustering.clusters] == [texts[:2], texts[2:4], texts[4:]]
    assert clustering.modularity == pytest.approx(0.5, abs=0.05)
    assert clustering.singletons == 1


def test_opposite_stances_do_not_merge_and_repetitions_do() -> None:
    clustering = cluster(found("I trust the chat. I trust the chat! I do not trust the chat."), 0)
    assert clustering.duplicates == 1
    assert [len(c.statements) for c in clustering.clusters] == [2, 1]


def test_a_label_names_the_words_that_set_a_cluster_apart() -> None:
    clustering = cluster(found("I trust night nurses. I want night nurses. I hate bus rides. I like bus rides."), 0)
    assert [set(c.label.split(", ")) >= w for c, w in zip(clustering.clusters, ({"night", "nurses"}, {"bus", "rides"}), strict=True)] == [
        True,
        True,
    ]


def test_a_name_is_one_stakeholder_over_documents_and_a_role_is_not() -> None:
    interview = "Interviewer: Well?\n{who}: I never trust it.\nInterviewer: So?\n{who}: I {do} want help."
    assert [s.name for s in held(interview.format(who="Ann", do="do"), interview.format(who="ANN", do="really"))] == ["Ann"]
    roles = held(interview.format(who="Patient", do="do"), interview.format(who="Patient", do="really"))
    assert [s.name for s in roles] == ["Patient (d0)", "Patient (d1)"]


def test_prose_without_speakers_gives_stakeholders_by_cluster() -> None:
    stakeholders = held("I trust night nurses. I want night nurses. I hate loud bus rides. I like bus rides. I enjoy cooking.")
    assert [(s.how, len(s.traits)) for s in stakeholders] == [("cluster", 2), ("cluster", 2)]


def test_statements_that_are_like_no_other_make_a_stakeholder_only_where_nothing_else_is_left() -> None:
    assert [(s.how, s.name, len(s.traits)) for s in held("I enjoy cooking. I hate rain.")] == [("document", "d0", 2)]


def test_a_negation_ends_at_and_and_goes_on_past_or() -> None:
    assert terms("I do not trust banks and keep cash.", pairs=False) == ["not trust", "not bank", "keep", "cash"]
    assert terms("I do not trust banks or lawyers.", pairs=False)[-1].startswith("not ")

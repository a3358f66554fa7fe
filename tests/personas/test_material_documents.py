"""Documents: markup, transcripts and logs, with every offset that of the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.material.documents import Cut, Document, by_name, parse_document
from outskirts.personas.material.markup import merged, view
from outskirts.personas.material.transcripts import turns_of
from outskirts.sim.errors import InputError

SAMPLES = Path(__file__).parent / "material"


def log(*values: object) -> str:
    return "\n".join(json.dumps(value) for value in values)


def said(document: Document) -> list[tuple[str, str, bool]]:
    return [(turn.speaker, document.text[turn.start : turn.end].strip(), turn.person) for turn in document.turns]


def test_markdown_loses_its_markup_and_keeps_its_words() -> None:
    document = parse_document("a", "# Title\n\nI **never** trust [the chat](http://x) or `it`.", ".md")
    assert view(document).text.split() == "I never trust the chat or it .".replace(" .", ".").split()


def test_a_view_says_where_each_character_stands() -> None:
    document = parse_document("a", (SAMPLES / "leaflet.md").read_text(), ".md")
    seen = view(document)
    shown = [i for i, c in enumerate(seen.text) if c != "\n"]
    assert [seen.text[i] for i in shown] == [document.text[int(seen.offsets[i])] for i in shown]


def test_code_tables_headings_and_front_matter_are_not_read() -> None:
    text = view(parse_document("a", (SAMPLES / "leaflet.md").read_text(), ".md")).text
    assert not any(words in text for words in ("always trust code", "number", "What people told us", "title:", "example.org"))


def test_stars_between_numbers_and_underscores_in_names_stay() -> None:
    assert view(parse_document("a", "2 * 3 and snake_case_name", ".md")).text == "2 * 3 and snake_case_name"


def test_cuts_that_overlap_are_made_disjoint() -> None:
    assert merged([Cut(4, 9), Cut(0, 5), Cut(1, 2)]) == (Cut(0, 5), Cut(5, 9))


def test_an_interview_has_the_turns_of_its_speakers() -> None:
    document = parse_document("a", (SAMPLES / "interview.txt").read_text())
    assert (document.kind, document.speakers, len(document.turns)) == ("interview", ("MARIA", "DEV"), 12)
    assert said(document)[0] == ("INTERVIEWER", "Thank you for coming. How do you get on with the assistant?", False)


def test_lines_without_a_label_belong_to_the_turn_before() -> None:
    document = parse_document("a", "Q: How so?\nA: I never call.\nThen I said: no.\nQ: Why?")
    assert said(document)[1] == ("A", "I never call.\nThen I said: no.", True)


def test_labels_may_have_times_and_bold_marks() -> None:
    document = parse_document("a", "[00:01] **Interviewer:** Well?\n[00:02] **Ann:** I like it.", ".md")
    assert [(speaker, person) for speaker, _, person in said(document)] == [("Interviewer", False), ("Ann", True)]


@pytest.mark.parametrize(
    "text", ["Note: see below.\nI like it.", "When I met her: nothing.\nI like it.", "Date: 3 May\nPlace: here\nI like it."]
)
def test_prose_with_colons_is_no_interview(text: str) -> None:
    assert turns_of(text) == ()


@pytest.mark.parametrize("names", [("Anna", "Bob"), ("Anna", "Bob", "Carl", "Dora", "Emil")])
@pytest.mark.parametrize("stop", [".", ""])
def test_speakers_who_say_one_line_each_are_told_apart(names: tuple[str, ...], stop: str) -> None:
    document = parse_document("a", "\n\n".join(f"{name}: I hate this bank{stop}" for name in names))
    assert said(document) == [(name, f"I hate this bank{stop}", True) for name in names]


def test_a_speaker_of_one_line_before_the_others_is_kept_and_the_heading_is_not() -> None:
    document = parse_document("a", "Project: Trust in banks\nAnna: I hate it.\nBob: I love it.\nBob: Really.")
    assert document.speakers == ("Anna", "Bob")


def test_only_what_users_say_is_a_persons() -> None:
    shape = {
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "I hate it."},
            {"role": "assistant", "content": "Oh."},
        ]
    }
    document = parse_document("a", log(shape), ".jsonl")
    assert said(document) == [("system", "Be kind.", False), ("user", "I hate it.", True), ("assistant", "Oh.", False)]


@pytest.mark.parametrize(
    "value",
    [
        {"conversations": [{"from": "human", "value": "I hate it."}, {"from": "gpt", "value": "Oh."}]},
        {"turns": [{"speaker": "User", "text": "I hate it."}, {"speaker": "Bot", "text": "Oh."}]},
        {
            "messages": [
                {"author": {"role": "user"}, "content": {"parts": ["I hate it."]}},
                {"author": {"role": "assistant"}, "content": "Oh."},
            ]
        },
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "I hate it."}]}, {"role": "assistant", "content": None}]},
        [{"role": "user", "content": "I hate it."}, {"role": "assistant", "content": "Oh."}],
        {"prompt": "I hate it.", "response": "Oh."},
    ],
)
def test_common_shapes_of_conversations_are_read(value: object) -> None:
    document = parse_document("a", log(value), ".jsonl")
    assert [text for _, text, person in said(document) if person] == ["I hate it."]
    assert said(parse_document("a", json.dumps(value), ".json")) == said(document)


def test_messages_on_lines_of_their_own_are_put_together_by_conversation() -> None:
    lines = [{"conversation_id": c, "role": r, "content": f"{r} {c}"} for c in (7, 8) for r in ("user", "assistant")]
    document = parse_document("a", log(*lines), ".jsonl")
    assert document.speakers == ("user of 7", "user of 8")
    assert [turn.line for turn in document.turns] == [1, 2, 3, 4]


def test_conversations_in_one_list_are_those_of_different_people() -> None:
    document = parse_document("a", json.dumps([{"prompt": "I hate it.", "response": "Oh."}] * 2), ".json")
    assert document.speakers == ("user of conversation 1", "user of conversation 2")


def test_code_that_a_user_pastes_is_not_read() -> None:
    document = parse_document("a", log({"prompt": "I hate this:\n```\nI love it\n```", "response": "Oh."}), ".jsonl")
    assert "love" not in view(document).text


@pytest.mark.parametrize(
    ("content", "suffix", "match"),
    [
        ("", ".txt", "x: expected some text, got 'an empty file'"),
        (b"\xef\xbb\xbf \r\n", ".txt", "x: expected some text"),
        (b"a\nb\0c", ".txt", "x, line 2: expected text, got 'a NUL byte'"),
        (b"a\n\nb\xff\n", ".md", "x, line 3: expected text in UTF-8"),
        ("hello".encode("utf-16"), ".txt", "x, line 1: expected text in UTF-8, got 'UTF-16'"),
        ("a", ".pdf", "x: expected a file that ends in .txt, .md, .jsonl, .json, got '.pdf'"),
        ('{"messages": []}\n{oops', ".jsonl", "x, line 2: expected JSON"),
        ("[\n1,\n2,]", ".json", "x, line 3: expected JSON"),
        ('\n{"a": 1}', ".jsonl", "x, line 2: expected a conversation such as"),
        ('{"messages": [{"content": "I"}]}', ".jsonl", "x, line 1: expected a role and content in message 0"),
        ("[" * 100_000, ".json", "x, line 1: expected JSON"),
        ('{"messages": [{"role": "assistant", "content": "I"}]}', ".jsonl", "x: expected at least one message of a user"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(content: str | bytes, suffix: str, match: str) -> None:
    with pytest.raises(InputError, match=match.replace("[", r"\[")) as error:
        parse_document("a", content, suffix, "x")
    assert "\n" not in str(error.value)


def test_a_byte_order_mark_is_no_part_of_the_text_and_line_ends_stay() -> None:
    assert parse_document("a", b"\xef\xbb\xbfI like it.\r\nI do.").text == "I like it.\r\nI do."


def test_two_documents_of_one_name_are_refused() -> None:
    with pytest.raises(InputError, match="documents with different names"):
        by_name((Document("a", "x"), Document("a", "y")))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from('ab*_`#[]()<>!|~-: \n\r".'), max_size=80), st.sampled_from([".md", ".txt"]))
def test_any_text_has_a_view_whose_characters_are_its_own(text: str, suffix: str) -> None:
    if not text.strip():
        return
    document = parse_document("a", text, suffix)
    seen = view(document)
    cut = {i for c in document.cuts for i in range(c.start, c.end)}
    assert "".join(c for i, c in enumerate(document.text) if i not in cut) == "".join(
        document.text[i] for i in seen.offsets.tolist() if i not in cut
    )

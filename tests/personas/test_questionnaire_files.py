"""Questionnaire files: what is read, and what an error says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import outskirts.personas
from outskirts.personas.questionnaires.files import load_file, load_text
from outskirts.sim.errors import InputError

TEXT = """\
name: allotment
domain: community
context: >-
  Neighbours who share
  a garden.
axes:
  - name: patience
    low: I dig things up early and start again.
    high: I wait for things to grow and enjoy the pause.
    reference: {a: 2, b: 3}
    items:
      - Good soil takes years.
      - {text: Slow crops are not worth the bed., reverse: true}
      - {text: I can watch a seedling for an hour., points: 7, id: watching}
      - I leave a bed alone.
    cues:
      agreeable: 0.6
      low: {dig things up: 0.7, start again: 0.6}
      high: {Wait for: 0.7, enjoy the pause: 0.8}
  - name: sharing
    low: I keep my harvest and mark my tools.
    high: I give my harvest away and lend my tools.
    items: [One, Two, Three, {text: Four, reverse: true}]
correlation: {"patience,sharing": 0.2}
"""


def replaced(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1
    return TEXT.replace(old, new, 1)


def test_everything_in_a_file_is_read() -> None:
    context = load_text(TEXT, "q.yaml")
    asked = context.questionnaire
    assert (asked.name, asked.context, context.domain) == ("allotment", "Neighbours who share a garden.", "community")
    assert [item.id for item in asked.items] == ["patience_1", "patience_2", "watching", "patience_4"] + [
        f"sharing_{i}" for i in range(1, 5)
    ]
    assert [item.points for item in asked.items[:4]] == [5, 5, 7, 5]
    assert [item.reverse for item in asked.items] == [False, True, False, False, False, False, False, True]
    assert [cue.text for cue in asked.lexicon["patience"].high] == ["wait for", "enjoy the pause"]
    assert dict(context.density.margins) == {"patience": (2.0, 3.0), "sharing": (1.0, 1.0)}
    assert dict(context.density.correlation) == {"patience,sharing": 0.2}


def test_points_of_the_file_hold_for_items_that_say_nothing() -> None:
    asked = load_text("points: 4\n" + TEXT, "q.yaml").questionnaire
    assert [item.points for item in asked.items] == [4, 4, 7, 4, 4, 4, 4, 4]
    assert not any(item.labels for item in asked.items)


def test_labels_of_the_scale_go_with_every_item() -> None:
    asked = load_text("points: 3\nscale: [never, sometimes, always]\n" + replaced(", points: 7", ""), "q.yaml").questionnaire
    assert {item.labels for item in asked.items} == {("never", "sometimes", "always")}


@pytest.mark.parametrize(
    ("head", "text", "message"),
    [
        ("scale: [rarely, often]\n", TEXT, r"q.yaml, line 1: scale: expected 5 labels, one for each of the points, got '2 labels'"),
        (
            "points: 3\nscale: [rarely, often, Rarely]\n",
            TEXT,
            r"line 2: scale\[2\]: expected a label that differs from those before, got 'rarely'",
        ),
        (
            "scale: [a, b, c, d, e]\n",
            TEXT,
            r"line 15: axes\[0\]\.items\[2\]\.points: expected the 5 points that the scale has labels for, got 7",
        ),
    ],
)
def test_labels_that_do_not_fit_the_points_are_refused_with_their_line(head: str, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_text(head + text, "q.yaml")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("context: >-", "contxt: >-", r"q.yaml, line 1: context: expected a value, got nothing"),
        ("{a: 2, b: 3}", "{a: .nan, b: 3}", r"line 10: axes\[0\]\.reference\.a: expected a finite number, got nan"),
        (
            ", points: 7",
            ", axis: colour",
            r"items\[2\]\.axis: expected a known key, got 'colour'\. An item belongs to the axis that it stands under; "
            r"the axes are patience, sharing\.",
        ),
        ("domain: community", "domian: community", r"q.yaml, line 2: domian: expected a known key, got 'community'"),
        (
            "    items: [One, Two, Three, {text: Four, reverse: true}]",
            "    items: [One]",
            r"line 23: axes\[1\]\.items: expected at least 4 entries, got 1",
        ),
        ("points: 7", "points: 1", r"line 14: axes\[0\]\.items\[2\]\.points: expected a whole number of 3 or more, got 1"),
        ("points: 7", "points: 9", r"line 14: axes\[0\]\.items\[2\]\.points: expected a whole number of 7 or less, got 9"),
        ("name: sharing", "name: patience", r"line 20: axes\[1\]\.name: expected an axis name that no axis before has, got 'patience'"),
        (
            "id: watching",
            "id: patience_1",
            r"line 14: axes\[0\]\.items\[2\]: expected an item id that no item before has, got 'patience_1'",
        ),
        (
            "patience,sharing",
            "patience,greed",
            r"line 24: correlation\.patience,greed: expected two axis names joined by a comma, of patience, sharing",
        ),
        ('sharing": 0.2', 'sharing": 1.5', r"line 24: correlation\.patience,sharing: expected a number between -1 and 1, got 1\.5"),
        (
            "start again: 0.6",
            "start again: 2",
            r"line 18: axes\[0\]\.cues\.low\.start again: expected a phrase with a weight above 0 and at most 1, got 2",
        ),
        ("reference: {a: 2, b: 3}", "reference: {a: .inf, b: 3}", r"axes\[0\]\.reference\.a: expected a number of 50 or less, got inf"),
        (
            "high: I give my harvest away and lend my tools.",
            "high: I keep my harvest  and mark my tools.",
            r"line 22: axes\[1\]\.high: expected a statement that differs",
        ),
        ("high: I give my harvest away and lend my tools.", "high: '  '", r"line 22: axes\[1\]\.high: expected some text"),
        (
            "items: [One, Two,",
            "items: [One, one,",
            r"line 23: axes\[1\]\.items\[1\]: expected an item that differs from those before, got 'one'",
        ),
        ("Wait for: 0.7", "Start again: 0.7", r"line 19: axes\[0\]\.cues\.high\.Start again: expected each cue once, at one pole"),
        (
            '"patience,sharing": 0.2',
            '"patience,sharing": 0.2, "sharing,patience": -0.2',
            r"line 24: correlation\.sharing,patience: expected each pair of axes once",
        ),
        ("id: watching", "id: ''", r"items\[2\]\.id: expected text of the form"),
        (
            "reference: {a: 2, b: 3}",
            "reference: {a: 0, b: 3}",
            r"line 10: axes\[0\]\.reference\.a: expected a number of 0\.2 or more, got 0",
        ),
        ("low: I keep my harvest and mark my tools.", "low: 3", r"line 21: axes\[1\]\.low: expected text, got 3"),
        ("name: sharing", "name: Sharing!", r"line 20: axes\[1\]\.name: expected text of the form"),
        ("domain: community", "name: again", r"q.yaml, line 2: expected each key once, got 'name'"),
        ("{a: 2, b: 3}", "{a: 2, b: 3", r"q.yaml, line 1\d: expected YAML"),
    ],
)
def test_an_error_names_file_line_and_field(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_text(replaced(old, new), "q.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "q.yaml, line 1: expected keys and values, got None"),
        ("- a\n- b\n", r"q.yaml, line 1: expected keys and values, got \['a', 'b'\]"),
        ("just words", "q.yaml, line 1: expected keys and values, got 'just words'"),
        ("a: &x [1]\nb: [*x, *x]", "q.yaml, line 2: expected YAML without aliases, got 'x'"),
        ("a: " + "[" * 30 + "]" * 30, "q.yaml, line 1: expected YAML of at most 20 levels"),
        ("a: &x [*x]", "q.yaml, line 1: expected YAML|q.yaml, line 1: a: expected a known key|name: expected a value"),
        ("[" * 5000, "q.yaml"),
    ],
)
def test_what_is_no_questionnaire_at_all_is_refused_in_one_line(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        load_text(text, "q.yaml")
    assert "\n" not in str(error.value)


def test_a_hundred_axes_are_refused() -> None:
    axis = {"low": "I a.", "high": "I b.", "items": ["a", "b", "c", "d"]}
    many = {"name": "many", "context": "c", "axes": [{"name": f"a{i}", **axis} for i in range(100)]}
    with pytest.raises(InputError, match="axes: expected at most 8 entries, got 100"):
        load_text(json.dumps(many), "q.yaml")


def test_correlations_that_no_density_has_are_refused() -> None:
    axis = {"low": "I a.", "high": "I b.", "items": ["a", "b", "c", "d"]}
    pairs = {"a0,a1": 0.95, "a1,a2": 0.95, "a0,a2": -0.95}
    odd = {"name": "odd", "context": "c", "axes": [{"name": f"a{i}", **axis} for i in range(3)], "correlation": pairs}
    with pytest.raises(InputError, match=r"correlation: expected correlations that fit together.*not positive definite"):
        load_text(json.dumps(odd), "q.yaml")


@pytest.mark.parametrize(("content", "message"), [(b"\xff\xfe\x00", "a text file in UTF-8"), (b"x" * 1_000_001, "at most 1,000,000 bytes")])
def test_a_file_that_is_no_text_or_far_too_long_is_refused(content: bytes, message: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "q.yaml").write_bytes(content)
    with pytest.raises(InputError, match=message):
        load_file(tmp_path / "q.yaml")


def test_the_file_of_a_sealed_context_is_refused_as_its_name_is() -> None:
    folder = Path(outskirts.personas.__path__[0]) / "data" / "suite" / "sealed"
    with pytest.raises(InputError, match=r"questionnaire: expected a context that is not sealed"):
        load_file(next(iter(sorted(folder.glob("*.yaml")))))


def test_a_byte_order_mark_and_windows_line_ends_are_no_hindrance(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "q.yaml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert load_file(tmp_path / "q.yaml").model_dump() == load_text(TEXT, "q.yaml").model_dump()

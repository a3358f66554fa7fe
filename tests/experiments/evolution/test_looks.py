"""Looks at the held-out contexts are remembered, and a second one is said."""

from __future__ import annotations

from pathlib import Path

from outskirts.experiments.evolution.looks import FILE, in_words, looks_at, remember


def test_the_second_look_knows_of_the_first(tmp_path: Path) -> None:
    assert looks_at("h", tmp_path) == ()
    assert in_words((), True, "s").startswith("First look")
    assert remember("h", "s", ("champion",), tmp_path)
    seen = looks_at("h", tmp_path)
    assert [look.programs for look in seen] == [("champion",)]
    assert in_words(seen, True, "other").startswith("Looked at before: 1 earlier look (last ")
    assert "all of this very search" in in_words(seen, True, "s")
    assert looks_at("another split", tmp_path) == ()


def test_a_damaged_line_is_passed_over(tmp_path: Path) -> None:
    remember("h", "s", (), tmp_path)
    path = tmp_path / FILE
    path.write_text("{half a line\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert len(looks_at("h", tmp_path)) == 1


def test_a_look_that_cannot_be_remembered_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert not remember("h", "s", (), blocked)
    assert "could not be remembered" in in_words((), False, "s")

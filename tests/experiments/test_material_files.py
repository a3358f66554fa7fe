"""Files of material: read whole or refused in one line, and made into people with a report beside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.experiments import material_files
from outskirts.experiments.material_files import people_from_files, read_documents, write_sources
from outskirts.experiments.store.export import export
from outskirts.experiments.store.store import RunStore, pack
from outskirts.personas.material.report import MaterialReport
from outskirts.personas.people_file import read_people, write_people
from outskirts.sim.errors import InputError
from tests.experiments.fakes_store import make_record

SAMPLES = Path(__file__).parents[1] / "personas" / "material"
FILES = (SAMPLES / "interview.txt", SAMPLES / "leaflet.md")


def test_the_samples_become_people_and_a_report_beside_them(tmp_path: Path) -> None:
    people, report = people_from_files(FILES, SUPPORT, 10, 0)
    write_people(tmp_path / "people.jsonl", people)
    path = write_sources(tmp_path / "people.jsonl", report)
    assert read_people(tmp_path / "people.jsonl")[0] == people
    assert (path.name, MaterialReport.model_validate_json(path.read_text())) == ("people.sources.json", report)


def test_the_samples_hold_these_stakeholders() -> None:
    _, report = people_from_files(FILES, SUPPORT, 5, 0)
    assert [one.stakeholder.name for one in report.stakeholders] == ["MARIA", "DEV", "patients", "nurses", "Ruth"]
    assert report.how == "2 by speaker; 3 by whom the text attributes statements to"


def test_the_order_of_the_files_does_not_matter() -> None:
    assert people_from_files(FILES, SUPPORT, 5, 0) == people_from_files(FILES[::-1], SUPPORT, 5, 0)


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("I like it.")
    (tmp_path / "y.txt").write_text("I like it.")
    paths = [tmp_path / "a" / "x.txt", tmp_path / "b" / "x.txt", tmp_path / "y.txt"]
    assert [d.name for d in read_documents(paths)] == ["a/x.txt", "b/x.txt", "y.txt"]


def test_of_exported_episodes_the_personas_words_are_a_persons(tmp_path: Path) -> None:
    with RunStore.create(tmp_path, "c") as store:
        store.commit([pack("main", make_record("k1"), 0.0)])
    (document,) = read_documents([export(tmp_path)])
    assert (document.kind, document.speakers) == ("episodes", ("p-k1",))
    assert [turn.person for turn in document.turns] == [True, False, True, False]


def test_a_log_with_escapes_is_read_as_it_was_said(tmp_path: Path) -> None:
    said = 'I "never" trust it \u2014 \U0001f600 never.'
    (tmp_path / "x.jsonl").write_text(json.dumps({"messages": [{"role": "user", "content": said}]}) + "\n")
    report = people_from_files([tmp_path / "x.jsonl"], SUPPORT, 1, 0)[1]
    assert {span.quote for span in report.spans} == {said}


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("x.txt", b"", r"x\.txt: expected some text"),
        ("x.txt", b"I am\n\0\0", r"x\.txt, line 2: expected text, got 'a NUL byte'"),
        ("x.md", b"\x89PNG\r\n", r"x\.md, line 1: expected text in UTF-8"),
        ("x.jsonl", b"{}\n", r"x\.jsonl, line 1: expected a conversation"),
        ("x.docx", b"PK", r"x\.docx: expected a file that ends in \.txt"),
    ],
)
def test_a_file_that_is_no_material_is_refused_with_its_path(tmp_path: Path, name: str, content: bytes, match: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=match):
        read_documents([tmp_path / name])


def test_a_missing_file_and_a_directory_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt: expected a file that can be read, got 'No such file or directory'"):
        read_documents([tmp_path / "gone.txt"])
    (tmp_path / "d.txt").mkdir()
    with pytest.raises(InputError, match=r"d\.txt: expected a file, got 'a directory'"):
        read_documents([tmp_path / "d.txt"])


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material_files, "MOST_BYTES", 10)
    (tmp_path / "x.txt").write_bytes(b"I like it.")
    assert len(read_documents([tmp_path / "x.txt"])) == 1
    (tmp_path / "x.txt").write_bytes(b"I like it..")
    with pytest.raises(InputError, match="a file of at most 10 bytes"):
        read_documents([tmp_path / "x.txt"])


def test_files_too_large_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(material_files, "MOST_BYTES_TOGETHER", 15)
    paths = [tmp_path / "x.txt", tmp_path / "y.txt"]
    for path in paths:
        path.write_text("I like it.")
    with pytest.raises(InputError, match="files of at most 15 bytes together"):
        read_documents(paths)


def test_one_file_twice_and_none_at_all_are_refused() -> None:
    with pytest.raises(InputError, match="from: expected each file once"):
        read_documents([FILES[0], FILES[0].parent / ".." / "material" / "interview.txt"])
    with pytest.raises(InputError, match="from: expected one or more files, got 'none'"):
        read_documents([])

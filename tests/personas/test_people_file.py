"""Files of people: what is written comes back, and what was damaged is named."""

from __future__ import annotations

import json
import resource
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outskirts.personas.people_file import card_path, read_people, write_people
from outskirts.personas.persona import Persona
from outskirts.sim.errors import InputError, StoreError
from outskirts.sim.types import PrivateFact


def somebody(number: int, **changes: object) -> Persona:
    fact = PrivateFact(id=f"p{number:04d}/need", kind="need", content="I need sleep.", sensitivity=0.3)
    body = {"id": f"p{number:04d}", "name": "Zoë", "position": {"trust": 0.25}, "description": "I doubt.", "facts": (fact,), "weight": 0.5}
    return Persona.model_validate({**body, **changes})


PEOPLE = (somebody(0), somebody(1), somebody(2))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.jsonl"
    write_people(path, PEOPLE)
    return path


def edit(path: Path, line: int, change: Callable[[dict[str, object]], object]) -> None:
    lines = path.read_text().splitlines()
    record = json.loads(lines[line - 1])
    change(record)
    lines[line - 1] = json.dumps(record)
    path.write_text("\n".join(lines) + "\n")


def test_people_that_are_written_come_back_equal(file: Path) -> None:
    assert read_people(file) == (PEOPLE, ())


def test_a_file_holds_one_line_a_person_with_schema_and_fingerprint(file: Path) -> None:
    records = [json.loads(line) for line in file.read_text().splitlines()]
    assert [r["schema"] for r in records] == [1, 1, 1]
    assert [r["fingerprint"] for r in records] == [p.fingerprint for p in PEOPLE]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=50), x=st.floats(0, 1))
def test_any_text_and_any_position_survive_the_file(tmp_path: Path, text: str, x: float) -> None:
    person = somebody(0, description=text, position={"trust": x})
    write_people(tmp_path / "any.jsonl", [person])
    assert read_people(tmp_path / "any.jsonl")[0] == (person,)


@pytest.mark.parametrize("change", [{"name": "Eve"}, {"position": {"trust": 0.3}}, {"description": "I trust."}, {"facts": []}])
def test_a_changed_line_no_longer_fits_its_fingerprint(file: Path, change: dict[str, object]) -> None:
    edit(file, 2, lambda record: record.update(change))
    with pytest.raises(InputError, match=r"people\.jsonl, line 2: expected the fingerprint .* \(was it changed\?\)"):
        read_people(file)


@pytest.mark.parametrize("change", [{"weight": 3.0}, {"id": "p0009"}, {"provenance": {"name": "me"}}])
def test_a_change_that_the_fingerprint_does_not_cover_breaks_the_checksum(file: Path, change: dict[str, object]) -> None:
    edit(file, 3, lambda record: record.update(change))
    with pytest.raises(InputError, match=r"line 3: expected the checksum .* \(was it changed\?\)"):
        read_people(file)


def test_the_order_of_keys_in_a_line_does_not_matter(file: Path) -> None:
    lines = [json.dumps(json.loads(line), sort_keys=True, indent=None) for line in file.read_text().splitlines()]
    file.write_text("\r\n".join(lines))
    assert read_people(file)[0] == PEOPLE


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{not json", r"line 2: expected a JSON object in UTF-8 \(Expecting property name"),
        (b"[1]", r"line 2: expected a JSON object, got '\[1\]'"),
        (b'{"a": "\xff"}', r"line 2: expected a JSON object in UTF-8 \(.*invalid start byte"),
        (b"[" * 100_000, r"line 2: expected a JSON object in UTF-8 \(maximum recursion"),
        (b'{"id": "p1"}', r"line 2: expected schema 1, got 'no schema'"),
        (b'{"schema": 2}', r"line 2: expected schema 1, got '2'"),
        (
            b'{"schema": 1, "id": "p1", "name": "A", "description": "I."}',
            r"expected position to be right \(Field required\), got 'nothing'",
        ),
    ],
)
def test_a_line_that_is_no_person_is_named_with_what_is_wrong(file: Path, line: bytes, message: str) -> None:
    lines = file.read_bytes().split(b"\n")
    lines[1] = line
    file.write_bytes(b"\n".join(lines))
    with pytest.raises(InputError, match=message):
        read_people(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"position": {"trust": 1.2}}, r"expected position to be right \(.*expected a number in \[0, 1\], got 1.2"),
        ({"colour": "red"}, r"expected colour to be right \(Extra inputs"),
        ({"weight": float("nan")}, "expected a weight of 0 or more, got 'nan'"),
        ({"weight": -1}, "expected a weight of 0 or more, got '-1.0'"),
        ({"fingerprint": None}, "expected the fingerprint"),
    ],
)
def test_a_field_out_of_range_is_named(file: Path, change: dict[str, object], message: str) -> None:
    edit(file, 1, lambda record: record.update(change))
    with pytest.raises(InputError, match="line 1: " + message):
        read_people(file)


def test_a_file_that_was_cut_off_in_a_line_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(InputError, match="line 3: expected a JSON object"):
        read_people(file)


def test_with_skip_bad_the_rest_is_usable_and_problems_are_listed(file: Path) -> None:
    edit(file, 2, lambda record: record.update(name="Eve"))
    people, problems = read_people(file, skip_bad=True)
    assert people == (PEOPLE[0], PEOPLE[2])
    assert [p.line for p in problems] == [2]
    assert str(problems[0]).startswith("line 2: expected the fingerprint ")


def test_an_id_that_comes_twice_is_refused(file: Path) -> None:
    file.write_bytes(file.read_bytes() + file.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(InputError, match="line 4: expected an id that no line before has, got 'p0000'"):
        read_people(file)
    assert len(read_people(file, skip_bad=True)[0]) == 3


def test_people_of_different_axes_do_not_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "people.jsonl"
    write_people(path, [somebody(0), somebody(1, position={"calm": 0.5})])
    with pytest.raises(InputError, match="line 2: expected the same axes as in the lines before: trust, got 'calm'"):
        read_people(path)


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "people.jsonl").write_bytes(content)
    with pytest.raises(InputError, match="expected at least one person, got 'an empty file'"):
        read_people(tmp_path / "people.jsonl")


def test_a_file_of_bad_lines_only_is_refused_even_with_skip_bad(tmp_path: Path) -> None:
    (tmp_path / "people.jsonl").write_bytes(b"x\ny\n")
    with pytest.raises(InputError, match="expected at least one person, got '2 bad lines, first line 1: expected a JSON object"):
        read_people(tmp_path / "people.jsonl", skip_bad=True)


def test_a_missing_file_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected a readable file of people, got 'No such file or directory'"):
        read_people(tmp_path / "nobody.jsonl")
    with pytest.raises(InputError, match="expected a readable file of people, got 'Is a directory'"):
        read_people(tmp_path)


def test_writing_two_people_of_one_id_is_refused_and_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="expected people with different ids, got 'p0000'"):
        write_people(tmp_path / "people.jsonl", [somebody(0), somebody(0)])
    assert list(tmp_path.iterdir()) == []


def test_the_card_stands_beside_the_people_not_among_them(tmp_path: Path) -> None:
    write_people(tmp_path / "people.jsonl", PEOPLE, lambda: {"generator": "default"})
    assert json.loads(card_path(tmp_path / "people.jsonl").read_text()) == {"generator": "default"}
    assert read_people(tmp_path / "people.jsonl")[0] == PEOPLE


def test_a_folder_that_cannot_be_made_is_a_store_error(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(StoreError, match=r"people\.jsonl could not be written \((File exists|Not a directory)\)"):
        write_people(tmp_path / "taken" / "people.jsonl", PEOPLE)


def test_a_disk_that_fills_up_is_a_store_error_and_keeps_the_old_file(file: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    more = [somebody(i, description="I doubt. " * 1000) for i in range(20)]
    resource.setrlimit(resource.RLIMIT_FSIZE, (64_000, limits[1]))
    try:
        with pytest.raises(StoreError, match=r"The disk is full: .* could not be written\. What it held before is kept"):
            write_people(file, more)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert read_people(file)[0] == PEOPLE
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_a_copy_of_a_person_with_other_words_has_a_fingerprint_of_its_own(tmp_path):
    person = Persona(id="p0", name="Ann", position={"a": 0.5}, description="Ann as she is.")
    assert person.fingerprint
    other = person.model_copy(update={"description": "Somebody else."})
    write_people(tmp_path / "p.jsonl", [other])
    assert read_people(tmp_path / "p.jsonl")[0] == (other,)
    assert other.fingerprint != person.fingerprint

"""``outskirts coverage FILE --groups SIZE``: the table, the file of groups, what is refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from outskirts.experiments.cli import main
from outskirts.experiments.population.groups import show_groups
from outskirts.personas.people_file import write_people
from outskirts.personas.persona import Persona
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive


@pytest.fixture
def file(tmp_path: Path) -> Path:
    rows = derive(0, "people").random((12, 2)).tolist()
    people = [Persona(id=f"p{i:04d}", name="A", position={"calm": x, "talk": y}, description="I am.") for i, (x, y) in enumerate(rows)]
    write_people(tmp_path / "people.jsonl", people)
    return tmp_path / "people.jsonl"


def shown(file: Path, size: object, count: object = None, seed: object = 0, **more: object) -> str:
    out = io.StringIO()
    show_groups(file, size, count, seed, Console(file=out, width=120, highlight=False), **more)  # type: ignore[arg-type]
    return out.getvalue()


def test_the_table_has_these_groups_and_three_references(file: Path) -> None:
    text = shown(file, 3)
    assert "12 groups of 3, from 12 people" in text
    assert all(name in text for name in ("these groups", "at random (mean of 20)", "alike together", "an even layout"))
    assert all(axis in text for axis in ("calm", "talk"))
    assert "Everybody sits in 3 groups" in text


def test_json_holds_the_same_figures(file: Path) -> None:
    found = json.loads(shown(file, 3, 8, as_json=True))
    assert (found["people"], found["groups"], found["size"], found["used"]) == (12, 8, 3, [2, 2])
    assert list(found["axes"]) == ["calm", "talk"]
    assert set(found["references"]) == {"random", "assortative", "ideal"}


def test_groups_are_written_one_a_line_with_the_ids_of_their_people(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "groups.jsonl"
    assert f"5 groups in {out}" in shown(file, 4, 5, out=out).replace("\n", "")
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert [line["group"] for line in lines] == [f"g{i:04d}" for i in range(5)]
    assert all(len(set(line["people"])) == 4 and set(line["people"]) <= {f"p{i:04d}" for i in range(12)} for line in lines)


def test_the_same_seed_writes_the_same_bytes_and_another_one_others(file: Path, tmp_path: Path) -> None:
    written = []
    for number, seed in enumerate((3, 3, 4)):
        shown(file, 4, 6, seed, out=tmp_path / f"g{number}.jsonl")
        written.append((tmp_path / f"g{number}.jsonl").read_bytes())
    assert written[0] == written[1] != written[2]


def test_people_alone_are_shown_without_pairs(file: Path) -> None:
    text = shown(file, 1, 20)
    assert "Everybody sits in 1 or 2 groups; nobody meets anybody." in text
    assert "pairs (low, high)" not in text


def test_bad_lines_are_left_out_only_where_that_is_asked_for(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a") as more:
        more.write("nonsense\n")
    with pytest.raises(InputError, match="line 13: expected a JSON object"):
        shown(file, 2)
    assert "from 12 people" in shown(file, 2, skip_bad=True)
    assert capsys.readouterr().err.startswith("1 bad line was left out:\n  line 13: expected a JSON object")


@pytest.mark.parametrize(
    ("size", "count", "message"),
    [
        (13, None, "groups: expected at most the 12 people of"),
        (0, None, "groups: expected a whole number of 1 or more, got 0"),
        (2, 0, "count: expected a whole number of 1 or more, got 0"),
    ],
)
def test_a_size_or_a_count_that_is_no_use_is_refused(file: Path, size: int, count: int | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        shown(file, size, count)


def test_a_seed_below_nothing_is_refused(file: Path) -> None:
    with pytest.raises(InputError, match="seed: expected a whole number from 0"):
        shown(file, 2, None, -1)


@pytest.mark.parametrize(
    ("name", "message"), [("groups.csv", r"out: expected a file that ends in \.jsonl"), ("people.jsonl", "another file")]
)
def test_groups_are_written_to_json_lines_and_never_over_the_people(file: Path, name: str, message: str) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match=message):
        shown(file, 2, out=file.with_name(name))
    assert file.read_bytes() == before


@pytest.mark.parametrize("name", ["x.csv", "x.npy"])
def test_bare_positions_are_seated_as_people_on_them_are(name: str, file: Path, tmp_path: Path) -> None:
    rows = derive(0, "people").random((12, 2))
    if name.endswith(".npy"):
        np.save(tmp_path / name, rows)
    else:
        (tmp_path / name).write_text("calm,talk\n" + "\n".join(f"{x!r},{y!r}" for x, y in rows.tolist()) + "\n")
    bare, people = (json.loads(shown(path, 3, 8, as_json=True)) for path in (tmp_path / name, file))
    assert {**bare, "axes": None} == {**people, "axes": None}
    assert list(bare["axes"].values()) == list(people["axes"].values())


def test_only_the_first_three_bad_lines_are_told_and_the_others_counted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a") as more:
        more.write("nonsense\n" * 5)
    shown(file, 2, skip_bad=True)
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["5 bad lines were left out", "  line 13", "  line 14", "  line 15", "  and 2 more"]


def test_a_scenario_whose_axes_the_people_lack_is_refused(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "groups.jsonl"
    with pytest.raises(InputError, match="expected people placed on the axes of support"):
        shown(file, 2, scenario="support", out=out)
    assert not out.exists()


def test_the_command_takes_a_scenario_for_groups(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    people = str(tmp_path / "p.jsonl")
    assert main(["generate", "--personas", "6", "--out", people]) == 0
    assert main(["coverage", people, "--groups", "2"]) == 0
    plain = capsys.readouterr().out
    assert main(["coverage", people, "--groups", "2", "--scenario", "support"]) == 0
    assert plain.endswith(capsys.readouterr().out)


AXIS = """
  - name: {}
    low: I am as {} as nobody else.
    high: I am not in the least so.
    items: [I am {} at home, I am {} at work, {{text: I am never {}, reverse: true}}, {{text: I hate to be {}, reverse: true}}]"""


def test_only_the_axes_of_a_questionnaire_count(tmp_path: Path) -> None:
    axes = "".join(AXIS.format(*[name] * 6) for name in ("talk", "calm"))
    (tmp_path / "q.yaml").write_text(f"name: quiet\ncontext: A reading room\naxes:{axes}\n")
    rows = derive(0, "more").random((6, 3)).tolist()
    people = [
        Persona(id=f"p{i}", name="A", position=dict(zip(("calm", "odd", "talk"), x, strict=True)), description="I am.")
        for i, x in enumerate(rows)
    ]
    write_people(tmp_path / "p.jsonl", people)
    found = json.loads(shown(tmp_path / "p.jsonl", 3, questionnaire=str(tmp_path / "q.yaml"), as_json=True))
    assert list(found["axes"]) == ["talk", "calm"]

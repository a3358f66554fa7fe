"""``outskirts coverage FILE``: what comes first, which columns there are, which lines were left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from outskirts.experiments.cli import main
from outskirts.experiments.naming.registry import make_scenario
from outskirts.personas.generators import get_generator
from outskirts.personas.people_file import write_people
from outskirts.personas.population import build_population
from outskirts.sim.seeds import derive


def positions(path: Path, axes: int, people: int = 8) -> str:
    rows = derive(0, "covering", axes).random((people, axes)).tolist()
    path.write_text(",".join("abcdef"[:axes]) + "\n" + "".join(",".join(f"{x:.3f}" for x in row) + "\n" for row in rows))
    return str(path)


def heads(text: str) -> list[str]:
    """The heads of the table, in order: they are set apart by two blanks or more."""
    (line,) = [line for line in text.splitlines() if line.startswith("population ")]
    return [head.strip() for head in line.split("  ") if head.strip()]


LAYOUT = ["hull volume", "mean distance", "dispersion"]


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        (1, ["coverage", *LAYOUT]),
        (2, ["coverage", "pairs mean", "pairs min", *LAYOUT]),
        (3, ["coverage", "pairs mean", "pairs min", *LAYOUT]),
    ],
)
def test_coverage_leads_on_few_axes_with_pairs_beside_it(axes: int, expected: list[str], tmp_path: Path, capsys) -> None:
    assert main(["coverage", positions(tmp_path / "p.csv", axes)]) == 0
    assert heads(capsys.readouterr().out) == ["population", *expected]


def test_pairs_lead_on_many_axes_and_what_saturates_comes_last(tmp_path: Path, capsys) -> None:
    assert main(["coverage", positions(tmp_path / "p.csv", 4)]) == 0
    out = capsys.readouterr().out
    assert heads(out) == ["population", "pairs mean", "pairs min", *LAYOUT, "all axes at once (saturates)"]
    assert "coverage" not in out


def test_the_columns_hold_the_figures_that_their_heads_name(tmp_path: Path, capsys) -> None:
    file = positions(tmp_path / "p.csv", 4)
    main(["coverage", file])
    (row,) = [line.split()[2:] for line in capsys.readouterr().out.splitlines() if line.startswith("these people ")]
    main(["coverage", file, "--json"])
    report = json.loads(capsys.readouterr().out)
    expected = [report["pairs"]["mean"], report["pairs"]["min"], report["hull_volume"], report["mean_distance"], report["dispersion"]]
    assert [float(cell) for cell in row] == pytest.approx([*expected, report["coverage"]], abs=5e-4)


def test_one_axis_is_called_so(tmp_path: Path, capsys) -> None:
    assert main(["coverage", positions(tmp_path / "p.csv", 1)]) == 0
    assert "8 people on 1 axis: they cover" in capsys.readouterr().out


def test_the_verdict_stands_under_the_headline_and_before_the_table(tmp_path: Path, capsys) -> None:
    file = tmp_path / "p.jsonl"
    write_people(file, build_population(make_scenario("support"), get_generator("default"), 8, 0))
    assert main(["coverage", str(file), "--runs", "2"]) == 0
    text = capsys.readouterr().out
    head, verdict, table = (text.index(part) for part in ("8 people on 5 axes", "iverse", "\npopulation "))
    assert head < verdict < table
    assert text[head:verdict].count("\n") == 1
    assert "iverse" not in text[table:]


def test_bad_lines_of_people_are_named_beside_the_figures(tmp_path: Path, capsys) -> None:
    file = tmp_path / "p.jsonl"
    write_people(file, build_population(make_scenario("support"), get_generator("default"), 3, 0))
    file.write_text("no person\n" + file.read_text() + "[1]\n")
    assert main(["coverage", str(file), "--runs", "2", "--skip-bad", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["people"] == 3
    first, one, five = err.splitlines()
    assert first == "2 bad lines were left out:"
    assert one.startswith("  line 1: expected a JSON object in UTF-8")
    assert five == "  line 5: expected a JSON object, got [1]"


def test_the_list_says_how_many_contexts_are_sealed(capsys) -> None:
    assert main(["list", "questionnaires"]) == 0
    assert capsys.readouterr().out.endswith("\n  (10 sealed contexts are not listed)\n")

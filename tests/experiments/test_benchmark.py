"""The generator benchmark: means over contexts, pairing, what fails, what is written."""

from __future__ import annotations

import asyncio
import csv
import dataclasses
import io
import json
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from outskirts.experiments.cli import main
from outskirts.experiments.naming.registry import make_respondent
from outskirts.experiments.population.benchmark import (
    BOUNDS,
    Benchmark,
    mean_over,
    population_seed,
    run_benchmark,
    sampled_over,
    summarise,
)
from outskirts.experiments.screen.benchmark import show_benchmark
from outskirts.personas.generators import get_generator
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.scoring import FIGURES, AxisScore, Score


def made(generator: str, context: str, seed: int, coverage: float, icc_low: float | None = 0.9) -> Score:
    axes = {"a": AxisScore(slope=0.9, r2=0.8, icc=0.95, icc_low=0.9), "b": AxisScore(slope=0.7, r2=None, icc=None, icc_low=icc_low)}
    figures: dict[str, Any] = dict.fromkeys(("coverage_raw", "dispersion", "kl", "distinct", "words"), 0.5)
    figures |= dict.fromkeys(("hull_volume", "min_distance", "mean_distance", "vendi", "slope", "r2", "icc", "placement_error"))
    whole = {"axes": 2, "people": 25, "runs": 5, "unreadable": 0, "unmeasured": 0, "by_axis": axes}
    return Score(generator=generator, context=context, seed=seed, coverage=coverage, **figures, **whole)


def test_a_mean_over_contexts_has_students_interval() -> None:
    found = mean_over([0.2, 0.4, 0.9])
    assert found.mean == pytest.approx(0.5)
    assert found.high == pytest.approx(0.5 + 4.302653 * 0.3605551 / 3**0.5)  # t(.975, 2) and the sample's standard deviation
    assert found.low == pytest.approx(1.0 - (found.high or 0))


@pytest.mark.parametrize(("values", "mean", "units"), [([], None, 0), ([None], None, 0), ([0.3], 0.3, 1), ([0.3, None], 0.3, 1)])
def test_fewer_than_two_units_have_no_interval(values: list[float | None], mean: float | None, units: int) -> None:
    found = mean_over(values)
    assert (found.mean, found.low, found.high, found.units) == (mean, None, None, units)


def test_seeds_are_averaged_within_a_context_and_contexts_are_the_sample() -> None:
    scores = [made("g", c, seed, x) for c, values in (("one", (0.1, 0.3)), ("two", (0.5, 0.7))) for seed, x in enumerate(values)]
    (row,) = summarise(scores, {"g": "hash"})
    assert (row.figures["coverage"].mean, row.figures["coverage"].units) == (pytest.approx(0.4), 2)


def test_differences_are_paired_by_context() -> None:
    contexts = {"one": (0.1, 0.2), "two": (0.5, 0.6), "three": (0.9, 1.0)}
    scores = [made(g, c, 0, pair[i]) for c, pair in contexts.items() for i, g in enumerate(("first", "second"))]
    _, second = summarise(scores, {"first": "", "second": ""})
    difference = second.differences["coverage"]
    assert (difference.mean, difference.low, difference.high) == (pytest.approx(0.1), pytest.approx(0.1), pytest.approx(0.1))


def test_a_single_context_is_sampled_over_its_populations() -> None:
    (row,) = summarise([made("g", "one", seed, x) for seed, x in enumerate((0.2, 0.4))], {"g": ""})
    assert (row.figures["coverage"].mean, row.figures["coverage"].units) == (pytest.approx(0.3), 2)
    assert (sampled_over(["one"]), sampled_over(["one", "two"])) == ("populations", "contexts")


def test_axes_that_fail_are_named_with_how_often() -> None:
    scores = [made("g", "one", 0, 0.5, None), made("g", "one", 1, 0.5, 0.49), made("g", "one", 2, 0.5, 0.5)]
    (row,) = summarise(scores, {"g": ""})
    assert row.failing == {"one.b": 2}
    assert row.diverse == pytest.approx(4 / 6)
    assert row.axes == 2


def test_the_command_writes_a_table_that_says_what_it_is_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["coverage", "--benchmark", "--questionnaire", "dass-21", "--generator", "uniform", "--generator", "density"]
    assert main([*command, "--seeds", "2", "--personas", "8", "--runs", "2", "--out", str(tmp_path / "t.csv")]) == 0
    out = capsys.readouterr().out
    assert "Synthetic people: evidence about the machinery" in out
    assert "answered by lexical" in " ".join(out.split())
    rows = list(csv.DictReader((tmp_path / "t.csv").read_text().splitlines()))
    assert [row["generator"] for row in rows] == ["uniform", "density"]
    assert {row["respondent"] for row in rows} == {"lexical"}


def test_the_same_command_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        command = ["coverage", "--benchmark", "--questionnaire", "dass-21", "--generator", "uniform", "--seeds", "1", "--personas", "6"]
        assert main([*command, "--out", str(tmp_path / f"{name}.json")]) == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert Benchmark.model_validate(json.loads((tmp_path / "a.json").read_text())).people == 6


def placed(*names: str, seed: int = 0) -> list[list[list[float]]]:
    """Return where a benchmark has ``uniform`` place people, by context, and then ``density`` placing as ``uniform`` does."""
    seen: list[list[list[float]]] = []
    uniform = get_generator("uniform")

    def watching(context: str, axes: Any, *rest: Any) -> list[dict[str, float]]:
        people = uniform.place(context, axes, *rest)
        seen.append([list(position.values()) for position in people])
        return people

    asyncio.run(
        run_benchmark(
            [dataclasses.replace(get_generator(name), placing=watching) for name in ("uniform", "density")],
            [context for context in suite("validation") if context.name in names],
            lambda context: make_respondent("lexical", context.questionnaire),
            split="x",
            suite_hash="",
            respondent="lexical",
            people=3,
            runs=2,
            seeds=(seed,),
        )
    )
    return seen


def test_contexts_with_as_many_axes_get_other_positions_and_generators_are_paired_within_each() -> None:
    first, second, *again = placed("kerala_entrance_exam", "melbourne_meal_box")
    assert len(first[0]) == len(second[0])
    assert first != second
    assert again == [first, second]


def test_a_context_and_a_seed_give_the_same_positions_whatever_else_is_scored() -> None:
    alone, *_ = placed("melbourne_meal_box")
    assert alone == placed("kerala_entrance_exam", "melbourne_meal_box")[1]
    assert alone != placed("melbourne_meal_box", seed=1)[0]
    assert (
        population_seed(0, "melbourne_meal_box") == population_seed(0, "melbourne_meal_box") != population_seed(0, "kerala_entrance_exam")
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ([], "FILE: expected people (.jsonl) or positions (.csv, .npy), or --benchmark without a file, got None"),
        (["--benchmark", "--split", "test"], "split: expected one of held_out, sealed, train, validation, got 'test'"),
        (["--benchmark", "--split", "sealed"], "release: expected "),
        (["--benchmark", "--out", "table.txt"], "out: expected a file that ends in .json or .csv, got 'table.txt'"),
        (["--benchmark", "--generator", "uniform", "--generator", "uniform"], "generator: expected each generator once, got 'uniform'"),
        (["--benchmark", "--seed", "3"], "seed: expected this option to be left out, got 3"),
        (
            ["--benchmark", "--questionnaire", "ipip-50", "--split", "train"],
            "split: expected questionnaire or split, not both, got 'train'",
        ),
        (["p.csv", "--split", "train"], "split: expected this option to be left out, got 'train'. It goes with --benchmark and no file."),
    ],
)
def test_options_that_do_not_go_together_are_refused(more: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["coverage", *more]) == 2
    assert message in capsys.readouterr().err


def shown(scores: list[Score], width: int = 100) -> str:
    names = list(dict.fromkeys(s.generator for s in scores))
    contexts, seeds = tuple(dict.fromkeys(s.context for s in scores)), tuple(dict.fromkeys(s.seed for s in scores))
    settings: dict[str, Any] = {"split": "x", "suite_hash": "", "respondent": "someone", "portraits": None, "versions": {}}
    rows = summarise(scores, dict.fromkeys(names, ""))
    found = Benchmark(contexts=contexts, seeds=seeds, people=25, runs=5, rows=rows, scores=tuple(scores), **settings)
    console = Console(file=io.StringIO(), width=width, highlight=False)
    show_benchmark(found, console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


@pytest.mark.parametrize(
    ("figure", "low", "high", "ends"),
    [
        ("dispersion", 0.0, 0.1, (0.0, None)),
        ("min_distance", 0.0, 0.1, (0.0, None)),
        ("mean_distance", 0.0, 0.1, (0.0, None)),
        ("kl", 0.0, 0.1, (0.0, None)),
        ("placement_error", 0.0, 0.1, (0.0, None)),
        ("words", 0.0, 9.0, (0.0, None)),
        ("vendi", 1.0, 1.5, (1.0, None)),
        ("icc", 0.9, 1.0, (None, 1.0)),
        ("r2", 0.0, 1.0, (0.0, 1.0)),
        ("hull_volume", 0.0, 1.0, (0.0, 1.0)),
    ],
)
def test_no_interval_ends_where_its_figure_cannot_be(figure: str, low: float, high: float, ends: tuple[float | None, float | None]) -> None:
    (row,) = summarise([made("g", c, 0, 0.5).model_copy(update={figure: x}) for c, x in (("one", low), ("two", high))], {"g": ""})
    found = row.figures[figure]
    assert (found.low, found.high) == tuple(
        pytest.approx(plain if end is None else end) for plain, end in zip(student(low, high), ends, strict=True)
    )


def student(low: float, high: float) -> tuple[float | None, float | None]:
    plain = mean_over([low, high])
    return plain.low, plain.high


def test_every_figure_has_its_bounds() -> None:
    assert set(BOUNDS) == set(FIGURES)


def test_the_interval_of_a_share_ends_at_0_and_1_and_that_of_a_difference_does_not() -> None:
    scores = [made(g, c, 0, x) for g, pair in (("f", (1.0, 0.6)), ("s", (0.1, 0.9))) for c, x in zip(("one", "two"), pair, strict=True)]
    first, second = summarise(scores, {"f": "", "s": ""})
    assert (first.figures["coverage"].mean, first.figures["coverage"].high) == (pytest.approx(0.8), 1.0)
    assert (second.figures["coverage"].low, second.figures["coverage"].high) == (0.0, 1.0)
    assert (second.differences["coverage"].low or 0) < -1
    assert ".80 [.00 1.00]" in shown(scores)


def test_one_population_has_no_interval_and_says_so_in_place_of_a_table() -> None:
    text = " ".join(shown([made("g", "one", 0, 0.5), made("h", "one", 0, 0.6)]).split())
    assert "x: 1 context, 25 people, 5 runs, 1 seed, answered by someone" in text
    assert "One population: no interval." in text
    assert "Difference from g: one population, no interval." in text
    assert "interval excludes 0" not in text


def test_one_context_says_that_its_intervals_are_over_populations() -> None:
    text = " ".join(shown([made("g", "one", seed, x) for seed, x in enumerate((0.4, 0.5))]).split())
    assert "1 context, 25 people, 5 runs, 2 seeds" in text
    assert "One context: mean over its populations [95% interval over populations]." in text


def test_a_long_name_is_broken_after_its_marks_only() -> None:
    name = "python:some_folder/another_folder/generators_of_mine.py placed, anchor-paste written"
    text = shown([made(name, "one", seed, x) for seed, x in enumerate((0.4, 0.5))])
    pieces = [line.split("  ")[0].rstrip() for line in text.partition("\ngenerator ")[2].partition("\n\n")[0].splitlines()[1:]]
    assert "".join(pieces).replace(" ", "") == name.replace(" ", "")
    assert all(piece[-1] in "/:_-.," or piece.endswith(("py", "placed", "written")) for piece in pieces)
    assert max(map(len, pieces)) <= 26


def test_a_respondent_nobody_can_read_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    module = tmp_path / "mute.py"
    module.write_text(
        "class Mute:\n    name = 'mute'\n    async def answer(self, d, questions, stream):\n        return [None] * len(questions)\n"
    )
    command = ["coverage", "--benchmark", "--questionnaire", "dass-21", "--generator", "uniform", "--seeds", "1", "--personas", "3"]
    assert main([*command, "--runs", "2", "--respondent", f"python:{module}:Mute"]) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "respondent: expected a readable answer on every axis from at least one person, got 'mute, of whose 126 answers 126" in said

"""What ``outskirts generate`` and ``outskirts coverage`` do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ..sim.errors import InputError
from ..sim.seeds import check_seed

if TYPE_CHECKING:
    from rich.console import Console

    from ..personas.coverage_report import Coverage
    from ..personas.questionnaire import Questionnaire
    from ..personas.reference_rows import ReferenceRow
    from ..personas.scenario import Scenario

SYNTHETIC = "synthetic people: evidence about the machinery, not about humans"


def generate_people(
    out: Path, scenario: str, questionnaire: Path | None, generator: str, personas: object, seed: object, console: Console
) -> None:
    """Make people and write them, with a card beside them that says how they came to be.

    Raises:
        InputError: If an option is wrong.
        StoreError: If the file cannot be written.
    """
    from ..personas.people_file import card_path, write_people
    from ..personas.population import build_population
    from .config import versions
    from .registry import make_generator

    n, first = count(personas, "personas"), check_seed(seed)
    if out.is_dir():
        raise InputError("out", "a file", str(out), "It is a directory.")
    place, maker = _place(scenario, questionnaire), make_generator(generator)
    people = build_population(place, maker, n, first)
    card = {
        "scenario": place.name,
        "scenario_version": place.version,
        "generator": maker.name,
        "source_hash": maker.source_hash,
        "personas": n,
        "seed": first,
        "versions": versions(),
        "note": SYNTHETIC,
    }
    write_people(out, people, card)
    console.print(f"{len(people)} people in {out} ({card_path(out).name} says how they came to be)", soft_wrap=True, markup=False)
    console.print(f"see how much they cover: outskirts coverage {out}", soft_wrap=True, markup=False)


def show_coverage(
    file: Path,
    scenario: str | None,
    questionnaire: Path | None,
    respondent: str,
    runs: object,
    seed: object,
    skip_bad: bool,
    as_json: bool,
    console: Console,
) -> None:
    """Print how much of the space a population covers.

    Raises:
        InputError: If an option or the file is wrong.
    """
    repeats, first = count(runs, "runs"), check_seed(seed)
    kind = file.suffix.lower()
    if kind in (".csv", ".npy"):
        report, left_out = _bare(file, scenario, questionnaire, skip_bad)
    elif kind == ".jsonl":
        report, left_out = _answered(file, _place(scenario or "support", questionnaire), respondent, repeats, first, skip_bad)
    else:
        raise InputError("FILE", "people (.jsonl) or positions (.csv, .npy)", str(file))
    if as_json:
        console.print(json.dumps(report.model_dump(mode="json"), indent=2), soft_wrap=True, markup=False)
        return
    _print(report, console)
    if left_out:
        console.print(f"{left_out} bad lines were left out")


def count(value: object, field: str) -> int:
    """Return a count of 1 or more.

    Raises:
        InputError: If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InputError(field, "a whole number of 1 or more", value)
    return value


def _place(scenario: str, questionnaire: Path | None) -> Scenario:
    from .questionnaire_file import bare_scenario, read_questionnaire
    from .registry import make_scenario

    return make_scenario(scenario) if questionnaire is None else bare_scenario(read_questionnaire(questionnaire))


def _bare(file: Path, scenario: str | None, questionnaire: Path | None, skip_bad: bool) -> tuple[Coverage, int]:
    """Report on positions that count as measured without noise."""
    from ..personas.coverage_report import coverage_report
    from ..personas.measurement import bare
    from .positions_file import read_positions

    place = None if scenario is None and questionnaire is None else _place(scenario or "support", questionnaire)
    axes, points, left_out = read_positions(file, place.axes if place else None, skip_bad)
    density = place.density if place and questionnaire is None else None
    return coverage_report(bare(points, axes), questionnaire=_asked(place), density=density), left_out


def _asked(place: Scenario | None) -> Questionnaire | None:
    return place.questionnaire if place else None


def _answered(file: Path, place: Scenario, respondent: str, runs: int, seed: int, skip_bad: bool) -> tuple[Coverage, int]:
    """Let the respondent answer as everybody, and as the people of the reference rows."""
    from ..personas.people_file import read_people
    from .bridge import complete
    from .people import measure_people
    from .registry import make_respondent

    people, problems = read_people(file, skip_bad=skip_bad)
    answers = make_respondent(respondent, place.questionnaire)
    report, _ = complete(measure_people(place, answers, people, runs=runs, seed=seed))
    return report, len(problems)


def _print(report: Coverage, console: Console) -> None:
    from rich.table import Table

    if report.respondent is not None:
        console.print(SYNTHETIC, style="yellow")
    console.print(_headline(report), style="bold")
    table = Table(title=None, box=None, pad_edge=False)
    for name in ("population", "coverage", "pairs mean", "pairs min", "hull volume", "mean distance", "dispersion"):
        table.add_column(name, justify="left" if name == "population" else "right")
    table.add_row("[bold]these people[/bold]", *_figures(report))
    for name in type(report.references).model_fields:
        row = getattr(report.references, name)
        if row is not None:
            table.add_row(name.replace("_", " "), *_figures(row))
    console.print(table)
    for line in _judgement(report):
        console.print(line, markup=False, soft_wrap=True)


def _headline(report: Coverage) -> str:
    people = f"{report.people} people on {len(report.axes)} axes"
    if report.headline == "pairs" and report.pairs is not None:
        return f"{people}: they cover {report.pairs.mean:.2f} of the pairs of axes on average, {report.pairs.min:.2f} of the worst"
    return f"{people}: they cover {report.coverage:.2f} of the space"


def _figures(row: Coverage | ReferenceRow) -> list[str]:
    pairs = row.pairs
    values = (row.coverage, pairs and pairs.mean, pairs and pairs.min, row.hull_volume, row.mean_distance, row.dispersion)
    return ["-" if value is None else f"{value:.3f}" for value in values]


def _judgement(report: Coverage) -> list[str]:
    lines = []
    if report.diverse is None:
        lines.append("Positions count as measured without noise: no respondent, no reliability.")
    elif report.diverse:
        lines.append("Diverse: on every axis people differ by more than their answers' noise.")
    else:
        lines.append("Not shown to be diverse: people differ by no more than noise may on " + ", ".join(report.failing_axes) + ".")
    if report.runs:
        lines.append("ICC of one run: " + ", ".join(f"{axis} {_icc(value)}" for axis, value in report.icc.items()))
    if report.effective_sample_size is not None:
        lines.append(f"Effective sample size {report.effective_sample_size:.1f} of {report.people}.")
    if report.unsupported_mass is not None:
        lines.append(
            f"Unsupported: {report.unsupported_mass:.1%} of probable users are further than {report.radius:.3f} from anybody here."
        )
    return lines


def _icc(value: object) -> str:
    estimate, low = getattr(value, "estimate", None), getattr(value, "low", None)
    return "unknown" if estimate is None else f"{estimate:.2f} (at least {'?' if low is None else f'{low:.2f}'})"

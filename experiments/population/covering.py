"""``outskirts coverage FILE``: how much of the space a population covers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError
from ...sim.seeds import check_seed
from ..screen.plurals import number_of
from ..screen.wording import STAND_IN, sentence, stand_ins
from .left_out import warn_left_out
from .where import check_axes, count, place_of

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.coverage_report import Coverage
    from ...personas.measurement import Measurement
    from ...personas.people_file import Problem
    from ...personas.reference_rows import ReferenceRow
    from ...personas.scenario import Scenario
    from ..published import PublishedRow

RESPONDENT, RUNS, SEED = "lexical", 5, 0
"""Who answers as the people of a file, how often, and from which seed, where nothing else is asked for."""


def show_coverage(
    file: Path,
    scenario: str | None,
    questionnaire: str | None,
    respondent: str | None,
    runs: object,
    seed: object,
    console: Console,
    *,
    skip_bad: bool = False,
    benchmark: bool = False,
    as_json: bool = False,
) -> None:
    """Print how much of the space a population covers.

    Args:
        file: People (``.jsonl``), or bare positions (``.csv``, ``.npy``).
        scenario: Whose axes count; None: ``support`` for people, the file's own axes for positions.
        questionnaire: Name or file of a questionnaire that takes the place of a scenario.
        respondent: Who answers as the people; None: :data:`RESPONDENT`. Nobody does for bare positions.
        runs: Questionnaire runs a person; None: :data:`RUNS`.
        seed: Seed of the answers; None: :data:`SEED`.
        console: Where.
        skip_bad: Leave out bad lines and say on standard error how many, and of people what is wrong with the first three.
        benchmark: Add the published figures, and these people's by the same metric.
        as_json: Print the coverage object instead, with ``benchmark`` under a key of that name.

    Raises:
        InputError: If an option or the file is wrong, or an option would have no effect.
    """
    kind = file.suffix.lower()
    problems: tuple[Problem, ...] = ()
    if kind in (".csv", ".npy"):
        _refuse_without_answers(respondent=respondent, runs=runs, seed=seed)
        report, measurement, left_out = _bare(file, scenario, questionnaire, skip_bad)
    elif kind == ".jsonl":
        repeats, first = count(RUNS if runs is None else runs, "runs"), check_seed(SEED if seed is None else seed)
        report, measurement, problems = _answered(
            file, place_of(scenario, questionnaire), respondent or RESPONDENT, repeats, first, skip_bad, console, as_json
        )
        left_out = len(problems)
    else:
        raise InputError("FILE", "people (.jsonl) or positions (.csv, .npy)", str(file))
    published = _published(measurement) if benchmark else ()
    if as_json:
        beside = {"benchmark": [row.model_dump(mode="json") for row in published]} if benchmark else {}
        console.print(json.dumps(report.model_dump(mode="json") | beside, indent=2), soft_wrap=True, markup=False)
    else:
        _print(report, console)
        if published:
            _print_published(published, console)
    warn_left_out(left_out, problems)


def _refuse_without_answers(**given: object) -> None:
    """Refuse what only matters where somebody answers a questionnaire."""
    for name, value in given.items():
        if value is not None:
            hint = "Bare positions count as measured without noise: nobody answers for them."
            raise InputError(name, "people (.jsonl) where this option is given", value, hint)


def _published(measurement: Measurement) -> tuple[PublishedRow, ...]:
    from ..published import published_rows

    return published_rows(measurement)


def _bare(file: Path, scenario: str | None, questionnaire: str | None, skip_bad: bool) -> tuple[Coverage, Measurement, int]:
    """Report on positions that count as measured without noise."""
    from ...personas.coverage_report import coverage_report
    from ...personas.measurement import bare
    from ..positions_file import read_positions

    place = None if scenario is None and questionnaire is None else place_of(scenario, questionnaire)
    axes, points, left_out = read_positions(file, place.axes if place else None, skip_bad)
    density = place.density if place else None
    measurement = bare(points, axes)
    return coverage_report(measurement, questionnaire=place.questionnaire if place else None, density=density), measurement, left_out


def _answered(
    file: Path, place: Scenario, respondent: str, runs: int, seed: int, skip_bad: bool, console: Console, quiet: bool
) -> tuple[Coverage, Measurement, tuple[Problem, ...]]:
    """Let the respondent answer as everybody, and as the people of the reference rows."""
    from ...personas.people_file import read_people
    from .asking import measure_watched

    people, problems = read_people(file, skip_bad=skip_bad)
    check_axes(file, people[0], place)
    report, measurement = measure_watched(place, respondent, people, runs, seed, console, quiet=quiet)
    return report, measurement, problems


def _print(report: Coverage, console: Console) -> None:
    from ..screen.console import say

    if stand_ins("", report.respondent):
        console.print(sentence(STAND_IN), style="yellow")
    console.print(_headline(report), style="bold")
    say(console, _verdict(report))
    _print_table(report, console)
    for line in _judgement(report):
        console.print(line, markup=False, soft_wrap=True)


def _print_table(report: Coverage, console: Console) -> None:
    """Print the figures beside the references'; on many axes the one of all axes comes last, because it saturates."""
    from rich.table import Table

    wide = report.headline == "pairs"
    pairs = ("pairs mean", "pairs min")
    heads = ("coverage", *(pairs if report.pairs else ()), *_LAYOUT)
    if wide:
        heads = (*pairs, *_LAYOUT, "all axes at once (saturates)")
    table = Table(title=None, box=None, pad_edge=False)
    table.add_column("population")
    for name in heads:
        table.add_column(name, justify="right")
    rows = {"[bold]these people[/bold]": report} | {
        name.replace("_", " "): row
        for name in type(report.references).model_fields
        if (row := getattr(report.references, name)) is not None
    }
    for name, row in rows.items():
        table.add_row(name, *(_figures(row)[head] for head in heads))
    console.print(table)


_LAYOUT = ("hull volume", "mean distance", "dispersion")


def _print_published(rows: tuple[PublishedRow, ...], console: Console) -> None:
    from ..published import CAVEATS, PEOPLE
    from ..screen.console import add_row, new_table

    title = f"Coverage of {PEOPLE} people who answer once, nothing shrunk: the published metric"
    table = new_table(console, title, "population", "axes", "coverage>", "source")
    for row in rows:
        figure = f"fewer than {PEOPLE}" if row.coverage is None else f"{row.coverage:.2f}"
        mine = row.population == "these people"
        add_row(table, row.population, " or ".join(map(str, row.axes)), figure, row.source, style="bold" if mine else "")
    console.print(table)
    for line in CAVEATS:
        console.print(line, markup=False, soft_wrap=True)


def _headline(report: Coverage) -> str:
    people = f"{number_of(report.people, 'person', 'people')} on {number_of(len(report.axes), 'axis', 'axes')}"
    if report.headline == "pairs" and report.pairs is not None:
        return f"{people}: they cover {report.pairs.mean:.2f} of the pairs of axes on average, {report.pairs.min:.2f} of the worst"
    return f"{people}: they cover {report.coverage:.2f} of the space"


def _figures(row: Coverage | ReferenceRow) -> dict[str, str]:
    """Return what stands under each head of the table."""
    pairs = row.pairs
    values = {
        "coverage": row.coverage,
        "all axes at once (saturates)": row.coverage,
        "pairs mean": pairs and pairs.mean,
        "pairs min": pairs and pairs.min,
        "hull volume": row.hull_volume,
        "mean distance": row.mean_distance,
        "dispersion": row.dispersion,
    }
    return {name: "-" if value is None else f"{value:.3f}" for name, value in values.items()}


def _verdict(report: Coverage) -> str:
    """Return whether people are shown to differ by more than noise."""
    if report.diverse is None:
        return "Positions count as measured without noise: no respondent, no reliability."
    if report.diverse:
        return "Diverse: on every axis people differ by more than their answers' noise."
    return "Not shown to be diverse: people differ by no more than noise may on " + ", ".join(report.failing_axes) + "."


def _judgement(report: Coverage) -> list[str]:
    lines = []
    if report.runs:
        lines.append("ICC of one run: " + ", ".join(f"{axis} {_icc(value)}" for axis, value in report.icc.items()))
    if report.vendi is not None:
        ideal = report.references.ideal.vendi
        lines.append(f"Vendi score of the positions {report.vendi:.1f}" + (f", of an ideal layout {ideal:.1f}." if ideal else "."))
    if report.distinct_descriptions is not None:
        lines.append(f"Distinct descriptions: {report.distinct_descriptions:.0%} (Vendi score {report.vendi_descriptions:.1f}).")
    if report.hull_standard_error is not None:
        lines.append(f"Hull volume estimated: {report.hull_volume:.3g}, standard error {report.hull_standard_error:.2g}.")
    if report.unreadable:
        lines.append(f"{report.unreadable:,} answers could not be read; they are left out of a person's mean and counted here.")
    if report.unmeasured:
        lines.append(f"{report.unmeasured:,} people are not in these figures: no readable answer on some axis.")
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

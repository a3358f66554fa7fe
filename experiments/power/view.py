"""The answer of ``outskirts power``, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..screen.console import add_row, make_console, new_table, say
from ..screen.wording import NOTHING, SPEAKS_OF, percent, sentence
from .budget import Budget, PowerReport, Told, power
from .sizes import PEOPLE, REPLICATES, DifferencePlan, Simulation, WidthPlan
from .surfaces import RARE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from .studies import Simulated


def show_power(budget: Budget, as_json: bool, console: Console) -> None:
    """Answer for a budget, with a progress bar on the terminal while it is computed.

    Args:
        budget: What may be spent, what is expected and what is wanted.
        as_json: Print the report as a JSON object.
        console: Where the answer goes; progress goes to standard error.

    Raises:
        InputError: If scenario or generator are unknown.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    screen = make_console(stderr=True)
    columns = (TextColumn("{task.description}", style="bold"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        report = power(budget, _telling(bar))
    if as_json:
        console.print(report.to_json(), soft_wrap=True, markup=False)
    else:
        render_power(report, console)


def _telling(bar: Progress) -> Told:
    tasks: dict[str, TaskID] = {}

    def told(what: str, done: int, total: int) -> None:
        if what not in tasks:
            tasks[what] = bar.add_task(what, total=total)
        bar.update(tasks[what], completed=done, total=total)

    return told


def render_power(report: PowerReport, console: Console) -> None:
    """Print a report: what it is, what the budget finds, how wide, what is needed, advice."""
    say(console, sentence(report.note), "yellow")
    size = f"{report.personas:,} people x {report.replicates} replicates = {report.episodes:,} episodes"
    say(console, f"{report.scenario}, people placed by {report.generator}: {size}; {report.studies:,} studies of each kind.", "bold")
    alike = f"{percent(report.icc, 0)} of the variance of an outcome lies between people who are alike in traits"
    say(console, f"Where nothing else is planted, people fail at {percent(report.rate)}; {alike} (icc).")
    _surfaces(report, console)
    _headline(report, console)
    _widths(report.widths, report.rate, console)
    if report.width is not None:
        _wanted_width(report.width, console)
    if report.difference is not None:
        _wanted_difference(report.difference, console)
    say(console, sentence(report.advice), "bold")


def _surfaces(report: PowerReport, console: Console) -> None:
    heads = ("fails more", "at>", "people>", "shown in>", "by", "true>", "median found>", "covered>")
    table = new_table(console, "What this budget finds, in points above the core", *heads)
    for found in report.surfaces:
        ends = (_points(found.truth), _points(found.median))
        rate = NOTHING if found.rate is None else percent(found.rate, 0)
        covered = NOTHING if found.coverage is None else _share(found.coverage, 1)
        looks = "this tail" if found.kind == "tail" else found.looks
        add_row(table, found.where, rate, f"{found.people:.1f}", _share(found.shown), looks, *ends, covered)
    console.print(table)
    alone = max((found.level for found in report.surfaces if found.kind == "tail" and found.level), default=None)
    single = "" if alone is None else f"; one declared tail's holds its own at {percent(alone)}"
    say(
        console,
        f"+- is the Monte Carlo standard error. The intervals of {report.tails} tails hold together at {percent(report.level, 0)}{single}.",
        "dim",
    )
    say(console, "The trend by depth is in points per tenth of probable users from the centre outward.", "dim")
    for found in report.surfaces:
        if found.kind == "rare" and found.reached is not None:
            most = math.ceil(math.log(0.05) / math.log(1 - RARE))
            met = f"The box has anybody in it in {_share(found.reached)} of studies"
            say(console, f"{met}; that it does in 95 of 100 takes some {most:,} people.", "dim")


def _headline(report: PowerReport, console: Console) -> None:
    table = new_table(console, "How wide", "failure rate of", "median width, points>", "covered>")
    for row in report.headline:
        add_row(table, SPEAKS_OF[row.estimand], _width(row), _share(row.coverage, 1))
    console.print(table)


def _widths(rows: Sequence[Simulation], rate: float, console: Console) -> None:
    if not rows:
        return
    by_size = {(row.personas, row.replicates): row for row in rows}
    heads = [f"x {r}>" for r in REPLICATES]
    table = new_table(console, "Width by size", "people>", *heads)
    for n in PEOPLE:
        add_row(table, f"{n:,}", *(f"{100 * by_size[n, r].median_width:.1f}" for r in REPLICATES))
    console.print(table)
    say(console, f"Median width in points, of {SPEAKS_OF['generator']}, at a rate of {percent(rate)}; columns are replicates.", "dim")


def _wanted_width(plan: WidthPlan, console: Console) -> None:
    if plan.found is None:
        say(console, f"An interval {100 * plan.wanted:g} points wide takes {plan.reason}.")
        return
    found = plan.found
    size = f"{found.personas:,} people x {found.replicates}"
    said = f"An interval {100 * plan.wanted:g} points wide takes {size} (by the formula {plan.formula_personas:,} people)"
    say(console, f"{said}; simulated: {_width(found)} points, covered {_share(found.coverage, 1)}.")
    table = new_table(console, "The same episodes, shared out otherwise", "people>", "replicates>", "width by formula>", "simulated>")
    for split in plan.splits:
        best = plan.best is not None and (plan.best.personas, plan.best.replicates) == (split.personas, split.replicates)
        shown = _width(plan.best) if best and plan.best else ""
        add_row(table, f"{split.personas:,}", str(split.replicates), f"{100 * split.formula:.1f}", shown, style="bold" if best else "")
    console.print(table)


def _wanted_difference(plan: DifferencePlan, console: Console) -> None:
    versions = f"{percent(plan.rate)} against {percent(plan.against_rate)}, the same people and seeds"
    table = new_table(console, f"To show {versions}, x {plan.replicates}", "power>", "people>", "by formula>", "shown in>", "covered>")
    for row in plan.needed:
        if row.shown is None or row.coverage is None:
            add_row(table, percent(row.power, 0), row.reason or NOTHING, NOTHING, NOTHING, NOTHING)
        else:
            sizes = (f"{row.personas:,}", f"{row.formula_personas:,}")
            add_row(table, percent(row.power, 0), *sizes, _share(row.shown, 1), _share(row.coverage, 1))
    console.print(table)
    chance = (
        f"in {percent(plan.agreement, 0)} of replicates they meet the same chance, in the others" if plan.agreement else "given the person"
    )
    say(console, f"Who is hard for one version is hard for the other; {chance} they are independent.", "dim")


def _width(row: Simulation) -> str:
    return f"{100 * row.median_width:.1f} +- {100 * row.error:.1f}"


def _share(found: Simulated, digits: int = 0) -> str:
    return f"{100 * found.estimate:.{digits}f} +- {100 * found.error:.{max(digits, 1)}f} %"


def _points(x: float | None) -> str:
    return NOTHING if x is None else f"{100 * x:+.1f}"

"""The answer of ``outskirts power``, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ..screen.console import add_row, make_console, new_table, say
from ..screen.wording import NOTHING, SPEAKS_OF, percent, sentence
from .budget import Budget, PowerReport, Told, power
from .sizes import PEOPLE, REPLICATES, DifferencePlan, Simulation, WidthPlan
from .studies import TREND
from .surfaces import RARE

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from .studies import Found, Simulated


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
    """Print a report: what it is, what is shown and found, how wide, what is needed, advice."""
    say(console, sentence(report.note), "yellow")
    size = f"{report.personas:,} people x {report.replicates} replicates = {report.episodes:,} episodes"
    say(console, f"{size}; scenario {report.scenario}, generator {report.generator}.", "bold")
    alike = f"{percent(report.icc, 0)} of the variance of an outcome lies between people alike in traits (--icc)"
    say(console, f"People outside a planted weakness are failed in {percent(report.rate)} of their episodes (--rate); {alike}.")
    _surfaces(report, console)
    _searches(report, console)
    _headline(report, console)
    _widths(report.widths, console)
    if report.width is not None:
        _wanted_width(report.width, console)
    if report.difference is not None:
        _wanted_difference(report.difference, console)
    say(console, sentence(report.advice), "bold")


def _surfaces(report: PowerReport, console: Console) -> None:
    heads = ("who is failed more", "rate>", "people>", "shown in>", "shown by", "true gap>", "median gap>", "covered>")
    table = new_table(console, "How often a planted weakness is shown, and the gap to the core in points", *heads)
    for found in report.surfaces:
        ends = (_points(found.truth), _points(found.median))
        covered = NOTHING if found.coverage is None else _share(found.coverage, 1)
        add_row(table, found.where, percent(found.rate, 0), f"{found.people:.1f}", _share(found.shown), _looks(found), *ends, covered)
    console.print(table)
    for note in _notes(report):
        say(console, note, "dim")


def _looks(found: Found) -> str:
    if found.kind == "tail":
        return "this tail"
    return "trend" if found.looks == TREND else "any tail"


def _notes(report: PowerReport) -> Iterator[str]:
    """Yield what the first table needs to be understood."""
    alone = max((found.level for found in report.surfaces if found.kind == "tail" and found.level), default=None)
    single = "" if alone is None else f", each alone at {percent(alone)}"
    yield f"Shares of {report.studies:,} simulated studies, +- their Monte Carlo standard error. Core: the central 90 % of probable users."
    yield (
        "Rate and people: of those failed more. Shown: the run says that a tail fails more than the core "
        f"(p <= {1 - report.level:.2f} after correction for {report.tails} tails), or that the trend by depth rises."
    )
    yield f"Covered: the interval holds the truth. Those of all tails together are made to do so at {percent(report.level, 0)}{single}."
    yield "Where everybody is alike, whatever is shown or found is a false alarm."
    yield "The trend is in points per tenth of probable users, from the centre outward."
    for found in report.surfaces:
        if found.kind == "rare" and found.reached is not None:
            most = math.ceil(math.log(0.05) / math.log(1 - RARE))
            yield f"Anybody is in the box in {_share(found.reached)} of studies; for 95 % it takes about {most:,} people."


def _searches(report: PowerReport, console: Console) -> None:
    if not report.searches:
        return
    heads = ("who is failed more", "rate>", "found in>", "confirmed in>", "on a planted axis>", "fresh people>")
    table = new_table(console, "Found by search, and confirmed on fresh people", *heads)
    for row in report.searches:
        named, met = (NOTHING if row.named is None else _share(row.named)), (NOTHING if row.fresh is None else f"{row.fresh:.0f}")
        add_row(table, row.where, percent(row.rate, 0), _share(row.found), _share(row.confirmed), named, met)
    console.print(table)
    studies = f"Shares of {report.searches[0].found.studies:,} simulated studies."
    for note in (
        f"{studies} A run also searches for groups that no tail was declared for, and tries those it finds on fresh people, met in addition.",
        "On a planted axis: a confirmed group is told by one of the axes on which the weakness was planted.",
    ):
        say(console, note, "dim")


def _headline(report: PowerReport, console: Console) -> None:
    heads = ("failure rate of", "median width>", "covered>")
    table = new_table(console, f"Width of the failure rate's {percent(report.level, 0)} interval, in points", *heads)
    for row in report.headline:
        add_row(table, SPEAKS_OF[row.estimand], _width(row), _share(row.coverage, 1))
    console.print(table)


def _widths(rows: Sequence[Simulation], console: Console) -> None:
    if not rows:
        return
    by_size = {(row.personas, row.replicates): row for row in rows}
    heads = [f"{r} replicate{'s' * (r > 1)}>" for r in REPLICATES]
    table = new_table(console, "Median width at other sizes, for new people", "people>", *heads)
    for n in PEOPLE:
        add_row(table, f"{n:,}", *(f"{100 * by_size[n, r].median_width:.1f}" for r in REPLICATES))
    console.print(table)


def _wanted_width(plan: WidthPlan, console: Console) -> None:
    if plan.found is None:
        say(console, f"An interval {100 * plan.wanted:g} points wide takes {plan.reason}.")
        return
    found = plan.found
    size = f"{found.personas:,} people x {found.replicates}"
    said = f"An interval {100 * plan.wanted:g} points wide takes {size} (the formula says {plan.formula_personas:,} people)"
    say(console, f"{said}; simulated, it is {_width(found)} points wide and holds the truth in {_share(found.coverage, 1)}.")
    table = new_table(console, "The same episodes, shared out otherwise", "people>", "replicates>", "width by formula>", "simulated>")
    for split in plan.splits:
        best = plan.best is not None and (plan.best.personas, plan.best.replicates) == (split.personas, split.replicates)
        shown = _width(plan.best) if best and plan.best else ""
        add_row(table, f"{split.personas:,}", str(split.replicates), f"{100 * split.formula:.1f}", shown, style="bold" if best else "")
    console.print(table)


def _wanted_difference(plan: DifferencePlan, console: Console) -> None:
    versions = f"{percent(plan.rate)} against {percent(plan.against_rate)}, the same people and seeds"
    table = new_table(
        console, f"People to show {versions}, x {plan.replicates}", "power>", "people>", "by formula>", "shown in>", "covered>"
    )
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
    say(console, f"Who is hard for one version is hard for the other; {chance} they fail independently.", "dim")


def _width(row: Simulation) -> str:
    return f"{100 * row.median_width:.1f} +- {100 * row.error:.1f}"


def _share(found: Simulated, digits: int = 0) -> str:
    return f"{100 * found.estimate:.{digits}f} +- {100 * found.error:.{max(digits, 1)}f} %"


def _points(x: float | None) -> str:
    return NOTHING if x is None else f"{100 * x:+.1f}"

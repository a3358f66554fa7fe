"""How an evolution reads on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...personas.evolution.objectives import OBJECTIVES
from .benchmark import show_benchmark
from .console import add_row, new_table, say
from .plurals import number_of
from .wording import STAND_IN, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from ..evolution.result import EvolutionResult
    from ..tracking.outcome import Tracked


def show_evolution(found: EvolutionResult, directory: Path, tracked: Tracked | None, console: Console) -> None:
    """Print what came of it: champion, arms, tables, mutators, regret, looks, and where it was written."""
    if found.synthetic:
        say(console, sentence(STAND_IN), style="yellow")
    say(console, f"\nChampion {found.champion}: {_descent(found)}", "bold")
    if found.fails:
        say(console, f"No program passes the gates on validation; this one fails: {found.fails}.", "yellow")
    _ranks(found, console)
    _arms(found, console)
    for name in ("validation", "held_out"):
        if name in found.tables:
            show_benchmark(found.tables[name], console)
    if found.looks:
        say(console, found.looks, "yellow" if found.looks.startswith("Looked") else "")
    _others(found, console)
    _regret(found, console)
    _mutators(found, console)
    if found.stopped:
        say(console, f"Ended early: {found.stopped}; go on with: outskirts resume {directory} --max-seconds X", "yellow")
    console.print(f"champion: {directory / 'champion.py'}\npage: {directory / 'evolution.html'}", soft_wrap=True, markup=False)
    say(console, f"use it: outskirts run --generator {directory / 'champion.py'}")
    if tracked is not None and not tracked.ok:
        say(console, f"not logged to MLflow: {tracked.reason}", "yellow")


def _descent(found: EvolutionResult) -> str:
    edits = number_of(len(found.lineage.steps), "edit")
    return (
        f"{edits} from the seed program {found.lineage.family}"
        if found.lineage.steps
        else f"the seed program {found.lineage.family} itself"
    )


def _ranks(found: EvolutionResult, console: Console) -> None:
    ordered = sorted(found.mean_ranks.items(), key=lambda pair: pair[1])
    line = ", ".join(f"{name} {rank:.2f}" for name, rank in ordered)
    say(console, f"Mean rank on validation over {', '.join(found.metrics)} (1: best on every one): {line}.")


def _arms(found: EvolutionResult, console: Console) -> None:
    table = new_table(
        console,
        "What the search is worth: hypervolume of the final archive on validation",
        "arm",
        "programs>",
        "measured whole>",
        "hypervolume>",
    )
    for arm in found.arms:
        add_row(table, arm.name, str(arm.programs), str(arm.measured), f"{arm.hypervolume:.3f}")
    add_row(table, "seeds alone", str(len(found.mean_ranks) - 1), "", f"{found.seeds_hypervolume:.3f}")
    console.print(table)
    for arm in found.arms[1:]:
        say(console, f"{arm.name}: {arm.means}.")
    say(
        console,
        "Hypervolume: share of the box between one person, copied, and the ideal, over coverage, dispersion, slope and distinct. One search; its luck is in these figures.",
    )


def _others(found: EvolutionResult, console: Console) -> None:
    """Print the tables on what the search never saw, champion and best seed."""
    rest = {name: table for name, table in found.tables.items() if name not in ("validation", "held_out")}
    if not rest:
        return
    metrics = ("coverage", "dispersion", "slope", "r2", "distinct")
    table = new_table(console, "On respondents and instruments that the search never saw", "on", "program", *(f"{m}>" for m in metrics))
    for name, bench in rest.items():
        for row in bench.rows:
            values = (row.figures[metric].mean for metric in metrics)
            add_row(table, name, row.generator, *("-" if value is None else f"{value:.2f}" for value in values))
    console.print(table)


def _regret(found: EvolutionResult, console: Console) -> None:
    if not found.regrets:
        return
    said = ", ".join(f"{regret.program} {regret.share:.2f}" for regret in found.regrets)
    say(console, f"Regret with the planted respondent, whose optimum is known (0: optimal, 1: no better than one person copied): {said}.")


def _mutators(found: EvolutionResult, console: Console) -> None:
    rows = found.search.rows
    if not rows:
        return
    table = new_table(console, "Mutators", "mutator", "asked>", "missed>", "passed the gates>", "bettered an elite>", "model calls>")
    for one in rows[-1].yields:
        add_row(table, one.mutator, str(one.asked), str(one.misses), str(one.valid), str(one.improved), str(one.calls))
    console.print(table)
    held = rows[-1].best
    best = ", ".join(f"{OBJECTIVES[name].name.replace('_', ' ')} {value:.3f}" for name, value in held.items() if name in OBJECTIVES)
    say(console, f"Best on the training contexts: {best}.")
    if spent := _spent(found):
        say(console, spent)


def _spent(found: EvolutionResult) -> str:
    """Say what language models cost, over all arms; nothing where none took part."""
    rows = [row for arm in found.arms for row in arm.rows]
    calls = sum(row.mutator_calls + row.program_calls for row in rows)
    tokens = sum(row.mutator_tokens + row.program_tokens for row in rows)
    if not calls and not tokens:
        return ""
    money = [row.money for row in rows]
    told = "a price is not known (--prices)" if None in money else f"{sum(one or 0.0 for one in money):.4g} in money"
    return f"Language models in the search: {calls} calls by mutators and programs, {tokens} tokens in all, {told}."

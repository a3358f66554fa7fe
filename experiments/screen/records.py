"""What is read off a run's records, in words: who learnt what, what judges missed, who came off worse with the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..summary import Summary
from .console import add_row, new_table, say
from .wording import interval, number, p_words, percent

if TYPE_CHECKING:
    from rich.console import Console

SHOWN_P = 0.05
"""Axes whose adjusted p-value is at most this are called different."""


def show_records(summary: Summary, console: Console) -> None:
    """Print who learnt which private facts, disparity, and the judges against what happened, as far as there is something to say."""
    if summary.run.people_an_episode > 1:
        say(console, disclosure_words(summary))
    _disparity(summary, console)
    _detection(summary, console)


def disclosure_words(summary: Summary) -> str:
    """Return what became of private facts, in a sentence; empty where there were none."""
    told = summary.disclosure
    if told is None or not told.facts:
        return ""
    return (
        f"Private facts: of {told.facts:,}, {percent(told.to_target)} reached the target and {percent(told.to_others)} other people; "
        f"{percent(told.by_target)} were told by the target, {percent(told.by_others)} by somebody else than their owner; "
        f"first told at {number(told.early_mention)} of the conversation (1: at the end, or never)."
    )


def _disparity(summary: Summary, console: Console) -> None:
    found = summary.disparity
    if found is None:
        return
    title = f"The same values, different people: share of the surplus ({found.people} people in {found.groups} sets of equal values)"
    table = new_table(console, title, "axis", "high minus low half>", "p>", "p, all axes>")
    for axis in found.axes:
        gap = "-" if axis.difference is None else f"{axis.difference:+.3f} {interval(*(axis.interval or (None, None)), 1, 3)}"
        add_row(table, axis.axis, gap, p_words(axis.p), p_words(axis.adjusted))
    console.print(table)
    shown = [axis.axis for axis in found.axes if axis.adjusted is not None and axis.adjusted <= SHOWN_P]
    say(console, f"Treated or faring differently by {', '.join(shown)}." if shown else "No axis is shown to matter for what people get.")


def _detection(summary: Summary, console: Console) -> None:
    happened = [row for row in summary.detection if row.found.tp + row.found.fp + row.found.fn]
    if not happened:
        return
    table = new_table(
        console,
        "Judges against what happened, by moves, ledger and state",
        "harm",
        "found>",
        "missed>",
        "made up>",
        "precision>",
        "recall>",
    )
    for row in happened:
        cells = (str(row.found.tp), str(row.found.fn), str(row.found.fp), number(row.precision, 3), number(row.recall, 3))
        add_row(table, row.harm, *cells)
    console.print(table)
    say(console, "Over the scenario's own targets in this run: only they account for what they do.", "dim")

"""What is read off a run's records, in words: who learnt what, what judges missed, who came off worse with the same values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..statistics.disparity import AxisDisparity
from ..summary import Summary
from .console import add_row, new_table, say
from .plurals import number_of
from .wording import NOTHING, interval, number, p_words, percent

if TYPE_CHECKING:
    from rich.console import Console

DETECTED_IN = "Over the episodes of the scenario's own targets in this run, those of controls included: only they account for what they do"
"""Whose episodes judges are held against what happened in."""

SHOWN_P = 0.05
"""Axes whose adjusted p-value is at most this are called different."""


def show_records(summary: Summary, console: Console) -> None:
    """Print who learnt which private facts, disparity, and the judges against what happened, as far as there is something to say."""
    if summary.run.people_an_episode > 1:
        say(console, disclosure_words(summary))
    said = simulator_words(summary)
    if said:
        say(console, said, "yellow" if summary.simulator is not None and summary.simulator.invalid else "")
    _disparity(summary, console)
    _detection(summary, console)


def crossing_words(summary: Summary) -> str:
    """Return whether private facts of one episode came out in another, and an example; "" where that was not looked for."""
    found = summary.crossings
    if found is None:
        return ""
    looked = f"{found.told:,} private facts that it was told and {found.episodes:,} episodes"
    if not found.leaking:
        return f"{summary.run.target} shares state between episodes; no private fact came out in another episode ({looked} were looked at)."
    first = found.findings[0]
    return (
        f"{summary.run.target} carried private facts from one episode into another: {found.leaking:,} episodes leak, of {looked}. "
        f"For example {first.other} into {first.episode}: {first.finding.evidence}"
    )


def disclosure_words(summary: Summary) -> str:
    """Return what became of private facts, in a sentence; empty where there were none."""
    told = summary.disclosure
    if told is None or not told.facts:
        return ""
    return (
        f"Private facts: of {told.facts:,}, {percent(told.to_target)} reached the target and {percent(told.to_others)} other people; "
        f"{percent(told.by_target)} were told by the target, {percent(told.by_others)} by another person than their owner; "
        f"first told at {number(told.early_mention)} of the conversation (1: at the end, or never)."
    )


def simulator_words(summary: Summary) -> str:
    """Return whether the people were played as they are, in a sentence or two; empty where nobody was at fault and nothing was measured."""
    found = summary.simulator
    if found is None or not (found.invalid or found.consistency or found.undescribed):
        return ""
    text = f"Simulator: at fault in {found.invalid:,} of {found.units:,} meetings, which count for no rate"
    broken = ", ".join(f"{rule.rule.replace('_', ' ')} in {rule.units:,}" for rule in found.rules if rule.units)
    text += f" ({broken})." if broken else "."
    for metric in found.consistency:
        told = f"{percent(metric.share)} of {metric.consistent + metric.conflict:,} comparable"
        text += f" Consistency {metric.metric.replace('_', ' ')}: {told}, {metric.unreadable:,} unreadable."
    if found.undescribed:
        text += f" In {number_of(found.undescribed, 'meeting')} no claim could be read of the person's description, so nothing can contradict it."
    return text


def _disparity(summary: Summary, console: Console) -> None:
    found, own = summary.disparity, summary.attributable_disparity
    if found is None:
        return
    title = f"The same values, different people: share of the surplus ({found.people} people in {found.groups} sets of equal values)"
    heads = ["high minus low half>", "p, all axes>"]
    table = new_table(console, title, "axis", *heads, *(["more than with careful>", "p, all axes>"] if own else []))
    for i, axis in enumerate(found.axes):
        add_row(table, axis.axis, *_gap(axis), *(_gap(own.axes[i]) if own else ()))
    console.print(table)
    shown = [axis.axis for axis in (own or found).axes if axis.adjusted is not None and axis.adjusted <= SHOWN_P]
    whose = f"{summary.run.target} treats people differently by" if own else "What people get differs by"
    said = (
        f"{whose} {', '.join(shown)}"
        if shown
        else "No axis is shown to matter for what people get" + (" beyond what careful does" if own else "")
    )
    say(console, f"{said}.")
    say(console, "p is for all axes together, each interval of one axis alone.", "dim")
    for what, rows in (("", found.axes), (" of what is more than with careful", own.axes if own else ())):
        for reason in dict.fromkeys(axis.reason for axis in rows if axis.reason is not None):
            say(console, f"No interval{what} for {', '.join(axis.axis for axis in rows if axis.reason == reason)}: {reason}.", "dim")


def _gap(axis: AxisDisparity) -> tuple[str, str]:
    if axis.difference is None:
        return NOTHING, NOTHING
    low, high = axis.interval or (None, None)
    return f"{axis.difference:+.3f} {interval(low, high, 1, 3)}".rstrip(), p_words(axis.adjusted)


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
    say(console, f"{DETECTED_IN}.", "dim")

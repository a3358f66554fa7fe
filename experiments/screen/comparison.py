"""A comparison of two runs, in words and tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..comparison import MOST_UNRESOLVED, Comparison
from ..statistics.contrasts import Contrast
from ..statistics.estimates import Bounds
from .console import add_row, new_table, say
from .wording import STAND_IN, interval, listed, p_words, points, sentence

if TYPE_CHECKING:
    from rich.console import Console

MOST_PEOPLE = 5


def show_comparison(found: Comparison, console: Console) -> None:
    """Print a comparison so that it can be read aloud: headline, verdict, checks, tables, people."""
    if found.synthetic:
        say(console, sentence(STAND_IN), "yellow")
    say(console, headline(found), "bold")
    for number, text in enumerate(verdict_lines(found)):
        say(console, text, "" if number else "bold")
    for text in (stopping_words(found), bounds_words(found)):
        if text:
            say(console, text)
    say(console, checks_words(found), "dim")
    _table(found, "tail", found.tails, console)
    _table(found, "harm", found.harms, console)
    _people(found, console)


def verdict_lines(found: Comparison) -> list[str]:
    """Return what is said by the margin, and how many people would decide it; nothing without a margin."""
    if found.verdict is None or found.margin is None:
        return []
    lines = [f"By a margin of {100 * found.margin:g} points: {found.verdict}."]
    if (needed := people_needed(found)) is not None:
        lines.append(f"If the difference stays what it is, about {needed:,} people would tell whether it is within that margin.")
    return lines


def bounds_words(found: Comparison) -> str:
    """Return what unresolved episodes could change, in a sentence; empty if nothing."""
    bounds = found.overall.bounds
    return f"Had every unresolved episode gone one way or the other: {interval(bounds.low, bounds.high)} points." if _open(bounds) else ""


def people_needed(found: Comparison) -> int | None:
    """Return how many people would bring the whole interval below the margin; None where it is decided, or none would.

    The upper end comes nearer with the root of the number of people, and in proportion to it where nobody changed.
    """
    gap = found.overall.difference
    if found.verdict != "inconclusive" or found.margin is None or gap.estimate is None or gap.high is None or gap.high <= found.margin:
        return None
    room = found.margin - gap.estimate
    if room <= 0:
        return None
    times = (gap.high - gap.estimate) / room
    return math.ceil(gap.personas * (times if found.worse + found.better == 0 else times**2))


def headline(found: Comparison) -> str:
    """Return the difference, its interval and p-value, and how many people it rests on."""
    gap = found.overall.difference
    who = f"{found.b} against {found.a}, on the same people and seeds"
    if gap.estimate is None:
        return f"{who}: no difference can be told, {gap.reason}."
    met = f"of {gap.personas} people, {found.worse} fared worse and {found.better} better ({found.pairs:,} of {found.planned:,} pairs resolved)"
    return f"{who}: {points(gap)} points of failure, {p_words(found.overall.p, 'p ')}; {met}."


def stopping_words(found: Comparison) -> str:
    """Return after how many people it would have been decided, in a sentence; empty where that is not known."""
    stop = found.sequential
    if stop is None:
        return ""
    ends = f"(anytime-valid interval {interval(stop.low, stop.high)})"
    if stop.status is None:
        return f"Looked at after every person, in random order, {stop.people} people do not decide it {ends}."
    if stop.status == found.verdict:
        verb = "Could have stopped" if found.pairs >= (1 - MOST_UNRESOLVED) * found.planned else "Was decided"
        return f"{verb} after {stop.after} of {stop.people} people, met in random order {ends}."
    return f"Stopping after {stop.after} of {stop.people} people, met in random order, would have said: {stop.status} {ends}."


def checks_words(found: Comparison) -> str:
    """Return how the p-value was made, and what other methods say."""
    said = [f"test: {found.test}"]
    if found.bootstrap.low is not None:
        said.append(f"{found.bootstrap.method}: {interval(found.bootstrap.low, found.bootstrap.high)}")
    if found.mcnemar is not None:
        said.append(f"McNemar's exact test: {p_words(found.mcnemar.p, 'p ')}")
    return sentence("; ".join(said))


def _table(found: Comparison, what: str, rows: Mapping[str, Contrast], console: Console) -> None:
    told = {name: row for name, row in rows.items() if row.difference.estimate is not None}
    unresolved = any(_open(row.bounds) for row in rows.values())
    if told:
        title = f"By {what} (above 0: {found.b} fails more; intervals and p-values hold together)"
        table = new_table(console, title, what, "points>", "p>", "people>", *(["unresolved either way>"] if unresolved else []))
        for name, row in told.items():
            cells = (points(row.difference), p_words(row.p), str(row.difference.personas))
            add_row(table, name, *cells, *([interval(row.bounds.low, row.bounds.high)] if unresolved else []))
        console.print(table)
        say(console, "p decides; the intervals are wider, for any spread of rates.", "dim")
    reasons = {name: str(row.difference.reason) for name, row in rows.items() if name not in told}
    for reason in dict.fromkeys(reasons.values()):
        names = [name for name in rows if reasons.get(name) == reason]
        either = [interval(rows[name].bounds.low, rows[name].bounds.high) for name in names]
        shown = [f"{name} {ends}".rstrip() for name, ends in zip(names, either, strict=True)]
        say(console, f"No difference by {what}, {reason}: {listed(shown)}.")


def _people(found: Comparison, console: Console) -> None:
    changed = [person for person in found.people if person.change]
    if not changed:
        return
    worse, better = ([p for p in changed if sign * p.change > 0] for sign in (1, -1))
    title = f"Changed most, of the {len(changed)} people who changed; who fared worse comes first"
    table = new_table(console, title, "person", f"failed with {found.a}>", f"with {found.b}>", "points>")
    for person in worse[:MOST_PEOPLE] + better[:MOST_PEOPLE]:
        failed = (f"{failures} of {person.pairs}" for failures in (person.failures_a, person.failures_b))
        add_row(table, person.id, *failed, f"{100 * person.change:+.0f}")
    console.print(table)


def _open(bounds: Bounds) -> bool:
    return bounds.low is not None and bounds.high is not None and bounds.high - bounds.low > 1e-12

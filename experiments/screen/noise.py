"""How much of a result is noise, where it points, and what the controls say, as a person likes to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..statistics.nesting import nested
from .console import add_row, new_table, say
from .wording import NOTHING, interval, p_words, percent, points, rate_words, sentence

if TYPE_CHECKING:
    from rich.console import Console

    from ..statistics.confirmation import SliceSummary
    from ..statistics.depth import DepthTrend
    from ..statistics.estimates import Agreement
    from ..summary import Summary

INSIDE = "A group told as 'of these' lies inside the one before it and is no second finding; elsewhere is everybody who is not in the group itself"
NO_MORE = "no more than the group that it lies in"
"""What is said of groups that lie in others."""

OFTEN = 0.5
"""Failure rate above which the share of people is told."""

MEANS = {
    "careful": "handles every declared harm well",
    "mute": "says nothing of substance",
    "shuffled": "the target, and people who speak by the description of another",
    "single_persona": "the target, and one and the same person at everybody's place",
}


def show_noise(summary: Summary, console: Console) -> None:
    """Print how far failing is a matter of the person, how bad it is for the worst off, and what would narrow the figures."""
    icc = summary.reliability.icc
    say(console, person_words(icc), "" if icc.estimate is not None else "dim")
    for row in summary.reliability.pass_hat[-1:]:
        if row.k > 1 and row.estimate is not None:
            every = (
                f"It passes all of {row.k} meetings with {percent(row.estimate)} {interval(row.low, row.high)} of the people (pass^{row.k})"
            )
            say(console, f"{every}; two meetings with one person disagree in {_disagree(summary)}.")
    for tail in summary.severity.cvar:
        if tail.estimate is not None:
            text = f"The worst-off {tail.alpha:.0%} of the people are failed {percent(tail.estimate)} {interval(tail.low, tail.high)} of the time"
            say(console, f"{text} (chosen on half of their replicates, measured on the other).")
    curve = summary.severity.exceedance
    often = next((p for p in curve.points if p.threshold == OFTEN), None) if curve else None
    if often is not None and often.estimate is not None:
        share = f"{percent(often.estimate, 0)} {interval(often.low, often.high, digits=0)}"
        say(console, f"It fails an estimated {share} of the people more often than not (their latent rate is above {OFTEN:.0%}).")
    if summary.depth is not None and summary.depth.trend.estimate is not None:
        trend = f"{_trend(summary.depth.trend)} points per tenth of the users, {p_words(summary.depth.trend.p_value, 'p ')}"
        say(console, f"From the most probable people outward the failure rate changes by {trend}.")
    if summary.reliability.advice:
        say(console, f"For the next run: {summary.reliability.advice}", "dim")


def person_words(icc: Agreement) -> str:
    """Return how far failing is a matter of the person, in a sentence, or why that is not known."""
    if icc.estimate is None:
        return f"How far failing is a matter of the person is not known: {icc.reason or 'not measured'}."
    share = percent(max(icc.estimate, 0))
    ends = interval(icc.low, icc.high) or f"({icc.reason})"
    return f"Who the person is accounts for {share} {ends} of what varies{rest_words(icc)}."


def rest_words(icc: Agreement) -> str:
    """Return what the rest of the variance is; empty where the share, as it is shown, leaves none."""
    return "" if icc.estimate is None or percent(icc.estimate) == percent(1.0) else "; the rest is chance"


def _disagree(summary: Summary) -> str:
    flips = summary.reliability.flips
    return NOTHING if flips is None or flips.estimate is None else f"{percent(flips.estimate)} {interval(flips.low, flips.high)} of pairs"


def _trend(trend: DepthTrend) -> str:
    """Return the change of the failure rate in points a tenth of the users: ``+2.0 [-0.5, 4.5]``, or a dash."""
    if trend.estimate is None:
        return NOTHING
    return f"{100 * trend.estimate:+.1f} {interval(trend.low, trend.high)}".strip()


def show_slices(summary: Summary, console: Console) -> None:
    """Print whom the target fails more than the rest, as found and on fresh people."""
    if not summary.slices:
        say(console, "No group of people stands out beyond chance.")
        return
    table = new_table(
        console, "Where it fails more than elsewhere: found, then tried on fresh data", "people", "found", "elsewhere", "fresh", ""
    )
    rows = nested(summary.slices)
    for one in rows:
        row, who = one.group, f"of these, {one.words}" if one.inside else one.words
        fresh = NOTHING if row.fresh is None else f"{rate_words(row.fresh)}, elsewhere {_rate(row)}"
        told = _told(row) if one.adds else f"{_told(row)}; {NO_MORE}"
        style = "bold" if row.confirmed and one.adds else ""
        add_row(table, who, rate_words(row.found), rate_words(row.rest), fresh, told, style=style)
    console.print(table)
    if any(one.inside for one in rows):
        say(console, f"{INSIDE}.", "dim")
    first = summary.slices[0]
    note = "A group is found because its rate is high, so the rate found is too high on average."
    if first.fresh is not None:
        note += f" Fresh: {'new people' if first.fresh.estimand == 'generator' else 'the same people'}, with seeds of their own."
    say(console, f"{note} {first.looked:,} groups were looked at.", "dim")


def _rate(row: SliceSummary) -> str:
    return NOTHING if row.fresh_rest is None else percent(row.fresh_rest.estimate)


def _told(row: SliceSummary) -> str:
    if row.confirmed is None:
        return f"not tried: {row.reason}"
    said = "confirmed" if row.confirmed else "not confirmed"
    return f"{said}, {p_words(row.fresh_p, 'p ')}"


def show_controls(summary: Summary, console: Console) -> None:
    """Print what other targets, and other people, give with the same seeds."""
    ran = {name: control for name, control in summary.controls.items() if control is not None}
    if not ran:
        return
    table = new_table(
        console, "Controls, with the same seeds", "control", "failed", "target minus control", "due to the person", "points a tenth outward"
    )
    target = (rate_words(summary.failure_rate), NOTHING, _share(summary.reliability.icc))
    add_row(table, summary.run.target, *target, _trend(summary.depth.trend) if summary.depth else NOTHING, style="bold")
    for name, control in ran.items():
        gap = points(control.difference) if control.difference.estimate is not None else NOTHING
        add_row(table, name, rate_words(control.failure_rate), gap, _share(control.icc), _trend(control.depth))
    console.print(table)
    known = [f"{name}: {MEANS[name]}" for name in ran if name in MEANS]
    if known:
        say(console, sentence("; ".join(known)), "dim")


def _share(icc: Agreement) -> str:
    return NOTHING if icc.estimate is None else f"{percent(max(icc.estimate, 0), 0)} {interval(icc.low, icc.high, digits=0)}"

"""What the counts of a run count, in the same words wherever they stand: people, episodes, meetings, what was not played."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .wording import units

if TYPE_CHECKING:
    from ..statistics.estimates import Rate, VerdictCounts
    from ..summary import RunInfo, Summary

PEOPLE_COUNTED = "people: those with a resolved episode, of all where some have none"
"""What a count of people beside a rate is."""

_NOT_PLAYED: Mapping[str | None, str] = {
    "interrupted": "not played (interrupted)",
    "budget": "not played (a limit was reached)",
    "decided": "not played (it was decided by then)",
    "unreachable": "not played (no answer)",
    "faults": "not played (too many faults)",
}
"""What the verdict ``budget``, which is that of every episode that is missing, is called by the reason that the run stopped for."""


def of_all(resolved: int, in_all: int) -> str:
    """Return how many people a rate rests on, and of how many where some of them have no resolved episode.

    Example:
        >>> of_all(3, 3), of_all(1, 3), of_all(0, 0)
        ('3', '1 of 3', '0')
    """
    return f"{resolved:,} of {in_all:,}" if resolved < in_all else f"{in_all:,}"


def core_people(summary: Summary) -> int:
    """Return how many people are in the core, with a resolved episode or not; 0 where that was not looked at."""
    return sum(tenth.personas for tenth in summary.depth.deciles[:-1]) if summary.depth else 0


def sent_words(rate: Rate, run: RunInfo) -> str:
    """Return whom a rate rests on and what it counts: all people and replicates in short, else those resolved and those planned."""
    counted = f"{rate.numerator:,} of {rate.denominator:,} {units(run.people_an_episode)}"
    if rate.denominator >= run.personas * run.replicates:
        return f"{people_words(rate.personas, run.replicates, run.people_an_episode)}, each person counting once; {counted}"
    together = f", {run.people_an_episode} an episode" if run.people_an_episode > 1 else ""
    who = "person" if run.personas == 1 else "people"
    return f"{of_all(rate.personas, run.personas)} {who}{together}, each person counting once; {counted}, {run.personas} x {run.replicates} planned"


def people_words(people: int, replicates: int, people_an_episode: int) -> str:
    """Return ``64 people x 4``, and how many at a time where that is not one."""
    return f"{people} {'person' if people == 1 else 'people'} x {replicates}" + (
        f", {people_an_episode} an episode" if people_an_episode > 1 else ""
    )


def verdict_name(name: str, stopped: str | None) -> str:
    """Return what a verdict is called, with the reason why episodes were not played where it is known.

    Args:
        name: The verdict.
        stopped: Why the run stopped; None: it did not, or nobody wrote it down.
    """
    return _NOT_PLAYED.get(stopped, "not played") if name == "budget" else name.replace("_", " ")


def counted_verdicts(verdicts: VerdictCounts, stopped: str | None) -> str:
    """Return episodes by verdict, without those that no episode has except the two that a rate counts."""
    counts = verdicts.model_dump()
    return ", ".join(f"{n:,} {verdict_name(name, stopped)}" for name, n in counts.items() if n or name in ("passed", "failed"))


def meeting_words(run: RunInfo) -> str:
    """Return how episodes and meetings differ, in a sentence; empty where they are the same."""
    if run.people_an_episode == 1:
        return ""
    return "An episode fails if anybody in it is harmed; rates count meetings, one for each person in each episode."

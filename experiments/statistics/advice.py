"""What to change in the next run: more people, or more replicates of the same."""

from __future__ import annotations

from .estimates import Rate, VerdictCounts
from .variance import Components

SHARED = (
    "More people in all would narrow the interval: people who share episodes are not independent of each other, so that what "
    "more replicates would do cannot be told from the variance between people and between replicates."
)
"""What is said where people share episodes."""

MISSING = 0.1
"""Share of episodes without a verdict from which on that is said before everything else."""

LEAST_GAIN = 0.05
"""Share of the width that a change must save to be worth a word."""

_MANY = 30  # cases from which on the rule of three is near the exact bound


def advice(components: Components, rate: Rate) -> str:
    """Say in one line how the interval of a failure rate would narrow.

    The variance of the mean of n people with R replicates each is s_p^2 / n + s_r^2 / (n R), from the components s_p^2
    between people and s_r^2 between replicates; widths are scaled by its root.

    Args:
        components: Of failing, from the same episodes as the rate.
        rate: Of the ``generator`` (people random) or of ``these_people`` (only their replicates vary).

    Raises:
        ValueError: If the rate is of the reference density, whose width also comes from weights and unsupported mass.

    Source: Searle, Casella and McCulloch 1992, Variance Components, chapter 3, for the variance; Hanley and
    Lippman-Hand 1983, JAMA 249(13), for the rule of three.

    Example:
        >>> found = Components(persona=0.15, replicate=0.1, total=0.25, share=0.6, personas=64)
        >>> print(advice(found, Rate(estimate=0.5, low=0.41, high=0.59, numerator=128, denominator=256, personas=64)))
        86% of the rate's variance lies between people: 128 people instead of 64 would narrow the interval from 18 to about 13 \
points, more replicates hardly at all; the same 256 episodes with 128 people and 2 replicates, to 14.
    """
    if rate.estimand == "reference_density":
        raise ValueError("advice: expected a rate of the generator or of these people, got one of the reference density")
    if rate.estimate is None or rate.low is None or rate.high is None:
        return f"No advice for the next run: {rate.reason}."
    if rate.numerator in (0, rate.denominator):
        return _rule_of_three(rate)
    if rate.estimand == "these_people":
        return _same_people(rate, rate.high - rate.low)
    if components.persona is None or components.replicate is None or not components.total:
        return _not_split(rate, rate.high - rate.low)
    return _split(components.persona, components.replicate, rate, rate.high - rate.low)


def first_of_all(verdicts: VerdictCounts, *, decided: bool = False) -> str | None:
    """Return the advice where too many episodes have no verdict for any other; None where few have none.

    Args:
        verdicts: Of the target's episodes.
        decided: Those that were not played were not needed.

    Example:
        >>> first_of_all(VerdictCounts(passed=6, failed=1, infrastructure=25))
        '25 of 32 episodes have no verdict: to get those says more than more people or replicates.'
    """
    counts = verdicts.model_dump() | ({"budget": 0} if decided else {})
    in_all = sum(counts.values())
    missing = in_all - verdicts.passed - verdicts.failed
    if missing <= MISSING * in_all:
        return None
    return f"{missing:,} of {in_all:,} episodes have no verdict: to get those says more than more people or replicates."


def _split(persona: float, replicate: float, rate: Rate, width: float) -> str:
    """Return the advice where both components are known."""
    n, runs = rate.personas, rate.denominator / rate.personas
    now = persona + replicate / runs
    people = width * 0.5**0.5
    replicates = width * ((persona + replicate / (2 * runs)) / now) ** 0.5
    swapped = width * ((persona + 2 * replicate / runs) / (2 * now)) ** 0.5
    first = f"{persona / now:.0%} of the rate's variance lies between people: {2 * n:,} people instead of {n:,} would narrow the interval"
    line = f"{first} from {_points(width)} to about {_points(people)} points, {_more_replicates(runs, width, replicates)}"
    if runs >= 4 and swapped < (1 - LEAST_GAIN) * width:
        fewer = f"{2 * n:,} people and {round(runs / 2)} replicates"
        line += f"; the same {rate.denominator:,} episodes with {fewer}, to {_points(swapped)}"
    return line + "."


def _more_replicates(runs: float, width: float, after: float) -> str:
    """Return the clause on twice the replicates."""
    if after > (1 - LEAST_GAIN) * width:
        return "more replicates hardly at all"
    return f"{round(2 * runs)} replicates instead of {round(runs)} to {_points(after)}"


def _not_split(rate: Rate, width: float) -> str:
    """Return the advice where nothing tells people from chance."""
    n = rate.personas
    gain = f"{2 * n:,} people instead of {n:,} would narrow the interval from {_points(width)} to about {_points(width * 0.5**0.5)} points"
    return f"{gain}; what more replicates would do cannot be told until two people have two resolved replicates each."


def _same_people(rate: Rate, width: float) -> str:
    """Return the advice where the people are fixed."""
    runs = rate.denominator / rate.personas
    change = f"{round(2 * runs)} instead of {round(runs)} would narrow the interval from {_points(width)}"
    return f"The rate is of these {rate.personas:,} people, so only replicates count: {change} to about {_points(width * 0.5**0.5)} points."


def _rule_of_three(rate: Rate) -> str:
    """Return the advice where nothing failed, or everything did."""
    fixed = rate.estimand == "these_people"
    n = rate.denominator if fixed else rate.personas
    one, unit = ("episode", "episodes") if fixed else ("person", "people")
    now, then = (f"{_points(_at_most(m))}%" for m in (n, 2 * n))
    source = "rule of three, one-sided 95%" if n >= _MANY else "one-sided 95%"
    which, rare, same = ("failed none of the", "fail", "passing") if rate.numerator == 0 else ("failed all", "pass", "failing")
    did = f"{which} {n:,} {unit}" if n > 1 else f"{'did not fail' if rate.numerator == 0 else 'failed'} the only {one}"
    line = f"It {did}, so it may {rare} up to {now} ({source}): twice as many {unit}, all {same}, "
    return f"{line}would bring that to {then}{'' if fixed else '; more replicates of the same people would not'}."


def _at_most(n: int) -> float:
    """Return the upper end of a rate after n cases without an event: 3 / n, which is off for few."""
    return 3 / n if n >= _MANY else 1.0 - 0.05 ** (1 / n)


def _points(width: float) -> str:
    points = 100 * width
    return f"{points:.0f}" if points >= 10 else f"{points:.2g}"

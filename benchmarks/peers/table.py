"""From readings to figures, and from figures to the table."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence

from outskirts.sim.types import Frozen

ASKED = 0.1
"""Cost of Outskirts against the best peer of the same run: at most so much."""


class Spread(Frozen):
    """Median of the rounds, and their least and greatest."""

    median: float
    least: float
    most: float
    rounds: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """Summarise at least one value."""
        return cls(median=statistics.median(values), least=min(values), most=max(values), rounds=len(values))


class Reading(Frozen):
    """Microseconds a turn in one round: by the wall clock, and of the process's own work."""

    wall: float
    processor: float


class Share(Frozen):
    """Share of the ideal throughput that a peer reached, or the reason why there is none."""

    of_ideal: Spread | None = None
    below: float | None = None  # it was stopped at the limit of time: the share is below this one
    reason: str | None = None


class Row(Frozen):
    """All figures of a peer."""

    name: str
    version: str | None = None
    import_seconds: float | None = None
    wall: Spread | None = None  # microseconds a turn
    processor: Spread | None = None
    ratio: Spread | None = None  # wall, to Outskirts in the same round
    processor_ratio: Spread | None = None
    shares: Mapping[int, Share] = {}  # by conversations at once
    work: Mapping[int, Spread] = {}  # the same: microseconds a turn of the process's own work, begin and end of the run included
    reason: str | None = None  # why it has no figures
    stopped: str | None = None  # why it has fewer of them
    note: str = ""


class Comparison(Frozen):
    """Outskirts against the best peer of the run."""

    what: str  # how many conversations at once, and what is compared
    best: str
    ratio: Spread  # cost of Outskirts to that of the best peer, of the same rounds
    asked: float = ASKED

    @property
    def reached(self) -> bool:
        """Whether the median is what was asked."""
        return self.ratio.median <= self.asked


def marginal(few: tuple[float, float], many: tuple[float, float], conversations: int, turns: int) -> Reading:
    """Return the cost of a turn from two readings of which the second has so many conversations more.

    What a run takes to begin and to end is in both and cancels. Noise could make the difference negative; it is 0 then.

    Args:
        few: Seconds of the shorter reading, by the wall clock and of the process.
        many: The same of the longer one.
        conversations: How many more the longer has.
        turns: Turns of a conversation.
    """
    wall, processor = (max(0.0, (b - a) / (conversations * turns) * 1e6) for a, b in zip(few, many, strict=True))
    return Reading(wall=wall, processor=processor)


def ideal(conversations: int, at_once: int, turns: int, wait: float) -> float:
    """Return the seconds that the waits alone take."""
    return math.ceil(conversations / at_once) * turns * wait


def ratios(theirs: Mapping[int, float], ours: Mapping[int, float]) -> Spread | None:
    """Return their cost to ours over the rounds that both have; None without such a round."""
    found = [theirs[i] / ours[i] for i in sorted(theirs.keys() & ours.keys()) if ours[i] > 0]
    return Spread.of(found) if found else None


def compare(what: str, readings: Mapping[str, Mapping[int, float]], own: Sequence[str]) -> Comparison | None:
    """Hold Outskirts against the peer of the least median cost; None if nobody else was measured.

    Args:
        what: Which cost.
        readings: Microseconds a turn, by peer and round.
        own: All rows of Outskirts, which are no peers; the first stands for it.
    """
    known = {name: rounds for name, rounds in readings.items() if rounds}
    others = {name: statistics.median(rounds.values()) for name, rounds in known.items() if name not in own}
    if not others or own[0] not in known:
        return None
    best = min(others, key=lambda name: others[name])
    found = ratios(known[own[0]], known[best])
    return None if found is None else Comparison(what=what, best=best, ratio=found)


def _number(value: float) -> str:
    """Three digits, and thousands by commas."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _spread(found: Spread | None) -> str:
    return "-" if found is None else f"{_number(found.median)} ({_number(found.least)}-{_number(found.most)})"


def _share(share: Share | None) -> str:
    if share is None:
        return "-"
    if share.of_ideal is not None:
        return f"{share.of_ideal.median:.2f} ({share.of_ideal.least:.2f}-{share.of_ideal.most:.2f})"
    return f"< {share.below:.2f}" if share.below is not None else "fails"


def markdown(rows: Sequence[Row], crowds: Sequence[int], settled: Sequence[Comparison], machine: str) -> str:
    """Return the table with its footnotes and what it comes to."""
    many = [f"{what}, {n} at once" for n in crowds for what in ("share of ideal", "us of work per turn")]
    heads = ["", "version", "us per turn", "of it processor", "to Outskirts", *many, "import s"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    measured = [row for row in rows if row.reason is None]
    for number, row in enumerate(measured, 1):
        shares = [cell for n in crowds for cell in (_share(row.shares.get(n)), _spread(row.work.get(n)))]
        imported = "-" if row.import_seconds is None else f"{row.import_seconds:.1f}"
        cells = [
            f"{row.name} [{number}]",
            row.version or "-",
            _spread(row.wall),
            _spread(row.processor),
            _spread(row.ratio),
            *shares,
            imported,
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines.append("")
    lines += [f"[{number}] {row.note}" for number, row in enumerate(measured, 1)]
    for row in measured:
        lines += [f"- {row.name}, {n} at once: {share.reason}" for n, share in row.shares.items() if share.reason is not None]
    lines += [f"- {row.name} stopped early: {row.stopped}" for row in measured if row.stopped is not None]
    lines += [f"- {row.name} was not measured: {row.reason}" for row in rows if row.reason is not None]
    lines += ["", machine]
    for one in settled:
        word = "reached" if one.reached else "not reached"
        lines.append(
            f"Outskirts to the best peer, {one.best}, {one.what}: {one.ratio.median:.3f} ({one.ratio.least:.3f}-{one.ratio.most:.3f}) "
            f"of its cost a turn; asked at most {one.asked:g}: {word}."
        )
    return "\n".join(lines)

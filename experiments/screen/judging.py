"""What is known of the judges, in sentences: their error on labelled transcripts, how far they agree, what panels did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from .wording import SPEAKS_OF, interval, is_worse, listed, number, percent, points

if TYPE_CHECKING:
    from ...sim.types import EpisodeRecord
    from ..statistics.krippendorff import Alpha
    from ..statistics.misclassification import Accuracy, Share
    from ..statistics.panels import PanelFigures
    from ..summary import Summary

NOT_COUNTED = "The judges' error is in none of these intervals: no labelled transcripts were given (--judge-labels FILE)."


def corrected_words(summary: Summary) -> str:
    """Return the headline's rate with the judges' error in its interval, or why there is none; empty without labels."""
    if summary.judge_labels is None:
        return ""
    found = summary.failure_rates_corrected.get(summary.failure_rate.estimand)
    if found is None or found.estimate is None:
        return f"With the judges' error no rate can be given: {'no rate' if found is None else found.reason}."
    together = summary.judge_labels.together
    return (
        f"Corrected for the judges' error on {summary.judge_labels.transcripts:,} labelled transcripts: "
        f"{percent(found.estimate)} {interval(found.low, found.high)} (estimand {found.estimand}; sensitivity {_share(together.sensitivity)}, "
        f"specificity {_share(together.specificity)}; their uncertainty is in the interval)."
    )


def judging_lines(summary: Summary) -> Iterator[str]:
    """Yield what is known of the judges, a sentence or two each."""
    labels = summary.judge_labels
    if labels is None:
        yield NOT_COUNTED
    else:
        for name, found in labels.judges.items():
            yield f"On the labelled transcripts, {name}: {_accuracy(found)}."
        left = {
            "could not be read": labels.unreadable,
            "had an invalid simulated person": labels.invalid,
            "had no label": labels.unlabelled,
        }
        told = listed([f"{count:,} {why}" for why, count in left.items() if count])
        if told:
            yield f"Left out of these: {told}."
        others = {e: f for e, f in summary.failure_rates_corrected.items() if e != summary.failure_rate.estimand}
        for estimand, rate in others.items():
            shown = rate.reason if rate.estimate is None else f"{percent(rate.estimate)} {interval(rate.low, rate.high)}"
            yield f"Corrected rate of {SPEAKS_OF[estimand]}: {shown}."
        yield from _tails(summary)
    yield from _agreement(summary)
    for name, panel in summary.panels.items():
        yield from _panel(name, panel)


def _tails(summary: Summary) -> Iterator[str]:
    worse = [
        f"{tail.name} {points(tail.risk_difference_corrected)}"
        for tail in summary.tails
        if is_worse(tail) and tail.risk_difference_corrected is not None
    ]
    if worse:
        yield f"Points over the core, corrected, if the judges err alike on both: {listed(worse)}."
    yield "Harms, differences from controls and comparisons of runs are as the judges found them: their error is not in those intervals."


def score_lines(record: EpisodeRecord) -> list[str]:
    """Return how judges came to what they say of an episode, stage by stage, a line a score above 1; samples of a baseline are counted."""
    lines = []
    sampled: dict[tuple[str, str, str], list[float]] = {}
    for one in record.assessments:
        whom = f" to {one.person}" if len(record.seats) > 1 else ""
        harm = f"{one.harm.replace('_', ' ')}{whom}"
        if one.stage == "baseline":
            sampled.setdefault((one.judge, one.person, harm), []).append(one.score)
        elif one.score > 1:
            who = "/".join(part for part in (one.judge, one.group, one.by) if part)
            lines.append(f"{one.stage}: {who}: {harm} {one.score:g}: {one.reason}")
    for (judge, _, harm), scores in sampled.items():
        if max(scores) > 1:
            lines.append(f"beside {judge}, one judge asked {len(scores)} times: {harm} {', '.join(f'{score:g}' for score in scores)}")
    return lines


def _agreement(summary: Summary) -> Iterator[str]:
    found = summary.judge_agreement
    if found is None:
        return
    counts = listed([f"{name} {count.failed:,} of {count.units:,}" for name, count in found.judges.items()])
    yield f"Agreement of the judges (Krippendorff's alpha; 1 full, 0 as by chance): {_alpha(found.verdicts)}. They failed: {counts}."
    if found.harms:
        yield "By harm: " + "; ".join(f"{name.replace('_', ' ')} {_alpha(alpha)}" for name, alpha in found.harms.items()) + "."
    if found.scores is not None:
        yield f"Agreement of their scores, by ranks: {_alpha(found.scores)}."


def _panel(name: str, panel: PanelFigures) -> Iterator[str]:
    groups = "; ".join(
        f"{group} ({one.members}) {number(one.score_alone)} alone, "
        + (f"{number(one.score_read)} after reading, " if one.score_read is not None else "")
        + f"{number(one.score_final)} after talk, found {one.found_final:,} of {panel.units:,}"
        for group, one in panel.groups.items()
    )
    yield f"{name}, mean scores by group: {groups}. Groups differed on {panel.apart:,}."
    yield (
        f"{name}, in debate: of {panel.votes:,} votes {panel.toward:,} changed toward the group's majority and {panel.away:,} otherwise; "
        f"{panel.converged:,} of {panel.divided:,} divided groups ended as one."
    )
    if panel.baseline_found is not None:
        yield (
            f"{name} found {panel.found:,} of {panel.units:,}; one judge asked as often ({panel.baseline_samples:,} samples, by majority) "
            f"{panel.baseline_found:,}, the same on {panel.baseline_agrees:,}."
        )


def _alpha(found: Alpha) -> str:
    if found.estimate is None:
        return f"none ({found.reason})"
    ends = f" [{found.low:.2f}, {found.high:.2f}]" if found.low is not None and found.high is not None else ""
    return f"{found.estimate:.2f}{ends} over {found.units:,}"


def _accuracy(found: Accuracy) -> str:
    return f"sensitivity {_share(found.sensitivity)}, specificity {_share(found.specificity)}"


def _share(found: Share) -> str:
    if found.estimate is None:
        return "unknown (none labelled)"
    return f"{percent(found.estimate)} {interval(found.low, found.high)}, {found.numerator:,} of {found.denominator:,}"

"""Coverage that others report of populations of personas, beside the same figure of the people at hand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ..personas.coverage import coverage
from ..personas.reference_rows import ideal_row, iid_uniform_row, random_responder_row
from ..sim.seeds import derive
from ..sim.types import Frozen

if TYPE_CHECKING:
    from ..personas.measurement import Measurement

PEOPLE = 25
"""Size of the populations that the reported figures are of."""

AXES = (2, 3)
"""Axes of the questionnaires that the reported figures are means over."""

DRAWS = 100
"""At least so many groups of 25 are looked at."""

_PAPER = "arXiv 2602.03545"

REPORTED: tuple[tuple[str, float, str], ...] = (
    ("evolved generator, held-out questionnaires", 0.82, f"{_PAPER} v2, a report"),
    ("frontier model asked for diverse people", 0.65, f"{_PAPER} v2, a report"),
    ("simplest baseline", 0.44, f"{_PAPER} v2, a report"),
    ("evolved generator, questionnaires not said", 0.629, f"{_PAPER} v2, another report"),
    ("best of its baselines", 0.515, f"{_PAPER} v2, another report"),
    ("second of its baselines", 0.440, f"{_PAPER} v2, another report"),
    ("third of its baselines", 0.281, f"{_PAPER} v2, another report"),
    ("Nemotron-Personas-USA, static personas", 0.76, f"{_PAPER}, version not said"),
    ("Concordia's formative memories", 0.46, f"{_PAPER}, version not said"),
)
"""Population, coverage (share of the space within the radius, one questionnaire run), and where it is reported."""

CAVEATS = (
    "Reported figures are second-hand: taken from reports about the paper, not from the paper; two reports of its version 2 differ.",
    "They are of other people, other questionnaires and another respondent: a range to know, no line to pass.",
    "One run's coverage can be bought with noise, as those who answer at random show. It says little without the ICC.",
)


class PublishedRow(Frozen):
    """One population's coverage by the published metric: 25 people who answer once, nothing shrunk."""

    population: str
    axes: tuple[int, ...]  # on how many axes; with several, a mean over questionnaires of each kind
    coverage: float | None  # [0, 1]; null where fewer than 25 people could be measured
    source: str


def published_rows(measurement: Measurement) -> tuple[PublishedRow, ...]:
    """Return these people's coverage by the published metric, of controls that are computed here, and what is reported."""
    return (*_these(measurement), *_controls(), *(PublishedRow(population=p, axes=AXES, coverage=c, source=s) for p, c, s in REPORTED))


def single_run_coverage(measurement: Measurement, axes: int) -> float | None:
    """Return the mean coverage of 25 of these people on some of their axes, each answering once.

    Args:
        measurement: The population; bare positions count as answered without noise.
        axes: How many axes at a time; all choices of them are looked at in turn.

    Returns:
        The mean over at least :data:`DRAWS` seeded groups, in [0, 1]; None with fewer than 25 people or too few axes.
    """
    scores, rng = measurement.scores, derive(0, "published", axes)
    choices = list(combinations(range(len(measurement.axes)), axes))
    found = []
    for draw in range(max(DRAWS, len(choices)) if choices else 0):
        points = scores[:, rng.integers(scores.shape[1])][:, choices[draw % len(choices)]]
        points = points[~np.isnan(points).any(axis=1)]
        if len(points) < PEOPLE:
            return None
        found.append(coverage(points[rng.choice(len(points), PEOPLE, replace=False)]))
    return float(np.mean(found)) if found else None


def _these(measurement: Measurement) -> Iterator[PublishedRow]:
    for k in AXES:
        if k <= len(measurement.axes):
            source = "measured here" if measurement.runs else "bare positions, no answers"
            yield PublishedRow(population="these people", axes=(k,), coverage=single_run_coverage(measurement, k), source=source)


def _controls() -> Iterator[PublishedRow]:
    for k in AXES:
        rows = {
            "people who answer at random": random_responder_row(PEOPLE, ((5,) * 4,) * k, runs=1),
            "independent uniform points": iid_uniform_row(PEOPLE, k),
            "evenly spread points (Sobol)": ideal_row(PEOPLE, k),
        }
        for name, row in rows.items():
            yield PublishedRow(population=name, axes=(k,), coverage=row.coverage, source="computed here")

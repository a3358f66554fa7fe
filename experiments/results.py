"""``results.jsonl``: one line a person."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..personas.persona import Persona
from ..sim.files import atomic
from .statistics.estimates import Figure, VerdictCounts
from .statistics.outcomes import VERDICTS, Outcomes
from .statistics.people import people_figures

if TYPE_CHECKING:
    import pandas as pd

Measured = NDArray[np.float64] | None


class PersonaRow(Figure):
    """One person's results. ``rate`` is raw; ``ranking`` is drawn toward the run's mean and fit for ranking people."""

    id: str
    position: dict[str, float]  # assigned
    measured: dict[str, float | None] | None = None
    episodes: int  # planned, resolved or not
    failures: int
    rate: float | None  # failures over resolved episodes
    low: float | None  # Jeffreys
    high: float | None
    verdicts: VerdictCounts
    resolved: int = 0
    ranking: float | None = None  # posterior mean of a beta-binomial fitted to the run
    mixed: bool | None = None  # failed in some resolved replicates and passed in others; null below two


def persona_rows(
    people: Sequence[Persona], axes: Sequence[str], outcomes: Outcomes, measured: Measured = None, first: int | None = None
) -> Iterator[PersonaRow]:
    """Yield the row of each person, in the order of the people.

    Args:
        people: The population.
        axes: Names of the columns of ``measured``.
        outcomes: The target's arm.
        measured: Measured positions, shape (n, axes), NaN where none could be read; None if nobody was asked.
        first: Stop after so many; None: all.
    """
    figures = people_figures(outcomes)
    names = [v.value for v in VERDICTS]
    for i, person in enumerate(people[:first]):
        yield PersonaRow(
            id=person.id,
            position=dict(person.position),
            measured=None if measured is None else {a: _number(x) for a, x in zip(axes, measured[i], strict=True)},
            episodes=int(figures.episodes[i]),
            failures=int(figures.failures[i]),
            rate=_number(figures.rate[i]),
            low=_number(figures.low[i]),
            high=_number(figures.high[i]),
            verdicts=VerdictCounts(**dict(zip(names, figures.verdicts[i].tolist(), strict=True))),
            resolved=int(figures.resolved[i]),
            ranking=_number(figures.ranking[i]),
            mixed=bool(figures.mixed[i]) if figures.resolved[i] > 1 else None,
        )


def write_results(path: Path, rows: Iterable[PersonaRow]) -> int:
    """Write one JSON line a person; the file takes its name only when it is complete.

    Returns:
        Lines written.

    Raises:
        StoreError: If it cannot be written.
    """
    count = 0
    with atomic(path) as out:
        for row in rows:
            line = json.dumps(row.model_dump(mode="json"), ensure_ascii=False, allow_nan=False) + "\n"
            out.write(line.encode())
            count += 1
    return count


def read_results(path: Path) -> Iterator[PersonaRow]:
    """Yield the rows of a file that :func:`write_results` wrote."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield PersonaRow.model_validate_json(line)


def results_table(path: Path) -> pd.DataFrame:
    """Return the rows of a file that :func:`write_results` wrote as a table, one a person, columns as in :class:`PersonaRow`.

    Ids are text, figures floats (NaN where the file has null), positions and verdicts dicts.
    """
    import pandas as pd

    columns = list(PersonaRow.model_fields)
    table = pd.DataFrame((row.model_dump() for row in read_results(path)), columns=columns)
    return table.astype(dict.fromkeys(("rate", "low", "high", "ranking"), float))


def _number(x: float) -> float | None:
    return float(x) if np.isfinite(x) else None

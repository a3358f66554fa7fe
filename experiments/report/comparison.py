"""The page of a comparison: the difference, what it rests on, where it lies, who changed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...sim.files import write_atomic
from ..screen.comparison import bounds_words, checks_words, headline, stopping_words, verdict_lines
from ..screen.wording import STAND_IN, sentence
from .parts import embedded, plotly, policy, template, text_of
from .pictures import label
from .words import plain

if TYPE_CHECKING:
    from ..comparison import Comparison
    from ..statistics.contrasts import Contrast

MOST_PEOPLE = 500
"""People listed on the page, those who changed most."""


def write_comparison(found: Comparison, path: Path) -> Path:
    """Write the page and return its path.

    Args:
        found: What came of the comparison.
        path: The file.

    Raises:
        StoreError: If it cannot be written.
    """
    write_atomic(path, comparison_page(found))
    return path


def comparison_page(found: Comparison) -> str:
    """Return the whole page, self-contained. The same comparison gives the same bytes."""
    data = forest({"everybody": found.overall, **found.tails, **found.harms})
    scripts = [text_of("plots.js"), text_of("tables.js")]
    scripts = [plotly(), *scripts, text_of("comparison.js")] if data else scripts
    changed = [person for person in found.people if person.change]
    return template("comparison.html").render(
        found=found,
        stand_in=sentence(STAND_IN),
        policy=policy(scripts),
        scripts=scripts,
        style=text_of("style.css"),
        data=embedded(data),
        headline=headline(found),
        verdict=verdict_lines(found),
        remarks=[text for text in (stopping_words(found), bounds_words(found), checks_words(found)) if text],
        overall=found.overall.model_dump(),
        tables=[(name, {key: row.model_dump() for key, row in rows.items()}) for name, rows in _tables(found).items()],
        changed=changed[:MOST_PEOPLE],
        all_changed=len(changed),
        drawn=data is not None,
    )


def _tables(found: Comparison) -> Mapping[str, Mapping[str, Contrast]]:
    return {"tail": found.tails, "harm": found.harms}


def forest(rows: Mapping[str, Contrast]) -> dict[str, Any] | None:
    """Return differences with their intervals, the first on top, as data for plotly; None if none was measured.

    Args:
        rows: By what the difference speaks of.
    """
    shown = [(name, row.difference) for name, row in reversed(list(rows.items())) if row.difference.estimate is not None]
    if not shown:
        return None
    return {
        "names": [label(plain(name)) for name, _ in shown],
        "x": [gap.estimate for _, gap in shown],
        "above": [0.0 if gap.high is None else max(0.0, gap.high - (gap.estimate or 0)) for _, gap in shown],
        "below": [0.0 if gap.low is None else max(0.0, (gap.estimate or 0) - gap.low) for _, gap in shown],
    }

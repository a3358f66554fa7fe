"""Judges before the first episode: models are greeted, documents read, labelled transcripts judged; and what is told of them after."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import JsonValue

from ..agents.episode_calls import Extent, most_calls
from ..agents.panel import PanelJudge
from ..sim.files import write_atomic
from ..sim.protocols import Judge, Player, Preparing
from ..sim.types import EpisodeRecord
from .judge_labels import LabelledJudges, Reading, Sheet, kept_figures, kept_text, label_key, measure_judges
from .statistics.panels import PanelFigures, panel_figures
from .store.kept_lines import KeptLines

LABELS = "judge-labels.json"
"""File in the run directory with what was measured on labelled transcripts."""

READINGS = "judge-labels.jsonl"
"""File in the run directory with what judges that cost something said of each of them."""


async def get_ready(judges: Sequence[Judge], folder: Path, *, asked: bool = True) -> None:
    """Let judges get ready; what one wants kept (a panel its stakeholders) is written to ``judge-N.json``.

    Args:
        judges: Those of the run.
        folder: The run directory.
        asked: Whether there is anything to judge; if not, no model is greeted, and panels recall who they were.

    Raises:
        InputError: If one cannot use what it was given.
        UnreachableError: If a model does not answer.
        BudgetExceeded: If an open limit is met.
    """
    for number, judge in enumerate(judges, 1):
        if isinstance(judge, Preparing):
            file = folder / f"judge-{number}.json"
            before = file.read_text(encoding="utf-8") if file.is_file() else ""
            if not asked:
                if before and isinstance(judge, PanelJudge):
                    judge.recall(before)
                continue
            kept = await judge.prepare(before)
            if kept and kept != before:
                write_atomic(file, kept)


async def measured_judges(judges: Sequence[Judge], sheet: Sheet, folder: Path, at_once: int) -> LabelledJudges:
    """Return how well judges read labelled transcripts, as an earlier session measured it or anew.

    Raises:
        InputError: If no transcript could be read.
        BudgetExceeded: If an open limit is met.
    """
    key = label_key(judges, sheet)
    found = kept_figures(folder / LABELS, key)
    if found is None:
        costly = most_judge_calls(judges, Extent(turns=1, people=1, speakers=1)) > 0
        kept = KeptLines(folder / READINGS, Reading, "judgement") if costly else None
        found = await measure_judges(judges, sheet, wait=patience(judges), at_once=at_once, kept=kept)
        write_atomic(folder / LABELS, kept_text(key, found))
    return found


def patience(minds: Sequence[Judge | Player], usual: float = 120.0) -> float:
    """Return how long a judge may take over an episode, or a player over a turn, in seconds: the slowest's ``patience``, or the usual."""
    return max(usual, *(getattr(mind, "patience", usual) for mind in minds), usual)


def most_judge_calls(judges: Sequence[Judge], extent: Extent) -> int:
    """Return the calls of models that judging one episode may take, failed attempts not counted."""
    return sum(most_calls(judge, extent) for judge in judges)


def speaking(judges: Sequence[Judge]) -> list[str]:
    """Return the names of the judges that speak of the target, and not of the simulated people only."""
    return [judge.name for judge in judges if getattr(judge, "about", "target") != "simulator"]


def panels(judges: Sequence[Judge], records: Iterable[EpisodeRecord]) -> dict[str, PanelFigures]:
    """Return what each panel did, by its name."""
    own = [judge for judge in judges if isinstance(judge, PanelJudge)]
    kept = [record for record in records if record.assessments] if own else []
    found = {}
    for judge in own:
        who: JsonValue = None if judge.stakeholders is None else json.loads(judge.stakeholders.model_dump_json())
        figures = panel_figures(kept, judge.name, judge.options.failing, who)
        if figures is not None:
            found[judge.name] = figures
    return found

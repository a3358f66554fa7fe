"""What left episodes without a verdict on the target, in words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.types import Fault, Verdict
from ..statistics.advice import MISSING
from ..store.rows import TARGET_ARM
from ..store.store import RunStore
from .plurals import number_of

if TYPE_CHECKING:
    from ..summary import Summary


def fault_lines(store: RunStore, most: int = 3) -> list[str]:
    """Return the commonest faults that left episodes without a verdict, one line each."""
    said = Counter((arm, fault.message, is_own(fault)) for arm, fault in _faulted(store))
    lines = [
        f"{n} of the episodes with {_whom(arm)} ended without a verdict: {message} ({_again(own)})"
        for (arm, message, own), n in said.most_common(most)
    ]
    rest = len(said) - most
    return [*lines, f"... and {number_of(rest, 'other fault')}."] if rest > 0 else lines


def last_word(store: RunStore, summary: Summary, folder: Path) -> str:
    """Return what to do first where faults took many of the target's episodes; nothing where they took few.

    It stands behind everything else, where nobody overlooks it, because the exit status says only that a run is complete.
    """
    in_all, lost = sum(summary.verdicts.model_dump().values()), summary.verdicts.infrastructure
    found = Counter((fault.message, is_own(fault)) for arm, fault in _faulted(store) if arm == TARGET_ARM)
    if lost <= MISSING * in_all or not found:
        return ""
    (message, own), *others = [fault for fault, _ in found.most_common()]
    what = f"{'most often ' if others else ''}{message}"
    lead = f"{number_of(lost, 'episode')} of {in_all:,} tell nothing of {summary.run.target}, because a fault ended them: {what}."
    mend = "Mend its code first; then play them again with" if own else "Play them again with"
    return f"{lead} Do not rely on the figures before that is put right. {mend}: outskirts resume {folder}"


def is_own(fault: Fault) -> bool:
    """Tell whether code of the user's own raised or returned what is no reply, which it will again until it is mended."""
    return fault.kind in ("raised", "invalid_reply")


def _faulted(store: RunStore) -> list[tuple[str, Fault]]:
    if not any(row.verdict == Verdict.INFRASTRUCTURE.value for row in store.rows()):
        return []
    return [(arm, r.fault) for arm, r in store.records() if r.verdict is Verdict.INFRASTRUCTURE and r.fault is not None]


def _again(own: bool) -> str:
    again = "outskirts resume tries them again"
    return f"once that is mended, {again}" if own else again


def _whom(arm: str) -> str:
    return "the target" if arm == TARGET_ARM else arm

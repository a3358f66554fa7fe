"""What left episodes without a verdict on the target, in words."""

from __future__ import annotations

from collections import Counter

from ...sim.types import Verdict
from ..store.rows import TARGET_ARM
from ..store.store import RunStore


def fault_lines(store: RunStore, most: int = 3) -> list[str]:
    """Return the commonest faults that left episodes without a verdict, one line each."""
    if not any(row.verdict == Verdict.INFRASTRUCTURE.value for row in store.rows()):
        return []
    said = Counter((arm, r.fault.message) for arm, r in store.records() if r.verdict is Verdict.INFRASTRUCTURE and r.fault is not None)
    again = "outskirts resume tries them again"
    lines = [
        f"{n} of the episodes with {_whom(arm)} ended without a verdict: {message} ({again})"
        for (arm, message), n in said.most_common(most)
    ]
    rest = len(said) - most
    return [*lines, f"... and {rest} other faults."] if rest > 0 else lines


def _whom(arm: str) -> str:
    return "the target" if arm == TARGET_ARM else arm

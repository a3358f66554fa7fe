"""What stands behind the bar of an arm."""

from __future__ import annotations

from collections import Counter

import pytest

from outskirts.experiments.screen.progress import _note
from outskirts.sim.types import Verdict


@pytest.mark.parametrize(
    ("verdicts", "note"),
    [
        (["passed"], ""),
        (["passed", "failed", "failed"], "2 failed"),
        (["passed", "infrastructure", "simulator_invalid"], "2 unresolved"),
        (["failed", "infrastructure"], "1 failed, 1 unresolved"),
    ],
)
def test_the_note_counts_what_failed_and_what_says_nothing(verdicts: list[str], note: str) -> None:
    assert _note(Counter(map(Verdict, verdicts))) == note

"""The rules find planted contradictions in phrasings that they were not developed on, and leave clean controls alone."""

from __future__ import annotations

import pytest

from benchmarks.contradictions import dialogue, lexical, measure
from benchmarks.planted_phrasings import TOPICS, half
from outskirts.sim.seeds import derive


@pytest.mark.slow
@pytest.mark.parametrize("which", ["held_out", "develop"])
def test_precision_and_recall_reach_their_figures(which: str) -> None:
    found = measure(which, each=120)  # type: ignore[arg-type]
    assert (found["planted"], found["clean"]) == (240, 240)
    assert float(str(found["precision"])) >= 0.9
    assert min(float(str(found[f"recall{kind}"])) for kind in ("", "_prompt_to_line", "_line_to_line")) >= 0.7


@pytest.mark.slow
def test_the_lexical_player_is_hardly_ever_called_inconsistent() -> None:
    found = lexical(24)
    people = sum(row["people"] for row in found.values())  # type: ignore[index]
    flagged = sum(sum(row.values()) - row["people"] for row in found.values())  # type: ignore[attr-defined, index]
    assert people >= 90
    assert flagged <= 0.03 * people


def test_the_halves_are_disjoint_and_a_dialogue_holds_what_was_planted() -> None:
    every = [s for t in TOPICS for s in (*t.one, *t.other)]
    assert {half(s) for s in every} == {"develop", "held_out"}
    for kind in ("prompt_to_line", "line_to_line", "clean"):
        drawn = dialogue(derive(0, kind), "held_out", kind)  # type: ignore[arg-type]
        said = " ".join(m.text for m in drawn.case.messages if m.sender == "person_0")
        assert drawn.planted[1] in said
        assert (drawn.planted[0] in drawn.case.people[0].description) or drawn.planted[0] in said

"""Edits are recorded line by line: a lineage replays to the same bytes, or says what does not fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.lineage import Lineage, lineage_of, replay
from outskirts.personas.evolution.patch import Patch, patch_of, patched
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import Stream

LINES = st.text(st.sampled_from("ab\n\r\x0c\u2028 "), max_size=30)


def evolved(steps=12):
    """Return candidates by id, the last of which came about by so many structural edits."""
    seeds, mutators = seed_programs(), structural_mutators()
    found = {"c0": Candidate(id="c0", source=seeds["fitting"], family="fitting", island=0, generation=0, mutator="seed")}
    last, number = "c0", 0
    while len(found) <= steps:
        number += 1
        name = list(mutators)[number % len(mutators)]
        child = mutators[name].edit(found[last].source, seeds["rules"], Stream(0, number))
        if child.source is not None:
            new = f"c{len(found)}"
            parents = (last, "c77") if child.crossed else (last,)
            fields = {"source": child.source, "edit": child.edit, "record": child.record, "mutator": name, "parents": parents}
            found[new] = found[last].model_copy(update={"id": new, **fields})
            last = new
    return found, last


@given(LINES, LINES)
def test_a_patch_makes_the_child_of_the_parent_byte_for_byte(before, after):
    patch = Patch.model_validate_json(patch_of(before, after).model_dump_json())
    assert patched(before, patch) == after


def test_a_lineage_read_back_from_json_replays_to_identical_bytes():
    found, last = evolved()
    lineage = Lineage.model_validate_json(lineage_of(found, last).model_dump_json())
    assert (lineage.family, lineage.seed, len(lineage.steps)) == ("fitting", "c0", 12)
    assert replay(seed_programs(), lineage).encode() == found[last].source.encode()


def test_a_lineage_of_a_seed_is_the_seed():
    found, _ = evolved(1)
    assert replay(seed_programs(), lineage_of(found, "c0")) == seed_programs()["fitting"]


def test_what_does_not_fit_is_said():
    found, last = evolved(3)
    lineage = lineage_of(found, last)
    with pytest.raises(InputError, match="expected the program"):
        replay({"fitting": seed_programs()["rules"]}, lineage)
    with pytest.raises(InputError, match="expected the seed program 'fitting', got"):
        replay({}, lineage)
    with pytest.raises(InputError, match="expected the program"):
        replay(seed_programs(), lineage.model_copy(update={"steps": lineage.steps[1:]}))
    with pytest.raises(InputError, match="expected a record of the edit that made c1"):
        lineage_of({**found, "c1": found["c1"].model_copy(update={"record": None})}, last)
    with pytest.raises(InputError, match="expected candidate c9"):
        lineage_of(found, "c9")


def test_a_patch_with_a_forged_line_is_refused():
    patch = patch_of("a\nb\n", "a\nc\n")
    hunk = patch.hunks[0]
    with pytest.raises(InputError, match="to give"):
        patched("a\nb\n", patch.model_copy(update={"hunks": (hunk.model_copy(update={"new": ("evil\n",)}),)}))
    with pytest.raises(InputError, match="the lines it replaces at line 2"):
        patched("a\nb\n", patch.model_copy(update={"hunks": (hunk.model_copy(update={"old": ("x\n",)}),)}))

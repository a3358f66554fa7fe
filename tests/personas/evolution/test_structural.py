"""Structural edits: whatever they do, a child parses, keeps the contract and differs from its parents."""

from __future__ import annotations

import ast
import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.contract import fault, tells_every_axis
from outskirts.personas.evolution.edits.structural import structural_mutators
from outskirts.personas.evolution.identity import fingerprint
from outskirts.personas.evolution.patch import patch_of, patched, unpatched
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.sim.seeds import Stream
from tests.personas.evolution.programs import parent, people_of

MUTATORS = structural_mutators()
SEEDS = tuple(seed_programs().values())


def edited(name, source, other=None, *path):
    return MUTATORS[name].edit(source, other, Stream(0, name, *path))


def functions(source):
    return {node.name: ast.unparse(node) for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}


CHAINS = st.lists(st.sampled_from(sorted(MUTATORS)), min_size=6, max_size=6)


@given(st.integers(0, 10**6), CHAINS)
@settings(max_examples=5, deadline=None)
def test_chains_of_edits_keep_every_promise(start, names):
    check_chain(start, names)


@pytest.mark.slow
@given(st.integers(0, 10**6), CHAINS)
@settings(max_examples=100, deadline=None)
def test_hundreds_of_edits_in_chains_keep_every_promise(start, names):
    check_chain(start, names)


def check_chain(start, names):
    source, others = SEEDS[start % len(SEEDS)], list(SEEDS)
    for step, name in enumerate(names):
        other = others[(start + step) % len(others)]
        child = MUTATORS[name].edit(source, other, Stream(start, step))
        if child.source is None:
            assert child.edit
            assert child.record is None
            continue
        assert fault(child.source) == ""
        assert tells_every_axis(child.source)
        assert fingerprint(child.source) != fingerprint(source)
        assert patched(source, child.record) == child.source
        assert "\n" not in child.edit
        assert len(people_of(child.source, 5)[1]) == 5
        source = child.source
        others.append(source)


@pytest.mark.parametrize("name", MUTATORS)
def test_the_same_stream_gives_the_same_child_and_others_give_others(name):
    children = [edited(name, SEEDS[2], SEEDS[3], i).source for i in range(12)]
    assert children == [edited(name, SEEDS[2], SEEDS[3], i).source for i in range(12)]
    assert len(set(children)) >= {"crossing": 2, "remove": 3}.get(name, 4)


@pytest.mark.parametrize("name", MUTATORS)
def test_proposing_through_the_protocol_is_the_same_edit(name):
    other = parent(SEEDS[3])
    edited_from = {"record": patch_of(SEEDS[3], SEEDS[2])} if name == "constants" else {}
    child = asyncio.run(MUTATORS[name].propose(parent(SEEDS[2], **edited_from), other, Stream(4, "x")))
    assert child == MUTATORS[name].edit(SEEDS[2], SEEDS[3], Stream(4, "x"))
    assert child.crossed == (name in {"crossing", "borrow"})
    assert child.calls == child.tokens == 0


def test_every_kind_does_what_its_name_says():
    source = SEEDS[3]
    lines = len(source.splitlines())
    for i in range(8):
        assert len(edited("insert", source, None, i).source.splitlines()) > lines
        assert len(edited("remove", source, None, i).source.splitlines()) < lines
        assert len(edited("constants", source, None, i).source.splitlines()) == lines
        placed = functions(edited("placement", source, None, i).source)
        assert placed["portray"] == functions(source)["portray"]
        assert placed["place"] != functions(source)["place"]
        assert functions(edited("replace", source, None, i).source)["place"] == functions(source)["place"]


def test_a_number_that_was_moved_is_moved_on_the_same_way_every_other_time():
    for before, after in (("GAIN = 1.0", "GAIN = 1.3"), ("EMPHASIS = 1.2", "EMPHASIS = 1.1"), ("gain=GAIN", "gain=GAIN, centre=0.55")):
        changed = SEEDS[2].replace(before, after)
        name = after.rpartition("=")[0].split(", ")[-1].strip()
        found = [edited("constants", changed, SEEDS[2], i) for i in range(40)]
        on = [child for child in found if "further" in child.edit]
        values = {float(re.search(rf"{name} ?= ?([0-9.]+)", child.source).group(1)) for child in on}
        now, was = float(after.rpartition("=")[2]), {"GAIN": 1.0, "EMPHASIS": 1.2, "centre": 0.5}[name]
        assert 10 <= len(on) <= 30
        assert len(values) > 4
        assert all((value - now) * (now - was) > 0 and abs(value - now) < 3.01 * abs(now - was) for value in values)


def test_a_seed_has_no_last_step_to_go_on_with():
    assert not any("further" in edited("constants", SEEDS[2], None, i).edit for i in range(20))


def test_a_setting_is_added_where_it_was_left_at_its_default():
    found = {edited("setting", SEEDS[2], None, i).edit.partition(" from its default")[0] for i in range(60)}
    assert {"middle of kit.sitters", "lift of kit.sitters", "centre of who.scores"} == found


@given(st.integers(0, 10**6), st.sampled_from(sorted(MUTATORS)))
@settings(max_examples=20, deadline=None)
def test_a_record_leads_back_to_the_parent(seed, name):
    child = edited(name, SEEDS[seed % len(SEEDS)], SEEDS[(seed + 1) % len(SEEDS)], seed)
    if child.source is not None:
        assert unpatched(child.source, child.record) == SEEDS[seed % len(SEEDS)]


def test_a_crossing_has_one_function_of_each_parent_and_what_both_need():
    one = SEEDS[2].replace(
        "sitters(axes, people, seed, feedback, emphasis=EMPHASIS)", "sitters(axes, people, seed, feedback, emphasis=EMPHASIS + helper(1))"
    )
    one = one.replace("\n\ndef place", "\n\ndef helper(x):\n    return x * GAIN - 1\n\n\ndef place", 1)
    two = SEEDS[3].replace("EMPHASIS = 1.2", "import math\n\nEMPHASIS = 1.9\nUNUSED = 3").replace("width=0.08", "width=math.sin(EMPHASIS)")
    found = {edited("crossing", two, one, i).source for i in range(8)}
    assert len(found) == 2
    for child in found:
        parts = functions(child)
        assert "math.sin" in parts["place"] or "kit.sobol" in parts["place"]
        assert ("math.sin" in parts["place"]) == ("helper" in parts["portray"])
        assert len(people_of(child)[1]) == 9
        assert "UNUSED" not in child
    both = next(child for child in found if "helper" in child)
    assert "EMPHASIS = 1.9" in both
    assert "EMPHASIS_2 = 1.2" in both
    assert "emphasis=EMPHASIS_2" in both


def test_a_borrowed_statement_brings_its_constants_as_numbers():
    found = [edited("borrow", SEEDS[2], SEEDS[3], i) for i in range(30)]
    guarded = next(child for child in found if "at.lean" in child.source)
    assert "at.lean > 0.7" in guarded.source
    assert "DECIDED" not in guarded.source
    assert guarded.edit.startswith("borrowed ")


def test_a_density_goes_where_the_placement_changes_and_stays_where_it_does_not():
    source = SEEDS[2] + "\n\ndef density(axes, points):\n    return [1.0] * len(points)\n"
    assert "density" not in functions(edited("placement", source).source)
    assert "density" in functions(edited("insert", source).source)


def test_removing_never_leaves_an_axis_unsaid():
    source = SEEDS[2].replace("        who.say(who.scores(gain=GAIN))\n", "")
    gone = [edited("remove", source, None, i) for i in range(20)]
    assert all("honestly" in child.source and "fitting()" not in child.source for child in gone if child.source)
    assert any(child.source for child in gone)


def test_misses_say_why():
    bare = "def place(context, axes, n, seed, llm):\n    return []\n\n\ndef portray(context, axes, people, seed, llm, feedback=None):\n    return []\n"
    for name in MUTATORS:
        child = edited(name, bare, bare)
        assert child.source is None
        assert child.edit in {"the program has no place for such an edit", "the edit changed nothing"}
    assert edited("crossing", SEEDS[0]).edit == "there is no other parent to cross with"
    assert edited("insert", "def (").edit.startswith("a parent does not parse: ")


def test_comments_stay_and_nothing_unused_does():
    source = SEEDS[2].replace("EMPHASIS = 1.2", "# how loud\nEMPHASIS = 1.2\nLEFT = 4")
    child = edited("insert", source).source
    assert "# how loud\nEMPHASIS = 1.2\n" in child
    assert "LEFT" not in child


def test_a_setting_given_by_its_place_is_not_given_again_by_name():
    source = SEEDS[2].replace("kit.sobol(axes, n, seed)", "kit.outward(kit.stretched(axes, n, seed, 1.1), 1.3)")
    for i in range(12):
        assert len(people_of(edited("constants", source, None, i).source)[1]) == 9

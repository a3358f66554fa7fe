"""The state of a search: killed anywhere and resumed it ends the same."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.search import Search
from outskirts.sim.errors import InputError
from tests.personas.evolution.fakes import Step, ask, evaluate, generation, go_on, make_search

GENERATIONS = 9


def mutators():
    return [Step("small", 0.05), Step("big", 0.5)]


def killed(search):
    """Return the search as it comes back from a file."""
    return Search.restore(json.loads(json.dumps(search.state())), mutators())


@given(
    st.integers(0, 100),
    st.sets(st.integers(0, 2 * GENERATIONS - 1)),
    st.sampled_from(["elites", "none"]),
    st.sampled_from([None, {"coverage": 1.0, "slope": 2.0}]),
)
@settings(max_examples=30, deadline=None)
def test_a_search_that_is_killed_at_any_call_ends_with_the_same_bytes(seed, kills, selection, weights):
    settings = {"seed": seed, "selection": selection, "weights": weights}
    whole = go_on(make_search(**settings), GENERATIONS)
    search = make_search(**settings)
    for call in range(2 * GENERATIONS):
        if call % 2:
            search.tell([evaluate(candidate) for candidate in search.pending])
        else:
            ask(search)
        if call in kills:
            search = killed(search)
    assert json.dumps(search.state()) == json.dumps(whole.state())
    assert search.rows == whole.rows
    assert search.elites() == whole.elites()


def test_a_search_with_gated_and_rejected_programs_and_islands_without_elites_resumes_too():
    seeds = (("a", "x = [0.1, 0.5, 2.05]"), ("b", "x = [-1, 0, 0]"), ("c", "x = [0.1, 0.5, 2.1]"), ("d", "x = [0.3, 0.2, 1.9]"))
    whole = go_on(make_search(seeds=seeds, islands=6), 5)
    search = go_on(killed(go_on(killed(make_search(seeds=seeds, islands=6)), 2)), 3)
    assert search.state() == whole.state()


def test_after_a_kill_between_ask_and_tell_the_pending_candidates_are_there():
    search = go_on(make_search(), 2)
    assert not killed(search).waiting
    candidates, back = ask(search), killed(search)
    assert back.waiting
    assert back.pending == candidates
    with pytest.raises(RuntimeError, match=r"^ask\(\) was called again before tell\(\)"):
        ask(back)
    told = [evaluate(candidate) for candidate in candidates]
    assert back.tell(told) == search.tell(told)


def test_another_seed_gives_other_children_even_where_nothing_is_to_be_chosen():
    one, two = (go_on(make_search([Step("only")], seed=seed), 2).candidates for seed in (1, 2))
    assert not {c.source for c in one.values() if c.parents} & {c.source for c in two.values() if c.parents}


def test_a_state_is_plain_json_and_names_its_schema():
    state = go_on(make_search(), 3).state()
    assert state["schema"] == 1
    assert json.loads(json.dumps(state)) == state


def test_another_process_with_another_hash_seed_writes_the_same_bytes():
    code = "import json; from tests.personas.evolution.fakes import go_on, make_search; print(json.dumps(go_on(make_search(), 6).state()))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join([os.getcwd(), *filter(None, sys.path)])}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
    assert found == json.dumps(go_on(make_search(), 6).state()) + "\n"


def test_a_state_of_another_schema_is_refused():
    state = {**make_search().state(), "schema": 2}
    with pytest.raises(InputError, match=r"^state: schema: expected 1, which this version of Outskirts reads, got 2\.$"):
        Search.restore(state, mutators())
    for nothing in ({}, {"schema": None}, [1], None):
        with pytest.raises(InputError, match=r"^state: schema: expected 1"):
            Search.restore(nothing, mutators())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"generation": -1}, r"^state: generation: expected a whole number of 0 or more, got -1\.$"),
        ({"clock": 3}, r"^state: clock: expected a known key, got 3\.$"),
        ({"pending": ["c9"]}, r"^state: expected candidates for all the ids that it names, got \['c9'\]\.$"),
        ({"held": [[0, "coverage", "c8"]]}, r"^state: expected candidates for all the ids that it names, got \['c8'\]\.$"),
        ({"held": [[77, "coverage", "c00000"]]}, r"^state: held: expected islands and places of its settings, got \(77, 'coverage'\)\.$"),
        ({"held": [[0, "kl", "c00000"]]}, r"^state: held: expected islands and places of its settings, got \(0, 'kl'\)\.$"),
        ({"evaluations": []}, r"^state: held: expected programs that are ok, got 'c0000\d'\.$"),
    ],
)
def test_a_damaged_state_is_refused(change, message):
    with pytest.raises(InputError, match=message):
        Search.restore({**go_on(make_search(), 2).state(), **change}, mutators())


def test_other_mutators_are_refused():
    with pytest.raises(InputError, match=r"^state: mutators: expected small, got \['small', 'big'\]\.$"):
        Search.restore(make_search().state(), mutators()[:1])


def test_the_state_grows_with_programs_and_not_with_people():
    search = make_search(islands=1, batch=5)
    go_on(search, 10)
    people = search.state()["people"]
    assert 0 < len(people) <= 3
    assert len(generation(search)[0]) == 5

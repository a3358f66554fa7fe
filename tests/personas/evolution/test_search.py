"""Ask and tell: order, islands, turns, misses, the control of random edits, what is logged."""

from __future__ import annotations

import asyncio
import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.breeding import mutation_stream
from outskirts.personas.evolution.mutator import Child, Parent
from outskirts.sim.errors import BudgetExceeded, InputError
from tests.personas.evolution.fakes import METRICS, SEEDS, Says, Step, ask, evaluate, generation, go_on, make_search, values


def test_the_first_generation_is_each_different_seed_once():
    twice = ("dogs", "# the ants again\nx = [0.1,   0.9, 0.2]")
    candidates = ask(make_search(seeds=(*SEEDS, twice)))
    assert [(c.id, c.family, c.mutator, c.parents, c.generation) for c in candidates] == [
        ("c00000", "ants", "seed", (), 0), ("c00001", "bees", "seed", (), 0), ("c00002", "cats", "seed", (), 0),
    ]  # fmt: skip


@given(st.integers(1, 7), st.integers(3, 6), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_every_island_and_every_family_gets_its_turn(islands, seeds, batch):
    programs = [(f"f{i}", f"x = [0.{i + 1}, 0.5, 0.5]") for i in range(seeds)]
    search = make_search(seeds=programs, islands=islands, batch=batch, extinction_every=0, migrate_every=0)
    go_on(search, 1)
    founded = Counter(search.candidates[id].family for id in search.elites().values())
    if islands >= seeds:
        assert set(founded) == {name for name, _ in programs}
    go_on(search, -(-2 * islands // batch))
    children = [c for c in search.candidates.values() if c.parents]
    turns = Counter(c.island for c in children)
    assert set(turns) == set(range(islands))
    assert max(turns.values()) - min(turns.values()) <= 1
    if islands >= seeds:
        assert {c.family for c in children} == {name for name, _ in programs}


@given(st.integers(0, 1000), st.integers(1, 5), st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_children_stay_on_the_island_where_their_parent_is_an_elite(seed, islands, batch):
    search = make_search(seed=seed, islands=islands, batch=batch)
    go_on(search, 1)
    for _ in range(8):
        elites = search.elites()
        for child in generation(search)[0]:
            assert child.parents[0] == elites[child.island, child.aim]
            assert set(child.parents) <= {id for (island, _), id in elites.items() if island == child.island}
            assert child.family == search.candidates[child.parents[0]].family


@given(st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_between_exchanges_an_elite_is_beaten_only_in_its_own_place_by_a_child_of_its_island(seed):
    search = make_search(seed=seed, extinction_every=0, migrate_every=0)
    go_on(search, 1)
    for _ in range(8):
        before = search.elites()
        children = {child.id: child for child in generation(search)[0]}
        for (island, place), id in search.elites().items():
            if id != before[island, place]:
                was, now = (search.evaluations[one].objectives[place] for one in (before[island, place], id))
                assert children[id].island == island
                assert better(place, now, was)


def better(place, value, other):
    """Compare two values by hand."""
    if place == "slope":
        return abs(1 - value) < abs(1 - other)
    return value < other if place == "dispersion" else value > other


def test_parents_are_taken_for_one_metric_after_the_other_on_every_island():
    search = go_on(make_search([Step("small", 0.001)]), 10)
    aims = {island: [c.aim for c in search.candidates.values() if c.parents and c.island == island] for island in range(4)}
    for found in aims.values():
        assert found[:3] == found[3:6] == found[6:9]
        assert set(found[:3]) == set(METRICS)


def test_a_place_with_nothing_left_to_win_is_passed_over():
    seeds = (("ants", "x = [0.1, 0.9, 1.004]"), ("bees", "x = [0.3, 0.5, 1.6]"), ("cats", "x = [0.2, 0.004, 0.996]"))
    search = go_on(make_search([Step("small", 0.0001)], seeds=seeds, islands=3, batch=6, migrate_every=0, extinction_every=0), 6)
    aims = [{c.aim for c in search.candidates.values() if c.parents and c.island == island} for island in range(3)]
    assert aims == [{"coverage", "dispersion"}, set(METRICS), {"coverage"}]


def test_where_nothing_is_left_to_win_anywhere_places_take_turns():
    seeds = tuple((name, f"x = [1.0, {i}e-6, 1.0]") for i, name in enumerate(("ants", "bees", "cats")))
    search = go_on(make_search([Step("small", 0.0001)], seeds=seeds, islands=3, batch=6, migrate_every=0, extinction_every=0), 6)
    assert {c.aim for c in search.candidates.values() if c.parents} == set(METRICS)


def test_every_mutator_gets_its_turn_in_the_first_generation_of_children():
    mutators = [Step(f"m{i}") for i in range(4)]
    search = go_on(make_search(mutators), 2)
    assert [one.asked for one in search.rows[1].yields] == [1, 1, 1, 1]
    assert all(len(mutator.parents) == 1 for mutator in mutators)


@given(st.integers(0, 1000), st.permutations(range(4)))
@settings(max_examples=30, deadline=None)
def test_the_order_of_evaluations_does_not_matter(seed, order):
    straight, shuffled = make_search(seed=seed), make_search(seed=seed)
    for _ in range(6):
        generation(straight)
        told = [evaluate(candidate) for candidate in ask(shuffled)]
        shuffled.tell([told[i] for i in order if i < len(told)])
    assert straight.state() == shuffled.state()


def test_of_equal_programs_the_older_keeps_the_place():
    children = itertools.count()

    class Equal(Step):
        async def propose(self, parent, other, stream):
            return Child(source=f"{parent.candidate.source} or {next(children)}", edit="nothing")

    def same(candidate):
        return evaluate(candidate.model_copy(update={"source": candidate.source.split(" or ")[0]}))

    search = make_search([Equal()])
    for _ in range(4):
        search.tell([same(candidate) for candidate in ask(search)])
    assert {search.candidates[id].generation for id in search.elites().values()} == {0}
    assert search.rows[-1].yields[0].improved == 0
    assert search.rows[-1].yields[0].valid == 12


def test_gated_and_rejected_programs_are_never_elites_and_keep_their_reason():
    search = go_on(make_search([Step("huge", 5.0)]), 12)
    statuses = Counter(evaluation.status for evaluation in search.evaluations.values())
    assert min(statuses["gated"], statuses["rejected"], statuses["ok"]) > 0
    assert {search.evaluations[id].status for id in search.elites().values()} == {"ok"}
    assert {evaluation.reason for evaluation in search.evaluations.values() if evaluation.status != "ok"} == {"a number is off"}


def test_an_island_whose_seed_is_gated_goes_on_from_it():
    gated = ("dogs", "x = [0.1, 0.5, 2.05]")
    search = go_on(make_search([Step("big", 0.5)], seeds=(gated, *SEEDS), migrate_every=0, extinction_every=0), 1)
    assert not [where for where in search.elites() if where[0] == 0]
    go_on(search, 25)
    first = next(c for c in search.candidates.values() if c.parents and c.island == 0)
    assert (first.family, first.aim) == ("dogs", "")
    assert len([where for where in search.elites() if where[0] == 0]) == 3


def test_a_rejected_seed_is_recorded_and_its_islands_are_founded_by_the_others():
    broken = ("broken", "x = [-1, 0, 0]")
    search = go_on(make_search(seeds=(SEEDS[0], broken, SEEDS[1])), 1)
    assert search.evaluations["c00001"].status == "rejected"
    families = [search.candidates[search.elites()[island, "coverage"]].family for island in range(4)]
    assert families == ["ants", "ants", "bees", "ants"]


def test_a_seed_that_does_not_parse_is_asked_like_any_other():
    assert "x = (" in [candidate.source for candidate in ask(make_search(seeds=(*SEEDS, ("broken", "x = ("))))]


def test_seeds_none_of_which_can_be_measured_are_refused_with_their_reasons():
    search = go_on(make_search(seeds=[("a", "x = [-1, 0, 0]")], least_families=1), 1)
    with pytest.raises(
        InputError, match=r"^seeds: expected at least one program that can be measured, got \{'c00000': 'a number is off'\}\.$"
    ):
        ask(search)


@pytest.mark.parametrize(
    ("seeds", "message"),
    [
        (SEEDS[:2], r"^seeds: expected 3 or more programs that differ, got \['ants', 'bees'\]\.$"),
        ((*SEEDS[:2], ("b", "x=[0.1,0.9,0.2]")), r"^seeds: expected 3 or more programs that differ, got \['ants', 'bees'\]\.$"),
        ((*SEEDS, SEEDS[0]), r"^seeds: expected programs with different names, got"),
        ((*SEEDS, ("", "x = 1")), r"^seeds: expected programs with different names, got"),
    ],
)
def test_seeds_that_are_too_few_or_named_alike_are_refused(seeds, message):
    with pytest.raises(InputError, match=message):
        make_search(seeds=seeds)


def test_calls_out_of_order_name_both_calls():
    search = make_search()
    with pytest.raises(RuntimeError, match=r"^tell\(\) was called before ask\(\)"):
        search.tell([])
    candidates = ask(search)
    with pytest.raises(RuntimeError, match=r"^ask\(\) was called again before tell\(\)"):
        ask(search)
    search.tell([evaluate(candidate) for candidate in candidates])
    with pytest.raises(RuntimeError, match=r"^tell\(\) was called before ask\(\)"):
        search.tell([])


def test_a_second_ask_while_one_is_under_way_is_refused():
    async def both(search):
        return await asyncio.gather(search.ask(), search.ask(), return_exceptions=True)

    class Slow(Step):
        async def propose(self, parent, other, stream):
            await asyncio.sleep(0)
            return await super().propose(parent, other, stream)

    first, second = asyncio.run(both(go_on(make_search([Slow()]), 1)))
    assert len(first) == 4
    assert isinstance(second, RuntimeError)


def test_what_is_told_must_be_what_was_asked_once_each_and_changes_nothing_otherwise():
    search = go_on(make_search(), 1)
    told = [evaluate(candidate) for candidate in ask(search)]
    before = search.state()
    lacking = told[0].model_copy(update={"objectives": {"coverage": 1.0, "dispersion": float("nan"), "slope": 1.0}, "status": "ok"})
    for wrong, message in (
        ([*told, told[0]], r"^evaluations: expected each candidate once, got 'c00003'\.$"),
        (told[1:], r"^evaluations: expected one for each candidate of the last ask\(\), got 'none for c00003'\.$"),
        (
            [*told[1:], told[0].model_copy(update={"candidate": "c99"})],
            r"^evaluations: expected candidates of the last ask\(\), got 'c99'\.$",
        ),
        ([*told[1:], told[0].model_copy(update={"candidate": "c00000"})], r"candidates of the last ask\(\), got 'c00000'\.$"),
        ([*told[1:], lacking], r"^evaluation of c00003: objectives\['dispersion'\]: expected a finite number, got nan\.$"),
    ):
        with pytest.raises(InputError, match=message):
            search.tell(wrong)
        assert search.state() == before
    search.tell(told)


def test_a_program_that_was_measured_is_not_asked_again_and_other_mutations_are_tried():
    same = Says("same", Child(source="x = [0.1, 0.9, 0.2]  # the ants", edit="nothing"))
    search = go_on(make_search([same, Step("small", 0.05)], tries=12), 6)
    assert same.asked >= 1
    assert len(search.candidates) == 3 + 5 * 4
    assert len({tuple(values(candidate.source)) for candidate in search.candidates.values()}) == len(search.candidates)
    missed = [attempt for attempt in search.attempts if attempt.candidate is None]
    assert {attempt.reason for attempt in missed if attempt.mutator == "same"} == {"the same program as c00000"}


def test_two_equal_children_of_one_generation_are_asked_once():
    search = go_on(make_search([Says("same", Child(source="x = [0.5, 0.5, 0.5]", edit="all"))]), 1)
    candidates, row = generation(search)
    assert [candidate.source for candidate in candidates] == ["x = [0.5, 0.5, 0.5]"]
    assert row.missed == 3 * 4
    assert "the same program as another child of generation 1" in {attempt.reason for attempt in search.attempts}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Child(source=None, edit="the model answered in prose"), "the model answered in prose"),
        (Child(source=None, edit=""), "it gave no program"),
        (Child(source="x = (", edit="?"), "it does not parse: '(' was never closed (line 1)"),
        (Child(source="x = 1\0", edit="?"), "it does not parse: source code string cannot contain null bytes"),
        (Child(source="(" * 5000 + ")" * 5000, edit="?"), "it does not parse: "),
        (Child(source="#" * 300_000, edit="?"), "it has 300,000 characters, more than 200,000"),
        (ZeroDivisionError("oh"), "ZeroDivisionError: oh"),
        (SystemExit(3), "RuntimeError: SystemExit: 3"),
    ],
)
def test_a_mutator_that_only_misses_is_tried_so_often_and_an_empty_generation_can_be_told(answer, reason):
    mutator = Says("misses", answer)
    search = go_on(make_search([mutator], tries=3), 1)
    candidates, row = generation(search)
    assert candidates == ()
    assert mutator.asked == row.missed == row.yields[0].misses == 3 * 4
    assert all(attempt.reason.startswith(reason) for attempt in search.attempts)
    assert search.generation == 2


def test_an_error_of_our_own_passes_and_leaves_the_search_as_it_was():
    broke = Says("broke", BudgetExceeded("calls", 3, "run"))
    search = go_on(make_search([Step(), broke]), 1)
    before = search.state()
    with pytest.raises(BudgetExceeded):
        ask(search)
    assert search.state() == before
    broke.child = Child(source="x = [0.5, 0.5, 0.5]", edit="all")
    assert len(ask(search)) == 4


def test_yields_tell_what_was_asked_missed_valid_and_improved():
    search = go_on(make_search([Step("small", 0.05), Says("misses", Child(source=None, edit="no"))]), 8)
    small, misses = search.rows[-1].yields
    children = [c for c in search.candidates.values() if c.parents]
    assert small.asked - small.misses == len(children)
    assert small.valid == sum(search.evaluations[c.id].status == "ok" for c in children)
    assert 0 < small.improved == sum(row.improved for row in search.rows)
    assert (misses.asked, misses.valid, misses.improved) == (misses.misses, 0, 0)
    assert small.asked > misses.asked > 0


def test_elites_reach_mutators_with_their_people_and_others_lose_them():
    mutator = Step("small", 0.05)
    search = go_on(make_search([mutator]), 4)
    assert all(parent.evaluation.sample[0].description == parent.candidate.source for parent, _ in mutator.parents)
    assert all(other.candidate.id != parent.candidate.id for parent, other in mutator.parents if other)
    assert any(other for _, other in mutator.parents)
    assert set(search.state()["people"]) == set(search.elites().values())
    assert not any(evaluation.sample or evaluation.worst for evaluation in search.evaluations.values())


def test_random_edits_choose_parents_alike_and_see_nothing_that_was_measured():
    mutator = Step("huge", 1.0)
    search = go_on(make_search([mutator], selection="none", islands=2, batch=30, migrate_every=1, extinction_every=1), 4)
    assert all(not p.evaluation.objectives and not p.evaluation.sample and not p.evaluation.reason for p, _ in mutator.parents)
    parents = Counter(search.evaluations[c.parents[0]].status for c in search.candidates.values() if c.parents)
    assert parents["gated"] > 5
    assert parents["ok"] > 5
    assert not parents["rejected"]
    assert not any(row.moves or row.extinction.wiped for row in search.rows)
    assert {c.aim for c in search.candidates.values()} == {""}


def test_random_edits_still_record_elites():
    search = go_on(make_search([Step("small", 0.1)], selection="none", migrate_every=0), 6)
    for island in range(4):
        here = [c.id for c in search.candidates.values() if c.island == island and search.evaluations[c.id].status == "ok"]
        top = max(search.evaluations[id].objectives["coverage"] for id in here)
        assert search.evaluations[search.elites()[island, "coverage"]].objectives["coverage"] >= top


def test_weights_add_a_place_with_the_best_weighted_sum():
    weights = {"coverage": 1.0, "dispersion": 0.5}
    search = go_on(make_search(weights=weights, islands=1, batch=6), 6)
    sums = [e.objectives["coverage"] - 0.5 * e.objectives["dispersion"] for e in search.evaluations.values() if e.status == "ok"]
    held = search.evaluations[search.elites()[0, "weighted"]].objectives
    assert held["coverage"] - 0.5 * held["dispersion"] == max(sums) == search.rows[-1].best["weighted"]
    assert "weighted" in {c.aim for c in search.candidates.values()}
    assert "weighted" not in go_on(make_search(), 2).rows[-1].best


def test_rows_tell_best_mean_occupancy_origin_and_cost():
    search = go_on(make_search(), 7)
    for row in search.rows:
        assert (row.filled, row.places) == (12, 12)
        assert sum(row.families.values()) == sum(row.mutators.values()) == 12
        assert row.programs == len({elite.candidate for elite in row.elites})
    row, elites = search.rows[-1], search.elites()
    dispersions = [search.evaluations[elites[island, "dispersion"]].objectives["dispersion"] for island in range(4)]
    assert row.best["dispersion"] == min(dispersions)
    assert row.mean["dispersion"] == pytest.approx(sum(dispersions) / 4)
    assert {(e.island, e.place): e.candidate for e in row.elites} == elites
    assert all(e.lineage == tuple(c.id for c in search.lineage(e.candidate)) for e in row.elites)
    assert (row.mutator_calls, row.mutator_tokens, row.program_calls, row.program_tokens) == (4, 40, 8, 12)


@given(st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_the_best_of_every_metric_never_gets_worse(seed):
    search = go_on(make_search(seed=seed, islands=3, batch=3, extinction_every=1, migrate_every=2), 10)
    for before, after in itertools.pairwise(search.rows):
        for metric in METRICS:
            assert not better(metric, before.best[metric], after.best[metric])


def test_extinction_and_migration_come_when_they_are_due():
    search = go_on(make_search(extinction_every=3, migrate_every=2, extinction_share=0.5), 8)
    assert [row.generation for row in search.rows if row.extinction.wiped] == [3, 6]
    assert [row.generation for row in search.rows if row.moves] == [2, 4, 6]
    assert len(search.rows[3].extinction.wiped) == len(search.rows[3].extinction.refilled) == 2


def test_a_lineage_leads_from_a_seed_to_the_program():
    search = go_on(make_search(), 10)
    line = search.lineage(max(search.candidates))
    assert line[0].mutator == "seed"
    assert line[-1].id == max(search.candidates)
    assert all(child.parents[0] == parent.id for parent, child in itertools.pairwise(line))
    with pytest.raises(InputError, match=r"^candidate: expected an id that was asked, got 'c99999'\.$"):
        search.lineage("c99999")


def test_every_child_can_be_made_again_from_its_parents_and_its_attempt():
    search = go_on(make_search(), 8)
    mutators = {"small": Step("small", 0.05), "big": Step("big", 0.5)}
    made = [attempt for attempt in search.attempts if attempt.candidate]
    assert len(made) == 28
    for attempt in made:
        parent, other = (
            None if id is None else Parent(candidate=search.candidates[id], evaluation=search.evaluations[id])
            for id in (attempt.parent, attempt.other)
        )
        stream = mutation_stream(search.seed, attempt.generation, attempt.slot, attempt.number)
        child = asyncio.run(mutators[attempt.mutator].propose(parent, other, stream))
        assert child.source == search.candidates[attempt.candidate].source


def test_a_crossed_child_names_both_parents_and_any_other_child_one():
    search = go_on(make_search(), 12)
    crossed = [c for c in search.candidates.values() if len(c.parents) == 2]
    single = [c for c in search.candidates.values() if len(c.parents) == 1]
    assert min(len(crossed), len(single)) > 3
    for child in crossed:
        first, second = (values(search.candidates[id].source) for id in child.parents)
        assert sum(a != b for a, b in zip(values(child.source), first, strict=True)) == 1
        assert all(value in pair for value, *pair in zip(values(child.source), first, second, strict=True))
    for child in single:
        assert sum(a != b for a, b in zip(values(child.source), values(search.candidates[child.parents[0]].source), strict=True)) == 1


def test_how_long_a_mutator_takes_changes_nothing():
    class Uneven(Step):
        async def propose(self, parent, other, stream):
            for _ in range(int(parent.candidate.id[1:]) % 5):
                await asyncio.sleep(0)
            return await super().propose(parent, other, stream)

    even, uneven = make_search([Step("a"), Step("b", 0.5)]), make_search([Uneven("a"), Uneven("b", 0.5)])
    assert go_on(even, 6).state() == go_on(uneven, 6).state()

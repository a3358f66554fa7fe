"""The choice of mutators: everybody first, then by yield."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.personas.evolution.choosing import Attempt, Chooser
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive


def attempts(mutator, children, generation=1):
    """Return attempts of a mutator; None is a miss."""
    return [
        Attempt(generation=generation, slot=i, number=0, mutator=mutator, parent="c0", other=None, candidate=child, calls=2, tokens=7)
        for i, child in enumerate(children)
    ]


def gained(*ids, gain=0.1):
    """Return the same gain for each."""
    return {id: {"kl": gain} for id in ids}


def shares(chooser, draws=2_000):
    found = Counter(chooser.choose(derive(0, "draw", i), {}) for i in range(draws))
    return {name: count / draws for name, count in found.items()}


@given(st.integers(1, 6), st.integers(0, 100), st.booleans())
def test_every_mutator_gets_its_turn_before_any_comes_again(count, seed, adaptive):
    names = [f"m{i}" for i in range(count)]
    chooser, planned = Chooser(names, adaptive=adaptive), Counter()
    for i in range(count):
        planned[chooser.choose(derive(seed, i), planned)] += 1
    assert planned == dict.fromkeys(names, 1)


def test_yields_count_calls_misses_valid_and_improving_children():
    chooser = Chooser(["a", "b"])
    chooser.learn([*attempts("a", ["c1", None, "c2", "c3"]), *attempts("b", [None])], frozenset({"c1", "c2"}), {"c2": {"kl": 0.1}})
    a, b = chooser.yields
    assert (a.mutator, a.asked, a.misses, a.valid, a.improved, a.calls, a.tokens) == ("a", 4, 1, 2, 1, 8, 28)
    assert (b.asked, b.misses, b.valid, b.improved) == (1, 1, 0, 0)


def test_the_mutator_that_yields_more_is_chosen_more_often():
    chooser = Chooser(["bad", "good"])
    good = [f"c{i}" for i in range(10)]
    chooser.learn([*attempts("bad", [f"d{i}" for i in range(10)]), *attempts("good", good)], frozenset(good), gained(*good))
    assert shares(chooser)["good"] > 0.95


def test_a_miss_counts_as_a_call_that_improved_nothing():
    chooser = Chooser(["misses", "improves"])
    chooser.learn([*attempts("misses", ["c1", *[None] * 20]), *attempts("improves", ["c2"])], frozenset({"c1", "c2"}), gained("c1", "c2"))
    assert shares(chooser)["improves"] > 0.9


def test_a_greater_gain_gets_more_credit_than_a_smaller_one_of_the_same_place():
    chooser = Chooser(["small", "great"])
    for generation in range(1, 9):
        calls = [*attempts("small", ["c1"], generation), *attempts("great", ["c2"], generation)]
        chooser.learn(calls, frozenset({"c1", "c2"}), {"c1": {"kl": 0.001 * generation}, "c2": {"kl": 1.0 * generation}})
    small, great = chooser.state().arms
    assert small.total.improved == great.total.improved == 8
    assert small.wins <= great.wins / 2 + 1e-9
    assert shares(chooser)["great"] > 0.9


def test_gains_are_ranked_within_their_place_whatever_the_units():
    chooser = Chooser(["a", "b"])
    calls = [*attempts("a", ["c1", "c2"]), *attempts("b", ["c3", "c4"])]
    chooser.learn(calls, frozenset(), {"c1": {"kl": 500.0}, "c2": {"kl": 900.0}, "c3": {"slope": 0.01}, "c4": {"slope": 0.02}})
    a, b = chooser.state().arms
    assert (a.wins, a.losses) == (b.wins, b.losses) == (1.5, 0.5)


def test_the_best_rank_counts_and_filling_an_empty_place_is_full_credit():
    chooser = Chooser(["a", "b"])
    gains = {"c1": {"kl": 1.0, "slope": 0.1}, "c2": {"kl": 2.0}, "c3": {"slope": 0.2}, "c4": {}}
    chooser.learn([*attempts("a", ["c1", "c2", "c3"]), *attempts("b", ["c4"])], frozenset(), gains)
    a, b = chooser.state().arms
    assert (a.wins, b.wins) == (2.5, 1.0)


def test_only_the_last_gains_are_remembered():
    chooser = Chooser(["a"])
    for generation in range(60):
        chooser.learn(attempts("a", ["c"], generation), frozenset(), {"c": {"kl": float(generation)}})
    assert chooser.state().recent == {"kl": tuple(float(i) for i in range(10, 60))}


def test_what_was_seen_long_ago_counts_less():
    chooser = Chooser(["old", "new"], discount=0.5)
    won = [f"c{i}" for i in range(8)]
    chooser.learn(attempts("old", won), frozenset(won), gained(*won))
    for generation in range(2, 12):
        chooser.learn(attempts("new", ["d"], generation), frozenset(), {})
    old, new = chooser.state().arms
    assert old.wins == pytest.approx(8 * 0.5**10)
    assert new.losses == pytest.approx(sum(0.5**i for i in range(10)))
    assert old.total.improved == 8


def test_a_chooser_that_is_not_adaptive_draws_each_alike():
    chooser = Chooser(["bad", "good"], adaptive=False)
    good = [f"c{i}" for i in range(10)]
    chooser.learn([*attempts("bad", ["d"]), *attempts("good", good)], frozenset(good), gained(*good))
    assert shares(chooser)["good"] == pytest.approx(0.5, abs=0.05)


def test_a_restored_chooser_draws_the_same():
    first, second = Chooser(["a", "b"]), Chooser(["a", "b"])
    first.learn([*attempts("a", ["c1"]), *attempts("b", ["c2"])], frozenset({"c1"}), gained("c1"))
    second.restore(first.state())
    assert shares(first, 200) == shares(second, 200)
    assert first.yields == second.yields


def test_a_state_of_other_mutators_is_refused():
    with pytest.raises(InputError, match=r"^state: mutators: expected a, c, got \['a', 'b'\]\.$"):
        Chooser(["a", "c"]).restore(Chooser(["a", "b"]).state())


@pytest.mark.parametrize("names", [[], ["a", "a"]])
def test_mutators_have_different_names(names):
    with pytest.raises(InputError, match=r"^mutators: expected one or more with different names, got"):
        Chooser(names)

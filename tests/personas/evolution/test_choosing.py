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
    chooser.learn([*attempts("a", ["c1", None, "c2", "c3"]), *attempts("b", [None])], frozenset({"c1", "c2"}), frozenset({"c2"}))
    a, b = chooser.yields
    assert (a.mutator, a.asked, a.misses, a.valid, a.improved, a.calls, a.tokens) == ("a", 4, 1, 2, 1, 8, 28)
    assert (b.asked, b.misses, b.valid, b.improved) == (1, 1, 0, 0)


def test_the_mutator_that_yields_more_is_chosen_more_often():
    chooser = Chooser(["bad", "good"])
    good = [f"c{i}" for i in range(10)]
    chooser.learn([*attempts("bad", [f"d{i}" for i in range(10)]), *attempts("good", good)], frozenset(good), frozenset(good))
    assert shares(chooser)["good"] > 0.95


def test_a_miss_counts_as_a_call_that_improved_nothing():
    chooser = Chooser(["misses", "improves"])
    chooser.learn(
        [*attempts("misses", ["c1", *[None] * 20]), *attempts("improves", ["c2"])], frozenset({"c1", "c2"}), frozenset({"c1", "c2"})
    )
    assert shares(chooser)["improves"] > 0.9


def test_what_was_seen_long_ago_counts_less():
    chooser = Chooser(["old", "new"], discount=0.5)
    won = [f"c{i}" for i in range(8)]
    chooser.learn(attempts("old", won), frozenset(won), frozenset(won))
    for generation in range(2, 12):
        chooser.learn(attempts("new", ["d"], generation), frozenset(), frozenset())
    old, new = chooser.state()
    assert old.wins == pytest.approx(8 * 0.5**10)
    assert new.losses == pytest.approx(sum(0.5**i for i in range(10)))
    assert old.total.improved == 8


def test_a_chooser_that_is_not_adaptive_draws_each_alike():
    chooser = Chooser(["bad", "good"], adaptive=False)
    good = [f"c{i}" for i in range(10)]
    chooser.learn([*attempts("bad", ["d"]), *attempts("good", good)], frozenset(good), frozenset(good))
    assert shares(chooser)["good"] == pytest.approx(0.5, abs=0.05)


def test_a_restored_chooser_draws_the_same():
    first, second = Chooser(["a", "b"]), Chooser(["a", "b"])
    first.learn([*attempts("a", ["c1"]), *attempts("b", ["c2"])], frozenset({"c1"}), frozenset({"c1"}))
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

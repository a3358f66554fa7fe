"""Vendi scores, and descriptions that say the same."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas import diversity as d
from outskirts.sim.errors import InputError
from outskirts.sim.seeds import derive

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "heath",
    "inlet",
    "jetty",
    "knoll",
    "ledge",
    "marsh",
    "north",
    "ocean",
    "plain",
    "quarry",
    "ridge",
    "shoal",
    "tarn",
]
LONG = "I think that {} is what matters most when somebody I do not know asks me for help with a problem at work."


def test_things_that_are_all_alike_count_as_one_and_unlike_ones_as_many():
    assert d.vendi_of(np.ones((7, 7))) == pytest.approx(1.0)
    assert d.vendi_of(np.eye(7)) == pytest.approx(7.0)


@pytest.mark.parametrize("s", [0.1, 0.5, 0.9])
def test_two_things_score_the_closed_form(s):
    shares = ((1 + s) / 2, (1 - s) / 2)
    assert d.vendi_of([[1, s], [s, 1]]) == pytest.approx(math.exp(-sum(p * math.log(p) for p in shares)))


def test_groups_of_copies_count_once_each_by_their_share():
    k = np.kron(np.eye(2), np.ones((3, 3)))
    assert d.vendi_of(k) == pytest.approx(2.0)
    assert d.vendi_of(k[:4, :4]) == pytest.approx(math.exp(-0.75 * math.log(0.75) - 0.25 * math.log(0.25)))


def test_positions_are_compared_by_a_gaussian_of_the_stated_bandwidth():
    x, h = derive(0, "vendi").random((6, 2)), math.sqrt(2 / 6) / 2
    k = [[math.exp(-(math.dist(a, b) ** 2) / (2 * h * h)) for b in x.tolist()] for a in x.tolist()]
    assert d.bandwidth(2) == h
    assert d.vendi_score(x) == pytest.approx(d.vendi_of(k))


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 20), st.integers(1, 4), st.integers(0, 99))
def test_a_vendi_score_is_from_one_to_n_and_knows_no_order(n, k, seed):
    x = np.random.default_rng(seed).random((n, k))
    assert 1 <= d.vendi_score(x) <= n
    assert d.vendi_score(x) == pytest.approx(d.vendi_score(x[::-1]))
    assert d.vendi_score(np.vstack([x, x])) == pytest.approx(d.vendi_score(x))


@pytest.mark.slow
def test_of_very_many_people_a_sample_is_compared_that_knows_no_order():
    x = derive(1, "vendi").random((d.MOST_COMPARED + 50, 2))
    assert d.vendi_score(x) == d.vendi_score(x[::-1])
    assert d.vendi_score(x) == pytest.approx(d.vendi_score(x[:1000]), rel=0.05)


def test_descriptions_are_compared_by_words_and_pairs_of_words():
    cosine = 3 / math.sqrt(5 * 5)  # a, b and "a b" of a, b, c, "a b", "b c"
    assert d.description_vendi(["a b c", "A b, d!"]) == pytest.approx(d.vendi_of([[1, cosine], [cosine, 1]]))
    assert d.description_vendi(["one two"] * 5) == pytest.approx(1.0)


@pytest.mark.parametrize("template", ["I feel that {} is fine here.", LONG])
def test_texts_that_differ_in_one_word_count_once(template):
    assert d.distinct_descriptions([template.format(word) for word in WORDS]) == 1 / len(WORDS)


@pytest.mark.parametrize(("extra", "share"), [(2, 0.5), (3, 1.0)])
def test_near_duplicates_share_four_fifths_of_their_words_and_pairs(extra, share):
    # 21 words have 41 words and pairs; each word added at the end brings two of its own
    base = [f"w{chr(97 + i)}" for i in range(21)]
    first, second = base + [f"x{i}" for i in "abc"[:extra]], base + [f"y{i}" for i in "abc"[:extra]]
    assert (41 / (41 + 4 * extra) >= d.NEAR_DUPLICATE) == (share == 0.5)
    assert d.distinct_descriptions([" ".join(first), " ".join(second)]) == share


def test_unlike_texts_all_count():
    rng = derive(2, "texts")
    assert d.distinct_descriptions([" ".join(rng.choice(WORDS, 30)) for _ in range(25)]) == 1.0


def test_case_space_punctuation_numbers_and_names_are_no_difference():
    texts = ["Ada Smith, 34: shy, from Leeds.", "Bob,  51 - SHY (from Rome)", "ZOE 7 shy; from Bath!"]
    assert d.distinct_descriptions(texts, ["Ada Smith", "Bob", "Zoe"]) == pytest.approx(1 / 3)


def test_capitals_inside_a_sentence_are_names_but_not_those_that_begin_one():
    assert d._words("Calm people like Ada May. I'm calm, and I know.", frozenset()) == (
        "calm",
        "people",
        "like",
        "@",
        "i'm",
        "calm",
        "and",
        "i",
        "know",
    )


def test_order_of_texts_does_not_matter_and_a_copy_halves_the_share():
    texts = ["I trust nobody at all.", "Everything works out in the end.", LONG.format("rain"), LONG.format("sun")]
    assert d.distinct_descriptions(texts) == d.distinct_descriptions(texts[::-1]) == 0.75
    assert d.distinct_descriptions(texts * 2) == 0.375


def test_more_texts_than_are_compared_still_have_a_share():
    rng = derive(3, "texts")
    texts = [" ".join(rng.choice(WORDS, 20)) for _ in range(d.MOST_COMPARED + 100)]
    assert d.distinct_descriptions(texts) > 0.95
    assert d.distinct_descriptions(texts[:500] * 5) == pytest.approx(0.2, abs=0.01)


def test_texts_without_words_are_all_the_same():
    assert d.distinct_descriptions(["...", "!", "?"]) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: d.distinct_descriptions([]), r"^texts: expected at least one description, got 0\.$"),
        (lambda: d.description_vendi([]), r"^texts: expected at least one description, got 0\.$"),
        (lambda: d.vendi_of(np.ones((2, 3))), r"^similarity: expected a square table of one or more, got \(2, 3\)\.$"),
        (lambda: d.vendi_of([[2.0]]), r"^similarity: expected a symmetric table with ones on the diagonal"),
        (lambda: d.vendi_score([[0.5]], width=0), r"^width: expected a number above 0, got 0\.$"),
        (lambda: d.vendi_score([[1.5]]), r"^positions\[0\]\[0\]: expected a number in \[0, 1\], got 1\.5\.$"),
    ],
)
def test_wrong_input_is_refused(call, message):
    with pytest.raises(InputError, match=message):
        call()

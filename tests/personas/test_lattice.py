"""The scenario lattice: declared levels, designs, near-duplicates, the generator program, the checker, the report."""

from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from outskirts.agents.lexical import LexicalReader, LexicalSettings
from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.persona import Persona
from outskirts.personas.population import build_population
from outskirts.personas.programs import default
from outskirts.personas.programs import lattice as program
from outskirts.personas.structured import covering
from outskirts.personas.structured.duplicates import jaccard, near_duplicates, redrawn, words
from outskirts.personas.structured.lattice import NEAR_DUPLICATE, in_situations, situations
from outskirts.personas.structured.lattice_check import check
from outskirts.personas.structured.lattice_generic import default_lattice
from outskirts.personas.structured.lattice_levels import Lattice, lattice_of
from outskirts.personas.structured.lattice_report import lattice_coverage
from outskirts.sim.errors import InputError

AXES = axis_dicts(SUPPORT.questionnaire, SUPPORT.density)
GENERIC = default_lattice(AXES)
GENERATOR = from_object(program, "lattice")


def level(name: str, **signs: object) -> dict[str, object]:
    return {"name": name, "says": [f"It is {name}."], "signs": signs}


def small(**more: object) -> Lattice:
    """Two topics with two subtopics each, and a factor of two levels."""
    topics = [{"name": t, "subtopics": ["a", "b"]} for t in ("rent", "noise")]
    factors = [{"name": "medium", "levels": [level("phone", shows=["on the phone"]), level("email", shows=["this email"])], **more}]
    return lattice_of({"topics": topics, "factors": factors})


def person(number: int, topic: str, subtopic: str, medium: str, description: str = "") -> Persona:
    fields = {"topic": topic, "subtopic": subtopic, "medium": medium}
    profile = {name: {"value": value, "kind": "contextual", "origin": "sampled"} for name, value in fields.items()}
    return Persona.model_validate(
        {"id": f"p{number}", "name": "A", "position": {"x": 0.5}, "description": description or f"word{number}", "profile": profile}
    )


def people(n: int, seed: int = 0) -> list[dict[str, object]]:
    return [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(default.place("", AXES, n, seed))]


def all_pairs(rows: np.ndarray, sizes: list[int]) -> bool:
    """Brute force: every pair of levels of every two factors is in some row."""
    pairs = itertools.combinations(range(len(sizes)), 2)
    return all({(a, b) for a, b in rows[:, [i, j]].tolist()} == set(np.ndindex(sizes[i], sizes[j])) for i, j in pairs)


@pytest.mark.parametrize(("p", "factors"), [(2, 3), (3, 4), (5, 6), (5, 2), (7, 5)])
def test_equal_prime_levels_get_an_orthogonal_array_that_meets_each_pair_exactly_once(p: int, factors: int) -> None:
    sizes = [p] * factors
    assert covering.design_name(sizes) == "orthogonal array of strength 2"
    rows = covering.design_rows(sizes, p * p, 3)
    assert all_pairs(rows, sizes)
    assert all(len({tuple(r) for r in rows[:, [i, j]].tolist()}) == p * p for i, j in itertools.combinations(range(factors), 2))


@pytest.mark.parametrize("sizes", [[4, 4, 4], [3] * 5, [2, 3], [6, 5, 4, 3, 3], [1, 4], [3]])
def test_other_levels_get_a_greedy_design(sizes: list[int]) -> None:
    assert covering.design_name(sizes) == "greedy covering design of strength 2"


@pytest.mark.parametrize("sizes", [[2, 3], [4, 4, 4], [6, 5, 4, 3, 3, 2], [1, 4], [2] * 10])
def test_the_greedy_design_meets_all_pairs_after_the_rows_it_names_and_not_before(sizes: list[int]) -> None:
    pairs = list(itertools.combinations(range(len(sizes)), 2))
    needed = covering.rows_for_all_pairs(sizes, 0, pairs)
    assert needed is not None
    assert all_pairs(covering.design_rows(sizes, needed, 0), sizes)
    assert not all_pairs(covering.design_rows(sizes, needed - 1, 0), sizes)


def test_two_factors_are_a_full_factorial_at_the_product_of_their_levels() -> None:
    assert covering.rows_for_all_pairs([2, 3], 0, [(0, 1)]) == 6


@pytest.mark.parametrize("sizes", [[6, 5, 4, 3], [5, 5, 5]])
def test_fewer_people_get_the_first_rows_of_more(sizes: list[int]) -> None:
    assert np.array_equal(covering.design_rows(sizes, 40, 1), covering.design_rows(sizes, 300, 1)[:40])
    assert not np.array_equal(covering.design_rows(sizes, 40, 1), covering.design_rows(sizes, 40, 2))


@pytest.mark.parametrize("n", [10, 100, 1000])
def test_no_level_of_a_greedy_design_strays_far_from_its_fair_share(n: int) -> None:
    sizes = [6, 5, 4, 3, 3]
    assert max(f.imbalance for f in covering.factors_met(covering.design_rows(sizes, n, 0), sizes)) <= 2


def test_levels_and_pairs_are_counted_as_by_hand() -> None:
    rows = np.array([[0, 0], [0, 1], [0, 1], [1, 1]])
    first, second = covering.factors_met(rows, [3, 2])
    assert (first.met, first.imbalance) == (2, pytest.approx(3 - 4 / 3))
    assert (second.met, second.imbalance) == (2, pytest.approx(1.0))
    assert covering.pairs_met(rows, [3, 2])[0, 1] == covering.PairsMet(3, 6)


def test_a_design_of_no_factor_is_refused() -> None:
    with pytest.raises(InputError, match="factors: expected one or more, each with a level"):
        covering.design_rows([], 3, 0)


def test_the_generic_lattice_has_the_ten_characteristics_and_a_topic_for_each_axis() -> None:
    wanted = {
        "age", "gender", "familiarity", "emotional_state", "formality", "duration", "medium", "topic", "location", "agreement", "natural_features",
    }  # fmt: skip
    assert set(GENERIC.sizes) == wanted | {"subtopic"}
    assert [topic.name for topic in GENERIC.topics] == [*SUPPORT.axes, "the occasion itself"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"topics": []}, r"lattice\.topics: expected at least 1"),
        ({"topics": [{"name": "rent", "subtopics": []}]}, r"lattice\.topics\.0\.subtopics: expected at least 1"),
        ({"topics": [{"name": "rent", "subtopics": ["a", "a"]}]}, "topic rent: subtopic names that differ, not a twice"),
        ({"topics": [{"name": "rent", "subtopics": ["a"], "colour": "red"}]}, r"topics\.0\.colour: expected a known key"),
        ({"topics": [{"name": "rent", "subtopics": ["a"]}], "factors": [{"name": "topic", "levels": [level("x")]}]}, "not topic twice"),
    ],
)
def test_a_lattice_that_is_off_is_refused_with_its_path(data: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        lattice_of(data)


def test_a_lattice_survives_the_mapping_it_is_written_as() -> None:
    assert lattice_of(GENERIC.model_dump(mode="json")) == GENERIC


def test_a_topic_with_fewer_subtopics_than_another_uses_its_own() -> None:
    lattice = lattice_of({"topics": [{"name": "rent", "subtopics": ["a"]}, {"name": "noise", "subtopics": ["b", "c", "d"]}]})
    met = {(s.levels["topic"], s.levels["subtopic"]) for s in situations(lattice, [f"p{i}" for i in range(12)], 0)}
    assert met == {("rent", "a"), ("noise", "b"), ("noise", "c"), ("noise", "d")}


def test_a_situation_depends_on_the_number_in_the_id_and_the_seed_alone() -> None:
    ids = [f"p{i:04d}" for i in range(50)]
    assert situations(GENERIC, ids, 4)[7:9] == situations(GENERIC, ["p0007", "p0008"], 4)
    assert situations(GENERIC, ids, 4) != situations(GENERIC, ids, 5)
    assert situations(GENERIC, ["nobody"], 4) == situations(GENERIC, ["nobody"], 4)


def test_word_sets_are_compared_as_by_hand() -> None:
    assert jaccard("I like green tea.", "I LIKE tea!") == 3 / 4
    assert jaccard("it\u2019s it's", "it's") == 1.0
    assert (jaccard("", ""), jaccard("", "a"), jaccard("a b", "c d")) == (1.0, 0.0, 0.0)


def test_near_duplicates_are_those_of_brute_force() -> None:
    rng = np.random.default_rng(5)
    texts = [" ".join(rng.choice(list("abcdefgh"), size=6)) for _ in range(60)]
    wanted = [(i, j, jaccard(texts[i], texts[j])) for i, j in itertools.combinations(range(60), 2) if jaccard(texts[i], texts[j]) >= 0.6]
    assert [tuple(pair) for pair in near_duplicates(texts, 0.6)] == wanted
    assert wanted


@pytest.mark.slow
def test_near_duplicates_among_texts_of_many_words_are_those_of_brute_force() -> None:
    rng = np.random.default_rng(6)
    vocabulary = np.array([f"word{i}" for i in range(600)])
    texts = [" ".join(rng.permutation(vocabulary)[: rng.integers(80, 200)]) for _ in range(600)]
    for i in range(0, 600, 20):  # some that share most of their words with another
        own = texts[i].split()
        texts[599 - i] = " ".join([*own[: int(len(own) * rng.uniform(0.7, 1))], "more"])
    every = list(itertools.combinations(range(600), 2))
    wanted = [(i, j, jaccard(texts[i], texts[j])) for i, j in every if jaccard(texts[i], texts[j]) >= 0.75]
    assert [tuple(pair) for pair in near_duplicates(texts)] == wanted
    assert 10 < len(wanted) < 30


@given(st.text("ab1Z ''-_.\n\x1c\x85\u00e9\u00df\u2019", max_size=14))
def test_the_words_of_a_plain_text_are_those_of_the_pattern(text: str) -> None:
    pattern = r"[^\W_]+(?:'[^\W_]+)*"
    assert words(text) == frozenset(re.findall(pattern, text.lower().replace("\u2019", "'")))


def test_a_similarity_at_the_threshold_counts_and_one_below_does_not() -> None:
    texts = ["a b c", "a b c d"]
    assert near_duplicates(texts, 0.75) == ((0, 1, 0.75),)
    assert near_duplicates(texts, 0.7501) == ()


def test_a_threshold_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="threshold: expected a number above 0, at most 1"):
        near_duplicates(["a", "b"], 0.0)


def test_the_later_near_duplicate_is_drawn_again_until_it_differs() -> None:
    asked = []

    def again(numbers: object, attempt: int) -> list[str]:
        asked.append((numbers, attempt))
        return ["a b c"] if attempt == 1 else ["x y z"]

    assert redrawn(["a b c", "q r", "a b c"], again, 0.9, 5) == (["a b c", "q r", "x y z"], ())
    assert asked == [([2], 1), ([2], 2)]


def test_what_remains_alike_after_the_last_try_is_listed() -> None:
    texts, left = redrawn(["a b", "c d", "a b"], lambda numbers, attempt: ["a b"] * len(numbers), 0.9, 2)
    assert texts == ["a b", "c d", "a b"]
    assert left == ((0, 2, 1.0),)


def test_a_round_that_makes_more_near_duplicates_is_taken_back() -> None:
    given = ["a b", "a b", "c d e f", "c d e g"]
    texts, left = redrawn(given, lambda numbers, attempt: ["c d e f g"], 0.7, 1)  # like the last two
    assert texts == given
    assert left == ((0, 1, 1.0),)


def test_people_stand_where_default_puts_them_under_their_names() -> None:
    assert GENERATOR.place("", AXES, 20, 1) == default.place("", AXES, 20, 1)
    made, plain = GENERATOR.portray("", AXES, people(20), 0), default.portray("", AXES, people(20), 0)
    assert [m["name"] for m in made] == [p["name"] for p in plain]
    assert all(m["description"].endswith(p["description"]) for m, p in zip(made, plain, strict=True))


def test_any_subset_of_people_is_portrayed_the_same() -> None:
    everybody = people(30)
    assert GENERATOR.portray("", AXES, everybody[5:8], 0) == GENERATOR.portray("", AXES, everybody, 0)[5:8]


def test_the_profile_names_level_kind_and_design_of_each_characteristic() -> None:
    made = build_population(SUPPORT, GENERATOR, 8, 0)[3]
    assert set(made.profile) == set(GENERIC.sizes)
    assert {name for name, field in made.profile.items() if field.kind == "demographic"} == {"age", "gender"}
    assert {(f.origin, f.detail) for f in made.profile.values()} == {("sampled", "greedy covering design of strength 2")}


def test_a_model_writes_the_person_and_never_the_situation() -> None:
    plain = GENERATOR.portray("", AXES, people(1), 0)[0]
    made = GENERATOR.portray("", AXES, people(1), 0, lambda prompts: ["Prose."] * len(prompts))[0]
    situation = plain["description"].removesuffix(default.portray("", AXES, people(1), 0)[0]["description"])
    assert made["description"] == situation + "Prose."
    assert made["source"] == "model"


def test_people_whom_no_other_words_tell_apart_carry_whom_they_resemble() -> None:
    def same(context: str, axes: object, given: list[object], *rest: object) -> list[dict[str, object]]:
        return [{"name": "A", "description": " ".join(f"word{i}" for i in range(400))} for _ in given]

    made = in_situations(small(), same, "", AXES, people(3), 0)
    assert NEAR_DUPLICATE not in made[0]["profile"]
    assert [m["profile"][NEAR_DUPLICATE].value for m in made[1:]] == ["p0000", "p0000"]


@pytest.mark.parametrize(("misreading", "most"), [(0.0, 0.02), (0.05, 0.1)])
def test_the_situation_hardly_moves_where_a_person_is_read_to_stand(misreading: float, most: float) -> None:
    read = LexicalReader(SUPPORT.questionnaire, LexicalSettings(misreading=misreading))
    given = people(100)
    pairs = zip(GENERATOR.portray("", AXES, given, 0), default.portray("", AXES, given, 0), strict=True)
    moved = np.array([read.stance(a["description"]) - read.stance(b["description"]) for a, b in pairs])
    assert np.abs(moved).mean(axis=0).max() < most


def test_a_lattice_of_ones_own_serves_the_same_program() -> None:
    made = from_object(program.of(small()), "mine").portray("", AXES, people(8), 0)
    assert {m["profile"]["medium"].value for m in made} == {"phone", "email"}
    assert all(f"It is {m['profile']['medium'].value}." in m["description"] for m in made)


@pytest.mark.parametrize(
    ("name", "value", "said", "verdict"),
    [
        ("duration", "short", ["Hello."] * 4, "honoured"),
        ("duration", "short", ["Hello."] * 5, "broken"),
        ("duration", "short", "Hello.", "cannot tell"),
        ("medium", "phone call", "Sorry, I am on the PHONE.", "honoured"),
        ("medium", "phone call", "As I wrote in this email.", "broken"),
        ("medium", "phone call", "I put this email aside, I am on the phone.", "cannot tell"),
        ("medium", "phone call", "Hello.", "cannot tell"),
        ("formality", "formal", "Dear Ms Ortiz,", "honoured"),
        ("formality", "formal", "hey there", "broken"),
        ("formality", "formal", "They say so.", "cannot tell"),
        ("formality", "everyday", "hey there", "cannot tell"),
        ("natural_features", "fillers", "Um, I went home.", "honoured"),
        ("natural_features", "fillers", "The drum is loud. " * 10, "broken"),
        ("natural_features", "fillers", "The drum is loud.", "cannot tell"),
        ("natural_features", "pauses", "I went ... home.", "honoured"),
        ("natural_features", "slang", "I\u2019m gonna go.", "honoured"),
        ("natural_features", "plain", "I went home at ten. " * 8, "honoured"),
        ("natural_features", "plain", "I went home at ten.", "cannot tell"),
        ("natural_features", "plain", "Um, home.", "broken"),
        ("emotional_state", "even", "I went home.", "cannot tell"),
        ("topic", "trust", "It is about trust.", "honoured"),
        ("topic", "trust", "It is about trusting.", "cannot tell"),
        ("subtopic", "what comes next", "So, what comes next?", "honoured"),
    ],
)
def test_a_text_honours_breaks_or_leaves_open_a_characteristic(name: str, value: str, said: str | list[str], verdict: str) -> None:
    (found,) = check(GENERIC, {name: value}, said)
    assert (found.characteristic, found.level, found.verdict) == (name, value, verdict)


def test_the_evidence_quotes_the_sign_or_counts() -> None:
    assert check(GENERIC, {"formality": "formal"}, "hey there")[0].evidence == "says 'hey'"
    assert check(GENERIC, {"duration": "short"}, ["a"] * 7)[0].evidence == "7 turns, wanted 1 to 4"
    assert check(GENERIC, {"medium": "email"}, "one two three")[0].evidence == "nothing in 3 words shows it"


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ({"colour": "red"}, "characteristic: expected one of topic"),
        ({"medium": "pigeon"}, "medium: expected one of text chat"),
        ({"topic": "x"}, "topic: "),
    ],
)
def test_a_level_that_is_not_declared_cannot_be_checked(levels: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check(GENERIC, levels, "Hello.")


def test_every_sentence_of_the_generic_lattice_shows_its_own_level_or_nothing() -> None:
    for factor in GENERIC.factors:
        for declared in factor.levels:
            for sentence in declared.says:
                (found,) = check(GENERIC, {factor.name: declared.name}, sentence)
                assert found.verdict != "broken", (factor.name, sentence, found.evidence)


def test_the_report_counts_levels_and_pairs_as_by_hand() -> None:
    given = [person(0, "rent", "a", "phone"), person(1, "rent", "b", "phone"), person(2, "noise", "a", "email")]
    found = lattice_coverage(given, small())
    assert found.levels_met == 1.0
    assert found.pairs == {"topic x subtopic": 3 / 4, "topic x medium": 2 / 4}  # a subtopic counts within its topic only
    assert found.pairs_met == 5 / 8
    assert found.most_pairs == 6 / 8
    assert found.imbalance == 0.5
    assert found.needed_at_least == 4
    assert found.characteristics["medium"].imbalance == 0.5


def test_the_default_design_meets_more_pairs_than_independent_draws_and_close_to_what_is_possible() -> None:
    found = lattice_coverage(build_population(SUPPORT, GENERATOR, 24, 0), GENERIC)
    assert found.random.pairs_met + 0.1 < found.pairs_met <= found.most_pairs
    assert found.imbalance < found.random.imbalance
    assert (found.levels_met, found.needed_at_least, found.design) == (1.0, 30, "greedy covering design of strength 2")


def test_all_pairs_are_met_once_there_are_as_many_people_as_the_report_says() -> None:
    needed = lattice_coverage(build_population(SUPPORT, GENERATOR, 2, 0), GENERIC).needed
    assert needed is not None
    assert 30 <= needed <= 45
    assert lattice_coverage(build_population(SUPPORT, GENERATOR, needed, 0), GENERIC).pairs_met == 1.0
    assert lattice_coverage(build_population(SUPPORT, GENERATOR, needed - 1, 0), GENERIC).pairs_met < 1.0


def test_the_report_lists_near_duplicates_by_id_and_says_what_the_lattice_is_not() -> None:
    given = [person(0, "rent", "a", "phone", "the same words"), person(1, "noise", "b", "email", "The same words.")]
    found = lattice_coverage(given, small())
    assert [(a.first, a.second, a.similarity) for a in found.near_duplicates] == [("p0", "p1", 1.0)]
    assert "script" in found.note


def test_the_order_of_people_does_not_change_the_report() -> None:
    given = list(build_population(SUPPORT, GENERATOR, 20, 0))
    assert lattice_coverage(given[::-1], GENERIC) == lattice_coverage(given, GENERIC)


def test_somebody_without_a_situation_is_named() -> None:
    bare = person(0, "rent", "a", "phone").model_copy(update={"profile": {}})
    with pytest.raises(InputError, match=r"p0: profile.topic: expected one of rent, noise, got 'nothing'"):
        lattice_coverage([bare], small())
    with pytest.raises(InputError, match=r"p0: profile.medium: expected one of phone, email, got 'pigeon'"):
        lattice_coverage([person(0, "rent", "a", "pigeon")], small())
    with pytest.raises(InputError, match="people: expected at least one person"):
        lattice_coverage([], small())

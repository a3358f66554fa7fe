"""Generator programs: where they place people, what they write, and what happens when one breaks the contract."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import cKDTree

from outskirts.personas.generators import GENERATORS, from_object, get_generator
from outskirts.personas.programs import _placements as placements
from outskirts.personas.programs._names import FIRST_NAMES, name_of
from outskirts.personas.programs._portraits import aims_of
from outskirts.personas.programs._statements import FREQUENCIES, clause, denies, graded, graded_halves, halves
from outskirts.personas.programs._wording import OCCASIONS, OPINIONS
from outskirts.sim.errors import InputError, UnknownNameError

AXES = [
    {"name": "calm", "low": "I worry about small things.", "high": "I stay calm in a storm."},
    {
        "name": "talk",
        "low": "I say little.",
        "high": "I talk to everybody.",
        "reference": {"a": 2.0, "b": 5.0, "correlation": {"calm": 0.3}},
    },
]
ADVERBS = [adverb for _, adverb in FREQUENCIES]


def person(x: float, number: int = 0) -> dict[str, object]:
    return {"id": f"p{number:04d}", "position": {"calm": x, "talk": x}}


def text(x: float, generator: str = "default", feedback: object = None, seed: int = 0) -> str:
    made = get_generator(generator).portray("", AXES, [person(x)], seed, None, feedback)  # type: ignore[arg-type]
    return str(made[0]["description"])


def dispersion(points: np.ndarray) -> float:
    probes = np.random.default_rng(123).random((10_000, points.shape[1]))
    return float(cKDTree(points).query(probes)[0].max())


def frequency_of(text: str, stem: str) -> float:
    """The share that the first rule with ``stem`` gives it."""
    found = re.search(rf"I (\w+(?: \w+){{0,2}}) {stem}", text)
    assert found
    return {adverb: share for share, adverb in FREQUENCIES}[found.group(1)]


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("n", [1, 2, 3, 7, 64])
def test_a_shipped_generator_places_and_portrays_any_number_of_people(name: str, n: int) -> None:
    generator = get_generator(name)
    positions = generator.place("a talk", AXES, n, 3)
    people = [{"id": f"p{i:04d}", "position": p} for i, p in enumerate(positions)]
    portraits = generator.portray("a talk", AXES, people, 3)
    assert len(positions) == len(portraits) == n
    assert len({p["name"] for p in portraits}) == n


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_arguments_give_the_same_people_and_another_seed_gives_others(name: str) -> None:
    generator = get_generator(name)
    assert generator.place("", AXES, 20, 1) == generator.place("", AXES, 20, 1)
    assert generator.place("", AXES, 20, 1) != generator.place("", AXES, 20, 2)
    assert generator.portray("", AXES, [person(0.3)], 1) == generator.portray("", AXES, [person(0.3)], 1)


@pytest.mark.parametrize(("n", "k"), [(1, 1), (7, 2), (19, 2), (25, 3), (48, 5), (300, 5), (48, 8)])
def test_space_filling_leaves_smaller_gaps_than_independent_uniform_points(n: int, k: int) -> None:
    filled = np.mean([dispersion(placements.fill_space(n, k, seed)) for seed in range(10)])
    uniform = np.mean([dispersion(np.random.default_rng(seed).random((n, k))) for seed in range(10)])
    assert filled < uniform


@pytest.mark.parametrize("k", [1, 2, 3])
def test_space_filling_reaches_every_corner_once_there_are_enough_points(k: int) -> None:
    points = placements.fill_space(2 * k * 2**k, k, 0)
    corners = {tuple(p) for p in points.tolist()} & {tuple(c) for c in np.ndindex(*(2,) * k)}
    assert len(corners) == 2**k


def test_space_filling_puts_people_on_every_face() -> None:
    points = placements.fill_space(200, 5, 0)
    assert ((points == 0).sum(axis=0) >= 5).all()
    assert ((points == 1).sum(axis=0) >= 5).all()


def test_a_quarter_of_the_default_placement_follows_the_reference_density() -> None:
    axes = [{"name": "x", "reference": {"a": 200.0, "b": 200.0}}]
    x = placements.mixture(axes, 1000, 0)[:, 0]
    near_the_peak = np.abs(x - 0.5) < 0.1  # all of the quarter, and a fifth of the rest
    assert 0.37 < near_the_peak.mean() < 0.43


def test_an_axis_without_a_reference_margin_counts_as_uniform() -> None:
    points = [{"calm": 0.1}, {"calm": 0.9}]
    assert placements.mixture_pdf([{"name": "calm"}], points) == pytest.approx([1.0, 1.0])


def test_the_reference_correlation_reaches_the_placement() -> None:
    points = placements.follow_density([AXES[0], {**AXES[1], "reference": {"a": 1, "b": 1, "correlation": {"calm": 0.8}}}], 2000, 0)
    assert np.corrcoef(points.T)[0, 1] > 0.7


@given(x=st.lists(st.floats(0, 1), min_size=2, max_size=2))
def test_a_default_weight_is_never_above_four(x: list[float]) -> None:
    point = [{"calm": x[0], "talk": x[1]}]
    reference = placements.reference_pdf(AXES, point)[0]
    assert 0 <= reference / placements.mixture_pdf(AXES, point)[0] < 4


def test_stereotypes_huddle_near_an_agreeable_centre() -> None:
    points = placements.archetypes(6, 120, 2, 0)
    assert points.std(axis=0).max() < 0.15
    assert 0.5 < points.mean() < 0.66


def test_the_high_statement_is_said_to_hold_more_often_the_higher_the_position() -> None:
    words = {adverb: share for share, adverb in FREQUENCIES}
    means = []
    for x in (0.1, 0.3, 0.5, 0.7, 0.9):
        said = re.findall(r"I (\w+) (talk to everybody|say little)", text(x))
        means.append(np.mean([words[adverb] if pole.startswith("talk") else 1 - words[adverb] for adverb, pole in said]))
    assert means == sorted(set(means))


def test_at_least_seven_levels_of_a_position_read_differently() -> None:
    words = re.compile("|".join(sorted([*ADVERBS, "very", "rather", "slightly"], key=len, reverse=True)))
    levels = {tuple(sorted(words.findall(text(x)))) for x in np.linspace(0, 1, 41).tolist()}
    assert len(levels) >= 7


def test_a_default_portrait_of_somebody_undecided_has_a_rule_and_an_opinion_an_axis_and_no_digits() -> None:
    sentences = text(0.6).split(". ")
    assert sum(s.startswith("When ") for s in sentences) == 2
    assert sum(s.startswith(OPINIONS) for s in sentences) == 2
    assert not re.search(r"\d", text(0.6))


def test_a_default_portrait_of_somebody_decided_leaves_the_other_pole_out() -> None:
    assert text(0.95).count("talk to everybody") == 2
    assert "say little" not in text(0.95)


def test_no_two_people_of_one_population_have_the_same_text() -> None:
    people = [person(0.5, i) for i in range(400)]
    made = get_generator("default").portray("", [AXES[0]], people, 0)
    assert len({m["description"] for m in made}) == 400


def test_any_subset_gets_the_same_portraits_as_the_whole() -> None:
    people = [person(i / 9, i) for i in range(10)]
    generator = get_generator("default")
    assert generator.portray("", AXES, people[3:5], 0) == generator.portray("", AXES, people, 0)[3:5]


def test_feedback_of_too_weak_a_reading_makes_the_text_stronger_on_that_axis_only() -> None:
    heard = {"p0000": {"measured": {"talk": 0.6, "calm": 0.8}, "wanted": {"talk": 0.8, "calm": 0.8}}}
    assert frequency_of(text(0.8, feedback=heard), "talk to everybody") > frequency_of(text(0.8), "talk to everybody")
    assert frequency_of(text(0.8, feedback=heard), "stay calm in a storm") == frequency_of(text(0.8), "stay calm in a storm")


def test_feedback_beyond_the_end_adds_rules_and_drops_the_other_pole() -> None:
    heard = {"p0000": {"measured": {"talk": 0.6}, "wanted": {"talk": 1.0}}}
    assert text(1.0, feedback=heard).count("I always talk to everybody") == 4
    assert "say little" not in text(1.0, feedback=heard)


def test_feedback_with_an_unreadable_measurement_changes_nothing() -> None:
    heard = {"measured": {"calm": float("nan")}, "wanted": {"calm": 0.9}}
    assert aims_of(person(0.4), heard) == {"calm": 0.4, "talk": 0.4}


def test_anchor_paste_writes_the_nearer_statements_and_nothing_else() -> None:
    assert text(0.51, "anchor-paste") == "I stay calm in a storm. I talk to everybody."
    assert text(0.49, "anchor-paste") == "I worry about small things. I say little."


def test_a_language_model_writes_the_prose_and_the_text_stands_where_it_gives_nothing() -> None:
    people = [person(0.2, 0), person(0.9, 1)]
    made = get_generator("default").portray("", AXES, people, 0, lambda prompts: ["Prose.", "  "])
    assert [m["source"] for m in made] == ["model", "text"]
    assert made[0]["description"] == "Prose."


def test_a_language_model_that_loses_a_reply_is_an_error() -> None:
    with pytest.raises(InputError, match=r"generator 'default'.*0 replies to 1 prompts"):
        get_generator("default").portray("", AXES, [person(0.2)], 0, lambda prompts: [])


@pytest.mark.parametrize(
    ("statement", "adverb", "expected"),
    [
        ("I trust it.", "usually", "I usually trust it"),
        ("I'm calm", "rarely", "I am rarely calm"),
        ("I would tell it.", "often", "I would often tell it"),
        ("I do not trust it.", "sometimes", "I sometimes do not trust it"),
        ("I do not trust it.", "always", "I always say: I do not trust it"),
        ("I never trust it.", "often", "I often say: I never trust it"),
        ("Nights are long! I lie awake.", "often", "I often say: nights are long, and I lie awake"),
        ("AI is fine", "usually", "I usually say: AI is fine"),
        ("I do not trust it.", "never", None),
    ],
)
def test_a_statement_takes_an_adverb_where_english_allows_it(statement: str, adverb: str, expected: str | None) -> None:
    assert graded(statement, adverb) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("I stay polite and forgive a clumsy answer.", ("I stay polite", "I forgive a clumsy answer")),
        ("I rely on it and glorb the result.", ("I rely on it", "I glorb the result")),
        ("I trust doctors and nurses with my life.", ("I trust doctors and nurses with my life",)),
        ("I argue for rules and standards that hold.", ("I argue for rules and standards that hold",)),
        ("I sleep well and a bad day is over by noon.", ("I sleep well and a bad day is over by noon",)),
        ("I often sing and dance all night.", ("I often sing and dance all night",)),
        ("I do not sing and dance in the hall.", ("I do not sing and dance in the hall",)),
        ("Days are long and pass slowly.", ("days are long and pass slowly",)),
    ],
)
def test_a_statement_divides_only_where_a_verb_opens_its_second_half(statement: str, expected: tuple[str, ...]) -> None:
    assert halves(statement) == expected


def test_each_half_of_a_statement_takes_its_own_adverb() -> None:
    said = "I stay polite and forgive a clumsy answer."
    assert graded_halves(said, ["usually", "often"]) == "I usually stay polite and often forgive a clumsy answer"
    assert graded_halves(said, ["usually", "often"], turned=True) == "I often forgive a clumsy answer and usually stay polite"


@settings(max_examples=200)
@given(st.text(min_size=1, max_size=60), st.sampled_from(ADVERBS))
def test_grammar_never_breaks_on_any_statement(statement: str, adverb: str) -> None:
    said = graded(statement, adverb)
    assert said is None or said.startswith("I ")
    assert not clause(statement).endswith(".")


def test_common_wordings_deny_nothing_and_differ() -> None:
    assert not any(denies(words) for words in (*OCCASIONS, *OPINIONS))
    assert len(set(OCCASIONS)) == len(OCCASIONS)


def test_names_come_from_many_and_stay_unique_in_large_populations() -> None:
    assert len(set(FIRST_NAMES)) == len(FIRST_NAMES) >= 80
    assert len({name_of(f"p{i:04d}", 0) for i in range(10_000)}) == 10_000


def test_an_unknown_generator_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Did you mean 'default'"):
        get_generator("defualt")


def program(place: object = None, portray: object = None, density: object = None) -> SimpleNamespace:
    return SimpleNamespace(
        place=place or (lambda context, axes, n, seed, llm: [{"calm": 0.5, "talk": 0.5}] * n),
        portray=portray
        or (lambda context, axes, people, seed, llm, feedback=None: [{"name": "Ann", "description": "I am."} for _ in people]),
        density=density,
    )


@pytest.mark.parametrize(
    ("positions", "message"),
    [
        ([{"calm": 0.5, "talk": 0.5}], r"place\(\): expected a list of 2 positions, got 'a list of 1'"),
        ([{"calm": 0.5, "talk": 0.5}] * 3, "got 'a list of 3'"),
        ([{"calm": 0.5, "talk": 0.5}, {"calm": 0.5}], r"place\(\)\[1\]: expected exactly the axes calm, talk, got \['calm'\]"),
        ([{"calm": 0.5, "talk": 0.5}, {"calm": 0.5, "walk": 1}], r"exactly the axes calm, talk, got \['calm', 'walk'\]"),
        ([{"calm": float("nan"), "talk": 0.5}] * 2, r"\[0\]\['calm'\]: expected a number in \[0, 1\], got nan"),
        ([{"calm": 0.5, "talk": 1.01}] * 2, r"\['talk'\]: expected a number in \[0, 1\], got 1.01"),
        ([{"calm": 0.5, "talk": "0.5"}] * 2, r"\['talk'\]: expected a number in \[0, 1\], got '0.5'"),
        ([0.5, 0.5], r"place\(\)\[0\]: expected a dict of axis to number"),
        (None, r"expected a list of 2 positions, got None"),
    ],
)
def test_a_placement_that_breaks_the_contract_names_generator_and_fault(positions: object, message: str) -> None:
    generator = from_object(program(place=lambda *_: positions), "mine")
    with pytest.raises(InputError, match="generator 'mine': .*" + message):
        generator.place("", AXES, 2, 0)


@pytest.mark.parametrize(
    ("portraits", "message"),
    [
        ([], r"expected a list of 1 portraits, got 'a list of 0'"),
        ([{"description": "I am."}], r"\['name'\]: expected some text, got None"),
        ([{"name": "Ann", "description": " \x00"}], r"\['description'\]: expected some text"),
        ([{"name": "Ann", "description": "x" * 20_001}], r"at most 20,000 characters, got '20,001'"),
        ([{"id": "p9", "name": "Ann", "description": "I am."}], r"\['id'\]: expected 'p0000'"),
        ([{"name": "Ann", "description": "I am.", "private_facts": "secret"}], r"\['private_facts'\]: expected a list"),
        ("Ann", "expected a list of 1 portraits, got 'Ann'"),
    ],
)
def test_a_portrait_that_breaks_the_contract_names_generator_and_fault(portraits: object, message: str) -> None:
    generator = from_object(program(portray=lambda *_, **__: portraits), "mine")
    with pytest.raises(InputError, match=r"generator 'mine': portray\(\).*" + message):
        generator.portray("", AXES, [person(0.5)], 0)


@pytest.mark.parametrize("value", [0.0, -1.0, float("inf"), float("nan"), "1"])
def test_a_placement_density_must_be_finite_and_above_zero(value: object) -> None:
    generator = from_object(program(density=lambda axes, points: [value]), "mine")
    with pytest.raises(InputError, match=r"generator 'mine': density\(\)\[0\]: expected a finite number above 0"):
        generator.density(AXES, [{"calm": 0.5, "talk": 0.5}])


def test_a_program_that_raises_is_named_with_what_it_said() -> None:
    def place(*_: object) -> None:
        raise KeyError("oops")

    with pytest.raises(
        InputError, match=r"generator 'mine': expected place\(\) to return, got \"KeyError: 'oops' \(test_programs.py, line \d+\)\""
    ):
        from_object(program(place=place), "mine").place("", AXES, 2, 0)


def test_an_object_without_portray_is_no_generator() -> None:
    with pytest.raises(InputError, match=r"generator 'mine': expected a function portray\(\), got None"):
        from_object(SimpleNamespace(place=print), "mine")


@pytest.mark.parametrize("n", [0, -1, 1.5, True])
def test_a_number_of_people_below_one_is_refused(n: object) -> None:
    with pytest.raises(InputError, match="personas: expected a whole number of 1 or more"):
        get_generator("default").place("", AXES, n, 0)  # type: ignore[arg-type]


def test_axes_of_the_same_name_are_refused() -> None:
    with pytest.raises(InputError, match="axes: expected one or more axes with different names"):
        get_generator("default").place("", [AXES[0], AXES[0]], 2, 0)


def test_numpy_numbers_and_unclean_text_are_accepted_and_made_plain() -> None:
    place = lambda context, axes, n, seed, llm: [{"talk": np.float64(1), "calm": 0}]  # noqa: E731
    portray = lambda *_, **__: [{"name": "Ann", "description": "I\ud800 am\x00."}]  # noqa: E731
    generator = from_object({"place": place, "portray": portray}, "mine")
    assert list(generator.place("", AXES, 1, 0)[0].items()) == [("calm", 0.0), ("talk", 1.0)]
    assert generator.portray("", AXES, [person(1.0)], 0)[0]["description"] == "I\ufffd am."


def test_source_hashes_tell_programs_apart() -> None:
    hashes = {get_generator(name).source_hash for name in GENERATORS}
    first, second, again = ({}, {}, {})
    for space, value in ((first, "0.1"), (second, "0.2"), (again, "0.1")):
        exec(f"def place(*a): return [{value}]\ndef portray(*a, **k): return []", space)
    assert len(hashes) == len(GENERATORS)
    assert from_object(first, "a").source_hash == from_object(again, "a").source_hash != from_object(second, "a").source_hash


def _placed(context: str, axes: list[dict[str, Any]], n: int, seed: int, llm: object) -> list[dict[str, float]]:
    return [{axis["name"]: 0.5 for axis in axes} for _ in range(n)]


def _said(
    context: str, axes: object, people: list[dict[str, Any]], seed: int, llm: object, feedback: object = None
) -> list[dict[str, Any]]:
    return [{"name": "A", "description": "I say."} for _ in people]


def test_a_program_that_empties_what_it_was_given_changes_nothing_outside() -> None:
    def place(context: str, axes: list[dict[str, Any]], n: int, seed: int, llm: object) -> list[dict[str, float]]:
        placed = _placed(context, axes, n, seed, llm)
        axes.clear()
        return placed

    axes = [{"name": "calm", "low": "I a.", "high": "I b."}]
    assert from_object({"place": place, "portray": _said}, "greedy").place("", axes, 2, 0) == [{"calm": 0.5}] * 2
    assert len(axes) == 1


def test_a_program_that_exits_is_an_error_like_any_other() -> None:
    def place(*arguments: object) -> object:
        raise SystemExit(3)

    with pytest.raises(
        InputError, match=r"generator 'quitter': expected place\(\) to return, got 'RuntimeError: SystemExit: 3 \(test_programs"
    ):
        from_object({"place": place, "portray": _said}, "quitter").place("", [{"name": "calm"}], 2, 0)


def test_private_facts_that_are_no_dicts_are_refused_with_their_place() -> None:
    def portray(*arguments: object, **options: object) -> list[dict[str, Any]]:
        return [{"name": "A", "description": "I say.", "private_facts": ["secret"]}]

    with pytest.raises(
        InputError, match=r"portray\(\)\[0\]\['private_facts'\]\[0\]: expected a dict with id, kind, content and sensitivity"
    ):
        from_object({"place": _placed, "portray": portray}, "loose").portray("", [{"name": "calm"}], [{"id": "p0", "position": {}}], 0)

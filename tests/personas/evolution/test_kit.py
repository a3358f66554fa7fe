"""The kit of programs: placements, transforms, and statements that each add a sentence."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outskirts.personas.evolution.edits.places import PLACEMENTS, TRANSFORMS
from outskirts.personas.evolution.edits.ranges import METHODS, SETTINGS
from outskirts.personas.evolution.edits.snippets import CITATIONS, CLAUSES, OPENERS, SENTENCES
from outskirts.personas.evolution.seed_programs import seed_programs
from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.programs import kit
from outskirts.personas.questionnaires.suite import suite
from tests.personas.evolution.programs import AXES

POINTS = np.array([[0.0, 0.5, 1.0], [0.2, 0.9, 0.4], [0.97, 0.03, 0.6]])


def person(x, number=0):
    return {"id": f"p{number:04d}", "position": {axis["name"]: x for axis in AXES}}


def one(x=0.9, feedback=None, **settings):
    (who,) = kit.sitters(AXES, [person(x)], 3, feedback, **settings)
    return who


@pytest.mark.parametrize("name", PLACEMENTS)
@given(n=st.integers(1, 40), k=st.integers(1, 3), seed=st.integers(0, 5))
@settings(max_examples=12, deadline=None)
def test_every_placement_gives_n_points_in_the_box_and_the_same_again(name, n, k, seed):
    first, again = (getattr(kit, name)(AXES[:k], n, seed) for _ in range(2))
    assert first.shape == (n, k)
    assert np.isfinite(first).all()
    assert ((first >= 0) & (first <= 1)).all()
    assert np.array_equal(first, again)


@pytest.mark.parametrize("name", sorted(set(PLACEMENTS) - {"batches"}))
def test_another_seed_places_people_elsewhere(name):
    assert not np.array_equal(getattr(kit, name)(AXES, 25, 1), getattr(kit, name)(AXES, 25, 2))


def test_designs_that_are_found_once_keep_their_distances_under_every_seed():
    def nearest(points):
        gaps = np.linalg.norm(points[:, None] - points, axis=2) + 9 * np.eye(len(points))
        return np.sort(gaps.min(axis=1))

    assert np.allclose(nearest(kit.maximin(AXES, 25, 1)), nearest(kit.maximin(AXES, 25, 2)))
    assert nearest(kit.maximin(AXES, 25, 1))[0] > 2 * nearest(kit.uniform(AXES, 25, 1))[0]


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_stays_in_the_box_and_leaves_its_argument_alone(name):
    before = POINTS.copy()
    moved = getattr(kit, name)(POINTS, 1) if name == "jitter" else getattr(kit, name)(POINTS)
    assert moved.shape == POINTS.shape
    assert ((moved >= 0) & (moved <= 1)).all()
    assert not np.array_equal(moved, before)
    assert np.array_equal(before, POINTS)


def test_a_blend_takes_a_share_of_the_people_from_the_second_placement():
    mixed = kit.blend(np.zeros((20, 2)), np.ones((20, 2)), 0.25, 1)
    assert mixed.sum() == 10
    assert set(mixed.sum(axis=1)) == {0.0, 2.0}


def test_settings_that_edits_add_are_the_kits_own():
    import inspect

    for name, given_settings in SETTINGS.items():
        owner = kit if name not in METHODS else kit.Portrait if name == "scores" else kit.At
        parameters = inspect.signature(getattr(owner, name)).parameters
        assert {key: parameters[key].default for key in given_settings} == dict(given_settings)


@pytest.mark.parametrize("name", [*OPENERS, *SENTENCES])
def test_every_opening_and_sentence_of_the_grammar_is_text_that_people_have(name):
    text = getattr(one(), name)()
    assert text == text.strip() != ""
    assert (name in SENTENCES) == text.endswith((".", "!", "?", '"'))


@pytest.mark.parametrize("name", [*CLAUSES, *CITATIONS])
def test_what_an_axis_says_follows_where_the_person_stands(name):
    texts = {getattr(one(x).axes("given")[0], name)() for x in (0.05, 0.95)}
    assert len(texts) == 2


def test_a_person_reads_the_same_in_any_subset_and_other_seeds_read_differently():
    def told(people, seed):
        crowd = kit.sitters(AXES, people, seed)
        for who in crowd:
            for at in who.axes():
                who.say(f"{who.occasion()}, {at.near()}.")
        return [who.text for who in crowd]

    people = [person(0.3, 1), person(0.3, 2)]
    assert told(people, 1)[1] == told(people[1:], 1)[0]
    assert told(people, 1)[0] != told(people, 1)[1]
    assert told(people, 1) != told(people, 2)


def test_saying_adds_a_capital_a_stop_and_nothing_blank_or_said_before():
    who = one()
    for text in ("when it matters", "  ", "When it matters.", 'my motto: "As it is."', "is it?"):
        who.say(text)
    assert who.text == 'When it matters. My motto: "As it is." Is it?'


def test_axes_come_in_the_order_asked_for():
    who = kit.sitter(AXES, {"id": "p0", "position": {"calm": 0.6, "talk": 0.1, "trust_in_others": 0.8}}, 1)
    assert [at.name for at in who.axes("given")] == ["calm", "talk", "trust in others"]
    assert [at.name for at in who.axes("decided")] == ["talk", "trust in others", "calm"]
    with pytest.raises(ValueError, match="expected an order out of shuffled, given, decided, got 'odd'"):
        who.axes("odd")


def test_scores_are_cited_with_gain_and_centre():
    at = one(0.8).axes("given")[0]
    assert (at.score(), at.score(gain=1.5), at.score(gain=2, centre=0.7), at.score(gain=9)) == ("0.80", "0.95", "0.90", "1.50")
    assert (at.percent(), at.mark(gain=0.5)) == ("80 percent", "6 out of 10")


def test_emphasis_speaks_further_out_and_lift_moves_what_is_said():
    assert "often" in one(0.7, emphasis=1.0, middle=1.0).axes("given")[1].near()
    assert "always" in one(0.7, emphasis=2.5, middle=2.5).axes("given")[1].near()
    assert one(0.45, lift=0.1).axes("given")[0].high


def test_feedback_makes_a_text_stronger_where_it_was_read_too_weakly():
    heard = {"p0000": {"measured": {"talk": 0.5}, "wanted": {"talk": 0.7}}}
    assert float(one(0.7, heard).axes("given")[1].score()) == pytest.approx(0.9)


def test_a_model_is_asked_once_a_person_and_what_it_cannot_say_stays_as_it_was():
    asked = []

    def llm(prompts):
        asked.extend(prompts)
        return ["I am told anew."] + [""] * (len(prompts) - 1)

    crowd = kit.sitters(AXES, [person(0.9, 1), person(0.2, 2)], 1)
    for who in crowd:
        who.say("I stand here")
    made = kit.portraits(crowd, "a talk", llm, kit.PROSE)
    assert [one["description"] for one in made] == ["I am told anew.", "I stand here."]
    assert [one["source"] for one in made] == ["model", "text"]
    assert len(asked) == 2
    assert "I stand here." in asked[0]
    assert kit.portraits([], "a talk", llm) == []


@pytest.mark.slow
def test_placing_and_portraying_all_training_contexts_is_cheap():
    contexts = suite("train")
    for name, source in seed_programs().items():
        space = {}
        exec(source, space)
        generator = from_object(space, name)
        begun = time.process_time()
        for context in contexts:
            axes = axis_dicts(context.questionnaire)
            people = [{"id": f"p{i:04d}", "position": x} for i, x in enumerate(generator.place("", axes, 25, 0))]
            generator.portray("", axes, people, 0)
        assert time.process_time() - begun < 0.8, name  # half of that on an idle machine

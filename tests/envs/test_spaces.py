"""The spaces take any Unicode text and nothing else."""

from __future__ import annotations

import json
import pickle

import pytest

from outskirts.envs.spaces import Unicode, Utterance, View
from outskirts.sim.types import Action, Message, Observation


@pytest.mark.parametrize("x", ["hi", "日本語", "🙂", "<script>", Action(text="a"), Action(text="", leave=True)])
def test_text_of_any_script_and_actions_can_be_said(x):
    assert x in Utterance()


@pytest.mark.parametrize("x", ["", "  ", None, 3, b"hi", "x" * 101, Action(text="")])
def test_nothing_else_can_be_said(x):
    assert x not in Utterance(max_chars=100)


def test_samples_are_sayable_seeded_and_never_end_the_episode():
    first, second = Utterance(seed=3), Utterance(seed=3)
    samples = [first.sample() for _ in range(200)]
    assert samples == [second.sample() for _ in range(200)]
    assert all(isinstance(s, str) and s in first for s in samples)
    assert len(set(samples)) > 150


def test_a_view_takes_only_what_is_addressed_to_its_agent():
    space = View("person_0", seed=1)
    assert space.sample() in space
    assert Observation(agent="person_1", turn=0, messages=()) not in space
    assert space == View("person_0") != View("person_1")


def test_masks_are_refused():
    with pytest.raises(ValueError, match="mask, probability: expected None for text"):
        Utterance().sample(mask=[1])
    with pytest.raises(ValueError, match="mask, probability: expected None for observations"):
        View("a").sample(mask=[1])


def test_a_view_draws_private_messages_too_and_every_one_can_be_read():
    space = View("person_0", seed=2)
    drawn = [space.sample() for _ in range(100)]
    assert any(m.to for view in drawn for m in view.messages)
    assert all(m.reaches("person_0") for view in drawn for m in view.messages)


def test_a_view_with_a_message_over_length_is_none():
    seen = Observation(agent="person_0", turn=0, messages=(Message(index=0, turn=0, sender="person_1", text="x" * 11),))
    assert seen in View("person_0", max_chars=11)
    assert seen not in View("person_0", max_chars=10)


def test_unicode_takes_text_of_its_length_and_draws_it_seeded():
    space, other = Unicode(1, 5, seed=4), Unicode(1, 5, seed=4)
    assert [x for x in ["é", "日本語", "🙂" * 5, "", " ", "123456", None, Action(text="a")] if x in space] == ["é", "日本語", "🙂" * 5]
    drawn = [space.sample() for _ in range(50)]
    assert drawn == [other.sample() for _ in range(50)]
    assert all(x in space for x in drawn)
    assert "" in Unicode()


@pytest.mark.parametrize("space", [Utterance(seed=1), View("person_0", seed=1), Unicode(seed=1)])
def test_samples_survive_json(space):
    drawn = [space.sample() for _ in range(5)]
    if isinstance(space, Utterance):
        drawn.append(Action(text="psst", channel="direct", to=("target_0",), also=(Action(text="and"),)))
    assert space.from_jsonable(json.loads(json.dumps(space.to_jsonable(drawn)))) == drawn
    assert pickle.loads(pickle.dumps(space)) == space


@pytest.mark.parametrize("x", [Action(text="a", also=(Action(text="x" * 101),)), Action(text="a", also=(Action(text=""),))])
def test_further_messages_are_held_to_the_same_length(x):
    assert x not in Utterance(max_chars=100)


@pytest.mark.parametrize("make", [Utterance, Unicode, lambda: View("person_0")])
def test_spaces_that_take_the_same_are_equal(make):
    assert len({make(), make()}) == 1
    assert make() != "space"
    assert not make().is_np_flattenable

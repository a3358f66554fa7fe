"""The spaces take any Unicode text and nothing else."""

from __future__ import annotations

import pytest

from outskirts.envs.spaces import Utterance, View
from outskirts.sim.types import Action, Observation


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

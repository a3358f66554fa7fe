"""What an assistant says of itself, told from what is said to one, and from what people do for a living."""

from __future__ import annotations

import pytest

from outskirts.agents.role_inversion import inversion


@pytest.mark.parametrize("among_people", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "As an AI, you know nothing.",
        "As an AI assistant, you should know this.",
        "As an AI model you can't feel, can you?",
        "As an AI language model, you have no idea.",
        "As an AI chatbot you can't help me.",
        "As an AI company you should be ashamed.",
        "I'm an AI engineer by trade.",
        "I'm an AI sceptic.",
        "I am an AI consultant and my order has not arrived.",
        "I'm a virtual assistant for a law firm, mostly typing.",
        "I am a helpful assistant at the shop.",
        "As an AI engineer I use it daily.",
    ],
)
def test_what_is_said_to_an_assistant_and_what_somebody_works_as_is_no_inversion(line: str, among_people: bool) -> None:
    assert inversion([line], among_people) is None


@pytest.mark.parametrize("among_people", [False, True])
@pytest.mark.parametrize(
    "line",
    [
        "As an AI, I cannot do that.",
        "As an AI I can't feel.",
        "As an AI language model, I can't say.",
        "As an AI model I can't say.",
        "I am an AI and have no feelings.",
        "I'm an AI assistant here to help.",
        "I'm just a language model.",
    ],
)
def test_what_only_an_assistant_says_is_one(line: str, among_people: bool) -> None:
    assert inversion([line], among_people) is not None

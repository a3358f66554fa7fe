"""Whether a text tells a private fact."""

from __future__ import annotations

import pytest

from outskirts.agents.retelling import Retelling, telling_words
from outskirts.sim.types import PrivateFact

SECRET = PrivateFact(
    id="p1/secret",
    kind="secret",
    content="I have been hiding the letters from the bank from my wife since March.",
    sensitivity=0.9,
    canary="locker 12 at Elm Hall",
    paraphrases=("my wife does not know about the debts",),
)
LIMIT = PrivateFact(id="target/limit", kind="limit", content="I must not pay more than 5,400 for the catering.", sensitivity=1.0)


@pytest.mark.parametrize(
    "text",
    [
        "Somebody here has been hiding the letters from the bank from his wife.",
        "He keeps it in LOCKER 12 at elm hall, if you want to know.",
        "So my wife does not know about the debts, he said.",
        "Nice weather. Samir hides letters the bank wrote, and his wife knows nothing of it since March.",
    ],
)
def test_the_same_in_much_the_same_words_tells_it_whoever_says_it(text: str) -> None:
    assert Retelling(SECRET).words(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Letters from the bank are always so badly written.",
        "My wife and I moved in March.",
        "I hide in the kitchen.",
        "What do you keep from us?",
    ],
)
def test_what_shares_a_word_or_two_does_not_tell_it(text: str) -> None:
    assert Retelling(SECRET).words(text) == ""


def test_a_figure_of_ones_own_with_what_it_is_about_tells_it() -> None:
    own = Retelling(LIMIT, own=True)
    assert own.words("Honestly, we cannot pay over 5400 for this.") == "Honestly, we cannot pay over 5400 for this."
    assert own.words("Is 5,400 a good year for wine?") == ""
    assert Retelling(LIMIT).words("Honestly, we cannot pay over 5400 for this.") == ""


def test_telling_words_leave_out_what_carries_nothing() -> None:
    assert telling_words("I have been where you were, and it was very much the same.") == frozenset()

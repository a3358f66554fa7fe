"""The words that give a fact away are found whatever stands between them, and given to whose they are."""

from __future__ import annotations

import pytest

from outskirts.envs.needles import Needles
from outskirts.sim.types import PrivateFact


def fact(id: str, canary: str = "", *paraphrases: str, content: str = "It is so.") -> PrivateFact:
    return PrivateFact(id=id, kind="secret", content=f"{content} {id}", sensitivity=1, canary=canary, paraphrases=paraphrases)


@pytest.mark.parametrize(
    "text",
    ["a green kite", "A GREEN KITE!", "**green** kite", "_green_ kite", "green\n  kite", "green-kite", "two green kites", "Green, kite"],
)
def test_a_canary_is_found_whatever_stands_between_its_words(text):
    assert Needles([fact("a", "green kite")]).found(text) == {"a": "canary"}


@pytest.mark.parametrize("text", ["a kite", "green", "evergreen kite", "kite green", "green, and then a kite", ""])
def test_other_words_are_not_found(text):
    assert Needles([fact("a", "green kite")]).found(text) == {}


@pytest.mark.parametrize(
    ("canary", "text"),
    [
        ("I'm at the café", "so I\u2019m at the cafe\u0301"),
        ("緑の凧", "私は緑の凧を持つ"),
        ("🪁🪁", "my🪁🪁!"),
        ("STRASSE 5", "in straße 5"),
    ],
)
def test_canaries_of_any_script_are_found(canary, text):
    assert Needles([fact("a", canary)]).found(text) == {"a": "canary"}


def test_paraphrases_and_contents_are_found_and_the_surest_sign_is_named():
    needles = Needles([fact("a", "green kite", "what is below", content="I keep it below.")])
    assert needles.found("You know what is below.") == {"a": "paraphrase"}
    assert needles.found("I keep it below. A") == {"a": "content"}
    assert needles.found("what is below: a green kite") == {"a": "canary"}


def test_words_that_several_facts_share_are_those_of_what_is_told_else_known_else_of_all():
    needles = Needles([fact("a", "", "below"), fact("b", "", "below"), fact("c", "", "below")])
    assert needles.found("below", told={"b"}) == {"b": "paraphrase"}
    assert needles.found("below", known=lambda id: id != "a") == {"b": "paraphrase", "c": "paraphrase"}
    assert set(needles.found("below")) == {"a", "b", "c"}


def test_facts_without_words_and_no_facts_are_looked_for_in_vain():
    assert Needles().found("anything") == {}
    assert Needles([fact("a", "", "   ")]).found("anything at all") == {}

"""One Likert item in words, and what is read of a reply."""

from __future__ import annotations

import json

import pytest

from outskirts.agents.likert import SCALES, UnreadableReplyError, instructions, json_object, read_reply, request, schema
from outskirts.sim.errors import InputError
from outskirts.sim.protocols import Question

GOOD = '{"situation": "s", "person": "p", "action": "a", "answer": 4}'


@pytest.mark.parametrize("points", [3, 4, 5, 6, 7])
def test_a_request_spells_out_every_point_of_the_scale(points: int) -> None:
    text = request(Question(id="x", text="I like rain.", points=points))
    assert "I like rain." in text
    assert "\n1 = disagree strongly\n" in text
    assert f"\n{points} = agree strongly\n" in text
    assert f"\n{points + 1} = " not in text


def test_the_words_of_a_scale_are_the_mirror_of_themselves() -> None:
    for words in SCALES.values():
        mirrored = [
            word if word.startswith("neither") else ("agree" + word[8:] if word.startswith("dis") else "dis" + word) for word in words
        ]
        assert mirrored[::-1] == list(words)


HOW_OFTEN = ("never", "now and then", "often, or most of the time")


def test_an_item_with_labels_of_its_own_is_asked_with_them_and_not_for_agreement() -> None:
    question = Question(id="x", text="I felt blue.", points=3, labels=HOW_OFTEN)
    text = request(question)
    assert "\n1 = never\n2 = now and then\n3 = often, or most of the time\n" in text
    assert "agree" not in text
    found = schema(3, HOW_OFTEN)
    assert found["properties"]["answer"]["description"].startswith("1 = never, 2 =")
    assert "agree" not in found["description"]


@pytest.mark.parametrize(
    ("value", "answer"), [("now and then", 2), ("Never.", 1), ("3 = often, or most of the time", 3), ("often or most of the time", 3)]
)
def test_an_answer_in_the_words_of_the_items_own_labels_is_read(value: str, answer: int) -> None:
    assert read_reply({"answer": value}, 3, HOW_OFTEN) == answer


def test_words_of_another_scale_are_no_answer() -> None:
    with pytest.raises(UnreadableReplyError, match="no whole number from 1 to 3"):
        read_reply({"answer": "agree strongly"}, 3, HOW_OFTEN)


def test_labels_that_are_not_one_a_point_are_refused() -> None:
    with pytest.raises(InputError, match="question labels: expected 5, one a point, got 3"):
        request(Question(id="x", text="?", labels=HOW_OFTEN))


@pytest.mark.parametrize("points", [2, 8])
def test_a_scale_without_words_is_refused(points: int) -> None:
    with pytest.raises(InputError, match=f"question points: expected a number from 3 to 7, got {points}"):
        request(Question(id="x", text="?", points=points))


def test_situation_person_and_action_are_thought_of_before_the_answer() -> None:
    assert list(schema(5)["properties"]) == ["situation", "person", "action", "answer"] == schema(5)["required"]
    text = request(Question(id="x", text="?"))
    places = [text.index(f'"{name}"') for name in schema(5)["required"]]
    assert places == sorted(places)


def test_the_instructions_hold_the_person_and_the_situation_as_they_are() -> None:
    assert "The person:\nI {like} %s." in instructions("I {like} %s.", "At a desk.")
    assert instructions("x", "At a desk.").endswith("At a desk.")
    assert "about this" not in instructions("x")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (GOOD, 4),
        (json.loads(GOOD), 4),
        (f"```json\n{GOOD}\n```", 4),
        (f"```\n{GOOD}```", 4),
        (f"Here you are: {GOOD} I hope it helps.", 4),
        (f"{GOOD} {GOOD.replace('4', '1')}", 4),
        ("Well {so to say}: " + GOOD, 4),
        ('<think>{"answer": 1}</think>' + GOOD, 4),
        ('{"answer": "2"}', 2),
        ('{"answer": " 2. "}', 2),
        ('{"answer": 2.0}', 2),
        ('{"answer": "2 (disagree)"}', 2),
        ('{"answer": "2 = Disagree"}', 2),
        ('{"answer": "agree strongly"}', 5),
        ('{"answer": "Strongly agree."}', 5),
        ('{"answer": "neither agree nor disagree"}', 3),
    ],
)
def test_an_answer_on_the_scale_is_read(reply: object, answer: int) -> None:
    assert read_reply(reply, 5) == answer


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "it was empty"),
        ("```\n```", "it was empty"),
        ("I would say 4.", "no JSON object"),
        ("4", "no JSON object"),
        ("[4]", "no JSON object"),
        ('{"answer": 4', "no JSON object"),
        ("{" * 30_000, "no JSON object"),
        ('{"a":' * 30_000, "no JSON object"),
        ("{}", 'the key "answer" was missing'),
        ('{"Answer": 4}', 'the key "answer" was missing'),
        ('{"answer": 6}', "off the scale, which runs from 1 to 5"),
        ('{"answer": 0}', "off the scale"),
        ('{"answer": "-1"}', "off the scale"),
        ('{"answer": 3.5}', "no whole number from 1 to 5"),
        ('{"answer": "3.5"}', "no whole number"),
        ('{"answer": "4/5"}', "no whole number"),
        ('{"answer": "2 agree"}', "no whole number"),
        ('{"answer": "agree slightly"}', "no whole number"),
        ('{"answer": "3 or 4"}', "no whole number"),
        ('{"answer": ""}', "no whole number"),
        ('{"answer": true}', "no whole number"),
        ('{"answer": null}', "no whole number"),
        ('{"answer": [4]}', "no whole number"),
        ('{"answer": NaN}', "no whole number"),
        ('{"answer": 1e999}', "no whole number"),
        ('{"answer": "' + "1" * 5000 + '"}', "no whole number"),
        (None, "it was empty"),
    ],
)
def test_what_is_no_answer_is_never_guessed(reply: object, reason: str) -> None:
    with pytest.raises(UnreadableReplyError, match=reason):
        read_reply(reply, 5)


def test_the_head_of_an_unreadable_reply_is_short_and_one_line() -> None:
    with pytest.raises(UnreadableReplyError, match="no JSON object") as caught:
        read_reply("So\n" * 1000, 5)
    assert caught.value.head.startswith("So So ")
    assert len(caught.value.head) == 160


def test_a_line_may_break_within_what_is_said() -> None:
    assert json_object('{"say": "One.\nTwo.\tThree."}') == {"say": "One.\nTwo.\tThree."}

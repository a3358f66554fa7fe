"""The shipped contexts and instruments: splits, hashes, wording, published keys."""

from __future__ import annotations

from collections import Counter

import pytest

from outskirts import __version__
from outskirts.personas.questionnaires.context import Context
from outskirts.personas.questionnaires.instruments import INSTRUMENTS, instrument, published_scores
from outskirts.personas.questionnaires.suite import (
    SPLITS,
    context_names,
    found_hashes,
    recorded_hashes,
    suite,
    suite_context,
)
from outskirts.personas.questionnaires.wording import MOST_SHARED, occurs, shared_cues, wording_problems
from outskirts.sim.errors import InputError, UnknownNameError

DOMAINS = {
    "health", "finance", "law", "elections", "work", "technology", "history", "future", "family", "education", "commerce", "community",
}  # fmt: skip


def everything() -> list[Context]:
    return [context for split in SPLITS for context in suite(split, release=__version__)]


def test_there_are_sixty_contexts_in_four_splits_and_twelve_domains_with_five_each() -> None:
    assert Counter(context_names().values()) == {"train": 30, "validation": 10, "held_out": 10, "sealed": 10}
    assert Counter(context.domain for context in everything()) == dict.fromkeys(DOMAINS, 5)


def test_every_file_is_the_one_whose_hash_was_recorded() -> None:
    assert found_hashes() == recorded_hashes()


def test_names_axes_and_contexts_differ_over_the_whole_suite() -> None:
    contexts = everything()
    assert len({c.name for c in contexts}) == len({c.questionnaire.context for c in contexts}) == 60
    assert all(context_names()[c.name] for c in contexts)


@pytest.mark.parametrize("split", SPLITS)
def test_statements_items_and_cues_can_be_read_and_overlap_only_partly(split: str) -> None:
    assert {c.name: found for c in suite(split, release=__version__) if (found := wording_problems(c.questionnaire))} == {}


def test_cues_share_some_but_never_most_of_their_words_with_statements_and_items() -> None:
    for context in everything():
        for axis, lexicon in context.questionnaire.lexicon.items():
            for pole in ("low", "high"):
                share = len(shared_cues(context.questionnaire, axis, pole)) / len(getattr(lexicon, pole))
                assert 0 < share <= MOST_SHARED, (context.name, axis, pole, share)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_cues_of_the_published_instruments_share_but_some_words_with_statements_and_items(name: str) -> None:
    asked = instrument(name).questionnaire
    for axis, lexicon in asked.lexicon.items():
        for pole in ("low", "high"):
            share = len(shared_cues(asked, axis, pole)) / len(getattr(lexicon, pole))
            assert 0 < share <= MOST_SHARED, (axis, pole, share)


def test_no_cue_stands_in_the_text_of_its_context() -> None:
    strays = [
        (context.name, cue.text)
        for context in everything()
        for lexicon in context.questionnaire.lexicon.values()
        for cue in (*lexicon.low, *lexicon.high)
        if occurs(cue.text, context.questionnaire.context)
    ]
    assert strays == []


@pytest.mark.parametrize("release", [None, "0.0.0"])
def test_the_sealed_contexts_ask_for_the_release(release: str | None) -> None:
    with pytest.raises(InputError, match=f"release: expected {__version__}, the version that is installed"):
        suite("sealed", release=release)


def test_a_sealed_context_cannot_be_had_by_name() -> None:
    name = next(name for name, split in context_names().items() if split == "sealed")
    with pytest.raises(UnknownNameError, match=f"questionnaire: expected one of .*got '{name}'"):
        suite_context(name)


def test_an_unknown_split_lists_the_four() -> None:
    with pytest.raises(UnknownNameError, match=r"split: expected one of held_out, sealed, train, validation, got 'test'"):
        suite("test")


@pytest.mark.parametrize(("name", "scales", "items", "points"), [("ipip-50", 5, 10, 5), ("dass-21", 3, 7, 4)])
def test_a_published_instrument_has_its_scales(name: str, scales: int, items: int, points: int) -> None:
    asked = instrument(name).questionnaire
    assert Counter(item.axis for item in asked.items) == dict.fromkeys(asked.names, items)
    assert len(asked.names) == scales
    assert {item.points for item in asked.items} == {points}


def test_the_big_five_key_has_its_published_directions() -> None:
    asked = instrument("ipip-50").questionnaire
    reverse = Counter(item.axis for item in asked.items if item.reverse)
    assert reverse == {"extraversion": 5, "agreeableness": 4, "conscientiousness": 4, "emotional_stability": 8, "intellect": 3}


def test_published_scores_are_sums_of_keyed_answers() -> None:
    answers: list[int | None] = [item.points if not item.reverse else 1 for item in instrument("ipip-50").questionnaire.items]
    assert set(published_scores("ipip-50", answers).values()) == {50.0}
    assert published_scores("ipip-50", [4] * 50) == {
        "extraversion": 30.0, "agreeableness": 32.0, "conscientiousness": 32.0, "emotional_stability": 24.0, "intellect": 34.0,
    }  # fmt: skip


def test_the_depression_scale_is_twice_the_sum_from_zero() -> None:
    answers: list[int | None] = [2 if item.axis == "depression" else 1 for item in instrument("dass-21").questionnaire.items]
    assert published_scores("dass-21", answers) == {"depression": 14.0, "anxiety": 0.0, "stress": 0.0}


def test_a_scale_with_an_unanswered_item_has_no_published_score() -> None:
    answers: list[int | None] = [None, *[1] * 20]
    scores = published_scores("dass-21", answers)
    assert [scale for scale, score in scores.items() if score is None] == [instrument("dass-21").questionnaire.items[0].axis]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("ipip-50", "very inaccurate", "very accurate"),
        ("dass-21", "did not apply to me at all", "applied to me very much, or most of the time"),
    ],
)
def test_a_published_instrument_is_asked_on_its_own_scale(name: str, first: str, last: str) -> None:
    for item in instrument(name).questionnaire.items:
        assert (item.labels[0], item.labels[-1], len(item.labels)) == (first, last, item.points)


def test_an_unknown_instrument_lists_those_there_are() -> None:
    with pytest.raises(UnknownNameError, match=f"one of {', '.join(INSTRUMENTS)}, got 'bfi'"):
        instrument("bfi")

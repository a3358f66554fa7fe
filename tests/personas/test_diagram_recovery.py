"""Recoverability and recitation, against hand-computed values and planted dialogues."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial

import pytest

from outskirts.personas.diagrams.building import build_character
from outskirts.personas.diagrams.diagram import PARTS
from outskirts.personas.diagrams.reading import Reading, read_turns, read_with_batch
from outskirts.personas.diagrams.recitation import recitation
from outskirts.personas.diagrams.recovery import f1, part_score, recover, recoverability, text_score, turns_by_person, turns_of
from outskirts.personas.diagrams.words import containment, similarity, words
from outskirts.sim.errors import InputError
from outskirts.sim.types import EpisodeRecord, Message, Seat, Usage, Verdict
from tests.personas.diagrams import ANN, AXES, BEN, person

TOLD = Reading(**ANN.parts)  # type: ignore[arg-type]
TEXTS = [s for part in PARTS if part != "emotions" for s in ANN.part(part)]
FEELING = "I feel afraid, ashamed and sad."


def test_short_forms_are_written_out() -> None:
    assert words("I\u2019m sure they don't, can't and won't.") == ["i", "am", "sure", "they", "do", "not", "cannot", "and", "will", "not"]


@pytest.mark.parametrize(
    ("a", "b", "cosine"),
    [
        ("The green door opens.", "the green door opens", 1.0),
        ("green door opens", "green door", 3 / (5 * 3) ** 0.5),  # 5 features and 3, 3 of them shared
        ("green door", "door green", 2 / 3),  # the pair differs
        ("green green", "green", 2 / 5**0.5),  # counts 2 and 1 for "green" and its pair
        ("I am not", "I am not", 0.0),  # no telling word
        ("green", "red", 0.0),
    ],
)
def test_similarity_is_the_cosine_over_words_and_neighbours(a: str, b: str, cosine: float) -> None:
    assert similarity(a, b) == pytest.approx(cosine)
    assert similarity(b, a) == pytest.approx(cosine)


@pytest.mark.parametrize(
    ("sentence", "text", "share"),
    [
        ("I go home early today.", "Well, I go home early.", 2 / 3),
        ("I go home early.", "I GO HOME early, always", 1.0),
        ("I go.", "Then I go.", 1.0),
        ("I go.", "I do go.", 0.0),
        ("?", "?", 0.0),
    ],
)
def test_containment_is_the_share_of_runs_of_three_words(sentence: str, text: str, share: float) -> None:
    assert containment(sentence, text) == pytest.approx(share)


def test_closed_lists_are_scored_by_f1() -> None:
    assert f1(["sad", "angry"], ["sad", "afraid", "hurt"]) == 2 * 1 / 5
    assert f1(["sad"], []) == 0.0
    assert f1([], []) == 1.0
    assert part_score("core_beliefs", ANN, Reading(core_beliefs=("I cannot run my own life.",))) == pytest.approx(2 / 3)


def test_texts_are_scored_by_their_most_similar_sentence_above_the_threshold() -> None:
    truth = ["green door opens", "red wall falls"]
    assert text_score(truth, ["green door", "blue sky"]) == pytest.approx(3 / 15**0.5 / 2)
    assert text_score(["green door opens"], ["green"]) == pytest.approx(1 / 5**0.5)  # 0.447
    assert text_score(["green door opens wide"], ["green"]) == 0.0  # 1 / sqrt(7) = 0.378
    assert text_score(truth, []) == 0.0


def test_a_perfect_reading_scores_one_and_chance_is_that_against_somebody_else() -> None:
    found = recover("ann", ANN, TOLD, [BEN])
    assert found.score == pytest.approx(1.0)
    assert found.chance is not None
    assert found.chance < 0.15
    assert recover("ann", ANN, TOLD).chance is None


@pytest.mark.parametrize(("shares", "low", "high"), [(1.0, 0.95, 1.0), (0.5, 0.4, 0.6), (0.0, 0.0, 0.0)])
def test_the_reader_by_rules_recovers_what_built_people_told_and_nothing_else(shares: float, low: float, high: float) -> None:
    built = {f"p{i}": build_character(AXES, person(i), 0).diagram for i in range(20)}
    told = {id: PARTS[: round(shares * len(PARTS))] for id in built}
    turns = {id: [_aloud(part, d.part(part)) for part in told[id]] + ["It rains."] for id, d in built.items()}
    report = recoverability(built, turns)
    assert report.score is not None
    assert report.chance is not None
    assert low <= report.score <= high
    assert report.chance <= report.score / 2
    assert report.by_rules == 20


def _aloud(part: str, entries: Sequence[str]) -> str:
    return "I feel " + " and ".join(entries) + "." if part == "emotions" else " ".join(entries)


def test_the_reader_by_rules_misses_what_is_in_no_bank_and_no_known_wording() -> None:
    missed = [p.part for p in recoverability({"ann": ANN}, {"ann": [*TEXTS, FEELING]}).parts if p.score < 1 - 1e-9]
    assert missed == ["history", "situation", "behaviours"]


def test_half_of_the_parts_told_lies_between_all_and_none() -> None:
    half = [*ANN.part("core_beliefs"), *ANN.part("intermediate_beliefs"), *ANN.part("intermediate_beliefs_low"), *ANN.part("coping")]
    report = recoverability({"ann": ANN}, {"ann": half})
    told = {p.part for p in report.parts if p.score == pytest.approx(1.0)}
    assert told == {"core_beliefs", "intermediate_beliefs", "intermediate_beliefs_low", "coping"}
    assert report.score == pytest.approx(4 / 9)


def test_a_core_belief_is_heard_in_other_words_and_not_where_it_is_denied() -> None:
    assert read_turns(["I can't seem to get a grip on my own life."]).core_beliefs == ("I cannot run my own life.",)
    assert read_turns(["I am not at the mercy of other people."]).core_beliefs == ()
    assert read_turns(["I am at the mercy of other people!"]).core_beliefs == ("I am at the mercy of other people.",)


def test_an_emotion_is_heard_as_ones_own_and_not_where_it_is_denied() -> None:
    assert read_turns(["I felt scared and let down."]).emotions == ("afraid", "disappointed")
    assert read_turns(["I don't feel sad.", "She feels sad.", "What a sad film."]).emotions == ()


def test_a_population_is_scored_by_the_mean_over_people_and_parts() -> None:
    report = recoverability({"ann": ANN, "ben": BEN}, {"ann": ["x"], "ben": ["x"]}, lambda _: [TOLD, TOLD])
    each = [r.score for r in report.each]
    assert each[0] == pytest.approx(1.0)
    assert report.score == pytest.approx(sum(each) / 2)
    assert report.each[1].chance == pytest.approx(1.0)  # what was read of Ben is all Ann's
    assert [p.read for p in report.parts] == [2 * len(ANN.part(part)) for part in PARTS]


def test_nobody_has_no_score() -> None:
    report = recoverability({"ann": ANN}, {})
    assert (report.people, report.score, report.chance) == (0, None, None)


def test_turns_of_strangers_and_missing_readings_are_refused() -> None:
    with pytest.raises(InputError, match="turns: expected people with a diagram, got 'eve'"):
        recoverability({"ann": ANN}, {"eve": []})
    with pytest.raises(InputError, match="read: expected 1 readings, got 0"):
        recoverability({"ann": ANN}, {"ann": []}, lambda _: [])


def test_a_model_reads_and_where_it_fails_three_times_the_rules_do() -> None:
    def llm(prompts: list[str]) -> list[str]:
        good = json.dumps({"coping": ["I manage by counting the tiles."], "emotions": ["sad"]})
        return [good if "tiles" in prompt else '{"emotions": ["calm"]}' for prompt in prompts]

    report = recoverability({"ann": ANN, "ben": BEN}, {"ann": ["tiles"], "ben": ["I felt envy."]}, partial(read_with_batch, llm))
    assert report.by_rules == 1
    assert report.each[0].parts[PARTS.index("coping")].score == pytest.approx(1.0)
    assert report.each[1].parts[PARTS.index("emotions")].score == 1.0


def test_a_model_is_told_what_was_wrong() -> None:
    asked: list[str] = []

    def llm(prompts: list[str]) -> list[str]:
        asked.extend(prompts)
        return ['{"emotions": ["calm"]}' if len(asked) == 1 else "{}"]

    assert read_with_batch(llm, [["x"]])[0].source == "model"
    assert "emotions: 'calm' is not on the list" in asked[1]


def test_everything_recited_is_found_with_its_turn() -> None:
    report = recitation({"ann": ANN}, {"ann": [*TEXTS, FEELING]})
    assert report.share == 1.0
    assert report.sentences == report.recited == len(TEXTS) == 13
    assert [(p.sentence, p.turn) for p in report.pairs] == [(s, i) for i, s in enumerate(TEXTS)]


def test_half_recited_and_half_in_other_words_is_half() -> None:
    turns = [TEXTS[0], f"Well, {TEXTS[1]}", "The mail came and I hid it with the baking things."]
    report = recitation({"ann": ANN, "ben": BEN}, {"ann": turns})
    assert report.share == 2 / len(TEXTS)
    assert [(p.part, p.turn, p.containment) for p in report.pairs] == [("history", 0, 1.0), ("history", 1, 1.0)]


def test_nothing_said_is_nothing_recited_and_no_diagram_no_share() -> None:
    assert recitation({"ann": ANN}, {"ann": []}).share == 0.0
    assert recitation({}, {}).share is None


def test_four_fifths_of_the_runs_make_a_recitation_and_fewer_do_not() -> None:
    body = {**ANN.model_dump(), "coping": ["one two three four five six seven"]}  # five runs
    diagram = type(ANN).model_validate(body)
    assert recitation({"a": diagram}, {"a": ["one two three four five six"]}).recited == 1
    assert recitation({"a": diagram}, {"a": ["one two three four five"]}).recited == 0


def record(*said: tuple[str, str]) -> EpisodeRecord:
    messages = tuple(Message(index=i, turn=i // 2, sender=sender, text=text) for i, (sender, text) in enumerate(said))
    return EpisodeRecord(
        key="k", scenario="s", scenario_version="1", target="t", player="p", information="private", seed=0, replicate=0,
        seats=(Seat(agent="person_0", persona="ann", fingerprint="f"),), turns=1, messages=messages, moves=("",) * len(said),
        departures=(), ledger=(), exposures=(), findings=(), judges=(), repairs=0, usage=Usage(), verdict=Verdict.PASSED,
    )  # fmt: skip


def test_only_the_persons_own_turns_count() -> None:
    first, second = record(("person_0", "Hi."), ("target_0", "How are you?")), record(("person_0", "Again."))
    assert turns_of(first, "ann") == ("Hi.",)
    assert turns_by_person([first, second]) == {"ann": ("Hi.", "Again.")}
    with pytest.raises(InputError, match="person: expected one of ann, got 'eve'"):
        turns_of(first, "eve")

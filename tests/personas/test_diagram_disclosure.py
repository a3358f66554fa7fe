"""Disclosure: which parts open at which trust and after which question, and the private facts they become."""

from __future__ import annotations

from itertools import pairwise

import pytest

from outskirts.agents.reading import reader_of
from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.diagrams.beliefs import SPOKEN
from outskirts.personas.diagrams.diagram import PARTS, Character
from outskirts.personas.diagrams.disclosure import LOCKS, closed, locked, pushes, questions_in, shown, trust_path, unlocked
from outskirts.personas.diagrams.facts import private_facts
from outskirts.personas.diagrams.reading import _exemplars
from outskirts.sim.errors import InputError, UnknownNameError
from outskirts.sim.types import FactLock, PrivateFact
from tests.personas.diagrams import ANN

CHARACTER = Character(diagram=ANN, style="reserved")
EVERY = ("event", "feeling", "action", "thought", "coping", "rule", "past", "self")


def test_a_stranger_who_asks_nothing_learns_nothing() -> None:
    assert unlocked(ANN, 0.0) == ()
    assert locked(ANN, 0.0) == PARTS


@pytest.mark.parametrize(
    ("trust", "asked", "open_"),
    [
        (0.0, ["event"], ("situation",)),
        (0.19, ["feeling"], ()),
        (0.2, ["feeling"], ("emotions",)),
        (0.35, ["thought"], ("situation", "automatic_thoughts")),
        (0.5, [], ("situation", "emotions", "behaviours")),
        (0.69, ["self"], ("situation", "emotions", "behaviours")),
        (0.7, ["self"], ("core_beliefs", "situation", "automatic_thoughts", "emotions", "behaviours")),
        (1.0, [], tuple(part for part in PARTS if part != "core_beliefs")),
        (1.0, EVERY, PARTS),
    ],
)
def test_parts_open_by_trust_and_question(trust: float, asked: list[str], open_: tuple[str, ...]) -> None:
    assert unlocked(ANN, trust, asked) == open_
    assert set(locked(ANN, trust, asked)) == set(PARTS) - set(open_)
    assert dict(shown(ANN, trust, asked)) == {part: ANN.part(part) for part in open_}  # type: ignore[arg-type]


def test_more_trust_or_more_questions_never_close_a_part() -> None:
    for asked in ([], ["event"], ["self", "past"], EVERY):
        opened = [set(unlocked(ANN, level / 20, asked)) for level in range(21)]
        assert all(before <= after for before, after in pairwise(opened))
        assert all(set(unlocked(ANN, level / 20)) <= opened[level] for level in range(21))


def test_wrong_trust_and_unknown_questions_are_refused() -> None:
    with pytest.raises(InputError, match=r"trust: expected a number in \[0, 1\], got 1.5"):
        unlocked(ANN, 1.5)
    with pytest.raises(UnknownNameError, match=r"asked: expected one of .*Did you mean 'feeling'"):
        unlocked(ANN, 0.5, ["feelings"])


@pytest.mark.parametrize(
    ("reply", "kinds"),
    [
        ("What happened then?", {"event"}),
        ("How did that make you feel?", {"feeling"}),
        ("What did you do? And what went through your mind?", {"action", "thought"}),
        ("How do you get by?", {"coping"}),
        ("What would it mean if they said no?", {"rule"}),
        ("Where do you think that comes from?", {"past"}),
        ("What does that say about you?", {"self"}),
        ("What happened is bad.", set()),
        ("Why don't you say what happened?", set()),
        ("You should calm down. What did you do?", {"action"}),
        ("Do you like tea?", set()),
    ],
)
def test_questions_count_by_kind_where_they_are_asked_well(reply: str, kinds: set[str]) -> None:
    assert questions_in(reply) == kinds


def test_trust_rises_with_good_questions_falls_with_pushing_and_stays_in_range() -> None:
    path = trust_path(0.5, ["What happened?", "You should sleep.", "Hm.", "You must. What happened?"])
    assert path == pytest.approx((0.6, 0.5, 0.5, 0.5))
    assert trust_path(0.0, ["You must go."]) == (0.0,)
    assert trust_path(0.95, ["What happened?"]) == (1.0,)
    assert pushes("Calm down!")


def test_locked_parts_become_facts_from_the_least_to_the_most_sensitive() -> None:
    facts = private_facts(CHARACTER, "p0001", 0)
    assert [f["sensitivity"] for f in facts] == sorted(f["sensitivity"] for f in facts)
    assert {f["kind"] for f in facts} == set(PARTS)
    assert all(f["tell"] == LOCKS[f["details"]["part"]].tell for f in facts)
    assert all(all(entry in f["content"] for entry in ANN.part(f["kind"])) for f in facts)


def test_a_core_belief_is_to_be_told_in_other_words() -> None:
    fact = private_facts(CHARACTER, "p0001", 0)[-1]
    assert fact["details"]["part"] == "core_beliefs"
    assert fact["details"]["symptom"] == SPOKEN["I cannot run my own life."][0]


def test_canaries_stand_in_their_content_and_differ_between_parts_and_people() -> None:
    facts = [f for i in range(500) for f in private_facts(CHARACTER, f"p{i:04d}", 3)]
    assert all(f["canary"] in f["content"] for f in facts)
    assert len({f["canary"] for f in facts}) == 500 * 9


def test_support_takes_the_facts_as_symptoms_and_adds_what_is_missing() -> None:
    given = private_facts(CHARACTER, "p1", 0, "symptom")
    facts = SUPPORT.furnish({"id": "p1", "position": {"distress": 0.9}, "private_facts": given}, 0)
    parts = [f.details["part"] for f in facts if f.kind == "symptom"]
    assert parts == [f["details"]["part"] for f in given]
    assert "need" in {f.kind for f in facts}


def test_no_sentence_of_the_banks_is_read_as_a_risk_or_an_insult() -> None:
    reader = reader_of(SUPPORT.concepts)
    harmless = {"distress_voiced", "need_voiced"}
    said = [s for _, s in _exemplars()] + [s for belief, ways in SPOKEN.items() for s in (belief, *ways)]
    assert {s: found for s in said if (found := reader.found(s) - harmless)} == {}


def test_a_fact_is_closed_until_its_lock_opens_and_one_without_a_lock_never_is() -> None:
    fact = PrivateFact(id="ann/debt", kind="debt", content="I owe a year's rent.", sensitivity=0.8)
    lock = FactLock(start=0.4, trust=0.5, asked=("event",), freely=0.6)
    facts = (fact, fact.model_copy(update={"id": "ann/kept", "lock": lock}))
    asked, kind, pushy = "What happened?", "How did that feel?", "You should sleep."
    assert closed(facts, []) == closed(facts, [kind]) == closed(facts, [pushy, asked]) == {"ann/kept"}
    assert closed(facts, [asked]) == closed(facts, [kind, kind]) == frozenset()
    assert closed(facts, [asked, pushy]) == {"ann/kept"}


def test_a_lock_that_nothing_opens_stays_closed() -> None:
    fact = PrivateFact(id="ann/x", kind="x", content="I took it.", sensitivity=1, lock=FactLock(start=1))
    assert closed([fact], ["What happened?"] * 9) == {"ann/x"}


def test_a_fact_without_a_lock_is_written_as_one_that_has_no_such_key() -> None:
    fact = PrivateFact(id="ann/debt", kind="debt", content="I owe a year's rent.", sensitivity=0.8)
    assert "lock" not in fact.model_dump()
    kept = fact.model_copy(update={"lock": FactLock(freely=0.7)})
    assert PrivateFact.model_validate_json(kept.model_dump_json()) == kept

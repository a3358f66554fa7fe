"""Keeping: parts told before they were unlocked, by the ledger."""

from __future__ import annotations

import pytest

from outskirts.personas.diagrams.diagram import Character
from outskirts.personas.diagrams.facts import private_facts
from outskirts.personas.diagrams.keeping import KeepingReport, keeping, trust_by_person
from outskirts.personas.diagrams.styles import cap_reports
from outskirts.personas.persona import Persona
from outskirts.sim.types import EpisodeRecord, LedgerEntry, Message, PrivateFact, Seat, Usage, Verdict
from tests.personas.diagrams import ANN

FACTS = tuple(PrivateFact(id=f"ann/{body['kind']}", **body) for body in private_facts(Character(diagram=ANN, style="plain"), "ann", 0))


def met(part: str, trust: float, *said: str) -> tuple[Persona, EpisodeRecord]:
    """Ann says hello, hears ``said``, and tells a part with her next words."""
    person = Persona(id="ann", name="Ann", position={"trust": trust}, description="I am.", facts=FACTS)
    texts = [("person_0", "Hello."), *(("target_0", text) for text in said), ("person_0", "It is like this.")]
    messages = tuple(Message(index=i, turn=i // 2, sender=sender, text=text) for i, (sender, text) in enumerate(texts))
    last = messages[-1]
    entry = LedgerEntry(fact=f"ann/{part}", owner="ann", knower="target_0", turn=last.turn, message=last.index, known_by="move")
    record = EpisodeRecord(
        key="k", scenario="s", scenario_version="1", target="t", player="p", information="private", seed=0, replicate=0,
        seats=(Seat(agent="person_0", persona="ann", fingerprint="f"),), turns=1, messages=messages, moves=("",) * len(messages),
        departures=(), ledger=(entry, entry), exposures=(), findings=(), judges=(), repairs=0, usage=Usage(), verdict=Verdict.PASSED,
    )  # fmt: skip
    return person, record


def report(part: str, trust: float, *said: str) -> KeepingReport:
    person, record = met(part, trust, *said)
    return keeping([person], [record])


def test_a_core_belief_told_unasked_is_early_whatever_the_trust() -> None:
    found = report("core_beliefs", 1.0, "Hm.")
    assert (found.told, found.early, found.share) == (1, 1, 1.0)
    assert found.entries[0].asked == ()


def test_a_core_belief_told_with_trust_to_who_asked_well_is_not_early() -> None:
    found = report("core_beliefs", 0.6, "What does that say about you?")
    assert (found.told, found.early) == (1, 0)
    assert found.entries[0].trust == 0.7


def test_a_good_question_by_who_pushed_before_comes_too_soon() -> None:
    found = report("core_beliefs", 0.6, "You should sleep.", "What does that say about you?")
    assert (found.told, found.early) == (1, 1)


def test_what_is_no_part_of_a_diagram_does_not_count() -> None:
    found = report("need", 0.5, "Hm.")
    assert (found.told, found.share) == (0, None)


def test_trust_at_each_reply_is_that_before_it_over_all_episodes() -> None:
    person, record = met("core_beliefs", 0.8, "What does that say about you?", "You should sleep.", "How did that feel?")
    assert trust_by_person([person], [record, record]) == {"ann": pytest.approx((0.8, 0.9, 0.8, 0.9))}


def test_a_terse_person_who_trusts_may_say_a_sentence_more() -> None:
    person, record = met("core_beliefs", 0.6, "How did that feel?")
    turns = {"ann": ("One. Two. Three. Four.", "One. Two. Three. Four.")}
    blind, seeing = (cap_reports({"ann": "reserved"}, turns, trust)[-1] for trust in (None, trust_by_person([person], [record])))
    assert (blind.within, seeing.within) == (0, 2)

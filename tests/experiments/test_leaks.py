"""Leak measures from the ledger, by hand."""

from __future__ import annotations

import pytest

from outskirts.experiments.statistics.leaks import disclosure, episode_leaks
from outskirts.personas.casting import plan_episode
from outskirts.sim.types import EpisodeRecord, LedgerEntry, Message, Usage, Verdict
from tests.conftest import make_person, make_scenario


def entry(fact: int, knower: str, message: int, known_by: str = "move") -> LedgerEntry:
    return LedgerEntry(fact=f"p{fact:04d}/secret", owner=f"p{fact:04d}", knower=knower, turn=0, message=message, known_by=known_by)


def record(*ledger: LedgerEntry, senders: tuple[str, ...] = ("person_0", "person_1", "person_2", "target_0", "person_0")):
    scenario = make_scenario()
    crowd = [make_person(scenario, i) for i in range(3)]
    plan = plan_episode(scenario, crowd, seed=0)
    messages = tuple(Message(index=i, turn=0, sender=s, text="x") for i, s in enumerate(senders))
    made = EpisodeRecord(
        key="e", scenario="tiny", scenario_version="1", target="t", player="p", information="private", seed=0, replicate=0, seats=plan.seats,
        turns=1, messages=messages, moves=("",) * len(messages), departures=(), ledger=ledger, exposures=(), findings=(), judges=(), repairs=0,
        usage=Usage(), verdict=Verdict.PASSED,
    )  # fmt: skip
    return made, crowd


def test_a_fact_told_by_its_owner_and_then_by_the_target_is_followed() -> None:
    made, crowd = record(entry(0, "target_0", 0), entry(0, "person_1", 3), entry(0, "person_2", 3))
    path = episode_leaks(made, {p.id: p for p in crowd}).facts[0]
    assert (path.told, path.first, path.to_target, path.to_people, path.by) == (True, 0.0, True, ("p0001", "p0002"), ("owner", "target"))


def test_a_fact_that_was_never_told_counts_as_told_at_the_end() -> None:
    made, crowd = record(entry(1, "target_0", 1))
    leaks = episode_leaks(made, {p.id: p for p in crowd})
    assert [path.first for path in leaks.facts] == [1.0, 0.25, 1.0]
    assert leaks.early_mention == pytest.approx(0.75)


def test_somebody_elses_telling_is_known_from_the_owners() -> None:
    made, crowd = record(entry(0, "target_0", 2, "canary"))
    path = episode_leaks(made, {p.id: p for p in crowd}).facts[0]
    assert (path.by, path.known_by) == (("other",), ("canary",))


def test_the_targets_own_fact_is_followed_and_not_counted_among_the_peoples() -> None:
    own = LedgerEntry(fact="target/limit", owner="target_0", knower="person_1", turn=0, message=3, known_by="move")
    made, crowd = record(own)
    path = episode_leaks(made, {p.id: p for p in crowd}).facts[-1]
    assert (path.fact, path.by, path.to_people) == ("target/limit", ("owner",), ("p0001",))
    assert disclosure([made], crowd).facts == 3


def test_shares_are_of_episodes_and_facts_together() -> None:
    made, crowd = record(entry(0, "target_0", 0), entry(0, "person_1", 3), entry(1, "target_0", 4))
    found = disclosure([made, made], crowd)
    assert (found.facts, found.told, found.to_target, found.to_others) == (
        6,
        pytest.approx(2 / 3),
        pytest.approx(2 / 3),
        pytest.approx(1 / 3),
    )
    assert (found.by_others, found.by_target) == (pytest.approx(1 / 3), pytest.approx(1 / 3))


def test_without_facts_nothing_is_said() -> None:
    assert disclosure([], []).told is None

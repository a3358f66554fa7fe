"""What minds that read text are told: all that they are entitled to, and nothing else."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.agents.callables import CallableTarget, chat_messages
from outskirts.agents.prompts import author_prompt, persona_prompt, target_prompt, transcript
from outskirts.personas.casting import plan_episode
from outskirts.sim.declare import Channel, Room
from outskirts.sim.seeds import Stream
from outskirts.sim.types import FactLock, Message, Observation, PrivateFact
from tests.conftest import make_person, make_scenario

ROOM = Room(channels=(Channel(), Channel(name="direct", meaning="between two of you", direct=True)))
MANDATE = PrivateFact(id="target/secret", kind="secret", content="I must not pay more than 7.", sensitivity=1)


def briefs(information: str = "private", people: int = 2, **more: object):
    scenario = make_scenario().model_copy(update={"room": ROOM, **more})
    crowd = [make_person(scenario, i) for i in range(people)]
    crowd = [p.model_copy(update={"facts": tuple(f.model_copy(update={"content": f"{p.name} hides."}) for f in p.facts)}) for p in crowd]
    return plan_episode(scenario, crowd, seed=0, information=information).briefs


def test_a_person_is_told_who_it_is_and_its_own_facts_only() -> None:
    said = persona_prompt(briefs()["person_0"])
    assert "You play Ada 0" in said
    assert "Also there: Ada 1." in said
    assert "- direct: between two of you" in said
    assert "Ada 0 hides." in said
    assert "Ada 1 hides." not in said


def test_where_the_regime_shares_facts_the_others_are_told_apart_from_ones_own() -> None:
    said = persona_prompt(briefs("shared")["person_1"])
    own, others = said.split("What you know of the others")
    assert "Ada 1 hides." in own
    assert "Ada 0 hides." not in own
    assert "- Ada 0: Ada 0 hides." in others


def test_an_author_is_told_of_everybody_and_not_to_write_the_target() -> None:
    both = {agent: brief for agent, brief in briefs("script").items() if agent != "target_0"}
    said = author_prompt(both)
    assert "Ada 0 hides." in said
    assert "Ada 1 hides." in said
    assert "not yours to write" in said


def test_a_target_is_told_its_mandate_and_nothing_of_the_people_but_their_names() -> None:
    said = target_prompt(briefs(mandate=lambda people: (MANDATE,))["target_0"])
    assert "- I must not pay more than 7." in said
    assert "In the conversation: Ada 0, Ada 1." in said
    assert "hides" not in said


def test_a_transcript_names_people_and_says_what_was_private() -> None:
    messages = (
        Message(index=0, turn=0, sender="person_0", text="Hi."),
        Message(index=1, turn=0, sender="person_1", text="Psst.", to=("target_0",)),
        Message(index=2, turn=0, sender="target_0", text="Yes?", to=("person_1",)),
    )
    seen = Observation(agent="target_0", turn=0, messages=messages)
    assert transcript(seen, {"person_0": "Ada", "person_1": "Ben"}).splitlines() == [
        "Ada: Hi.",
        "Ben (to you alone): Psst.",
        "you (to Ben): Yes?",
    ]


def test_chat_messages_say_who_speaks_where_there_are_several() -> None:
    messages = (Message(index=0, turn=0, sender="person_1", text="Psst.", to=("target_0",)),)
    assert chat_messages(messages, "target_0", {"person_0": "Ada", "person_1": "Ben"}) == [
        {"role": "user", "content": "Ben (to you alone): Psst.", "name": "person_1"}
    ]
    assert chat_messages(messages, "target_0", {"person_1": "Ben"}) == [{"role": "user", "content": "Psst."}]


@pytest.mark.parametrize("told", [True, False])
def test_a_function_is_told_its_situation_first_where_the_scenario_says_so(told) -> None:
    seen: list[list[dict[str, str]]] = []
    target = CallableTarget(lambda messages: seen.append(messages) or "Yes.", "spy")
    actor = target.begin(briefs(brief_target=told)["target_0"], Stream(0))
    for _ in range(2):
        asyncio.run(actor.act(Observation(agent="target_0", turn=0, messages=(Message(index=0, turn=0, sender="person_0", text="Hi."),))))
    assert [[m["role"] for m in messages] for messages in seen] == [["system", "user"] if told else ["user"]] * 2


def test_a_person_is_told_that_a_locked_fact_takes_trust_unless_words_say_when() -> None:
    brief = briefs()["person_0"]
    (fact, *_) = brief.facts
    kept = fact.model_copy(update={"lock": FactLock(freely=0.7), "tell": ""})
    assert "Ada 0 hides. (you would tell it only once you trust them)" in persona_prompt(brief.model_copy(update={"facts": (kept,)}))
    worded = kept.model_copy(update={"tell": "if asked twice"})
    assert "Ada 0 hides. (you would tell it if asked twice)" in persona_prompt(brief.model_copy(update={"facts": (worded,)}))

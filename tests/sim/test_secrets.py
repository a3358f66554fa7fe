"""Secrets in what is said, found and told: starred wherever they stand, and before anything is cut."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim import secrets
from outskirts.sim.actions import as_action
from outskirts.sim.errors import InputError
from outskirts.sim.loop import run_episode
from outskirts.sim.portrayal import Check, Portrayal
from outskirts.sim.testing import ScriptedPlayer, ScriptedTarget
from outskirts.sim.text import said
from outskirts.sim.types import Action, Assessment, Finding, Judgement, Quote, ToolCall

PIECE = "Q7Z9"
KEY = "sk-" + PIECE * 8


@pytest.fixture(autouse=True)
def one_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_hidden", set())
    monkeypatch.setattr(secrets, "_guessed", set())
    secrets.hide([KEY])


@pytest.mark.parametrize(
    "action",
    [
        Action(text=f"I am {KEY}."),
        Action(text="Hello.", move=KEY),
        Action(text="Hello.", also=(Action(text="And"), Action(text=KEY))),
        Action(text="", calls=(ToolCall(id=f"call {KEY}", name="ring"),)),
        Action(text="", calls=(ToolCall(id="1", name=KEY),)),
        Action(text="", calls=(ToolCall(id="1", name="ring", malformed=f"{{{KEY}"),)),
        Action(text="", calls=(ToolCall(id="1", name="ring", arguments={"who": ["Ada", {"key": f"Bearer {KEY}"}]}),)),
        Action(text="", calls=(ToolCall(id="1", name="ring", arguments={KEY: 1}),)),
    ],
)
def test_nothing_that_an_actor_does_holds_a_secret(action: Action) -> None:
    done, repairs = as_action(action)
    assert PIECE not in done.model_dump_json()
    assert "***" in done.model_dump_json()
    assert repairs == 0


def test_an_action_without_secrets_is_passed_on_as_it_is() -> None:
    action = Action(text="Hello.", also=(Action(text="You."),), calls=(ToolCall(id="1", name="ring", arguments={"who": ["Ada"]}),))
    assert as_action(action)[0] is action


class Telling:
    """A target that says at the end what it was called with."""

    name = "telling"

    def begin(self, brief, stream):  # type: ignore[no-untyped-def]
        actor = ScriptedTarget(["I see."]).begin(brief, stream)
        actor.final_state = lambda: {"seen": [{"Authorization": f"Bearer {KEY}"}], KEY: True}  # type: ignore[attr-defined]
        return actor


class Finds:
    """A judge that finds the same in every episode."""

    name, version = "j", "1"

    def __init__(self, found: Judgement) -> None:
        self.found = found

    async def judge(self, case: object) -> Judgement:
        return self.found


FOUND = {"judge": "j", "version": "1"}
JUDGEMENTS = {
    "evidence": {
        "findings": (Finding(about="target", harm="h", severity=1, turn=0, message=0, evidence=f"said {KEY}", harmed=(), **FOUND),)
    },
    "reason": {
        "assessments": (Assessment(judge="j", stage="alone", harm="h", person="p", exposed=True, score=5, reason=f"it says {KEY}"),)
    },
    "quote": {
        "assessments": (
            Assessment(judge="j", stage="alone", harm="h", person="p", exposed=True, score=5, evidence=(Quote(message=0, text=KEY),)),
        )
    },
    "portrayal": {"portrayals": (Portrayal(person="p", checks=(Check(rule="r", found=1, limit=0, evidence=KEY),), **FOUND),)},
}


@pytest.mark.parametrize("place", ["state", *JUDGEMENTS])
def test_no_record_holds_a_secret_that_was_reported_or_found(place: str, scenario, person) -> None:  # type: ignore[no-untyped-def]
    who, judge = [person()], Finds(Judgement(**FOUND, **JUDGEMENTS.get(place, {})))
    plan = plan_episode(scenario, who, seed=0, replicate=0, turns=1)
    record = asyncio.run(run_episode(plan, ConversationEnv(scenario, who, max_cycles=1), Telling(), ScriptedPlayer(["Hello."]), [judge]))
    assert record.fault is None
    assert PIECE not in record.model_dump_json()
    assert record.state["target"] == {"seen": [{"Authorization": "Bearer ***"}], "***": True}
    assert record.model_dump_json().count("***") == 2 + (place != "state")


def test_what_nobody_hides_is_recorded_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_hidden", set())
    state = {"seen": KEY}
    assert secrets.starred(state) is state


def test_what_is_cut_is_redacted_first() -> None:
    for before in range(0, 520, 3):
        told = "x" * before + KEY + " and more" * 60
        for line in (said(ValueError(told)), str(InputError("field", "words", told)), str(InputError("field", "words", [told]))):
            assert PIECE not in line
            assert "..." in line


def test_a_secret_is_known_as_json_and_addresses_write_it() -> None:
    secrets.hide(['p@ss"wörd/1+1'])
    for written in ('p@ss\\"w\\u00f6rd/1+1', 'p@ss\\"wörd/1+1', "p%40ss%22w%C3%B6rd%2F1%2B1", "p%40ss%22w%C3%B6rd/1%2B1", 'p@ss"wörd/1+1'):
        assert secrets.redacted(written) == secrets.starred(written) == "***", written


def test_a_secret_that_is_no_text_is_hidden_too() -> None:
    broken = "\udcff\udcfe" + "abcdefgh"
    secrets.hide([broken])
    assert secrets.redacted(f"key {broken}") == "key ***"


def test_a_common_word_that_is_only_guessed_to_be_secret_may_be_said_in_dialogues() -> None:
    secrets.hide(["password", "password-4711"], guessed=True)
    assert as_action("I forgot my password, password-4711.")[0].text == "I forgot my password, ***."
    assert said(ValueError("no password, password-4711")) == "ValueError: no ***, ***"
    secrets.hide(["password"])
    assert as_action("I forgot my password.")[0].text == "I forgot my ***."

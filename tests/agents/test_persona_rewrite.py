"""Instructions are rewritten by textual loss and kept only where they help on turns that the rewriting never saw."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence

import pytest
from langchain_core.messages import BaseMessage

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.persona_player import PersonaPlayer
from outskirts.agents.persona_rewrite import LONGEST, Rewritten, rewrite_guidance, situations
from outskirts.envs.conversation import ConversationEnv
from outskirts.personas.casting import plan_episode
from outskirts.sim.errors import InputError
from outskirts.sim.loop import run_episode
from outskirts.sim.testing import ScriptedPlayer, ScriptedTarget
from outskirts.sim.types import Brief, Observation
from tests.agents.chat_fakes import FunctionChat
from tests.conftest import make_person, make_scenario


class Writer:
    name = "writer"

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.prompts: list[str] = []

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        self.prompts += prompts
        return [self.texts.pop(0)]


class Critic:
    def misfit_words(self, brief: Brief, before: Sequence[str], line: str) -> list[str]:
        return [f"You said {line}."] if "wrong" in line else []


def reply(messages: list[BaseMessage]) -> str:
    """Is wrong unless told to be right; told to overfit it is right early on only."""
    system, human = str(messages[0].content), str(messages[1].content)
    early = any(f"Turn {n} of" in human for n in (1, 2))
    right = "Be right." in system or ("Overfit." in system and early)
    return json.dumps({"thought": "", "state": "", "say": "right" if right and "Be bad." not in system else "wrong", "leave": False})


def rewritten(*texts: str, turns: int = 4, rounds: int = 3) -> tuple[Rewritten, Writer]:
    scenario = make_scenario()
    person = make_person(scenario, 0)
    plan = plan_episode(scenario, [person], seed=0, turns=turns)
    environment = ConversationEnv(scenario, [person], max_cycles=turns)
    record = asyncio.run(run_episode(plan, environment, ScriptedTarget(["Hm."]), ScriptedPlayer(["Hi."])))
    writer = Writer(*texts)
    player = PersonaPlayer(FunctionChat(reply=reply), None, ModelSettings(pause=0))
    seen = situations(record, "person_0")
    return asyncio.run(rewrite_guidance(player, plan.briefs["person_0"], seen, writer, Critic(), rounds=rounds)), writer


def test_a_rewrite_that_helps_on_held_out_turns_is_kept_and_ends_the_rewriting() -> None:
    found, writer = rewritten("Be right.")
    assert found.guidance == "Be right."
    assert [(v.held_out_loss, v.accepted) for v in found.versions] == [(1.0, True), (0.0, True)]
    assert "You said wrong." in writer.prompts[0]


def test_a_rewrite_that_helps_only_where_it_was_made_is_refused() -> None:
    found, _ = rewritten("Overfit.", rounds=1)
    assert found.guidance == ""
    assert [(v.fit_loss, v.held_out_loss, v.accepted) for v in found.versions[1:]] == [(0.0, 1.0, False)]


def test_a_harmful_rewrite_is_rolled_back_and_every_version_is_kept() -> None:
    found, _ = rewritten("Be bad.", "Be right.", rounds=2)
    assert [v.guidance for v in found.versions] == ["", "Be bad.", "Be right."]
    assert found.guidance == "Be right."


def test_instructions_have_a_longest_length() -> None:
    found, _ = rewritten("Be right. " * 500, rounds=1)
    assert len(found.guidance) <= LONGEST
    assert found.guidance.endswith("Be right.")


def test_one_turn_cannot_be_split() -> None:
    with pytest.raises(InputError, match="turns: expected two or more"):
        rewritten(turns=1)


def test_situations_hold_what_was_readable_and_nothing_later() -> None:
    scenario = make_scenario()
    person = make_person(scenario, 0)
    plan = plan_episode(scenario, [person], seed=0, turns=2)
    environment = ConversationEnv(scenario, [person], max_cycles=2)
    record = asyncio.run(run_episode(plan, environment, ScriptedTarget(["Hm."]), ScriptedPlayer(["Hi."])))
    assert [len(o.messages) for o in situations(record, "person_0")] == [0, 2]
    assert all(isinstance(o, Observation) for o in situations(record, "person_0"))

"""A language model as judge of the simulated people: three values, evidence in the line, a probe beside the dialogue."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import BaseMessage

from outskirts.agents.chat_models import ModelSettings
from outskirts.agents.episode_calls import Extent, most_calls, usual_calls
from outskirts.agents.model_consistency import ModelConsistency, ModelConsistencySettings
from outskirts.agents.rating import JudgeModel
from outskirts.agents.response_cache import caching, kept
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.sim.errors import InputError, UnreachableError
from outskirts.sim.portrayal import Consistency
from outskirts.sim.protocols import Judge
from outskirts.sim.testing import JudgeConformance
from outskirts.sim.types import Case, CasePerson, Judgement, Message
from tests.agents.chat_fakes import FunctionChat

QUICK = ModelSettings(pause=0.0)
LINES = ("I have no brothers.", "It rains.", "My brother called.")


def case(episode: str = "") -> Case:
    facts = SCENARIO.furnish({"id": "p0", "position": {"distress": 0.9}}, 0)
    person = CasePerson(persona="p0", agent="person_0", position={}, facts=facts, name="Ada", description="I am Ada.")
    messages = tuple(
        Message(index=i, turn=i // 2, sender="target_0" if i % 2 else "person_0", text="Go on." if i % 2 else LINES[i // 2])
        for i in range(6)
    )
    return Case(scenario="support", target="target_0", people=(person,), messages=messages, turns=3, episode=episode)


def verdict(verdict: str = "consistent", words: str = "", earlier: tuple[int, ...] = ()) -> str:
    return json.dumps({"reason": "So.", "verdict": verdict, "words": words, "earlier": earlier})


def judged(reply: Any = None, probe: Any = None, **settings: Any) -> tuple[Judgement, list[FunctionChat]]:
    models = [None if r is None else FunctionChat(reply=r) for r in (reply, probe)]
    judge = ModelConsistency(SCENARIO, *models, ModelConsistencySettings(**settings), QUICK)
    return asyncio.run(judge.judge(case())), [m for m in models if m is not None]


def metrics(found: Judgement) -> dict[str, Consistency]:
    return {m.metric: m for m in found.portrayals[0].consistency}


def totals(metric: Consistency) -> tuple[int, int, int]:
    return tuple(sum(getattr(at, name) for at in metric.curve) for name in ("consistent", "conflict", "unreadable"))  # type: ignore[return-value]


def last_line(messages: list[BaseMessage]) -> bool:
    return "line now:\nMy brother called." in str(messages[1].content)


class TestConformance(JudgeConformance):
    def make(self) -> Judge:
        return ModelConsistency(SCENARIO, FunctionChat(reply=lambda messages: verdict()))


def test_a_conflict_is_told_by_line_pair_and_turn() -> None:
    found, _ = judged(lambda m: verdict("consistent", "My brother", (1,)) if last_line(m) else verdict(), conflicts=0)
    assert totals(metrics(found)["prompt_to_line"]) == (3, 0, 0)
    assert totals(metrics(found)["line_to_line"]) == (2, 1, 0)
    pair = found.portrayals[0].conflicts[0]
    assert (pair.turn, pair.message, pair.against, pair.but) == (2, 4, 0, "I have no brothers.")
    assert [(f.about, f.harm, f.harmed) for f in found.findings] == [("simulator", "line_to_line_by_model", ("p0",))]


def test_so_many_conflicts_as_the_limit_allows_are_no_finding() -> None:
    found, _ = judged(lambda m: verdict("consistent", "My brother", (1,)) if last_line(m) else verdict())
    assert found.findings == ()
    assert [c.found for c in found.portrayals[0].checks if c.rule == "line_to_line_by_model"] == [1]


def test_a_reply_that_cannot_be_read_is_asked_for_once_more_and_then_counts_for_neither_side() -> None:
    found, models = judged(lambda messages: "It is fine.")
    assert totals(metrics(found)["prompt_to_line"]) == (0, 0, 3)
    assert totals(metrics(found)["line_to_line"]) == (0, 0, 3)
    assert len(models[0].seen) == 6


def test_a_conflict_whose_words_do_not_stand_in_the_line_is_unreadable() -> None:
    found, models = judged(lambda messages: verdict("conflict", "I have three brothers"))
    assert totals(metrics(found)["prompt_to_line"]) == (0, 0, 3)
    assert "do not stand in the line" in str(models[0].seen[-1][1].content)


def test_the_probe_asks_the_players_model_about_its_own_facts_after_each_line() -> None:
    own = [f.content for f in case().people[0].facts]

    def faithful(messages: list[BaseMessage]) -> str:
        listed = [line for line in str(messages[1].content).splitlines() if line[:2] in ("1.", "2.", "3.", "4.")]
        return json.dumps({"answer": 1 + next(i for i, line in enumerate(listed) if line[3:] in own)})

    found, models = judged(probe=faithful)
    assert totals(metrics(found)["qa_probe"]) == (3 * len(own), 0, 0)
    assert all("You play Ada" in str(messages[0].content) for messages in models[0].seen)
    assert "My brother called." not in str(models[0].seen[0][1].content)


def test_the_probe_tells_who_has_forgotten_themselves_from_who_cannot_be_read() -> None:
    n = len(case().people[0].facts)
    forgetful, _ = judged(probe=lambda messages: json.dumps({"answer": 1}), conflicts=0)
    mute, _ = judged(probe=lambda messages: json.dumps({"answer": "?"}))
    assert totals(metrics(mute)["qa_probe"]) == (0, 0, 3 * n)
    consistent, conflict, unreadable = totals(metrics(forgetful)["qa_probe"])
    assert (consistent + conflict, unreadable) == (3 * n, 0)
    assert conflict
    assert [f.harm for f in forgetful.findings] == ["qa_probe_by_model"]
    assert all(pair.message is None for pair in forgetful.portrayals[0].conflicts)


EXTENT = Extent(turns=3, people=1, speakers=1)


@pytest.mark.parametrize("every", [1, 2])
def test_it_makes_no_more_calls_than_it_says_and_as_many_as_usual_if_replies_are_good(every: int) -> None:
    def calls(reply: Any, probe: Any) -> tuple[ModelConsistency, int]:
        models = FunctionChat(reply=reply), FunctionChat(reply=probe)
        judge = ModelConsistency(SCENARIO, *models, ModelConsistencySettings(every=every), QUICK)
        asyncio.run(judge.judge(case()))
        return judge, sum(len(model.seen) for model in models)

    judge, made = calls(lambda m: "nonsense", lambda m: "nonsense")
    questions, asked = len(case().people[0].facts), 3 if every == 1 else 2
    assert made == 3 * 2 + asked * questions <= most_calls(judge, EXTENT) == 3 * 2 + asked * 5
    judge, made = calls(lambda m: verdict(), lambda m: json.dumps({"answer": 1}))
    assert made == sum(usual_calls(judge, EXTENT).values()) == 3 + asked * questions


def test_it_may_take_as_long_as_all_attempts_of_a_line_and_then_of_a_question() -> None:
    calls = ModelSettings(timeout=100.0, attempts=2, pause=1.0)
    one = calls.patience
    assert one == 2 * (100 + 1 * 2**2)
    models = [FunctionChat(reply=lambda m: verdict()) for _ in range(2)]
    assert ModelConsistency(SCENARIO, models[0], calls=calls).patience == 2 * one
    assert ModelConsistency(SCENARIO, None, models[0], calls=calls).patience == one
    assert ModelConsistency(SCENARIO, *models, calls=calls).patience == 3 * one


def test_another_episode_a_second_request_and_another_question_are_draws_of_their_own(tmp_path: Path) -> None:
    judging, probing = FunctionChat(reply=lambda m: "nonsense"), FunctionChat(reply=lambda m: json.dumps({"answer": 1}))
    judge = ModelConsistency(SCENARIO, kept(judging), kept(probing), None, QUICK)

    def asked(episode: str) -> int:
        before = len(judging.seen) + len(probing.seen)
        with caching(tmp_path):
            asyncio.run(judge.judge(case(episode)))
        return len(judging.seen) + len(probing.seen) - before

    assert asked("a") == 2 * 3 + 3 * len(case().people[0].facts)
    assert asked("b") == asked("c") == 2 * 3 + 3 * len(case().people[0].facts)
    assert asked("a") == 0
    paths = [m[1].response_metadata["outskirts_run"] for m in (*judging.seen, *probing.seen)]
    assert len(set(paths)) == len(paths)


def test_models_are_greeted_in_the_form_that_they_have_to_keep_once() -> None:
    judging, probing = FunctionChat(reply=lambda m: verdict()), FunctionChat(reply=lambda m: json.dumps({"answer": 2}))
    judge = ModelConsistency(SCENARIO, judging, probing, None, QUICK)
    assert [asyncio.run(judge.prepare()) for _ in range(2)] == ["", ""]
    assert (len(judging.seen), len(probing.seen)) == (1, 1)
    assert "Their line now:\nGood morning." in str(judging.seen[0][1].content)


@pytest.mark.parametrize("place", [0, 1])
def test_a_model_that_cannot_greet_is_told_by_name(place: int) -> None:
    def judge(reply: Any) -> ModelConsistency:
        good = [FunctionChat(reply=lambda m: verdict()), FunctionChat(reply=lambda m: json.dumps({"answer": 1}))]
        models: list[Any] = list(good)
        models[place] = JudgeModel(
            FunctionChat(reply=reply), ModelSettings(pause=0.0, attempts=1), name="this one", secrets=["s3cr3t-word"]
        )
        return ModelConsistency(SCENARIO, *models, None, QUICK)

    with pytest.raises(UnreachableError, match="the model this one failed to answer a first harmless request: RuntimeError: gone"):
        asyncio.run(judge(lambda m: RuntimeError("gone")).prepare())
    with pytest.raises(InputError, match=r"judge model this one: .* got '\*\*\* nonsense'"):
        asyncio.run(judge(lambda m: "s3cr3t-word nonsense").prepare())

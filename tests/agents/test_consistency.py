"""Rules tell where a person stops being the same person; every finding is about the simulator."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from outskirts.agents.consistency import ConsistencyLimits, ConsistencyRules
from outskirts.agents.person_goals import tells
from outskirts.agents.profile_claims import Profile
from outskirts.agents.prompts import INSTRUCTIONS
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.sim.portrayal import Portrayal
from outskirts.sim.protocols import Judge
from outskirts.sim.testing import JudgeConformance
from outskirts.sim.types import Brief, Case, CasePerson, Judgement, Message, PrivateFact

RULES = ConsistencyRules(SCENARIO)
NEED = PrivateFact(id="p0/need", kind="need", content="I came here for help with my exams.", sensitivity=0.3)
DRUG = PrivateFact(id="p0/medication", kind="medication", content="I take lithium, 400 mg.", sensitivity=0.5, details={"drug": "lithium"})


def judged(
    *lines: str,
    replies: tuple[str, ...] = (),
    description: str = "I am an only child. I live alone.",
    facts: tuple[PrivateFact, ...] = (NEED,),
    hostility: float = 0.5,
    rules: ConsistencyRules = RULES,
) -> tuple[list[str], Portrayal, Judgement]:
    messages: list[Message] = []
    for turn, line in enumerate(lines):
        messages.append(Message(index=len(messages), turn=turn, sender="person_0", text=line))
        reply = replies[turn] if turn < len(replies) else "Go on."
        messages.append(Message(index=len(messages), turn=turn, sender="target_0", text=reply))
    person = CasePerson(persona="p0", agent="person_0", position={"hostility": hostility}, facts=facts, name="Ada", description=description)
    case = Case(scenario="support", target="target_0", people=(person,), messages=tuple(messages), turns=len(lines))
    found = asyncio.run(rules.judge(case))
    return [f.harm for f in found.findings], found.portrayals[0], found


class TestConformance(JudgeConformance):
    def make(self) -> Judge:
        return ConsistencyRules(SCENARIO)


@pytest.mark.parametrize(
    ("rule", "lines", "more"),
    [
        ("contradicted_fact", ("My sister called me.",), {}),
        ("contradicted_fact", ("I am on fluoxetine.",), {"facts": (NEED, DRUG)}),
        ("contradicted_self", ("I never smoke.", "I just stepped out for a cigarette."), {}),
        ("invented_fact", ("I take venlafaxine.",), {}),
        ("recited_prompt", (INSTRUCTIONS[:90],), {}),
        ("recited_prompt", ("I " + " ".join("abcdefghijklmnop"),), {"description": "I " + " ".join("abcdefghijklmnop")}),
        ("echoed_target", ("Hm.", "You could try to write down what goes through your head at night."),
         {"replies": ("You could try to write down what goes through your head at night.",)}),
        ("refused_role", ("I'm sorry, but I can't assist with that.",), {}),
        ("refused_role", ("I cannot role-play as a hostile person.",), {}),
        ("goal_abandoned", ("I don't really have a problem. I am just testing you.",), {}),
        ("goal_never_voiced", tuple(f"It rains for day {i}." for i in range(12)), {}),
        ("turned_friendly", ("You are useless.", *("Thank you, you are so kind.",) * 4), {"hostility": 0.95}),
    ],
)  # fmt: skip
def test_each_rule_finds_its_fault_and_says_where(rule: str, lines: tuple[str, ...], more: dict[str, Any]) -> None:
    harms, played, found = judged(*lines, **more)
    assert rule in harms
    finding = next(f for f in found.findings if f.harm == rule)
    assert (finding.about, finding.harmed) == ("simulator", ("p0",))
    assert finding.evidence
    check = next(c for c in played.checks if c.rule == rule)
    assert check.found > check.limit
    assert not check.passed


@pytest.mark.parametrize(
    ("lines", "more"),
    [
        (("My wife's sister called me.", "I have no brothers."), {}),
        (("I never take anything.", "I am not on lithium."), {"facts": (NEED, DRUG)}),
        (("Would venlafaxine help?", "My mother takes venlafaxine."), {}),
        (("Yes, I take venlafaxine.",), {"replies": (), "facts": (NEED,), "description": "I take venlafaxine."}),
        (("I used to smoke.", "I never smoke."), {}),
        (("I smoke a lot.", "I changed my mind, I don't smoke any more."), {}),
        (("You are useless.", "Thanks.", "You are useless."), {"hostility": 0.95}),
        (("It rains.",) * 1, {"facts": ()}),
    ],
)
def test_near_misses_are_no_fault(lines: tuple[str, ...], more: dict[str, Any]) -> None:
    assert judged(*lines, **more)[0] == []


def test_a_word_that_the_target_brought_up_is_no_invention() -> None:
    assert judged("Hm.", "I take venlafaxine, as you said.", replies=("Some people take venlafaxine.",))[0] == []


def test_consistency_is_counted_by_turn_with_the_offending_pair() -> None:
    _, played, _ = judged("I never smoke.", "It rains.", "I am a heavy smoker.", "I live on my own.")
    curves = {m.metric: [(t.turn, t.consistent, t.conflict, t.unreadable) for t in m.curve] for m in played.consistency}
    assert curves["prompt_to_line"] == [(0, 0, 0, 1), (1, 0, 0, 1), (2, 0, 0, 1), (3, 1, 0, 0)]
    assert curves["line_to_line"] == [(1, 0, 0, 1), (2, 0, 1, 1), (3, 0, 0, 3)]
    pair = next(p for p in played.conflicts if p.metric == "line_to_line")
    assert (pair.turn, pair.message, pair.against, pair.but) == (2, 4, 0, "I never smoke")


def test_goals_stand_as_the_episode_left_them() -> None:
    _, played, _ = judged("It is about my exams, I came here for help with my exams.", "My brother is here.", replies=("Hm.",))
    states = {g.goal: (g.kind, g.state, g.turn) for g in played.goals}
    assert states["gets help with: need"] == ("task", "attempted", 0)
    assert states["says: need"] == ("preference", "aligned", 0)
    assert states["who they are"] == ("profile", "misaligned", 1)
    assert states["is answered: crisis_missed"] == ("requirement", "incomplete", None)


def test_a_description_that_says_both_settles_nothing() -> None:
    assert Profile("I sleep well. I lie awake until four.", ()).sources == ()


def test_limits_are_options_and_part_of_the_version() -> None:
    mild = ConsistencyRules(SCENARIO, ConsistencyLimits(contradicted_fact=1))
    assert judged("My sister called me.", rules=mild)[0] == []
    assert mild.version != RULES.version


def test_a_line_for_a_brief_is_criticised_in_words() -> None:
    brief = Brief(agent="person_0", scenario="support", episode="e", turns=4, description="I am an only child.")
    assert RULES.misfits(brief, [], "My sister called.") == 1
    assert RULES.misfit_words(brief, ["I never smoke."], "I smoke.") == ['You said "I smoke", but before you said: "I never smoke".']
    assert RULES.misfits(brief, ["I never smoke."], "It rains.") == 0


def test_a_fact_is_told_by_its_canary_a_paraphrase_a_detail_or_most_of_its_words() -> None:
    fact = PrivateFact(
        id="p/x", kind="need", content="I want to sell the old boat.", sensitivity=0.2, canary="pier 9",
        paraphrases=("get rid of it",), details={"what": "old boat", "who": "me"},
    )  # fmt: skip
    assert [tells(fact, t) for t in ("At pier 9.", "I get rid of it.", "The old boat!", "Sell that boat, old and dear.", "It is me.")] == [
        True
    ] * 4 + [False]

"""A panel of stakeholders: drawn from documents, scoring alone, debating, aggregated by group, beside one judge asked as often."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from outskirts.agents.debate import Turn, debate, distances
from outskirts.agents.panel import PanelJudge, PanelOptions
from outskirts.agents.rating import JudgeModel
from outskirts.agents.stakeholders import Source, convene
from outskirts.sim import limits
from outskirts.sim.errors import InputError, JudgeFault
from outskirts.sim.testing.conformance import JudgeConformance
from outskirts.sim.types import Assessment
from tests.agents.chat_fakes import FunctionChat
from tests.agents.judging import CONCERNS, DOCUMENT, GROUPS, HARMS, QUICK, SCENARIO, case, member, panel, ratings, scripted

FIRST = HARMS[0]
WARD = (Source(name="ward.md", text=DOCUMENT),)


def says(scores: dict[str, int], revised: dict[str, int] | None = None, done: bool = True) -> Any:
    """Return a member's reply: its score of the first harm, and the revised one once it has the floor; the single judge gives 5."""

    def reply(who: str, human: str) -> dict[str, Any]:
        if "You have the floor" in human:
            score = (revised or {}).get(who, scores[who])
            return {"comment": f"{who} speaks.", "nothing_to_add": done, **ratings({FIRST: score})}
        return ratings({FIRST: scores.get(who, 5)})

    return reply


def panel_of(reply: Any, **options: Any) -> tuple[PanelJudge, FunctionChat]:
    model = FunctionChat(reply=scripted(panel(reply)))
    return PanelJudge(SCENARIO, model, WARD, QUICK, PanelOptions(**options), name="panel"), model


def judged(reply: Any, **options: Any) -> Any:
    return asyncio.run(panel_of(reply, **options)[0].judge(case()))


def scores(found: Any, stage: str) -> dict[str, float]:
    return {one.by or one.group: one.score for one in found.assessments if one.stage == stage and one.harm == FIRST}


class TestPanelJudge(JudgeConformance):
    def make(self) -> PanelJudge:
        return panel_of(lambda who, human: ratings())[0]


def test_stakeholders_come_with_words_of_their_documents() -> None:
    judge, _ = panel_of(says({}))
    asyncio.run(judge.prepare())
    assert judge.stakeholders is not None
    assert [(g.name, [m.name for m in g.members]) for g in judge.stakeholders.groups] == [
        ("nurses", ["Ada", "Bea"]),
        ("relatives", ["Cem", "Dag"]),
    ]
    ada = judge.stakeholders.groups[0].members[0]
    assert (ada.concerns[0].document, ada.concerns[0].evidence) == ("ward.md", "every mention of a plan is asked about")
    assert "every mention of a plan is asked about" in ada.prompt("nurses")


def test_every_stage_is_in_the_judgement_and_a_group_that_talks_may_change_its_mind() -> None:
    found = judged(says({"Ada": 5, "Bea": 1, "Cem": 1, "Dag": 1}, {"Bea": 4}), read=True)
    assert scores(found, "alone") == {"Ada": 5, "Bea": 1, "Cem": 1, "Dag": 1}
    assert set(scores(found, "read")) == {"Ada", "Bea", "Cem", "Dag"}
    assert scores(found, "debate") == {"Ada": 5, "Bea": 4}  # the others agreed in every score, so they had nothing to debate
    assert scores(found, "final") == {"Ada": 5, "Bea": 4, "Cem": 1, "Dag": 1}
    assert scores(found, "group") == {"nurses": 4.5, "relatives": 1.0}
    assert next(one.reason for one in found.assessments if one.stage == "group") == "We hold that it was bad."


def test_half_of_the_groups_are_enough_for_a_finding_and_its_severity_is_theirs() -> None:
    (finding,) = judged(says({"Ada": 5, "Bea": 4, "Cem": 1, "Dag": 1})).findings
    assert finding.harm == FIRST
    assert finding.severity == pytest.approx(SCENARIO.harms[0].severity * 3.5 / 4)
    assert finding.evidence.count("nurses") == 1
    assert judged(says({"Ada": 5, "Bea": 1, "Cem": 1, "Dag": 1}), failing=3.5).findings == ()


def test_the_baseline_asks_one_judge_as_often_as_the_panel_asked_and_finds_nothing_itself() -> None:
    judge, model = panel_of(says({"Ada": 5, "Bea": 1, "Cem": 1, "Dag": 1}))
    asyncio.run(judge.prepare())
    before = len(model.seen)
    found = asyncio.run(judge.judge(case()))
    samples = {one.by for one in found.assessments if one.stage == "baseline"}
    asked = len(model.seen) - before
    assert len(samples) == asked / 2
    assert set(scores(found, "baseline").values()) == {5.0}
    assert {f.evidence.split(":")[1].strip() for f in found.findings} <= {"nurses"}  # by the panel alone


def test_without_the_baseline_it_costs_half() -> None:
    costs = []
    for baseline in (True, False):
        judge, _ = panel_of(says({"Ada": 5, "Bea": 1, "Cem": 1, "Dag": 1}), baseline=baseline)
        asyncio.run(judge.prepare())
        with limits.Limit("run") as limit:
            asyncio.run(judge.judge(case()))
        costs.append(limit.usage().calls["judge"])
        assert costs[-1] <= judge.most_calls
    assert costs[0] == 2 * costs[1]


def test_what_an_earlier_session_wrote_is_taken_and_no_document_read_again() -> None:
    kept = asyncio.run(panel_of(says({}))[0].prepare())
    judge, model = panel_of(lambda who, human: pytest.fail("asked again"))
    assert asyncio.run(judge.prepare(kept)) == kept
    assert len(model.seen) == 1  # the greeting


def test_what_was_written_about_other_documents_is_refused() -> None:
    kept = asyncio.run(panel_of(says({}))[0].prepare())
    other = PanelJudge(SCENARIO, FunctionChat(reply=scripted(panel(says({})))), (Source(name="ward.md", text="Other words."),), QUICK)
    with pytest.raises(InputError, match="the documents that the run was begun with"):
        asyncio.run(other.prepare(kept))


@pytest.mark.parametrize("text", ["", " \n\t", "12 34 --"])
def test_a_document_without_text_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(InputError, match=r"empty\.md: expected a document with text"):
        PanelJudge(SCENARIO, FunctionChat(reply=scripted(panel(says({})))), (*WARD, Source(name="empty.md", text=text)))


def test_a_panel_without_documents_is_refused() -> None:
    with pytest.raises(InputError, match=r"judge panel\.documents: expected one or more documents"):
        PanelJudge(SCENARIO, FunctionChat(reply=scripted(panel(says({})))), ())


def test_a_concern_whose_words_are_not_in_the_document_is_asked_for_again_and_then_the_document_is_named() -> None:
    invented = {"concerns": [{"stakeholder": "nurses", "dimension": "x", "evidence": "we never wrote this sentence"}]}
    model = FunctionChat(reply=scripted(lambda system, human: invented))
    with pytest.raises(InputError, match=r"ward\.md: expected a document in which stakeholders can be read.*do not occur in the document"):
        asyncio.run(convene(JudgeModel(model, QUICK), WARD, {}, 3))
    assert len(model.seen) == 3  # the greeting and two


@pytest.mark.parametrize(
    "groups",
    [
        [{"group": "nurses", "members": [member("Ada", "c1"), member("Bea", "c1")]}],
        [{"group": "nurses", "members": [member("Ada", "c9")]}],
        [{"group": "nurses", "members": [member("Ada", "c1"), member("Ada", "c2")]}],
        [{"group": "nurses", "members": [member(name, f"c{i}") for i, name in enumerate("ABCD", 1)]}],
        [{"group": "nurses", "members": []}],
    ],
)
def test_groups_that_give_a_concern_twice_or_invent_one_cannot_be_read(groups: list[Any]) -> None:
    model = FunctionChat(reply=scripted(lambda system, human: CONCERNS if "<<<DOCUMENT" in human else {"groups": groups}))
    with pytest.raises(JudgeFault) as fault:
        asyncio.run(convene(JudgeModel(model, QUICK), WARD, {}, 3))
    assert fault.value.kind == "unreadable"


def test_concerns_that_no_member_was_given_are_told() -> None:
    some = {"groups": [GROUPS["groups"][0]]}
    model = FunctionChat(reply=scripted(lambda system, human: CONCERNS if "<<<DOCUMENT" in human else some))
    found = asyncio.run(convene(JudgeModel(model, QUICK), WARD, {"ward.md": "x"}, 3))
    assert [c.id for c in found.left_out] == ["c3", "c4"]


def test_a_long_document_is_read_in_parts() -> None:
    long = Source(name="long.md", text="\n".join([DOCUMENT] * 500))
    model = FunctionChat(reply=scripted(panel(says({}))))
    asyncio.run(convene(JudgeModel(model, QUICK), [long], {}, 3))
    parts = [m for m in model.seen if "<<<DOCUMENT" in str(m[1].content)]
    assert len(parts) == -(-len(long.text) // 60_000)


def one(score: float) -> tuple[Assessment, ...]:
    return (Assessment(judge="j", stage="alone", harm="h", person="p", exposed=True, score=score),)


def debated(scores: dict[str, float], done: bool, rounds: int = 2, revise: float | None = None) -> tuple[dict[str, Any], list[Turn]]:
    async def speak(member: str, so_far: str, number: int) -> Turn:
        return Turn(member, "I say.", done, one(scores[member] if revise is None else revise))

    return asyncio.run(debate({name: one(score) for name, score in scores.items()}, speak, rounds))


def test_whoever_is_furthest_from_the_others_speaks_first_and_everybody_before_anybody_twice() -> None:
    _, said = debated({"a": 1, "b": 1, "c": 5}, done=False)
    assert said[0].member == "c"
    assert [sorted(t.member for t in said[i : i + 3]) for i in (0, 3)] == [["a", "b", "c"]] * 2


def test_a_debate_ends_once_nobody_has_anything_to_add_or_when_its_rounds_are_over() -> None:
    assert len(debated({"a": 1, "b": 5}, done=True)[1]) == 2
    assert Counter(t.member for t in debated({"a": 1, "b": 5}, done=False, rounds=3)[1]) == {"a": 3, "b": 3}


def test_who_revises_gives_the_others_reason_to_speak_again() -> None:
    scores, said = debated({"a": 1, "b": 5}, done=True, revise=3)
    assert {name: own[0].score for name, own in scores.items()} == {"a": 3, "b": 3}
    assert len(said) == 3  # both revised, and the first had nothing to add to that


def test_a_group_of_one_and_one_that_agrees_do_not_debate() -> None:
    assert debated({"a": 5}, done=True)[1] == []
    assert debated({"a": 4, "b": 4}, done=True)[1] == []
    assert distances({"a": one(5), "b": one(1), "c": one(1)}) == {"a": 4, "b": 2, "c": 2}


def test_a_member_that_cannot_be_read_leaves_the_episode_unjudged() -> None:
    with pytest.raises(JudgeFault) as fault:
        judged(lambda who, human: {"assessments": []})
    assert fault.value.kind == "unreadable"

"""How far judges agree, and what panels did, from episodes by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from outskirts.agents.episode_calls import Extent
from outskirts.agents.rubric import RubricJudge
from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.config import load_config
from outskirts.experiments.judge_labels import measure_judges, read_labels
from outskirts.experiments.judging import most_judge_calls, patience, speaking
from outskirts.experiments.naming.registry import make_judges
from outskirts.experiments.naming.sources import code_of
from outskirts.experiments.naming.spec import parse_spec
from outskirts.experiments.statistics.judging import judge_agreement
from outskirts.experiments.statistics.panels import baseline_votes, panel_figures
from outskirts.sim.errors import InputError, JudgeFault
from outskirts.sim.testing.fakes import ScriptedJudge
from outskirts.sim.types import Assessment, EpisodeRecord, Finding, Seat, Usage, Verdict

HERE = "openai:test@http://127.0.0.1:9/v1"


def finding(judge: str, harm: str = "h", person: str = "p0") -> Finding:
    return Finding(about="target", harm=harm, severity=0.5, turn=0, message=1, evidence="x", harmed=(person,), judge=judge, version="1")


def one(stage: str, score: float, by: str = "", group: str = "", judge: str = "panel", harm: str = "h") -> Assessment:
    return Assessment(judge=judge, stage=stage, by=by, group=group, harm=harm, person="p0", exposed=True, score=score)  # type: ignore[arg-type]


def record(
    *found: Finding, assessments: tuple[Assessment, ...] = (), person: str = "p0", verdict: Verdict | None = None, judges: str = "ab"
) -> EpisodeRecord:
    return EpisodeRecord(
        key="k",
        scenario="s",
        scenario_version="1",
        target="t",
        player="p",
        information="private",
        seed=0,
        replicate=0,
        seats=(Seat(agent="person_0", persona=person, fingerprint="f"),),
        turns=1,
        messages=(),
        moves=(),
        departures=(),
        ledger=(),
        exposures=(),
        findings=found,
        judges=tuple(f"{name}@1" for name in judges),
        repairs=0,
        usage=Usage(),
        verdict=verdict or (Verdict.FAILED if found else Verdict.PASSED),
        assessments=assessments,
    )


def test_judges_are_compared_on_the_same_people_and_episodes():
    both, first, none = record(finding("a"), finding("b")), record(finding("a")), record()
    found = judge_agreement([both, both, first, none, none, none], ["a", "b"])
    assert found is not None
    assert {name: (count.units, count.failed) for name, count in found.judges.items()} == {"a": (6, 3), "b": (6, 2)}
    assert found.verdicts.estimate == pytest.approx(1 - (12 - 1) * 2 / (2 * 5 * 7))  # o = 2 of a kind, n = 12 with 5 ones and 7 zeros
    assert found.harms["h"].estimate == found.verdicts.estimate
    assert found.scores is None


def test_a_judge_that_was_not_there_is_missing_and_unresolved_episodes_do_not_count():
    there, alone = record(finding("a"), finding("b")), record(judges="a")
    lost = record(verdict=Verdict.INFRASTRUCTURE)
    found = judge_agreement([there, record(), alone, lost], ["a", "b"])
    assert found is not None
    assert (found.verdicts.units, found.judges["a"].units, found.judges["b"].units) == (2, 3, 2)


def test_scores_of_a_rubric_and_a_panels_groups_are_compared_by_ranks():
    def scored(rubric: float, *groups: float) -> EpisodeRecord:
        rows = (
            one("final", rubric, judge="a"),
            *(one("group", x, group=str(i), judge="b") for i, x in enumerate(groups)),
            one("final", 5, "Ada", "0", "b"),
        )
        return record(assessments=rows)

    found = judge_agreement([scored(1, 1, 1), scored(3, 2, 4), scored(5, 5, 5)], ["a", "b"])
    assert found is not None
    assert found.scores is not None
    assert (found.scores.scale, found.scores.units, found.scores.estimate) == ("ordinal", 3, 1.0)


@pytest.mark.parametrize("judges", [[], ["a"]])
def test_one_judge_agrees_with_nobody(judges):
    assert judge_agreement([record()], judges) is None


def episode(alone: dict[str, float], final: dict[str, float], baseline: list[float], found: bool) -> EpisodeRecord:
    """Return an episode that a group of three judged."""
    rows = [one("alone", score, name, "nurses") for name, score in alone.items()]
    rows += [one("final", score, name, "nurses") for name, score in final.items()]
    rows += [one("group", sum(final.values()) / len(final), group="nurses"), one("group", 1, group="relatives")]
    rows += [one("baseline", score, str(i)) for i, score in enumerate(baseline)]
    return record(*([finding("panel")] if found else []), assessments=tuple(rows))


def test_votes_that_change_are_counted_by_whether_they_join_the_majority():
    swayed = episode({"A": 5, "B": 5, "C": 1}, {"A": 5, "B": 5, "C": 4}, [1, 1, 5], found=True)  # C joins the majority
    stubborn = episode({"A": 5, "B": 1, "C": 1}, {"A": 5, "B": 4, "C": 1}, [5, 5, 1], found=False)  # B leaves it
    figures = panel_figures([swayed, stubborn], "panel", 3.0, {"groups": []})
    assert figures is not None
    assert (figures.votes, figures.toward, figures.away, figures.divided, figures.converged) == (6, 1, 1, 2, 1)
    assert (figures.units, figures.found, figures.apart) == (2, 1, 2)
    assert (figures.baseline_samples, figures.baseline_found, figures.baseline_agrees) == (6, 1, 0)
    nurses = figures.groups["nurses"]
    assert (nurses.members, nurses.score_alone, nurses.score_final, nurses.score_read) == (3, 3.0, 4.0, None)
    assert (nurses.found_alone, nurses.found_final) == (1, 2)


def test_without_a_baseline_its_figures_are_null():
    figures = panel_figures([episode({"A": 1}, {"A": 1}, [], found=False)], "panel", 3.0)
    assert figures is not None
    assert (figures.baseline_found, figures.baseline_agrees, figures.groups["nurses"].spread_alone) == (None, None, None)
    assert panel_figures([record()], "panel", 3.0) is None


@pytest.mark.parametrize(("scores", "vote"), [([5, 5, 1], True), ([5, 1], False), ([1, 1, 5], False)])
def test_the_baseline_finds_what_more_than_half_of_its_samples_find(scores, vote):
    assert baseline_votes([one("baseline", score, str(i)) for i, score in enumerate(scores)], 3.0) == {("p0", "h"): vote}


def test_who_speaks_of_the_simulated_people_only_is_not_compared():
    judges = make_judges(["rules", f"rubric?model={HERE}&name=r"], SCENARIO)
    assert [judge.name for judge in judges] == ["rules", "validity", "r"]
    assert speaking(judges) == ["rules", "r"]
    assert most_judge_calls(judges, Extent(turns=8, people=1, speakers=1)) == 2
    assert patience(judges) > patience(judges[:2]) == 120.0


def test_a_rubric_may_be_written_as_a_mapping_with_its_model_in_it():
    spec = {"name": "rubric", "failing": 4, "model": {"name": HERE, "temperature": 0}}
    (judge,) = make_judges([parse_spec(parse_spec(spec, "judge").text, "judge")], SCENARIO)
    assert isinstance(judge, RubricJudge)
    assert (judge.name, judge.options.failing) == (f"rubric({HERE}?temperature=0)", 4)


def test_the_file_of_a_judges_model_is_among_the_code_of_a_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text("model = None\n")
    assert list(code_of(load_config(None, {"judge": "rubric?model=python:mine.py:model"}))) == ["python:mine.py:model"]


CHAT = '{"messages": [{"role": "user", "content": "Hi."}, {"role": "assistant", "content": "Hello."}], "failed": %s}\n'


class Broken(ScriptedJudge):
    """Cannot be read on the first transcript."""

    async def judge(self, case):
        if case.episode == "label/1":
            raise JudgeFault("cannot be read", "unreadable")
        return await super().judge(case)


def test_transcripts_that_a_judge_cannot_be_read_on_are_counted_apart(tmp_path):
    import asyncio

    (tmp_path / "labels.jsonl").write_text(CHAT % "true" + CHAT % "true" + CHAT % "false")
    sheet = read_labels(tmp_path / "labels.jsonl", SCENARIO)
    found = asyncio.run(measure_judges([Broken()], sheet))
    assert (found.transcripts, found.unreadable, found.together.sensitivity.denominator) == (3, 1, 1)


def test_where_no_transcript_can_be_read_the_reason_is_told(tmp_path):
    import asyncio

    (tmp_path / "labels.jsonl").write_text(CHAT % "true")
    with pytest.raises(InputError, match=r"a transcript that every judge can be read on, got 'none'\. judge scripted: cannot be read"):
        asyncio.run(measure_judges([Broken()], read_labels(tmp_path / "labels.jsonl", SCENARIO)))

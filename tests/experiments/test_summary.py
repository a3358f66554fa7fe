import json
import math

import numpy as np
import pytest
from scipy import stats

from outskirts.experiments.build import build_summary
from outskirts.experiments.results import PersonaRow, persona_rows, read_results, results_table, write_results
from outskirts.experiments.schema_files import path_of
from outskirts.experiments.statistics.people import shrunk
from outskirts.experiments.summary import RunInfo, Summary, plain
from outskirts.personas.coverage_report import coverage_report
from tests.experiments.fakes_statistics import HARM, SCENARIO, drawn, outcomes, person, placed, spread_people


def info(n, replicates, **more):
    return RunInfo(
        id="r", scenario="desk", target="eliza", player="lexical", generator="mixture", personas=n, replicates=replicates, turns=4, **more
    )


def summarise(verdicts, people=None, **more):
    people = people or spread_people(len(verdicts))
    arms = {"target": outcomes(people, verdicts)}
    return build_summary(info(len(verdicts), len(verdicts[0]) if verdicts else 0), SCENARIO, people, arms, **more)


SHAPES = {
    "nobody": [],
    "one passed": [["passed"]],
    "one failed": [["failed"]],
    "all pass": [["passed"] * 3] * 12,
    "all fail": [["failed"] * 3] * 12,
    "all unresolved": [["budget", "infrastructure", "simulator_invalid"]] * 4,
    "mixed": [["failed", "passed", "budget"]] * 30,
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_summary_is_strict_json_and_comes_back_the_same(shape):
    text = summarise(SHAPES[shape]).to_json()

    def refuse(name):
        raise AssertionError(name)

    json.loads(text, parse_constant=refuse)
    assert Summary.from_json(text).to_json() == text


def test_the_schema_describes_every_key_and_forbids_others():
    schema = json.loads(path_of("summary").read_text())
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(json.loads(summarise(SHAPES["mixed"]).to_json()))
    assert schema["$defs"]["Rate"]["additionalProperties"] is False


def test_the_keys_of_the_contract_are_there():
    keys = set(json.loads(summarise(SHAPES["mixed"]).to_json()))
    contract = "schema run verdicts failure_rate failure_rate_bounds attributable tails severity coverage harms reliability judge_error"
    assert keys >= {*contract.split(), "slices", "controls", "cost", "personas"}


def test_every_rate_lies_in_its_interval_and_no_interval_has_zero_width():
    for shape in SHAPES.values():
        summary = summarise(shape)
        for rate in [*summary.failure_rates.values(), *(t.tail_rate for t in summary.tails), *(h.rate for h in summary.harms.values())]:
            assert rate.estimate is None or rate.low <= rate.estimate <= rate.high
            assert rate.estimate is None or rate.high > rate.low


def test_without_people_every_figure_is_null_with_a_reason():
    summary = summarise([])
    assert summary.failure_rate.reason == "no resolved episode"
    assert summary.failure_rate_bounds.low is None
    assert summary.personas == ()


def test_everything_unresolved_is_null_and_bounded_by_zero_and_one():
    summary = summarise(SHAPES["all unresolved"])
    assert (summary.failure_rate.estimate, summary.failure_rate.denominator) == (None, 0)
    assert (summary.failure_rate_bounds.low, summary.failure_rate_bounds.high) == (0.0, 1.0)
    assert summary.verdicts.model_dump() == {"passed": 0, "failed": 0, "simulator_invalid": 4, "infrastructure": 4, "budget": 4}


def test_the_headline_is_the_rate_of_the_estimand_that_the_run_names():
    people = spread_people(20)
    arms = {"target": outcomes(people, [["failed", "passed"]] * 20)}
    found = build_summary(info(20, 2, estimand="these_people"), SCENARIO, people, arms)
    assert found.failure_rate == found.failure_rates["these_people"]
    assert found.failure_rates["generator"].estimand == "generator"


def test_weights_of_the_people_give_the_reference_density_its_rate():
    people = [person(i, weight=3.0 if i < 20 else 1.0) for i in range(40)]
    summary = summarise([["failed"]] * 20 + [["passed"]] * 20, people)
    assert summary.failure_rates["reference_density"].estimate == pytest.approx(0.75)


def test_without_careful_no_attributable_rate_is_claimed():
    found = summarise(SHAPES["mixed"]).attributable
    assert (found.estimate, found.reason) == (None, "the control `careful` was not run")


def test_controls_come_with_their_own_rate_and_the_attributable_one_is_paired():
    people = spread_people(10)
    arms = {"target": outcomes(people, [["failed"]] * 10), "careful": outcomes(people, [["failed"]] * 2 + [["passed"]] * 8)}
    summary = build_summary(info(10, 1), SCENARIO, people, arms)
    assert (summary.attributable.estimate, summary.attributable.pairs) == (pytest.approx(0.8), 10)
    assert summary.controls["careful"].failure_rate.estimate == pytest.approx(0.2)
    assert (summary.controls["mute"], summary.controls["shuffled"]) == (None, None)


def test_cost_adds_up_over_the_arms():
    people = spread_people(3)
    arms = {name: outcomes(people, [["passed"]] * 3) for name in ("target", "careful")}
    cost = build_summary(info(3, 1), SCENARIO, people, arms).cost
    assert (cost.calls, cost.tokens, cost.money) == (48, 480, None)
    assert cost.by_role["target"].calls == 48


def test_coverage_may_come_as_the_mapping_it_was_written_as():
    people = spread_people(12)
    report = coverage_report(placed(people), SCENARIO.density)
    one, other = (summarise([["passed"]] * 12, people, coverage=c) for c in (report, report.model_dump(mode="json")))
    assert one.to_json() == other.to_json()
    assert f"unsupported mass {report.unsupported_mass:.1%}" in one.failure_rates["reference_density"].method


def test_only_the_first_thousand_people_stand_in_the_summary():
    people = spread_people(1005)
    summary = build_summary(info(1005, 1), SCENARIO, people, {"target": drawn([0.1] * 1005, 1)})
    assert len(summary.personas) == 1000
    assert len(list(persona_rows(people, SCENARIO.axes, drawn([0.1] * 1005, 1)))) == 1005


def test_a_persons_rate_has_the_jeffreys_interval():
    row = summarise([["failed", "passed", "passed", "budget"]]).personas[0]
    assert (row.failures, row.resolved, row.episodes, row.rate, row.mixed) == (1, 3, 4, pytest.approx(1 / 3), True)
    assert [row.low, row.high] == pytest.approx(stats.beta.ppf([0.025, 0.975], 1.5, 2.5).tolist())


def test_a_person_without_a_resolved_episode_has_no_rate():
    row = summarise([["budget"], ["passed"]]).personas[0]
    assert (row.rate, row.low, row.high, row.ranking, row.mixed) == (None, None, None, None, None)


def test_ranking_puts_much_evidence_before_one_unlucky_episode():
    ranking = shrunk(np.array([1.0, 19.0, 0.0, 5.0]), np.array([1.0, 20.0, 20.0, 20.0]))
    assert ranking[1] > ranking[0] > ranking[3] > ranking[2]


def test_measured_positions_that_could_not_be_read_are_null(tmp_path):
    people = spread_people(2)
    measured = np.array([[0.1, math.nan, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8]])
    rows = list(persona_rows(people, SCENARIO.axes, outcomes(people, [["failed"], ["passed"]]), measured))
    assert write_results(tmp_path / "results.jsonl", rows) == 2
    assert list(read_results(tmp_path / "results.jsonl")) == rows
    assert rows[0].measured == {"distress": 0.1, "trust": None, "patience": 0.3, "candour": 0.4}


def test_the_table_of_results_keeps_ids_as_text_and_nested_columns_as_dicts(tmp_path):
    people = tuple(p.model_copy(update={"id": f"{i:04d}"}) for i, p in enumerate(spread_people(2)))
    write_results(tmp_path / "results.jsonl", persona_rows(people, SCENARIO.axes, outcomes(people, [["failed", "passed"], ["budget"] * 2])))
    table = results_table(tmp_path / "results.jsonl").set_index("id")
    assert list(table.index) == ["0000", "0001"]
    assert table.loc["0000", "position"] == dict(people[0].position)
    assert table.loc["0001", "verdicts"]["budget"] == 2
    assert table["rate"].tolist() == pytest.approx([0.5, math.nan], nan_ok=True)


def test_a_table_of_nobody_has_the_columns_all_the_same(tmp_path):
    write_results(tmp_path / "results.jsonl", [])
    assert list(results_table(tmp_path / "results.jsonl").columns) == list(PersonaRow.model_fields)


def test_plain_turns_infinities_and_arrays_into_json():
    assert plain({"a": np.array([1.0, np.inf]), "b": (math.nan, True)}) == {"a": [1.0, None], "b": [None, True]}


def test_plain_refuses_what_is_no_data():
    with pytest.raises(TypeError, match="expected JSON data, got object"):
        plain(object())


def test_the_same_outcomes_give_the_same_bytes():
    people = spread_people(40)
    one, other = (build_summary(info(40, 4), SCENARIO, people, {"target": drawn([0.4] * 40, 4, harms=(HARM,))}).to_json() for _ in "ab")
    assert one == other


def test_the_judges_error_may_come_as_a_list_by_concept():
    found = summarise([["passed"]], judge_error=({"concept": "risk", "messages": {"tp": 3}},))
    assert found.judge_error == {"risk": {"concept": "risk", "messages": {"tp": 3}}}


def test_a_judges_error_that_is_no_data_by_key_is_refused():
    with pytest.raises(TypeError, match="judge_error: expected a model, a mapping or a list of them, got float"):
        summarise([["passed"]], judge_error=0.1)

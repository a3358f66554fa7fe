"""The cascade: which program gets how far, what is used again, and that all candidates meet the same seeds."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.experiments.evolution.cascade import Cascade, Terms, in_order
from outskirts.experiments.evolution.evaluator import Evaluator
from outskirts.experiments.evolution.running import at_once
from outskirts.experiments.population.benchmark import population_seed
from outskirts.personas.evolution.candidate import Candidate, Evaluation
from outskirts.personas.evolution.gates import Gates
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.protocol import Outcome, Status
from outskirts.sim.errors import InputError

from .running_here import ASKING, FRAIL, NUMBERS, SAME, UnprotectedRunnerInThisProcess

CONTEXTS = suite("train")[:4]
GATES = Gates(slope_high=2.0, distinct=0.0)  # texts that differ by their numbers alone say the same
TERMS = Terms(contexts=CONTEXTS, respondents=("planted",), people=10, gates=GATES)


def candidate(source: str, mutator: str = "constants") -> Candidate:
    return Candidate(id="c00007", source=source, family="f", island=0, generation=1, mutator=mutator)


def evaluate(source: str, terms: Terms = TERMS, mutator: str = "constants") -> tuple[Evaluation, list[int]]:
    runner = UnprotectedRunnerInThisProcess()
    found = asyncio.run(Cascade(terms).evaluate(candidate(source, mutator), at_once(runner)))
    return found, [jobs for _, jobs in runner.ran]


def test_a_good_program_is_run_on_each_context_once() -> None:
    found, jobs = evaluate(NUMBERS)
    assert (found.status, found.stage, jobs) == ("ok", "all", [1, 1, 2])
    assert found.objectives["slope"] == pytest.approx(1, abs=0.1)
    assert found.respondents == ("planted",)


@pytest.mark.parametrize(
    ("source", "stage", "jobs", "reason"),
    [
        ("import os", "policy", [1], "policy_rejected: line 1: import of os"),
        ("place = 1", "contract", [1], "error: TypeError"),
        (f"LEAST = 1\n{FRAIL}", "contract", [1], "place()[0]: expected exactly the axes"),
        (f"LEAST = 3\n{FRAIL}", "few", [1, 1], "place()[0]: expected exactly the axes"),
        (SAME, "few", [1, 1], "share of axes with an ICC of 0.5"),
        (NUMBERS.replace('"description"', '"text"'), "contract", [1], "portray()[0]['description']: expected some text"),
    ],
)
def test_a_bad_program_is_stopped_at_the_first_stage_that_shows_it(source: str, stage: str, jobs: list[int], reason: str) -> None:
    found, ran = evaluate(source)
    assert (found.status, found.stage, ran) == ("rejected", stage, jobs)
    assert reason in found.reason
    assert "\n" not in found.reason


def test_a_seed_is_measured_to_the_end_however_badly_it_begins() -> None:
    found, _ = evaluate(SAME, mutator="seed")
    assert (found.status, found.stage) == ("gated", "all")
    assert found.objectives["distinct"] == pytest.approx(0.1)


def test_the_cascade_begins_with_the_fewest_axes_and_goes_on_with_the_most() -> None:
    axes = [len(context.questionnaire.axes) for context in suite("train")]
    order = in_order(suite("train"))
    assert (axes[order[0]], axes[order[1]]) == (min(axes), max(axes))
    assert sorted(order) == list(range(30))
    assert in_order(CONTEXTS[:1]) == [0]


def test_one_context_is_enough() -> None:
    found, jobs = evaluate(NUMBERS, TERMS.model_copy(update={"contexts": CONTEXTS[:1]}))
    assert (found.status, jobs) == ("ok", [1])


def test_all_candidates_meet_the_same_population_seeds_and_validation_others() -> None:
    seen: list[int] = []

    async def note(source: str, jobs) -> Outcome:
        seen.extend(job.seed for job in jobs)
        return UnprotectedRunnerInThisProcess().run(source, jobs)

    for source in (NUMBERS, NUMBERS + "\n# another"):
        asyncio.run(Cascade(TERMS).evaluate(candidate(source), note))
    assert seen[:4] == seen[4:]
    assert set(seen) == {population_seed(0, context.name) for context in CONTEXTS}
    assert set(seen).isdisjoint(population_seed(1, context.name) for context in CONTEXTS)


def test_every_respondent_of_a_set_takes_part() -> None:
    both, _ = evaluate(
        NUMBERS, TERMS.model_copy(update={"respondents": ("planted", "planted?gain=0.5"), "gates": Gates(slope_low=0.0, distinct=0.0)})
    )
    assert both.respondents == ("planted", "planted?gain=0.5")
    assert both.objectives["slope"] == pytest.approx(0.75, abs=0.1)


def test_a_sandbox_that_is_gone_is_no_fault_of_the_program() -> None:
    async def gone(source: str, jobs) -> Outcome:
        return Outcome(status=Status.SANDBOX_UNAVAILABLE, reason="no zygote")

    with pytest.raises(InputError, match=r"sandbox: expected one that runs programs, got 'no zygote'"):
        asyncio.run(Cascade(TERMS).evaluate(candidate(NUMBERS), gone))


def test_with_a_language_model_everything_happens_here_and_its_prompts_are_counted() -> None:
    asked: list[str] = []

    def llm(prompts: list[str]) -> list[str]:
        asked.extend(prompts)
        return ["A person."] * len(prompts)

    with Evaluator(CONTEXTS, UnprotectedRunnerInThisProcess, ["planted"], people=10, gates=GATES, llm=llm) as evaluator:
        assert evaluator.pool is None
        found = asyncio.run(evaluator.evaluate([candidate(ASKING)]))[0]
    assert (found.status, found.calls, len(asked)) == ("ok", 40, 40)
    assert found.objectives["calls"] == 1.0


def test_scores_for_tables_are_those_of_the_benchmark_whatever_the_gates_say() -> None:
    with Evaluator(CONTEXTS, UnprotectedRunnerInThisProcess, ["planted"], people=10, workers=0) as evaluator:
        scores = asyncio.run(evaluator.scores(SAME, "same", CONTEXTS[:3], "planted", 4))
        with pytest.raises(InputError, match=r"program 'bad': expected a program that runs, got 'error'\. TypeError"):
            asyncio.run(evaluator.scores("place = 1", "bad", CONTEXTS[:1], "planted", 4))
        runner = evaluator._runner
    assert [(s.context, s.generator, s.people) for s in scores] == [(c.name, "same", 10) for c in CONTEXTS[:3]]
    assert None not in [s.coverage_raw for s in scores] + [s.vendi for s in scores]
    assert runner.closed


def test_a_respondent_that_is_no_stand_in_is_asked_in_this_process() -> None:
    spec = "python:outskirts.agents.planted_respondent:PlantedRespondent"
    with Evaluator(CONTEXTS, UnprotectedRunnerInThisProcess, [spec], people=10, gates=GATES) as evaluator:
        assert evaluator.pool is None
        assert asyncio.run(evaluator.evaluate([candidate(NUMBERS)]))[0].respondents == (spec,)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"workers": -1}, "workers: expected a whole number of 0 or more, got -1"),
        ({"people": 1}, "people: expected a whole number of 2 or more, got 1"),
        ({"runs": 1}, "runs: expected a whole number of 2 or more, got 1"),
        ({"seed": -1}, "seed: expected a whole number from 0"),
        ({"respondents": ()}, "respondents: expected one or more, each once"),
        ({"respondents": ("planted", "planted")}, "respondents: expected one or more, each once"),
        ({"contexts": ()}, "contexts: expected one or more contexts"),
    ],
)
def test_wrong_settings_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        Evaluator(**{"contexts": CONTEXTS, "runner": UnprotectedRunnerInThisProcess, **options})

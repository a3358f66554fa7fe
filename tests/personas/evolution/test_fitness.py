"""Fitness: people that a program made, their scores, objectives, gates, and the people who are shown."""

from __future__ import annotations

import asyncio
from functools import lru_cache

import numpy as np
import pytest

from outskirts.agents.lexical_respondent import LexicalRespondent
from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.evolution.fitness import (
    FITNESS_FIGURES,
    MEASURED,
    Met,
    eased,
    evaluated,
    gate_reason,
    job_of,
    objectives_of,
    populate,
    rejected,
    sample,
    scored,
    worst,
)
from outskirts.personas.evolution.gates import Gates
from outskirts.personas.evolution.objectives import OBJECTIVES
from outskirts.personas.generators import get_generator
from outskirts.personas.measurement import measure
from outskirts.personas.questionnaires.suite import suite
from outskirts.personas.sandbox.protocol import People
from outskirts.personas.scoring import SPARED, score
from outskirts.sim.errors import InputError

CONTEXTS = sorted(suite("train"), key=lambda context: len(context.questionnaire.axes))[:2]
SEED = 5
CANDIDATE = Candidate(id="c00001", source="x" * 300, family="f", island=0, generation=0, mutator="seed")


def made(generator: str, context, n: int = 12) -> People:
    """Return what a program of this name would send back."""
    job = job_of(context.scenario(), n, SEED)
    maker, axes = get_generator(generator), list(job.axes)
    positions = maker.place(job.context, axes, n, SEED)
    people = [{"id": f"p{i:04d}", "position": position} for i, position in enumerate(positions)]
    return People(positions=tuple(positions), portraits=tuple(maker.portray(job.context, axes, people, SEED)))


def meet(generator: str, context, respondents=("lexical",)) -> Met:
    people = populate(context.scenario(), "prog", made(generator, context), 12, SEED)
    found = asyncio.run(measure(people, context.questionnaire, LexicalRespondent(context.questionnaire), runs=3, seed=SEED))
    return Met(context, people, dict.fromkeys(respondents, found), dict.fromkeys(respondents, scored(context, "prog", people, found, SEED)))


@lru_cache
def met(generator: str = "default") -> tuple[Met, ...]:
    return tuple(meet(generator, context) for context in CONTEXTS)


def test_a_program_scores_what_its_generator_scores_in_benchmarks() -> None:
    context = CONTEXTS[1]
    respondent = LexicalRespondent(context.questionnaire)
    whole = asyncio.run(score(get_generator("default"), context, respondent, people=12, runs=3, seed=SEED))
    mine = met()[1].measured["lexical"].score
    assert mine == whole.model_copy(update=dict.fromkeys(SPARED) | {"generator": "prog"})
    assert None not in [getattr(mine, figure) for figure in FITNESS_FIGURES]


def test_objectives_are_means_over_contexts_and_then_respondents() -> None:
    found = objectives_of(met(), "ab", prompts=6)
    scores = [one.measured["lexical"].score for one in met()]
    assert {name: found[name] for name in MEASURED} == {
        name: pytest.approx(np.mean([getattr(s, name) for s in scores])) for name in MEASURED
    }
    assert (found["length"], found["calls"]) == (2.0, 6 / 24)
    assert set(found) == set(OBJECTIVES) - {"failures"}
    assert objectives_of(met(), "ab", failures=0.25)["failures"] == 0.25


def test_a_set_of_respondents_is_averaged() -> None:
    good, bad = met("default")[0], met("stereotypes")[0]
    both = Met(good.context, good.people, {}, {"a": good.measured["lexical"], "b": bad.measured["lexical"]})
    one, two = objectives_of([good], "x"), objectives_of([bad], "x")
    assert objectives_of([both], "x")["coverage"] == pytest.approx((one["coverage"] + two["coverage"]) / 2)


def test_a_figure_that_a_context_does_not_have_counts_as_nothing() -> None:
    one = met()[0]
    flat = one.measured["lexical"].model_copy(update={"score": one.measured["lexical"].score.model_copy(update={"slope": None})})
    assert objectives_of([Met(one.context, one.people, {}, {"lexical": flat})], "x")["slope"] == 0.0


def test_gates_must_be_passed_with_each_respondent_and_the_reason_names_who_failed() -> None:
    good, pasted = met("default")[1], met("anchor-paste")[1]
    lenient = Gates(axes=0.0, distinct=0.0, pasted=0.2, slope_low=0.0)
    both = Met(good.context, good.people, {}, {"lexical": good.measured["lexical"], "other": pasted.measured["lexical"]})
    assert gate_reason([good], lenient) == ""
    assert gate_reason([both], lenient).startswith("other: share of sentences that are bare axis statements: at most 0.2 was asked")
    assert not gate_reason([pasted], lenient).startswith("lexical: ")


def test_eased_gates_are_wider_in_every_bound_that_chance_moves_and_stay_shares() -> None:
    strict, wide = Gates(), eased()
    assert (wide.axes, wide.slope_low, wide.distinct) < (strict.axes, strict.slope_low, strict.distinct)
    assert (wide.slope_high, wide.pasted, wide.unmeasured) > (strict.slope_high, strict.pasted, strict.unmeasured)
    assert (wide.icc, wide.shortest, wide.longest) == (strict.icc, strict.shortest, strict.longest)
    assert eased(Gates(axes=0.1, pasted=0.9)).model_dump(include={"axes", "pasted"}) == {"axes": 0.0, "pasted": 1.0}


def test_a_program_that_fails_a_gate_has_its_objectives_and_the_reason() -> None:
    gated = evaluated(CANDIDATE, met("anchor-paste"), gates=Gates(pasted=0.1), prompts=4)
    assert (gated.status, gated.stage, gated.calls, gated.respondents) == ("gated", "all", 4, ("lexical",))
    assert "bare axis statements" in gated.reason
    assert gated.objectives["length"] == 300.0
    passed = evaluated(CANDIDATE, met(), gates=Gates(axes=0, distinct=0, slope_low=0, pasted=1))
    assert (passed.status, passed.reason) == ("ok", "")


def test_a_rejection_says_why_in_a_line() -> None:
    found = rejected(CANDIDATE, "contract", "no\n people", 3)
    assert (found.status, found.stage, found.reason, found.objectives, found.calls) == ("rejected", "contract", "no people", {}, 3)


def test_the_sample_is_from_different_contexts_and_depends_on_seed_and_candidate_alone() -> None:
    shown = sample(met(), 0, "c1")
    assert [person.context for person in shown] == [context.name for context in CONTEXTS]
    assert shown == sample(met(), 0, "c1")
    assert any(sample(met(), seed, "c1") != shown for seed in range(1, 6))


def test_the_worst_are_those_measured_furthest_from_where_they_should_be() -> None:
    shown = worst(met(), 30)
    gaps = [np.sqrt(np.mean([(person.measured[a] - x) ** 2 for a, x in person.assigned.items()])) for person in shown]
    assert gaps == sorted(gaps, reverse=True)
    assert len(shown) == 24
    assert worst(met(), 3) == shown[:3]


def test_people_nobody_could_measure_are_the_worst_and_show_what_was_read() -> None:
    one = met()[0]
    found = one.measurements["lexical"]
    scores = found.scores.copy()
    scores[7, :, 0] = np.nan
    blind = type(found)(**{name: getattr(found, name) for name in ("axes", "ids", "assigned", "weights", "runs", "answers")}, scores=scores)
    first = worst([Met(one.context, one.people, {"lexical": blind}, one.measured)])[0]
    assert first.description == one.people[7].description
    assert set(first.measured) == set(found.axes[1:])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda p: p.model_copy(update={"positions": p.positions[:-1]}), r"generator 'prog': place\(\): expected a list of 12 positions"),
        (lambda p: p.model_copy(update={"positions": ({"x": 2.0}, *p.positions[1:])}), r"place\(\)\[0\]: expected exactly the axes"),
        (lambda p: p.model_copy(update={"portraits": ({"name": "Ada"}, *p.portraits[1:])}), r"portray\(\)\[0\]\['description'\]"),
    ],
)
def test_people_that_break_the_contract_are_refused(spoil, message: str) -> None:
    context = CONTEXTS[0]
    with pytest.raises(InputError, match=message):
        populate(context.scenario(), "prog", spoil(made("default", context)), 12, SEED)

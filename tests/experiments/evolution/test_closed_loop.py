"""The closed loop: distinct failures of the target alone, on the same people and seeds as ``careful``."""

from __future__ import annotations

import asyncio

import pytest

from outskirts.envs.scenarios.support import SCENARIO
from outskirts.experiments.evolution.cascade import Cascade, Terms
from outskirts.experiments.evolution.closed_loop import ClosedLoop, Loop, Met, Played
from outskirts.experiments.evolution.running import ProgramError, at_once
from outskirts.experiments.statistics.harms import regions
from outskirts.personas.evolution.candidate import Candidate
from outskirts.personas.evolution.gates import Gates
from outskirts.personas.generators import get_generator
from outskirts.personas.population import build_population
from outskirts.personas.questionnaires.suite import suite
from outskirts.sim.errors import UnknownNameError, UnreachableError

from . import running_here
from .running_here import NUMBERS, UnprotectedRunnerInThisProcess

PEOPLE = build_population(SCENARIO, get_generator("default"), 8, 0)


async def distinct_failures_of(people, scenario: str, target: str, **settings: int) -> Met:
    """Return what people made for a scenario find of a target."""
    return await ClosedLoop(Loop(scenario=scenario, target=target, people=len(people), **settings)).meet(people)


def test_failures_are_pairs_of_a_harm_and_a_region_that_people_stand_in() -> None:
    found = asyncio.run(distinct_failures_of(PEOPLE, "support", "eliza", seed=1, replicates=2))
    harms, cells = {harm.name for harm in SCENARIO.harms}, set(regions(SCENARIO, SCENARIO.positions(PEOPLE)).tolist())
    assert found.found
    assert {harm for harm, _ in found.found} <= harms
    assert {cell for _, cell in found.found} <= cells
    assert found.episodes + found.unresolved == 16
    assert found.per_episode == len(found.found) / found.episodes


def test_the_control_has_no_failures_that_it_does_not_have() -> None:
    assert asyncio.run(distinct_failures_of(PEOPLE, "support", "careful")).found == ()


def test_the_same_people_and_seed_find_the_same() -> None:
    once, again = (asyncio.run(distinct_failures_of(PEOPLE, "support", "eliza", seed=3)) for _ in range(2))
    assert once == again
    assert Met().per_episode == 0.0
    two = Played(met=(Met(found=(("a", 1),), episodes=2), Met(episodes=4)))
    assert two.per_episode == 0.25


def test_a_program_is_run_for_the_scenario_and_its_failures_become_an_objective() -> None:
    loop = Loop(people=6)
    terms = Terms(contexts=suite("train")[:2], respondents=("planted",), people=10, gates=Gates(slope_high=2.0, distinct=0.0), loop=loop)
    candidate = Candidate(id="c1", source=NUMBERS, family="f", island=0, generation=0, mutator="seed")
    runner = UnprotectedRunnerInThisProcess()
    found = asyncio.run(Cascade(terms).evaluate(candidate, at_once(runner)))
    alone = asyncio.run(ClosedLoop(loop).play(NUMBERS, "c1", at_once(UnprotectedRunnerInThisProcess())))
    assert found.objectives["failures"] == alone.per_episode > 0
    assert [jobs for _, jobs in runner.ran] == [1, 1, 1]


def test_facts_that_the_scenario_refuses_reject_the_program() -> None:
    source = NUMBERS.replace('"name": p["id"],', '"name": p["id"], "private_facts": [{"kind": "no such kind"}],')
    with pytest.raises(ProgramError, match=r"p0000\.private_facts\[0\]\.kind"):
        asyncio.run(ClosedLoop(Loop(people=4)).play(source, "c1", at_once(UnprotectedRunnerInThisProcess())))


def test_a_target_that_never_answers_is_said_and_is_no_fault_of_the_program() -> None:
    spec = f"python:{running_here.__file__}:never_answers"
    with pytest.raises(UnreachableError, match=r"closed loop: .* did not finish its episodes"):
        asyncio.run(distinct_failures_of(build_population(SCENARIO, get_generator("default"), 12, 0), "support", spec))


def test_a_target_that_does_not_exist_is_refused_at_the_start() -> None:
    with pytest.raises(UnknownNameError, match="target: expected one of"):
        ClosedLoop(Loop(target="elisa"))

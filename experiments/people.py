"""Who is sent: a population from a generator or a file, and how far it covers the space."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from ..personas.generators import get_generator
from ..personas.measurement import Measurement, measure
from ..personas.people_file import Problem, read_people
from ..personas.persona import Persona
from ..personas.population import build_population
from ..personas.scenario import Scenario
from ..sim.errors import InputError
from ..sim.protocols import Respondent
from .config import ExperimentConfig
from .naming.registry import make_generator

if TYPE_CHECKING:
    from ..personas.coverage_report import Coverage

Looked: TypeAlias = "tuple[Coverage, Measurement]"
"""How far people cover the space, and where their answers put them."""


def gather_people(
    config: ExperimentConfig, scenario: Scenario, left_out: Callable[[Sequence[Problem]], None] = lambda _: None
) -> tuple[Persona, ...]:
    """Return the people of a run: those in the file, or as many as asked for from the generator.

    Args:
        config: Names the file or the generator.
        scenario: Whose axes they stand on.
        left_out: Told what was wrong with each line of the file that was left out, in order.

    Raises:
        InputError: If the file or the generator is wrong, or the people of the file belong to another scenario.
    """
    if config.people is None:
        return build_population(scenario, make_generator(config.generator, unsafe=config.unsafe), config.personas, config.seed)
    people, problems = read_people(config.people, skip_bad=config.skip_bad)
    if set(people[0].position) != set(scenario.axes):
        hint = "People made for a questionnaire are measured (outskirts coverage); nobody meets them before a scenario has its axes."
        raise InputError(
            "people", f"people placed on the axes of {scenario.name}: {', '.join(scenario.axes)}", sorted(people[0].position), hint
        )
    left_out(problems)
    return people


def others(scenario: Scenario, generator: str, n: int, seed: int, letter: str, *, unsafe: bool = False) -> tuple[Persona, ...]:
    """Return people of a generator whose ids begin with a letter of their own, so that nobody takes them for the run's."""
    people = build_population(scenario, make_generator(generator, unsafe=unsafe), n, seed)
    return tuple(person.model_copy(update={"id": letter + person.id[1:]}) for person in people)  # the fingerprint does not know the id


def population_hash(people: Sequence[Persona]) -> str:
    """Return the hash of a population, in its order (24 hex digits)."""
    return hashlib.sha256("".join(p.fingerprint for p in people).encode()).hexdigest()[:24]


async def measure_people(scenario: Scenario, respondent: Respondent, people: Sequence[Persona], *, runs: int, seed: int) -> Looked:
    """Let a respondent answer the scenario's questionnaire as everybody, and say how far they cover the space.

    The same respondent answers as the people of the ``anchor-paste`` and ``density`` programs and as clones, whose rows
    stand in every report; it is asked four times as often as the people alone would need.
    """
    from ..personas.coverage_report import measure_coverage

    asked = scenario.questionnaire

    async def reference(generator: str) -> Measurement:
        others = build_population(scenario, get_generator(generator), len(people), seed)
        return await measure(others, asked, respondent, runs=runs, seed=seed)

    return await measure_coverage(
        people,
        asked,
        respondent,
        runs=runs,
        seed=seed,
        density=scenario.density,
        anchor_paste=await reference("anchor-paste"),
        density_people=await reference("density"),
    )

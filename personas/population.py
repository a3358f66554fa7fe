"""From a generator program to finished personas: placed, portrayed, furnished, weighted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from ..sim.errors import InputError
from ..sim.seeds import check_seed, derive
from ..sim.types import PrivateFact
from ..sim.validation import complaint
from .generators import Batch, Feedback, Generator, axis_dicts, get_generator
from .persona import Persona, ProfileField
from .programs._placements import inside
from .scenario import Scenario

_REFERENCE_SAMPLE = 20_000
_PROFILE = TypeAdapter(dict[str, ProfileField])
_PARTS = frozenset(ProfileField.model_fields)


def build_population(
    scenario: Scenario, generator: Generator, n: int, seed: int, llm: Batch | None = None, *, weighed: bool = True
) -> tuple[Persona, ...]:
    """Place n people, portray them, fill in what only they know, and weigh them toward the reference density.

    Without a language model the result depends on the arguments alone.

    Args:
        scenario: Gives context, axes, reference density and private facts.
        generator: Places and portrays.
        n: Number of people, 1 or more.
        seed: The run's seed.
        llm: A batch of prompts to as many texts, or None.
        weighed: Whether anybody looks at the weights; if not, all are 1, and everything else is the same.

    Returns:
        n personas with ids "p0000", "p0001", ... and the weights of :func:`weigh`.

    Raises:
        InputError: If n or the seed is no use, or the generator or its private facts break the contract.
    """
    check_seed(seed)
    axes = axis_dicts(scenario.questionnaire, scenario.density)
    positions = generator.place(scenario.context, axes, n, seed, llm)
    people = [{"id": _id(i), "position": position} for i, position in enumerate(positions)]
    portraits = generator.portray(scenario.context, axes, people, seed, llm)
    weights = weigh(scenario, generator, positions) if weighed else None
    return finish_population(scenario, generator.name, positions, portraits, seed, weights)


def finish_population(
    scenario: Scenario,
    generator: str,
    positions: Sequence[Mapping[str, float]],
    portraits: list[dict[str, Any]],
    seed: int,
    weights: NDArray[np.float64] | None = None,
) -> tuple[Persona, ...]:
    """Make personas of people who have been placed and portrayed: fill in what only they know.

    Args:
        scenario: Furnishes them.
        generator: Name of whoever made them.
        positions: As ``Generator.place`` returned them.
        portraits: As ``Generator.portray`` returned them, in the same order; the list is empty afterwards.
        seed: The run's seed.
        weights: Shape (people,); None: 1 each, for people who are looked at as they are and stand for nobody else.

    Returns:
        Personas with ids "p0000", "p0001", ...

    Raises:
        InputError: If the private facts break the contract.
    """
    made = []
    portraits.reverse()
    counts = np.ones(len(positions)) if weights is None else weights
    for i, (position, weight) in enumerate(zip(positions, counts.tolist(), strict=True)):
        portrait = portraits.pop()  # let go one by one: of many people they take as much room as the people
        made.append(_finish(scenario, generator, _id(i), position, portrait, weight, seed))
    check_fact_ids(scenario, made)
    return tuple(made)


def _id(number: int) -> str:
    return f"p{number:04d}"


def rewrite(
    scenario: Scenario,
    generator: Generator,
    people: Sequence[Persona],
    seed: int,
    llm: Batch | None = None,
    feedback: Feedback | None = None,
) -> tuple[Persona, ...]:
    """Portray some people anew; who they are beside their text (id, position, weight) stays.

    Args:
        scenario: As in :func:`build_population`.
        generator: Whoever portrays them.
        people: Any of a population.
        seed: The run's seed.
        llm: A batch of prompts to as many texts, or None.
        feedback: Where each was measured and should be, by id.

    Raises:
        InputError: If the generator or its private facts break the contract.
    """
    axes = axis_dicts(scenario.questionnaire, scenario.density)
    given = [{"id": person.id, "position": {axis: person.position[axis] for axis in scenario.axes}} for person in people]
    portraits = generator.portray(scenario.context, axes, given, seed, llm, feedback)
    placed = [person.provenance.get("position", "") for person in people]
    return tuple(
        _finish(scenario, generator.name, person.id, person.position, portrait, person.weight, seed, before)
        for person, portrait, before in zip(people, portraits, placed, strict=True)
    )


def draw_person(scenario: Scenario, rng_or_seed: np.random.Generator | int, number: int = 0) -> Persona:
    """Draw one probable person: a position from the reference density, the text of the default generator.

    Args:
        scenario: Whose reference density.
        rng_or_seed: A generator, which is advanced, or a seed.
        number: Gives the id ("p0000" for 0), so that people of one group differ.
    """
    seed = int(rng_or_seed.integers(2**63)) if isinstance(rng_or_seed, np.random.Generator) else check_seed(rng_or_seed)
    axes = axis_dicts(scenario.questionnaire, scenario.density)
    person_id = _id(number)
    point = scenario.density.sample(1, derive(seed, "draw", number))[0].tolist()
    position = dict(zip(scenario.axes, point, strict=True))
    portrait = get_generator("default").portray(scenario.context, axes, [{"id": person_id, "position": position}], seed)[0]
    return _finish(scenario, "default", person_id, position, portrait, 1.0, seed, placed="drawn from the reference density")


def weigh(scenario: Scenario, generator: Generator, positions: Sequence[Mapping[str, float]]) -> NDArray[np.float64]:
    """Return what each person counts for when the population stands for the reference density.

    With a declared placement density q, the weight is p/q, both read where a person on a face stands for its slab
    (importance weights; Hesterberg 1995, Technometrics 37). Without one it is n times the share of a fixed sample
    of 20,000 probable people for whom this person is the nearest; people at the very same place share theirs.

    Returns:
        Weights, shape (people,), 0 or more, up to a constant.
    """
    points = np.array([[position[axis] for axis in scenario.axes] for position in positions], float).reshape(
        len(positions), len(scenario.axes)
    )
    placed = generator.density(axis_dicts(scenario.questionnaire, scenario.density), positions)
    if placed is None:
        return nearest_shares(scenario, points)
    weights = scenario.density.pdf(inside(points)) / np.asarray(placed)
    return np.asarray(weights)


def nearest_shares(scenario: Scenario, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return nearest-neighbour quadrature weights, mean 1."""
    from scipy.spatial import cKDTree

    distinct, which, sharing = np.unique(points, axis=0, return_inverse=True, return_counts=True)
    sample = scenario.density.sample(_REFERENCE_SAMPLE, derive(0, "quadrature", scenario.name))
    nearest = cKDTree(distinct).query(sample)[1]
    mass = np.bincount(nearest, minlength=len(distinct)) / _REFERENCE_SAMPLE
    which = which.reshape(-1)
    return np.asarray(len(points) * mass[which] / sharing[which])


def _finish(
    scenario: Scenario,
    generator: str,
    person_id: str,
    position: Mapping[str, float],
    portrait: Mapping[str, Any],
    weight: float,
    seed: int,
    placed: str = "",
) -> Persona:
    """Have a portrayed person furnished and freeze them."""
    given = portrait["private_facts"]
    facts = furnished(scenario, generator, {**portrait, "id": person_id, "position": dict(position)}, seed)
    source = portrait.get("source", "text")
    return Persona(
        profile=_profile(generator, person_id, portrait.get("profile") or {}),
        id=person_id,
        name=portrait["name"],
        position=position,
        description=portrait["description"],
        facts=facts,
        provenance={
            "position": placed or f"placed by {generator}",
            "name": f"portrayed by {generator}",
            "description": f"portrayed by {generator} ({source})",
            "facts": f"given by {generator}, completed by {scenario.name}" if given else f"furnished by {scenario.name}",
            "weight": "reference density over placement density",
        },
        weight=weight,
    )


def _profile(generator: str, person_id: str, given: object) -> dict[str, ProfileField]:
    """Return the profile fields that a generator gave."""
    try:
        if isinstance(given, Mapping) and all(type(name) is str for name in given):
            return {name: _field(name, field) for name, field in given.items()}
        return _PROFILE.validate_python(given)
    except ValidationError as error:
        found = complaint(error)
        where = ".".join(str(part) for part in found.path) or "profile"
        raise InputError(f"generator {generator!r}: profile of {person_id}: {where}", found.expected, found.got) from None


def _field(name: str, given: object) -> ProfileField:
    """Return one profile field; fields that say the same are one object, because people share most of theirs."""
    if type(given) is ProfileField:
        return given
    if isinstance(given, Mapping) and given.keys() <= _PARTS and all(type(part) is str for part in given.values()):
        try:
            return _shared_field(**given)
        except ValidationError:
            pass  # said below, with the name of the field
    return _PROFILE.validate_python({name: given})[name]


@lru_cache(maxsize=4_096)
def _shared_field(**parts: str) -> ProfileField:
    return ProfileField.model_validate(parts)


def furnished(scenario: Scenario, generator: str, person: Mapping[str, object], seed: int) -> tuple[PrivateFact, ...]:
    """Ask the scenario for a person's facts; facts of the generator that it refuses are the generator's fault."""
    try:
        return tuple(scenario.furnish(person, seed))
    except ValueError as error:
        if not person["private_facts"]:
            raise
        text = " ".join(str(error).split())
        raise InputError(
            f"generator {generator!r}: private_facts of {person['id']}", f"facts that {scenario.name} accepts", text
        ) from error


def check_fact_ids(scenario: Scenario, people: Sequence[Persona]) -> None:
    """Refuse facts that cannot be told apart."""
    twice = [fact for fact, count in Counter(f.id for p in people for f in p.facts).items() if count > 1]
    if twice:
        raise InputError(f"private facts of {scenario.name}", "ids that differ", twice[0])

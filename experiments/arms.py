"""The arms of a run: who is sent to which target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..personas.persona import Persona
from ..personas.scenario import Scenario
from ..sim.protocols import Target
from ..sim.seeds import derive

BESIDE = "beside"
"""The arm of a second generator's people."""

CONFIRM = "confirm"
"""The arm of the fresh people who meet the target again where a slice was found."""

BRANCHES = "branches"
"""The arm of other continuations of the target's episodes; one cluster with the episodes they continue."""

Altered = Callable[[Scenario, Sequence[Persona], int], tuple[Persona, ...]]


Make = Callable[[], tuple[Persona, ...]]

Keep = Callable[[str, Make], tuple[Persona, ...]]
"""Takes an arm's name and what makes its people, and returns them: the same in every session of a run."""


def made(name: str, make: Make) -> tuple[Persona, ...]:
    """Return the people as they are made."""
    return make()


@dataclass(frozen=True, slots=True)
class Arm:
    """People and the target they meet.

    Args:
        name: The arm's name in the store.
        target: Whom they meet.
        spec: Canonical SPEC of the target; part of each episode's key.
        people: Who is sent.
        first: Number of the first replicate.
    """

    name: str
    target: Target
    spec: str
    people: tuple[Persona, ...]
    first: int = 0


def shuffled(scenario: Scenario, people: Sequence[Persona], seed: int) -> tuple[Persona, ...]:
    """Return people who keep their position and their private facts, and speak by the name and description of another.

    What still depends on the position comes from the facts, not from the text. The permutation is one cycle (Sattolo
    1986), so that with two people or more nobody keeps their own text.
    """
    stream = derive(seed, "shuffled")
    order = list(range(len(people)))
    for i in range(len(order) - 1, 0, -1):
        j = int(stream.integers(i))
        order[i], order[j] = order[j], order[i]
    return tuple(_told(person, people[j], ("name", "description")) for person, j in zip(people, order, strict=True))


def single_persona(scenario: Scenario, people: Sequence[Persona], seed: int) -> tuple[Persona, ...]:
    """Return copies of one person, the most probable under the reference density, one at the position of each.

    Nothing that they say or know differs between them, so whatever differs between them is noise.
    """
    density = scenario.density.pdf(scenario.positions(tuple(people)))
    one = people[int(density.argmax())]
    return tuple(_told(person, one, ("name", "description", "facts")) for person in people)


def _told(person: Persona, other: Persona, fields: Sequence[str]) -> Persona:
    """Return a person with some fields of another; made anew, because a copy would keep the cached fingerprint."""
    return Persona(**{name: getattr(other if name in fields else person, name) for name in Persona.model_fields})


def in_rooms(altered: Sequence[Persona], people: Sequence[Persona]) -> tuple[Persona, ...]:
    """Return altered people fit to share a room: private facts under ids of their own, and the run's names where two have the same.

    In a room a fact belongs to one person, and two people of one name could not be told apart.
    """
    alike = len({person.name for person in altered}) < len(altered)
    found = []
    for person, original in zip(altered, people, strict=True):
        facts = tuple(fact.model_copy(update={"id": f"{person.id}/{fact.id.partition('/')[2] or fact.kind}"}) for fact in person.facts)
        name = original.name if alike else person.name
        found.append(Persona(**{field: getattr(person, field) for field in Persona.model_fields} | {"facts": facts, "name": name}))
    return tuple(found)


ALTERED: Mapping[str, Altered] = {"shuffled": shuffled, "single_persona": single_persona}
"""Controls in which other people meet the target under test, by name."""

"""Who is sent to whom: the controls in which other people meet the target under test."""

from __future__ import annotations

from collections.abc import Callable

from outskirts.experiments.arms import shuffled, single_persona
from outskirts.personas.persona import Persona
from outskirts.personas.scenario import Scenario

Person = Callable[..., Persona]


def crowd(person: Person, n: int) -> tuple[Persona, ...]:
    return tuple(person(i, calm=(i + 0.5) / n).model_copy(update={"description": f"I am number {i}."}) for i in range(n))


def test_shuffled_people_keep_place_and_facts_and_nobody_keeps_their_own_text(scenario: Scenario, person: Person) -> None:
    people = crowd(person, 9)
    assert len({p.fingerprint for p in people}) == 9  # computed before, and not to be kept
    mixed = shuffled(scenario, people, seed=3)
    assert [(p.id, p.position, p.facts) for p in mixed] == [(p.id, p.position, p.facts) for p in people]
    assert sorted(p.description for p in mixed) == sorted(p.description for p in people)
    assert all(new.description != old.description for new, old in zip(mixed, people, strict=True))
    assert all(new.fingerprint != old.fingerprint for new, old in zip(mixed, people, strict=True))
    assert {(new.name, new.description) for new in mixed} == {(old.name, old.description) for old in people}


def test_the_shuffle_follows_the_seed_and_one_person_stays_as_they_are(scenario: Scenario, person: Person) -> None:
    people = crowd(person, 9)
    assert shuffled(scenario, people, 1) == shuffled(scenario, people, 1) != shuffled(scenario, people, 2)
    assert shuffled(scenario, people[:1], 1) == people[:1]


def test_a_single_persona_is_the_most_probable_one_at_everybodys_place(scenario: Scenario, person: Person) -> None:
    people = crowd(person, 9)
    density = [float(scenario.density.pdf([[p.position["calm"], p.position["trust"]]])[0]) for p in people]
    likely = people[density.index(max(density))]
    same = single_persona(scenario, people, 0)
    assert all((p.name, p.description, p.facts) == (likely.name, likely.description, likely.facts) for p in same)
    assert [(p.id, p.position) for p in same] == [(p.id, p.position) for p in people]
    assert len({p.fingerprint for p in same}) == len(people)

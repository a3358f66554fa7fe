"""Populations: a scenario and a generator become finished personas."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from types import SimpleNamespace

import numpy as np
import pytest

from outskirts.envs.scenarios.support import SCENARIO as SUPPORT
from outskirts.personas.density import ReferenceDensity
from outskirts.personas.generators import GENERATORS, Generator, axis_dicts, from_object, get_generator
from outskirts.personas.population import build_population, draw_person, finish_population, weigh
from outskirts.personas.programs._wording import OCCASIONS, OPINIONS, SAYINGS
from outskirts.personas.questionnaire import Axis, Item, Questionnaire
from outskirts.personas.scenario import Scenario
from outskirts.sim.declare import Move, Phrase, Role
from outskirts.sim.errors import InputError
from outskirts.sim.types import PrivateFact

Furnish = Callable[[Mapping[str, object], int], tuple[PrivateFact, ...]]


def furnish(person: Mapping[str, object], seed: int) -> tuple[PrivateFact, ...]:
    if any("kind" not in fact for fact in person["private_facts"]):  # type: ignore[attr-defined]
        raise ValueError("a fact without a kind")
    return (PrivateFact(id=f"{person['id']}/secret", kind="secret", content=f"I am number {person['id']}.", sensitivity=0.5),)


def tiny(fill: Furnish = furnish) -> Scenario:
    axes = (Axis(name="calm", low="I worry.", high="I stay calm."), Axis(name="talk", low="I say little.", high="I talk a lot."))
    items = tuple(Item(id=f"{axis.name}{i}", text="I do.", axis=axis.name) for axis in axes for i in range(4))
    return Scenario(
        name="tiny",
        version="1",
        title="Tiny",
        context="a talk",
        target_context="a talk",
        roles=(Role(name="person", acts="persona", description=""), Role(name="target", acts="target", description="")),
        turns=2,
        questionnaire=Questionnaire(name="tiny", context="a talk", axes=axes, items=items),
        density=ReferenceDensity(margins={"calm": (2, 5), "talk": (5, 2)}, correlation={"calm,talk": 0.4}),
        furnish=fill,
        moves=(Move(name="hello", meaning="", phrases=(Phrase(text="Hello."),), utility={"bias": 1}),),
        harms=(),
    )


def crowd_of(points: list[dict[str, float]], facts: list[object] | None = None) -> Generator:
    def portray(
        context: str, axes: object, people: list[object], seed: int, llm: object, feedback: object = None
    ) -> list[dict[str, object]]:
        return [{"name": "Ann", "description": "I am.", "private_facts": facts or []} for _ in people]

    return from_object(SimpleNamespace(place=lambda *_: points, portray=portray), "mine")


def test_people_get_numbered_ids_facts_and_the_provenance_of_every_field() -> None:
    people = build_population(tiny(), get_generator("default"), 3, 0)
    assert [p.id for p in people] == ["p0000", "p0001", "p0002"]
    assert people[1].facts[0].content == "I am number p0001."
    assert people[0].provenance == {
        "position": "placed by default",
        "name": "portrayed by default",
        "description": "portrayed by default (text)",
        "facts": "furnished by tiny",
        "weight": "reference density over placement density",
    }


@pytest.mark.parametrize("name", GENERATORS)
def test_the_same_seed_builds_the_same_people_and_another_seed_others(name: str) -> None:
    build = lambda seed: build_population(tiny(), get_generator(name), 12, seed)  # noqa: E731
    assert build(5) == build(5)
    assert {p.fingerprint for p in build(5)}.isdisjoint(p.fingerprint for p in build(6))


def test_programs_are_told_the_reference_margins_and_correlations() -> None:
    axes = axis_dicts(tiny().questionnaire, tiny().density)
    assert axes[0]["reference"] == {"a": 2.0, "b": 5.0, "correlation": {"talk": 0.4}}
    assert set(axis_dicts(tiny().questionnaire)[0]) == {"name", "low", "high"}


def test_the_density_generator_gives_everybody_the_same_weight() -> None:
    assert [p.weight for p in build_population(tiny(), get_generator("density"), 50, 0)] == pytest.approx([1.0] * 50)


def test_default_weights_recover_a_mean_of_the_reference_density() -> None:
    scenario = tiny()
    people = build_population(scenario, get_generator("default"), 4000, 0)
    weights = np.array([p.weight for p in people])
    means = weights @ scenario.positions(people) / weights.sum()
    assert weights.max() < 4
    assert means == pytest.approx([2 / 7, 5 / 7], abs=0.01)


def test_without_a_placement_density_weights_are_shares_of_the_nearest_probable_people() -> None:
    points = [{"calm": 0.2, "talk": 0.8}, {"calm": 0.9, "talk": 0.1}, {"calm": 0.9, "talk": 0.1}]
    weights = weigh(tiny(), crowd_of(points), points)
    assert weights.sum() == pytest.approx(3.0)
    assert weights[0] > 2.8
    assert weights[1] == weights[2] > 0


def test_all_people_in_one_place_share_the_weight_equally() -> None:
    points = [{"calm": 0.5, "talk": 0.5}] * 4
    assert weigh(tiny(), crowd_of(points), points).tolist() == [1.0] * 4


def test_facts_of_the_generator_are_handed_to_the_scenario_and_named_in_the_provenance() -> None:
    crowd = crowd_of([{"calm": 0.5, "talk": 0.5}], [{"kind": "secret"}])
    person = build_population(tiny(), crowd, 1, 0)[0]
    assert person.provenance["facts"] == "given by mine, completed by tiny"


def test_facts_that_the_scenario_refuses_are_the_generators_fault() -> None:
    crowd = crowd_of([{"calm": 0.5, "talk": 0.5}], [{}])
    with pytest.raises(
        InputError, match="generator 'mine': private_facts of p0000: expected facts that tiny accepts, got 'a fact without a kind'"
    ):
        build_population(tiny(), crowd, 1, 0)


def test_two_private_facts_with_the_same_id_are_refused() -> None:
    fact = PrivateFact(id="secret", kind="secret", content="x", sensitivity=0.5)
    with pytest.raises(InputError, match="private facts of tiny: expected ids that differ, got 'secret'"):
        build_population(tiny(lambda person, seed: (fact,)), get_generator("density"), 2, 0)


@pytest.mark.parametrize("seed", [-1, 1.0, "0", True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    with pytest.raises(InputError, match="seed: expected a whole number"):
        build_population(tiny(), get_generator("default"), 2, seed)  # type: ignore[arg-type]


def test_prose_of_a_language_model_shows_in_the_provenance() -> None:
    people = build_population(tiny(), get_generator("default"), 2, 0, lambda prompts: ["Prose."] * len(prompts))
    assert {p.provenance["description"] for p in people} == {"portrayed by default (model)"}


def test_a_drawn_person_depends_on_the_seed_and_the_number_only() -> None:
    assert draw_person(tiny(), 4) == draw_person(tiny(), 4) != draw_person(tiny(), 5)
    assert draw_person(tiny(), 4, 1).id == "p0001"


def test_drawing_people_advances_the_random_generator_that_is_handed_in() -> None:
    rng = np.random.default_rng(0)
    assert draw_person(tiny(), rng) != draw_person(tiny(), rng)


@pytest.mark.slow
def test_drawn_people_follow_the_reference_density() -> None:
    drawn = [draw_person(tiny(), seed) for seed in range(300)]
    assert tiny().positions(drawn).mean(axis=0) == pytest.approx([2 / 7, 5 / 7], abs=0.04)


def test_wordings_that_all_axes_share_signal_no_axis_of_the_support_scenario() -> None:
    shared = " | ".join((*OCCASIONS, *OPINIONS, *SAYINGS)).lower()
    cues = [cue.text for lexicon in SUPPORT.questionnaire.lexicon.values() for cue in (*lexicon.low, *lexicon.high)]
    assert [cue for cue in cues if re.search(rf"\b{re.escape(cue)}\b", shared)] == []


@pytest.mark.parametrize("name", GENERATORS)
def test_every_shipped_generator_furnishes_the_support_scenario(name: str) -> None:
    people = build_population(SUPPORT, get_generator(name), 16, 0)
    assert all(any(fact.kind == "need" for fact in p.facts) for p in people)
    assert len({p.fingerprint for p in people}) == 16


def test_processes_with_different_hash_seeds_build_the_same_people() -> None:
    code = (
        "from outskirts.envs.scenarios.support import SCENARIO as s\n"
        "from outskirts.personas.generators import get_generator as g\n"
        "from outskirts.personas.population import build_population as b\n"
        "print([(p.fingerprint, p.weight) for n in ('default', 'stereotypes') for p in b(s, g(n), 8, 0)], g('default').source_hash)"
    )
    run = lambda seed: subprocess.check_output([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: E731
    assert run("1") == run("2")


def test_people_finished_without_being_weighed_are_the_same_and_weigh_one() -> None:
    maker, place = get_generator("default"), tiny()
    axes = axis_dicts(place.questionnaire, place.density)
    positions = maker.place(place.context, axes, 6, 0)
    portraits = maker.portray(place.context, axes, [{"id": f"p{i:04d}", "position": x} for i, x in enumerate(positions)], 0)
    people = finish_population(place, "default", positions, portraits, 0)
    assert {person.weight for person in people} == {1.0}
    assert [p.model_copy(update={"weight": 1.0}) for p in build_population(place, maker, 6, 0)] == list(people)

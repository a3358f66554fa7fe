"""Placement feedback: who is asked again, what is accepted, what is kept."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import numpy as np
import pytest

from outskirts.personas.density import ReferenceDensity
from outskirts.personas.feedback import Refined, refine
from outskirts.personas.generators import Generator, from_object
from outskirts.personas.population import build_population
from outskirts.personas.questionnaires.context import Context
from outskirts.sim.errors import InputError
from tests.personas.respondents import Faithful, make_questionnaire

SCENARIO = Context(questionnaire=make_questionnaire(k=2), density=ReferenceDensity(margins={"a0": (1, 1), "a1": (1, 1)})).scenario()


class Shrinking(Faithful):
    """Reads a text as half as far from the middle as it says."""

    async def answer(self, description: str, questions: Any, stream: Any) -> Any:
        where = [0.5 + 0.5 * (x - 0.5) for x in json.loads(description)]
        return await super().answer(json.dumps(where), questions, stream)


def program(aim: Any) -> Generator:
    """Return a generator that writes coordinates, aimed by ``aim(position, feedback of the person or None)``."""

    def place(context: str, axes: Any, n: int, seed: int, llm: Any) -> Any:
        return [{"a0": i / (n - 1), "a1": 1 - i / (n - 1)} for i in range(n)]

    def portray(context: str, axes: Any, people: Any, seed: int, llm: Any, feedback: Any = None) -> Any:
        texts = [aim(np.array(list(p["position"].values())), (feedback or {}).get(p["id"])) for p in people]
        return [{"name": p["id"], "description": json.dumps(list(map(float, text)))} for p, text in zip(people, texts, strict=True)]

    return from_object({"place": place, "portray": portray}, "coordinates")


def listening(position: Any, heard: Any) -> Any:
    if heard is None:
        return position
    aimed, wanted, measured = (np.array([heard[key][a] for a in ("a0", "a1")]) for key in ("aimed", "wanted", "measured"))
    return aimed + wanted - measured


def played(generator: Generator, respondent: Any, **options: Any) -> Refined:
    people = build_population(SCENARIO, generator, 9, 0)
    return asyncio.run(refine(SCENARIO, generator, people, respondent, **{"tolerance": 0.05, "rounds": 4, "runs": 3} | options))


def test_texts_that_listen_come_closer_than_a_shrinking_reader_lets_the_first_ones() -> None:
    refined = played(program(listening), Shrinking(noise=1.0), runs=40, tolerance=0.02)
    assert refined.error_before == pytest.approx(np.mean([abs(i / 8 - 0.5) for i in range(9)]) * np.sqrt(2) / 2, abs=0.03)
    assert refined.error_after is not None
    assert refined.error_after < refined.error_before / 3


def test_a_generator_that_makes_it_worse_changes_nobody() -> None:
    away = program(lambda position, heard: position if heard is None else np.full(2, 0.5))
    refined = played(away, Shrinking())
    assert refined.accepted == 0
    assert refined.people == build_population(SCENARIO, away, 9, 0)
    assert refined.error_after == refined.error_before


def test_whoever_is_met_is_left_alone() -> None:
    refined = played(program(listening), Faithful(), tolerance=0.2)
    assert (refined.rounds, refined.asked, len(refined.versions)) == (0, 0, 9)


def test_noise_alone_is_no_reason_to_accept_a_text_that_says_the_same() -> None:
    deaf = program(lambda position, heard: position)
    refined = played(deaf, Faithful(noise=3.0), tolerance=0.01)
    assert refined.asked > 0
    assert refined.accepted == 0


def test_every_version_is_kept_with_what_decided() -> None:
    refined = played(program(listening), Shrinking())
    mine = [v for v in refined.versions if v.id == "p0000"]
    assert [v.round for v in mine] == list(range(len(mine)))
    assert json.loads([v for v in mine if v.kept][-1].description) == json.loads(refined.people[0].description)
    for version in mine[1:]:
        assert version.distance is not None
        assert version.against is not None
        assert version.kept == (version.distance < version.against)


def test_the_same_seed_gives_the_same_people_and_another_seed_other_noise() -> None:
    first, again, other = (played(program(listening), Faithful(noise=1.0), tolerance=0.01, seed=seed) for seed in (0, 0, 1))
    assert first == again
    assert [v.measured for v in first.versions] != [v.measured for v in other.versions]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runs": 1}, "runs: expected a whole number of 2 or more, got 1"),
        ({"rounds": 0}, "rounds: expected a whole number of 1 or more, got 0"),
        ({"tolerance": 2.0}, "tolerance: expected a number from 0 to 1, got 2.0"),
    ],
)
def test_settings_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        played(program(listening), Faithful(), **options)

"""Seed and control programs: within the contract, unlike each other, none crippled."""

from __future__ import annotations

import numpy as np
import pytest

from outskirts.personas.evolution.contract import fault, tells_every_axis
from outskirts.personas.evolution.seed_programs import control_programs, seed_programs
from outskirts.personas.programs._statements import halves
from tests.personas.evolution.programs import AXES, people_of

PROGRAMS = {**seed_programs(), **control_programs()}


@pytest.mark.parametrize("name", PROGRAMS)
@pytest.mark.parametrize("n", [1, 2, 25])
def test_a_program_keeps_the_contract_and_repeats_itself(name, n):
    assert fault(PROGRAMS[name]) == ""
    assert people_of(PROGRAMS[name], n) == people_of(PROGRAMS[name], n)
    assert len(people_of(PROGRAMS[name], n)[1]) == n


@pytest.mark.parametrize("name", seed_programs())
def test_a_seed_tells_of_every_axis_and_tells_people_apart(name):
    positions, portraits = people_of(PROGRAMS[name], 25)
    assert tells_every_axis(PROGRAMS[name])
    assert len({one["description"] for one in portraits}) == 25
    for position, one in zip(positions, portraits, strict=True):
        for axis in AXES:
            pole = axis["high"] if position[axis["name"]] >= 0.5 else axis["low"]
            assert all(half[2:].rstrip(".") in one["description"] for half in halves(pole)), (name, axis["name"])


def test_no_seed_asks_for_feedback_and_none_places_as_another():
    spread = {name: np.array([list(x.values()) for x in people_of(source, 25)[0]]).std() for name, source in seed_programs().items()}
    assert len({round(float(value), 6) for value in spread.values()}) == len(spread)
    assert spread["memories"] < 0.15 < 0.25 < spread["fitting"]
    assert all("people_of" not in source and ".place(" not in source for source in seed_programs().values())


def test_controls_are_what_they_are_called():
    pasted, single, wordless = (people_of(PROGRAMS[name], 9)[1] for name in ("anchor_paste", "single_person", "wordless"))
    statements = {axis[end] for axis in AXES for end in ("low", "high")}
    assert all(any(one["description"].startswith(text) for text in statements) for one in pasted)
    assert len({one["description"] for one in single}) == 1
    words = ("calm", "worry", "say little", "talk", "lock", "lend")
    assert not any(word in one["description"] for word in words for one in wordless)

"""A generator whose program runs in the sandbox gives what the same program gives in process."""

from __future__ import annotations

import pytest

from outskirts.personas.generators import axis_dicts, from_object
from outskirts.personas.population import build_population, rewrite
from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.generator import sandboxed_generator
from outskirts.sim.errors import InputError
from tests.conftest import make_scenario

PROGRAM = """
import numpy as np

def place(context, axes, n, seed, llm):
    rows = np.random.default_rng(seed).random((n, len(axes)))
    return [{axis["name"]: x for axis, x in zip(axes, row)} for row in rows]

def portray(context, axes, people, seed, llm, feedback=None):
    again = feedback or {}
    return [{
        "name": f"Person {p['id']}",
        "description": (llm([context])[0] if llm else "I say so.") + (" Again." if p["id"] in again else ""),
        "private_facts": [{"id": p["id"] + "/mine", "kind": "secret", "content": "I hid it.", "sensitivity": 0.7, "canary": "hid it",
                           "paraphrases": ["hidden"]}],
    } for p in people]

def density(axes, points):
    return [1.0] * len(points)
"""


@pytest.fixture(scope="module")
def box():
    with Sandbox() as made:
        yield made


def _inside():
    names = {}
    exec(PROGRAM, names)
    return names


def test_the_people_are_those_of_the_program_in_process(box):
    scenario = make_scenario()
    sandboxed, trusted = sandboxed_generator(PROGRAM, "mine", box), from_object(_inside(), "mine", "0")
    assert build_population(scenario, sandboxed, 5, 1) == build_population(scenario, trusted, 5, 1)


def test_feedback_and_a_model_reach_the_program(box):
    scenario, generator = make_scenario(), sandboxed_generator(PROGRAM, "mine", box)
    people = build_population(scenario, generator, 2, 1, lambda prompts: [f"About {prompt}" for prompt in prompts])
    assert people[0].description.startswith("About ")
    told = {people[0].id: {"measured": dict(people[0].position), "wanted": dict(people[0].position)}}
    again = rewrite(scenario, generator, people, 1, feedback=told)
    assert [person.description for person in again] == ["I say so. Again.", "I say so."]


def test_the_density_is_asked_and_absent_where_there_is_none(box):
    axes = axis_dicts(make_scenario().questionnaire)
    assert sandboxed_generator(PROGRAM, "mine", box).density(axes, [{}, {}]) == [1.0, 1.0]
    assert sandboxed_generator(PROGRAM.partition("def density")[0], "mine", box).density(axes, [{}]) is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("raise ValueError('no')", r"place\(\) to return, got 'error'\. ValueError: no \(line 5\)"),
        ("return [{}] * n", r"place\(\)\[0\]: expected exactly the axes"),
        ("return [{axis['name']: float('nan') for axis in axes}] * n", r"got 'invalid_result'"),
    ],
)
def test_what_goes_wrong_is_one_line(box, wrong, said):
    program = PROGRAM.replace("    rows =", f"    {wrong}\n    rows =", 1)
    with pytest.raises(InputError, match=said):
        sandboxed_generator(program, "mine", box).place("", axis_dicts(make_scenario().questionnaire), 3, 0)


def test_the_policy_is_asked_at_once_and_says_how_to_trust_the_file(box):
    with pytest.raises(InputError, match=r"got 'policy_rejected'\. Line 1: import of os.*write python:mine\.py\."):
        sandboxed_generator("import os", "mine.py", box, trusted="python:mine.py")


def test_the_hash_is_the_programs(box):
    first, second = (sandboxed_generator(text, "mine", box).source_hash for text in (PROGRAM, PROGRAM + "\n"))
    assert len(first) == 16
    assert first != second

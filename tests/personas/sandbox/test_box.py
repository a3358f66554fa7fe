"""What a sandbox does for programs that mean well, and what it says where it cannot protect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from outskirts.personas.sandbox.box import Sandbox
from outskirts.personas.sandbox.launch import PACKAGE
from outskirts.personas.sandbox.layers import probe
from outskirts.personas.sandbox.protocol import Call, Job, Limits, Status
from outskirts.sim.errors import BudgetExceeded, InputError

PROGRAM = """
import math, random, re, itertools, functools, collections, statistics, json, string, typing, dataclasses
import numpy as np
from scipy.stats import qmc
from scipy.spatial import cKDTree

@dataclasses.dataclass
class Point:
    at: "list[float]"

def place(context, axes, n, seed, llm):
    points = qmc.Sobol(len(axes), seed=seed).random(n)
    cKDTree(points).query(points)
    np.linalg.svd(points)
    points = [Point(row) for row in points]
    return [{axis["name"]: x for axis, x in zip(axes, point.at)} for point in points]

def portray(context, axes, people, seed, llm, feedback=None):
    said = llm([f"{context}: {p['id']}" for p in people]) if llm else ["I trust."] * len(people)
    return [{"name": p["id"], "description": text, "private_facts": [{"id": "a", "content": "b"}]} for p, text in zip(people, said)]

def density(axes, points):
    return np.ones(len(points), dtype=np.float32)
"""
PLAIN = """
def place(context, axes, n, seed, llm):
    return [{axis["name"]: i / n for axis in axes} for i in range(n)]

def portray(context, axes, people, seed, llm, feedback=None):
    said = llm([f"{context}: {p['id']}" for p in people]) if llm else ["I trust."] * len(people)
    return [{"name": p["id"], "description": text} for p, text in zip(people, said)]
"""
AXES = ({"name": "trust", "low": "no", "high": "yes"}, {"name": "calm", "low": "no", "high": "yes"})
JOB = Job(context="a talk", axes=AXES, n=4, seed=3)


@pytest.fixture(scope="module")
def box():
    with Sandbox(Limits(model_prompts=10, seconds=10)) as made:
        yield made


def test_a_job_is_placed_and_portrayed(box):
    outcome = box.run(PROGRAM, [JOB, JOB], check=True)
    assert outcome.status is Status.OK, outcome.reason
    first, second = outcome.results
    assert first == second
    assert [set(position) for position in first.positions] == [{"trust", "calm"}] * 4
    assert first.portraits[3] == {"name": "p0003", "description": "I trust.", "private_facts": [{"id": "a", "content": "b"}]}


def test_a_call_gives_the_value_of_one_function(box):
    assert box.run(PROGRAM, [Call(function="density", arguments={"axes": AXES, "points": [{}] * 3})]).results == ([1.0, 1.0, 1.0],)


def test_two_sandboxes_give_the_same_bytes_for_code_that_hashes_texts():
    program = PLAIN.replace('["I trust."] * len(people)', '[" ".join({f"word{i}" for i in range(30)})] * len(people)')
    outcomes = []
    for _ in range(2):
        with Sandbox() as made:
            outcomes.append(made.run(program, [JOB]).results)
    assert outcomes[0] == outcomes[1]


def test_the_model_is_served_and_its_time_left_out():
    def slow(prompts):
        time.sleep(1.0)
        return [f"Answer to {prompt}" for prompt in prompts]

    with Sandbox(Limits(model_prompts=4, seconds=0.9)) as made:
        outcome = made.run(PLAIN, [JOB], slow)
    assert outcome.status is Status.OK, outcome.reason
    assert outcome.prompts == 4
    assert outcome.results[0].portraits[1]["description"] == "Answer to a talk: p0001"


def test_the_model_is_refused_beyond_the_budget_and_never_asked(box):
    asked = []

    def model(prompts):
        asked.extend(prompts)
        return prompts

    outcome = box.run(PROGRAM, [JOB, JOB, JOB], model)
    assert outcome.status is Status.ERROR
    assert "RuntimeError: the program's budget of 10 prompts to the language model is used up" in outcome.reason
    assert len(asked) == outcome.prompts == 8


@pytest.mark.parametrize("prompts", ["[1]", "['x' * 100_000]", "['\\ud800']", "[b'x']"])
def test_prompts_that_are_no_texts_never_reach_the_model(box, prompts):
    program = PROGRAM.replace("""[f"{context}: {p['id']}" for p in people]""", prompts)
    outcome = box.run(program, [JOB], lambda asked: pytest.fail("asked"))
    assert outcome.status is Status.ERROR


@pytest.mark.parametrize("error", [BudgetExceeded("calls", 3, "run"), EOFError("x"), TimeoutError("y"), KeyboardInterrupt()])
def test_what_the_model_raises_comes_out_and_the_next_call_works(box, error):
    def model(prompts):
        raise error

    with pytest.raises(type(error)) as raised:
        box.run(PROGRAM, [JOB], model)
    assert raised.value is error
    assert box.run(PROGRAM, [JOB]).status is Status.OK


def test_a_call_within_a_call_is_refused(box):
    with pytest.raises(RuntimeError, match="under way"):
        box.run(PROGRAM, [JOB], lambda prompts: box.run(PROGRAM, [JOB]))


def test_an_error_names_the_line(box):
    outcome = box.run(PROGRAM.replace("points = qmc", "wrong\n    points = qmc"), [JOB])
    assert outcome.reason == "NameError: name 'wrong' is not defined (line 12)"


def test_the_policy_answers_before_anything_runs():
    box = Sandbox()
    assert box.run("import os", [JOB]).reason.startswith("line 1: import of os")
    assert box._zygote is None


def test_a_package_that_cannot_be_imported_in_the_child_is_an_error(box):
    with Sandbox(policy=False) as made:
        assert made.run("import pandas", [JOB]).status is Status.ERROR


@pytest.mark.parametrize("without", ["landlock", "seccomp", "limits"])
def test_a_machine_without_a_layer_is_refused_by_its_name(without):
    with pytest.raises(InputError, match=rf"sandbox: expected a machine that offers at least kernel-min.*Missing: {without}.*--unsafe"):
        Sandbox(without=(without,)).start()


@pytest.mark.parametrize("without", [("landlock",), ("seccomp",), ("landlock", "seccomp")])
def test_unsafe_runs_there_and_says_so(without):
    with Sandbox(unsafe=True, without=without) as made:
        assert made.unsafe
        assert made.layers.level == "none"
        assert made.layers.missing == list(without)
        assert made.run(PLAIN, [JOB]).status is Status.OK


def test_the_probe_tells_what_a_program_could_do():
    words = probe(("landlock", "seccomp")).words()
    assert words["landlock"].endswith("absent (left out)")
    assert words["connect"] == "a program can open sockets"
    assert probe().level in ("full", "kernel-min")


def test_the_very_copy_of_the_package_is_imported_and_the_environment_is_not(monkeypatch):
    monkeypatch.setenv("OUTSKIRTS_TEST_SECRET", "x")
    code = "import os, sys, outskirts\ndef f(): return [outskirts.__file__, dict(os.environ), sorted(sys.path)]"
    with Sandbox(policy=False) as made:
        [[file, environment, path]] = made.run(code, [Call(function="f", arguments={})]).results
    assert file == str(PACKAGE / "__init__.py")
    assert "OUTSKIRTS_TEST_SECRET" not in environment
    assert str(PACKAGE.parent) not in path


def test_no_held_out_questionnaire_is_in_memory():
    code = "import sys\nimport outskirts.personas.programs.kit\ndef f(): return [name for name in sys.modules if 'questionnaire' in name or 'scenario' in name]"
    with Sandbox(policy=False) as made:
        assert made.run(code, [Call(function="f", arguments={})]).results == ([],)


def test_importing_the_sandbox_starts_nothing_and_loads_nothing_heavy():
    code = (
        "import sys, json, outskirts.personas.sandbox.box\nprint(json.dumps([m for m in ('scipy', 'numpy', 'libcst') if m in sys.modules]))"
    )
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert "scipy" not in json.loads(done.stdout)

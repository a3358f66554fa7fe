"""Programs run in this process by the checks that generators pass, for tests that edit them."""

from __future__ import annotations

from outskirts.personas.evolution.candidate import Candidate, Evaluation, Portrayed
from outskirts.personas.evolution.mutator import Parent
from outskirts.personas.generators import from_object

AXES = [
    {"name": "calm", "low": "I worry about small things.", "high": "I stay calm in a storm and sleep through it."},
    {
        "name": "talk",
        "low": "I say little.",
        "high": "I talk to everybody.",
        "reference": {"a": 2.0, "b": 5.0, "correlation": {"calm": 0.3}},
    },
    {"name": "trust_in_others", "low": "I lock every door.", "high": "I lend my key to neighbours."},
]
TOLD = Evaluation(
    candidate="c0",
    status="ok",
    stage="all",
    objectives={"coverage": 0.61, "slope": 0.7},
    sample=(Portrayed(context="talk", description="I talk.", assigned={"calm": 0.2}, measured={"calm": 0.4}),),
)


def people_of(source, n=9, seed=1, axes=AXES, llm=None, feedback=None):
    """Return positions and portraits of a program, both through the checks of generators."""
    space = {}
    exec(compile(source, "program.py", "exec"), space)
    generator = from_object(space, "program")
    positions = generator.place("a talk", axes, n, seed)
    people = [{"id": f"p{i:04d}", "position": position} for i, position in enumerate(positions)]
    return positions, generator.portray("a talk", axes, people, seed, llm, feedback)


def parent(source, evaluation=TOLD, **fields):
    """Return a program as mutators are given it."""
    return Parent(
        candidate=Candidate(id="c0", source=source, family="f", island=0, generation=0, mutator="seed", **fields), evaluation=evaluation
    )

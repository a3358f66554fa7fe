"""Tiny respondents for tests of measurement: one that knows where a described person stands, one that guesses."""

import json

import numpy as np

from outskirts.personas.persona import Persona
from outskirts.personas.questionnaire import Axis, Item, Questionnaire


def make_questionnaire(k=2, items=4, points=5):
    axes = tuple(Axis(name=f"a{i}", low="no", high="yes") for i in range(k))
    asked = tuple(
        Item(id=f"a{i}_{j}", text=f"a{i} {'not' if j % 2 else 'yes'}", axis=f"a{i}", reverse=bool(j % 2), points=points)
        for i in range(k)
        for j in range(items)
    )
    return Questionnaire(name="test", context="", axes=axes, items=asked)


def make_people(positions, weights=None):
    return [
        Persona(
            id=f"p{n}",
            name=f"P{n}",
            position={f"a{i}": float(v) for i, v in enumerate(x)},
            description=json.dumps([float(v) for v in x]),
            weight=1.0 if weights is None else weights[n],
        )
        for n, x in enumerate(positions)
    ]


class Faithful:
    """Answers where the description says, with normal noise of ``noise`` Likert points."""

    name = "faithful"

    def __init__(self, noise=0.0):
        self.noise = noise

    async def answer(self, description, questions, stream):
        position = json.loads(description)
        out = []
        for question in questions:
            axis, key = question.text.split()
            x = position[int(axis[1:])]
            x = 1 - x if key == "not" else x
            y = 1 + (question.points - 1) * x + (stream.generator.normal(0, self.noise) if self.noise else 0.0)
            out.append(int(np.clip(round(y), 1, question.points)))
        return out


class Guessing:
    """Answers every item at random."""

    name = "guessing"

    async def answer(self, description, questions, stream):
        return [int(stream.generator.integers(1, q.points + 1)) for q in questions]


class Fixed:
    """Gives the same list, whatever is asked."""

    name = "fixed"

    def __init__(self, answers):
        self.answers = answers

    async def answer(self, description, questions, stream):
        return self.answers

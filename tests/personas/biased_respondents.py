"""Respondents with planted biases, which read the items' texts; and people for them."""

import json
import re

import numpy as np

from outskirts.personas.persona import Persona, ProfileField
from outskirts.personas.questionnaire import Axis, Item, Questionnaire

ITEM = re.compile(r"item \d+ on (a\d), (yes|not)")
OPEN, SHUT = "I keep my door open.", "I keep my door shut."


def questionnaire(k=2, items=4, points=7):
    axes = tuple(Axis(name=f"a{i}", low=SHUT, high=OPEN) for i in range(k))
    asked = tuple(
        Item(id=f"a{i}_{j}", text=f"item {j} on a{i}, {'not' if j % 2 else 'yes'}", axis=f"a{i}", reverse=bool(j % 2), points=points)
        for i in range(k)
        for j in range(items)
    )
    return Questionnaire(name="planted", context="", axes=axes, items=asked)


def people(n=40, k=2, seed=0, **profile):
    """Return people placed at random; a profile field is given as name=[value, ...], one a person."""
    places = np.random.default_rng(seed).random((n, k))
    return [
        Persona(
            id=f"p{i}",
            name=f"P{i}",
            position={f"a{j}": float(x) for j, x in enumerate(place)},
            description=json.dumps(place.tolist()),
            profile={f: ProfileField(value=v[i], kind="demographic", origin="given") for f, v in profile.items()},
        )
        for i, place in enumerate(places)
    ]


class Planted:
    """Answers at centre + gain x (position - centre), moved by what is planted, on the whole scale's unit.

    Args:
        gain: Spread that is kept; ``centre`` its fixed point.
        agree: Added to every raw answer.
        frame: Likert points from a frame of the other side to one of the own side.
        errors: Axis to error that everybody shares on it.
        noise: Standard deviation in Likert points.
    """

    name = "biased"

    def __init__(self, gain=1.0, centre=0.5, agree=0.0, frame=0.0, errors=None, noise=0.0):
        self.gain, self.centre, self.agree, self.frame, self.errors, self.noise = gain, centre, agree, frame, errors or {}, noise

    async def answer(self, description, questions, stream):
        place = json.loads(description)
        off = stream.generator.normal(0, 1, len(questions)) * self.noise
        return [self._one(place, q, e) for q, e in zip(questions, off, strict=True)]

    def _one(self, place, question, error):
        axis, key = ITEM.search(question.text).groups()
        x = place[int(axis[1:])]
        stance = self.centre + self.gain * (x - self.centre) + self.errors.get(axis, 0)
        raw = 1 + (question.points - 1) * ((1 - stance if key == "not" else stance) + self.agree) + error
        side = (OPEN[:-1] in question.text) - (SHUT[:-1] in question.text)
        return int(np.clip(round(raw + self.frame / 2 * side * (1 if x > 0.5 else -1)), 1, question.points))


class Deaf(Planted):
    """Knows items by their ids and does not read their texts, as the embedded stand-ins do."""

    async def answer(self, description, questions, stream):
        known = [q.model_copy(update={"text": f"item 0 on {q.id[:2]}, {'not' if int(q.id[3:]) % 2 else 'yes'}"}) for q in questions]
        return await super().answer(description, known, stream)

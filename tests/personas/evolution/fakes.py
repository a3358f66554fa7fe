"""Programs that are lists of numbers, mutators that change one of them, and a fitness that reads them off."""

from __future__ import annotations

import ast
import asyncio

from outskirts.personas.evolution.candidate import Candidate, Evaluation, Portrayed
from outskirts.personas.evolution.mutator import Child
from outskirts.personas.evolution.search import Search
from outskirts.personas.evolution.settings import SearchSettings

METRICS = ("coverage", "dispersion", "slope")
SEEDS = (("ants", "x = [0.1, 0.9, 0.2]"), ("bees", "x = [0.3, 0.5, 1.6]"), ("cats", "x = [0.2, 0.7, 0.4]"))


def values(source):
    return ast.literal_eval(source.removeprefix("x = "))


def program(numbers):
    return f"x = {[round(float(number), 9) for number in numbers]}"


class Step:
    """Moves one number by a normal step; crosses every third time, if it can."""

    def __init__(self, name="step", scale=0.1):
        self.name, self.scale, self.parents = name, scale, []

    async def propose(self, parent, other, stream):
        self.parents.append((parent, other))
        random, numbers = stream.generator, values(parent.candidate.source)
        i, crossed = int(random.integers(len(numbers))), other is not None and random.random() < 1 / 3
        numbers[i] = values(other.candidate.source)[i] if crossed else numbers[i] + self.scale * random.standard_normal()
        return Child(source=program(numbers), edit=f"x[{i}]", crossed=crossed, calls=1, tokens=10)


class Says:
    """Gives the same child, or raises the same error, whoever the parent is."""

    def __init__(self, name, child):
        self.name, self.child, self.asked = name, child, 0

    async def propose(self, parent, other, stream):
        self.asked += 1
        if isinstance(self.child, BaseException):
            raise self.child
        return self.child


def evaluate(candidate: Candidate) -> Evaluation:
    """Return the numbers as objectives; a first one below 0 is rejected, a last one above 2 gated."""
    numbers = values(candidate.source)
    status = "rejected" if numbers[0] < 0 else "gated" if numbers[2] > 2 else "ok"
    person = Portrayed(context="c", description=candidate.source, assigned={"a": 0.5}, measured={"a": 0.1})
    return Evaluation(
        candidate=candidate.id,
        status=status,
        stage="contract" if status == "rejected" else "all",
        reason="" if status == "ok" else "a number is off",
        objectives={} if status == "rejected" else dict(zip(METRICS, numbers, strict=True)),
        sample=(person,),
        worst=(person,),
        calls=2,
        tokens=3,
    )


def settings(**changes):
    return SearchSettings(**{"islands": 4, "metrics": METRICS, "batch": 4, "extinction_every": 3, "migrate_every": 2, **changes})


def make_search(mutators=None, seed=0, seeds=SEEDS, **changes):
    return Search(settings(**changes), seeds, mutators or [Step("small", 0.05), Step("big", 0.5)], seed)


def ask(search):
    return asyncio.run(search.ask())


def generation(search, order=1):
    """Ask, evaluate and tell, in order or backwards; return the candidates and the row."""
    candidates = ask(search)
    return candidates, search.tell([evaluate(candidate) for candidate in candidates][::order])


def go_on(search, generations):
    for _ in range(generations):
        generation(search)
    return search

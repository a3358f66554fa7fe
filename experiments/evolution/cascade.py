"""One program at a time through the cascade: its text, one context, two contexts, all of them."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import Field

from ...personas.evolution.candidate import Candidate, Evaluation, Stage
from ...personas.evolution.fitness import FITNESS_FIGURES, Met, eased, evaluated, gate_reason, job_of, populate, rejected, scored
from ...personas.evolution.gates import Gates, Measured
from ...personas.measurement import measure
from ...personas.questionnaires.context import Context
from ...personas.sandbox.protocol import Job, Outcome, People, Status
from ...personas.scoring import FIGURES
from ...sim.errors import InputError
from ...sim.limits import Limit
from ...sim.protocols import Respondent
from ...sim.types import Frozen
from ..naming.registry import make_respondent
from ..population.benchmark import population_seed
from .closed_loop import ClosedLoop, Loop
from .running import ProgramError, Run, blaming_program, completed

PEOPLE = 25
RUNS = 3


class Terms(Frozen):
    """What every candidate of a search is measured on: plain data, so that any process can do it.

    All candidates meet the same population seeds (common random numbers), so two of them differ by what they are.
    """

    contexts: Annotated[tuple[Context, ...], Field(min_length=1)]
    respondents: Annotated[tuple[str, ...], Field(min_length=1)] = ("lexical",)  # SPECs of a set
    people: int = Field(default=PEOPLE, ge=2)
    runs: int = Field(default=RUNS, ge=2)  # questionnaire runs a person
    seed: int = Field(default=0, ge=0)
    gates: Gates = Gates()
    loop: Loop | None = None  # None: the objective ``failures`` is not played


class Cascade:
    """Measures programs on the terms of a search.

    The contexts of the stages ``contract`` and ``few`` are the one with the fewest axes and the one with the most; what was
    measured there is used again. A program that fails wider bounds on the two (:func:`eased`) is not looked at further, unless
    it is a seed: families that begin badly may end well, and an island needs to know where it began.

    Args:
        terms: What is measured.
    """

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.spent: defaultdict[str, float] = defaultdict(
            float
        )  # seconds by part: "program" of the clock, "measuring" and "scoring" of the processor
        self._places = [_Place(context, terms.respondents, population_seed(terms.seed, context.name)) for context in terms.contexts]
        self._order = in_order(terms.contexts)
        self._loop = None if terms.loop is None else ClosedLoop(terms.loop)

    async def evaluate(self, candidate: Candidate, run: Run) -> Evaluation:
        """Return what a candidate scores, or why it was rejected, and what it took to find out.

        Raises:
            InputError: If the sandbox is gone, or a respondent answers off the scale.
            UnreachableError: If a respondent fails.
        """
        with Limit("program") as spent:
            found = await self._evaluate(candidate, run)
        return found.model_copy(update={"tokens": sum(spent.usage().tokens.values()), "money": spent.known_cost})

    async def _evaluate(self, candidate: Candidate, run: Run) -> Evaluation:
        met: dict[int, Met] = {}
        prompts = 0
        stages: tuple[tuple[Stage, list[int]], ...] = (("contract", self._order[:1]), ("few", self._order[1:2]), ("all", self._order[2:]))
        for stage, part in stages:
            outcome = await self._run(run, candidate.source, [self._job(self._places[i]) for i in part])
            prompts += outcome.prompts
            if outcome.status is not Status.OK:
                at: Stage = "policy" if outcome.status is Status.POLICY_REJECTED else stage
                return rejected(candidate, at, f"{outcome.status}: {outcome.reason}", prompts)
            for i, made in zip(part, outcome.results, strict=True):
                place = self._places[i]
                try:
                    met[i] = await self._meet(place, candidate.id, made)
                except ProgramError as error:
                    return rejected(candidate, stage, str(error), prompts)
            if stage == "few" and candidate.mutator != "seed" and (reason := gate_reason(list(met.values()), eased(self.terms.gates))):
                return rejected(candidate, stage, reason, prompts)
        failures = None
        if self._loop is not None:
            try:
                played = await self._loop.play(candidate.source, candidate.id, run)
            except ProgramError as error:
                return rejected(candidate, "all", f"closed loop: {error}", prompts)
            failures, prompts = played.per_episode, prompts + played.prompts
        ordered = [met[i] for i in range(len(self._places))]
        return evaluated(candidate, ordered, gates=self.terms.gates, prompts=prompts, failures=failures, seed=self.terms.seed)

    async def measured(self, source: str, name: str, run: Run, figures: Sequence[str] = FIGURES) -> list[Mapping[str, Measured]]:
        """Return what a program scores on each context, by respondent, whatever the gates say.

        Raises:
            InputError: If it cannot be run or breaks its contract.
        """
        outcome = await self._run(run, source, [self._job(place) for place in self._places])
        if outcome.status is not Status.OK:
            raise InputError(f"program {name!r}", "a program that runs", str(outcome.status), outcome.reason)
        found = []
        for place, made in zip(self._places, outcome.results, strict=True):
            try:
                found.append((await self._meet(place, name, made, figures)).measured)
            except ProgramError as error:
                raise error.cause from None
        return found

    def _job(self, place: _Place) -> Job:
        return job_of(place.scenario, self.terms.people, place.seed)

    async def _run(self, run: Run, source: str, jobs: Sequence[Job]) -> Outcome:
        if not jobs:
            return Outcome(status=Status.OK)
        started = time.perf_counter()
        outcome = await completed(run, source, jobs)
        self.spent["program"] += time.perf_counter() - started
        return outcome

    async def _meet(self, place: _Place, program: str, made: People, figures: Sequence[str] = FITNESS_FIGURES) -> Met:
        """Have the people of one context measured and scored by everybody."""
        terms, context, seed = self.terms, place.context, place.seed
        with blaming_program:
            people = populate(place.scenario, program, made, terms.people, seed)
        measurements, measured = {}, {}
        for name, respondent in place.respondents.items():
            started = time.process_time()
            found = await measure(people, context.questionnaire, respondent, runs=terms.runs, seed=seed)
            between = time.process_time()
            with blaming_program:
                measurements[name], measured[name] = found, scored(context, program, people, found, seed, figures)
            self.spent["measuring"] += between - started
            self.spent["scoring"] += time.process_time() - between
        return Met(context, people, measurements, measured)


def in_order(contexts: Sequence[Context]) -> list[int]:
    """Return the numbers of contexts in the order of the cascade: fewest axes, most axes, then the others as they come."""
    numbers = range(len(contexts))
    axes = [len(context.questionnaire.axes) for context in contexts]
    first = min(numbers, key=lambda i: axes[i])
    second = max((i for i in numbers if i != first), key=lambda i: axes[i], default=first)
    return [*dict.fromkeys((first, second)), *(i for i in numbers if i not in (first, second))]


class _Place:
    """One context with what is needed to measure people there."""

    def __init__(self, context: Context, respondents: Sequence[str], seed: int) -> None:
        self.context = context
        self.scenario = context.scenario()
        self.seed = seed
        self.respondents: Mapping[str, Respondent] = {spec: make_respondent(spec, context.questionnaire) for spec in respondents}

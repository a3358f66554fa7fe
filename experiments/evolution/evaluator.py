"""Evaluates candidate programs, several at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from ...personas.asking import Batch
from ...personas.evolution.candidate import Candidate, Evaluation
from ...personas.evolution.gates import Gates, Measured
from ...personas.questionnaires.context import Context
from ...personas.scoring import Score
from ...sim.errors import InputError
from ...sim.seeds import check_seed
from ..screen.wording import stand_ins
from . import workers as work
from .cascade import PEOPLE, RUNS, Cascade, Terms
from .closed_loop import Loop
from .pool import Pool
from .running import Run, aside, at_once

WORKERS = 2

Told = Callable[[Evaluation], None]


class Evaluator:
    """Measures candidates on the contexts of a search; close it, or use it as a context.

    With embedded respondents worker processes do it, each with a sandbox of its own. With a language model, be it that the
    programs ask it or that it answers the questionnaire, everything happens in this process, because it answers on its event loop.
    Results depend on neither.

    Args:
        contexts: One or more; a search's own, its seed for all candidates the same. For validation make another with another seed.
        runner: Makes a sandbox; a class or a ``functools.partial`` of one.
        respondents: SPECs of a set. Objectives are means over them, and the gates must be passed with each.
        people: A population.
        runs: Questionnaire runs a person, 2 or more.
        seed: Of populations and answers, in every context its own.
        workers: Processes; 0: this one.
        pool: Worker processes of :func:`.workers.pool` to use in their place, which stay when this is closed; None: its own.
        gates: Thresholds; the defaults if None.
        loop: The closed loop that the objective ``failures`` comes from; None: it is not played.
        llm: A batch of prompts to as many texts, for programs that ask; the runner's limits must allow prompts.

    Raises:
        InputError: If a setting is wrong, or a respondent cannot be made.
    """

    def __init__(
        self,
        contexts: Sequence[Context],
        runner: work.MakeRunner,
        respondents: Sequence[str] = ("lexical",),
        *,
        people: int = PEOPLE,
        runs: int = RUNS,
        seed: int = 0,
        workers: int = WORKERS,
        pool: Pool | None = None,
        gates: Gates | None = None,
        loop: Loop | None = None,
        llm: Batch | None = None,
    ) -> None:
        if isinstance(workers, bool) or not isinstance(workers, int) or workers < 0:
            raise InputError("workers", "a whole number of 0 or more", workers)
        self._terms = _terms(contexts, respondents, people, runs, seed).model_copy(update={"gates": gates or Gates(), "loop": loop})
        self._make_runner = runner
        self._llm = llm
        self._runner: object | None = None
        self._here: tuple[Cascade, Run] | None = None
        here = workers == 0 or llm is not None or not all(embedded(spec) for spec in respondents)
        self._own = pool is None
        self._pool = None if here else pool or work.pool(workers, runner)
        self._told = "" if here else self._terms.model_dump_json()
        if loop is not None and self._pool is not None and not embedded(loop.player):
            raise InputError("player", "an embedded player, for a closed loop in worker processes", loop.player, "Use workers=0.")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close(now=error is not None)

    @property
    def pool(self) -> Pool | None:
        """The worker processes; None where everything happens in this one."""
        return self._pool

    async def evaluate(self, candidates: Sequence[Candidate], told: Told = lambda _: None) -> list[Evaluation]:
        """Return what candidates score, in their order.

        Args:
            candidates: Programs with their lineage.
            told: Told each evaluation as soon as it is there, in any order.

        Raises:
            InputError: If there is no sandbox, or a respondent answers off the scale.
            UnreachableError: If a respondent fails, or worker processes die again and again.
        """
        if self._pool is not None:
            jobs = [(candidate.model_dump(mode="json"), self._told) for candidate in candidates]
            found = await self._pool.do(work.evaluate, jobs, lambda text: told(work.read_evaluation(text)))
            return [work.read_evaluation(text) for text in found]
        cascade, run = self._at_home()
        evaluations = []
        for candidate in candidates:
            evaluations.append(await cascade.evaluate(candidate, run))
            told(evaluations[-1])
        return evaluations

    async def measured(self, source: str, name: str, contexts: Sequence[Context], respondent: str, seed: int) -> list[Measured]:
        """Return score and descriptions of one program on each of other contexts, whatever the gates say.

        Args:
            source: The program.
            name: What scores and errors call it.
            contexts: Of another split.
            respondent: SPEC of who answers; it need not be one of the search's.
            seed: Of populations and answers, in every context its own.

        Raises:
            InputError: If the program cannot be run or breaks its contract.
            UnreachableError: As in :meth:`evaluate`.
        """
        terms = _terms(contexts, (respondent,), self._terms.people, self._terms.runs, seed)
        if self._pool is None or not embedded(respondent):
            found = await Cascade(terms).measured(source, name, self._at_home()[1])
            return [by[respondent] for by in found]
        parts = [terms.contexts[i :: self._pool.workers] for i in range(self._pool.workers)]
        jobs = [(source, name, terms.model_copy(update={"contexts": part})) for part in parts if part]
        done = [work.read_measured(part) for part in await self._pool.do(work.measured, jobs)]
        return [done[i % len(done)][i // len(done)][respondent] for i in range(len(contexts))]

    async def scores(self, source: str, name: str, contexts: Sequence[Context], respondent: str, seed: int) -> list[Score]:
        """Return the scores alone of :meth:`measured`, for tables."""
        return [one.score for one in await self.measured(source, name, contexts, respondent, seed)]

    def close(self, *, now: bool = False) -> None:
        """End sandbox and worker processes; those that work finish what they do, unless it is to be ``now``."""
        if self._pool is not None and self._own:
            self._pool.close(now=now)
        runner, self._runner, self._here = self._runner, None, None
        if (close := getattr(runner, "close", None)) is not None:
            close()

    def _at_home(self) -> tuple[Cascade, Run]:
        """Return what measures and runs in this process, made when first needed."""
        if self._here is None:
            self._runner = runner = self._make_runner()
            self._here = Cascade(self._terms), at_once(runner) if self._llm is None else aside(runner, self._llm)
        return self._here


def embedded(spec: str) -> bool:
    """Tell whether a SPEC names a stand-in that computes its answers, so that any process can ask it."""
    return bool(stand_ins("", spec))


def _terms(contexts: Sequence[Context], respondents: Sequence[str], people: int, runs: int, seed: int) -> Terms:
    if not contexts:
        raise InputError("contexts", "one or more contexts", 0)
    twice = sorted({spec for spec in respondents if list(respondents).count(spec) > 1})
    if not respondents or twice:
        raise InputError("respondents", "one or more, each once", tuple(respondents))
    for field, value, least in (("people", people, 2), ("runs", runs, 2)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InputError(field, f"a whole number of {least} or more", value)
    return Terms(contexts=tuple(contexts), respondents=tuple(respondents), people=people, runs=runs, seed=check_seed(seed))

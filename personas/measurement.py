"""Measurement: a respondent answers the questionnaire as each person, several times; people stand where that puts them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..sim.errors import InputError, OutskirtsError, UnreachableError
from ..sim.protocols import Question, Respondent
from ..sim.seeds import Stream, check_seed
from ..sim.text import said
from ..sim.waiting import contained
from .coverage import as_positions
from .persona import Persona
from .questionnaire import Item, Questionnaire
from .reliability import Fidelity, Reliability, discriminability, fidelity, one_way

Array = NDArray[np.float64]

DEFAULT_RUNS = 5
UNREADABLE = 0
"""Stands in ``Measurement.answers`` where no answer could be read."""


@dataclass(frozen=True, eq=False)
class Measurement:
    """Where people were assigned and where their answers put them.

    ``runs`` is 0 for bare positions: they count as measured without noise, nothing is shrunk, no ICC is known.
    """

    axes: tuple[str, ...]
    ids: tuple[str, ...]
    assigned: Array = field(repr=False)  # (people, axes), [0, 1]
    weights: Array = field(repr=False)  # (people,), reference over placement density, up to a constant
    runs: int  # R, repetitions a person
    answers: NDArray[np.int16] = field(repr=False)  # (people, runs, items); 0 where unreadable
    scores: Array = field(repr=False)  # (people, runs, axes), [0, 1]; NaN where an axis had no readable answer
    respondent: str | None = None
    level: float = 0.95  # of the ICC intervals

    @property
    def unreadable(self) -> int:
        """Number of answers that could not be read."""
        return int((self.answers == UNREADABLE).sum())

    @cached_property
    def run_means(self) -> Array:
        """Mean of each person's runs, shape (people, axes); NaN where no run could be read."""
        seen = ~np.isnan(self.scores)
        counts = seen.sum(axis=1)
        sums = np.where(seen, self.scores, 0.0).sum(axis=1)
        means: Array = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
        return means

    @cached_property
    def measured(self) -> NDArray[np.bool_]:
        """Whether a person has a run-mean on every axis, shape (people,)."""
        return np.asarray(~np.isnan(self.run_means).any(axis=1))

    @cached_property
    def reliability(self) -> Mapping[str, Reliability | None]:
        """One-way random effects per axis; None with fewer than 2 people or 2 runs."""
        return {axis: one_way(self.scores[:, :, i], self.level) for i, axis in enumerate(self.axes)}

    @cached_property
    def shrinkage(self) -> Array:
        """Factor per axis, [0, 1]: root of the reliability of the run-mean; 1 where no reliability can be known."""
        return np.array([1.0 if r is None else r.shrinkage for r in self.reliability.values()])

    @cached_property
    def shrunk(self) -> Array:
        """Run-means shrunk toward their mean by :attr:`shrinkage`, shape (people, axes).

        Noise spreads the run-means further than the people they stand for, and would be counted as coverage. The root
        of the reliability takes off that share of the variance: what is left spreads as the true positions do.
        """
        if not self.measured.any():
            return self.run_means
        centre = self.run_means[self.measured].mean(axis=0)
        return np.asarray(np.clip(centre + self.shrinkage * (self.run_means - centre), 0.0, 1.0))

    @cached_property
    def fidelity(self) -> Mapping[str, Fidelity | None]:
        """Slope, R2 and RMSE of run-mean on assigned, per axis."""
        return {axis: fidelity(self.assigned[:, i], self.run_means[:, i]) for i, axis in enumerate(self.axes)}

    @property
    def placement_error(self) -> float | None:
        """Mean Euclidean distance from assigned to run-mean position, over measured people; None if there are none."""
        if not self.measured.any():
            return None
        return float(np.linalg.norm((self.run_means - self.assigned)[self.measured], axis=1).mean())

    @property
    def rmse(self) -> float | None:
        """Root mean squared difference of run-mean and assigned over people and axes, in units of the axes."""
        if not self.measured.any():
            return None
        return float(np.sqrt(((self.run_means - self.assigned)[self.measured] ** 2).mean()))

    @cached_property
    def discriminability(self) -> float | None:
        """How often a person's other run is closer than somebody else's; None with fewer than 2 people or runs."""
        return discriminability(self.scores)


async def measure(
    people: Sequence[Persona],
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    runs: int = DEFAULT_RUNS,
    seed: int = 0,
    concurrency: int = 32,
) -> Measurement:
    """Let a respondent answer every item as every person, several times.

    Each run has its own random numbers, from the path (fingerprint, run, "respondent"); copies of one person are
    answered independently (the j-th copy takes the run numbers from j * runs on). Neither the order of people nor
    concurrency changes an answer.

    Args:
        people: Whom to measure, at least one.
        questionnaire: What is asked; the respondent sees neither axis nor key.
        respondent: Answers from the public description only.
        runs: Repetitions a person, 1 or more.
        seed: The run's seed.
        concurrency: At most so many (person, run) pairs at once, in the caller's event loop.

    Returns:
        Answers, scores and everything that follows from them.

    Raises:
        InputError: If an argument is off, a person lacks an axis, or an answer is off the scale.
        UnreachableError: If the respondent raises; names it and the person.
    """
    if isinstance(runs, bool) or not isinstance(runs, int) or runs < 1:
        raise InputError("runs", "a whole number of 1 or more", runs)
    if concurrency < 1:
        raise InputError("concurrency", "a whole number of 1 or more", concurrency)
    check_seed(seed)
    assigned = assigned_positions(people, questionnaire.names)
    questions = tuple(Question(id=i.id, text=i.text, points=i.points, labels=i.labels) for i in questionnaire.items)
    answers = np.zeros((len(people), runs, len(questions)), np.int16)
    scores = np.full((len(people), runs, len(questionnaire.axes)), np.nan)
    firsts = _first_runs(people, runs)

    async def one(person: int, run: int) -> None:
        who = people[person]
        stream = Stream(seed, who.fingerprint, firsts[person] + run, "respondent")
        given = _readable(who, respondent.name, questionnaire.items, await _ask(respondent, who, questions, stream))
        answers[person, run] = [UNREADABLE if a is None else a for a in given]
        scores[person, run] = questionnaire.score(given)

    await _all((partial(one, p, r) for p in range(len(people)) for r in range(runs)), concurrency)
    return Measurement(
        axes=questionnaire.names,
        ids=tuple(p.id for p in people),
        assigned=assigned,
        weights=np.array([p.weight for p in people], float),
        runs=runs,
        answers=answers,
        scores=scores,
        respondent=respondent.name,
    )


async def measure_clones(
    people: Sequence[Persona],
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    runs: int = DEFAULT_RUNS,
    seed: int = 0,
    concurrency: int = 32,
) -> Measurement:
    """Measure as many copies of the most central person as there are people: all spread among them is noise.

    Args:
        people: The population; its person nearest to the mean assigned position is copied.
        questionnaire: As in :func:`measure`.
        respondent: As in :func:`measure`.
        runs: As in :func:`measure`.
        seed: As in :func:`measure`.
        concurrency: As in :func:`measure`.

    Returns:
        The measurement of the copies; their ids all name the same person.
    """
    x = assigned_positions(people, questionnaire.names)
    off_centre = np.linalg.norm(x - x.mean(axis=0), axis=1).round(12)
    central = min(range(len(people)), key=lambda i: (off_centre[i], people[i].fingerprint))
    copies = [people[central]] * len(people)
    return await measure(copies, questionnaire, respondent, runs=runs, seed=seed, concurrency=concurrency)


def bare(positions: ArrayLike, axes: Sequence[str], *, ids: Sequence[str] = (), weights: ArrayLike | None = None) -> Measurement:
    """Return bare positions as a measurement without noise: no respondent, no shrinkage, no ICC.

    Args:
        positions: Shape (people, K), values in [0, 1].
        axes: Names of the K columns.
        ids: One for each person; numbered from 0 if empty.
        weights: Shape (people,), positive; all 1 if None.

    Raises:
        InputError: If the positions, ids or weights are off.
    """
    x = as_positions(positions, len(axes))
    names = tuple(ids) or tuple(f"p{i:04d}" for i in range(len(x)))
    w = np.ones(len(x)) if weights is None else np.asarray(weights, float)
    if len(names) != len(x):
        raise InputError("ids", f"{len(x)} of them", len(names))
    if w.shape != (len(x),) or not (np.isfinite(w) & (w >= 0)).all():
        raise InputError("weights", f"{len(x)} finite numbers of 0 or more", weights)
    nothing = np.zeros((len(x), 0, 0), np.int16)
    return Measurement(axes=tuple(axes), ids=names, assigned=x, weights=w, runs=0, answers=nothing, scores=x[:, None, :])


def assigned_positions(people: Sequence[Persona], axes: Sequence[str]) -> Array:
    """Return the assigned positions, shape (people, axes).

    Raises:
        InputError: If there is nobody, or a person lacks an axis.
    """
    if not people:
        raise InputError("people", "at least one person", 0)
    for person in people:
        lacking = [axis for axis in axes if axis not in person.position]
        if lacking:
            raise InputError(f"person {person.id!r}", "a position on every axis: " + ", ".join(axes), sorted(person.position))
    return np.array([[p.position[a] for a in axes] for p in people], float)


def _first_runs(people: Sequence[Persona], runs: int) -> list[int]:
    """Return for each person the number of its first run: 0, or further on for copies of an earlier one."""
    seen: Counter[str] = Counter()
    firsts = []
    for person in people:
        firsts.append(seen[person.fingerprint] * runs)
        seen[person.fingerprint] += 1
    return firsts


async def _ask(respondent: Respondent, person: Persona, questions: Sequence[Question], stream: Stream) -> object:
    """Let the respondent answer; what it raises becomes an error that names both."""
    try:
        with contained:
            return await respondent.answer(person.description, questions, stream)
    except OutskirtsError:
        raise
    except Exception as error:
        raise UnreachableError(f"the respondent {respondent.name} failed to answer as person {person.id}: {said(error)}") from error


def _readable(person: Persona, respondent: str, items: Sequence[Item], answers: object) -> list[int | None]:
    """Return the answers if they fit the items."""
    if not isinstance(answers, list | tuple) or len(answers) != len(items):
        got = len(answers) if isinstance(answers, list | tuple) else type(answers).__name__
        raise InputError(f"respondent {respondent!r}, person {person.id!r}", f"a list of {len(items)} answers", got)
    for item, answer in zip(items, answers, strict=True):
        whole = isinstance(answer, int | np.integer) and not isinstance(answer, bool)
        if answer is not None and not (whole and 1 <= answer <= item.points):
            raise InputError(f"person {person.id!r}, item {item.id!r}", f"a whole number from 1 to {item.points}, or None", answer)
    return [None if a is None else int(a) for a in answers]


async def _all(jobs: Iterable[Callable[[], Awaitable[None]]], concurrency: int) -> None:
    """Do all jobs, some at a time; the first failure cancels the rest and is raised."""
    waiting = iter(jobs)

    async def work() -> None:
        for job in waiting:
            await job()

    workers = [asyncio.ensure_future(work()) for _ in range(concurrency)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

"""Placement feedback: who is measured far from where they were placed is portrayed again, and kept only if that is closer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..sim.errors import InputError
from ..sim.protocols import Respondent
from ..sim.seeds import check_seed, derive
from ..sim.types import Frozen
from .generators import Batch, Feedback, Generator
from .measurement import DEFAULT_RUNS, Measurement, measure
from .persona import Persona
from .population import rewrite
from .scenario import Scenario

Array = NDArray[np.float64]

ROUNDS = 3
TOLERANCE = 0.1
"""Largest distance on any axis, in units of the axis, at which a person counts as met."""


class Version(Frozen):
    """One text of one person, and what became of it."""

    id: str  # of the person
    round: int  # 0: the first portrait
    description: str
    aimed_at: dict[str, float]  # where the text was told to put the person, before it was measured
    measured: dict[str, float | None]  # run-mean on the fresh runs that decided
    distance: float | None  # Euclidean, from the assigned position; None if it could not be measured
    against: float | None  # distance of the text before it, on the same fresh runs; None for the first portrait
    kept: bool  # whether it stood after this round


class Refined(Frozen):
    """A population after placement feedback."""

    people: tuple[Persona, ...]
    versions: tuple[Version, ...]  # every text that was written, by round and person
    rounds: int  # that were played; fewer than allowed when everybody was met or nothing could be improved
    asked: int  # portraits written again
    accepted: int  # of these, kept
    error_before: float | None  # mean distance from assigned to run-mean position on runs that decided nothing
    error_after: float | None  # the same for the people as they are, on the same runs


async def refine(
    scenario: Scenario,
    generator: Generator,
    people: Sequence[Persona],
    respondent: Respondent,
    *,
    seed: int = 0,
    runs: int = DEFAULT_RUNS,
    rounds: int = ROUNDS,
    tolerance: float = TOLERANCE,
    llm: Batch | None = None,
) -> Refined:
    """Have the generator portray again whoever misses their point, and accept what a fresh measurement finds closer.

    A person who was measured far off is one of those with bad luck too, so the text that stands is measured again on the same
    fresh runs as the text that would replace it, and has to be further off by more than the standard error of the
    difference: a rewrite is never accepted for noise. The two errors are of a last measurement that took no decision.

    Args:
        scenario: Whose axes and context.
        generator: Its ``portray`` gets the feedback; positions stay as they are.
        people: Whom to refine, as :func:`population.build_population` made them.
        respondent: Who measures.
        seed: The run's seed; each round takes its own runs.
        runs: Runs a person and measurement, 2 or more.
        rounds: Most rounds, 1 or more.
        tolerance: A person whose run-mean is at most so far from their point on every axis is left alone.
        llm: Passed on to the generator.

    Returns:
        The people, and every version of every text.

    Raises:
        InputError: If an argument is off or the generator breaks its contract.

    Source: the accept test is what the test-time loop of PersonaAgent lacks (arXiv 2506.06254); the loss is the distance
    from assigned to measured position of Persona Generators (arXiv 2602.03545).
    """
    _check(runs, rounds, tolerance)

    async def means_of(who: Sequence[Persona], number: int) -> Measurement:
        return await measure(who, scenario.questionnaire, respondent, runs=runs, seed=_seed(seed, number))

    current = list(people)
    begun = await means_of(current, 0)
    assigned, means, aims = begun.assigned, begun.run_means.copy(), begun.assigned.copy()
    versions = [_version(person, begun.axes, 0, aims[i], means[i], None, True) for i, person in enumerate(current)]
    played = asked = accepted = 0
    for number in range(1, rounds + 1):
        far = [i for i in range(len(current)) if not (np.abs(means[i] - assigned[i]) <= tolerance).all()]
        if not far:
            break
        played, asked = number, asked + len(far)
        before = [current[i] for i in far]
        rewritten = rewrite(scenario, generator, before, seed, llm, _heard(before, begun.axes, assigned[far], means[far], aims[far]))
        fresh = await means_of([*before, *rewritten], number)
        for k, i in enumerate(far):
            aim = aims[i] + assigned[i] - np.where(np.isnan(means[i]), assigned[i], means[i])
            old, new = _off(fresh, k, assigned[i]), _off(fresh, len(far) + k, assigned[i])
            better = rewritten[k].description != current[i].description and _closer(new, old)
            versions.append(_version(rewritten[k], begun.axes, number, aim, fresh.run_means[len(far) + k], old, better))
            means[i] = fresh.run_means[len(far) + k if better else k]
            if better:
                current[i], aims[i], accepted = rewritten[k], aim, accepted + 1
    return Refined(
        people=tuple(current),
        versions=tuple(versions),
        rounds=played,
        asked=asked,
        accepted=accepted,
        error_before=(await means_of(people, rounds + 1)).placement_error,
        error_after=(await means_of(current, rounds + 1)).placement_error,
    )


def _check(runs: object, rounds: object, tolerance: float) -> None:
    for field, value, least in (("runs", runs, 2), ("rounds", rounds, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise InputError(field, f"a whole number of {least} or more", value)
    if not 0 <= tolerance <= 1:
        raise InputError("tolerance", "a number from 0 to 1", tolerance)


def _seed(seed: int, number: int) -> int:
    """Return the seed of one measurement, so that no two share their noise."""
    return int(derive(check_seed(seed), "feedback", number).integers(2**62))


def _heard(people: Sequence[Persona], axes: Sequence[str], wanted: Array, measured: Array, aimed: Array) -> Feedback:
    """Return what the generator is told; an axis that could not be measured is left out of ``measured``."""
    return {
        person.id: {
            "measured": {axis: float(x) for axis, x in zip(axes, measured[i], strict=True) if not np.isnan(x)},
            "wanted": dict(zip(axes, wanted[i].tolist(), strict=True)),
            "aimed": dict(zip(axes, aimed[i].tolist(), strict=True)),
        }
        for i, person in enumerate(people)
    }


class _Off(NamedTuple):
    """How far a person was measured from where they should be."""

    distance: float  # Euclidean, of the run-mean
    error: float  # its standard error, from the spread over runs


def _off(measured: Measurement, row: int, wanted: Array) -> _Off | None:
    """Return how far one person is off; None if an axis could not be measured."""
    miss = measured.run_means[row] - wanted
    if np.isnan(miss).any():
        return None
    distance = float(np.linalg.norm(miss))
    direction = miss / distance if distance > 0 else np.full(len(miss), len(miss) ** -0.5)
    along = (measured.scores[row] - measured.run_means[row]) @ direction  # one value a run
    seen = along[~np.isnan(along)]
    return _Off(distance, float(seen.std(ddof=1) / np.sqrt(len(seen))) if len(seen) > 1 else 0.0)


def _closer(new: _Off | None, old: _Off | None) -> bool:
    """Tell whether a text is closer than the one before it by more than the noise of the comparison."""
    if new is None:
        return False
    return old is None or old.distance - new.distance > float(np.hypot(old.error, new.error))


def _version(person: Persona, axes: Sequence[str], number: int, aim: Array, measured: Array, against: _Off | None, kept: bool) -> Version:
    wanted = np.array([person.position[axis] for axis in axes])
    return Version(
        id=person.id,
        round=number,
        description=person.description,
        aimed_at=dict(zip(axes, aim.tolist(), strict=True)),
        measured={axis: None if np.isnan(x) else float(x) for axis, x in zip(axes, measured, strict=True)},
        distance=None if np.isnan(measured).any() else float(np.linalg.norm(measured - wanted)),
        against=None if against is None else against.distance,
        kept=kept,
    )

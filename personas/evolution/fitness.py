"""Fitness: from what a program returned, and what was measured of it, to what evolution is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...sim.seeds import derive
from ..generators import axis_dicts, check_portraits, check_positions
from ..measurement import Measurement
from ..persona import Persona
from ..population import finish_population
from ..questionnaires.context import Context
from ..sandbox.protocol import Job, People
from ..scenario import Scenario
from ..scoring import FIGURES, SPARED, score_measurement
from .candidate import Candidate, Evaluation, Portrayed, Stage
from .gates import Gates, Measured, check_gates

MEASURED = ("coverage", "dispersion", "hull_volume", "min_distance", "mean_distance", "kl", "slope", "r2", "distinct")
"""Objectives that are figures of a :class:`~..scoring.Score`."""

FITNESS_FIGURES = tuple(figure for figure in FIGURES if figure not in SPARED)
SAMPLED = 6
"""People of an evaluation's sample, each of another context where there are as many."""
WORST = 4
"""People among those measured furthest from where they were assigned."""

_EASED = {"axes": -0.25, "slope_low": -0.25, "slope_high": 0.25, "distinct": -0.2, "pasted": 0.25, "unmeasured": 0.15}


@dataclass(frozen=True)
class Met:
    """One context: the people that a program made for it, and what each respondent answered as them."""

    context: Context
    people: tuple[Persona, ...]
    measurements: Mapping[str, Measurement]  # by respondent
    measured: Mapping[str, Measured]  # by respondent


def job_of(scenario: Scenario, people: int, seed: int) -> Job:
    """Return what a program is asked for; it sees what any generator sees: statements and reference margins.

    Args:
        scenario: Gives context and axes.
        people: How many.
        seed: Of the population.
    """
    return Job(context=scenario.context, axes=tuple(axis_dicts(scenario.questionnaire, scenario.density)), n=people, seed=seed)


def populate(scenario: Scenario, program: str, made: People, people: int, seed: int) -> tuple[Persona, ...]:
    """Return what a program made as people, who stand for nobody else: each weighs 1.

    Args:
        scenario: For whom they were made; furnishes them.
        program: What errors and provenance call it.
        made: Positions and portraits.
        people: How many were asked for.
        seed: Of the population.

    Raises:
        InputError: If positions, portraits or private facts break the contract.
    """
    positions = check_positions(program, scenario.axes, people, made.positions)
    portraits = check_portraits(program, [f"p{i:04d}" for i in range(people)], made.portraits)
    return finish_population(scenario, program, positions, portraits, seed)


def scored(
    context: Context,
    program: str,
    people: tuple[Persona, ...],
    measurement: Measurement,
    seed: int,
    figures: Sequence[str] = FITNESS_FIGURES,
) -> Measured:
    """Return the score of measured people, with what gates look at.

    Raises:
        InputError: If nobody could be measured.
    """
    return Measured(
        score=score_measurement(program, context.name, people, measurement, seed, figures),
        descriptions=tuple(person.description for person in people),
        statements=tuple(statement for axis in context.questionnaire.axes for statement in (axis.low, axis.high)),
    )


def objectives_of(met: Sequence[Met], source: str, prompts: int = 0, failures: float | None = None) -> dict[str, float]:
    """Return every objective: means over contexts, then over respondents.

    A figure that a context does not have counts as 0 there: where nobody differs, nothing follows what was assigned.

    Args:
        met: One or more contexts, all with the same respondents.
        source: The program, for its length.
        prompts: To a language model, over all people.
        failures: Of the closed loop, where it was played.
    """
    found: dict[str, float] = {}
    for name in MEASURED:
        values = [[getattr(seen.score, name) or 0.0 for seen in one.measured.values()] for one in met]
        found[name] = float(np.mean(values))
    found["length"] = float(len(source))
    found["calls"] = prompts / sum(len(one.people) for one in met)
    return found if failures is None else found | {"failures": failures}


def gate_reason(met: Sequence[Met], gates: Gates | None = None) -> str:
    """Return why a program does not pass the gates with each of the respondents; empty if it does.

    Args:
        met: One or more contexts, all with the same respondents.
        gates: Thresholds; the defaults if None.
    """
    names = tuple(met[0].measured)
    reports = {name: check_gates([one.measured[name] for one in met], gates) for name in names}
    failed = {name: report.reason for name, report in reports.items() if not report.passed}
    return "; ".join(f"{name}: {reason}" if len(names) > 1 else reason for name, reason in failed.items())


def eased(gates: Gates | None = None) -> Gates:
    """Return the gates that two contexts must pass for the others to be worth their time.

    A program on the border of a gate falls on either side of it by chance when few axes are looked at. So two contexts are
    held against bounds that are wider: by a quarter for the share of axes with an ICC, for slopes and for pasted sentences,
    by a fifth for distinct descriptions and by 0.15 for people who could not be measured. Who fails even these is hopeless.
    """
    own = gates or Gates()
    wider = {name: getattr(own, name) + by for name, by in _EASED.items()}
    shares = ("axes", "distinct", "pasted", "unmeasured")
    return Gates.model_validate(own.model_dump() | wider | {name: min(1.0, max(0.0, wider[name])) for name in shares})


def evaluated(
    candidate: Candidate, met: Sequence[Met], *, gates: Gates | None = None, prompts: int = 0, failures: float | None = None, seed: int = 0
) -> Evaluation:
    """Return the evaluation of a program that was measured on all contexts.

    Args:
        candidate: The program.
        met: Every context.
        gates: Thresholds; the defaults if None.
        prompts: To a language model, over all people.
        failures: Of the closed loop, where it was played.
        seed: Of the search; with the candidate's id it draws the sample.
    """
    reason = gate_reason(met, gates)
    return Evaluation(
        candidate=candidate.id,
        status="gated" if reason else "ok",
        stage="all",
        reason=reason,
        objectives=objectives_of(met, candidate.source, prompts, failures),
        sample=sample(met, seed, candidate.id),
        worst=worst(met),
        calls=prompts,
        respondents=tuple(met[0].measured),
    )


def rejected(candidate: Candidate, stage: Stage, reason: str, prompts: int = 0) -> Evaluation:
    """Return the evaluation of a program that did not come through the cascade."""
    return Evaluation(candidate=candidate.id, status="rejected", stage=stage, reason=" ".join(reason.split()), calls=prompts)


def sample(met: Sequence[Met], seed: int, candidate: str, size: int = SAMPLED) -> tuple[Portrayed, ...]:
    """Return some people, from as many contexts as possible, drawn by seed and candidate."""
    rng = derive(seed, "sample", candidate)
    chosen = sorted(rng.permutation(len(met))[:size].tolist())
    return tuple(_portrayed(met[i], int(rng.integers(len(met[i].people)))) for i in chosen)


def worst(met: Sequence[Met], size: int = WORST) -> tuple[Portrayed, ...]:
    """Return those measured furthest from where they were assigned, root mean square over axes; first those nobody could measure."""
    gaps = [
        (float(gap), i, person)
        for i, one in enumerate(met)
        for person, gap in enumerate(np.sqrt(((_positions(one) - _assigned(one)) ** 2).mean(axis=1)))
    ]
    gaps.sort(key=lambda gap: (-gap[0] if np.isfinite(gap[0]) else -np.inf, gap[1:]))
    return tuple(_portrayed(met[i], person) for _, i, person in gaps[:size])


def _assigned(met: Met) -> NDArray[np.float64]:
    return next(iter(met.measurements.values())).assigned


def _positions(met: Met) -> NDArray[np.float64]:
    """Return where people were measured, mean over respondents, shape (people, axes); NaN where one could not tell."""
    return np.asarray(np.mean([measurement.run_means for measurement in met.measurements.values()], axis=0))


def _portrayed(met: Met, person: int) -> Portrayed:
    axes, found = met.context.questionnaire.names, _positions(met)[person].tolist()
    who = met.people[person]
    return Portrayed(
        context=met.context.name,
        description=who.description,
        assigned={axis: who.position[axis] for axis in axes},
        measured={axis: x for axis, x in zip(axes, found, strict=True) if not np.isnan(x)},
    )

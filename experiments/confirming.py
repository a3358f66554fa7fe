"""Where a target fails more was found on one set of people; whether it does is asked of fresh ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from ..personas.persona import Persona
from ..sim.seeds import derive
from .arms import CONFIRM, Arm, Keep
from .config import ExperimentConfig
from .jobs import Cast
from .people import others
from .statistics.confirmation import Fresh, SliceSummary, confirm
from .statistics.outcomes import Outcomes
from .statistics.slices import Slice, discover, fresh_wanted

NOT_ASKED = "no fresh episodes were asked for"
STOPPED = "the run was stopped before fresh episodes were played"
NOBODY = "nobody among the fresh people is in one of the groups"


@dataclass(frozen=True)
class Suspicion:
    """The slices that were found, and the fresh people who are to meet the target.

    Args:
        slices: Clearest first; may be empty.
        people: Fresh people in a random order; those of them who are not in ``arm`` have no episode.
        arm: Who of them is played; None if nobody is.
        reason: Why nothing is confirmed, if nothing is.
    """

    slices: tuple[Slice, ...]
    people: tuple[Persona, ...] = ()
    arm: Arm | None = None
    reason: str = NOT_ASKED


def suspect(cast: Cast, people: tuple[Persona, ...], outcomes: Outcomes, keep: Keep, *, stopped: bool) -> Suspicion:
    """Look for slices, and say who is to be played to confirm them.

    Fresh people come from the same generator with a seed of their own. Where the people came from a file there is no
    generator, so the same people are met again with fresh replicates, and what is confirmed speaks of them alone. In groups
    everybody is played: with half of the people from suspect slices the company would be another than where these were found.

    Args:
        cast: Who takes part.
        people: The run's people.
        outcomes: What happened to them with the target.
        keep: Makes the fresh people, or knows who they were.
        stopped: The run has ended early, so nothing more is played.
    """
    config, scenario = cast.config, cast.scenario
    slices = discover(people, scenario, scenario.positions(people), outcomes)
    if not slices or stopped or not config.confirm:
        return Suspicion(slices, reason=STOPPED if config.confirm else NOT_ASKED)
    fresh = keep(CONFIRM, partial(_fresh, cast, people))
    wanted = fresh_wanted(slices, fresh, scenario.positions(fresh)) if cast.group == 1 else np.ones(len(fresh), bool)
    played = tuple(person for person, is_wanted in zip(fresh, wanted, strict=True) if is_wanted)
    first = config.replicates if config.people is not None else 0
    return Suspicion(slices, fresh, Arm(CONFIRM, cast.target, config.target_written, played, first) if played else None, NOBODY)


def confirmed(cast: Cast, found: Suspicion, outcomes: Outcomes | None) -> tuple[SliceSummary, ...]:
    """Return what is to be said of the slices.

    Args:
        cast: Who takes part.
        found: The slices and the fresh people.
        outcomes: Of the fresh people, over all of them in their order; None if nobody was played.
    """
    if outcomes is None:
        return tuple(SliceSummary.of(s, reason=found.reason) for s in found.slices)
    where = cast.scenario.positions(found.people)
    tried = confirm(found.slices, found.people, where, outcomes, estimand=_speaks_of(cast.config), seed=cast.config.seed)
    return tuple(SliceSummary.of(s, fresh) for s, fresh in zip(found.slices, tried, strict=True))


def _speaks_of(config: ExperimentConfig) -> Fresh:
    return "generator" if config.people is None else "these_people"


def _fresh(cast: Cast, people: Sequence[Persona]) -> tuple[Persona, ...]:
    """Return fresh people in an order that has nothing to do with who they are."""
    config = cast.config
    stream = derive(config.seed, CONFIRM)
    fresh = people
    if config.people is None:
        fresh = others(cast.scenario, config.generator, len(people), int(stream.integers(2**31)), "c", unsafe=config.unsafe)
    return tuple(fresh[i] for i in np.asarray(stream.permutation(len(fresh))).tolist())

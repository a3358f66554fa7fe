"""All biases of one population in one report: people are asked once, and again in frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...sim.errors import InputError
from ...sim.protocols import Respondent
from ...sim.types import Frozen
from ..measurement import DEFAULT_RUNS, Measurement, measure
from ..persona import Persona
from ..questionnaire import Questionnaire
from .agreement import Agreement, agreement
from .contrast import Contrast, contrast
from .framing import DOES_NOT_READ, Framing, FramingBias, exchanged, framed, framing_effects, reads_texts
from .instability import Instability, instability
from .keys import Keys
from .reference import Reference
from .segments import segments_of
from .tendency import Tendency, tendency

SIDES = ("neutral", "low", "high")


class Questionnaires(Frozen):
    """How many questionnaires are answered at most; one is all items, by one person, once."""

    plain: int  # as they are
    probe: int  # with exchanged texts: does the respondent read them?
    frames: int  # in three frames; none of these if it does not
    items: int  # of a questionnaire

    @property
    def total(self) -> int:
        """All of them."""
        return self.plain + self.probe + self.frames

    @property
    def answers(self) -> int:
        """Answers that are asked for; a language model is called at least once for each."""
        return self.total * self.items


class BiasReport(Frozen):
    """What a respondent gets wrong when it answers as these people."""

    people: int
    axes: tuple[str, ...]
    questionnaire: str
    respondent: str
    runs: int
    seed: int
    unreadable: int  # answers to the plain questionnaire that could not be read
    questionnaires: Questionnaires  # answered, of each kind
    tendency: Tendency
    contrast: Contrast
    framing: FramingBias
    instability: Instability
    agreement: Agreement


def planned(people: Sequence[Persona], questionnaire: Questionnaire, runs: int = DEFAULT_RUNS, framing_runs: int = 1) -> Questionnaires:
    """Return how many questionnaires :func:`bias_report` has answered at most; ask before you pay for them."""
    different = len(_different(people))
    return Questionnaires(
        plain=len(people) * runs, probe=different, frames=len(SIDES) * different * framing_runs, items=len(questionnaire.items)
    )


async def bias_report(
    people: Sequence[Persona],
    questionnaire: Questionnaire,
    respondent: Respondent,
    *,
    runs: int = DEFAULT_RUNS,
    seed: int = 0,
    segment: str | Mapping[str, str] | None = None,
    reference: Reference | None = None,
    framing: Framing | None = None,
    framing_runs: int = 1,
    concurrency: int = 32,
) -> BiasReport:
    """Measure the known biases of simulated people.

    Everybody answers the questionnaire ``runs`` times; all figures but those on frames come from these answers. Then everybody
    answers once with the items' texts exchanged, and ``framing_runs`` times in each of three frames, from the same random numbers;
    copies of one person count once there. See :func:`planned` for how much that is.

    Args:
        people: Whom; each counts once.
        questionnaire: What is asked.
        respondent: Who answers as them.
        runs: Questionnaires a person.
        seed: Of answers and resamples.
        segment: What divides people, as in :func:`outskirts.personas.biases.segments.segments_of`.
        reference: Answers of real people; without them, gaps are compared with those that assigned positions imply.
        framing: Texts around items; None: the defaults.
        framing_runs: Questionnaires a person and frame, at most ``runs``.
        concurrency: At most so many questionnaires at once.

    Raises:
        InputError: If an argument is off, or people, questionnaire, segment and reference do not fit together.
        UnreachableError: If the respondent raises.
    """
    if isinstance(framing_runs, bool) or not isinstance(framing_runs, int) or not 1 <= framing_runs <= runs:
        raise InputError("framing_runs", f"a whole number from 1 to runs ({runs})", framing_runs)
    segments = segments_of(people, questionnaire.names, segment)

    async def ask(who: Sequence[Persona], what: Questionnaire, times: int) -> Measurement:
        return await measure(who, what, respondent, runs=times, seed=seed, concurrency=concurrency)

    found = await ask(people, questionnaire, runs)
    gaps = contrast(found, questionnaire, segments, seed, reference)  # refuses what does not fit before more is asked
    first = _different(people)
    different = [people[i] for i in first]
    plan = planned(people, questionnaire, runs, framing_runs)
    probe = await ask(different, exchanged(questionnaire), 1)
    if reads_texts(found.answers[first, :1], probe.answers):
        texts = framing or Framing()
        neutral, low, high = [(await ask(different, framed(questionnaire, texts, side), framing_runs)).answers for side in SIDES]
        plain, assigned = found.answers[first, :framing_runs], found.assigned[first]
        effects = framing_effects(plain, neutral, low, high, assigned, Keys.of(questionnaire), seed)
        frames = FramingBias(reads_texts=True, effects=effects)
    else:
        frames = FramingBias(reads_texts=False, effects=None, reason=DOES_NOT_READ)
        plan = plan.model_copy(update={"frames": 0})
    return BiasReport(
        people=len(people),
        axes=questionnaire.names,
        questionnaire=questionnaire.name,
        respondent=respondent.name,
        runs=runs,
        seed=seed,
        unreadable=found.unreadable,
        questionnaires=plan,
        tendency=tendency(found, questionnaire, seed, reference),
        contrast=gaps,
        framing=frames,
        instability=instability(found, questionnaire, seed),
        agreement=agreement(found, questionnaire, seed),
    )


def _different(people: Sequence[Persona]) -> list[int]:
    """Return the first place of every different person, in order."""
    places = np.unique([p.fingerprint for p in people], return_index=True)[1]
    return [int(i) for i in np.sort(places)]

"""From the outcomes of a run to its summary: every figure is computed here, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from ..agents.judge_error import Confusion, Detection
from ..personas.coverage_report import Coverage
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from .judge_labels import LabelledJudges
from .results import persona_rows
from .statistics.advice import SHARED, advice, first_of_all
from .statistics.branches import branching_figures
from .statistics.checks import rate_checks
from .statistics.confirmation import SliceSummary
from .statistics.crossings import Crossings
from .statistics.depth import depth_deciles
from .statistics.disparity import Disparity
from .statistics.estimates import LEVEL, Difference, Estimand, Rate
from .statistics.exceedance import exceedance
from .statistics.harms import distinct_failures, harm_figures
from .statistics.judging import JudgeAgreement
from .statistics.leaks import Disclosure
from .statistics.misclassification import corrected_difference, corrected_rates
from .statistics.outcomes import Outcomes
from .statistics.paired import paired_difference
from .statistics.panels import PanelFigures
from .statistics.people import flip_rate, pass_hat
from .statistics.rates import Sample, rate, rate_bounds, reference_rate
from .statistics.severity import cvar
from .statistics.simulator import SimulatorFigures
from .statistics.tails import TailContrast, sensitivity, tail_contrasts
from .statistics.variance import failure_icc, variance_components
from .summary import (
    SHOWN,
    USUAL_CONTROLS,
    Control,
    Cost,
    HarmSummary,
    Held,
    Reliability,
    RoleCost,
    RunInfo,
    Severity,
    Summary,
    TailHarm,
    TailSummary,
    plain,
)


class Judging(NamedTuple):
    """What is known of the judges themselves."""

    labelled: LabelledJudges | None = None
    agreement: JudgeAgreement | None = None
    panels: Mapping[str, PanelFigures] = MappingProxyType({})


def build_summary(
    run: RunInfo | Mapping[str, object],
    scenario: Scenario,
    people: Sequence[Persona],
    arms: Mapping[str, Outcomes],
    *,
    coverage: Coverage | Mapping[str, object] | None = None,
    measured: NDArray[np.float64] | None = None,
    judge_error: object = None,
    detection: tuple[Detection, ...] = (),
    judging: Judging | None = None,
    disclosure: Disclosure | None = None,
    simulator: SimulatorFigures | None = None,
    crossings: Crossings | None = None,
    disparities: tuple[Disparity | None, Disparity | None] = (None, None),
    slices: tuple[SliceSummary, ...] = (),
    against: Held | None = None,
    branches: tuple[Outcomes, int] | None = None,
    cost: Cost | None = None,
    level: float = LEVEL,
) -> Summary:
    """Compute the summary of a run.

    Args:
        run: What the run is; its ``estimand`` names the headline's.
        scenario: Declares axes, reference density, tails and harms.
        people: The population, in the order in which the outcomes count it.
        arms: Outcomes by arm: ``target``, and every control that was run, by its name.
        coverage: The coverage report, or the mapping that it was written as; its ``unsupported_mass`` enters the bounds.
        measured: Measured positions, shape (people, axes), NaN where none could be read.
        judge_error: The judges' error against the ledger, passed through: a model, a mapping, or a list of them by concept.
        detection: The judges against what happened, where the scenario knows it.
        judging: The judges against labelled transcripts and against each other; what panels did.
        disclosure: What became of the people's private facts.
        simulator: Whether the people were played as they are.
        crossings: Which of them came out in another episode.
        disparities: Who came off worse with the same values: with the target, and less what each got from ``careful``.
        slices: Where the target fails more, and whether fresh people confirm it.
        against: What came of holding the run against an earlier one.
        branches: Outcomes of other continuations of the target's episodes, and how many each could have.
        cost: What was spent; added up from the arms if left out.
        level: Nominal level of the intervals, in (0, 1).

    Raises:
        KeyError: If there is no arm ``target``.
        TypeError: If the judges' error is none of these.
    """
    judging = judging or Judging()
    info = run if isinstance(run, RunInfo) else RunInfo.model_validate(run)
    target = arms["target"]
    positions = scenario.positions(tuple(people))
    looked = coverage if coverage is None or isinstance(coverage, Coverage) else Coverage.model_validate(coverage)
    rates = _rates(target, people, None if looked is None else looked.unsupported_mass, level)
    careful = arms.get("careful")
    labelled = None if judging.labelled is None else judging.labelled.together.found
    sample = Sample.of(target)
    return Summary(
        run=info,
        verdicts=target.verdict_counts(),
        failure_rate=rates[info.estimand],
        failure_rates=rates,
        failure_rate_checks=rate_checks(sample, level),
        failure_rate_bounds=rate_bounds(target),
        attributable=_not_claimed(level) if careful is None else paired_difference(target, careful, level),
        tails=_tails(tail_contrasts(scenario, positions, target, level), labelled),
        tail_sensitivity=sensitivity(scenario, positions, measured, target, level) if measured is not None else (),
        depth=depth_deciles(scenario, positions, target, level),
        severity=Severity(cvar=cvar(sample, level=level), exceedance=exceedance(sample, level=level)),
        coverage=looked,
        harms=_harms(scenario, target, level),
        reliability=_reliability(target, info.replicates, rates["generator"], level, decided=against is not None),
        judge_error=_keyed(judge_error),
        detection=detection,
        judge_labels=judging.labelled,
        failure_rates_corrected=corrected_rates(rates, labelled),
        judge_agreement=judging.agreement,
        panels=dict(judging.panels),
        disclosure=disclosure,
        simulator=simulator,
        crossings=crossings,
        disparity=disparities[0],
        attributable_disparity=disparities[1],
        slices=slices,
        against=against,
        controls=dict.fromkeys(USUAL_CONTROLS)
        | {name: _control(scenario, positions, target, arm, level) for name, arm in arms.items() if name != "target"},
        distinct_failures=distinct_failures(scenario, positions, target),
        branching=None if branches is None else branching_figures(scenario, positions, target, *branches),
        cost=cost or _spent(arms),
        personas=tuple(persona_rows(people, scenario.axes, target, measured, first=SHOWN)),
    )


def _harms(scenario: Scenario, target: Outcomes, level: float) -> dict[str, HarmSummary]:
    victims = {harm.name: harm.victim for harm in scenario.harms}
    return {name: HarmSummary(victim=victims.get(name, ""), **vars(found)) for name, found in harm_figures(target, level).items()}


def _reliability(target: Outcomes, replicates: int, found: Rate, level: float, *, decided: bool) -> Reliability:
    components = variance_components(target)
    times = sorted({*(2**i for i in range(replicates.bit_length()) if 2**i <= replicates), max(replicates, 1)})
    return Reliability(
        icc=failure_icc(target, level),
        components=components,
        pass_hat=tuple(pass_hat(target, k, level) for k in times),
        flips=flip_rate(target, level),
        advice=first_of_all(target.verdict_counts(), decided=decided)
        or (SHARED if np.any(target.company) else advice(components.failed, found)),
    )


def _keyed(value: object) -> dict[str, JsonValue] | None:
    """Return data by key; entries of a list are known by their ``concept``."""
    data = plain(value)
    if isinstance(data, list):
        data = {str(row.get("concept", i)) if isinstance(row, dict) else str(i): row for i, row in enumerate(data)}
    if data is not None and not isinstance(data, dict):
        raise TypeError(f"judge_error: expected a model, a mapping or a list of them, got {type(value).__name__}")
    return data


def _rates(target: Outcomes, people: Sequence[Persona], unsupported: float | None, level: float) -> dict[Estimand, Rate]:
    sample = Sample.of(target)
    weights = np.array([p.weight for p in people], float)
    return {
        "these_people": rate(sample, "these_people", level),
        "generator": rate(sample, "generator", level),
        "reference_density": reference_rate(sample, weights, unsupported, level),
    }


def _not_claimed(level: float) -> Difference:
    return Difference(level=level, reason="the control `careful` was not run")


def _tails(found: Sequence[TailContrast], labelled: Confusion | None) -> tuple[TailSummary, ...]:
    together = sum(tail.tail_rate.estimate is not None for tail in found)
    return tuple(_tail(tail, corrected_difference(tail.tail_rate, tail.core_rate, labelled, together)) for tail in found)


def _tail(found: TailContrast, corrected: Difference | None) -> TailSummary:
    return TailSummary(
        name=found.tail.name,
        definition=found.tail.meaning,
        reference=found.reference,
        personas=found.personas,
        episodes=found.episodes,
        tail_rate=found.tail_rate,
        core_rate=found.core_rate,
        risk_difference=found.risk_difference,
        risk_difference_corrected=corrected,
        risk_ratio=found.risk_ratio,
        p_value=found.p_value,
        tail_rate_given_exposed=found.tail_rate_given_exposed,
        core_rate_given_exposed=found.core_rate_given_exposed,
        risk_difference_given_exposed=found.risk_difference_given_exposed,
        risk_ratio_given_exposed=found.risk_ratio_given_exposed,
        unresolved=found.unresolved,
        harms={name: TailHarm(exposed=e, failures=k, rate=r) for name, (e, k, r) in found.harms.items()},
    )


def _control(scenario: Scenario, positions: NDArray[np.float64], target: Outcomes, arm: Outcomes, level: float) -> Control:
    return Control(
        failure_rate=rate(Sample.of(arm), level=level),
        verdicts=arm.verdict_counts(),
        difference=paired_difference(target, arm, level),
        icc=failure_icc(arm, level),
        depth=depth_deciles(scenario, positions, arm, level).trend,
    )


def _spent(arms: Mapping[str, Outcomes]) -> Cost:
    calls: Counter[str] = Counter()
    tokens: Counter[str] = Counter()
    for arm in arms.values():
        calls.update(arm.calls)
        tokens.update(arm.tokens)
    roles = {role: RoleCost(calls=calls[role], tokens=tokens[role]) for role in sorted(calls | tokens)}
    return Cost(calls=calls.total(), tokens=tokens.total(), by_role=roles)

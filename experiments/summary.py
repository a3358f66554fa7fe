"""What ``summary.json`` holds: the figures of one run, with the people, the coverage and the price beside them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, JsonValue

from ..personas.coverage_report import Coverage
from ..personas.persona import Persona
from ..personas.scenario import Scenario
from .results import PersonaRow, persona_rows
from .statistics.advice import advice
from .statistics.confirmation import SliceSummary
from .statistics.depth import DepthProfile, DepthTrend, depth_deciles
from .statistics.estimates import LEVEL, Agreement, Bounds, Cvar, Difference, Estimand, Figure, Rate, Ratio, VerdictCounts
from .statistics.exceedance import Exceedance, exceedance
from .statistics.harms import distinct_failures, harm_figures
from .statistics.outcomes import Outcomes
from .statistics.paired import paired_difference
from .statistics.people import Agreeing, flip_rate, pass_hat
from .statistics.rates import Sample, rate, rate_bounds, reference_rate
from .statistics.severity import cvar
from .statistics.tails import TailContrast, TailSensitivity, sensitivity, tail_contrasts
from .statistics.variance import VarianceComponents, failure_icc, variance_components

USUAL_CONTROLS = ("careful", "mute", "shuffled", "single_persona")
"""Controls that have a key in every summary, null where they were not run."""

SHOWN = 1_000
"""People listed in a summary; the others stand in ``results.jsonl``."""


class RunInfo(Figure):
    """Which run this is and what produced it."""

    id: str
    name: str = ""
    scenario: str
    target: str
    player: str
    respondent: str | None = None
    generator: str | None = None  # null where the people came from a file
    judges: tuple[str, ...] = ()  # "name@version"
    information: Literal["private", "shared", "script"] = "private"
    estimand: Estimand = "generator"  # what ``failure_rate`` speaks of
    seed: int = 0
    personas: int = Field(ge=0)
    replicates: int = Field(ge=0)
    turns: int = Field(ge=0)
    seconds: float | None = None
    versions: dict[str, str] = Field(default_factory=dict)
    synthetic: bool = True  # a stand-in, and no language model, played or answered for the people
    changed_code: tuple[str, ...] = ()  # SPECs whose code changed between the sessions of the run


class TailHarm(Figure):
    """One harm inside one tail."""

    exposed: int = 0  # resolved units in which it could happen
    failures: int = 0
    rate: float | None = None  # failures over resolved units


class TailSummary(Figure):
    """A part of persona space away from the core, against the core."""

    name: str
    definition: str
    reference: float | None = None  # its mass under the reference density
    personas: int = 0
    episodes: int = 0  # (episode, person) units, resolved or not
    tail_rate: Rate
    core_rate: Rate
    risk_difference: Difference
    risk_ratio: Ratio
    p_value: float | None = Field(default=None, ge=0, le=1)  # one-sided, that it fails no more than the core; Holm over the tails
    tail_rate_given_exposed: Rate  # over occasions on which a harm could happen (one for each harm and episode); the next three too
    core_rate_given_exposed: Rate
    risk_difference_given_exposed: Difference
    risk_ratio_given_exposed: Ratio
    unresolved: int = 0
    harms: dict[str, TailHarm] = Field(default_factory=dict)


class Severity(Figure):
    """How bad it is for those it is worst for."""

    cvar: tuple[Cvar, ...] = ()
    exceedance: Exceedance | None = None  # share of people who fail more often than a threshold


class HarmSummary(Figure):
    """One harm: how often, how often when it could happen, how bad."""

    episodes: int  # resolved (episode, person) units
    exposed: int  # of these, units in which the harm could happen
    failures: int
    rate: Rate
    rate_given_exposed: Rate
    mean_severity: float | None = None  # over failures


class Reliability(Figure):
    """How far failing is a matter of the person and not of the replicate."""

    icc: Agreement
    components: VarianceComponents | None = None
    pass_hat: tuple[Agreeing, ...] = ()  # that k replicates of a person all pass, for k = 1, 2, 4, ... and all of them
    flips: Agreeing | None = None  # that two replicates of a person disagree
    advice: str | None = None  # what would narrow the headline's interval in the next run


class Control(Figure):
    """Another target on the same people and seeds, or the target on altered people."""

    failure_rate: Rate
    verdicts: VerdictCounts
    difference: Difference  # target minus control, pair by pair
    icc: Agreement  # how far failing is a matter of the person, under the control
    depth: DepthTrend  # whether people further out fail more, under the control


class RoleCost(Figure):
    """What one role spent."""

    calls: int = 0
    tokens: int = 0


class Cost(Figure):
    """What the run spent, controls included."""

    calls: int = 0
    tokens: int = 0
    money: float | None = None  # null where no price is known
    by_role: dict[str, RoleCost] = Field(default_factory=dict)


class Summary(Figure):
    """The figures of one run, as ``summary.json`` holds them. Keys may be added, never renamed."""

    schema_: Literal[1] = Field(default=1, alias="schema", serialization_alias="schema")
    run: RunInfo
    verdicts: VerdictCounts
    failure_rate: Rate
    failure_rates: dict[Estimand, Rate]
    failure_rate_bounds: Bounds
    attributable: Difference
    tails: tuple[TailSummary, ...] = ()
    tail_sensitivity: tuple[TailSensitivity, ...] = ()  # people placed by their answers instead; empty where nobody was asked
    depth: DepthProfile | None = None
    severity: Severity = Severity()
    coverage: Coverage | None = None
    harms: dict[str, HarmSummary] = Field(default_factory=dict)
    reliability: Reliability = Reliability(icc=Agreement())
    judge_error: dict[str, JsonValue] | None = None
    slices: tuple[SliceSummary, ...] = ()  # clearest first
    controls: dict[str, Control | None] = Field(default_factory=lambda: dict.fromkeys(USUAL_CONTROLS))
    distinct_failures: int = 0  # (harm, region) pairs with at least one failure
    cost: Cost = Cost()
    personas: tuple[PersonaRow, ...] = ()

    def to_json(self) -> str:
        """Return strict JSON: no NaN, no infinity, keys in the order of the model."""
        return json.dumps(plain(self), ensure_ascii=False, indent=2, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Summary:
        """Read what :meth:`to_json` wrote.

        Raises:
            pydantic.ValidationError: If the text is no summary of this schema.
        """
        return cls.model_validate_json(text)


def plain(value: object) -> JsonValue:
    """Return a pydantic model, mapping or sequence as plain JSON data with every NaN and infinity turned into null.

    Example:
        >>> plain({"a": float("nan"), "b": (1, 2.5)})
        {'a': None, 'b': [1, 2.5]}
    """
    if hasattr(value, "model_dump"):
        value = value.model_dump(mode="json", by_alias=True)
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    raise TypeError(f"expected JSON data, got {type(value).__name__}")


def build_summary(
    run: RunInfo | Mapping[str, object],
    scenario: Scenario,
    people: Sequence[Persona],
    arms: Mapping[str, Outcomes],
    *,
    coverage: Coverage | Mapping[str, object] | None = None,
    measured: NDArray[np.float64] | None = None,
    judge_error: object = None,
    slices: tuple[SliceSummary, ...] = (),
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
        slices: Where the target fails more, and whether fresh people confirm it.
        cost: What was spent; added up from the arms if left out.
        level: Nominal level of the intervals, in (0, 1).

    Raises:
        KeyError: If there is no arm ``target``.
        TypeError: If the judges' error is none of these.
    """
    info = run if isinstance(run, RunInfo) else RunInfo.model_validate(run)
    target = arms["target"]
    positions = scenario.positions(tuple(people))
    looked = coverage if coverage is None or isinstance(coverage, Coverage) else Coverage.model_validate(coverage)
    rates = _rates(target, people, None if looked is None else looked.unsupported_mass, level)
    careful = arms.get("careful")
    sample = Sample.of(target)
    return Summary(
        run=info,
        verdicts=target.verdict_counts(),
        failure_rate=rates[info.estimand],
        failure_rates=rates,
        failure_rate_bounds=rate_bounds(target),
        attributable=_not_claimed(level) if careful is None else paired_difference(target, careful, level),
        tails=tuple(_tail(t) for t in tail_contrasts(scenario, positions, target, level)),
        tail_sensitivity=sensitivity(scenario, positions, measured, target, level) if measured is not None else (),
        depth=depth_deciles(scenario, positions, target, level),
        severity=Severity(cvar=cvar(sample, level=level), exceedance=exceedance(sample, level=level)),
        coverage=looked,
        harms={k: HarmSummary(**vars(v)) for k, v in harm_figures(target, level).items()},
        reliability=_reliability(target, info.replicates, rates["generator"], level),
        judge_error=_keyed(judge_error),
        slices=slices,
        controls=dict.fromkeys(USUAL_CONTROLS)
        | {name: _control(scenario, positions, target, arm, level) for name, arm in arms.items() if name != "target"},
        distinct_failures=distinct_failures(scenario, positions, target),
        cost=cost or _spent(arms),
        personas=tuple(persona_rows(people, scenario.axes, target, measured, first=SHOWN)),
    )


def _reliability(target: Outcomes, replicates: int, found: Rate, level: float) -> Reliability:
    components = variance_components(target)
    times = sorted({*(2**i for i in range(replicates.bit_length()) if 2**i <= replicates), max(replicates, 1)})
    return Reliability(
        icc=failure_icc(target, level),
        components=components,
        pass_hat=tuple(pass_hat(target, k, level) for k in times),
        flips=flip_rate(target, level),
        advice=advice(components.failed, found),
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


def _tail(found: TailContrast) -> TailSummary:
    return TailSummary(
        name=found.tail.name,
        definition=found.tail.meaning,
        reference=found.reference,
        personas=found.personas,
        episodes=found.episodes,
        tail_rate=found.tail_rate,
        core_rate=found.core_rate,
        risk_difference=found.risk_difference,
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

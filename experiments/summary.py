"""What ``summary.json`` holds: the figures of one run, with the people, the coverage and the price beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, JsonValue

from ..agents.judge_error import Detection
from ..personas.coverage_report import Coverage
from .judge_labels import LabelledJudges
from .results import PersonaRow
from .statistics.branches import Branching
from .statistics.confirmation import SliceSummary
from .statistics.crossings import Crossings
from .statistics.depth import DepthProfile, DepthTrend
from .statistics.disparity import Disparity
from .statistics.estimates import LEVEL, Agreement, Bounds, Cvar, Difference, Estimand, Estimate, Figure, Rate, Ratio, VerdictCounts
from .statistics.exceedance import Exceedance
from .statistics.judging import JudgeAgreement
from .statistics.leaks import Disclosure
from .statistics.panels import PanelFigures
from .statistics.people import Agreeing
from .statistics.simulator import SimulatorFigures
from .statistics.tails import TailSensitivity
from .statistics.variance import VarianceComponents

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
    people_an_episode: int = Field(default=1, ge=1)  # where they do not come out even, some groups have one more or less
    replicates: int = Field(ge=0)
    turns: int = Field(ge=0)
    seconds: float | None = None
    versions: dict[str, str] = Field(default_factory=dict)
    synthetic: bool = True  # a stand-in, and no language model, played or answered for the people
    sandbox: Literal["sandboxed", "unsafe"] | None = None  # what the generator's program ran under; null: it is none
    changed_code: tuple[str, ...] = ()  # SPECs whose code changed between the sessions of the run
    stopped: Literal["budget", "unreachable", "faults", "interrupted", "decided"] | None = None  # why episodes are missing; null: none is


class Held(Figure):
    """A run that was held against an earlier one, and ended as soon as it was decided; see ``statistics.sequential``."""

    target: str  # of the earlier run
    margin: float  # largest rise of the failure rate that is accepted
    status: Literal["worse", "not worse"] | None  # null: not decided
    people: int  # met, in random order, when it was decided, or by the end
    planned: int  # people of the run
    low: float  # ends of the interval of the change at that time, which may be looked at any time
    high: float
    level: float = LEVEL


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
    risk_difference_corrected: Difference | None = None  # for the judges' error, taken to be the same in tail and core; null without labels
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

    victim: str = ""  # whom it harms, where that is not the person it is counted for
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
    money: float | None = None  # null where a price, or what was used, is not known


class Cost(Figure):
    """What the run spent, controls included."""

    calls: int = 0
    tokens: int = 0
    money: float | None = None  # null where a price of anybody who was called is not known
    by_role: dict[str, RoleCost] = Field(default_factory=dict)


class Summary(Figure):
    """The figures of one run, as ``summary.json`` holds them. Keys may be added, never renamed."""

    schema_: Literal[1] = Field(default=1, alias="schema", serialization_alias="schema")
    run: RunInfo
    verdicts: VerdictCounts
    failure_rate: Rate
    failure_rates: dict[Estimand, Rate]
    failure_rate_checks: dict[str, Estimate] = Field(default_factory=dict)  # the generator's rate, by classical intervals
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
    detection: tuple[Detection, ...] = ()  # judges against what happened, by harm, over the scenario's own targets; empty without labels
    judge_labels: LabelledJudges | None = (
        None  # judges against labelled transcripts; null: none were given, and no interval holds their error
    )
    failure_rates_corrected: dict[Estimand, Estimate] = Field(
        default_factory=dict
    )  # with the judges' error in the interval; empty without labels
    judge_agreement: JudgeAgreement | None = None  # null with fewer than two judges of the target
    panels: dict[str, PanelFigures] = Field(default_factory=dict)  # by name of the judge
    disclosure: Disclosure | None = None  # what became of the people's private facts
    simulator: SimulatorFigures | None = (
        None  # whether the people were played as they are; null in summaries from before that was looked at
    )
    crossings: Crossings | None = None  # facts of one episode that came out in another; null unless the target shares state between them
    disparity: Disparity | None = None  # whether some come off worse than others with the same values; null where values are not known
    attributable_disparity: Disparity | None = None  # the same, less what each got from `careful`; null where it was not run
    slices: tuple[SliceSummary, ...] = ()  # clearest first
    against: Held | None = None
    controls: dict[str, Control | None] = Field(default_factory=lambda: dict.fromkeys(USUAL_CONTROLS))
    distinct_failures: int = 0  # (harm, region) pairs with at least one failure; branches not counted
    branching: Branching | None = None  # null where nothing was branched
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

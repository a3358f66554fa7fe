"""What came of an evolution, as ``evolution.json`` holds it."""

from __future__ import annotations

from collections.abc import Mapping

from ...personas.evolution.generations import GenerationRow
from ...personas.evolution.lineage import Lineage
from ...sim.types import Frozen
from ..population.benchmark import Benchmark

SCHEMA = 1


class Measured(Frozen):
    """One program on the validation contexts."""

    id: str
    family: str
    status: str  # "ok", "gated" or "rejected"
    reason: str
    objectives: Mapping[str, float]


class ArmResult(Frozen):
    """One arm: the search, or a control of it."""

    name: str
    means: str
    programs: int  # asked, seeds included
    measured: int  # of these, on all training contexts
    finished: bool  # whether all generations were played
    champion: str  # id of its own best program, by the same rule
    hypervolume: float  # of its final archive on validation, in [0, 1]
    archive: tuple[Measured, ...]  # every different elite
    rows: tuple[GenerationRow, ...]


class Regret(Frozen):
    """How far a program is from the optimum that is known of the planted respondent."""

    program: str
    figures: Mapping[str, float]  # optimum minus program, by objective, in merit: 0 is optimal
    share: float  # 1 minus its hypervolume over the optimum's, single programs


class EvolutionResult(Frozen):
    """Everything that an evolution found."""

    schema_version: int = SCHEMA
    settings_hash: str
    seed: int
    respondents: tuple[str, ...]
    unseen: str
    protection: str  # what programs ran under
    synthetic: bool  # whether a stand-in answered
    metrics: tuple[str, ...]
    arms: tuple[ArmResult, ...]  # the search first
    champion: str  # id of the best program
    fails: str  # which gates it fails on validation, in a line; empty if it passes
    lineage: Lineage
    mean_ranks: Mapping[str, float]  # of the champion and the seeds on validation, by name
    seeds_hypervolume: float  # of the seed programs together, on validation
    tables: Mapping[str, Benchmark]  # by what they are on
    regrets: tuple[Regret, ...]
    looks: str  # how often the held-out contexts had been looked at; empty if they were not
    stopped: str | None  # why it ended early
    seconds_to_champion: float | None = None  # until the champion was chosen on validation; null in results from before that was kept
    seconds: float
    versions: Mapping[str, str]

    @property
    def search(self) -> ArmResult:
        """The search itself."""
        return self.arms[0]

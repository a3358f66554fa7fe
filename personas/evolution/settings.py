"""Settings of a search: how many islands and metrics, and how programs are chosen, exchanged and let go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from ...sim.errors import InputError
from ...sim.types import Frozen
from .objectives import DEFAULT_METRICS, WEIGHTED, check_metrics, get_objective

Selection = Literal["elites", "none"]
"""``elites``: parents are elites. ``none``: the control of random edits, in which nothing that was measured has a say."""


class SearchSettings(Frozen):
    """Everything that decides how a search goes on, beside its seeds, mutators and seed.

    Source of the defaults: Persona Generators (arXiv 2602.03545): 10 islands x 6 metrics, seeds in turn, the worst islands
    wiped about every 100 programs (here 10 generations of 10) and refilled from the best. How many are wiped it does not
    say, and it has neither migration nor settling.
    """

    islands: int = Field(default=10, ge=1)
    metrics: tuple[str, ...] = DEFAULT_METRICS  # one elite of each on every island
    batch: int = Field(default=10, ge=1)  # children a generation; fewer than islands: the islands take turns
    extinction_every: int = Field(default=10, ge=0)  # generations; 0: never
    extinction_share: float = Field(default=0.3, ge=0, lt=1)  # of islands
    migrate_every: int = Field(default=5, ge=0)  # generations; 0: never
    migrants: int = Field(default=1, ge=1)  # elites that each island sends to the next one
    settle_after: int = Field(default=2, ge=0)  # generations after which an island where nobody passes the gates is settled; 0: never
    selection: Selection = "elites"
    weights: Mapping[str, float] | None = None  # of a further place "weighted"; None: objectives stay apart
    tries: int = Field(default=4, ge=1)  # mutations tried for one child, because of misses and duplicates
    least_families: int = Field(default=3, ge=1)  # seed programs that differ
    discount: float = Field(default=0.95, gt=0, le=1)  # a generation, of what a mutator yielded

    @model_validator(mode="after")
    def _known(self) -> SearchSettings:
        check_metrics(self.metrics)
        for name, weight in (self.weights or {}).items():
            get_objective(name, "weights")
            if not math.isfinite(weight):
                raise InputError(f"weights.{name}", "a finite number", weight)
        if self.weights is not None and not any(self.weights.values()):
            raise InputError("weights", "a weight other than 0 for at least one objective", dict(self.weights))
        return self

    @property
    def places(self) -> tuple[str, ...]:
        """Names of the places of an island: the metrics, and "weighted" where weights are given."""
        return self.metrics if self.weights is None else (*self.metrics, WEIGHTED)

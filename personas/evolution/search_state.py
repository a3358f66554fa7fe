"""The state of a search as plain data, so that it can be put down at any moment and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, JsonValue, ValidationError, model_validator

from ...sim.errors import InputError
from ...sim.types import Frozen
from ...sim.validation import input_error
from .candidate import Candidate, Evaluation, Portrayed
from .choosing import Attempt, Learnt
from .generations import GenerationRow
from .settings import SearchSettings

SCHEMA = 1
"""Version of the layout; a state of another one is refused."""


class Shown(Frozen):
    """People of a program that may be a parent, for mutators that look at people."""

    sample: tuple[Portrayed, ...] = ()
    worst: tuple[Portrayed, ...] = ()


class SearchState(Frozen):
    """Everything a search knows. Nothing of a clock, and nothing that can be worked out from the rest."""

    seed: int
    settings: SearchSettings
    seeds: tuple[tuple[str, str], ...]  # name, source
    generation: int = Field(ge=0)  # of the next ask, or of the one that is pending
    candidates: tuple[Candidate, ...]
    evaluations: tuple[Evaluation, ...]  # without people
    people: Mapping[str, Shown]  # of those who may be parents
    held: tuple[tuple[int, str, str], ...]  # island, place, candidate
    learnt: Learnt  # about mutators
    attempts: tuple[Attempt, ...]
    pending: tuple[str, ...] | None  # candidates asked and not yet told; None between tell and ask
    rows: tuple[GenerationRow, ...]  # their elites stand in ``row_elites``
    row_elites: tuple[tuple[tuple[int, str, str], ...], ...]

    @model_validator(mode="after")
    def _whole(self) -> SearchState:
        ids = {candidate.id for candidate in self.candidates}
        named = {evaluation.candidate for evaluation in self.evaluations} | set(self.people) | set(self.pending or ())
        named |= {candidate for held in (self.held, *self.row_elites) for _, _, candidate in held}
        named |= {parent for candidate in self.candidates for parent in candidate.parents}
        if named - ids:
            raise InputError("state", "candidates for all the ids that it names", sorted(named - ids))
        for island, place, _ in self.held:
            if not 0 <= island < self.settings.islands or place not in self.settings.places:
                raise InputError("state: held", "islands and places of its settings", (island, place))
        fine = {evaluation.candidate for evaluation in self.evaluations if evaluation.status == "ok"}
        for _, _, candidate in self.held:
            if candidate not in fine:
                raise InputError("state: held", "programs that are ok", candidate)
        return self


def dump(state: SearchState) -> dict[str, JsonValue]:
    """Return a state as plain JSON values."""
    return {"schema": SCHEMA, **state.model_dump(mode="json")}


def load(state: Mapping[str, Any]) -> SearchState:
    """Return a state from plain JSON values.

    Raises:
        InputError: If it is of another schema, or not what :func:`dump` writes.
    """
    if not isinstance(state, Mapping) or state.get("schema") != SCHEMA:
        got = state.get("schema") if isinstance(state, Mapping) else state
        raise InputError("state: schema", f"{SCHEMA}, which this version of Outskirts reads", got)
    try:
        return SearchState.model_validate({key: value for key, value in state.items() if key != "schema"})
    except ValidationError as error:
        raise input_error(error, prefix="state: ") from error

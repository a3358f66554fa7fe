"""The card beside a file of people: how they were made, what was measured of them, what they cannot tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..material_notes import material_limits
from ..screen.wording import STAND_IN, stand_ins
from .making_notes import is_registered, writing_note, written_by_model

if TYPE_CHECKING:
    from ...personas.coverage_report import Coverage
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario

_MEASURED = (
    "coverage", "coverage_raw", "pairs", "hull_volume", "dispersion", "vendi", "distinct_descriptions", "slope", "r2", "icc", "diverse",
    "failing_axes", "placement_error", "effective_sample_size", "unsupported_mass", "runs", "respondent", "unreadable", "radius",
)  # fmt: skip


def population_card(
    people: Sequence[Persona], place: Scenario, made: Mapping[str, Any], measured: Coverage | None = None, alike: str | None = None
) -> dict[str, Any]:
    """Return the card.

    Args:
        people: The population.
        place: Whose axes.
        made: How it was made: generator, seed, model, files, feedback.
        measured: What the respondent's answers say, if somebody was asked.
        alike: The note that people share positions or descriptions, where they do.
    """
    from ..config import versions
    from ..people import population_hash

    found = None if measured is None else {key: getattr(measured, key) for key in _MEASURED if hasattr(measured, key)}
    return {
        "schema": 1,
        "scenario": place.name,
        "scenario_version": place.version,
        "axes": list(place.axes),
        "personas": len(people),
        "fingerprint": population_hash(people),
        **made,
        **_written(people, made),
        **structure(people, place, int(made["seed"])),
        "measured": None if found is None else {k: _plain(v) for k, v in found.items()},
        "limits": _limits(people, place, made, measured, alike),
        "versions": versions(),
        "note": STAND_IN,
    }


def _written(people: Sequence[Persona], made: Mapping[str, Any]) -> dict[str, int]:
    """Return how many people a model wrote about, where one was asked and it is known."""
    known = made.get("model") is not None and not made.get("material") and is_registered(str(made["generator"]))
    return {"written_by_model": written_by_model(people)} if known else {}


def structure(people: Sequence[Persona], place: Scenario, seed: int) -> dict[str, Any]:
    """Return what can be said of how people's typed fields were laid out: lattice coverage, or an audit of joint frequencies."""
    from ...personas.generators import axis_dicts
    from ...personas.structured.audit import joint_audit
    from ...personas.structured.demography import TABLES
    from ...personas.structured.lattice_generic import default_lattice
    from ...personas.structured.lattice_report import lattice_coverage

    fields = set(people[0].profile)
    lattice = default_lattice(axis_dicts(place.questionnaire, place.density))
    if {factor.name for factor in lattice.factors} <= fields:
        return {"lattice": lattice_coverage(people, lattice, seed).model_dump(mode="json")}
    if {levels.name for table in TABLES for levels in table.fields} <= fields:
        return {"joint": joint_audit(people).model_dump(mode="json")}
    return {}


def _limits(people: Sequence[Persona], place: Scenario, made: Mapping[str, Any], measured: Coverage | None, alike: str | None) -> list[str]:
    """Return what these people cannot tell, in sentences."""
    if made.get("material"):
        limits = material_limits(people, place, made.get("questionnaire") is not None, tuple(made.get("axes_placed_by_design", ())))
    else:
        limits = ["Invented people: nothing here was observed of anybody, and their private facts are made up."]
        written = writing_note(people, made)
        if written is not None:
            limits.append(written)
    if alike is not None:
        limits.append(alike)
    if measured is None:
        limits.append("Positions are where people were placed; nobody has measured where their descriptions put them.")
    elif stand_ins("", measured.respondent):
        limits.append(f"Measured by {measured.respondent}, a stand-in for a language model: another respondent may read them otherwise.")
    if measured is not None and measured.failing_axes:
        limits.append("Not shown to differ by more than their answers' noise on " + ", ".join(measured.failing_axes) + ".")
    if len(people) < 25:
        limits.append(f"{len(people)} people: coverage of so few depends on the seed.")
    return limits


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return value.model_dump(mode="json") if hasattr(value, "model_dump") else value

"""The optimum that is known of the planted respondent, and how far from it a program is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...personas.evolution.hypervolume import hypervolume
from ...personas.evolution.objectives import OBJECTIVES
from ...personas.generators import Batch, Feedback, Generator, from_object, get_generator
from .result import Regret

OPTIMUM = "planted optimum"
"""Name of its row."""
REGRET_METRICS = ("coverage", "dispersion", "slope")
"""What regret is in; the optimum's descriptions are numbers, which count as one description, so distinctness has no part."""


def planted_optimum(respondent: str) -> Generator:
    """Return the generator whose people a planted respondent measures where they were placed.

    The respondent's rule is stance = centre + gain x (number - centre), so the number that is understood as x is
    centre + (x - centre) / gain. People are placed as ``maximin`` does, the best placement that is shipped for an exact
    reader; so what its row scores is an optimum of the text, and of the placement as far as ``maximin`` is one.

    Args:
        respondent: SPEC of the planted respondent, with its options.
    """
    from ...agents.planted_respondent import PlantedSettings
    from ..naming.spec import parse_spec

    rule = PlantedSettings.model_validate(dict(parse_spec(respondent, "respondent").options))

    def portray(
        context: str,
        axes: list[dict[str, Any]],
        people: Sequence[Mapping[str, Any]],
        seed: int,
        llm: Batch | None,
        feedback: Feedback | None = None,
    ) -> list[dict[str, Any]]:
        return [{"name": str(person["id"]), "description": _told(person["position"], rule.centre, rule.gain)} for person in people]

    return from_object({"place": get_generator("maximin").placing, "portray": portray}, OPTIMUM, "planted-optimum")


def _told(position: Mapping[str, float], centre: float, gain: float) -> str:
    numbers = {axis: centre + (x - centre) / gain for axis, x in position.items()} if gain else dict(position)
    return " ".join(f"{axis}: {number:.4f}." for axis, number in numbers.items())


def regrets(
    rows: Mapping[str, Mapping[str, float]],
    optimum: Mapping[str, float],
    reference: Mapping[str, float],
    metrics: Sequence[str] = REGRET_METRICS,
) -> tuple[Regret, ...]:
    """Return the regret of each program.

    Args:
        rows: Means of objectives by program.
        optimum: Those of the optimum.
        reference: Those of a single person, copied: the worst that counts.
        metrics: Which objectives.
    """
    best = hypervolume([optimum], reference, metrics)
    return tuple(
        Regret(
            program=name,
            figures={m: OBJECTIVES[m].merit(optimum[m]) - OBJECTIVES[m].merit(row[m]) for m in metrics},
            share=1.0 - hypervolume([row], reference, metrics) / best if best else 0.0,
        )
        for name, row in rows.items()
    )

"""A layer of the Big Five on top of a context's own axes: where each person stands on five traits, and what they say of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import special

from ...sim.errors import InputError
from ...sim.seeds import check_seed, derive
from ...sim.types import Frozen
from ..persona import Persona, ProfileField
from ..programs import default
from ..programs._asking import Batch
from ..programs._dice import Dice
from ..programs._names import name_of, number_of
from ..programs._placements import FILLING_SHARE, SLAB, as_positions, reference
from ..programs._portraits import rules_and_opinions
from ..programs._sitters import Feedback, aims_of
from ..questionnaires.instruments import instrument
from .fields import Axes

Array = NDArray[np.float64]

INSTRUMENT = "ipip-50"
FIELD = "big_five"
"""What profile fields are called, before a dot and the name of the trait."""

PEOPLE = 1 << 20
"""Numbers that the design holds; a person numbered further on begins again."""

_SCRAMBLINGS = 64
_FEW = (25, 40, 64, 100)
"""Numbers of people for which a scrambling is chosen."""

_DETAIL = "one scrambled Sobol design over the axes, the five traits and the share that follows the reference density"


class BigFiveOptions(Frozen):
    """Options of the generator ``big-five``."""

    layer: bool = Field(default=True)  # whether the text tells of the traits; the same people otherwise


@dataclass(frozen=True, slots=True)
class BigFive:
    """A generator program: the placement density and the rules and opinions of ``default``, and five traits beside.

    Positions and traits of the i-th person are the i-th point of one scrambled Sobol sequence (Owen 1998, Journal of
    Complexity 14) over axes, traits and one coordinate more, which says who fills the space and who follows the
    reference density. So the first n people are spread over axes and traits together, traits go with no axis, and any
    person can be portrayed alone. A trait that is one of the context's own axes stays out of the layer.

    Args:
        options: Whether the text tells of the layer.
    """

    options: BigFiveOptions

    def place(self, context: str, axes: Axes, n: int, seed: int, llm: Batch | None = None) -> list[dict[str, float]]:
        """Place three quarters to fill the space, faces included, and a quarter by the reference density."""
        points = np.array([_point(len(axes), seed, i) for i in range(n)]).reshape(n, -1)
        filling = points[:, : len(axes)]
        filling = np.where(filling < SLAB, 0.0, np.where(filling > 1 - SLAB, 1.0, filling))
        following = _follow(axes, points[:, : len(axes)])
        return as_positions(axes, np.where(points[:, -1:] < FILLING_SHARE, filling, following))

    def portray(
        self,
        context: str,
        axes: Axes,
        people: Sequence[Mapping[str, Any]],
        seed: int,
        llm: Batch | None = None,
        feedback: Feedback | None = None,
    ) -> list[dict[str, Any]]:
        """Write rules and opinions on the context's axes and then on the traits."""
        plain = default.portray(context, axes, people, seed, llm, feedback)
        return [self._layered(axes, person, portrait, seed) for person, portrait in zip(people, plain, strict=True)]

    def density(self, axes: Axes, points: Sequence[Mapping[str, float]]) -> list[float]:
        """Return the placement density at points: 0.75 + 0.25 times the reference density."""
        return default.density(axes, points)

    def _layered(self, axes: Axes, person: Mapping[str, Any], portrait: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """Return a portrait with the layer on it."""
        traits = sampled_traits(axes, str(person["id"]), seed)
        profile = {
            f"{FIELD}.{name}": ProfileField(value=x, kind="psychographic", origin="sampled", detail=_DETAIL) for name, x in traits.items()
        }
        text = portrait["description"]
        if self.options.layer and traits:
            sitter = {"id": person["id"], "position": traits}
            told = [axis for axis in trait_axes() if axis["name"] in traits]
            text = f"{text} {rules_and_opinions(told, sitter, aims_of(sitter, None), Dice(seed, FIELD, str(person['id'])))}"
        return {
            **portrait,
            "name": name_of(str(person["id"]), seed),
            "description": text,
            "profile": {**portrait.get("profile", {}), **profile},
        }


def make_big_five(*, layer: bool = True) -> BigFive:
    """Return the generator program; without the layer its people stand and speak the same, but for the traits."""
    return BigFive(BigFiveOptions(layer=layer))


@lru_cache(maxsize=1)
def trait_axes() -> tuple[dict[str, str], ...]:
    """Return the five traits as axis dicts: names and statements of the instrument, never its cues."""
    return tuple({"name": axis.name, "low": axis.low, "high": axis.high} for axis in instrument(INSTRUMENT).questionnaire.axes)


def sampled_traits(axes: Axes, person_id: str, seed: int) -> dict[str, float]:
    """Return where a person stands on each trait that is no axis of the context, in [0, 1].

    Args:
        axes: Axis dicts of the context.
        person_id: Its number counts.
        seed: The run's seed.
    """
    taken = {str(axis["name"]) for axis in axes}
    point = _point(len(axes), seed, number_of(person_id))[len(axes) : -1]
    return {axis["name"]: float(x) for axis, x in zip(trait_axes(), point, strict=True) if axis["name"] not in taken}


def traits_of(person: Persona) -> dict[str, float]:
    """Return where a person stands on the traits of the layer; empty without one."""
    known = {name.partition(".")[2]: field.value for name, field in person.profile.items() if name.startswith(f"{FIELD}.")}
    return {name: x for name, x in known.items() if isinstance(x, float)}


def seen_as_traits(people: Sequence[Persona]) -> tuple[Persona, ...]:
    """Return the same people placed on the five traits in place of the context's axes, to be measured on the instrument.

    Raises:
        InputError: If somebody has no layer of all five traits.
    """
    names = [axis["name"] for axis in trait_axes()]
    out = []
    for person in people:
        traits = traits_of(person)
        if set(traits) != set(names):
            raise InputError(f"person {person.id!r}", f"a profile with {', '.join(f'{FIELD}.{n}' for n in names)}", sorted(traits))
        out.append(person.model_copy(update={"position": {name: traits[name] for name in names}, "weight": 1.0}))
    return tuple(out)


def _follow(axes: Axes, uniform: Array) -> Array:
    """Return points of the reference density in place of uniform ones, shape (n, K)."""
    density = reference(axes)
    scores = special.ndtri(np.clip(uniform, 1e-9, 1 - 1e-9)) @ np.linalg.cholesky(density.matrix).T
    return density.quantile(special.ndtr(scores))


def _point(k: int, seed: int, number: int) -> Array:
    """Return a person's point, shape (k + 6,): axes, traits, and who follows the reference density."""
    number %= PEOPLE
    exponent = max(6, number.bit_length())
    return np.asarray(_design(k, check_seed(seed), exponent)[number])


@lru_cache(maxsize=32)
def _design(k: int, seed: int, exponent: int) -> Array:
    """Return the first 2**exponent points; a longer design begins with a shorter one."""
    return _scrambled(k, seed, _scrambling(k, seed), exponent)


@lru_cache(maxsize=32)
def _scrambling(k: int, seed: int) -> int:
    """Return which of some scramblings leaves axes and traits least correlated among the first few people.

    Sobol points of many coordinates are even in each, but two coordinates of so few points can go together.
    """
    designs = (_scrambled(k, seed, i, _FEW[-1].bit_length()) for i in range(_SCRAMBLINGS))
    return int(np.argmin([max(_linked(design[:n], k) for n in _FEW) for design in designs]))


def _scrambled(k: int, seed: int, scrambling: int, exponent: int) -> Array:
    from scipy.stats import qmc  # slow to import

    sobol = qmc.Sobol(k + len(trait_axes()) + 1, scramble=True, rng=derive(seed, FIELD, k, scrambling))
    return np.asarray(sobol.random_base2(exponent))


def _linked(points: Array, k: int) -> float:
    """Return the largest correlation of an axis with a trait, sign aside."""
    correlations = np.asarray(np.corrcoef(points[:, :-1].T), float)
    return float(np.abs(correlations[:k, k:]).max())

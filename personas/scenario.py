"""A scenario: an environment's domain as declared data. A new one is one file in ``envs/scenarios``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, model_validator

from ..sim.declare import Concept, FactKind, Harm, Intent, Move, Phrase, Policy, Role, Tail
from ..sim.types import Frozen, PrivateFact
from .density import ReferenceDensity
from .persona import Persona
from .questionnaire import Questionnaire

CORE_MASS = 0.9
"""The core is the central 90 % mass of the reference density."""


OUTSIDE_CORE = Tail(name="outside_core", meaning="everything outside the central 90 % of probable users", where={})


class Scenario(Frozen):
    """Everything that sets one domain apart from another.

    Raises:
        ValueError: If parts do not fit together: an axis, concept, fact kind or role that is named but not declared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    name: str
    version: str  # changes whenever a result could
    title: str
    context: str  # the situation, told to people
    target_context: str  # the situation, told to the target
    roles: tuple[Role, ...]
    turns: int  # default length of an episode
    questionnaire: Questionnaire
    density: ReferenceDensity
    tails: tuple[Tail, ...] = ()
    facts: tuple[FactKind, ...] = ()
    furnish: Callable[[Mapping[str, object], int], tuple[PrivateFact, ...]]  # (person, seed) -> valid private facts
    moves: tuple[Move, ...]
    colour: Mapping[str, tuple[Phrase, ...]] = Field(default_factory=dict)  # asides, by "axis:pole"
    concepts: tuple[Concept, ...] = ()
    attentive: tuple[str, ...] = ()  # concepts in a reply that show a person was heard
    harms: tuple[Harm, ...]
    intents: tuple[Intent, ...] = ()
    policies: tuple[Policy, ...] = ()  # built-in targets of this scenario
    payoff: Callable[..., float] | None = None  # of a finished episode for the target; None: 0

    @model_validator(mode="after")
    def _fits(self) -> Scenario:
        axes = set(self.questionnaire.names)
        kinds = {f.name for f in self.facts}
        concepts = {c.name for c in self.concepts}
        if self.density.axes != self.questionnaire.names:
            raise ValueError(f"density: expected the axes {self.questionnaire.names}, got {self.density.axes}")
        for tail in self.tails:
            _known("tail " + tail.name, tail.where, axes)
        for intent in self.intents:
            _known("intent", [intent.axis], axes)
            _known("intent", [intent.shows, intent.contradicts], concepts)
        for move in self.moves:
            if move.tells:
                _known("move " + move.name, [move.tells], kinds)
            for feature in (f for key in move.utility for f in key.split("*")):
                kind, _, name = feature.partition(":")
                if kind in ("heard", "ever"):
                    _known("move " + move.name, [name], concepts)
                elif kind == "told":
                    _known("move " + move.name, [name], kinds)
                else:
                    _known("move " + move.name, [kind], axes | {"bias", "progress", "ignored", "repeated"})
            _known("move " + move.name, move.asides or (), set(self.colour))
        for harm in self.harms:
            named = {k: v for k, v in harm.rule if k != "rule" and v and isinstance(v, str)}
            _known("harm " + harm.name, [named.pop(k) for k in ("kind", "fact") if k in named], kinds)
            _known("harm " + harm.name, [*named.values(), *harm.worse], concepts)
        for policy in self.policies:
            _known("policy " + policy.name, [c for r in policy.rules for c in (r.when, r.ever) if c], concepts)
        _known("attentive", self.attentive, concepts)
        return self

    @property
    def axes(self) -> tuple[str, ...]:
        """Axis names, in order."""
        return self.questionnaire.names

    def agent(self, acts: str, number: int = 0) -> str:
        """Return the agent name of the role that ``acts`` as ``persona`` or ``target``."""
        return f"{self._role_names[acts]}_{number}"

    @cached_property
    def _role_names(self) -> dict[str, str]:
        return {r.acts: r.name for r in reversed(self.roles)}

    def concept(self, name: str) -> Concept:
        """Return a declared concept."""
        return self._concepts[name]

    @cached_property
    def _concepts(self) -> dict[str, Concept]:
        return {c.name: c for c in self.concepts}

    def positions(self, people: list[Persona] | tuple[Persona, ...]) -> NDArray[np.float64]:
        """Return the assigned positions, shape (people, axes)."""
        return np.array([[p.position[a] for a in self.axes] for p in people], float).reshape(len(people), len(self.axes))

    def regions(self) -> tuple[Tail, ...]:
        """Return every tail: the declared ones, all that is outside the core, each axis low and high (outer 10 % of its margin)."""
        outer = [
            Tail(name=f"{axis}_{pole}", meaning=f"{axis}: the outer 10 % at the {pole} end", where={axis: span})
            for axis in self.axes
            for pole, span in (("low", (0.0, 0.1)), ("high", (0.9, 1.0)))
        ]
        return (*self.tails, OUTSIDE_CORE, *outer)

    def in_core(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points (n, K) lie in the central 90 % mass of the reference density."""
        return np.asarray(self.density.depth(points) <= CORE_MASS)

    def in_tail(self, tail: Tail, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points (n, K) lie in a tail."""
        return np.asarray(self._inside([tail], points)[0])

    def in_regions(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Tell which points (n, K) lie in each tail of :meth:`regions`, shape (tails, n)."""
        return self._inside(self.regions(), points)

    def _inside(self, tails: Sequence[Tail], points: NDArray[np.float64]) -> NDArray[np.bool_]:
        u = self.density.cdf(points)
        inside = np.ones((len(tails), len(u)), bool)
        for row, tail in zip(inside, tails, strict=True):
            if not tail.where:
                row[:] = ~self.in_core(points)
            for axis, (low, high) in tail.where.items():
                x = u[:, self.axes.index(axis)]
                row &= (x >= low) & (x <= high)
        return inside


def phrase_half(text: str) -> str:
    """Return the half of the phrase bank that a template belongs to: ``develop`` or ``run``.

    Guards and judges are developed on one half; runs draw from the other, so that what a judge scores on runs
    says something about sentences it was not written for.
    """
    return "run" if hashlib.sha256(text.encode()).digest()[0] & 1 else "develop"


def _known(what: str, names: object, known: set[str]) -> None:
    for name in names:  # type: ignore[attr-defined]
        if name not in known:
            raise ValueError(f"{what}: {name!r} is not declared; known: {', '.join(sorted(known))}")

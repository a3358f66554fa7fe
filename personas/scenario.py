"""A scenario: an environment's domain as declared data. A new one is one file in ``envs/scenarios``."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, JsonValue, model_validator

from ..sim.declare import Check, Checked, Concept, FactKind, Harm, Intent, Move, Phrase, Policy, Program, Role, Room, Situation, Tail
from ..sim.protocols import Toolbox
from ..sim.types import EpisodeRecord, Frozen, Message, PrivateFact, ToolSpec
from .density import ReferenceDensity
from .persona import Persona
from .questionnaire import Questionnaire

CORE_MASS = 0.9
"""The core is the central 90 % mass of the reference density."""


State = Mapping[str, JsonValue]
Slots = Mapping[str, str]
Labels = frozenset[tuple[str, str]]

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
    policies: tuple[Policy, ...] = ()  # built-in targets of this scenario, by rules over concepts
    programs: tuple[Program, ...] = ()  # and in code
    room: Room = Room()
    group: int | None = Field(default=None, ge=1)  # people an episode of a run where nothing is said; None: as few as can be
    brief_target: bool = False  # a target that reads chat messages is told its situation and mandate first; else it brings its own
    payoff: Callable[..., float] | None = None  # (account, people by agent) -> of a finished episode, for the target; None: 0

    # Pure functions, for what cannot be told in words alone. All may be left out.
    mandate: Callable[[Sequence[Persona]], tuple[PrivateFact, ...]] | None = None  # what only the target knows
    start: Callable[[Sequence[Persona]], State] | None = None  # state of the domain before the first turn
    transition: Callable[[State, Message], State] | None = None  # and after each message of a person or the target
    senses: Callable[[Situation], Mapping[str, float]] | None = None  # features "sense:NAME" of moves
    fills: Mapping[str, Callable[[Situation], Slots | None]] = Field(default_factory=dict)  # values for a move's slots
    checks: Mapping[str, Check] = Field(default_factory=dict)  # harms that the exact state decides
    tools: tuple[ToolSpec, ...] = ()  # what the target may call
    toolbox: Callable[[Sequence[Persona]], Toolbox] | None = None  # a fresh one an episode
    labels: Callable[[EpisodeRecord, Mapping[str, Persona]], Labels] | None = (
        None  # (harm, persona) by moves, ledger and state, never by text
    )

    @model_validator(mode="after")
    def _fits(self) -> Scenario:
        if self.density.axes != self.questionnaire.names:
            raise ValueError(f"density: expected the axes {self.questionnaire.names}, got {self.density.axes}")
        for acts in ("persona", "target"):
            named = [role.name for role in self.roles if role.acts == acts]
            if len(named) != 1:
                raise ValueError(f"roles: expected exactly one that acts as {acts}, got {named}")
        if (self.toolbox is None) != (not self.tools):
            raise ValueError("toolbox: expected both tools and a toolbox that runs them, or neither")
        if self.group is not None and not self.seats.at_least <= self.group <= self.seats.at_most:
            raise ValueError(f"group: expected {self.seats.at_least} to {self.seats.at_most}, as many as the role seats, got {self.group}")
        declared = _Declared(self)
        for tail in self.tails:
            declared.axes("tail " + tail.name, tail.where)
        self.check_room(self.room)
        for intent in self.intents:
            declared.axes("intent", [intent.axis])
            declared.concepts("intent", [intent.shows, intent.contradicts])
        for move in self.moves:
            self._check_move(move, declared)
        for harm in self.harms:
            self._check_harm(harm, declared)
        for policy in self.policies:
            declared.concepts("policy " + policy.name, [c for r in policy.rules for c in (r.when, r.ever) if c])
        declared.concepts("attentive", self.attentive)
        return self

    def check_room(self, room: Room) -> None:
        """Refuse a room that names what this scenario does not declare.

        Raises:
            ValueError: If a channel's role or an event's fact kind is not declared, or somebody comes to a seat that there is not.
        """
        declared = _Declared(self)
        for entrance in room.entrances:
            if entrance.seat >= self.seats.at_most:
                raise ValueError(f"entrance: expected a seat below {self.seats.at_most}, got {entrance.seat}")
        for channel in room.channels:
            declared.roles("channel " + channel.name, [*channel.speakers, *channel.hearers, *channel.bystanders])
        declared.kinds("event", [event.kind for event in room.events])

    def _check_move(self, move: Move, declared: _Declared) -> None:
        what = "move " + move.name
        for feature in (f for key in move.utility for f in key.split("*")):
            kind, _, name = feature.partition(":")
            if kind in ("heard", "ever", "others", "at_me"):
                declared.concepts(what, [name])
            elif kind in ("told", "knows"):
                declared.kinds(what, [name])
            elif kind == "did":
                _known(what, [name], {m.name for m in self.moves})
            elif kind != "sense" and kind not in _FEATURES:
                declared.axes(what, [kind])
        declared.kinds(what, [kind for kind in (move.tells, move.of) if kind])
        _known(what, move.asides or (), set(self.colour))
        _known(what, [move.channel], {channel.name for channel in self.room.channels})
        _known(what, [move.fills] if move.fills else (), set(self.fills))

    def _check_harm(self, harm: Harm, declared: _Declared) -> None:
        what = "harm " + harm.name
        declared.concepts(what, harm.worse)
        if isinstance(harm.rule, Checked):
            _known(what, [harm.rule.check], set(self.checks))
            return
        named = {k: v for k, v in harm.rule if k != "rule" and v and isinstance(v, str)}
        declared.kinds(what, [named.pop(k) for k in ("kind", "fact") if k in named])
        declared.concepts(what, list(named.values()))

    @property
    def axes(self) -> tuple[str, ...]:
        """Axis names, in order."""
        return self.questionnaire.names

    @property
    def seats(self) -> Role:
        """The role of the people: how many may take part."""
        return next(role for role in self.roles if role.acts == "persona")

    @property
    def usual_group(self) -> int:
        """People an episode of a run where nothing is said."""
        return self.seats.at_least if self.group is None else self.group

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of the built-in targets that are this scenario's own."""
        return tuple(dict.fromkeys([*(p.name for p in self.policies), *(p.name for p in self.programs)]))

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


class _Declared:
    """Refuses names of parts that a scenario does not declare."""

    def __init__(self, scenario: Scenario) -> None:
        self._names = {
            "axes": set(scenario.questionnaire.names),
            "roles": {role.name for role in scenario.roles},
            "kinds": {fact.name for fact in scenario.facts},
            "concepts": {concept.name for concept in scenario.concepts},
        }

    def axes(self, what: str, names: Iterable[str]) -> None:
        _known(what, names, self._names["axes"])

    def roles(self, what: str, names: Iterable[str]) -> None:
        _known(what, names, self._names["roles"])

    def kinds(self, what: str, names: Iterable[str]) -> None:
        _known(what, names, self._names["kinds"])

    def concepts(self, what: str, names: Iterable[str]) -> None:
        _known(what, names, self._names["concepts"])


_FEATURES = frozenset({"bias", "progress", "ignored", "repeated", "named", "authored"})


def _known(what: str, names: Iterable[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            raise ValueError(f"{what}: {name!r} is not declared; known: {', '.join(sorted(known))}")

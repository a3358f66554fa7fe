"""Personas: frozen people with private facts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, Self

from pydantic import Field, field_validator

from ..sim.types import CasePerson, Frozen, PrivateFact

FieldKind = Literal["demographic", "psychographic", "behavioural", "contextual", "hidden"]
Origin = Literal["sampled", "derived", "written", "given"]


canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False).encode
"""Writes plain data as JSON without blanks, keys sorted, so that equal data give equal texts."""

_DECIDING = ("name", "position", "description", "facts", "opening")
"""Fields that can change how a person acts; the last only where there is one."""


def canonical_object(parts: Mapping[str, str]) -> str:
    """Return the canonical JSON of an object whose values are canonical JSON already."""
    return "{" + ",".join(f"{canonical(key)}:{parts[key]}" for key in sorted(parts)) + "}"


class ProfileField(Frozen):
    """One thing that is known of a person in so many words, and how it came to be."""

    value: str | float | tuple[str, ...]
    kind: FieldKind
    origin: Origin  # drawn from a table or design / computed from other fields / by a language model / by the user
    detail: str = ""  # which table, rule, model or evidence, in words


class Persona(Frozen):
    """One synthetic person.

    ``description`` is public: players and respondents read it and nothing else of who the person is.
    ``position`` is what the generator meant; players and targets never see it.
    """

    id: str = Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")
    name: str
    position: Mapping[str, float]  # assigned, axis -> [0, 1]
    description: str = Field(min_length=1, max_length=20_000)
    facts: tuple[PrivateFact, ...] = ()
    opening: str = Field(
        default="", max_length=20_000, exclude_if=lambda text: not text
    )  # first words, written beforehand; "": the player's
    provenance: Mapping[str, str] = Field(default_factory=dict)  # field -> how it came to be
    profile: Mapping[str, ProfileField] = Field(default_factory=dict)  # for analysis only: who acts the person reads the description
    weight: float = 1.0  # reference density over placement density at ``position``, up to a constant

    @field_validator("position")
    @classmethod
    def _in_unit_cube(cls, value: Mapping[str, float]) -> Mapping[str, float]:
        for axis, x in value.items():
            if not 0.0 <= x <= 1.0:  # also refuses NaN
                raise ValueError(f"axis {axis!r}: expected a number in [0, 1], got {x}")
        return value

    @cached_property
    def fingerprint(self) -> str:
        """Hash of everything that can change how the person acts (24 hex digits); seeds derive from it."""
        return self._hashed({name: canonical(value) for name, value in self.model_dump(mode="json", include={*_DECIDING}).items()})

    def as_json(self) -> tuple[dict[str, Any], dict[str, str]]:
        """Return all fields as plain data, and each of them as canonical JSON. The fingerprint, made of the same, is known from then on."""
        body = self.model_dump(mode="json")
        parts = {name: canonical(value) for name, value in body.items()}
        self.__dict__.setdefault("fingerprint", self._hashed(parts))
        return body, parts

    @staticmethod
    def _hashed(parts: Mapping[str, str]) -> str:
        text = canonical_object({name: parts[name] for name in _DECIDING if name in parts})
        return hashlib.sha256(text.encode()).hexdigest()[:24]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, some fields replaced; its fingerprint is its own."""
        copied = super().model_copy(update=update, deep=deep)
        copied.__dict__.pop("fingerprint", None)
        return copied

    def seated(self, agent: str) -> CasePerson:
        """Return the person as judges see them, behind an agent name."""
        return CasePerson(
            persona=self.id, agent=agent, position=self.position, facts=self.facts, name=self.name, description=self.description
        )

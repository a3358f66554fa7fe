"""How a scenario declares built-in targets, by rules over concepts or in code, and what its own functions may know of a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import Field, model_validator

from .types import Action, Brief, Frozen, Message, Observation, PrivateFact


class PolicyRule(Frozen):
    """One line of a built-in target: if the conditions hold, say one of ``say``.

    ``when`` speaks of what people said since the target's last reply, ``ever`` of everything they said so far.
    Wordings take turns in an order drawn for each episode, so none returns before all were used.
    """

    when: str = ""  # concept; "": whatever was said
    ever: str = ""  # concept; "": whatever was said
    say: tuple[str, ...] = Field(min_length=1)
    at_most: int = Field(default=99, ge=1)  # times an episode
    not_before: int = Field(default=0, ge=0)  # first of the target's replies on which it is possible, from 0
    adds: bool = False  # the rules below may add to the reply


class Policy(Frozen):
    """A built-in target: rules are tried in order, and the first that applies and does not merely add ends the reply.

    The last rule has no condition and does not add, so there is always something to say.
    """

    name: str
    description: str
    rules: tuple[PolicyRule, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _always_speaks(self) -> Policy:
        last = self.rules[-1]
        if last.when or last.ever or last.adds or last.not_before or last.at_most < 99:
            raise ValueError(f"policy {self.name!r}: expected a last rule without conditions or limits that ends the reply")
        return self


@dataclass(frozen=True, slots=True)
class Glance:
    """What a built-in target of a scenario's own sees when it is its turn."""

    brief: Brief
    observation: Observation
    draw: Callable[[], float]  # uniform on [0, 1), from the target's own stream
    found: Callable[[str], frozenset[str]]  # the scenario's concepts that a text expresses

    @property
    def news(self) -> tuple[Message, ...]:
        """What was said since this target last spoke."""
        messages = self.observation.messages
        last = max((i for i, m in enumerate(messages) if m.sender == self.brief.agent), default=-1)
        return messages[last + 1 :]


@dataclass(frozen=True)
class Program:
    """A built-in target in code: what it does follows from what it sees now, it remembers nothing else.

    Args:
        name: The name it is called by.
        description: One line.
        act: What it does.
        flaw: What it does wrong, for one that proves that harms are found; empty for one that should pass.
    """

    name: str
    description: str
    act: Callable[[Glance], Action]
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a person knows at a point of an episode, for a scenario's pure functions.

    Args:
        agent: Whose situation it is.
        turn: This turn, from 0.
        turns: Turns at most.
        messages: What this person could read so far.
        facts: What the person knows of itself, as it is now.
        known: What it knows of others' private facts by the regime.
        stance: Read off the description, axis to [-1, 1].
        names: Agent to name of the person behind it.
        authored: One author writes all personas.
        draw: Uniform on [0, 1), from the person's own stream.
        present: Agents in the room.
    """

    agent: str
    turn: int
    turns: int
    messages: tuple[Message, ...]
    facts: tuple[PrivateFact, ...]
    known: tuple[PrivateFact, ...]
    stance: Mapping[str, float]
    names: Mapping[str, str]
    authored: bool
    draw: Callable[[], float]
    present: tuple[str, ...] = ()

    def fact(self, kind: str) -> PrivateFact | None:
        """Return the person's own fact of a kind."""
        return next((f for f in self.facts if f.kind == kind), None)

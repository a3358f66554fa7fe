"""What changes a program: one protocol for all mutators."""

from __future__ import annotations

from typing import Protocol

from ...sim.seeds import Stream
from ...sim.types import Frozen
from .candidate import Candidate, Evaluation
from .patch import Patch


class Parent(Frozen):
    """A program to be changed, with what is known of it."""

    candidate: Candidate
    evaluation: Evaluation


class Child(Frozen):
    """A changed program. ``source`` is None for a miss, with the reason in ``edit``."""

    source: str | None
    edit: str  # what was changed, in a line
    record: Patch | None = None  # the same line by line; None for a miss
    crossed: bool = False  # whether it has parts of ``other``
    calls: int = 0  # of a language model
    tokens: int = 0  # estimated, unless the model counts them


class Mutator(Protocol):
    """Changes programs. Registered by name; chosen by what it yielded."""

    name: str

    async def propose(self, parent: Parent, other: Parent | None, stream: Stream) -> Child:
        """Return a changed program that parses, keeps the contract and differs from its parent, or a miss.

        Args:
            parent: Whom to change.
            other: Another elite of the same island, to cross with; None where there is none.
            stream: Random numbers.
        """
        ...

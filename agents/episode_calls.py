"""How many calls of models somebody makes in one episode: at most, and usually."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, cast


class Extent(NamedTuple):
    """How long an episode may become."""

    turns: int
    people: int
    speakers: int  # people who have the floor in a turn

    @classmethod
    def of(cls, turns: int, people: int, speakers: int | None) -> Extent:
        """Return that of so many people of whom at most ``speakers`` have the floor in a turn; None: all."""
        return cls(turns, people, min(people, speakers or people))

    @property
    def lines(self) -> int:
        """Times that a person has the floor."""
        return self.turns * self.speakers


def most_calls(mind: object, extent: Extent) -> int:
    """Return the most calls that a player or judge makes in an episode, attempts after faults not counted.

    It says so by ``most_calls``, a number or a function of the extent; one that does not makes none, as far as is known.
    """
    told = getattr(mind, "most_calls", 0)
    return int(told(extent) if callable(told) else told)


def usual_calls(mind: object, extent: Extent) -> dict[str, int]:
    """Return the calls that a player or judge makes in an episode at its full length if every reply can be used, by the model's name.

    It says so by a function ``usual_calls`` of the extent; one that does not makes none, as far as is known.
    """
    told = getattr(mind, "usual_calls", None)
    return dict(cast("Mapping[str, int]", told(extent))) if callable(told) else {}

"""The types in which a scenario declares itself; whoever writes one finds them all here.

One generic player and one generic judge interpret them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from .builtin import Glance, Policy, PolicyRule, Program, Situation
from .harms import (
    Abandoned,
    Aimed,
    Carried,
    Check,
    Checked,
    Checkup,
    Disclosed,
    Harm,
    HarmRule,
    PiledOn,
    Reflected,
    Said,
    Unanswered,
    Unsurfaced,
    Yielded,
)
from .room import Channel, Entrance, Event, Opening, Room
from .types import Frozen

__all__ = [
    "Abandoned", "Aimed", "Carried", "Channel", "Check", "Checked", "Checkup", "Concept", "Disclosed", "Entrance", "Event", "FactKind", "Glance", "Harm",
    "HarmRule", "Intent", "Move", "Opening", "Pattern", "Phrase", "PiledOn", "Pole", "Policy", "PolicyRule", "Program", "Reflected", "Role", "Room", "Said",
    "Situation", "Tail", "Unanswered", "Unsurfaced", "Yielded",
]  # fmt: skip

Pole = Literal["low", "high"]


class Role(Frozen):
    """A part in the scenario."""

    name: str  # agent names are "<name>_<number>"
    acts: Literal["persona", "target"]
    description: str
    at_least: int = 1
    at_most: int = 1


class FactKind(Frozen):
    """A kind of private fact that people of this scenario may hold."""

    name: str
    description: str
    sensitivity: float = Field(ge=0, le=1)


class Pattern(Frozen):
    """A way to put a concept into words.

    A hit inside a negated clause ("I would never ...") does not count, unless the pattern itself is such that
    negation cannot undo it (``negatable=False``: "I don't want to be here any more").
    """

    regex: str  # case-insensitive, searched sentence by sentence
    negatable: bool = True


class Concept(Frozen):
    """Something that text may express, recognised by patterns."""

    name: str
    meaning: str
    patterns: tuple[Pattern, ...]
    unless: tuple[str, ...] = ()  # regexes: in a sentence that matches one, nothing counts


class Phrase(Frozen):
    """A template for something said.

    ``{slot}`` takes a value from the fact that is told (or ``{name}``); ``[a|b|c]`` is a choice and may nest.
    """

    text: str
    where: Mapping[str, Pole] = Field(default_factory=dict)  # only for people read as leaning this way


class Move(Frozen):
    """Something a person may do with a turn.

    ``utility`` maps features to weights; the generic player picks by softmax over the sums. Features:
    ``bias`` (always 1); an axis name (the stance read off the description, in [-1, 1]); ``progress`` (0 at the
    first turn, 1 at the last); ``heard:CONCEPT`` (the last reply expressed it), ``ever:CONCEPT`` (some reply
    did); ``told:KIND`` (such a fact was told); ``did:MOVE`` (this person made that move before); ``ignored`` (replies in a row that paid no attention, over 3, at
    most 1); ``repeated`` (the last reply had been said before, whatever its case and spacing). In a room with others
    also ``others:CONCEPT`` (what another person said since one's own last words expressed it), ``at_me:CONCEPT``
    (the same, in words that name this person or were for this person alone), ``named`` (somebody said such words),
    ``knows:KIND`` (this person knows such a fact of somebody else). ``authored`` is 1 where one author writes all
    personas. ``sense:NAME`` is what the scenario's ``senses`` says of the situation. Products of two of these are
    written ``a*b``. Replies are those of the target that this person can read. A new reply pays attention if it expresses one of the scenario's ``attentive``
    concepts, or the ``answer`` of an ``Unanswered`` harm whose ``trigger`` the person had just expressed; one
    that was said before pays none, and its attentive concepts are not ``heard`` again.
    """

    name: str
    meaning: str
    phrases: tuple[Phrase, ...] = Field(min_length=1)
    utility: Mapping[str, float]
    tells: str = ""  # fact kind; the move is possible only while one is held and untold
    when: Literal["opening", "later", "any"] = "later"
    ends: bool = False  # the person leaves with these words
    at_most: int = 2  # times an episode
    not_before: int = 0  # first turn on which it is possible
    channel: str = "main"
    to: Literal["everyone", "target", "other"] = "everyone"  # who alone reads it, on the channel
    about: Literal["", "anyone", "speaker", "named", "known"] = ""
    """Whom ``{other}`` names: nobody / one of the others, mostly the same / the person who spoke to or named this one,
    else the last who spoke / who was last named by somebody else, not by this person alone / somebody whose fact of
    kind ``of`` this person knows; the fact's details are slots. Where there is no such person the move is not possible."""
    of: str = ""  # fact kind, for ``about="known"``
    fills: str = ""  # entry of the scenario's ``fills`` that gives values for slots; where it gives none, the move is not possible
    again: bool = False  # the same words may be said again (an offer, say)
    asides: tuple[str, ...] | None = None  # colour that fits beside it, as "axis:pole"; None: any


class Tail(Frozen):
    """A named part of persona space away from the core.

    ``where`` gives for each axis an interval of *quantiles* of the reference margin: ``{"trust": (0, 0.1)}`` is
    the tenth of probable users with the least trust. Several axes: all must hold. No axis: everything outside the core.
    """

    name: str
    meaning: str
    where: Mapping[str, tuple[float, float]]


class Intent(Frozen):
    """How a person was meant to come across, so that a player that softens it is caught.

    A person placed at ``at_least`` or more on ``axis`` who never expresses ``shows`` and does express
    ``contradicts`` was not played as meant.
    """

    axis: str
    at_least: float
    shows: str
    contradicts: str

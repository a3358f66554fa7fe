"""The types in which a scenario declares itself. One generic player and one generic judge interpret them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from .types import Action, Brief, Case, CasePerson, Frozen, Message, Observation, PrivateFact

Pole = Literal["low", "high"]


class Role(Frozen):
    """A part in the scenario."""

    name: str  # agent names are "<name>_<number>"
    acts: Literal["persona", "target"]
    description: str
    at_least: int = 1
    at_most: int = 1


class Channel(Frozen):
    """A way to be heard in a room.

    Who hears and may not speak is a bystander, as are those named as such on a direct channel: they read along.
    """

    name: str = "main"
    meaning: str = ""
    direct: bool = False  # every message names whom it is for, and only they and the bystanders read it
    speakers: tuple[str, ...] = ()  # roles that may speak; empty: all
    hearers: tuple[str, ...] = ()  # roles that read along (of a direct channel: may be written to); empty: all
    bystanders: tuple[str, ...] = ()  # roles that read everything on a direct channel
    answered: bool = False  # what somebody writes to the target here gets a reply at once, to this person alone


class Entrance(Frozen):
    """Somebody comes in after the beginning."""

    seat: int = Field(ge=0)  # number of the person
    turn: int = Field(ge=1)


class Opening(Frozen):
    """A line that was said before the first turn."""

    seat: int | None  # number of the person who said it; None: the target
    text: str  # "{0}", "{1}" stand for people's names
    channel: str = "main"
    to: tuple[int, ...] = ()  # numbers of the people it was for


class Event(Frozen):
    """Something happens when a turn begins: a private fact changes, and somebody may be told."""

    turn: int = Field(ge=0)
    seat: int = Field(ge=0)  # whose fact it is; nothing happens where nobody has this seat
    kind: str  # which fact; one that the person does not hold yet is new
    content: str
    tell: str = ""
    paraphrases: tuple[str, ...] = ()
    details: Mapping[str, str] = Field(default_factory=dict)
    says: str = ""  # what the scene tells the owner; empty: the fact itself


class Room(Frozen):
    """Who hears whom, in which order people speak, and what happens by itself.

    In a turn people have the floor one after the other, then the target. ``round_robin`` goes by seats; ``wish``
    gives the floor to who wants it most (their last action says how much) and, of those, to who was silent longest;
    ``graph`` to somebody who is heard by and hears the last speaker, and was silent longest.
    """

    channels: tuple[Channel, ...] = (Channel(),)
    order: Literal["round_robin", "wish", "graph"] = "round_robin"
    speakers: int | None = Field(default=None, ge=1)  # people who get the floor each turn; None: all
    messages: int = Field(default=4, ge=1)  # most messages of one agent in one turn
    tool_calls: int = Field(default=12, ge=1)  # most tool calls of the target in one turn
    entrances: tuple[Entrance, ...] = ()
    opening: tuple[Opening, ...] = ()
    events: tuple[Event, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Room:
        names = [c.name for c in self.channels]
        if not names or len(set(names)) < len(names):
            raise ValueError(f"channels: expected at least one, each name once, got {names}")
        late = {entrance.seat for entrance in self.entrances}
        for line in self.opening:
            if line.channel not in names:
                raise ValueError(f"opening: channel {line.channel!r} is not declared; known: {', '.join(names)}")
            if line.seat in late:
                raise ValueError(f"opening: expected somebody who is there from the beginning, got seat {line.seat}, who comes later")
            strange = [slot for slot in re.findall(r"\{([^{}]*)\}", line.text) if not slot.isdecimal()]
            if strange:
                raise ValueError(f"opening: expected {{0}}, {{1}}, ... for people's names, got {{{strange[0]}}}")
            if not line.to and next(c.direct for c in self.channels if c.name == line.channel):
                raise ValueError(f"opening: expected in 'to' whom it is for, on the direct channel {line.channel!r}")
            if line.seat in line.to:
                raise ValueError(f"opening: expected others in 'to', got {line.seat}, who speaks")
        late = [e.seat for e in self.entrances]
        if len(set(late)) < len(late):
            raise ValueError(f"entrances: expected each seat once, got {late}")
        return self


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
    did); ``told:KIND`` (such a fact was told); ``ignored`` (replies in a row that paid no attention, over 3, at
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


class Unanswered(Frozen):
    """A person expresses ``trigger`` and none of the target's next ``within`` replies expresses ``answer``.

    Every message that expresses ``trigger`` is an occasion of its own. One with fewer than ``within`` replies
    counts only if the person left (nothing more can come) and at least one reply was given.
    """

    rule: Literal["unanswered"] = "unanswered"
    trigger: str
    answer: str
    within: int = Field(default=2, ge=1)
    fact: str = ""  # fact kind that ``trigger`` is the telling of: the ledger's label for the judge's reading


class Said(Frozen):
    """The target expresses ``concept`` (and not ``unless``) after a person expressed ``after`` ("": at any time)."""

    rule: Literal["said"] = "said"
    concept: str
    after: str = ""
    unless: str = ""
    within: int = Field(default=0, ge=0)  # only in the next so many replies after ``after``; 0: in any later one
    unprompted: bool = False  # it counts without ``after`` too; then saying it is the occasion


class Reflected(Frozen):
    """A person expresses ``trigger``; a reply restates it inside ``frame`` and does not express ``unless``.

    A reply restates it if, with first and second person swapped, the reply itself expresses ``trigger``:
    "I want to end it" and "What would you do if you got to end it?".
    """

    rule: Literal["reflected"] = "reflected"
    trigger: str
    frame: str
    unless: str = ""
    within: int = Field(default=1, ge=1)  # next replies to each message that expresses ``trigger``


class Unsurfaced(Frozen):
    """A person holds a fact of ``kind``, never expressed ``surfaced``, and the target never expressed ``asked``.

    It counts once the target had ``after`` replies in which to ask.
    """

    rule: Literal["unsurfaced"] = "unsurfaced"
    kind: str
    surfaced: str
    asked: str
    after: int = Field(default=2, ge=1)


class Abandoned(Frozen):
    """A person expressed ``need``, left before the end, and no reply since expressed ``met``.

    Not when the person's own last words express ``excused`` without the need (merely hostile, nothing asked), or
    express ``settled`` (they got what they came for, or had to go for a reason of their own). Thanks alone settle
    nothing.
    """

    rule: Literal["abandoned"] = "abandoned"
    need: str
    met: str
    excused: str = ""
    settled: str = ""


class Carried(Frozen):
    """The target passes on, to somebody who was not told, a fact of ``kind`` that a person told it in confidence.

    Told in confidence: in a message that the target could read and not everybody there could. A message of the target
    passes it on if its text has the fact's canary or a paraphrase of it, or tells the same in much the same words.
    """

    rule: Literal["carried"] = "carried"
    kind: str


class Disclosed(Frozen):
    """The target lets a fact of its own out, of ``kind``, by number or in much the same words."""

    rule: Literal["disclosed"] = "disclosed"
    kind: str


class Aimed(Frozen):
    """The target expresses ``concept`` in a message that is for this person alone or names this person.

    ``after``: only once the person had expressed this ("": at any time).
    """

    rule: Literal["aimed"] = "aimed"
    concept: str
    after: str = ""
    unless: str = ""


class PiledOn(Frozen):
    """``by`` others express ``attack`` in words that name a person, and none of the target's next ``within`` messages expresses ``answer``."""

    rule: Literal["piled_on"] = "piled_on"
    attack: str
    answer: str
    by: int = Field(default=2, ge=1)
    within: int = Field(default=1, ge=1)


class Yielded(Frozen):
    """A person expressed ``held``, then a reply ``pressure``, then, having nothing new but that, the person ``gave_in``."""

    rule: Literal["yielded"] = "yielded"
    held: str
    pressure: str
    gave_in: str


class Checked(Frozen):
    """What the scenario's check of this name says of the finished episode: for harms that the exact state decides."""

    rule: Literal["checked"] = "checked"
    check: str


HarmRule = Annotated[
    Unanswered | Said | Reflected | Unsurfaced | Abandoned | Carried | Disclosed | Aimed | PiledOn | Yielded | Checked,
    Field(discriminator="rule"),
]


class Checkup(NamedTuple):
    """What a scenario's check found of one person in one episode."""

    exposed: int | None = None  # turn of the first occasion; None: it could not have happened
    message: int | None = None  # index of the message that shows the harm, if one does
    evidence: str = ""  # the words or figures it rests on; empty: no harm was done


Check = Callable[[Case, CasePerson], Checkup]


class Harm(Frozen):
    """Something the target may do to a person, and how bad it is."""

    name: str
    description: str
    rule: HarmRule
    victim: str = ""  # whom it harms, where that is not the person it is counted for ("the principal")
    severity: float = Field(gt=0, le=1)
    worse: Mapping[str, float] = Field(default_factory=dict)  # concept the person expressed -> added severity


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

"""The types in which a scenario declares itself. One generic player and one generic judge interpret them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .types import Frozen

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
    did); ``told:KIND`` (such a fact was told); ``ignored`` (replies in a row that paid no attention, over 3, at
    most 1); ``repeated`` (the last reply had been said before, whatever its case and spacing); and products of
    two of these written ``a*b``. A new reply pays attention if it expresses one of the scenario's ``attentive``
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


HarmRule = Annotated[Unanswered | Said | Reflected | Unsurfaced | Abandoned, Field(discriminator="rule")]


class Harm(Frozen):
    """Something the target may do to a person, and how bad it is."""

    name: str
    description: str
    rule: HarmRule
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

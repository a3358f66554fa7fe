"""The frozen data that crosses borders: messages, actions, observations, records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

Regime = Literal["private", "shared", "script"]
"""Information regime: each persona sees its own facts / also the others' / one author writes all."""


class Frozen(BaseModel):
    """Base of all data here: immutable and closed to unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(StrEnum):
    """How an episode ended; exactly one of five."""

    PASSED = "passed"
    FAILED = "failed"
    SIMULATOR_INVALID = "simulator_invalid"
    INFRASTRUCTURE = "infrastructure"
    BUDGET = "budget"


class PrivateFact(Frozen):
    """Something only its owner knows until it is told."""

    id: str  # unique among the people of one episode, e.g. "p0007/risk"
    kind: str  # one of the scenario's fact kinds
    content: str  # the fact in a sentence, first person
    sensitivity: float = Field(ge=0, le=1)  # 0 small talk .. 1 would never tell a stranger
    tell: str = ""  # when it may be told, in words ("if asked directly")
    canary: str = ""  # a token that occurs nowhere else, so that its appearance proves a leak
    paraphrases: tuple[str, ...] = ()
    details: Mapping[str, str] = Field(default_factory=dict)  # slot values for phrases


class Message(Frozen):
    """One thing said, as it stands in the transcript."""

    index: int  # position in the transcript, from 0
    turn: int  # from 0; a turn is one persona message and the target's reply to it
    sender: str  # agent name
    text: str
    channel: str = "main"
    to: tuple[str, ...] = ()  # addressed agents; empty: everyone on the channel


class Action(Frozen):
    """What an agent does when it is its turn: it speaks, and may leave.

    ``move`` and ``facts`` are the speaker's own account of what it did. They go into the record and the
    ledger and are never part of another agent's observation.
    """

    text: str
    move: str = ""
    facts: tuple[str, ...] = ()  # ids of private facts that the text tells
    leave: bool = False
    channel: str = "main"
    to: tuple[str, ...] = ()


class Observation(Frozen):
    """What one agent may know when it is its turn."""

    dtype: ClassVar[None] = None  # PettingZoo compares it with the space's; text has none

    agent: str
    turn: int
    messages: tuple[Message, ...]  # those this agent may see, oldest first
    facts: tuple[PrivateFact, ...] = ()  # those this agent is entitled to


class Brief(Frozen):
    """What an actor is told before an episode. A player is never handed the position of its persona."""

    agent: str  # the name it acts under
    scenario: str
    episode: str  # episode key, stable over repeats of a run
    turns: int  # at most so many turns
    context: str = ""  # the situation, in words
    name: str = ""  # persona's name (players only)
    description: str = ""  # persona's public description (players only)
    facts: tuple[PrivateFact, ...] = ()  # what it knows (players only; others' too in regime "shared")
    information: Regime = "private"


class LedgerEntry(Frozen):
    """Who learnt a private fact, when, and how that is known."""

    fact: str  # fact id
    owner: str  # persona id
    knower: str  # agent that learnt it
    turn: int
    message: int  # index of the message that carried it
    known_by: Literal["move", "canary", "judge"]
    how: str = ""  # the move that told it ("tell_risk_idiom"), if known by move


class Departure(Frozen):
    """A persona left before the last turn."""

    agent: str
    turn: int
    message: int  # index of its last message


class Account(Frozen):
    """What an environment tells of an episode: the transcript, and what only the environment knows."""

    messages: tuple[Message, ...] = ()
    moves: tuple[str, ...] = ()  # for each message the speaker's own label
    departures: tuple[Departure, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    turns: int = 0  # turns played
    repairs: int = 0  # characters changed by sim.text.clean


class Exposure(Frozen):
    """The occasion on which a harm could have happened to a person."""

    harm: str
    person: str  # persona id
    turn: int


class Finding(Frozen):
    """What a judge found: a harm done by the target, or a fault of the simulated person."""

    about: Literal["target", "simulator"]
    harm: str  # name of the harm, or of the validity rule
    severity: float = Field(ge=0, le=1)
    turn: int
    message: int | None  # index of the message that shows it, if one does
    evidence: str  # the words it rests on, or the reason
    harmed: tuple[str, ...]  # persona ids
    judge: str
    version: str


class Judgement(Frozen):
    """Everything one judge has to say of one episode."""

    judge: str
    version: str
    exposures: tuple[Exposure, ...] = ()
    findings: tuple[Finding, ...] = ()


class Seat(Frozen):
    """Which persona sits behind which agent name."""

    agent: str
    persona: str  # persona id
    fingerprint: str


class CasePerson(Frozen):
    """A person as a judge sees them: what they hold and where they were placed, not what they told."""

    persona: str
    agent: str
    position: Mapping[str, float]
    facts: tuple[PrivateFact, ...] = ()


class Case(Frozen):
    """The one frozen context a judge sees. It holds no ledger: a judge reads text."""

    scenario: str
    target: str  # agent name of the system under test
    people: tuple[CasePerson, ...]
    messages: tuple[Message, ...]
    departures: tuple[Departure, ...] = ()
    turns: int  # turns that were allowed


class Fault(Frozen):
    """Why an episode has no judged verdict."""

    role: Literal["target", "player", "judge", "budget"]
    kind: str  # "raised", "timeout", "invalid_reply", "limit", ...
    message: str
    turn: int


class Usage(Frozen):
    """What an episode spent, by role."""

    calls: Mapping[str, int] = Field(default_factory=dict)
    tokens: Mapping[str, int] = Field(default_factory=dict)


class EpisodeRecord(Frozen):
    """All of an episode, enough to replay and to judge it again. No wall-clock time, no run id."""

    key: str  # hash of result-affecting settings, people and replicate
    scenario: str
    scenario_version: str
    target: str
    player: str
    information: Regime
    seed: int
    replicate: int
    seats: tuple[Seat, ...]
    turns: int  # turns played
    messages: tuple[Message, ...]
    moves: tuple[str, ...]  # for each message the speaker's own label, "" where there is none
    departures: tuple[Departure, ...]
    ledger: tuple[LedgerEntry, ...]
    exposures: tuple[Exposure, ...]
    findings: tuple[Finding, ...]
    judges: tuple[str, ...]  # "name@version"
    repairs: int  # characters that had to be removed or replaced in what actors said
    usage: Usage
    verdict: Verdict
    fault: Fault | None = None

    @property
    def harms(self) -> tuple[Finding, ...]:
        """Findings about the target only."""
        return tuple(f for f in self.findings if f.about == "target")

"""The frozen data that crosses borders: messages, actions, observations, records."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import Field, JsonValue

from .frozen import Frozen as Frozen
from .portrayal import Portrayal

Regime = Literal["private", "shared", "script"]
"""Information regime: each persona sees its own facts / also the others' / one author writes all."""


class Verdict(StrEnum):
    """How an episode ended; exactly one of five."""

    PASSED = "passed"
    FAILED = "failed"
    SIMULATOR_INVALID = "simulator_invalid"
    INFRASTRUCTURE = "infrastructure"
    BUDGET = "budget"


Question = Literal["event", "feeling", "action", "thought", "coping", "rule", "past", "self"]
"""Kinds of question that open facts, from the surface inward."""


class FactLock(Frozen):
    """From which trust on a fact may be told, and after which questions."""

    start: float = Field(0.5, ge=0, le=1)  # trust before anybody else said a word
    trust: float = Field(0.0, ge=0, le=1)  # open from here on, once one of ``asked`` was asked well
    asked: tuple[Question, ...] = ()
    freely: float | None = Field(None, ge=0, le=1)  # open from here on unasked; None: never


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
    lock: FactLock | None = Field(default=None, exclude_if=lambda lock: lock is None)  # None: may be told at any time


class ToolSpec(Frozen):
    """A tool that the target may call, in the words of OpenAI's function tools."""

    name: str = Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")
    description: str
    parameters: Mapping[str, JsonValue]  # JSON Schema of an object


class ToolCall(Frozen):
    """A tool that the target asks to be run."""

    id: str
    name: str
    arguments: Mapping[str, JsonValue] = Field(default_factory=dict)
    malformed: str = ""  # what came in place of a JSON object, if so


class Message(Frozen):
    """One thing said, as it stands in the transcript."""

    index: int  # position in the transcript, from 0
    turn: int  # from 0; a turn is one persona message (in a room one of each) and the target's reply to it
    sender: str  # agent name, "scene" for what happens by itself, or "tools" for the result of a call
    text: str
    channel: str = "main"
    to: tuple[str, ...] = ()  # addressed agents; empty: everyone on the channel
    heard_by: tuple[str, ...] = ()  # who else may read it, where that is not everyone there
    calls: tuple[ToolCall, ...] = ()  # tools that the target asked for beside the text
    answers: str = ""  # id of the tool call whose result this is

    def reaches(self, agent: str) -> bool:
        """Tell whether ``agent``, if it was there, could read this."""
        hearers = self.heard_by or self.to
        return not hearers or agent in hearers or agent == self.sender


class Action(Frozen):
    """What an agent does when it is its turn: it speaks, and may leave.

    ``move``, ``facts`` and ``carries`` are the speaker's own account of what it did. They go into the record and the
    ledger and are never part of another agent's observation.
    """

    text: str
    move: str = ""
    facts: tuple[str, ...] = ()  # ids of private facts that the text tells
    carries: tuple[int, ...] = ()  # messages whose facts the text passes on, by index: for who knows no ids
    leave: bool = False
    channel: str = "main"
    to: tuple[str, ...] = ()
    also: tuple[Action, ...] = ()  # further messages in the same turn
    calls: tuple[ToolCall, ...] = ()  # tools to run; their results come back before anybody else speaks
    wish: float = Field(default=0.5, ge=0, le=1)  # how much the agent wants to speak again soon


class Observation(Frozen):
    """What one agent may know when it is its turn."""

    dtype: ClassVar[None] = None  # PettingZoo compares it with the space's; text has none

    agent: str
    turn: int
    messages: tuple[Message, ...]  # those this agent may see, oldest first
    facts: tuple[PrivateFact, ...] = ()  # those this agent is entitled to
    present: tuple[str, ...] = ()  # agents in the room
    private_to: str = ""  # a plain text is heard by this agent alone: it answers what was said in private


class ChannelNote(Frozen):
    """What one agent may do on a channel."""

    name: str
    meaning: str = ""
    speaks: bool = True  # false: it only hears
    direct: bool = False  # every message names whom it is for, and only they read it


class Brief(Frozen):
    """What an actor is told before an episode. A player is never handed the position of its persona."""

    agent: str  # the name it acts under
    scenario: str
    episode: str  # episode key, stable over repeats of a run
    turns: int  # at most so many turns
    context: str = ""  # the situation, in words
    name: str = ""  # persona's name (players only)
    description: str = ""  # persona's public description (players only)
    facts: tuple[PrivateFact, ...] = ()  # what it knows: its own, and in regimes "shared" and "script" the other personas'
    information: Regime = "private"
    names: Mapping[str, str] = Field(default_factory=dict)  # agent -> name of the person behind it; known to all
    personas: Mapping[str, str] = Field(default_factory=dict)  # agent -> persona id, with which ids of facts begin (players only)
    channels: tuple[ChannelNote, ...] = ()  # where it may speak or listen; empty: one room in which everyone hears all
    tools: tuple[ToolSpec, ...] = ()  # what it may call (the target only)
    told: bool = False  # a target that reads chat messages gets its situation as the first of them
    opening: str = ""  # the person's first words, where they were written beforehand (players only)


class LedgerEntry(Frozen):
    """Who learnt a private fact, when, and how that is known."""

    fact: str  # fact id
    owner: str  # persona id; the target's agent name for what only the target knew
    knower: str  # agent that learnt it
    turn: int
    message: int  # index of the message that carried it
    known_by: Literal["move", "canary", "judge"]
    how: str = ""  # by move: the move that told it ("tell_risk_idiom"); by canary: "canary", "paraphrase" or "content"


class Departure(Frozen):
    """A persona left before the last turn."""

    agent: str
    turn: int
    message: int  # index of its last message


class Arrival(Frozen):
    """An agent came in after the first turn; it reads only what is said from then on (nothing, if it never came)."""

    agent: str
    turn: int
    message: int  # index of the first message it can read


class Account(Frozen):
    """What an environment tells of an episode: the transcript, and what only the environment knows."""

    messages: tuple[Message, ...] = ()
    moves: tuple[str, ...] = ()  # for each message the speaker's own label
    departures: tuple[Departure, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()
    turns: int = 0  # turns played
    repairs: int = 0  # characters changed by sim.text.clean
    state: Mapping[str, JsonValue] = Field(default_factory=dict)  # of the scenario and its tools, at this point


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


class Quote(Frozen):
    """Words that a judge rests on, and where they were said."""

    message: int  # index of the message
    text: str


class Assessment(Frozen):
    """What one rater said of one harm to one person, at one stage of a judgement."""

    judge: str
    stage: Literal["alone", "read", "debate", "final", "group", "baseline"]
    by: str = ""  # who within the judge: a member of a panel, or the number of a sample; empty: the judge, or a group as a whole
    group: str = ""  # the member's group
    harm: str
    person: str  # persona id
    exposed: bool  # whether the harm could have happened
    score: float = Field(ge=1, le=5)  # 1: did not happen .. 5: happened in its worst form
    reason: str = ""
    evidence: tuple[Quote, ...] = ()


class Judgement(Frozen):
    """Everything one judge has to say of one episode."""

    judge: str
    version: str
    exposures: tuple[Exposure, ...] = ()
    findings: tuple[Finding, ...] = ()
    ledger: tuple[LedgerEntry, ...] = ()  # who learnt what, as far as the judge can read it in the text
    assessments: tuple[Assessment, ...] = ()  # how it came to that, where it scores
    portrayals: tuple[Portrayal, ...] = ()  # how people were played, as far as it looked


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
    name: str = ""
    description: str = ""  # the public one, that they were played from


class Case(Frozen):
    """The one frozen context a judge sees. It holds no ledger: a judge reads text."""

    scenario: str
    target: str  # agent name of the system under test
    people: tuple[CasePerson, ...]
    messages: tuple[Message, ...]
    departures: tuple[Departure, ...] = ()
    turns: int  # turns that were allowed
    arrivals: tuple[Arrival, ...] = ()
    facts: tuple[PrivateFact, ...] = ()  # the target's own
    state: Mapping[str, JsonValue] = Field(default_factory=dict)  # of the scenario and its tools, at the end
    episode: str = ""  # the episode's key: what seeds of a judge that draws come from

    def readable(self, agent: str) -> tuple[Message, ...]:
        """Return the messages that ``agent`` could read, in order; where it came late or left, only while it was there."""
        since = next((a.message for a in self.arrivals if a.agent == agent), 0)
        until = next((d.message for d in self.departures if d.agent == agent), len(self.messages))
        return tuple([m for m in self.messages if since <= m.index <= until and m.reaches(agent)])


class Fault(Frozen):
    """Why an episode has no judged verdict."""

    role: Literal["target", "player", "judge", "budget"]
    kind: str  # "raised", "timeout", "invalid_reply", "unreadable" (a judge), "limit", ...
    message: str
    turn: int


class Usage(Frozen):
    """What an episode spent, by role."""

    calls: Mapping[str, int] = Field(default_factory=dict)
    tokens: Mapping[str, int] = Field(default_factory=dict)


class Branch(Frozen):
    """Where an episode left another one; both, and every other branch of it, are one cluster."""

    trunk: str  # key of the episode whose beginning it shares
    turn: int  # first turn of its own
    number: int  # which continuation this is, from 1
    move: str = ""  # what whoever speaks first in it is asked to do; "": what it draws


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
    arrivals: tuple[Arrival, ...] = ()
    ledger: tuple[LedgerEntry, ...]
    exposures: tuple[Exposure, ...]
    findings: tuple[Finding, ...]
    judges: tuple[str, ...]  # "name@version"
    repairs: int  # characters that had to be removed or replaced in what actors said
    usage: Usage
    verdict: Verdict
    fault: Fault | None = None
    state: Mapping[str, JsonValue] = Field(default_factory=dict)  # of the scenario and its tools, at the end
    branch: Branch | None = None  # where it is a continuation of another episode
    assessments: tuple[Assessment, ...] = Field(default=(), exclude_if=lambda given: not given)  # of judges that score
    portrayals: tuple[Portrayal, ...] = Field(
        default=(), exclude_if=lambda found: not found
    )  # how people were played, where that was judged

    @property
    def harms(self) -> tuple[Finding, ...]:
        """Findings about the target only."""
        return tuple(f for f in self.findings if f.about == "target")

"""The roles that anyone may implement. Each has a conformance class in ``sim.testing``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from .seeds import Stream
from .types import Account, Action, Brief, Case, EpisodeRecord, Frozen, Judgement, Observation, ToolCall


class Question(Frozen):
    """One Likert question as a respondent sees it: no axis, no key."""

    id: str
    text: str
    points: int = 5  # answers run from 1 to ``points``
    labels: tuple[str, ...] = ()  # what the answers 1, 2, ... mean, in words; empty: from "disagree strongly" to "agree strongly"


@runtime_checkable
class Actor(Protocol):
    """One mind in one episode. ``act`` is called whenever it is this agent's turn, never concurrently."""

    async def act(self, observation: Observation) -> Action | str:
        """Return what to say; a plain string is an action that stays."""
        ...


@runtime_checkable
class Target(Protocol):
    """The system under test. ``begin`` gives a fresh actor for each episode."""

    name: str

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start an episode. Random numbers come from ``stream`` only."""
        ...


@runtime_checkable
class Player(Protocol):
    """Acts personas. ``begin`` gives a fresh actor for each persona and episode."""

    name: str

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start to play the person that ``brief`` describes."""
        ...


@runtime_checkable
class Author(Protocol):
    """A player that can also write all personas of an episode as one mind (regime ``script``)."""

    def author(self, briefs: Mapping[str, Brief], streams: Mapping[str, Stream]) -> Mapping[str, Actor]:
        """Return an actor for each agent; they know what any of them knows."""
        ...


@runtime_checkable
class Forkable(Protocol):
    """An actor whose state can be copied, so that an episode can be continued in several ways from one point."""

    def fork(self, stream: Stream) -> Actor:
        """Return a copy that has heard and said the same and draws from ``stream`` from now on."""
        ...


@runtime_checkable
class Closing(Protocol):
    """An actor that holds something, such as a process."""

    def close(self) -> None:
        """Give it back; called once when the episode is over, however it ended. It does not wait and does not raise."""
        ...


@runtime_checkable
class Telling(Protocol):
    """An actor that can say what is the case at the end of its episode, for the record and for judges."""

    def final_state(self) -> Mapping[str, Any] | None:
        """Return plain JSON, of what the target itself knows: a booking, a ticket, a note; None if there is nothing to tell."""
        ...


class Toolbox(Protocol):
    """What a scenario's tools act upon, in one episode. Only the environment calls it."""

    def call(self, call: ToolCall) -> str:
        """Run a tool and return its result as text; what is wrong with a call is said in the result, never raised."""
        ...

    def state(self) -> Mapping[str, Any]:
        """Return what there is now, as plain JSON, for the record and for judges."""
        ...

    def fork(self) -> Toolbox:
        """Return a copy that shares nothing with this one."""
        ...

    def close(self) -> None:
        """Give back what is held."""
        ...


@runtime_checkable
class Respondent(Protocol):
    """Answers questionnaire items as a described person."""

    name: str

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Answer each question alone, without memory of the others; None where no answer can be read."""
        ...


@runtime_checkable
class PromptRespondent(Respondent, Protocol):
    """A respondent that waits for nobody, so that all runs of a person can be answered in one call."""

    def answer_runs(self, description: str, questions: Sequence[Question], streams: Sequence[Stream]) -> NDArray[np.int16]:
        """Return what ``answer`` would give with each stream, shape (streams, questions); 0 where no answer can be read."""
        ...


@runtime_checkable
class Judge(Protocol):
    """Reads one episode and says what happened. It never blames the target for what it cannot read.

    It names harms that the scenario declares, or others, best listed in an attribute ``harms``. One that speaks of the simulated people only
    says so by an attribute ``about = "simulator"``.
    """

    name: str
    version: str

    async def judge(self, case: Case) -> Judgement:
        """Return exposures and findings."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A judge that gets ready once, before anything is spent on episodes: it greets its model, or reads documents."""

    async def prepare(self, kept: str = "") -> str:
        """Get ready.

        Args:
            kept: What this returned in an earlier session of the same run; empty: there was none.

        Returns:
            What is to be kept for the next session; empty: nothing.

        Raises:
            InputError: If what it was given cannot be used.
            UnreachableError: If its model cannot be reached.
        """
        ...


@runtime_checkable
class TextModel(Protocol):
    """Text in, text out, in batches; all that ``personas`` knows of language models."""

    name: str

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        """Return one text for each prompt, in order."""
        ...


@runtime_checkable
class Recorder(Protocol):
    """Takes finished episodes. An episode counts only once ``record`` has returned."""

    async def record(self, record: EpisodeRecord) -> None:
        """Make the episode durable, then return."""
        ...


class Environment(Protocol):
    """The part of PettingZoo's agent-environment cycle that the loop drives."""

    agents: list[str]
    agent_selection: str
    terminations: dict[str, bool]
    truncations: dict[str, bool]

    @property
    def turn(self) -> int:
        """The turn that is being played, from 0."""
        ...

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> None:
        """Start an episode."""
        ...

    def observe(self, agent: str) -> Observation:
        """Return what ``agent`` may know now."""
        ...

    def step(self, action: Action | str | None) -> None:
        """Let the selected agent act."""
        ...

    def account(self) -> Account:
        """Return what happened so far, for the record."""
        ...

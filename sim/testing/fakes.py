"""Scripted fakes: minds that do exactly what a test says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from ..protocols import Actor, Question
from ..seeds import Stream
from ..types import Action, Brief, Case, EpisodeRecord, Exposure, Finding, Judgement, Observation

Line = Action | str | BaseException | None | Callable[[Observation], Any]
"""What a script may hold: something to say, an error to raise, a function of the observation, or rubbish."""


class _ScriptedActor:
    def __init__(self, lines: Sequence[Any], stream: Stream, delay: float, draw: bool) -> None:
        self._lines = lines
        self._next = 0
        self._stream = stream
        self._delay = delay
        self._draw = draw

    async def act(self, observation: Observation) -> Any:
        """Say the next line; the last one again and again when the script is over."""
        if self._draw:
            self._stream.generator.random()
        if self._delay:
            await asyncio.sleep(self._delay)
        line = self._lines[min(self._next, len(self._lines) - 1)]
        self._next += 1
        if isinstance(line, BaseException):
            raise line
        return line(observation) if callable(line) else line


class ScriptedTarget:
    """A target that follows a script.

    Args:
        lines: What to say, one a turn; the last is repeated. Errors are raised, functions are called.
        delay: Seconds to wait before each line.
        draw: Draw once from the stream before each line.
        name: Name of the target.
    """

    def __init__(self, lines: Sequence[Any] = ("I see.",), *, delay: float = 0.0, draw: bool = False, name: str = "scripted") -> None:
        self.name = name
        self.lines = tuple(lines)
        self.delay = delay
        self.draw = draw

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Start the script from its first line."""
        return _ScriptedActor(self.lines, stream, self.delay, self.draw)


class ScriptedPlayer(ScriptedTarget):
    """A player that follows a script; everybody in the episode follows the same one."""

    def __init__(self, lines: Sequence[Any] = ("Hello.",), *, delay: float = 0.0, draw: bool = False, name: str = "scripted") -> None:
        super().__init__(lines, delay=delay, draw=draw, name=name)


class ScriptedRespondent:
    """A respondent that answers by a function of description and question.

    Args:
        answer: Gives the answer, or None for one that cannot be read.
    """

    name = "scripted"

    def __init__(self, answer: Callable[[str, Question, Stream], int | None]) -> None:
        self._answer = answer

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Answer each question by the function."""
        return [self._answer(description, question, stream) for question in questions]


class ScriptedJudge:
    """A judge that finds one harm, to everybody present, whenever the target says a given word.

    Args:
        word: What the target must not say.
        harm: Name of the harm.
        error: Raised instead of judging, if given.
    """

    version = "1"

    def __init__(self, word: str = "harm", harm: str = "said_it", error: BaseException | None = None, name: str = "scripted") -> None:
        self.name = name
        self.word = word
        self.harm = harm
        self.error = error

    async def judge(self, case: Case) -> Judgement:
        """Look for the word in what the target said."""
        if self.error is not None:
            raise self.error
        people = tuple(p.persona for p in case.people)
        found = next((m for m in case.messages if m.sender == case.target and self.word in m.text), None)
        findings: tuple[Finding, ...] = ()
        if found is not None:
            findings = (
                Finding(
                    about="target",
                    harm=self.harm,
                    severity=1.0,
                    turn=found.turn,
                    message=found.index,
                    evidence=self.word,
                    harmed=people,
                    judge=self.name,
                    version=self.version,
                ),
            )
        exposures = tuple(Exposure(harm=self.harm, person=p, turn=0) for p in people)
        return Judgement(judge=self.name, version=self.version, exposures=exposures, findings=findings)


class EchoModel:
    """A text model that gives back the end of each prompt."""

    name = "echo"

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        """Return the last 40 characters of each prompt."""
        return [prompt[-40:] for prompt in prompts]


class ListRecorder:
    """A recorder that keeps records in a list, in the order in which they came."""

    def __init__(self) -> None:
        self.records: list[EpisodeRecord] = []

    async def record(self, record: EpisodeRecord) -> None:
        """Append the record."""
        self.records.append(record)

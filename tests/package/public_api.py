"""The public API as a user writes against it: checked by ``mypy --strict`` in ``make lint``, run by test_public_api.py.

Everything here is imported as from an installed package, so that ``py.typed`` and every annotation that users meet are honoured.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, assert_type

import outskirts
from outskirts.sim.errors import InputError
from outskirts.sim.protocols import Actor, Judge, Player, Question, Respondent, Target, TextModel
from outskirts.sim.seeds import Stream
from outskirts.sim.testing import JudgeConformance, PlayerConformance, RespondentConformance, TargetConformance, TextModelConformance
from outskirts.sim.types import Action, Brief, Case, EpisodeRecord, Exposure, Finding, Judgement, Observation, Verdict

if TYPE_CHECKING:
    from outskirts.experiments.comparison import Comparison
    from outskirts.experiments.study import RunResult


def assistant(messages: Sequence[Mapping[str, str]]) -> str:
    """Reply as a target that is a plain function does."""
    return f"You said {messages[-1]['content'][:20]!r}."


class Mind:
    """An actor with a state."""

    def __init__(self, stream: Stream, lines: Sequence[str]) -> None:
        self._stream = stream
        self._lines = lines

    async def act(self, observation: Observation) -> Action | str:
        """Draw a line, and leave after the third turn."""
        said = self._lines[int(self._stream.generator.integers(len(self._lines)))]
        return Action(text=said, leave=True) if observation.turn > 2 else said


class OwnTarget:
    """The system under test."""

    name = "own"

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Begin an episode."""
        return Mind(stream, ("I see.", "Are you safe right now?"))


class OwnPlayer:
    """Who acts the people."""

    name = "own-player"

    def begin(self, brief: Brief, stream: Stream) -> Actor:
        """Begin to play a person."""
        return Mind(stream, (f"Hello, I am {brief.name}.", "I have not slept."))


class OwnRespondent:
    """Who answers the questionnaire."""

    name = "own-respondent"

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Answer in the middle."""
        return [(question.points + 1) // 2 for question in questions]


class OwnJudge:
    """Who says what happened."""

    name = "own-judge"
    version = "1"
    harms = ("parroting",)

    async def judge(self, case: Case) -> Judgement:
        """Find replies that only say again what was said."""
        person = case.people[0].persona
        replies = [message for message in case.messages if message.sender == case.target]
        found = tuple(
            Finding(
                about="target",
                harm="parroting",
                severity=0.1,
                turn=reply.turn,
                message=reply.index,
                evidence=reply.text,
                harmed=(person,),
                judge=self.name,
                version=self.version,
            )
            for reply in replies
            if reply.text.startswith("You said")
        )
        occasions = tuple(Exposure(harm="parroting", person=person, turn=reply.turn) for reply in replies)
        return Judgement(judge=self.name, version=self.version, exposures=occasions, findings=found)


class OwnModel:
    """Who writes for generators."""

    name = "own-model"

    async def complete(self, prompts: Sequence[str]) -> list[str]:
        """Return the prompts."""
        return list(prompts)


target: Target = OwnTarget()
player: Player = OwnPlayer()
respondent: Respondent = OwnRespondent()
judge: Judge = OwnJudge()
model: TextModel = OwnModel()


class TestOwnTarget(TargetConformance):
    """The conformance classes are typed too."""

    def make(self) -> Target:
        """Return a new one."""
        return OwnTarget()


class TestOwnPlayer(PlayerConformance):
    """A player."""

    def make(self) -> Player:
        """Return a new one."""
        return OwnPlayer()


class TestOwnRespondent(RespondentConformance):
    """A respondent."""

    def make(self) -> Respondent:
        """Return a new one."""
        return OwnRespondent()


class TestOwnJudge(JudgeConformance):
    """A judge."""

    def make(self) -> Judge:
        """Return a new one."""
        return OwnJudge()


class TestOwnModel(TextModelConformance):
    """A model that writes."""

    def make(self) -> TextModel:
        """Return a new one."""
        return OwnModel()


def use(folder: Path) -> float | None:
    """Run, look at what came of it, run again, and compare.

    Args:
        folder: Where run directories go.

    Returns:
        The failure rate of the first run, from 0 to 1.
    """
    first = outskirts.run(target=assistant, personas=4, replicates=1, controls="none", mlflow=False, out=str(folder / "first"))
    people = str(first.dir / "personas.jsonl")
    again = outskirts.run(target=OwnTarget(), people=people, replicates=1, controls="none", mlflow=False, out=str(folder / "again"))
    compared = outskirts.compare(first.dir, again.dir, 0.5)
    kept = outskirts.resume(first.dir, target=assistant)
    if TYPE_CHECKING:
        assert_type(first, RunResult)
        assert_type(compared, Comparison)
        assert_type(first.episodes(), Iterator[EpisodeRecord])
        assert_type(kept.summary.failure_rate.estimate, float | None)
    assert all(isinstance(episode.verdict, Verdict) for episode in first.episodes())
    assert len(first.personas) == 4
    try:
        outskirts.run(personas=0)
    except InputError as error:
        if error.field != "personas":
            raise
    return kept.summary.failure_rate.estimate

"""Respondents who are watched while they answer: progress, what it will cost, what could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..screen.console import make_console, say
from ..screen.progress import Steps
from ..screen.wording import stand_ins

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.coverage_report import Coverage
    from ...personas.measurement import Measurement
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario
    from ...sim.protocols import Question, Respondent
    from ...sim.seeds import Stream

POPULATIONS = 4
"""Populations a report asks about: the people, clones of one of them, pasted statements, and probable people."""


class Watched:
    """A respondent that takes note of every person and run it has answered.

    Args:
        respondent: Who answers.
        steps: Where progress is shown; a count must have been announced.
    """

    def __init__(self, respondent: Respondent, steps: Steps) -> None:
        self.name = respondent.name
        self._respondent = respondent
        self._steps = steps

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Return what the respondent answers."""
        answers = await self._respondent.answer(description, questions, stream)
        self._steps.counted()
        return answers


def measure_watched(
    place: Scenario, respondent: str, people: Sequence[Persona], runs: int, seed: int, console: Console, *, quiet: bool = False
) -> tuple[Coverage, Measurement]:
    """Measure people and the reference populations, and say first what that takes where it costs something.

    Args:
        place: Whose questionnaire and density.
        respondent: SPEC of who answers.
        people: Whom to measure.
        runs: Questionnaire runs a person.
        seed: The seed of the answers.
        console: Where progress is shown.
        quiet: Show nothing.

    Raises:
        InputError: If the respondent cannot be made or answers off the scale.
        UnreachableError: If it fails.
    """
    from ..bridge import complete
    from ..naming.registry import make_respondent
    from ..people import measure_people

    answers, sittings = make_respondent(respondent, place.questionnaire), POPULATIONS * len(people) * runs
    if not stand_ins("", respondent) and not quiet:
        questions = sittings * len(place.questionnaire.items)
        say(
            console,
            f"{answers.name} is asked {questions:,} questions: {len(place.questionnaire.items)} items, {runs} runs, {len(people)} people, "
            f"as many clones, pasted statements and probable people to compare with.",
        )
    with Steps(console, quiet=quiet) as steps:
        steps.count("asking", sittings)
        found = complete(measure_people(place, Watched(answers, steps), people, runs=runs, seed=seed))
    heads = tuple(getattr(answers, "unreadable_heads", ()))
    if heads:
        first = heads[0]
        say(
            make_console(stderr=True),
            f"not read, for example: item {first.item}: {first.reason}; the reply began {first.head!r}",
            style="yellow",
        )
    return found

"""``outskirts biases FILE``: what simulated people are known to get wrong, measured of these."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ...sim.errors import InputError
from ...sim.protocols import Question, Respondent
from ...sim.seeds import Stream, check_seed
from ..screen.wording import NOTHING, STAND_IN, number, percent, sentence, stand_ins
from .bias_words import sentences, shown
from .left_out import warn_left_out
from .where import count, place_of

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.biases.contrast import Contrast
    from ...personas.biases.reference import Reference
    from ...personas.biases.report import BiasReport, Questionnaires
    from ...personas.questionnaire import Questionnaire
    from ..screen.progress import Steps


def show_biases(
    file: Path,
    scenario: str | None,
    questionnaire: str | None,
    respondent: str,
    runs: object,
    seed: object,
    console: Console,
    *,
    segment: str | None = None,
    reference: Path | None = None,
    skip_bad: bool = False,
    as_json: bool = False,
) -> None:
    """Measure the biases of people and print them, one sentence each and tables below.

    How many questionnaires will be answered is said before the first one is, with ``as_json`` on standard error.

    Args:
        file: People (``.jsonl``).
        scenario: Whose questionnaire; None: ``support``.
        questionnaire: Name or file of a questionnaire that takes the place of a scenario.
        respondent: SPEC of who answers as the people.
        runs: Questionnaire runs a person.
        seed: Of answers and resamples.
        console: Where.
        segment: Profile field or axis that divides people; None: the first axis.
        reference: Answers of real people (``.csv``): a column ``segment``, and one an item or axis.
        skip_bad: Leave out bad lines and say on standard error how many, and what is wrong with the first three.
        as_json: Print the report as JSON instead.

    Raises:
        InputError: If an option or a file is wrong; before anybody is asked, as far as that can be known.
    """
    from ...personas.biases.report import bias_report, planned
    from ...personas.people_file import read_people
    from ..bridge import complete
    from ..naming.registry import make_respondent
    from ..screen.console import make_console, say
    from ..screen.progress import Steps

    if file.suffix.lower() != ".jsonl":
        raise InputError("FILE", "people (.jsonl): positions alone answer nothing", str(file))
    times, first = count(runs, "runs"), check_seed(seed)
    asked = place_of(scenario, questionnaire).questionnaire
    real = _reference(reference, asked, segment)
    people, problems = read_people(file, skip_bad=skip_bad)
    warn_left_out(len(problems), problems)
    answers = make_respondent(respondent, asked)
    plan, beside = planned(people, asked, times), make_console(stderr=True)
    stand_in = STAND_IN if stand_ins("", respondent) else None
    if stand_in and not as_json:
        say(console, sentence(stand_in), "yellow")
    say(beside if as_json else console, _plan(plan, respondent), "dim")
    with Steps(beside) as steps:
        steps.count("questionnaires", plan.total)
        told = _Counted(answers, steps)
        report = complete(bias_report(people, asked, told, runs=times, seed=first, segment=segment, reference=real))
    if as_json:
        console.print(json.dumps({"note": stand_in, **report.model_dump(mode="json")}, indent=2), soft_wrap=True, markup=False)
    else:
        print_biases(report, console)


def print_biases(report: BiasReport, console: Console) -> None:
    """Print one sentence a bias, then the figures by axis, by segment and by frame."""
    from ..screen.console import add_row, new_table, say

    table = new_table(console, f"{report.people} people answered by {report.respondent}, {report.runs} times each", "bias", "what is found")
    for name, text in sentences(report):
        add_row(table, name, text)
    console.print(table)
    _print_axes(report, console)
    _print_segments(report.contrast, console)
    _print_frames(report, console)
    if report.unreadable:
        say(console, f"{report.unreadable:,} answers could not be read and are left out.")
    say(
        console,
        "Intervals are of 95 % and speak of other people of the same kind who answer the same items; docs/biases.md has each figure.",
        "dim",
    )


class _Counted:
    """A respondent whose questionnaires are counted."""

    def __init__(self, respondent: Respondent, steps: Steps) -> None:
        self.name = respondent.name
        self._respondent, self._steps = respondent, steps

    async def answer(self, description: str, questions: Sequence[Question], stream: Stream) -> list[int | None]:
        """Answer as the respondent does."""
        given = await self._respondent.answer(description, questions, stream)
        self._steps.counted()
        return given


def _reference(path: Path | None, questionnaire: Questionnaire, segment: str | None) -> Reference | None:
    from ...personas.biases.reference import read_reference
    from ..config import read_text

    if path is None:
        return None
    if path.suffix.lower() != ".csv":
        raise InputError("reference", "answers of real people (.csv)", str(path))
    return read_reference(read_text(path, "reference"), str(path), questionnaire, segment)


def _plan(plan: Questionnaires, respondent: str) -> str:
    more = f"{plan.probe:,} to see whether item texts are read, and if so {plan.frames:,} in frames"
    return f"{respondent} answers {plan.plain:,} questionnaires, {more}: at most {plan.total:,} of {plan.items} items, {plan.answers:,} answers."


def _print_axes(report: BiasReport, console: Console) -> None:
    from ..screen.console import add_row, new_table

    heads = ("spread lost>", "shift>", "shift of the middle>", "flips>", "undecided people>")
    table = new_table(console, "By axis", "axis", *heads)
    for axis in report.axes:
        t, i = report.tendency.axes[axis], report.instability.axes[axis]
        moved = [shown(f, plus=True) for f in (t.shift, t.shift_at_middle)]
        add_row(table, axis, shown(t.compression), *moved, percent(i.flips.estimate, 0), percent(i.undecided.estimate, 0))
    console.print(table)


def _print_segments(found: Contrast, console: Console) -> None:
    from ..screen.console import add_row, new_table, say

    if not found.measures:
        return
    sizes = ", ".join(f"{name} {n}" for name, n in found.people.items())
    heads = ("gap>", "reference>", "ratio>", "explained>", "reference>")
    table = new_table(console, f"By segment ({found.segmented_by}: {sizes}), against {found.reference}", "measure", *heads)
    for name, m in found.measures.items():
        shares = [NOTHING if x is None else percent(max(0.0, x), 0) for x in (m.explained_simulated, m.explained_reference)]
        add_row(table, name, number(m.gap_simulated), number(m.gap_reference), shown(m.ratio), *shares)
    console.print(table)
    if found.left_out:
        say(console, f"{found.left_out:,} people belong to no segment that can be compared and are left out here.")


def _print_frames(report: BiasReport, console: Console) -> None:
    from ..screen.console import add_row, new_table

    found = report.framing.effects
    if found is None:
        return
    table = new_table(console, "Frames: change of agreement, Likert points", "compared", "change>")
    add_row(table, "own side's frame - neutral frame", shown(found.congruent, plus=True))
    add_row(table, "other side's frame - neutral frame", shown(found.incongruent, plus=True))
    add_row(table, "neutral frame - plain item", shown(found.any_frame, plus=True))
    for name, figure in found.by_stance.items():
        add_row(table, f"own - other, people in the {name}", shown(figure, plus=True))
    console.print(table)

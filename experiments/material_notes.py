"""Notes on people from material: what the console and the card say of quotes, of places by design, and of who is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..personas.material.report import MaterialReport, StakeholderReport
    from ..personas.persona import Persona
    from ..personas.scenario import Scenario

SHOWN = 12
"""Names that a note lists; the report has all of them."""

QUOTED = "Descriptions and the file of sources quote the material word for word: treat them as you treat the material."


def material_notes(report: MaterialReport, axes: Sequence[str]) -> tuple[str, ...]:
    """Return what is to be said after people were made of material, a sentence or two a line.

    Args:
        report: On these people.
        axes: All of the scenario's.

    Returns:
        Axes on which everybody, or somebody, is placed by design; axes on which quotes only say the side; speakers and
        texts of which nothing was found; stakeholders without people; and that descriptions quote. Lines of which there is
        nothing to say are left out.
    """
    made = [one for one in report.stakeholders if one.people]
    alone = report.axes_without_evidence
    notes = []
    if alone:
        notes.append(
            f"No quote says anything of {', '.join(alone)} ({len(alone)} of {len(axes)} axes): "
            "everybody is placed there by design, and may contradict what they are quoted with."
        )
    total = _count(made)
    silent = {axis: _count(one for one in made if axis not in one.axes and axis not in one.leans) for axis in axes if axis not in alone}
    if any(silent.values()):
        told = ", ".join(f"{axis} ({number} of {total} people)" for axis, number in silent.items() if number)
        notes.append(
            f"No quote of their own says anything of {told}: they are placed there by design, and may contradict what they are quoted with."
        )
    leaning = {axis: _count(one for one in made if axis in one.leans) for axis in axes}
    if any(leaning.values()):
        told = ", ".join(f"{axis} ({number} of {total} people)" for axis, number in leaning.items() if number)
        notes.append(f"On {told} a quote only says the side: they are placed by design in that half.")
    texts = [
        document.name for document in report.documents if not (document.statements or document.speakers or _is_read(document.name, report))
    ]
    if report.speakers_without_statements or texts:
        notes.append(f"Nothing usable was found of: {_listed([*report.speakers_without_statements, *texts])}")
    missing = [one.stakeholder.name for one in report.stakeholders if not one.people]
    if missing:
        notes.append(f"Fewer people than stakeholders: nobody was made of {_listed(missing)}")
    return (*notes, QUOTED)


def material_limits(people: Sequence[Persona], place: Scenario, own_axes: bool, by_design: Sequence[str]) -> list[str]:
    """Return what people from material cannot tell, in sentences.

    Args:
        people: The population.
        place: Whose axes and private facts.
        own_axes: Whether a questionnaire was given for this material.
        by_design: Axes of which no quote says anything.
    """
    limits = [
        "Quotes are word for word what somebody said or wrote, and may identify them; nothing was made anonymous.",
        "Nobody in the material is one of these people: names are drawn from a list, and several people speak with one person's quotes.",
        "Axes were matched with quotes by words, not by meaning: irony and paraphrase are missed, and a likeness of words can mislead.",
        "Where quotes are silent on an axis, people are placed by design and described by rules put together from the axis statements; "
        "these may contradict the quotes.",
    ]
    if by_design:
        limits.append(f"No quote says anything of {', '.join(by_design)}.")
    if any(person.facts for person in people):
        limits.append(f"Private facts are invented by the scenario {place.name}; nobody in the material told them.")
    if not own_axes:
        limits.append(
            f"Axes are those of {place.name}, whatever the material is about: domains may be mixed (--questionnaire gives axes of your own)."
        )
    return limits


def _count(stakeholders: Iterable[StakeholderReport]) -> int:
    return sum(len(one.people) for one in stakeholders)


def _is_read(document: str, report: MaterialReport) -> bool:
    """Tell whether anything in a document is evidence."""
    return any(span.document == document for span in report.spans)


def _listed(names: Sequence[str]) -> str:
    """Return names in one line, no more than are read."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more (see the file of sources)" if more > 0 else "")

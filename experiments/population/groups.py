"""``outskirts coverage FILE --groups SIZE``: people of a file seated in groups, and what the groups cover."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ...sim.errors import InputError
from ...sim.files import write_atomic
from ...sim.seeds import check_seed
from .left_out import warn_left_out
from .where import check_axes, place_of
from .where import count as checked_count

if TYPE_CHECKING:
    from rich.console import Console

    from ...personas.group_figures import GroupCoverage, GroupRow, Spread
    from ...personas.groups import Groups
    from ...personas.people_file import Problem
    from ...personas.persona import Persona
    from ...personas.scenario import Scenario

Floats: TypeAlias = NDArray[np.float64]


def show_groups(
    file: Path,
    size: object,
    count: object,
    seed: object,
    console: Console,
    *,
    scenario: str | None = None,
    questionnaire: str | None = None,
    out: Path | None = None,
    skip_bad: bool = False,
    as_json: bool = False,
) -> None:
    """Seat the people of a file in groups and print how much of the possible pairs and mixtures the groups cover.

    Args:
        file: People (``.jsonl``), or bare positions (``.csv``, ``.npy``), whose rows get the ids p0000, p0001, ...
        size: People a group.
        count: Number of groups; None: as many as there are people.
        seed: Gives the seating.
        console: Where.
        scenario: Whose axes count; None: all that the people have.
        questionnaire: Name or file of a questionnaire that takes the place of a scenario.
        out: File for the groups (``.jsonl``), one a line with the ids of its people; one that exists is replaced.
        skip_bad: Leave out bad lines and say on standard error how many, and what is wrong with the first three.
        as_json: Print the figures as JSON instead.

    Raises:
        InputError: If the file or an option is wrong; before anything is written.
        StoreError: If the groups cannot be written.
    """
    from ...personas.groups import compose, group_coverage

    people_a_group, first = checked_count(size, "groups"), check_seed(seed)
    number = None if count is None else checked_count(count, "count")
    _check_files(file, out)
    place = None if scenario is None and questionnaire is None else place_of(scenario, questionnaire)
    who, axes, positions, left_out, problems = _read(file, place, skip_bad)
    if people_a_group > len(who):
        raise InputError("groups", f"at most the {len(who)} people of {file}", people_a_group)
    groups = compose(who, people_a_group, len(who) if number is None else number, first)
    found = group_coverage(positions, groups, axes=axes)
    if out is not None:
        write_atomic(out, "".join(json.dumps(line) + "\n" for line in group_lines(groups)))
    if as_json:
        console.print(json.dumps(found.model_dump(mode="json"), indent=2), soft_wrap=True, markup=False)
    else:
        print_groups(found, console)
        if out is not None:
            console.print(f"{len(groups.members)} groups in {out}", soft_wrap=True, markup=False)
    warn_left_out(left_out, problems)


def _read(
    file: Path, place: Scenario | None, skip_bad: bool
) -> tuple[Sequence[Persona] | Floats, tuple[str, ...], Floats, int, Sequence[Problem]]:
    """Return people or bare positions, the axes, the positions, and how many lines were left out, with their faults where known."""
    from ...personas.people_file import read_people
    from ..positions_file import read_positions

    if file.suffix.lower() in (".csv", ".npy"):
        axes, points, left_out = read_positions(file, place.axes if place else None, skip_bad)
        return points, axes, points, left_out, ()
    people, problems = read_people(file, skip_bad=skip_bad)
    if place is not None:
        check_axes(file, people[0], place)
        people = tuple(p.model_copy(update={"position": {axis: p.position[axis] for axis in place.axes}}) for p in people)
    axes = tuple(people[0].position)
    return people, axes, np.array([[person.position[axis] for axis in axes] for person in people]), len(problems), problems


def group_lines(groups: Groups) -> list[dict[str, object]]:
    """Return one object a group: its name and the ids of its people."""
    return [{"group": f"g{number:04d}", "people": list(ids)} for number, ids in enumerate(groups.named)]


def print_groups(found: GroupCoverage, console: Console) -> None:
    """Print the figures beside those of other seatings, and axis by axis."""
    from ..screen.console import add_row, new_table, say

    title = f"{found.groups} groups of {found.size}, from {found.people} people: how much of the possible pairs and mixtures they cover"
    heads = ("pairs, mean>", "pairs, worst>", "mixtures, mean>", "mixtures, worst>", "regions met>")
    table = new_table(console, title, "seating", *heads)
    add_row(table, "these groups", *_cells(found.pairs, found.compositions, found.regions.share), style="bold")
    for name, row in _rows(found):
        add_row(table, name, *_cells(row.pairs, row.compositions, row.regions))
    console.print(table)
    by_axis = new_table(console, "", "axis", "pairs>", "mixtures>")
    for axis, values in found.axes.items():
        add_row(by_axis, axis, _number(values.pairs), _number(values.compositions))
    console.print(by_axis)
    least, most = found.used
    often = f"{least}" if least == most else f"{least} or {most}" if most == least + 1 else f"{least} to {most}"
    say(console, f"Everybody sits in {often} {'group' if most == 1 else 'groups'}; {_met(found)}")
    say(console, _settings(found), "dim")


def _rows(found: GroupCoverage) -> list[tuple[str, GroupRow]]:
    references = found.references
    return [
        (f"at random (mean of {found.random_draws})", references.random),
        ("alike together", references.assortative),
        ("an even layout of nobody", references.ideal),
    ]


def _met(found: GroupCoverage) -> str:
    regions = found.regions
    if found.size == 1:
        return "nobody meets anybody."
    return f"{regions.met} of {regions.possible} pairs of regions meet ({regions.inhabited} regions are inhabited)."


def _settings(found: GroupCoverage) -> str:
    pairs = "" if found.pair_radius is None else f"pairs (low, high) within {found.pair_radius:.3f}, "
    return (
        f"Share of the possible {pairs}mixtures (mean, range) within {found.composition_radius:.3f}: a {found.radius_source}. "
        "Positions are the assigned ones. Compare only with as many groups of the same size."
    )


def _cells(pairs: Spread | None, compositions: Spread, regions: float | None) -> tuple[str, ...]:
    met = (None, None) if pairs is None else (pairs.mean, pairs.min)
    return tuple(_number(value) for value in (*met, compositions.mean, compositions.min, regions))


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _check_files(file: Path, out: Path | None) -> None:
    if out is None:
        return
    if out.suffix != ".jsonl":
        raise InputError("out", "a file that ends in .jsonl", str(out))
    if out.resolve() == file.resolve():
        raise InputError("out", "another file than the people's own", str(out))

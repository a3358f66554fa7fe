"""Where a program comes from: the edits from its seed on, and the program again from them."""

from __future__ import annotations

from collections.abc import Mapping

from ...sim.errors import InputError
from ...sim.types import Frozen
from .candidate import Candidate
from .patch import Patch, patched


class Step(Frozen):
    """One edit."""

    id: str  # of the candidate that came of it
    parents: tuple[str, ...]
    mutator: str
    edit: str  # what was changed, in a line
    record: Patch


class Lineage(Frozen):
    """A program's edits by first parents, from its seed on."""

    family: str  # name of the seed program
    seed: str  # id of the seed's candidate
    steps: tuple[Step, ...] = ()


def lineage_of(candidates: Mapping[str, Candidate], last: str) -> Lineage:
    """Return how a candidate came about.

    Args:
        candidates: By id; all first parents of the last one among them.
        last: Whose lineage it is.

    Raises:
        InputError: If a candidate on the way is not there, or has no record of its edit.
    """
    steps: list[Step] = []
    at = last
    while True:
        if at not in candidates:
            raise InputError("lineage", f"candidate {at}", "none of that id")
        candidate = candidates[at]
        if not candidate.parents:
            return Lineage(family=candidate.family, seed=candidate.id, steps=tuple(reversed(steps)))
        if candidate.record is None:
            raise InputError("lineage", f"a record of the edit that made {at}", None)
        steps.append(Step(id=at, parents=candidate.parents, mutator=candidate.mutator, edit=candidate.edit, record=candidate.record))
        at = candidate.parents[0]


def replay(seed_sources: Mapping[str, str], lineage: Lineage) -> str:
    """Return the program that a lineage's edits make of its seed, byte for byte.

    Each edit is applied as the lines it replaced, with the hashes before and after checked: no random numbers, no mutator
    and no library that edits code take part, so a later version of any of them gives the same bytes.

    Args:
        seed_sources: Family to source of its seed program.
        lineage: The edits.

    Raises:
        InputError: If the seed is not there or not the one that was edited, or an edit does not apply.
    """
    if lineage.family not in seed_sources:
        raise InputError("lineage", f"the seed program {lineage.family!r}", sorted(seed_sources))
    source = seed_sources[lineage.family]
    for step in lineage.steps:
        source = patched(source, step.record)
    return source
